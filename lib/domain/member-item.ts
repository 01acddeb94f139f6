import type { Role } from "./role.ts";

export interface MemberItem {
  readonly id: string;
  readonly name: string;
  readonly userPrincipalName: string | null;
  readonly tenantId: string;
  readonly role: Role;
  readonly createdAt: string;
  readonly lastSeenAt: string | null;
  readonly disabledAt: string | null;
}
