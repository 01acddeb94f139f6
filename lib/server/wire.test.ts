import { expect, it } from "vitest";
import type { ToldFailure } from "#lib/domain/read-models";
import type { VerificationItem } from "#lib/domain/verification-item";
import { failureSchema } from "./schemas-connections.ts";
import { toWireVerification } from "./wire.ts";

const refused: ToldFailure = {
  class: "credential",
  code: "secret-expired",
  status: 401,
  facts: { inner: "not told" },
  what: "Microsoft refused the secret: it has expired.",
  hidden: "",
  action: "Create a new secret.",
};

const verification = (error: ToldFailure): VerificationItem => ({
  id: "5b1c9e0a-7d5f-4a6b-8c2d-1e9f0a7b6c5d",
  connectionId: "0a3b1c9e-7d5f-4a6b-8c2d-1e9f0a7b6c5d",
  kind: "check",
  state: "failed",
  attempts: 1,
  nextAttemptAt: null,
  createdAt: "2026-11-29T10:00:00.000Z",
  finishedAt: "2026-11-29T10:00:01.000Z",
  tenantName: null,
  tenantDomain: null,
  permissions: [],
  endpoints: [],
  error,
  workerSeenSecondsAgo: 1,
});

it("gives Microsoft's number and ids where they are known, and no inner facts", () => {
  const ids = {
    errorNumber: 7000222,
    requestId: "2f0e6c1a-3b4d-4e5f-8a9b-0c1d2e3f4a5b",
    correlationId: "4f2c1f07-0a3b-4c1e-9d53-1f2e3a4b5c6d",
  };
  const told = {
    class: "credential",
    code: "secret-expired",
    message: refused.what,
    hidden: "",
    action: refused.action,
  };
  const { error } = toWireVerification(verification({ ...refused, ...ids }));
  expect(error).toEqual({ ...told, ...ids });
  expect(failureSchema.parse(error)).toEqual(error);
  expect(toWireVerification(verification(refused)).error).toEqual(told);
});
