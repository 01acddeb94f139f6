import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  rem,
} from "@mantine/core";

/** Shade 7 carries white text at 5.6:1, shade 8 at 7:1; shade 4 is the link colour on dark at 6:1. */
const spruce: MantineColorsTuple = [
  "#e8f6f7",
  "#d0eaec",
  "#a3d3d7",
  "#72bbc1",
  "#4ba8af",
  "#3199a1",
  "#1f8a92",
  "#10747b",
  "#0b6167",
  "#064d52",
];

const dark: MantineColorsTuple = [
  "#d8dee4",
  "#b6c0ca",
  "#9aa6b2",
  "#6b7885",
  "#404b56",
  "#343e48",
  "#29313a",
  "#1f262d",
  "#181e24",
  "#11161b",
];

/** The one theme: calm neutrals, one accent of our own, state colours that hold AA on both schemes. */
export const theme = createTheme({
  primaryColor: "spruce",
  primaryShade: { light: 7, dark: 8 },
  colors: { spruce, dark },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: rem(24), lineHeight: "1.3" },
      h2: { fontSize: rem(17), lineHeight: "1.35" },
      h3: { fontSize: rem(15), lineHeight: "1.4" },
    },
  },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: {
        multiline: true,
        maw: 320,
        withArrow: true,
        openDelay: 200,
        events: { hover: true, focus: true, touch: true },
      },
    },
    Modal: {
      defaultProps: {
        centered: true,
        radius: "md",
        closeButtonProps: { "aria-label": "Close" },
      },
      styles: { title: { fontWeight: 620, lineHeight: 1.35, overflowWrap: "anywhere" } },
    },
    Select: {
      // The list itself scrolls: keyboards reach it from its field, which a region around it would hide.
      defaultProps: { withScrollArea: false },
      styles: { options: { maxHeight: rem(260), overflowY: "auto" } },
    },
    Anchor: { defaultProps: { underline: "hover" } },
  },
});

/** Own variables: page background, states as text and ground, and the three bar colours. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#57636f",
    "--mantine-color-placeholder": "#66727e",
    "--mantine-color-error": "#a3192c",
    "--sl-page": "#f5f7f8",
    "--sl-line": "#dde3e8",
    "--sl-ok": "#14603a",
    "--sl-ok-ground": "#e2f3e9",
    "--sl-risk": "#9b1c2c",
    "--sl-risk-ground": "#fdeaec",
    "--sl-warn": "#744600",
    "--sl-warn-ground": "#fdf0d5",
    "--sl-info": "#0b5a78",
    "--sl-info-ground": "#e3f1f8",
    "--sl-quiet": "#4a5560",
    "--sl-quiet-ground": "#edf0f3",
    "--sl-track": "#e4eaee",
    "--sl-track-edge": "#7d8c98",
    "--sl-consumed": "#4ba8af",
    "--sl-active": "#0d646a",
    "--sl-over": "#c22b3e",
    "--sl-unknown": "#46525d",
  },
  dark: {
    "--mantine-color-dimmed": "#9fabb6",
    "--mantine-color-placeholder": "#96a2ad",
    "--mantine-color-error": "#ff9ba6",
    "--sl-page": "#181e24",
    "--sl-line": "#343e48",
    "--sl-ok": "#86d9ab",
    "--sl-ok-ground": "#183425",
    "--sl-risk": "#ffa1ab",
    "--sl-risk-ground": "#40191f",
    "--sl-warn": "#f3c671",
    "--sl-warn-ground": "#3a2b10",
    "--sl-info": "#8bcdec",
    "--sl-info-ground": "#14323f",
    "--sl-quiet": "#b6c0ca",
    "--sl-quiet-ground": "#2f3842",
    "--sl-track": "#333d47",
    "--sl-track-edge": "#7b8894",
    "--sl-consumed": "#2f8890",
    "--sl-active": "#8fdde2",
    "--sl-over": "#ff8593",
    "--sl-unknown": "#c3ccd5",
  },
});
