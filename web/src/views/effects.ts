import type { Effects } from '../data/payload';
import { choice } from '../ui/choice';
import { h } from '../ui/dom';
import { missing } from '../ui/missing';
import { heatTable } from './heat';
import type { Page } from './view';

/** A mean beyond so many standard errors is distinct from 0. */
const DISTINCT = 2;

/** Ablations and attributions of every head by probe and by pattern. */
export function effectsBlock(page: Page): Node[] {
  const { effects } = page.run.payload;
  const title = h('h3', {}, 'Ablation and attribution');
  if (effects.length === 0) {
    return [title, missing('Ablations and attributions are', 'curie scores RUN')];
  }
  const host = h('div');
  const meaning = h('p', { class: 'note' });
  const draw = (table: Effects): void => {
    meaning.textContent = `Mean over tokens: ${table.meaning}. Pale figures lie within two standard errors of 0.`;
    host.replaceChildren(
      heatTable(
        page,
        `Mean ${table.measure} by ${table.over}`,
        table.names,
        (row, component) => {
          const value = table.values[component][row];
          const error = table.errors[component][row];
          return value === null
            ? null
            : { value, error, distinct: error !== null && Math.abs(value) > DISTINCT * error };
        },
        table.measure === 'direct logit' ? 'logits' : 'nats',
      ),
    );
  };
  const measure = choice(
    'Measure',
    effects.map((table, i) => ({ value: String(i), label: `${table.measure}, by ${table.over}` })),
    (value) => draw(effects[Number(value)]),
  );
  const first = Math.max(
    0,
    effects.findIndex((table) => table.measure === 'mean ablation' && table.over === 'probe'),
  );
  measure.set(String(first));
  draw(effects[first]);
  return [title, h('div', { class: 'controls' }, measure.element), meaning, host];
}
