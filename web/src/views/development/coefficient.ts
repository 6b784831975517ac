import { scaleLinear, type ScaleLinear } from 'd3-scale';
import type { Curve, Stage } from '../../data/developmentPayload';
import { logStep, nearestStep } from '../../data/logStep';
import { significant, stepText, valueText } from '../../format/numbers';
import { plainLine } from '../../text/visible';
import { leftAxis } from '../../ui/axis';
import { freshId, s } from '../../ui/dom';
import { stepAxis, stepChart, stepScale, type Chart, type Drawing } from './frame';
import { bandOf, INTERVAL, pathOf, point, rangeOf } from './marks';
import type { DevelopmentPage } from './page';

const MARGIN = { top: 46, right: 46, bottom: 44, left: 58 };
const COEFFICIENT_HEIGHT = 270;
const LOSS_HEIGHT = 130;
const GAP = 34;
const ROOM_FOR_TYPE = 46;
const ROOM_FOR_NUMBER = 13;

/** λ̂ over log step above the loss, each on an axis of its own, with the boundaries of stages through both. */
export function coefficientChart(page: DevelopmentPage, curve: () => Curve): Chart {
  return stepChart(page, 'Learning coefficient and loss over log step', (width) => draw(page, curve(), width));
}

/** What was measured nearest to the cursor. */
export function coefficientReadout(curve: Curve, step: number | null): string {
  if (step === null) {
    return 'Point at a chart, or give it the focus and use the arrow keys, to read values.';
  }
  const { measured } = curve;
  const i = nearestStep(measured.step, step);
  const loss = measured.loss ? `, loss ${significant(measured.loss[i], 4)}` : '';
  const health = isHealthy(measured.health[i]) ? '' : ` (${plainLine(measured.health[i])})`;
  return `${curve.component} at step ${stepText(measured.step[i])}: λ̂ ${valueText(measured.value[i], measured.se?.[i] ?? null)}${health}${loss}`;
}

export function isHealthy(health: string): boolean {
  return health === 'ok' || health === '';
}

function draw(page: DevelopmentPage, curve: Curve, width: number): Drawing {
  const { measured, smooth } = curve;
  const x = stepScale(page, width, MARGIN);
  const upper = MARGIN.top + COEFFICIENT_HEIGHT;
  const hasLoss = measured.loss !== null;
  const bottom = hasLoss ? upper + GAP + LOSS_HEIGHT : upper;
  const values = smooth.log_step.map((at, i) => ({ x: at, y: smooth.value[i], half: INTERVAL * smooth.value_sd[i] }));
  const points = measured.step.map((step, i) => ({
    x: logStep(step),
    y: measured.value[i],
    half: measured.se?.[i] ?? 0,
  }));
  const y = scaleLinear()
    .domain(rangeOf([...values, ...points].flatMap((entry) => [entry.y - entry.half, entry.y + entry.half])))
    .range([upper, MARGIN.top]);
  const clip = freshId('clip');
  const svg = s(
    'svg',
    { viewBox: `0 0 ${width} ${bottom + MARGIN.bottom}`, 'aria-hidden': 'true' },
    s(
      'clipPath',
      { id: clip },
      s('rect', {
        x: MARGIN.left,
        y: MARGIN.top,
        width: width - MARGIN.left - MARGIN.right,
        height: bottom - MARGIN.top,
      }),
    ),
    s('g', { 'clip-path': `url(#${clip})` }, ...boundaries(curve, x, bottom)),
    stepAxis(page, x, bottom, bottom),
    leftAxis(y, MARGIN.left, width - MARGIN.right, 6),
    s('text', { class: 'axis-title', x: 4, y: 12 }, `λ̂ of ${curve.component}`),
    ...curve.stages.flatMap((stage) => stageMark(stage, x)),
    s(
      'g',
      { 'clip-path': `url(#${clip})` },
      s('path', { class: 'interval', d: bandOf(values, x, y) }),
      s('path', { class: 'smooth', d: pathOf(values, x, y) }),
    ),
    ...points.map((at, i) => {
      const healthy = isHealthy(measured.health[i]);
      return point(at, x, y, healthy ? '' : 'unhealthy', healthy ? undefined : measured.health[i]);
    }),
    ...curve.left_out.map((left) => leftOut(x(logStep(left.step)), upper, left.reason)),
    ...(hasLoss ? lossPanel(curve, x, upper + GAP, bottom, width) : []),
    s(
      'text',
      { class: 'axis-title', x: width - MARGIN.right, y: bottom + 36, 'text-anchor': 'end' },
      'updates, log scale',
    ),
  );
  return { svg, x, top: MARGIN.top, bottom };
}

function lossPanel(curve: Curve, x: ScaleLinear<number, number>, top: number, bottom: number, width: number): Node[] {
  const { measured, smooth } = curve;
  const losses = measured.loss ?? [];
  const { loss, loss_sd: deviations } = smooth;
  const values = loss
    ? smooth.log_step.map((at, i) => ({ x: at, y: loss[i], half: INTERVAL * (deviations?.[i] ?? NaN) }))
    : [];
  const y = scaleLinear()
    .domain(rangeOf([...losses, ...values.map((entry) => entry.y)]))
    .range([bottom, top]);
  return [
    leftAxis(y, MARGIN.left, width - MARGIN.right, 4),
    s('text', { class: 'axis-title', x: 4, y: top - 10 }, 'loss'),
    s('path', { class: 'interval', d: bandOf(values, x, y) }),
    s('path', { class: 'smooth', d: pathOf(values, x, y) }),
    ...losses.map((value, i) => point({ x: logStep(measured.step[i]), y: value, half: 0 }, x, y)),
  ];
}

function boundaries(curve: Curve, x: ScaleLinear<number, number>, bottom: number): Node[] {
  return curve.boundaries.flatMap((boundary) => {
    const [low, at, high] = [boundary.low_step, boundary.step, boundary.high_step].map((step) => x(logStep(step)));
    return [
      s('rect', {
        class: boundary.divides ? 'boundary-interval' : 'boundary-interval weak',
        x: low,
        y: MARGIN.top,
        width: Math.max(1, high - low),
        height: bottom - MARGIN.top,
      }),
      s('line', {
        class: boundary.divides ? 'boundary' : 'boundary weak',
        x1: at,
        x2: at,
        y1: MARGIN.top,
        y2: bottom,
      }),
    ];
  });
}

/** A stage above the chart: a bar in the colour of its type, its number, and its type where there is room. */
function stageMark(stage: Stage, x: ScaleLinear<number, number>): Node[] {
  const [left, right] = [x(logStep(stage.from_step)), x(logStep(stage.to_step))];
  const room = right - left;
  const arrow = stage.type === 'A' ? ' A ↑' : stage.type === 'B' ? ' B ↓' : '';
  return [
    s('rect', {
      class: `stage-bar ${stage.type === 'A' ? 'up' : stage.type === 'B' ? 'down' : ''}`,
      x: left + 1,
      y: MARGIN.top - 7,
      width: Math.max(1, room - 2),
      height: 5,
    }),
    ...(room < ROOM_FOR_NUMBER
      ? []
      : [
          s(
            'text',
            { class: 'stage-label', x: (left + right) / 2, y: MARGIN.top - 12, 'text-anchor': 'middle' },
            `${stage.stage}${room < ROOM_FOR_TYPE ? '' : arrow}`,
          ),
        ]),
  ];
}

function leftOut(x: number, y: number, reason: string): SVGGElement {
  return s(
    'g',
    { class: 'left-out' },
    s('path', { d: `M${x - 4},${y - 4}L${x + 4},${y + 4}M${x - 4},${y + 4}L${x + 4},${y - 4}` }),
    s('title', {}, reason),
  );
}
