import { h } from '../ui/dom';
import { heatTable } from './heat';
import type { Page } from './view';

/** Where the run does not tell its degrees of freedom, a value is distinct from 0 beyond so many errors. */
const DISTINCT_FROM = 2;

/** How the learning coefficients change with the data; nothing where the run does not hold that. */
export function slopesBlock(page: Page): Node[] {
  const { slopes, probes } = page.run.payload;
  if (slopes === null) {
    return [];
  }
  return [
    h('h3', {}, 'How learning coefficients change with the data'),
    h(
      'p',
      { class: 'note' },
      'dλ̂/dh with h the share of the probe mixed into the data: above 0, a little of the probe makes the component’s learning coefficient at this checkpoint larger. Pale figures are not distinct from 0.',
    ),
    heatTable(
      page,
      'Derivative of the learning coefficient with the share of each probe',
      probes.map((probe) => probe.name),
      (probe, component) => {
        const value = slopes.values[component][probe];
        const error = slopes.errors[component][probe];
        return value === null
          ? null
          : {
              value,
              error,
              distinct: error !== null && Math.abs(value) > (slopes.halfWidths[component] ?? DISTINCT_FROM) * error,
            };
      },
      'units of λ̂',
    ),
  ];
}
