/** Monday first, as ISO 8601 counts them. */
export const weekdays = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
export type Weekday = (typeof weekdays)[number];

export const cadences = ["daily", "weekly"] as const;
export type Cadence = (typeof cadences)[number];

/** A time of day as schedules have it: `HH:MM`, 24 hours. */
export const localTimePattern = /^([01]\d|2[0-3]):[0-5]\d$/;
