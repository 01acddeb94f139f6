"use client";
import { Skeleton } from "@mantine/core";
import dynamic from "next/dynamic";
import type { Overview } from "#lib/domain/read-models";
import { EmptyState } from "./ui/empty-state.tsx";

const Chart = dynamic(
  () => import("./trend-chart-plot.tsx").then((module) => module.TrendChartPlot),
  {
    ssr: false,
    loading: () => <Skeleton height={260} />,
  },
);

/** Entitled, consumed and active over days. Days without a reading are hatched, never drawn as zero. */
export function TrendChart(props: { readonly points: Overview["trend"]; readonly label: string }) {
  if (props.points.length < 2) {
    return (
      <EmptyState title="No trend yet" order={3}>
        A line needs two days. The figures of each day are kept from the first import on.
      </EmptyState>
    );
  }
  return <Chart {...props} />;
}
