import { expect, it } from "vitest";
import { FailureError } from "#lib/domain/failure";
import { describeError, loggableText } from "./loggable.ts";

const canary = "canary8Q~secret";

it("leaves nothing in a text that forges a line or turns it around", () => {
  const text = loggableText('/a\r\n{"level":"error"}\u001b[31m\u202e\u2028\u0000b');
  expect(text).toBe('/a  {"level":"error"} [31m   b');
  expect(loggableText("x".repeat(10_000))).toHaveLength(500);
});

it("tells kind, codes and positions of an error and its causes, never their texts", () => {
  const cause = Object.assign(new Error(`insert … ${canary}\n    at ${canary} (x:1:1)`), {
    code: "23505",
    constraint_name: "connections_pkey",
    detail: `Key (name)=(${canary})`,
    request: { headers: { authorization: `Bearer ${canary}` } },
  });
  const facts = describeError(
    new FailureError({ class: "credential", code: "secret-wrong" }, { cause }),
  );
  expect(JSON.stringify(facts)).not.toContain(canary);
  expect(facts).toMatchObject({
    kind: "FailureError",
    failure: "credential: secret-wrong",
    cause: { kind: "Error", code: "23505", constraint: "connections_pkey" },
  });
  expect(facts.at[0]).toMatch(/^at .*loggable\.test\.ts/);
});

it("takes no code that is more than a word", () => {
  expect(describeError(Object.assign(new Error(""), { code: `no ${canary}` })).code).toBeNull();
});

it("does not follow a circle of causes, and tells of a thrown value only its type", () => {
  const circle = new Error("one");
  circle.cause = circle;
  expect(JSON.stringify(describeError(circle)).match(/"kind"/g)).toHaveLength(5);
  expect(describeError(canary)).toEqual({
    kind: "string",
    code: null,
    constraint: null,
    failure: null,
    at: [],
    cause: null,
  });
});
