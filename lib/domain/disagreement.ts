/** More than a third of the larger count, and more than 2 seats. Source: DESIGN §5 Superseding, docs/adr/0013. */
export const countsDisagree = (a: number, b: number): boolean =>
  Math.abs(a - b) > Math.max(2, Math.max(a, b) / 3);
