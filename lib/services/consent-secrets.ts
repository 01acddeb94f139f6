import { createHash, randomBytes } from "node:crypto";

/** The cookie that binds both legs to the browser that pressed the button. Host-only, https or localhost. */
export const consentCookieName = "__Host-consent";

/** Seconds the cookie lives: both legs, ten minutes each. */
export const consentCookieMaxAge = 20 * 60;

/** 256 random bits for a URL or a cookie. */
export const randomSecret = (): string => randomBytes(32).toString("base64url");

/** What is stored of a state or a cookie: SHA-256 in hex. */
export const hashSecret = (secret: string): string =>
  createHash("sha256").update(secret).digest("hex");
