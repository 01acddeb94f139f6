import { sql } from "drizzle-orm";
import { tenantIds } from "#simulator/defaults";
import { tailspinPeople } from "#simulator/demo/people";
import { expect, test } from "../fixtures.ts";
import { ConsolePage } from "../pages/console-page.ts";
import { SignInPage } from "../pages/sign-in-page.ts";

test("the way back after signing in leads to the page one came from, and to no other site", async ({
  workspace,
}) => {
  const { person } = await workspace.addPerson("viewer");
  const page = await workspace.visitor();
  const signIn = new SignInPage(page);
  await page.goto("/licenses?compliance=at-risk");
  await signIn.choose(person);
  await expect(page).toHaveURL("/licenses?compliance=at-risk");
  await new ConsolePage(page).signOut();

  await page.goto("/sign-in?from=https%3A%2F%2Fevil.example%2Fcollect");
  await signIn.choose(person);
  await expect(page).toHaveURL("/");
  await new ConsolePage(page).signOut();
  await page.goto("/sign-in?from=%2F%5Cevil.example");
  await signIn.choose(person);
  await expect(page).toHaveURL("/");
});

test("people of other tenants, guests and those who are no members stay outside", async ({
  workspace,
}) => {
  await workspace.addPerson("owner");
  const page = await workspace.visitor();
  const signIn = new SignInPage(page);

  await test.step("a tenant that is not on the list", async () => {
    const [stranger] = tailspinPeople;
    if (stranger === undefined) throw new Error("Tailspin has nobody.");
    expect(stranger.oid.startsWith(tenantIds.tailspin.slice(0, 8))).toBe(true);
    await page.goto("/sign-in");
    await signIn.expectOpen();
    await page.getByRole("button", { name: "Sign in with Microsoft" }).click();
    await signIn.microsoft.pickAccount("A stranger from another organisation");
    await signIn.expectRefused("Your organisation may not sign in here");
  });
  await test.step("a colleague who is no member", async () => {
    await page.goto("/sign-in");
    await signIn.choose(workspace.stranger());
    await signIn.expectRefused("You are not a member here");
  });
  await test.step("a guest of the tenant", async () => {
    await page.goto("/sign-in");
    await signIn.choose(workspace.guest());
    await signIn.expectRefused("Guests cannot sign in");
  });
  await test.step("none of them has a session", async () => {
    await page.goto("/licenses");
    await signIn.expectOpen();
  });
});

test("a revoked session is over at the next request", async ({ workspace, ownerDatabase }) => {
  const { page, memberId } = await workspace.member("analyst");
  const console = new ConsolePage(page);
  await ownerDatabase.outside((tx) =>
    tx.execute(sql`update sessions set revoked_at = now() where member_id = ${memberId}::uuid`),
  );
  await console.navigation.getByRole("link", { name: "Licenses", exact: true }).click();
  await new SignInPage(page).expectOpen();
});

test("a disabled member is out at the next request and cannot come back", async ({
  workspace,
  ownerDatabase,
}) => {
  const { page, memberId, person } = await workspace.member("analyst");
  await ownerDatabase.outside((tx) =>
    tx.execute(sql`update members set disabled_at = now() where id = ${memberId}::uuid`),
  );
  await page.goto("/licenses");
  const signIn = new SignInPage(page);
  await signIn.choose(person);
  await signIn.expectRefused("Your membership is disabled");
});

test("a cookie stolen before the sign-out opens nothing after it", async ({ workspace }) => {
  const { page } = await workspace.member("viewer");
  const stolen = await page.context().cookies();
  await new ConsolePage(page).signOut();
  const thief = await workspace.visitor();
  await thief.context().addCookies(stolen);
  await thief.goto("/licenses");
  await new SignInPage(thief).expectOpen();
});
