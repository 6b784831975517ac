import type { PatternExpression, PatternMean } from '../data/payload';
import { significant } from '../format/numbers';
import { heatTable, type HeatCell } from './heat';
import type { Page } from './view';

const DISTINCT = 0.05;

/** Means over named sets of tokens × components, in units of each component's standard deviation over tokens. */
export function patternTable(
  page: Page,
  caption: string,
  entries: readonly PatternExpression[],
  choose: (entry: PatternExpression) => PatternMean | null,
): HTMLElement {
  const { run } = page;
  const cells = new Map(entries.map((entry) => [`${entry.component} ${entry.pattern}`, entry]));
  const names = [...new Set(entries.map((entry) => entry.pattern))];
  const cell = (row: number, component: number): HeatCell | null => {
    const entry = cells.get(`${run.components[component]} ${names[row]}`);
    const mean = entry && choose(entry);
    return mean
      ? {
          value: mean.mean,
          error: mean.standard_error,
          more: [
            ['q', significant(mean.q, 2)],
            ['tokens', String(entry.tokens)],
          ],
          distinct: mean.q !== null && mean.q < DISTINCT,
        }
      : null;
  };
  return heatTable(page, caption, names, cell, 's.d.');
}
