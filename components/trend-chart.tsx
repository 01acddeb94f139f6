"use client";
import { Skeleton, Stack, Text } from "@mantine/core";
import dynamic from "next/dynamic";
import type { Overview } from "#lib/domain/overview";
import { Quantity } from "./quantity.tsx";
import classes from "./trend-chart.module.css";
import { EmptyState } from "./ui/empty-state.tsx";
import { formatDay } from "./ui/format.ts";
import { UnitsBar, UnitsLegend } from "./units-bar.tsx";

const Chart = dynamic(
  () => import("./trend-chart-plot.tsx").then((module) => module.TrendChartPlot),
  {
    ssr: false,
    loading: () => <Skeleton height={260} />,
  },
);

/**
 * Entitled, consumed and active over days. Days without a reading are hatched, never drawn as zero; a single day has no
 * line and is drawn as one bar. Seats.
 */
export function TrendChart(props: { readonly points: Overview["trend"]; readonly label: string }) {
  const [first, second] = props.points;
  if (first === undefined) {
    return (
      <EmptyState title="No figures yet" order={3}>
        The figures of each day are kept from the first import on.
      </EmptyState>
    );
  }
  return second === undefined ? <FirstDay point={first} /> : <Chart {...props} />;
}

function FirstDay({ point }: { readonly point: Overview["trend"][number] }) {
  return (
    <Stack gap="md" py="sm">
      <dl className={classes.day}>
        {(["entitled", "consumed", "active"] as const).map((field) => (
          <div key={field}>
            <dt>{field}</dt>
            <dd>
              <Quantity
                label={field}
                value={point[field]}
                subject={field === "active" ? "activity" : field}
                reason="not-reported"
              />
            </dd>
          </div>
        ))}
      </dl>
      <UnitsBar id="first-day" {...point} />
      <UnitsLegend />
      <Text size="sm" c="dimmed">
        {formatDay(point.day)} is the first day. Every day adds a point, and from the second on they
        make a line.
      </Text>
    </Stack>
  );
}
