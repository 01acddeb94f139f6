import { expect, it } from "vitest";
import { toSignIn } from "./claims.ts";

const profile = {
  tid: "0d0f6c11-5c3e-4b7a-9a31-6a4a52d6f0aa",
  oid: "7b1c9f52-2f5b-4b57-8a3c-3d9a30f1f6bb",
  name: "Olivia Owner",
  preferred_username: "olivia@contoso.example",
  iss: "https://login.microsoftonline.com/0d0f6c11-5c3e-4b7a-9a31-6a4a52d6f0aa/v2.0",
  email: "olivia@elsewhere.example",
};

it("passes on who the person is, and no e-mail address", () => {
  expect(toSignIn({ ...profile, roles: ["owner"] })).toEqual({
    tid: profile.tid,
    oid: profile.oid,
    name: "Olivia Owner",
    upn: "olivia@contoso.example",
    appRoles: ["owner"],
    iss: profile.iss,
  });
});

it("C9: passes on issuer and identity provider, by which a guest is refused whatever the name is", () => {
  const idp = "https://sts.windows.net/11111111-2222-4333-8444-555555555555/";
  expect(toSignIn({ ...profile, idp })).toMatchObject({ iss: profile.iss, idp });
});

it("names who has no name, and refuses a token without tenant or object id", () => {
  const { name: _name, ...unnamed } = profile;
  expect(toSignIn(unnamed).name).toBe("olivia@contoso.example");
  const { preferred_username: _upn, ...bare } = unnamed;
  expect(toSignIn(bare)).toMatchObject({ name: "Unnamed", upn: null });
  const { oid: _oid, ...nobody } = profile;
  expect(() => toSignIn(nobody)).toThrow();
});
