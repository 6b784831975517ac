import { unitsOf } from '../data/chainUnits';
import type { ComponentHealth } from '../data/payload';
import { significant } from '../format/numbers';
import { shown } from '../state/selection';
import { choice } from '../ui/choice';
import { h } from '../ui/dom';
import { exportable } from '../ui/exports';
import { section } from '../ui/section';
import { SortableTable } from '../ui/sortable';
import { sentenceNodes } from '../ui/text';
import { sparkline, traceChart } from './traceChart';
import type { Page } from './view';

interface Row {
  run: number;
  health: ComponentHealth;
}

const FIGURES: readonly (readonly [string, string, string])[] = [
  ['R̂', 'split_r_hat', 'Split R̂: agreement of the chains; above 1.05 they disagree.'],
  ['ESS', 'effective_sample_size', 'How many independent draws all draws together are worth.'],
  ['τ', 'autocorrelation_time', 'Integrated autocorrelation time, in draws.'],
  ['E[P] − L0', 'excess', 'The mean loss above that of the checkpoint, nats.'],
  ['lost', 'knowledge_lost', 'The share of what the model knows that is lost: 0 at the checkpoint’s loss, 1 at ln V.'],
  ['below L0', 'fraction_below_init_loss', 'The share of draws below the checkpoint’s loss.'],
  ['distance', 'distance', 'The root mean square of ‖w − w*‖ at the end.'],
  [
    'shadow',
    'shadow_distance',
    'The distance of a chain’s perturbed shadow from it, as a share of its own distance from w*; mean over draws.',
  ],
  [
    'growth',
    'shadow_growth',
    'That distance in the last third of the draws over that in the middle third; well above 1 the response did not settle.',
  ],
  [
    'non-linear',
    'perturbation_nonlinearity',
    'How far the responses to the perturbation and to its opposite differ, as a share of their size; above 0.1 the perturbation is too large.',
  ],
  ['temperature', 'temperature', '1 for the posterior itself; above it by the heat of step size and minibatch noise.'],
  ['acceptance', 'mala_acceptance', 'How often a Metropolis test would accept the steps.'],
];

/** The chains of one component, and the diagnostics of all. */
export function tracesView(page: Page): HTMLElement {
  const { run, store } = page;
  const { chainsPerUnit } = run.payload.shape;
  const rows = run.payload.health
    .map((health, i): Row => ({ run: i, health }))
    .filter((row) => row.run > 0 || run.holdsFull);
  const figures = FIGURES.filter(([, key]) => rows.some(({ health }) => figure(health, key) !== null));
  const chart = h('div', { class: 'chart' });
  const notes = h('ul', { class: 'caveats' });
  let chosen = rows[0]?.run ?? 0;
  const select = choice(
    'Component',
    rows.map(({ run: i, health }) => ({ value: String(i), label: health.component })),
    (value) => draw(Number(value)),
  );
  const table = new SortableTable<Row>(
    'Diagnostics of every component',
    [
      { title: 'component', key: ({ health }) => health.component, cell: ({ health }) => health.component },
      { title: 'trace', key: ({ run: i }) => i, cell: ({ run: i }) => sparkline(run, i) },
      {
        title: chainsPerUnit === 1 ? 'chains' : 'pairs',
        hint: `Healthy ${chainsPerUnit === 1 ? 'chains' : 'pairs of chains'} of all.`,
        key: ({ health }) => unitsOf(health.chains, chainsPerUnit).healthy,
        cell: ({ health }) => {
          const { healthy, all } = unitsOf(health.chains, chainsPerUnit);
          return `${healthy} of ${all}`;
        },
        numeric: true,
      },
      ...figures.map(([title, key, hint]) => ({
        title,
        hint,
        key: ({ health }: Row) => figure(health, key),
        cell: ({ health }: Row) => significant(figure(health, key)),
        numeric: true,
      })),
      {
        title: 'notes',
        key: ({ health }) => health.notes.length,
        cell: ({ health }) => (health.notes.length === 0 ? '' : String(health.notes.length)),
        numeric: true,
      },
    ],
    (row) => ({
      class: row.run === chosen ? 'chosen' : row.health.notes.length > 0 ? 'noted' : undefined,
      select: () => draw(row.run),
    }),
  );
  const draw = (component: number): void => {
    chosen = component;
    select.set(String(component));
    chart.replaceChildren(traceChart(run, component));
    notes.replaceChildren(
      ...(run.payload.health[component]?.notes ?? []).map((note) => h('li', {}, ...sentenceNodes(note))),
    );
    table.show(rows);
  };
  draw(chosen);
  store.watch(['locked'], ({ locked }) => {
    const last = shown(locked, null).at(-1);
    if (last !== undefined) {
      draw(last + 1);
    }
  });
  return section(
    'traces',
    'Traces and diagnostics',
    run.payload.scan
      ? 'The mean loss P at every draw, beside L0, the loss of the checkpoint itself. The draws are independent; each line holds those of one sign of one set of pairs.'
      : 'The mean loss P at every draw of every chain, beside L0, the loss of the checkpoint itself. Chains that agree, wander freely and do not drift can be trusted.',
    h('div', { class: 'controls' }, select.element),
    exportable(chart, 'Traces', ['picture'], { meaning: 'Traces: the mean loss at every draw of every chain' }),
    notes,
    table.element,
    h(
      'p',
      { class: 'note' },
      'Choosing a row shows its chains' +
        (run.holdsFull
          ? '; full is the run of all weights at once.'
          : '; full, the run of all weights at once, was not sampled.'),
    ),
  );
}

function figure(health: ComponentHealth, key: string): number | null {
  const { diagnostics } = health;
  const [mean, init] = [diagnostics['mean_loss'], diagnostics['init_loss']];
  return key === 'excess'
    ? typeof mean === 'number' && typeof init === 'number'
      ? mean - init
      : null
    : (diagnostics[key] ?? null);
}
