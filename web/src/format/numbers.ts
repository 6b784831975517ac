const MINUS = '−';

export interface NumberScale {
  /** The power of ten in which numbers stand. */
  exponent: number;
  /** What numbers are multiplied by, as text: '' or '10⁻⁶ '. */
  prefix: string;
  /** With its sign, + or −. */
  signed(value: number | null): string;
  /** With a sign below 0 alone. */
  plain(value: number | null): string;
  unsigned(value: number | null): string;
}

/** How many decimals more than its largest value asks for a table may show for the sake of its smallest error. */
const MORE_DECIMALS = 2;

/** Numbers of these sizes, as powers of ten, are written in plain digits. */
const PLAIN = { from: -3, to: 5 };

/** The power of ten in which numbers of that size are written: 0 where plain digits do, else a power of a thousand. */
export function exponentOf(size: number): number {
  const magnitude = size > 0 && Number.isFinite(size) ? Math.floor(Math.log10(size)) : 0;
  return magnitude >= PLAIN.from && magnitude <= PLAIN.to ? 0 : 3 * Math.floor(magnitude / 3);
}

/**
 * One power of ten for all numbers of a table, the one of the largest where none is given; the largest shows `digits` digits, and the
 * smallest error at least one if that takes few more.
 */
export function numberScale(
  values: Iterable<number | null>,
  digits = 3,
  errors: readonly (number | null)[] = [],
  given?: number,
): NumberScale {
  let largest = 0;
  for (const value of values) {
    if (value !== null && Number.isFinite(value)) {
      largest = Math.max(largest, Math.abs(value));
    }
  }
  const magnitude = largest > 0 ? Math.floor(Math.log10(largest)) : 0;
  const exponent = given ?? exponentOf(largest);
  const usual = Math.max(0, digits - 1 - (magnitude - exponent));
  const positive = errors.filter((error): error is number => error !== null && Number.isFinite(error) && error > 0);
  const needed = positive.length === 0 ? 0 : exponent - Math.floor(Math.log10(Math.min(...positive)));
  const decimals = Math.max(usual, Math.min(needed, usual + MORE_DECIMALS));
  const unsigned = (value: number | null): string =>
    value === null || !Number.isFinite(value) ? 'n/a' : (Math.abs(value) / 10 ** exponent).toFixed(decimals);
  return {
    exponent,
    prefix: exponent === 0 ? '' : `10${superscript(exponent)} `,
    unsigned,
    plain: (value) => (value !== null && value < 0 ? MINUS : '') + unsigned(value),
    signed: (value) =>
      value === null || !Number.isFinite(value) ? 'n/a' : `${value < 0 ? MINUS : '+'}${unsigned(value)}`,
  };
}

function superscript(exponent: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return (exponent < 0 ? '⁻' : '') + [...String(Math.abs(exponent))].map((digit) => digits[Number(digit)]).join('');
}

/** A single number with so many significant digits and a real minus sign. */
export function significant(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return 'n/a';
  }
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-4 || size >= 1e6)
      ? size.toExponential(digits - 1)
      : String(Number(size.toPrecision(digits)));
  return (value < 0 ? MINUS : '') + text;
}

/** value ± error. */
export function withError(value: number | null, error: number | null): string {
  const scale = numberScale([value, error]);
  const unit = scale.prefix === '' ? '' : ` ×${scale.prefix.trim()}`;
  return error === null || !Number.isFinite(error)
    ? `${scale.plain(value)}${unit}`
    : `${scale.plain(value)} ± ${scale.unsigned(error)}${unit}`;
}

/** A share as a percentage. */
export function percent(share: number | null | undefined, decimals = 2): string {
  return share === null || share === undefined || !Number.isFinite(share)
    ? 'n/a'
    : `${share < 0 ? MINUS : ''}${Math.abs(100 * share).toFixed(decimals)} %`;
}

/** A whole number with thin spaces between thousands. */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u202F');
}

/** A value with its error in plain digits, the error with two of them: 12.31 ± 0.42. Large and small powers of ten stand behind. */
export function valueText(value: number | null, error: number | null): string {
  if (value === null || !Number.isFinite(value)) {
    return 'not known';
  }
  if (error === null || !(error > 0) || !Number.isFinite(error)) {
    return `${significant(value, 4)}${error === 0 ? ' ± 0' : ''}`;
  }
  const magnitude = Math.floor(Math.log10(Math.max(Math.abs(value), error)));
  const exponent = magnitude >= 5 || magnitude < -3 ? magnitude : 0;
  const decimals = Math.max(0, Math.min(12, 1 - Math.floor(Math.log10(error)) + exponent));
  const digits = (number: number): string => (Math.abs(number) / 10 ** exponent).toFixed(decimals);
  const text = `${value < 0 ? MINUS : ''}${digits(value)} ± ${digits(error)}`;
  return exponent === 0 ? text : `(${text})·10${superscript(exponent)}`;
}

/** A number of updates: whole from 100 on, else with two digits. */
export function stepText(step: number): string {
  return step >= 100 || Number.isInteger(step) ? whole(step) : String(Number(step.toPrecision(2)));
}
