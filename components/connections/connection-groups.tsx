import { Text, Title } from "@mantine/core";
import type { ConnectionCounts, ConnectionSum } from "#lib/domain/connection-counts";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { CardGrid } from "../ui/card-grid.tsx";
import { countOf, formatNumber } from "../ui/format.ts";
import { ConnectionCard } from "./connection-card.tsx";
import classes from "./connection-groups.module.css";
import type { StartImport } from "./primary-action.ts";

/** Cards under their enterprise, each heading with the counts of the whole group, whatever page is shown. */
export function ConnectionGroups(props: {
  /** In the order of their enterprises. */
  readonly connections: readonly ConnectionItem[];
  readonly counts: ConnectionCounts;
  readonly startImport: StartImport | null;
}) {
  const groups = [...Map.groupBy(props.connections, ({ enterprise }) => enterprise)];
  return groups.map(([enterprise, connections]) => {
    const sum = props.counts.enterprises.find((group) => group.enterprise === enterprise);
    const name = enterprise ?? "Without an enterprise";
    return (
      <section key={name} aria-label={name} className={classes.group}>
        <div className={classes.heading}>
          <Title order={2} size="h3" className="wrap-anywhere">
            <bdi>{name}</bdi>
          </Title>
          {sum !== undefined && (
            <Text size="sm" c="dimmed">
              {groupText(sum, connections.length)}
            </Text>
          )}
        </div>
        <CardGrid wide>
          {connections.map((connection) => (
            <ConnectionCard
              key={connection.id}
              connection={connection}
              startImport={props.startImport}
              headingOrder={3}
            />
          ))}
        </CardGrid>
      </section>
    );
  });
}

const groupText = (sum: ConnectionSum, shown: number): string =>
  [
    countOf(sum.connections, "connection"),
    sum.needRepair > 0 &&
      `${formatNumber(sum.needRepair)} ${sum.needRepair === 1 ? "needs" : "need"} repair`,
    shown < sum.connections && `${formatNumber(shown)} of them on this page`,
  ]
    .filter(Boolean)
    .join(" · ");
