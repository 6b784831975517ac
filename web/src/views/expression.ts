import type { PatternMean } from '../data/payload';
import { significant } from '../format/numbers';
import { toggle } from '../ui/choice';
import { h } from '../ui/dom';
import { missing } from '../ui/missing';
import { heatTable, type HeatCell } from './heat';
import type { Page } from './view';

const DISTINCT = 0.05;

/** Which token patterns every component expresses and suppresses. */
export function expressionBlock(page: Page): Node[] {
  const { run } = page;
  const title = h('h3', {}, 'Patterns that components express and suppress');
  const found = run.payload.analysis?.pattern_expression ?? [];
  if (found.length === 0) {
    return [title, missing('Token patterns are', 'curie structure RUN')];
  }
  const cells = new Map(found.map((entry) => [`${entry.component} ${entry.pattern}`, entry]));
  const patterns = [...new Set(found.map((entry) => entry.pattern))];
  const host = h('div');
  const draw = (apart: boolean): void => {
    const cell = (row: number, component: number): HeatCell | null => {
      const entry = cells.get(`${run.components[component]} ${patterns[row]}`);
      const mean: PatternMean | null | undefined = apart ? entry?.apart : entry?.expression;
      return entry && mean
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
    host.replaceChildren(
      heatTable(page, `Mean over the pattern’s tokens of ${run.payload.analysis?.view ?? 'χ'}`, patterns, cell, 's.d.'),
    );
  };
  draw(false);
  return [
    title,
    h(
      'p',
      { class: 'note' },
      'Blue: the component expresses the pattern; orange: it suppresses it. Pale figures are not distinct from 0 (q ≥ 0.05 over all of them).',
    ),
    h('div', { class: 'controls' }, toggle('less the mean of all components', false, draw)),
    host,
  ];
}
