import { describe, expect, it } from "vitest";
import { permissions } from "./connection.ts";
import { consentGap, grantChanges } from "./consent-gap.ts";

const all = permissions.map(({ name }) => name);
const without = (...names: readonly string[]) => all.filter((name) => !names.includes(name));
const namesOf = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

describe("consentGap", () => {
  it("is empty for a consent that was asked for everything and gave it", () => {
    expect(consentGap({ asked: all, granted: all })).toEqual({ added: [], missing: [] });
  });

  it("tells what was asked for later apart from what was refused", () => {
    const gap = consentGap({
      asked: without("Reports.Read.All"),
      granted: without("Reports.Read.All", "AuditLog.Read.All"),
    });
    expect(namesOf(gap.added)).toEqual(["Reports.Read.All"]);
    expect(namesOf(gap.missing)).toEqual(["AuditLog.Read.All"]);
  });

  it("asks for nothing that somebody granted without being asked", () => {
    expect(consentGap({ asked: without("Reports.Read.All"), granted: all }).added).toEqual([]);
  });

  it("calls nothing new at an app of the customer's, which no consent of ours was asked for", () => {
    const gap = consentGap({ asked: null, granted: without("Reports.Read.All") });
    expect([namesOf(gap.added), namesOf(gap.missing)]).toEqual([[], ["Reports.Read.All"]]);
  });

  it("tells a permission that only a newer list has", () => {
    const [first] = permissions;
    expect(namesOf(consentGap({ asked: [], granted: [] }, [first]).added)).toEqual([first.name]);
  });
});

it("grantChanges names what came and what went", () => {
  const grants = (names: readonly string[]) =>
    all.map((name) => ({ name, granted: names.includes(name) }));
  expect(
    grantChanges(grants(without("Reports.Read.All")), grants(without("AuditLog.Read.All"))),
  ).toEqual({ granted: ["Reports.Read.All"], withdrawn: ["AuditLog.Read.All"] });
  expect(grantChanges(grants(all), grants(all))).toEqual({ granted: [], withdrawn: [] });
});
