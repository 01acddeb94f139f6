import { webEnv } from "../env.ts";
import { EnvironmentError } from "./parse.ts";

/** Ends the web program with one line per problem when its environment is wrong; prints warnings otherwise. */
export function stopOnWrongEnvironment(): void {
  try {
    for (const warning of webEnv().warnings) console.warn(`Warning: ${warning}`);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.error(`Seatledger cannot start:\n${error.message}`);
    process.exit(1);
  }
}
