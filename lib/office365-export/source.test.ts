import { expect, it } from "vitest";
import type { Read } from "#lib/domain/import";
import { ReadError } from "#lib/import/ports";
import { readPackage } from "./read-package.ts";
import { createPackageSource } from "./source.ts";
import {
  buildPackage,
  bytesOf,
  e3,
  sampleTenant,
  sku,
  user,
  userIdOf,
} from "./testing/build-package.ts";

const options = { signal: new AbortController().signal, onWait: () => undefined };

const open = async (more: { readonly signIns?: readonly object[] } = {}) => {
  const users = Array.from({ length: 2500 }, (_, no) => user(no));
  users[1200] = { ...user(1200), licenses: [{ skuId: "none", direct: true, groupIds: [] }] };
  const zip = await buildPackage({ tenantId: sampleTenant, skus: [sku(e3)], users, ...more });
  return createPackageSource(await readPackage(bytesOf(zip, 65_536)));
};

const pagesOf = async (read: Read, cursor: string | null = null) => {
  const source = await open({ signIns: [{ id: userIdOf(1) }] });
  return Array.fromAsync(source.pages(read, cursor, options));
};

it("reads in pages, counts refused rows and goes on from any page", async () => {
  const pages = await pagesOf("users");
  expect(pages.map(({ rows, next, last }) => [rows.length, next, last])).toEqual([
    [1000, "1000", false],
    [999, "2000", false],
    [500, null, true],
  ]);
  expect(pages[1]?.quarantined).toEqual([{ field: "licenses", problem: "invalid" }]);
  const rest = await pagesOf("users", pages[0]?.next);
  expect(rest).toEqual(pages.slice(1));
});

it("has the same list of SKUs before and after the users, the tenant, and sign-ins", async () => {
  const [first] = await pagesOf("subscribed-skus-first");
  expect(first).toEqual((await pagesOf("subscribed-skus-second"))[0]);
  expect(await pagesOf("organization")).toMatchObject([
    { rows: [{ tenantId: sampleTenant, displayName: "Contoso" }], last: true },
  ]);
  expect(await pagesOf("sign-ins")).toMatchObject([
    { rows: [{ userId: userIdOf(1) }], last: true },
  ]);
});

it.each([
  "sign-ins",
  "company-subscriptions",
  "groups",
  "deleted-users",
  "report:active-users",
] as const)("says that %s is not in the package, and gives no empty list", async (read) => {
  const source = await open();
  const ended = await Array.fromAsync(source.pages(read, null, options)).catch(
    (error: unknown) => error,
  );
  expect(ended).toBeInstanceOf(ReadError);
  expect(ended).toMatchObject({ end: { kind: "unavailable", reason: "not-reported" } });
});

it("stops between pages when asked to", async () => {
  const abort = new AbortController();
  const pages = (await open()).pages("users", null, { ...options, signal: abort.signal });
  const reading = pages[Symbol.asyncIterator]();
  await reading.next();
  abort.abort(new Error("stop"));
  await expect(reading.next()).rejects.toThrow("stop");
});
