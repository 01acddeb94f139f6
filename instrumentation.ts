/** Runs once when the web program starts: a wrong environment stops the start, not a request (DESIGN §6). */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { stopOnWrongEnvironment } = await import("#lib/env/start");
  stopOnWrongEnvironment();
}
