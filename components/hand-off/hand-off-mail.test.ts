import { expect, it } from "vitest";
import { handOffMail } from "./hand-off-mail.ts";

const { text, href } = handOffMail({
  url: "https://seatledger.example/connect/abc_-123",
  workspaceName: "R&D + Söhne",
  memberName: "Elin Sandvik",
  until: "2 Dec 2026, 10:00 UTC",
});

it("names workspace, link, end and sender", () => {
  for (const part of [
    "R&D + Söhne",
    "/connect/abc_-123",
    "2 Dec 2026, 10:00 UTC",
    "Elin Sandvik",
  ]) {
    expect(text).toContain(part);
  }
});

it("survives as an address, whatever the names hold", () => {
  const url = new URL(href);
  expect(url.protocol).toBe("mailto:");
  // URLSearchParams would read a plus as a space; mail programs do not.
  expect(href).not.toContain("+");
  expect(decodeURIComponent(href.split("&body=")[1] ?? "")).toBe(text.replaceAll("\n", "\r\n"));
});
