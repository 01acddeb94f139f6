import type { Profile, ProfileName } from "./profile.ts";
import { acquired } from "./profiles/acquired.ts";
import { small } from "./profiles/small.ts";
import { tidy } from "./profiles/tidy.ts";

/** The kinds of tenant a specification can name. */
export const profiles: Readonly<Record<ProfileName, Profile>> = { tidy, acquired, small };
