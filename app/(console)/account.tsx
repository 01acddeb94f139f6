import { createLoader, type SearchParams } from "nuqs/server";
import { AccountDrawer } from "#components/changes/account-drawer";
import type { AccountDetail } from "#lib/domain/change-models";
import { hasRight } from "#lib/domain/role";
import { requireContext } from "#lib/server/session";
import type { Ctx } from "#lib/services/context";
import { UseCaseError } from "#lib/services/errors";
import { getAccount } from "#lib/services/get-account";
import { guidParameter } from "./search-params.ts";

const loadPerson = createLoader({ person: guidParameter });

/** The account that `?person=` names, beside any page of its tenant; nothing for those who may not see people. */
export async function Account(props: {
  readonly connectionId: string;
  readonly searchParams: Promise<SearchParams>;
}) {
  const { ctx } = await requireContext();
  const { person } = await loadPerson(props.searchParams);
  if (person === null || !hasRight(ctx.actor.role, "see-people")) return null;
  return <AccountDrawer account={await findAccount(ctx, props.connectionId, person)} />;
}

async function findAccount(
  ctx: Ctx,
  connectionId: string,
  userId: string,
): Promise<AccountDetail | null> {
  try {
    return await getAccount(ctx, { connectionId, userId });
  } catch (error) {
    if (error instanceof UseCaseError && error.code === "not-found") return null;
    throw error;
  }
}
