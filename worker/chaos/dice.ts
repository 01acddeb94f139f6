import { fractionAt, seedNumber } from "#simulator/seed/random";

/** A stream of chance that is the same for the same seed and name. */
export interface Dice {
  /** An integer from `min` to `max`, both included. */
  between(min: number, max: number): number;
  /** Whether something of this probability (0 to 1) happens. */
  happens(probability: number): boolean;
  /** One of a non-empty list; an entry that is there twice is twice as likely. */
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** Each part of a run has dice of its own, so that what one part throws never depends on how fast another is. */
export function createDice(name: string): Dice {
  const start = seedNumber(name);
  let thrown = 0;
  const fraction = () => {
    thrown += 1;
    return fractionAt(start, thrown, 0);
  };
  const between = (min: number, max: number) => min + Math.floor(fraction() * (max - min + 1));
  return {
    between,
    happens: (probability) => fraction() < probability,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
  };
}
