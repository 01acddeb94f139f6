const dayMs = 24 * 3_600_000;

/** So many of the last days with packages are looked at. */
export const rhythmDays = 8;

/** Fewer make no rhythm yet. */
const fewestDays = 4;

/** How regularly packages come: `everyDays` apart as a rule, the next one at the latest `dueBy`. */
export interface PackageRhythm {
  readonly everyDays: number;
  readonly dueBy: Date;
}

/**
 * The rhythm in which sound packages came, from the last one of each UTC day, newest first; null where they come by
 * themselves in none. Twice the usual distance is let pass, and never more than a week of it: one night that failed is no
 * trouble yet.
 */
export const packageRhythm = (lastOfEachDay: readonly Date[]): PackageRhythm | null => {
  const days = lastOfEachDay.slice(0, rhythmDays);
  const [last] = days;
  if (last === undefined || days.length < fewestDays) return null;
  const gaps = days.slice(1).map((at, index) => timeOf(days[index]) - at.getTime());
  const usual = medianOf(gaps);
  if (gaps.filter((gap) => gap <= 2 * usual).length < gaps.length * 0.75) return null;
  const patience = usual + Math.min(usual, 7 * dayMs) + dayMs / 2;
  return {
    everyDays: Math.max(1, Math.round(usual / dayMs)),
    dueBy: new Date(last.getTime() + patience),
  };
};

const timeOf = (at: Date | undefined): number => at?.getTime() ?? 0;

/** The lower one of two in the middle. */
const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor((values.length - 1) / 2)] ?? 0;
