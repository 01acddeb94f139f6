import { Text } from "@mantine/core";
import type { PermissionItem } from "#lib/domain/read-models";
import { StatusBadge } from "../status-badge.tsx";
import classes from "./checks.module.css";

/** Every permission we ask for: granted or not, what it gives, and what is missing without it. */
export function PermissionsList({
  permissions,
}: {
  readonly permissions: readonly PermissionItem[];
}) {
  return (
    <ul className={classes.checks}>
      {permissions.map((permission) => (
        <li key={permission.name}>
          <div>
            <Text size="sm" ff="monospace" className="wrap-anywhere">
              {permission.name}
            </Text>
            <Text size="sm" c="dimmed">
              {permission.mandatory ? "Required" : "Optional"} ·{" "}
              {permission.granted ? permission.gives : `Missing: ${permission.without}`}
            </Text>
          </div>
          <StatusBadge {...badgeOf(permission)} />
        </li>
      ))}
    </ul>
  );
}

const badgeOf = ({ granted, mandatory }: PermissionItem) =>
  granted
    ? ({ label: "Granted", tone: "ok" } as const)
    : mandatory
      ? ({ label: "Missing", tone: "risk" } as const)
      : ({ label: "Not granted (optional)", tone: "warn" } as const);
