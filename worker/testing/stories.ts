import { expect } from "vitest";
import type { FailureClass } from "#lib/domain/failure";
import type { Dataset, Stream } from "#lib/domain/import";
import type { DatasetItem, ImportItem, StreamItem } from "#lib/domain/import-item";
import type { LicenseItem } from "#lib/domain/license-item";
import type { ToldFailure } from "#lib/domain/read-models";
import type { Story, Subject } from "./fault-bench.ts";

export function streamOf(shown: ImportItem, name: Stream): StreamItem {
  const stream = shown.streams.find((candidate) => candidate.name === name);
  if (!stream) throw new Error(`The import shows no stream ${name}.`);
  return stream;
}

export function datasetOf(shown: ImportItem, name: Dataset): DatasetItem {
  const dataset = shown.datasets.find((candidate) => candidate.name === name);
  if (!dataset) throw new Error(`The import shows no dataset ${name}.`);
  return dataset;
}

/** Everything a license says but when it was read. */
export const figuresOf = (licenses: readonly LicenseItem[]) =>
  licenses.map(({ asOf: _, ...figures }) => figures);

export const licenseOf = (licenses: readonly LicenseItem[], skuId: string): LicenseItem => {
  const license = licenses.find((candidate) => candidate.skuId === skuId);
  if (!license) throw new Error(`No license of ${skuId} is listed.`);
  return license;
};

/** Licenses that people hold. */
export const perUser = (licenses: readonly LicenseItem[]) =>
  licenses.filter((license) => license.type === "named-user");

/** What people see is what the clean import had published, the dataset's own date included. */
export function expectIntact({ before, after }: Story, dataset: Dataset = "directory"): void {
  const key = dataset === "sign-ins" ? "signIns" : dataset;
  const dates = (licenses: readonly LicenseItem[]) => licenses.map(({ asOf }) => asOf[key]);
  expect(before.length).toBeGreaterThan(3);
  expect(figuresOf(after)).toEqual(figuresOf(before));
  expect(dates(after)).toEqual(dates(before));
}

/** A failure as it should be told. */
export interface Told {
  readonly class: FailureClass;
  readonly code: string;
  /** What happened, in the words a person reads. */
  readonly what: RegExp;
}

/** The dataset failed in this stream, for this cause and in these words, and nothing that was published moved. */
export function expectFailed(
  story: Story,
  { stream, dataset = "directory", told }: { stream: Stream; dataset?: Dataset; told: Told },
): void {
  const { what, ...failure } = told;
  const failed = { state: "failed", error: { ...failure, what: expect.stringMatching(what) } };
  expect(streamOf(story.import, stream)).toMatchObject(failed);
  expect(datasetOf(story.import, dataset)).toMatchObject({ ...failed, publishedAt: null });
  if (dataset === "directory") expect(story.import.state).toBe("failed");
  const hidden = datasetOf(story.import, dataset).error?.hidden ?? "";
  expect(hidden).toMatch(/ stay those of \d{1,2} \w{3} \d{4}\.$/);
  expectIntact(story, dataset);
}

/** Requests of a stream since the faults were set, by page: `{page: requests}`. */
export function pagesAsked({ tenant }: Subject, stream: Stream | "token"): Record<number, number> {
  const asked: Record<number, number> = {};
  for (const entry of tenant.log.entries()) {
    if (entry.stream === stream) asked[entry.page] = (asked[entry.page] ?? 0) + 1;
  }
  return asked;
}

/** Requests of a stream since the faults were set. */
export const requestsOf = (subject: Subject, stream: Stream | "token"): number =>
  Object.values(pagesAsked(subject, stream)).reduce((sum, count) => sum + count, 0);

/** One optional report was not read, and said so; everything else is published. */
export function expectReportLost(
  { import: shown }: Story,
  error: Partial<Record<keyof ToldFailure, unknown>>,
): void {
  expect(shown.state).toBe("partial");
  expect(datasetOf(shown, "usage").state).toBe("succeeded");
  expect(streamOf(shown, "usage")).toMatchObject({
    state: "succeeded",
    error: { class: "upstream", hidden: expect.stringMatching(/Teams report/), ...error },
  });
}

/** Activity of every license of people, or why it is unknown. */
export const activityOf = ({ after }: Story) =>
  perUser(after).map(({ activity, unavailable }) => activity ?? unavailable.activity);
