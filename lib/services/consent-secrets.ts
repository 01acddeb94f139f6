import { createHash, randomBytes } from "node:crypto";

/** The cookie that binds both legs to the browser that pressed the button. Host-only, https or localhost. */
export const consentCookieName = "__Host-consent";

/** The cookie that leads an administrator back to the hand-off link they came with. Same lifetime and attributes. */
export const handOffCookieName = "__Host-hand-off";

/** Seconds the cookie lives: both legs, ten minutes each. */
export const consentCookieMaxAge = 20 * 60;

/** 256 random bits for a URL or a cookie. */
export const randomSecret = (): string => randomBytes(32).toString("base64url");

/** The secret a browser goes on with: the one it has, when that is of ours, else a new one. */
export const browserSecret = (cookie: string | null): string =>
  cookie !== null && isSecret(cookie) ? cookie : randomSecret();

/** Whether a text could be one of `randomSecret`; anything else is not looked up. */
export const isSecret = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

/** What is stored of a state or a cookie: SHA-256 in hex. */
export const hashSecret = (secret: string): string =>
  createHash("sha256").update(secret).digest("hex");
