import type { Failure } from "#lib/domain/failure";
import { decideHold } from "#lib/domain/hold";
import type { Dataset } from "#lib/domain/import";
import { toUtcDay } from "#lib/domain/utc-day";
import type { Hold, RunFacts } from "./ports.ts";

/** What a complete read deserves. */
export type Verdict =
  | { readonly kind: "publish" }
  | { readonly kind: "hold"; readonly hold: Hold }
  | { readonly kind: "fail"; readonly failure: Failure };

/** Rows that were committed and are not there: nothing of such a run may be seen. Source: DESIGN §4.5. */
function lostRows(facts: RunFacts): Failure | null {
  const lossy = facts.reads.find((read) => read.storedRows + read.duplicates !== read.manifestRows);
  if (lossy === undefined) return null;
  const { read, manifestRows, storedRows, duplicates } = lossy;
  const found = { read, expected: manifestRows - duplicates, found: storedRows };
  return { class: "system", code: "rows-lost", facts: found };
}

/** Judges a run that was read to its end, on the day `now` is in. Source: DESIGN §4.5, lib/domain/hold. */
export function judge(dataset: Dataset, facts: RunFacts, now: Date): Verdict {
  const failure = lostRows(facts);
  if (failure !== null) return { kind: "fail", failure };
  const evaluatedOn = toUtcDay(now);
  if (evaluatedOn === null) throw new RangeError("The clock gives no date.");
  const reportDates = facts.reads.map((read) => read.refreshedOn);
  const reasons = decideHold({ dataset, facts, evaluatedOn, reportDates });
  if (reasons.length === 0) return { kind: "publish" };
  const hold = { reasons, before: facts.published, after: facts.current };
  const beside = reasons.includes("other-source-disagrees") ? facts.beside : null;
  const links = reasons.includes("links-changed") ? facts.links : null;
  return {
    kind: "hold",
    hold: { ...hold, ...(beside ? { beside } : {}), ...(links ? { links } : {}) },
  };
}
