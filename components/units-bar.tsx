import { formatNumber } from "./ui/format.ts";
import classes from "./units-bar.module.css";

const width = 200;
const height = 14;

export interface UnitsBarProps {
  /** Seats; null = not known. */
  readonly entitled: number | null;
  readonly consumed: number | null;
  readonly active: number | null;
  /** Unique on the page: names the hatch pattern. */
  readonly id: string;
}

const said = (value: number | null): string => (value === null ? "unknown" : formatNumber(value));

/**
 * Entitled as the track, consumed and active as fills; what exceeds the entitlement stands out beyond the track's
 * end. Anything not known is hatched, never empty.
 */
export function UnitsBar({ entitled, consumed, active, id }: UnitsBarProps) {
  const most = Math.max(entitled ?? 0, consumed ?? 0, 1);
  const scale = (seats: number): number => Math.max((seats / most) * width, seats > 0 ? 2 : 0);
  const over = entitled !== null && consumed !== null && consumed > entitled;
  const label = `Entitled ${said(entitled)}, consumed ${said(consumed)}, active ${said(active)}`;
  const trackWidth = entitled === null ? width : scale(entitled);
  return (
    <svg
      className={classes.bar}
      viewBox={`-1 0 ${width + 2} ${height}`}
      preserveAspectRatio="none"
      height={height}
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <defs>
        <pattern
          id={`hatch-${id}`}
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <line x1="0" y1="0" x2="0" y2="6" className={classes.hatch} />
        </pattern>
      </defs>
      <rect
        className={classes.track}
        x={0}
        y={1}
        width={trackWidth}
        height={height - 2}
        rx={2}
        vectorEffect="non-scaling-stroke"
      />
      {(entitled === null || consumed === null) && (
        <rect
          fill={`url(#hatch-${id})`}
          x={0}
          y={1}
          width={trackWidth}
          height={height - 2}
          rx={2}
        />
      )}
      {consumed !== null && (
        <rect
          className={classes.consumed}
          x={0}
          y={3}
          width={scale(over ? entitled : consumed)}
          height={height - 6}
          rx={1}
        />
      )}
      {over && (
        <rect
          className={classes.over}
          x={scale(entitled)}
          y={3}
          width={scale(consumed) - scale(entitled)}
          height={height - 6}
        />
      )}
      {active === null && consumed !== null && consumed > 0 && (
        <rect fill={`url(#hatch-${id})`} x={0} y={5} width={scale(consumed)} height={height - 10} />
      )}
      {active !== null && active > 0 && (
        <rect
          className={classes.active}
          x={0}
          y={5}
          width={scale(active)}
          height={height - 10}
          rx={1}
        />
      )}
      {over && (
        <line
          className={classes.limit}
          x1={scale(entitled)}
          x2={scale(entitled)}
          y1={0}
          y2={height}
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

/** What the colours of the bars mean. */
export function UnitsLegend() {
  return (
    <span className={classes.legend}>
      <span>
        <i style={{ background: "var(--sl-track)", outline: "1px solid var(--sl-track-edge)" }} />
        Entitled
      </span>
      <span>
        <i style={{ background: "var(--sl-consumed)" }} />
        Consumed
      </span>
      <span>
        <i style={{ background: "var(--sl-active)" }} />
        Active
      </span>
      <span>
        <i style={{ background: "var(--sl-over)" }} />
        Beyond the entitlement
      </span>
      <span>
        <i
          style={{
            background:
              "repeating-linear-gradient(45deg, var(--sl-track-edge) 0 2px, var(--sl-track) 2px 5px)",
          }}
        />
        Not known
      </span>
    </span>
  );
}
