import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** A piece of a page; everything interpolated into it is escaped. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

const STYLE = `
  :root { color-scheme: light dark; --line: #8886; --accent: #0b57a4; --on-accent: #fff; }
  @media (prefers-color-scheme: dark) { :root { --accent: #8ec5ff; --on-accent: #06243f; } }
  * { box-sizing: border-box; }
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 30rem; margin: 4rem auto; padding: 2rem; border: 1px solid var(--line); border-radius: 8px; }
  .banner { padding: .5rem 1rem; text-align: center; border-bottom: 1px solid var(--line); font-size: .875rem; }
  h1 { margin: 0 0 .5rem; font-size: 1.375rem; }
  h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
  ul { margin: 0; padding: 0; list-style: none; }
  dt { font-weight: 600; } dd { margin: 0 0 .75rem; }
  form { margin: 0; }
  button, .button { font: inherit; padding: .5rem 1rem; border: 1px solid var(--line); border-radius: 6px; background: none; color: inherit; cursor: pointer; }
  button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
  button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .account { display: block; width: 100%; margin-bottom: .5rem; text-align: start; }
  .account small { display: block; }
  .actions { display: flex; gap: .5rem; justify-content: flex-end; margin-top: 1.5rem; }
  fieldset { border: 1px solid var(--line); border-radius: 6px; }
  table { display: block; overflow-x: auto; border-collapse: collapse; font-size: .875rem; }
  th, td { padding: .25rem .75rem .25rem 0; text-align: start; }
  .quiet { font-size: .875rem; overflow-wrap: anywhere; }
  a { color: var(--accent); }
`;

/** A whole page of the simulator. The banner keeps anyone from taking it for Microsoft's. */
export function page(title: string, body: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <header class="banner">Microsoft simulator: demo accounts only, no passwords</header>
    <main>
      <h1>${title}</h1>
      ${body}
    </main>
  </body>
</html>`;
}

/** An account in a picker, with the name and a line about it. */
export type Account = { value: string; name: string; userName: string; note: string };

/** A button that submits the surrounding form with `account=<value>`. */
function accountButton(account: Account): Markup {
  return html`<li>
    <button class="account" name="account" value="${account.value}">
      ${account.name}<small>${account.userName}</small><small>${account.note}</small>
    </button>
  </li>`;
}

/** A list of accounts under a heading. */
export function accountGroup(heading: string, accounts: readonly Account[]): Markup {
  return html`<h2>${heading}</h2><ul>${accounts.map(accountButton)}</ul>`;
}

/** A hidden field of a form. */
export function hidden(name: string, value: string): Markup {
  return html`<input type="hidden" name="${name}" value="${value}">`;
}
