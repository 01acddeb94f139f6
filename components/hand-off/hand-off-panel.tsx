"use client";
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useState } from "react";
import type { HandOffItem } from "#lib/domain/hand-off";
import { CommandFailure } from "../ui/command-failure.tsx";
import { CopyBlock } from "../ui/copy-block.tsx";
import { formatUtc } from "../ui/format.ts";
import { Panel } from "../ui/panel.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";
import { HandOffList } from "./hand-off-list.tsx";
import { handOffMail } from "./hand-off-mail.ts";

/** A link that was just made: the only time it is shown. */
interface CreatedLink {
  readonly id: string;
  readonly url: string;
  readonly expiresAt: string;
}

export type CreateHandOff = Command<{ readonly connectionId: string }, CreatedLink>;
export type RevokeHandOff = Command<{ readonly handOffId: string }>;

/** What a page needs to let an administrator who is no member approve. */
export interface HandOffControls {
  readonly create: CreateHandOff;
  readonly revoke: RevokeHandOff;
  /** Named in the mail. */
  readonly workspaceName: string;
  readonly memberName: string;
}

/** "Ask your administrator": makes a link with a ready mail, and lists the links there are. */
export function HandOffPanel(props: {
  readonly connectionId: string;
  readonly links: readonly HandOffItem[];
  readonly controls: HandOffControls;
}) {
  const { connectionId, links, controls } = props;
  const [made, setMade] = useState<CreatedLink | null>(null);
  const { run, pending, error } = useCommand(controls.create, {
    onDone: (created) => setMade(created ?? null),
  });
  const shown = made !== null && links.some(({ id, end }) => id === made.id && end === null);
  return (
    <Panel title="Ask your administrator" id="hand-off">
      <Stack gap="sm" align="stretch">
        <Text size="sm">
          The tenant's administrator need not be a member here. A link shows them who asks and every
          permission, then leads them to Microsoft. It works once, for 72 hours, and this page goes
          on by itself when they are done.
        </Text>
        {shown && made !== null && <MadeLink link={made} controls={controls} />}
        <div>
          <Button
            variant={shown ? "default" : "light"}
            loading={pending}
            onClick={() => run({ connectionId })}
          >
            {shown ? "Create another link" : "Create a link"}
          </Button>
        </div>
        <CommandFailure error={error} />
        {links.length > 0 && <HandOffList links={links} revoke={controls.revoke} />}
      </Stack>
    </Panel>
  );
}

function MadeLink(props: { readonly link: CreatedLink; readonly controls: HandOffControls }) {
  const { link, controls } = props;
  const mail = handOffMail({ ...controls, url: link.url, until: formatUtc(link.expiresAt) });
  return (
    <Stack gap="xs" role="status">
      <Text size="sm">
        The link is shown now and never again. Whoever has it can use it: send it to the
        administrator alone.
      </Text>
      <CopyBlock text={link.url} label="the link" />
      <details>
        <summary>Mail text</summary>
        <CopyBlock text={mail.text} label="the mail text" />
      </details>
      <Group gap="sm">
        <Button
          component="a"
          href={mail.href}
          variant="default"
          leftSection={<IconMail size={17} aria-hidden />}
        >
          Write the mail
        </Button>
      </Group>
    </Stack>
  );
}
