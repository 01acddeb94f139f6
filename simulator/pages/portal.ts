import { X509Certificate } from "node:crypto";
import { html, raw } from "hono/html";
import { permissionDescriptions } from "../identity/permissions.ts";
import type { ServicePrincipal } from "../store/tenant.ts";
import type { AppRegistration, ClientSecret, Person } from "../types.ts";
import { accountGroup, hidden, type Markup, page } from "./ui.ts";

/** Leads a portal link, whose page stands behind the `#`, to the simulator's own address of that page. */
export const portalRouter = `
  const view = /^#view\\/Microsoft_AAD_RegisteredApps\\/(\\w+)(?:\\/~\\/(\\w+)\\/appId\\/([0-9a-f-]+))?/i.exec(location.hash);
  const tenant = location.pathname.split("/")[1] || "any";
  const pages = { Overview: "", CallAnAPI: "/permissions", Credentials: "/credentials" };
  const app = view && view[3] ? "/" + view[3] + (pages[view[2]] ?? "") : "";
  location.replace("/_portal/" + tenant + "/apps" + app);
`;

/** The page every portal link arrives at. */
export const routerPage = (): Markup =>
  html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Portal</title></head>
    <body><noscript>This page needs JavaScript.</noscript><script>${raw(portalRouter)}</script></body></html>`;

/** Where a page of the portal stands and who looks at it. */
export type PortalPlace = { base: string; tenantName: string; person: Person };

export function portalSignInPage(
  tenantName: string,
  next: string,
  people: readonly Person[],
  tenantId: string,
): Markup {
  return page(
    "Sign in to the portal",
    html`<form method="post" action="/_portal/sign-in">
      ${hidden("next", next)}
      ${accountGroup(
        tenantName,
        people.map((person) => ({
          value: `${tenantId}/${person.oid}`,
          name: `${person.givenName} ${person.surname}`,
          userName: person.userPrincipalName,
          note: person.note,
        })),
      )}
    </form>`,
  );
}

const frame = (place: PortalPlace, title: string, body: Markup): Markup =>
  page(
    title,
    html`<p class="quiet">${place.tenantName} · ${place.person.userPrincipalName}</p>
      <p><a href="${place.base}">App registrations</a></p>
      ${body}`,
  );

const menu = (place: PortalPlace, app: AppRegistration): Markup => {
  const own = `${place.base}/${app.clientId}`;
  return html`<nav aria-label="App"><p>
    <a href="${own}">Overview</a> · <a href="${own}/credentials">Certificates &amp; secrets</a> ·
    <a href="${own}/permissions">API permissions</a></p></nav>`;
};

/** A refusal that stands above a page's forms. */
const alert = (text: string | null): Markup =>
  text === null ? html`` : html`<p role="alert">${text}</p>`;

export function registrationsPage(
  place: PortalPlace,
  apps: readonly AppRegistration[],
  refusal: string | null = null,
): Markup {
  return frame(
    place,
    "App registrations",
    html`${alert(refusal)}
      <ul>${apps.map((app) => html`<li><a href="${place.base}/${app.clientId}">${app.name}</a> <span class="quiet">${app.clientId}</span></li>`)}</ul>
      <h2>New registration</h2>
      <form method="post" action="${place.base}">
        <p><label>Name <input name="name" required maxlength="120"></label></p>
        <fieldset><legend>Supported account types</legend>
          <label><input type="radio" name="audience" value="single" checked> Accounts in this organizational directory only (${place.tenantName} only - Single tenant)</label><br>
          <label><input type="radio" name="audience" value="multiple"> Accounts in any organizational directory (Multitenant)</label>
        </fieldset>
        <div class="actions"><button class="primary">Register</button></div>
      </form>`,
  );
}

export function overviewPage(place: PortalPlace, app: AppRegistration): Markup {
  return frame(
    place,
    app.name,
    html`${menu(place, app)}
      <dl>
        <dt>Application (client) ID</dt><dd>${app.clientId}</dd>
        <dt>Directory (tenant) ID</dt><dd>${app.homeTenantId}</dd>
        <dt>Supported account types</dt><dd>${app.audience === "single" ? "My organization only" : "Multiple organizations"}</dd>
      </dl>`,
  );
}

export function credentialsPage(
  place: PortalPlace,
  app: AppRegistration,
  shown: { secret?: ClientSecret; refusal?: string } = {},
): Markup {
  const own = `${place.base}/${app.clientId}`;
  return frame(
    place,
    "Certificates & secrets",
    html`${menu(place, app)}${alert(shown.refusal ?? null)}
      <h2>Client secrets (${app.secrets.length})</h2>
      <table><thead><tr><th>Expires</th><th>Value</th><th>Secret ID</th></tr></thead><tbody>
        ${app.secrets.map(
          (secret) => html`<tr>
          <td>${secret.expiresAt?.slice(0, 10) ?? "Never"}</td>
          <td>${secret.id === shown.secret?.id ? secret.value : `${secret.value.slice(0, 3)}******************`}</td>
          <td>${secret.id}</td></tr>`,
        )}
      </tbody></table>
      ${shown.secret ? html`<p class="quiet">Client secret values cannot be viewed, except for immediately after creation.</p>` : ""}
      <form method="post" action="${own}/secrets">
        <p><label>Expires <select name="days"><option value="180">180 days</option><option value="365">365 days</option><option value="730">730 days</option></select></label></p>
        <div class="actions"><button>New client secret</button></div>
      </form>
      <h2>Certificates (${app.certificates.length})</h2>
      <table><thead><tr><th>Thumbprint</th><th>Start date</th><th>Expires</th></tr></thead><tbody>
        ${app.certificates.map((pem) => certificateRow(new X509Certificate(pem)))}
      </tbody></table>
      <form method="post" action="${own}/certificates" enctype="multipart/form-data">
        <p><label>Certificate file <input type="file" name="file" accept=".cer,.pem,.crt" required></label></p>
        <div class="actions"><button>Upload certificate</button></div>
      </form>`,
  );
}

const certificateRow = (certificate: X509Certificate): Markup => html`<tr>
  <td>${certificate.fingerprint.replaceAll(":", "")}</td>
  <td>${certificate.validFromDate.toISOString().slice(0, 10)}</td>
  <td>${certificate.validToDate.toISOString().slice(0, 10)}</td></tr>`;

export function permissionsPage(
  place: PortalPlace,
  app: AppRegistration,
  principal: ServicePrincipal | undefined,
  refusal: string | null = null,
): Markup {
  const own = `${place.base}/${app.clientId}`;
  const missing = Object.keys(permissionDescriptions).filter(
    (name) => !app.permissions.includes(name),
  );
  return frame(
    place,
    "API permissions",
    html`${menu(place, app)}${alert(refusal)}
      <table><thead><tr><th>Microsoft Graph</th><th>Type</th><th>Status</th></tr></thead><tbody>
        ${app.permissions.map(
          (name) => html`<tr><td>${name}</td><td>Application</td>
          <td>${principal?.permissions.has(name) ? `Granted for ${place.tenantName}` : `Not granted for ${place.tenantName}`}</td></tr>`,
        )}
      </tbody></table>
      <form method="post" action="${own}/consent"><div class="actions"><button>Grant admin consent for ${place.tenantName}</button></div></form>
      <h2>Add a permission</h2>
      <form method="post" action="${own}/permissions">
        <fieldset><legend>Microsoft Graph, application permissions</legend>
          ${missing.map((name) => html`<label><input type="checkbox" name="permission" value="${name}"> ${name}</label><br>`)}
        </fieldset>
        <div class="actions"><button class="primary">Add permissions</button></div>
      </form>`,
  );
}
