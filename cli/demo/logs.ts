import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/** One log file per program and start, so the terminal stays readable. */
export interface DemoLogs {
  readonly folder: string;
  linesOf(program: string): (line: string) => void;
  /** The last lines of a program, for the moment it fails. */
  tailOf(program: string): string;
  close(): void;
}

/** Opens the logs below a DATA_DIR; each start begins new files. */
export function openLogs(dataDir: string): DemoLogs {
  const folder = join(dataDir, "logs");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const files = new Map<string, number>();
  const pathOf = (program: string) => join(folder, `${program}.log`);
  return {
    folder,
    linesOf(program) {
      const file = openSync(pathOf(program), "w", 0o600);
      files.set(program, file);
      return (line) => {
        if (files.has(program)) writeSync(file, `${line}\n`);
      };
    },
    tailOf: (program) => readFileSync(pathOf(program), "utf8").split("\n").slice(-20).join("\n"),
    close() {
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };
}
