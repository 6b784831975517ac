import { timeColour } from '../../colour/clusters';
import type { Agreement, Dynamics, Form, Plane, PlanePoint } from '../../data/developmentPayload';
import { logStep, nearestStep, shortStep, stepTicks } from '../../data/logStep';
import { significant, stepText } from '../../format/numbers';
import { plainLine } from '../../text/visible';
import { toggle } from '../../ui/choice';
import { h, s } from '../../ui/dom';
import { exportable } from '../../ui/exports';
import { section } from '../../ui/section';
import type { DevelopmentPage } from './page';
import { planeChart, shapeOf } from './plane';
import { textTable, type TextColumn } from './tables';

const KINDS: readonly (readonly [PlanePoint['kind'], string])[] = [
  ['sharp-vertex', 'sharp turn'],
  ['flat-vertex', 'wide turn'],
  ['cusp', 'cusp'],
];

const POINT_COLUMNS: readonly TextColumn[] = [
  { title: 'plane' },
  { title: 'kind' },
  { title: 'step', number: true },
  { title: 'radius', number: true },
];

/** The path of the model's outputs through training, in planes of principal components. */
export function dynamicsView(page: DevelopmentPage, dynamics: Dynamics): HTMLElement {
  const { development, store } = page;
  let circles = true;
  const planes = dynamics.planes.map((plane) => planeChart(page, dynamics, plane, () => circles));
  const readout = h('p', { class: 'readout' });
  store.watch(['step'], ({ step }) => {
    readout.textContent =
      step === null
        ? 'Point at a trajectory, or give it the focus and use the arrow keys, to see the circle that touches it.'
        : stepValues(dynamics, nearestStep(dynamics.step, step));
  });
  return section(
    'dynamics',
    'Essential dynamics',
    'The outputs of every checkpoint on the same inputs, projected onto their first principal components over training. The smoothed path runs from early to late; the grey line is its evolute, the centres of the circles that touch it. Both axes of a plane have one scale, so circles are circles.',
    h(
      'div',
      { class: 'controls' },
      toggle('circles at turns', circles, (checked) => {
        circles = checked;
        planes.forEach((plane) => plane.redraw());
      }),
    ),
    legend(dynamics),
    readout,
    h(
      'div',
      { class: 'planes' },
      ...planes.map((plane, i) =>
        h(
          'div',
          { class: 'plane' },
          exportable(plane.element, 'Trajectory', ['picture'], {
            meaning: `Trajectory in the plane of components ${dynamics.planes[i].x} and ${dynamics.planes[i].y}`,
          }),
        ),
      ),
    ),
    forms(dynamics),
    h(
      'details',
      { class: 'more' },
      h('summary', {}, 'Turns and cusps of every plane'),
      textTable('Turns and cusps', POINT_COLUMNS, dynamics.planes.flatMap(pointRows)),
    ),
    agreements(development.payload.agreement),
  );
}

function stepValues(dynamics: Dynamics, i: number): string {
  const scores = dynamics.smooth.map(
    (values, component) =>
      `PC${component + 1} ${significant(values[i])} (raw ${significant(dynamics.scores[component][i])})`,
  );
  const radii = dynamics.planes.map(({ x, y, circles }) => `${significant(circles.radius[i], 2)} in PC${x} × PC${y}`);
  return `step ${stepText(dynamics.step[i])}: ${scores.join(', ')}; radius of curvature ${radii.join(', ')}`;
}

function legend(dynamics: Dynamics): HTMLElement {
  const [first, last] = [dynamics.step[0], dynamics.step[dynamics.step.length - 1]];
  const ramp = Array.from({ length: 9 }, (_, i) => timeColour(i / 8)).join(', ');
  const share = (step: number): number => (logStep(step) - logStep(first)) / (logStep(last) - logStep(first) || 1);
  const mark = (name: string, shape: SVGElement): HTMLElement =>
    h(
      'span',
      { class: 'mark-key' },
      s('svg', { width: 16, height: 16, viewBox: '-8 -8 16 16', 'aria-hidden': 'true' }, shape),
      name,
    );
  const present = KINDS.filter(([kind]) =>
    dynamics.planes.some((plane) => plane.points.some((point) => point.kind === kind)),
  );
  return h(
    'div',
    { class: 'legend dynamics-key' },
    h(
      'span',
      { class: 'time-key' },
      h('span', { class: 'time-ramp', style: `background-image: linear-gradient(to right, ${ramp})` }),
      h(
        'span',
        { class: 'time-ticks' },
        ...stepTicks(first, last, 6).map((step) =>
          h('span', { style: `left: ${100 * share(step)}%` }, shortStep(step)),
        ),
      ),
    ),
    mark('raw score', s('circle', { class: 'raw', r: 2.4 })),
    ...present.map(([kind, name]) => mark(name, s('path', { class: `vertex ${kind}`, d: shapeOf(kind, 0, 0) }))),
    dynamics.forms.length > 0 && mark('form', s('path', { class: 'form', d: 'M0,-7L6,0L0,7L-6,0Z' })),
  );
}

function forms(dynamics: Dynamics): HTMLElement {
  if (dynamics.forms.length === 0) {
    return h(
      'p',
      { class: 'note' },
      'No form was found: nowhere do all planes see a turn or a cusp at the same time and place.',
    );
  }
  const columns: TextColumn[] = [
    { title: 'step', number: true },
    { title: 'spread, checkpoints', hint: 'Between the earliest and the latest plane that sees it.', number: true },
    {
      title: 'discrepancy',
      hint: 'How far the planes disagree on the place, as a share of the trajectory’s size; 0 for a true form.',
      number: true,
    },
    ...dynamics.explained_variance.map((_, i) => ({ title: `PC${i + 1}`, number: true })),
  ];
  const row = (form: Form): string[] => [
    stepText(form.step),
    significant(form.spread, 2),
    significant(form.discrepancy, 2),
    ...form.position.map((value) => significant(value)),
  ];
  return h(
    'div',
    {},
    h('h3', {}, 'Forms: places that the path circles or turns back from, in every plane at once'),
    textTable('Forms', columns, dynamics.forms.map(row)),
  );
}

function pointRows(plane: Plane): string[][] {
  const names = new Map(KINDS);
  return plane.points.map((point) => [
    `PC${plane.x} × PC${plane.y}`,
    names.get(point.kind) ?? point.kind,
    stepText(point.step),
    significant(point.radius),
  ]);
}

/** How the boundaries of λ̂ and the trajectory agree, in sentences. */
function agreements(list: readonly Agreement[]): HTMLElement | null {
  const full = list.filter((entry) => entry.component === 'full');
  return full.length === 0
    ? null
    : h(
        'div',
        {},
        h('h3', {}, 'Do stages of λ̂ and of the trajectory agree?'),
        h(
          'ul',
          { class: 'caveats' },
          ...full.map((entry) =>
            h(
              'li',
              {},
              `Boundaries of ${plainLine(entry.component)}${entry.data === '' ? '' : ` on ${plainLine(entry.data)}`} lie ${significant(entry.mean_distance, 2)} log steps from the nearest ${entry.points === 'forms' ? 'form' : 'turn of PC1 × PC2'} on average, where chance gives ${significant(entry.chance_distance, 2)} (p = ${significant(entry.p_value, 2)}).`,
            ),
          ),
        ),
      );
}
