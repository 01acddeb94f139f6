import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { testCertificate, testPrivateKey } from "../testing/certificate.ts";
import { testTenant } from "../testing/harness.ts";

/** A browser that keeps the portal's cookie. */
async function portal(role: string) {
  const simulated = await testTenant({ app: null });
  const { spec, apps, store } = simulated;
  const person = spec.people.find((each) => each.role === role);
  if (!person) throw new Error(`no ${role}`);
  const base = `/_portal/${spec.id}/apps`;
  let cookie = "";
  const send = async (path: string, body?: URLSearchParams | FormData) => {
    const response = await apps.login.request(path, {
      ...(body ? { method: "POST", body } : {}),
      headers: { cookie },
    });
    cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return { status: response.status, html: await response.text(), response };
  };
  const post = (path: string, form: Record<string, string>) =>
    send(path, new URLSearchParams(form));
  const signIn = () =>
    post("/_portal/sign-in", { next: base, account: `${spec.id}/${person.oid}` });
  const register = async () => {
    const { response } = await post(base, { name: "Seatledger", audience: "single" });
    const clientId = response.headers.get("location")?.split("/").at(-1) ?? "";
    return { clientId, own: `${base}/${clientId}` };
  };
  return { ...simulated, base, send, post, signIn, register, store };
}

describe("portal", () => {
  it("asks who is there before it shows anything", async () => {
    const { base, send, signIn } = await portal("global-administrator");
    expect((await send(base)).html).toContain("Sign in to the portal");
    await signIn();
    expect((await send(base)).html).toContain("New registration");
  });

  it("registers an app that reads the tenant once its permissions are granted", async () => {
    const { spec, base, send, post, signIn, register, requestToken } =
      await portal("global-administrator");
    await signIn();
    const { clientId, own } = await register();
    expect((await send(own)).html).toContain(clientId);
    const { html } = await post(`${own}/secrets`, { days: "180" });
    const secret = /<td>(sim8Q~[^*<]+)<\/td>/.exec(html)?.[1] ?? "";
    expect((await send(`${own}/credentials`)).html).not.toContain(secret);
    const token = async () => {
      const response = await requestToken({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: secret,
        scope: "https://graph.microsoft.com/.default",
      });
      const { access_token: text } = (await response.json()) as { access_token: string };
      return JSON.parse(Buffer.from(text.split(".")[1] ?? "", "base64url").toString());
    };
    expect((await token()).roles).toBeUndefined();
    await post(`${own}/permissions`, { permission: "User.Read.All" });
    expect((await send(`${own}/permissions`)).html).toContain(`Not granted for ${spec.name}`);
    await post(`${own}/consent`, {});
    expect((await token()).roles).toEqual(["User.Read.All"]);
    expect((await send(base)).html).toContain(clientId);
  });

  it("lets only administrators grant consent, and no guest register", async () => {
    const employee = await portal("employee");
    await employee.signIn();
    const { own } = await employee.register();
    expect((await employee.post(`${own}/consent`, {})).status).toBe(403);
    const guest = await portal("guest");
    await guest.signIn();
    expect((await guest.post(guest.base, { name: "x", audience: "single" })).status).toBe(403);
  });

  it("takes certificates and refuses private keys and anything else", async () => {
    const { send, signIn, register } = await portal("global-administrator");
    await signIn();
    const { own } = await register();
    const upload = (content: string | Uint8Array<ArrayBuffer>) => {
      const form = new FormData();
      form.set("file", new File([content], "seatledger.cer"));
      return send(`${own}/certificates`, form);
    };
    expect((await upload(testCertificate)).html).toContain("Certificates (1)");
    expect((await upload(`${testCertificate}${testPrivateKey}`)).html).toContain("private key");
    const page = new Uint8Array(readFileSync(import.meta.filename));
    expect((await upload(page)).html).toContain("Upload a certificate (public key)");
  });
});
