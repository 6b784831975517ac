import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { timeColour } from '../../colour/clusters';
import type { Dynamics, Plane, PlanePoint } from '../../data/developmentPayload';
import { evolutePieces, type Box } from '../../data/evolute';
import { logStep, nearestStep } from '../../data/logStep';
import { significant, stepText } from '../../format/numbers';
import { bottomAxis, leftAxis } from '../../ui/axis';
import { freshId, s } from '../../ui/dom';
import { fluid, type Chart } from './frame';
import { stepKeys, type DevelopmentPage } from './page';

const MARGIN = { top: 14, right: 14, bottom: 44, left: 58 };
const ROOM = 0.14;
const FLATTEST = 0.28;
const TALLEST = 0.8;
const LABEL = { width: 34, height: 13 };

/** Beyond so many diagonals of the frame a circle of curvature is drawn as nothing: the path is straight. */
const STRAIGHT = 3;

interface Frame {
  x: ScaleLinear<number, number>;
  y: ScaleLinear<number, number>;
  box: Box;
  /** Points for a unit of either axis. */
  unit: number;
}

/** The trajectory in the plane of two principal components, whose axes have the same scale. */
export function planeChart(page: DevelopmentPage, dynamics: Dynamics, plane: Plane, circles: () => boolean): Chart {
  const { store } = page;
  const [xs, ys] = [dynamics.smooth[plane.x - 1], dynamics.smooth[plane.y - 1]];
  let frame: Frame | null = null;
  let svg: SVGSVGElement | null = null;
  let overlay = s('g');
  const place = (): void => {
    const { step } = store.state;
    overlay.replaceChildren(
      ...(frame && step !== null ? cursor(dynamics, plane, frame, nearestStep(dynamics.step, step)) : []),
    );
  };
  const chart = fluid((width) => {
    const drawn = draw(dynamics, plane, width, circles());
    ({ frame, svg, overlay } = drawn);
    place();
    return svg;
  });
  const follow = (event: PointerEvent): void => {
    if (frame && svg) {
      const bounds = svg.getBoundingClientRect();
      const [px, py] = [event.clientX - bounds.left, event.clientY - bounds.top];
      const { x, y } = frame;
      const distances = xs.map((value, i) => Math.hypot(x(value) - px, y(ys[i]) - py));
      store.update({ step: dynamics.step[distances.indexOf(Math.min(...distances))] });
    }
  };
  chart.element.addEventListener('pointermove', follow);
  chart.element.addEventListener('pointerdown', follow);
  stepKeys(chart.element, page, `Trajectory in the plane of components ${plane.x} and ${plane.y}`);
  store.watch(['step'], place);
  return chart;
}

function frameOf(dynamics: Dynamics, plane: Plane, width: number): { frame: Frame; height: number } {
  const range = (component: number): [number, number] => {
    const values = [...dynamics.smooth[component - 1], ...dynamics.scores[component - 1]];
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = ROOM * (high - low || 1);
    return [low - room, high + room];
  };
  const [[left, right], [low, high]] = [range(plane.x), range(plane.y)];
  const inner = Math.max(80, width - MARGIN.left - MARGIN.right);
  const tall = Math.max(FLATTEST, Math.min(TALLEST, (high - low) / (right - left))) * inner;
  const unit = Math.min(inner / (right - left), tall / (high - low));
  const [middle, level] = [(left + right) / 2, (low + high) / 2];
  const box = {
    left: middle - inner / unit / 2,
    right: middle + inner / unit / 2,
    low: level - tall / unit / 2,
    high: level + tall / unit / 2,
  };
  const height = MARGIN.top + tall + MARGIN.bottom;
  return {
    height,
    frame: {
      x: scaleLinear()
        .domain([box.left, box.right])
        .range([MARGIN.left, MARGIN.left + inner]),
      y: scaleLinear()
        .domain([box.low, box.high])
        .range([MARGIN.top + tall, MARGIN.top]),
      box,
      unit,
    },
  };
}

function draw(
  dynamics: Dynamics,
  plane: Plane,
  width: number,
  circles: boolean,
): { frame: Frame; svg: SVGSVGElement; overlay: SVGGElement } {
  const { frame, height } = frameOf(dynamics, plane, width);
  const { x, y, box } = frame;
  const clip = freshId('clip');
  const [xs, ys] = [dynamics.smooth[plane.x - 1], dynamics.smooth[plane.y - 1]];
  const [rawX, rawY] = [dynamics.scores[plane.x - 1], dynamics.scores[plane.y - 1]];
  const overlay = s('g', { class: 'plane-cursor' });
  const right = x(box.right);
  const bottom = y(box.low);
  const share = (component: number): string => `${significant(100 * dynamics.explained_variance[component - 1], 2)} %`;
  const svg = s(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' },
    s(
      'clipPath',
      { id: clip },
      s('rect', { x: MARGIN.left, y: MARGIN.top, width: right - MARGIN.left, height: bottom - MARGIN.top }),
    ),
    leftAxis(y, MARGIN.left, right, Math.max(3, Math.round((bottom - MARGIN.top) / 60))),
    bottomAxis(x, bottom, Math.max(3, Math.round((right - MARGIN.left) / 80))),
    s(
      'text',
      { class: 'axis-title', x: right, y: height - 6, 'text-anchor': 'end' },
      `PC${plane.x} (${share(plane.x)}) →`,
    ),
    s(
      'text',
      { class: 'axis-title', transform: `translate(12 ${MARGIN.top}) rotate(-90)`, 'text-anchor': 'end' },
      `PC${plane.y} (${share(plane.y)}) →`,
    ),
    s(
      'g',
      { 'clip-path': `url(#${clip})` },
      ...evolutePieces(plane.circles, box).map((piece) =>
        s('path', {
          class: 'evolute',
          d: `M${piece.map(([a, b]) => `${x(a).toFixed(2)},${y(b).toFixed(2)}`).join('L')}`,
        }),
      ),
      ...(circles ? plane.points.flatMap((point) => vertexCircle(point, frame)) : []),
      ...rawX.map((value, i) => s('circle', { class: 'raw', cx: x(value), cy: y(rawY[i]), r: 2.2 })),
      ...xs.slice(1).map((value, i) =>
        s('path', {
          class: 'trajectory',
          d: `M${x(xs[i]).toFixed(2)},${y(ys[i]).toFixed(2)}L${x(value).toFixed(2)},${y(ys[i + 1]).toFixed(2)}`,
          style: `stroke: ${timeColour(shareOf(dynamics, i + 0.5))}`,
        }),
      ),
      ...pointMarks(dynamics, plane, frame),
      overlay,
    ),
  );
  return { frame, svg, overlay };
}

/** A place between checkpoints as a share of the log step axis. */
function shareOf(dynamics: Dynamics, index: number): number {
  const times = dynamics.step.map(logStep);
  return (between(times, index) - times[0]) / (times[times.length - 1] - times[0] || 1);
}

/** A list at an index between its places. */
function between(values: readonly number[], index: number): number {
  const before = Math.max(0, Math.min(values.length - 2, Math.floor(index)));
  return values[before] + (index - before) * (values[before + 1] - values[before]);
}

function vertexCircle(point: PlanePoint, frame: Frame): Node[] {
  return point.radius > 0 && point.radius <= farthest(frame)
    ? [
        s('circle', {
          class: 'vertex-circle',
          cx: frame.x(point.x),
          cy: frame.y(point.y),
          r: point.radius * frame.unit,
        }),
      ]
    : [];
}

function farthest({ box }: Frame): number {
  return STRAIGHT * Math.hypot(box.right - box.left, box.high - box.low);
}

/** Vertices and cusps on the trajectory and forms where they lie, with their steps where there is room. */
function pointMarks(dynamics: Dynamics, plane: Plane, frame: Frame): Node[] {
  const { x, y } = frame;
  const taken: { x: number; y: number }[] = [];
  const label = (px: number, py: number, step: number): Node[] => {
    const free = taken.every((other) => Math.abs(other.x - px) > LABEL.width || Math.abs(other.y - py) > LABEL.height);
    if (!free) {
      return [];
    }
    taken.push({ x: px, y: py });
    return [s('text', { class: 'point-step', x: px + 7, y: py - 6 }, stepText(step))];
  };
  const forms = dynamics.forms.flatMap((form) => {
    const [px, py] = [x(form.position[plane.x - 1]), y(form.position[plane.y - 1])];
    return [
      s(
        'path',
        { class: 'form', d: `M${px},${py - 7}L${px + 6},${py}L${px},${py + 7}L${px - 6},${py}Z` },
        s('title', {}, `form at step ${stepText(form.step)}`),
      ),
      ...label(px, py, form.step),
    ];
  });
  const order = { cusp: 0, 'sharp-vertex': 1, 'flat-vertex': 2 };
  const points = [...plane.points].sort((a, b) => order[a.kind] - order[b.kind]);
  return [
    ...forms,
    ...points.flatMap((point) => {
      const px = x(between(dynamics.smooth[plane.x - 1], point.index));
      const py = y(between(dynamics.smooth[plane.y - 1], point.index));
      return [
        s(
          'path',
          { class: `vertex ${point.kind}`, d: shapeOf(point.kind, px, py) },
          s('title', {}, `${point.kind.replace('-', ' ')} at step ${stepText(point.step)}`),
        ),
        ...(point.kind === 'flat-vertex' ? [] : label(px, py, point.step)),
      ];
    }),
  ];
}

/** A triangle for a sharp vertex, a square for a flat one, a cross for a cusp. */
export function shapeOf(kind: PlanePoint['kind'], x: number, y: number): string {
  return kind === 'sharp-vertex'
    ? `M${x},${y - 5}L${x + 4.6},${y + 3.4}L${x - 4.6},${y + 3.4}Z`
    : kind === 'flat-vertex'
      ? `M${x - 3},${y - 3}h6v6h-6Z`
      : `M${x - 4},${y - 4}l8,8M${x - 4},${y + 4}l8,-8`;
}

/** The checkpoint at the cursor, with the circle that touches the trajectory there. */
function cursor(dynamics: Dynamics, plane: Plane, frame: Frame, i: number): Node[] {
  const { x, y, unit } = frame;
  const radius = plane.circles.radius[i];
  const [cx, cy] = [x(plane.circles.centre_x[i]), y(plane.circles.centre_y[i])];
  const [px, py] = [x(dynamics.smooth[plane.x - 1][i]), y(dynamics.smooth[plane.y - 1][i])];
  return [
    ...(radius <= farthest(frame)
      ? [
          s('circle', { class: 'touching', cx, cy, r: radius * unit }),
          s('line', { class: 'touching', x1: px, y1: py, x2: cx, y2: cy }),
        ]
      : []),
    s('circle', {
      class: 'raw-now',
      cx: x(dynamics.scores[plane.x - 1][i]),
      cy: y(dynamics.scores[plane.y - 1][i]),
      r: 3,
    }),
    s('circle', { class: 'now', cx: px, cy: py, r: 5 }),
  ];
}
