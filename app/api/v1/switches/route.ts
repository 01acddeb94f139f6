import { api } from "#lib/server/api";
import { switchEndpoints } from "#lib/server/switch-endpoints";

export const GET = api(switchEndpoints.listSwitches);
export const POST = api(switchEndpoints.switchSource);
