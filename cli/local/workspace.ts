import type { Database } from "#db/client";
import { findWorkspaceBySlug, type Workspace } from "#db/queries/workspaces";
import type { Role } from "#lib/domain/role";
import { addMember } from "../commands/member-add.ts";
import { createWorkspace } from "../commands/workspace-create.ts";
import type { RunningSimulator, SimulatedPerson } from "./simulator.ts";

/** Roles of the simulated people of the console's own tenant, by the name before their domain. */
const roleByName: Readonly<Record<string, Role>> = {
  "martina.keller": "owner",
  "daniel.okafor": "analyst",
  "yuki.tanaka": "viewer",
  "ruth.abramson": "auditor",
  "piotr.zawadzki": "connection-admin",
};

/** Somebody who can sign in. */
export interface LocalMember {
  readonly name: string;
  readonly userPrincipalName: string;
  readonly role: Role;
}

export interface LocalWorkspace {
  readonly workspace: Workspace;
  readonly members: readonly LocalMember[];
}

/** The workspace "Woodgrove" with its price book and members; created on the first start. */
export async function ensureLocalWorkspace(
  db: Database,
  simulator: RunningSimulator,
): Promise<LocalWorkspace> {
  const tenantId = simulator.signIn.homeTenantId;
  const people = simulator.tenants.find((tenant) => tenant.id === tenantId)?.people ?? [];
  const members = people.flatMap((person) => {
    const role = roleByName[person.userPrincipalName.split("@")[0] ?? ""];
    return role === undefined ? [] : [{ person, role }];
  });
  const existing = await db.outside((tx) => findWorkspaceBySlug(tx, "woodgrove"));
  const workspace =
    existing ??
    (await createWorkspace(db, { slug: "woodgrove", name: "Woodgrove", ownerTenantId: tenantId }));
  if (existing === undefined) {
    for (const { person, role } of members) {
      await addMember(db, {
        workspaceId: workspace.id,
        tenantId,
        objectId: person.oid,
        name: nameOf(person),
        role,
      });
    }
  }
  return {
    workspace,
    members: members.map(({ person, role }) => ({
      name: nameOf(person),
      userPrincipalName: person.userPrincipalName,
      role,
    })),
  };
}

const nameOf = (person: SimulatedPerson): string => `${person.givenName} ${person.surname}`;
