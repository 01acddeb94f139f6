import { Group, Text } from "@mantine/core";
import type { HandOffItem } from "#lib/domain/hand-off";
import { MicrosoftDetails } from "../microsoft-details.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { Instant, Moment } from "../ui/clock.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import classes from "./hand-off.module.css";
import type { RevokeHandOff } from "./hand-off-panel.tsx";
import { handOffWord } from "./hand-off-words.ts";

/** The links of a connection: made when and by whom, how long they work, how they stand. */
export function HandOffList(props: {
  readonly links: readonly HandOffItem[];
  readonly revoke: RevokeHandOff;
}) {
  return (
    <ul className={classes.links} aria-label="Links">
      {props.links.map((link) => (
        <li key={link.id}>
          <Link link={link} />
          {link.end === null && (
            <ConfirmButton
              size="compact-sm"
              variant="default"
              command={props.revoke}
              input={{ handOffId: link.id }}
              title="Revoke the link"
              consequences="It leads nowhere any more, also for somebody who is at Microsoft with it right now. You can create another one."
              confirmLabel="Revoke the link"
              done="The link was revoked."
              danger
            >
              Revoke
            </ConfirmButton>
          )}
        </li>
      ))}
    </ul>
  );
}

function Link({ link }: { readonly link: HandOffItem }) {
  const { label, tone, meaning } = handOffWord(link);
  return (
    <div>
      <Group gap="xs">
        <StatusBadge label={label} tone={tone} />
        <Text size="sm">
          Created <Instant at={link.createdAt} /> by <bdi>{link.createdBy}</bdi>
          {link.end === null && (
            <>
              , works until <Moment at={link.expiresAt} />
            </>
          )}
        </Text>
      </Group>
      <Text size="sm" c="dimmed" mt={2}>
        {meaning}
        {link.end === null && link.lastTry !== null && (
          <>
            {" "}
            Last tried <Instant at={link.lastTry.at} />.
          </>
        )}
      </Text>
      {link.end === null && link.lastTry !== null && link.lastTry.refusal !== null && (
        <MicrosoftDetails {...link.lastTry.refusal} />
      )}
    </div>
  );
}
