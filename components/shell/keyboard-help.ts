const opening = "seatledger:keyboard-help";

/** Opens the help dialog from wherever it is asked for. */
export const openKeyboardHelp = (): void => {
  window.dispatchEvent(new Event(opening));
};

/** Calls back when help is asked for; returns the way to stop listening. */
export const onKeyboardHelp = (open: () => void): (() => void) => {
  window.addEventListener(opening, open);
  return () => window.removeEventListener(opening, open);
};
