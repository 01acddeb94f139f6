import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { FailureError } from "#lib/domain/failure";
import { createWorkerLog } from "./log.ts";

const canary = "canary8Q~secret";

function capture() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { log: createWorkerLog(stream), lines };
}

describe("the worker's log", () => {
  it("writes one JSON object per line, whatever a value holds", () => {
    const { log, lines } = capture();
    log.info("run-ended", { runId: 'a\r\n{"event":"forged"}\u001b[31m\u202e\u0000b' });
    expect(lines).toHaveLength(1);
    const line = lines[0] ?? "";
    expect(line.trimEnd()).not.toMatch(/\p{Cc}|\p{Cf}/u);
    expect(JSON.parse(line)).toMatchObject({
      level: "info",
      event: "run-ended",
      runId: 'a  {"event":"forged"} [31m  b',
    });
  });

  it("tells kind, code, failure and positions of an error and its causes, never their texts", () => {
    const { log, lines } = capture();
    const cause = Object.assign(new Error(`insert … ${canary}\n    at ${canary} (x:1:1)`), {
      code: "23505",
      request: { headers: { authorization: `Bearer ${canary}` } },
    });
    const error = new FailureError({ class: "credential", code: "secret-wrong" }, { cause });
    log.error("run-broke", { runId: "r" }, error);
    const line = lines[0] ?? "";
    expect(line).not.toContain(canary);
    expect(JSON.parse(line).error).toMatchObject({
      kind: "FailureError",
      failure: "credential: secret-wrong",
      cause: { kind: "Error", code: "23505" },
    });
    expect(JSON.parse(line).error.at[0]).toMatch(/^at .*log\.test\.ts/);
  });
});
