import { Text } from "@mantine/core";
import type { VerificationItem } from "#lib/domain/verification-item";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import type { Command } from "../ui/use-command.ts";
import classes from "./wizard.module.css";

/** Takes the tenant from the workspace that has it. */
export type MoveTenantHere = Command<{ readonly connectionId: string }>;

/** For the administrator who has just proven a tenant that another workspace reads: what moving it means, and the move. */
export function MoveTenant(props: {
  readonly connectionId: string;
  readonly verification: Pick<VerificationItem, "tenantName" | "tenantDomain">;
  readonly moveTenant: MoveTenantHere;
}) {
  const { tenantName, tenantDomain } = props.verification;
  const tenant = tenantName ?? tenantDomain ?? "this tenant";
  return (
    <section aria-label="Move the tenant here" className={classes.surface}>
      <Text fw={600} size="sm" mb={4}>
        {`${tenant} is connected in another workspace of this installation`}
      </Text>
      <Text size="sm" mb="sm">
        You signed in as its administrator, so you may move it here. This counts for ten minutes
        after the sign-in and in this session only; later, sign in at Microsoft again first.
      </Text>
      <ConfirmButton
        command={props.moveTenant}
        input={{ connectionId: props.connectionId }}
        title={`Move ${tenant} to this workspace?`}
        consequences={
          <ul style={{ margin: 0, paddingInlineStart: "1.1rem" }}>
            <li>
              The connection in the other workspace is disconnected at once: its imports stop, its
              stored credential is erased, its licenses are retired.
            </li>
            <li>That workspace keeps its history, and none of it comes here.</li>
            <li>
              It is told that an administrator of the tenant moved the connection, and when; not to
              which workspace.
            </li>
            <li>Both audit logs record it.</li>
          </ul>
        }
        typed={tenantDomain ?? "move"}
        confirmLabel="Move it here"
        done="The tenant is being moved."
        danger
        size="sm"
      >
        Move it here
      </ConfirmButton>
    </section>
  );
}
