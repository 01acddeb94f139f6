import { expect, it } from "vitest";
import { packageStep } from "./package-step.ts";

it("follows from what is stored", () => {
  expect(packageStep(null)).toBe("tenant");
  expect(packageStep({ firstImport: "none" })).toBe("package");
  expect(packageStep({ firstImport: "open" })).toBe("first-import");
  expect(packageStep({ firstImport: "published" })).toBe("first-import");
});
