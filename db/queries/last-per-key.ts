/** The last row of each key, in the order of first sight: one statement may touch a row only once. */
export function lastPerKey<T>(rows: readonly T[], keyOf: (row: T) => string): readonly T[] {
  const last = new Map<string, T>();
  for (const row of rows) last.set(keyOf(row), row);
  return [...last.values()];
}
