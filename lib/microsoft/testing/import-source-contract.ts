import { describe, expect, test } from "vitest";
import { evidenceReports, type Read } from "#lib/domain/import";
import type { ImportSource, RowOf, SourcePage } from "#lib/import/ports";
import { collect, createReadOptions } from "./client.ts";

/** One seat, or one assignment in error (`held: false`), as it really is. */
export interface TrueAssignment {
  readonly userId: string;
  readonly skuId: string;
  readonly held: boolean;
  /** Null for one that is not held. */
  readonly origin: "direct" | "group" | "both" | "unknown" | null;
  readonly error: boolean;
  /** Day of the earliest working row. */
  readonly since: string | null;
}

/** One account and its latest days of use, `YYYY-MM-DD`. */
export interface TrueUser {
  readonly userId: string;
  readonly userPrincipalName: string;
  readonly blocked: boolean;
  readonly guest: boolean;
  readonly lastSuccessfulSignIn: string | null;
  readonly lastUse: string | null;
}

/** What a complete import of the tenant must find. Units in seats. */
export interface TenantTruth {
  readonly tenantId: string;
  readonly displayName: string;
  readonly skus: readonly { skuId: string; enabled: number; expiring: number; holders: number }[];
  readonly subscriptionIds: readonly string[];
  readonly groupIds: readonly string[];
  readonly deletedUsers: number;
  readonly reportsConcealed: boolean;
  readonly reportDate: string;
  readonly users: readonly TrueUser[];
  readonly assignments: readonly TrueAssignment[];
}

export interface SourceUnderTest {
  readonly source: ImportSource;
  readonly truth: TenantTruth;
}

/** All pages of a read from its beginning. */
export const pagesOf = <R extends Read>(
  source: ImportSource,
  read: R,
): Promise<SourcePage<RowOf<R>>[]> =>
  collect(source.pages(read, null, createReadOptions().options));

/** All rows of a read. */
export const rowsOf = async <R extends Read>(source: ImportSource, read: R): Promise<RowOf<R>[]> =>
  (await pagesOf(source, read)).flatMap(({ rows }) => rows);

/** What every ImportSource must do, against a tenant whose truth is known and that spans several pages of users. */
export function describeImportSource(name: string, subject: () => SourceUnderTest): void {
  describe(name, () => {
    test("names the tenant", async () => {
      const { source, truth } = subject();
      expect(await rowsOf(source, "organization")).toMatchObject([
        { tenantId: truth.tenantId, displayName: truth.displayName },
      ]);
    });

    test.each(["subscribed-skus-first", "subscribed-skus-second"] as const)(
      "%s: units of every listed SKU",
      async (read) => {
        const { source, truth } = subject();
        const rows = await rowsOf(source, read);
        const units = rows.map(({ skuId, prepaidUnits }) => [
          skuId,
          { enabled: prepaidUnits?.enabled, expiring: prepaidUnits?.expiring },
        ]);
        expect(Object.fromEntries(units)).toEqual(
          Object.fromEntries(
            truth.skus.map(({ skuId, enabled, expiring }) => [skuId, { enabled, expiring }]),
          ),
        );
      },
    );

    test("every account once, with exactly its assignments", async () => {
      const { source, truth } = subject();
      const users = await rowsOf(source, "users");
      const found = users.map(({ userId, accountEnabled, userType }) => ({
        userId,
        blocked: accountEnabled === false,
        guest: userType === "Guest",
      }));
      expect(byUser(found)).toEqual(
        byUser(truth.users.map(({ userId, blocked, guest }) => ({ userId, blocked, guest }))),
      );
      const assignments = users.flatMap(({ userId, assignments: rows }) =>
        rows.map(
          (row): TrueAssignment => ({
            userId,
            skuId: row.skuId,
            held: row.holds,
            origin: row.holds ? originOf(row) : null,
            error: row.inError,
            since: row.assignedAt?.slice(0, 10) ?? null,
          }),
        ),
      );
      expect(byUser(assignments)).toEqual(byUser(truth.assignments));
    });

    test("subscriptions, groups and deleted users in full", async () => {
      const { source, truth } = subject();
      const subscriptions = await rowsOf(source, "company-subscriptions");
      expect(subscriptions.map(({ subscriptionId }) => subscriptionId).toSorted()).toEqual(
        truth.subscriptionIds.toSorted(),
      );
      const groups = await rowsOf(source, "groups");
      expect(groups.map(({ groupId }) => groupId).toSorted()).toEqual(truth.groupIds.toSorted());
      expect(await rowsOf(source, "deleted-users")).toHaveLength(truth.deletedUsers);
    });

    test("the sign-ins of every account", async () => {
      const { source, truth } = subject();
      const rows = await rowsOf(source, "sign-ins");
      const found = rows.map(({ userId, lastSuccessfulAt }) => ({
        userId,
        day: lastSuccessfulAt?.slice(0, 10) ?? null,
      }));
      expect(byUser(found)).toEqual(
        byUser(truth.users.map(({ userId, lastSuccessfulSignIn: day }) => ({ userId, day }))),
      );
    });

    test("the usage reports together give each account's last day of use", async () => {
      const { source, truth } = subject();
      expect(await rowsOf(source, "report-settings")).toEqual([
        { concealed: truth.reportsConcealed },
      ]);
      // Some reports also name people who are gone: only accounts that are there are joined.
      const known = new Set(truth.users.map((user) => user.userPrincipalName.toLowerCase()));
      const lastUse = new Map<string, string>();
      for (const report of evidenceReports) {
        const [first, ...more] = await pagesOf(source, `report:${report}`);
        const nobody = first?.rows.length === 0;
        expect(nobody && report === "active-users").toBe(false);
        expect(first?.report).toEqual({
          refreshedOn: nobody ? null : truth.reportDate,
          concealed: truth.reportsConcealed,
        });
        for (const { rows } of [...(first ? [first] : []), ...more]) {
          for (const { userPrincipalName, lastActivityOn } of rows) {
            const key = userPrincipalName.toLowerCase();
            if (known.has(key) && lastActivityOn && lastActivityOn > (lastUse.get(key) ?? ""))
              lastUse.set(key, lastActivityOn);
          }
        }
      }
      const expected = truth.users.flatMap(({ userPrincipalName, lastUse: day }) =>
        day ? [[userPrincipalName.toLowerCase(), day] as const] : [],
      );
      expect(expected.length).toBeGreaterThan(0);
      expect([...lastUse].toSorted()).toEqual(expected.toSorted());
    });

    test("mailboxes have sizes", async () => {
      const rows = await rowsOf(subject().source, "report:mailbox");
      expect(rows.some(({ storageBytes }) => storageBytes !== null && storageBytes > 0)).toBe(true);
      expect(rows.every(({ lastActivityOn }) => lastActivityOn === null)).toBe(true);
    });

    test("only the last page says so, and a cursor goes on exactly where it was taken", async () => {
      const { source } = subject();
      const pages = await pagesOf(source, "users");
      expect(pages.length).toBeGreaterThan(1);
      expect(pages.map(({ last }) => last)).toEqual(pages.map((_, at) => at === pages.length - 1));
      expect(pages.at(-1)?.next).toBeNull();
      const [first, ...rest] = pages;
      const resumed = await collect(
        source.pages("users", first?.next ?? null, createReadOptions().options),
      );
      expect(resumed.flatMap(({ rows }) => rows)).toEqual(rest.flatMap(({ rows }) => rows));
    });

    test("a cancelled read ends with the reason of the cancel", async () => {
      const { options, abort } = createReadOptions();
      const pages = subject().source.pages("users", null, options)[Symbol.asyncIterator]();
      await pages.next();
      abort.abort(new Error("cancelled by a person"));
      await expect(pages.next()).rejects.toThrow("cancelled by a person");
    });
  });
}

const byUser = <Row extends { userId: string; skuId?: string }>(rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));

const keyOf = ({ userId, skuId = "" }: { userId: string; skuId?: string }) => userId + skuId;

const originOf = ({ direct, groupIds }: { direct: boolean; groupIds: readonly string[] }) => {
  if (direct) return groupIds.length > 0 ? "both" : "direct";
  return groupIds.length > 0 ? "group" : "unknown";
};
