import { describe, expect, test } from "vitest";
import type { Budgets, Pacer } from "../pacing.ts";

/** Budgets of the suite: 3 in a minute for each operation, and one in 2 s. Milliseconds. */
export const contractBudgets: Budgets = {
  directory: null,
  "identity-reports": { requests: 1, perMs: 2000 },
  "usage-reports": { requests: 3, perMs: 60_000 },
};

/** The pacers of one tenant and of another one, each as two processes see it. */
export interface PacersUnderTest {
  readonly first: Pacer;
  readonly second: Pacer;
  readonly otherTenant: Pacer;
  /** Lets `second` and `otherTenant` learn what was told elsewhere, as workers do every few seconds. */
  readonly learn: () => Promise<void>;
}

/** The clock runs on while a test goes: a wait may be this much shorter than it was. Ms. */
const elapsedMs = 5000;

const usage = (operation: string) => ({ service: "usage-reports", operation }) as const;

function expectWait(waitMs: number, atMost: number): void {
  expect(waitMs).toBeLessThanOrEqual(atMost);
  expect(waitMs).toBeGreaterThan(atMost - elapsedMs);
}

/** What every pacer keeps to. Source: DESIGN §4.4. */
export function describePacer(name: string, create: () => Promise<PacersUnderTest>): void {
  describe(name, () => {
    test("lets a budget's requests go at once and the next when the first is out of its span", async () => {
      const { first, second } = await create();
      const turns = [];
      for (const pacer of [first, second, first, second, first]) {
        turns.push(await pacer.reserve(usage("teams")));
      }
      expect(turns.slice(0, 3)).toEqual(Array(3).fill({ waitMs: 0, reason: null }));
      for (const turn of turns.slice(3)) {
        expect(turn.reason).toBe("pacing");
        expectWait(turn.waitMs, 60_000);
      }
    });

    test("never gives more places than a budget has, however many ask at once", async () => {
      const { first, second } = await create();
      const asked = Array.from({ length: 20 }, (_, n) =>
        (n % 2 === 0 ? first : second).reserve(usage("teams")),
      );
      const at = (await Promise.all(asked)).map((turn) => turn.waitMs).sort((a, b) => a - b);
      for (const [n, later] of at.entries()) {
        const earlier = at[n - 3];
        if (earlier !== undefined) expect(later - earlier).toBeGreaterThan(60_000 - elapsedMs);
      }
      expectWait(at.at(-1) ?? 0, 6 * 60_000);
    });

    test("counts operations, services and tenants apart", async () => {
      const { first, otherTenant } = await create();
      for (let n = 0; n < 3; n += 1) await first.reserve(usage("teams"));
      const free = { waitMs: 0, reason: null };
      expect(await first.reserve(usage("email"))).toEqual(free);
      expect(await first.reserve({ service: "identity-reports" })).toEqual(free);
      expect(await otherTenant.reserve(usage("teams"))).toEqual(free);
      const second = await first.reserve({ service: "identity-reports" });
      expect(second.reason).toBe("pacing");
      expect(second.waitMs).toBeLessThanOrEqual(2000);
    });

    test("a limit holds for all of a tenant's service, everywhere, and for nothing else", async () => {
      const { first, second, otherTenant, learn } = await create();
      await first.limit("usage-reports", 90_000);
      const limited = await second.reserve(usage("email"));
      expect(limited.reason).toBe("limited");
      expectWait(limited.waitMs, 90_000);
      expect(await second.reserve({ service: "identity-reports" })).toEqual({
        waitMs: 0,
        reason: null,
      });
      await first.limit("directory", 45_000);
      expectWait((await first.reserve({ service: "directory" })).waitMs, 45_000);
      await learn();
      expectWait(second.limitedFor("directory"), 45_000);
      expect((await second.reserve({ service: "directory" })).reason).toBe("limited");
      expect(otherTenant.limitedFor("directory")).toBe(0);
      expect(otherTenant.limitedFor("usage-reports")).toBe(0);
    });

    test("a limit is never shortened by a later, shorter one", async () => {
      const { first, second, learn } = await create();
      await first.limit("directory", 90_000);
      await second.limit("directory", 1000);
      await learn();
      expectWait(first.limitedFor("directory"), 90_000);
      expectWait(second.limitedFor("directory"), 90_000);
    });
  });
}
