import { permissions } from "#lib/domain/connection";
import { StatusBadge } from "../status-badge.tsx";
import { CopyValue } from "../ui/copy-value.tsx";
import classes from "./permissions-request.module.css";

/** Every permission that is requested: whether it must be, what it gives, what is missing without it. */
export function PermissionsRequest() {
  return (
    <ul className={classes.permissions}>
      {permissions.map(({ name, mandatory, gives, without }) => (
        <li key={name}>
          <div className={classes.name}>
            <CopyValue value={name} label={name} />
            <StatusBadge
              label={mandatory ? "Mandatory" : "Optional"}
              tone={mandatory ? "info" : "quiet"}
            />
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
