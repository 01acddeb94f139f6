import type { ImportItem } from "#lib/domain/import-item";
import { Callout } from "../ui/callout.tsx";
import { formatNumber } from "../ui/format.ts";
import { LinkButton } from "../ui/link.tsx";
import classes from "./import-proof.module.css";

/** Assigned seats of a published directory: ours and Microsoft's count of the same licenses. Seats. */
export interface SeatProof {
  readonly consumed: number;
  readonly reported: number;
  /** Licenses without one of the two counts: in neither sum. */
  readonly unknown: number;
}

/** The proof at the end of an import: which tenant, how much of it, and that the counts agree. */
export function ImportProof(props: {
  readonly item: ImportItem;
  readonly tenantName: string;
  readonly tenantId: string | null;
  /** Null while this import is not what the pages show. */
  readonly seats: SeatProof | null;
}) {
  const { item, seats } = props;
  const published = item.datasets.some(
    ({ name, publishedAt }) => name === "directory" && publishedAt !== null,
  );
  if (!published) return null;
  const users = item.streams.find(({ name }) => name === "users");
  return (
    <Callout
      tone="ok"
      live
      title={`${props.tenantName} is published`}
      actions={
        props.tenantId === null ? undefined : (
          <LinkButton href={`/licenses?tenant=${props.tenantId}`} size="sm">
            Review its licenses
          </LinkButton>
        )
      }
    >
      <dl className={classes.proof}>
        <div>
          <dt>Products</dt>
          <dd>{formatNumber(item.preview.length)}</dd>
        </div>
        {users !== undefined && (
          <div>
            <dt>Users read</dt>
            <dd>{formatNumber(users.rows)}</dd>
          </div>
        )}
        {seats !== null && (
          <div>
            <dt>Assigned seats, our count</dt>
            <dd>{formatNumber(seats.consumed)}</dd>
          </div>
        )}
        {seats !== null && (
          <div>
            <dt>Microsoft's count</dt>
            <dd>{formatNumber(seats.reported)}</dd>
          </div>
        )}
      </dl>
      {seats !== null && <p className={classes.verdict}>{verdict(seats)}</p>}
    </Callout>
  );
}

const verdict = ({ consumed, reported, unknown }: SeatProof): string => {
  const off = Math.abs(reported - consumed);
  const agreement =
    off === 0
      ? "The two counts agree to the seat."
      : `The two counts differ by ${formatNumber(off)}; each license says why.`;
  return unknown === 0
    ? agreement
    : `${agreement} ${formatNumber(unknown)} ${unknown === 1 ? "license has" : "licenses have"} no count of its own to compare and ${unknown === 1 ? "is" : "are"} left out.`;
};
