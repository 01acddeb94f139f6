import type { JWK } from "jose";
import { z } from "zod";
import { json } from "./values.ts";

const what = "must be a JWK of an EC P-256 or OKP X25519 key (seatledger keys generate)";

const isKnownCurve = (key: { kty: string; crv: string; y?: string | undefined }): boolean =>
  key.kty === "EC" ? key.crv === "P-256" && key.y !== undefined : key.crv === "X25519";

const publicPart = z.looseObject(
  {
    kty: z.enum(["EC", "OKP"], what),
    crv: z.string(what),
    x: z.string(what),
    y: z.string(what).optional(),
  },
  what,
);

/**
 * The public half that seals. A private key here is refused: the web program must not hold one.
 * Safe to call a JWK, as below: the members a key of a known curve needs were checked.
 */
export const publicKey = json()
  .pipe(publicPart)
  .refine(isKnownCurve, what)
  .refine((key) => !("d" in key), "must be the public half, without the private part")
  .transform((key): JWK => key as JWK);

/** A JWK set of private keys: the current one and those that rows still name. */
export const privateKeys = json()
  .pipe(
    z.object(
      {
        keys: z
          .array(
            publicPart.extend({ d: z.string("must hold private keys") }).refine(isKnownCurve, what),
            what,
          )
          .min(1, "must hold at least one key"),
      },
      "must be a JWK set: an object with keys (seatledger keys generate)",
    ),
  )
  .transform((set): { readonly keys: readonly JWK[] } => ({ keys: set.keys as JWK[] }));

/** Whether one of the private keys opens what the public key seals. */
export const opens = (set: { readonly keys: readonly JWK[] }, sealing: JWK): boolean =>
  set.keys.some((key) => key.kty === sealing.kty && key.x === sealing.x && key.y === sealing.y);
