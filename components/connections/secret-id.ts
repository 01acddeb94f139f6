/** Said where the ID of a client secret was pasted in place of its value. Source: reference/microsoft-graph.md §1.4 (7000215). */
export const secretIdHelp =
  "This is the secret's ID. Copy the column “Value” instead; Microsoft shows it only once. If it is gone, create another secret.";

/** Secrets are never GUIDs; the ID beside each one is. */
export const isSecretId = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text.trim());
