import type { Schedule } from "./schedule.ts";

/** 22:00 to 23:59, minutes of the day: before the night's imports, whose default begins at 01:00. */
const eveningFrom = 22 * 60;
const eveningMinutes = 120;

/**
 * When a connection is checked by itself: daily, at a minute that its id decides, so that an installation's tenants are
 * not asked all at once, by the clock of its schedule's time zone. The migration that brought it computes the same in
 * SQL. @throws RangeError when the id is no GUID.
 */
export const nightlyCheck = (connectionId: string, timeZone: string): Schedule => {
  const hash = Number.parseInt(connectionId.slice(0, 8), 16);
  if (Number.isNaN(hash)) throw new RangeError(`not a GUID: ${connectionId}`);
  const minute = eveningFrom + (hash % eveningMinutes);
  const time = `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
  return { cadence: "daily", time, timeZone };
};
