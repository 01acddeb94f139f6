import { Group } from "@mantine/core";
import { permissions } from "#lib/domain/connection";
import { StatusBadge } from "../status-badge.tsx";
import { CopyValue } from "../ui/copy-value.tsx";
import classes from "./permissions-request.module.css";

/** Every permission that is requested: whether it must be, what it gives, what is missing without it. */
export function PermissionsRequest(props: {
  /** Names of those that are granted already, to tell the new ones from them; left out at a first request. */
  readonly approved?: readonly string[] | null;
}) {
  const { approved = null } = props;
  return (
    <ul className={classes.permissions}>
      {permissions.map(({ name, mandatory, gives, without }) => (
        <li key={name}>
          <div className={classes.name}>
            <CopyValue value={name} label={name} />
            <Group gap="xs">
              {approved !== null && (
                <StatusBadge
                  {...(approved.includes(name)
                    ? { label: "Approved before", tone: "ok" }
                    : { label: "Not granted yet", tone: "warn" })}
                />
              )}
              <StatusBadge
                label={mandatory ? "Mandatory" : "Optional"}
                tone={mandatory ? "info" : "quiet"}
              />
            </Group>
          </div>
          <dl>
            <div>
              <dt>Gives</dt>
              <dd>{gives}</dd>
            </div>
            <div>
              <dt>Without it</dt>
              <dd>{without}</dd>
            </div>
          </dl>
        </li>
      ))}
    </ul>
  );
}
