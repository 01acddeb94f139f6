import { randomUUID } from "node:crypto";
import { html } from "hono/html";
import { type AadError, aadTimestamp } from "../identity/aad-error.ts";
import { permissionDescriptions } from "../identity/permissions.ts";
import type { AppRegistration, Person } from "../types.ts";
import { type Account, accountGroup, hidden, type Markup, page } from "./ui.ts";

/** A page that says what went wrong; the person never gets back to the application. */
export function errorPage(error: AadError): Markup {
  return page(
    "Sorry, but we're having trouble signing you in.",
    html`<p role="alert">AADSTS${error.code}: ${error.message}</p>
      <p class="quiet">Request Id: ${randomUUID()}<br>Correlation Id: ${randomUUID()}<br>Timestamp: ${aadTimestamp()}</p>`,
  );
}

/** Accounts of one tenant in the picker. */
export type AccountGroup = { tenantName: string; accounts: readonly Account[] };

/** "Pick an account": `request` is the sealed request the form carries on. */
export function accountPage(
  app: AppRegistration,
  request: string,
  groups: readonly AccountGroup[],
): Markup {
  return page(
    "Pick an account",
    html`<p>to continue to <strong>${app.name}</strong></p>
      <form method="post">
        ${hidden("request", request)}
        ${groups.map((group) => accountGroup(group.tenantName, group.accounts))}
        <div class="actions"><button name="action" value="cancel">Cancel</button></div>
      </form>`,
  );
}

/** "Permissions requested": what the application asks for, for the whole organisation. */
export function consentPage(
  app: AppRegistration,
  person: Person,
  tenantName: string,
  request: string,
): Markup {
  return page(
    "Permissions requested",
    html`<p class="quiet">${person.userPrincipalName}</p>
      <p><strong>${app.name}</strong><br><span class="quiet">${app.publisher} · ${app.clientId}</span></p>
      <p>Review for your organization: <strong>${tenantName}</strong></p>
      <p>This app would like to:</p>
      <dl>
        ${app.permissions.map((name) => html`<dt>${name}</dt><dd>${permissionDescriptions[name] ?? ""}</dd>`)}
      </dl>
      <p class="quiet">If you accept, this app will get access to the specified resources for all users in your organization. No one else will be prompted to review these permissions.</p>
      <form method="post">
        ${hidden("request", request)}
        <div class="actions">
          <button name="action" value="cancel">Cancel</button>
          <button class="primary" name="action" value="accept">Accept</button>
        </div>
      </form>`,
  );
}

/** "Need admin approval": the person's role cannot consent (AADSTS90094). */
export function approvalPage(app: AppRegistration, person: Person, again: string): Markup {
  return page(
    "Need admin approval",
    html`<p class="quiet">${person.userPrincipalName}</p>
      <p role="alert"><strong>${app.name}</strong> needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant permission to this app before you can use it.</p>
      <p class="quiet">AADSTS90094</p>
      <p><a href="${again}">Have an admin account? Sign in with that account</a></p>`,
  );
}

/** "You signed out of your account". */
export function signedOutPage(): Markup {
  return page(
    "You signed out of your account",
    html`<p>It's a good idea to close all browser windows.</p>`,
  );
}
