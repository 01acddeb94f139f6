import { z } from "zod";
import type { signInInput } from "#lib/services/sign-in";

/** Claims of the ID token we use; people are (tid, oid), never an e-mail address. */
const claims = z.object({
  tid: z.guid(),
  oid: z.guid(),
  name: z.string().max(256).optional(),
  preferred_username: z.string().max(320).optional(),
  roles: z.array(z.string()).optional(),
  iss: z.string().optional(),
  idp: z.string().optional(),
});

/** What a sign-in is decided by, from the claims of a validated ID token. @throws ZodError for claims that are none. */
export const toSignIn = (profile: unknown): z.input<typeof signInInput> => {
  const { tid, oid, name, preferred_username, roles, iss, idp } = claims.parse(profile);
  return {
    tid,
    oid,
    name: name ?? preferred_username ?? "Unnamed",
    upn: preferred_username ?? null,
    appRoles: roles ?? [],
    ...(iss === undefined ? {} : { iss }),
    ...(idp === undefined ? {} : { idp }),
  };
};
