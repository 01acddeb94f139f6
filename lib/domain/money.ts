/** A decimal string with at most four places, never a float, and its ISO 4217 currency. Source: DESIGN §6. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** Price of one seat for one month. `list` is Microsoft's list price, `entered` the customer's own. */
export interface MonthlyPrice extends Money {
  readonly source: "list" | "entered";
  /** Date of the price as its source gives it (`2026-07-01`, `2026`), null when undated. */
  readonly asOf: string | null;
}

const amountPattern = /^(-?)(\d{1,15})(?:\.(\d{1,4}))?$/;

/** Whether the text is an amount: digits, optionally a point and up to four places, optionally a minus sign. */
export const isAmount = (text: string): boolean => amountPattern.test(text);

/** Ten-thousandths of the currency's unit. Throws RangeError on what is no amount. */
const parse = (amount: string): bigint => {
  const match = amountPattern.exec(amount);
  if (match === null) throw new RangeError("not a decimal amount with at most four places");
  const [, sign, whole = "0", places = ""] = match;
  const value = BigInt(whole + places.padEnd(4, "0"));
  return sign === "-" ? -value : value;
};

/** At least two places, more only where they are not zero. */
const print = (value: bigint): string => {
  const digits = (value < 0n ? -value : value).toString().padStart(5, "0");
  const places = digits.slice(-4).replace(/0{1,2}$/, "");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -4)}.${places}`;
};

/** The amount written the one way we write it: at least two places (`57` → `57.00`). Throws RangeError. */
export const normalAmount = (amount: string): string => print(parse(amount));

/** Exactly `units` times the amount. Throws RangeError when `units` is no whole number. */
export const multiplyMoney = (money: Money, units: number): Money => {
  if (!Number.isSafeInteger(units)) throw new RangeError("money is multiplied by whole units only");
  return { amount: print(parse(money.amount) * BigInt(units)), currency: money.currency };
};

/** The exact sum. Throws RangeError on two currencies: they are never added together. */
export const addMoney = (a: Money, b: Money): Money => {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} do not add`);
  return { amount: print(parse(a.amount) + parse(b.amount)), currency: a.currency };
};

/** Negative, 0 or positive, as amounts of one currency compare. Throws RangeError on two currencies. */
export const compareMoney = (a: Money, b: Money): number => {
  if (a.currency !== b.currency)
    throw new RangeError(`${a.currency} and ${b.currency} do not compare`);
  const [left, right] = [parse(a.amount), parse(b.amount)];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** One sum per currency, by currency code; empty for nothing. Source: DESIGN §5 (per currency, never added together). */
export const sumByCurrency = (amounts: readonly Money[]): readonly Money[] => {
  const sums = new Map<string, Money>();
  for (const money of amounts) {
    const sum = sums.get(money.currency);
    sums.set(money.currency, sum === undefined ? multiplyMoney(money, 1) : addMoney(sum, money));
  }
  return [...sums.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
};
