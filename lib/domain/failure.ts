/** Classes of failure shown to people. Source: DESIGN §4, reference/fault-catalogue.md §1. */
export const failureClasses = [
  "credential",
  "permission",
  "tenant",
  "throttled",
  "upstream",
  "database",
  "suspect",
  "system",
] as const;
export type FailureClass = (typeof failureClasses)[number];

/**
 * One failure as it is stored and told. `code` is stable and chooses the help text (such as
 * `secret-expired`, `permission-missing`, `unreadable-response`); nothing here comes from Microsoft's
 * descriptions. `status` and `errorNumber` (an AADSTS number) and the request ids go into a details box.
 */
export interface Failure {
  readonly class: FailureClass;
  readonly code: string;
  readonly permission?: string;
  readonly status?: number;
  readonly errorNumber?: number;
  readonly requestId?: string;
  readonly correlationId?: string;
  /** Plain facts for the text: counts, a host that was refused, a column that is missing. Never a secret. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** A failure on its way up; the message is for logs only. Keep the cause. */
export class FailureError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.class}: ${failure.code}`, options);
    this.name = "FailureError";
    this.failure = failure;
  }
}
