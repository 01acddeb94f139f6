/** Expected failures of use cases. `message` is safe for people; lib/server maps codes to HTTP in one place. */
export type UseCaseErrorCode =
  | "not-found"
  | "forbidden"
  | "unauthenticated"
  | "invalid"
  | "conflict"
  /** The numbers a list began with are stored no more; newer ones are. */
  | "newer-data"
  | "rate-limited"
  | "unavailable";

export interface UseCaseErrorOptions extends ErrorOptions {
  /** Messages per field of the input, for `invalid`. */
  readonly fields?: Readonly<Record<string, string>>;
  /** The thing in the way, for `conflict` (such as the connection that exists already). */
  readonly existingId?: string;
  /** Seconds, for `rate-limited` and `unavailable`. */
  readonly retryAfter?: number;
}

export class UseCaseError extends Error {
  readonly code: UseCaseErrorCode;
  readonly fields: Readonly<Record<string, string>>;
  readonly existingId: string | undefined;
  readonly retryAfter: number | undefined;
  constructor(code: UseCaseErrorCode, message: string, options: UseCaseErrorOptions = {}) {
    super(message, options);
    this.name = "UseCaseError";
    this.code = code;
    this.fields = options.fields ?? {};
    this.existingId = options.existingId;
    this.retryAfter = options.retryAfter;
  }
}
