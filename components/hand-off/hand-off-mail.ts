/** A mail to an administrator, ready to be sent. */
export interface HandOffMail {
  readonly text: string;
  /** Opens the sender's mail program with subject and text. */
  readonly href: string;
}

const subject = "Please approve read access to our Microsoft 365 licenses";

/** The mail that brings a hand-off link to an administrator. `until`: the day and time it expires, in words. */
export function handOffMail(link: {
  readonly url: string;
  readonly workspaceName: string;
  readonly memberName: string;
  readonly until: string;
}): HandOffMail {
  const text = [
    "Hello,",
    `we would like to read our Microsoft 365 licenses with Seatledger (workspace ${link.workspaceName}). It takes the approval of a Global Administrator or Privileged Role Administrator of the tenant, about two minutes, and no account with Seatledger.`,
    `This link shows who asks and every permission with its reason before it leads to Microsoft:\n${link.url}`,
    `It works once, until ${link.until}. All permissions only read. Please do not forward it.`,
    `Kind regards\n${link.memberName}`,
  ].join("\n\n");
  const query = `subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(crLf(text))}`;
  return { text, href: `mailto:?${query}` };
}

/** Lines of a mail end with CR LF. Source: RFC 6068 §5. */
const crLf = (text: string): string => text.replaceAll("\n", "\r\n");
