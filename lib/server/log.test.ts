import { expect, test } from "vitest";
import { createLog } from "./log.ts";

const written = (write: (log: ReturnType<typeof createLog>) => void): string => {
  const lines: string[] = [];
  write(createLog({ write: (line) => lines.push(line) }));
  return lines.join("");
};

test("a line holds only allowed fields", () => {
  const text = written((log) =>
    log.info({ path: "/api/v1/licenses", authorization: "Bearer canary" }, "request"),
  );
  expect(JSON.parse(text)).toMatchObject({ path: "/api/v1/licenses", msg: "request" });
  expect(text).not.toContain("canary");
});

test("an error is described without its message or its extra properties", () => {
  const cause = Object.assign(new Error("value canary-value is out of range"), {
    code: "22003",
    parameters: ["canary-parameter"],
  });
  const error = Object.assign(new Error("insert canary-query", { cause }), {
    headers: { authorization: "canary-header" },
  });
  const text = written((log) => log.error({ err: error, incident: "i-1" }, "api"));
  expect(text).not.toContain("canary");
  const line = JSON.parse(text);
  expect(line.err.cause.code).toBe("22003");
  expect(line.err.at[0]).toContain("log.test.ts");
});

test("control and bidirectional characters cannot forge a line", () => {
  const text = written((log) => log.warn({ path: '/a\r\n{"level":"error"}\u202e' }, "request"));
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  expect(JSON.parse(text).path).toBe('/a  {"level":"error"} ');
});
