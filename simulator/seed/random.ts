/**
 * Deterministic randomness: every value is a pure function of (seed, index, salt), so user 73 412 of a tenant can be
 * computed without computing the ones before it and nothing has to be kept in memory.
 */

/** 32-bit hash of a text (FNV-1a): turns a tenant's seed text into a number. */
export function seedNumber(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** 32-bit integer for (seed, index, salt); the mixing steps are those of MurmurHash3's finaliser, applied twice. */
function integerAt(seed: number, index: number, salt: number): number {
  let h = seed ^ Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  for (let round = 0; round < 2; round += 1) {
    h ^= h >>> 16;
    h = Math.imul(h, 0x85ebca6b);
    h ^= h >>> 13;
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
    h = (h + Math.imul(index, 0x27d4eb2f)) | 0;
  }
  h ^= h >>> 15;
  return h >>> 0;
}

/** Number in [0, 1) for (seed, index, salt). */
export function fractionAt(seed: number, index: number, salt: number): number {
  return integerAt(seed, index, salt) / 0x1_0000_0000;
}

/** Integer in [min, max], both included. */
export function between(
  seed: number,
  index: number,
  salt: number,
  min: number,
  max: number,
): number {
  return min + Math.floor(fractionAt(seed, index, salt) * (max - min + 1));
}

/** One element of a non-empty list. */
export function pick<T>(list: readonly T[], seed: number, index: number, salt: number): T {
  const element = list[integerAt(seed, index, salt) % list.length];
  if (element === undefined) throw new RangeError("pick from an empty list");
  return element;
}

/** Two hex digits of every byte. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hexOf(value: number, byte: 0 | 1 | 2 | 3): string {
  return HEX[(value >>> (24 - byte * 8)) & 0xff] as string;
}

/** Lower-case version 4 GUID for (seed, index, salt). */
export function guidAt(seed: number, index: number, salt: number): string {
  const first = salt * 4 + 1000;
  const a = integerAt(seed, index, first);
  const b = (integerAt(seed ^ 0x51ed270b, index, first + 1) & 0xffff0fff) | 0x4000;
  const c = (integerAt(seed ^ 0xa3da4e16, index, first + 2) & 0x3fffffff) | 0x80000000;
  const d = integerAt(seed ^ (3 * 0x51ed270b), index, first + 3);
  return `${hexOf(a, 0)}${hexOf(a, 1)}${hexOf(a, 2)}${hexOf(a, 3)}-${hexOf(b, 0)}${hexOf(b, 1)}-${hexOf(b, 2)}${hexOf(b, 3)}-${hexOf(c, 0)}${hexOf(c, 1)}-${hexOf(c, 2)}${hexOf(c, 3)}${hexOf(d, 0)}${hexOf(d, 1)}${hexOf(d, 2)}${hexOf(d, 3)}`;
}
