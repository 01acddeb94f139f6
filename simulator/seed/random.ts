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

/** Lower-case version 4 GUID for (seed, index, salt). */
export function guidAt(seed: number, index: number, salt: number): string {
  const hex = [0, 1, 2, 3]
    .map((part) => integerAt(seed ^ (part * 0x51ed270b), index, salt * 4 + part + 1000))
    .map(hex8)
    .join("");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function hex8(value: number): string {
  return value.toString(16).padStart(8, "0");
}
