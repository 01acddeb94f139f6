import { ReadingList } from "../wizard/reading-panel.tsx";

const readings = [
  {
    what: "Microsoft applications of the organisation",
    why: "To let you say which of them stands for which tenant.",
  },
  {
    what: "Licenses with their terms",
    why: "What was bought: quantity, cost, effective and ending date.",
  },
  {
    what: "Accounts of the application",
    why: "Who holds which license, matched to people by object id, UPN and e-mail.",
  },
] as const;

/** What SaaS Management brings and what it does not; beside every step. */
export function WhatIsRead() {
  return (
    <ReadingList readings={readings}>
      Seatledger only reads. Microsoft's own counts and sign-ins are not part of it: they are shown
      as unknown, never as zero. Nothing that counts today is replaced before you switch.
    </ReadingList>
  );
}
