import { expect, it } from "vitest";
import { makeCertificate } from "./certificate.ts";
import { checkCredential } from "./credential.ts";

const now = new Date("2026-11-29T12:00:00Z");

it("names the day on which an uploaded certificate expired", async () => {
  const past = new Date("2025-11-03T12:00:00Z");
  const { certificate, privateKey } = await makeCertificate("Seatledger Contoso", past);
  const file = Buffer.from(`${certificate}\n${privateKey}`).toString("base64");
  const upload = { kind: "certificate-file", file, password: "" } as const;
  expect(() => checkCredential(upload, now)).toThrow(
    expect.objectContaining({
      code: "invalid",
      fields: { "credential.file": "This certificate expired on 3 Nov 2026." },
    }),
  );
  expect(checkCredential(upload, past)).toMatchObject({ kind: "certificate" });
});
