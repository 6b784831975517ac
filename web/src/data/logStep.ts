/** The time axis of all stage finding, which has a place for step 0. */
export function logStep(step: number): number {
  return Math.log1p(step);
}

/** The index of the number nearest to another in a rising list; −1 in an empty one. */
export function nearestIndex(values: readonly number[], wanted: number): number {
  let best = -1;
  values.forEach((value, i) => {
    if (best < 0 || Math.abs(value - wanted) < Math.abs(values[best] - wanted)) {
      best = i;
    }
  });
  return best;
}

/** The index of the step nearest to another on the axis. */
export function nearestStep(steps: readonly number[], wanted: number): number {
  return nearestIndex(steps.map(logStep), logStep(wanted));
}

const LEAST_TICKS = 3;

/** Steps that name places between two steps: 0 and the powers of ten, where there is room three times these; even ones where the range holds too few. */
export function stepTicks(first: number, last: number, most: number): number[] {
  const inside = (step: number): boolean => step >= first && step <= last;
  const powers: number[] = [0];
  for (let power = 1; power <= last; power *= 10) {
    powers.push(power);
  }
  const finer = powers.flatMap((power) => (power === 0 ? [0] : [power, 3 * power]));
  const found = [finer, powers].map((ticks) => ticks.filter(inside)).find((ticks) => ticks.length <= most);
  if (found && found.length >= LEAST_TICKS) {
    return found;
  }
  const every = found ? null : powers.filter(inside);
  return every
    ? every.filter((_, i) => i % Math.ceil(every.length / most) === 0)
    : evenTicks(first, last, Math.min(most, LEAST_TICKS + 1));
}

function evenTicks(first: number, last: number, most: number): number[] {
  const span = last - first;
  if (!(span > 0)) {
    return [first];
  }
  const rough = 10 ** Math.floor(Math.log10(span / most));
  const step = [1, 2, 5, 10].map((factor) => factor * rough).find((size) => span / size <= most) ?? span;
  const ticks: number[] = [];
  for (let tick = Math.ceil(first / step) * step; tick <= last; tick += step) {
    ticks.push(tick);
  }
  return ticks;
}

/** A step on an axis: 1k for a thousand. */
export function shortStep(step: number): string {
  const size = step >= 1e6 ? 1e6 : step >= 1000 ? 1000 : 1;
  return `${Number((step / size).toPrecision(3))}${size === 1e6 ? 'M' : size === 1000 ? 'k' : ''}`;
}
