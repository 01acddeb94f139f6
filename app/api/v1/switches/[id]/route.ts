import { api } from "#lib/server/api";
import { switchEndpoints } from "#lib/server/switch-endpoints";

export const DELETE = api(switchEndpoints.undoSwitch);
