import { createLoader, parseAsStringLiteral } from "nuqs/server";
import { methods } from "#lib/domain/connection";
import { tenantParameter } from "../../search-params.ts";
import { wizardSteps } from "./wizard-position.ts";

/** `method` = chosen, nothing stored yet; `connection` = the draft; `step` = an earlier step to look at. */
export const loadWizardParams = createLoader({
  method: parseAsStringLiteral(methods),
  connection: tenantParameter,
  step: parseAsStringLiteral(wizardSteps),
});
