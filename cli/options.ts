import { z } from "zod";
import { roles } from "#lib/domain/role";

/** No operands beside the options. */
export const noOperands = z.array(z.string()).max(0, "takes no operands");

export const slug = z
  .string("is missing")
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    "must be lower-case letters, digits and hyphens, at most 40",
  );

export const name = z.string("is missing").trim().min(1, "is empty").max(120, "is longer than 120");

export const guid = z.guid("must be a GUID").toLowerCase();

export const requiredGuid = z.string("is missing").pipe(guid);

export const role = z.enum(roles, `must be one of ${roles.join(", ")}`);
