import { clusterColour } from '../../colour/clusters';
import { headsOf, WHOLE } from '../../data/development';
import type { Score, ScoreLine } from '../../data/developmentPayload';
import { nearestStep } from '../../data/logStep';
import { stepText, valueText } from '../../format/numbers';
import { plainLine } from '../../text/visible';
import { h } from '../../ui/dom';
import { exportable } from '../../ui/exports';
import { section } from '../../ui/section';
import { highlighted, type DevelopmentPage } from './page';
import { linePanel, placesOf, type PanelLine } from './panel';

const HEIGHT = 220;
const MOST_FIRST = 6;

/** What is shown unasked, the most telling first, where it is there. */
const FIRST = [
  'in_context_learning',
  'prefix_matching',
  'previous_token',
  'bigram',
  'mean_ablation',
  'icl_1_8',
  'loss',
  'task_prior',
  'ridge_distance',
  'variability',
  'entropy',
];

/** Scores over training as small charts on one axis, of which a reader chooses. */
export function scoresView(page: DevelopmentPage): HTMLElement {
  const { development } = page;
  const charts = new Map<Score, HTMLElement>();
  const host = h('div', { class: 'multiples' });
  const shown = new Set(firstScores(development.scores));
  const draw = (): void => {
    const wanted = development.scores.filter((score) => shown.has(score));
    host.replaceChildren(
      ...wanted.map((score) => {
        const chart = charts.get(score) ?? scoreChart(page, score);
        charts.set(score, chart);
        return chart;
      }),
    );
  };
  const button = (score: Score): HTMLElement => {
    const element = h(
      'button',
      { type: 'button', class: 'chip', 'aria-pressed': String(shown.has(score)) },
      title(score.score),
    );
    element.addEventListener('click', () => {
      if (!shown.delete(score)) {
        shown.add(score);
      }
      element.setAttribute('aria-pressed', String(shown.has(score)));
      draw();
    });
    return element;
  };
  const choices = (label: string, scores: readonly Score[]): HTMLElement | null =>
    scores.length === 0
      ? null
      : h(
          'div',
          { class: 'score-choice', role: 'group', 'aria-label': label },
          h('p', { class: 'label' }, label),
          h('div', { class: 'chips' }, ...scores.map(button)),
        );
  draw();
  return section(
    'scores',
    'Scores',
    'What the model and its heads do, checkpoint by checkpoint, on the same axis as the learning coefficients. Bands are ±1 standard error where one is known; lines of heads have the colours of their clusters.',
    choices('Scores of heads', development.partScores),
    choices('Scores of the model', development.modelScores),
    host,
  );
}

function firstScores(scores: readonly Score[]): Score[] {
  const telling = FIRST.flatMap((name) => scores.find((score) => score.score === name) ?? []);
  return (telling.length > 0 ? telling : scores).slice(0, MOST_FIRST);
}

function title(name: string): string {
  return plainLine(name.replaceAll('_', ' '));
}

function scoreChart(page: DevelopmentPage, score: Score): HTMLElement {
  const { development, store } = page;
  const lines = (): PanelLine[] => score.lines.map((line) => lineOf(page, line));
  const chart = linePanel(page, () => ({
    label: `${title(score.score)} over log step`,
    title: title(score.score),
    height: HEIGHT,
    lines: lines(),
    named: score.lines.length > 1 && score.lines.every((line) => headsOf(line).length === 1),
    chooses: true,
  }));
  const readout = h('p', { class: 'readout' });
  store.watch(['data'], () => chart.redraw());
  store.watch(['step', 'preview', 'pinned'], (state) => {
    const head = highlighted(state);
    const line = score.lines.length === 1 ? score.lines[0] : score.lines.find((entry) => entry.component === head);
    readout.textContent = line && state.step !== null && development.steps.length > 0 ? valueOf(line, state.step) : '';
  });
  return h(
    'div',
    { class: 'multiple' },
    exportable(chart.element, 'Scores over training', ['picture'], { meaning: `${title(score.score)} over training` }),
    readout,
  );
}

function valueOf(line: ScoreLine, step: number): string {
  const i = nearestStep(line.step, step);
  return `${line.component === WHOLE ? 'model' : line.component} at step ${stepText(line.step[i])}: ${valueText(line.value[i], line.se?.[i] ?? null)}`;
}

function lineOf({ development, store }: DevelopmentPage, line: ScoreLine): PanelLine {
  const heads = headsOf(line);
  const places = placesOf(line.step, line.value, line.se);
  const member = heads.length === 1 ? development.member(store.state.data, heads[0]) : null;
  return { name: line.component, heads, colour: clusterColour(member?.hue ?? null), places, measured: places };
}
