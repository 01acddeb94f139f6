/** Tells the one who waits how far it is; on stderr, so that stdout holds the result alone. */
export function tell(what: string, figures: Readonly<object> = {}): void {
  const seconds = (performance.now() / 1000).toFixed(0).padStart(5);
  const text = Object.entries(figures).map(([name, value]) => `${name} ${shown(value)}`);
  console.error(`${seconds} s  ${[what, ...text].join("  ")}`);
}

const shown = (value: unknown): string =>
  typeof value === "number" && !Number.isInteger(value) ? value.toFixed(2) : String(value);

/** Numbers as they are worth reading: three decimals. */
const rounded = (_: string, value: unknown): unknown =>
  typeof value === "number" ? Math.round(value * 1000) / 1000 : value;

/** The result of a benchmark, alone on stdout: one line for programs, indented for people. */
export function report(result: Readonly<object>, json: boolean): void {
  process.stdout.write(`${JSON.stringify(result, rounded, json ? 0 : 2)}\n`);
}
