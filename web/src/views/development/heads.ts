import { clusterColour } from '../../colour/clusters';
import type { ClusterGroup, Curve } from '../../data/developmentPayload';
import { headOf } from '../../data/heads';
import { nearestStep } from '../../data/logStep';
import { significant, stepText, valueText } from '../../format/numbers';
import { choice } from '../../ui/choice';
import { h } from '../../ui/dom';
import { exportable } from '../../ui/exports';
import { section } from '../../ui/section';
import { INTERVAL } from './marks';
import { headWay, highlighted, type DevelopmentPage } from './page';
import { linePanel, placesOf, type PanelLine } from './panel';

const HEIGHT = 360;
const ALL = 'all';

/** The curves of all heads in the colours of their clusters, and who belongs to which. */
export function headsView(page: DevelopmentPage): HTMLElement {
  const { development, store } = page;
  let layer = ALL;
  const lines = (): PanelLine[] =>
    development
      .headCurves(store.state.data)
      .filter((curve) => layer === ALL || headOf(curve.component)?.layer === Number(layer))
      .map((curve) => lineOf(page, curve));
  const chart = linePanel(page, () => ({
    label: 'Learning coefficients of heads over log step',
    title: `λ̂ of heads${store.state.data === '' ? '' : ` on ${store.state.data}`}`,
    height: HEIGHT,
    lines: lines(),
    named: true,
    chooses: true,
  }));
  const layers = [...new Set(development.payload.curves.flatMap((curve) => headOf(curve.component)?.layer ?? []))];
  const select = choice(
    'Layer',
    [
      { value: ALL, label: 'all' },
      ...layers.sort((a, b) => a - b).map((l) => ({ value: String(l), label: String(l) })),
    ],
    (value) => {
      layer = value;
      chart.redraw();
    },
  );
  const readout = h('p', { class: 'readout' });
  const legend = h('div', { class: 'clusters' });
  store.watch(['data'], ({ data }) => {
    chart.redraw();
    legend.replaceChildren(...clusters(page, data));
  });
  store.watch(['step', 'preview', 'pinned', 'data'], (state) => {
    const head = highlighted(state);
    for (const chip of legend.querySelectorAll<HTMLElement>('.head-chip')) {
      chip.classList.toggle('chosen', chip.dataset['head'] === head);
      chip.setAttribute('aria-pressed', String(chip.dataset['head'] === state.pinned));
    }
    const curve = head === null ? null : development.curve(state.data, head);
    readout.textContent = curve
      ? headText(page, curve, state.step)
      : 'Point at a head, or give it the focus, to see its band and its values; a click keeps it.';
  });
  return section(
    'heads',
    'Heads',
    'The smoothed learning coefficient of every head, in the colour of its cluster: heads whose curves have one shape. The chosen head shows its 95 % band and what was measured, with ±1 standard error.',
    layers.length > 1 ? h('div', { class: 'controls' }, select.element) : null,
    readout,
    exportable(chart.element, 'Heads over training', ['picture'], {
      meaning: 'Learning coefficient of every head over training',
    }),
    legend,
  );
}

function lineOf({ development }: DevelopmentPage, curve: Curve): PanelLine {
  const { measured, smooth } = curve;
  return {
    name: curve.component,
    heads: [curve.component],
    colour: clusterColour(development.member(curve.data, curve.component)?.hue ?? null),
    places: smooth.log_step.map((x, i) => ({ x, y: smooth.value[i], half: INTERVAL * smooth.value_sd[i] })),
    measured: placesOf(measured.step, measured.value, measured.se),
  };
}

function headText({ development }: DevelopmentPage, curve: Curve, step: number | null): string {
  const member = development.member(curve.data, curve.component);
  const cluster = member ? `, cluster ${member.cluster} (silhouette ${significant(member.silhouette, 2)})` : '';
  if (step === null) {
    return `${curve.component}${cluster}`;
  }
  const { measured } = curve;
  const i = nearestStep(measured.step, step);
  return `${curve.component}${cluster}; at step ${stepText(measured.step[i])} λ̂ ${valueText(measured.value[i], measured.se?.[i] ?? null)}`;
}

function clusters(page: DevelopmentPage, data: string): Node[] {
  const groups = page.development.groups(data);
  return groups.length === 0
    ? [
        h('p', { class: 'note' }, 'Heads of this data set were not clustered, which takes at least three.'),
        h(
          'div',
          { class: 'chips' },
          ...page.development.headCurves(data).map((curve) => headChip(page, data, curve.component)),
        ),
      ]
    : groups.flatMap((group) => groupLegend(page, data, group));
}

function groupLegend(page: DevelopmentPage, data: string, group: ClusterGroup): Node[] {
  const title = group.group === 'heads' ? 'All heads' : `Heads of layer ${group.group.slice(1)}`;
  return [
    h(
      'p',
      { class: 'note' },
      `${title}: ${group.clusters} clusters with a mean silhouette of ${significant(group.silhouette, 2)}. Agreement (adjusted Rand index, 1 where the clusters are the same) with other seeds ${significant(group.seed_agreement, 2)}, with other methods and normalisations ${significant(group.setting_agreement, 2)}.`,
    ),
    ...Array.from({ length: group.clusters }, (_, i) => {
      const heads = group.heads.filter((head) => head.cluster === i + 1).map((head) => head.component);
      return h(
        'div',
        { class: 'cluster' },
        h('span', { class: 'cluster-name' }, `cluster ${i + 1}`),
        h('span', { class: 'chips' }, ...heads.map((head) => headChip(page, data, head))),
      );
    }),
  ];
}

function headChip(page: DevelopmentPage, data: string, head: string): HTMLElement {
  const member = page.development.member(data, head);
  const button = h(
    'button',
    {
      type: 'button',
      class: 'chip head-chip',
      style: `--line: ${clusterColour(member?.hue ?? null)}`,
      'data-head': head,
    },
    h('span', { class: 'swatch', 'aria-hidden': 'true' }),
    head,
  );
  headWay(button, page, head);
  return button;
}
