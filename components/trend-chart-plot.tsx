"use client";
import { LineChart } from "@mantine/charts";
import { ReferenceArea } from "recharts";
import type { Overview } from "#lib/domain/overview";
import { formatDay, formatNumber } from "./ui/format.ts";

type Point = Overview["trend"][number];

const series = [
  { name: "entitled", label: "Entitled", color: "var(--sl-track-edge)", strokeDasharray: "6 4" },
  { name: "consumed", label: "Consumed", color: "var(--sl-consumed)" },
  { name: "active", label: "Active", color: "var(--sl-active)" },
];

/** Stretches of days on which nothing was known, as pairs of days. */
const gapsOf = (points: readonly Point[]): readonly (readonly [string, string])[] => {
  const gaps: [string, string][] = [];
  let start: number | null = null;
  points.forEach((point, index) => {
    const blank = point.entitled === null && point.consumed === null;
    if (blank && start === null) start = Math.max(0, index - 1);
    if (start !== null && (!blank || index === points.length - 1)) {
      gaps.push([points[start]?.day ?? point.day, point.day]);
      start = null;
    }
  });
  return gaps;
};

/** The drawn part of `TrendChart`; loaded on its own, because charts are heavy. */
export function TrendChartPlot(props: {
  readonly points: readonly Point[];
  readonly label: string;
}) {
  const last = props.points.at(-1);
  const said = (value: number | null | undefined): string =>
    value === null || value === undefined ? "unknown" : formatNumber(value);
  return (
    <figure style={{ margin: 0 }} aria-label={props.label}>
      <LineChart
        h={260}
        data={props.points.map((point) => ({ ...point }))}
        dataKey="day"
        series={series}
        curveType="linear"
        connectNulls={false}
        withDots={props.points.length < 32}
        withLegend
        legendProps={{ verticalAlign: "bottom" }}
        valueFormatter={formatNumber}
        xAxisProps={{ tickFormatter: formatDay, minTickGap: 40 }}
        yAxisProps={{ width: 64 }}
        tooltipProps={{ labelFormatter: (label) => formatDay(String(label)) }}
        gridAxis="y"
      >
        <defs>
          <pattern
            id="trend-gap"
            width="7"
            height="7"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <line x1="0" y1="0" x2="0" y2="7" stroke="var(--sl-track-edge)" strokeWidth="1.5" />
          </pattern>
        </defs>
        {gapsOf(props.points).map(([from, to]) => (
          <ReferenceArea key={from} x1={from} x2={to} fill="url(#trend-gap)" fillOpacity={0.5} />
        ))}
      </LineChart>
      {last !== undefined && (
        <figcaption style={{ fontSize: "0.8125rem", color: "var(--mantine-color-dimmed)" }}>
          On {formatDay(last.day)}: entitled {said(last.entitled)}, consumed {said(last.consumed)},
          active {said(last.active)}. Hatched days were not read.
        </figcaption>
      )}
    </figure>
  );
}
