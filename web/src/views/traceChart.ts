import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { Run } from '../data/run';
import { significant } from '../format/numbers';
import { bottomAxis, leftAxis } from '../ui/axis';
import { s } from '../ui/dom';

const WIDTH = 960;
const HEIGHT = 320;
const MARGIN = { top: 16, right: 92, bottom: 42, left: 64 };
const SPARK = { width: 120, height: 26 };
const HUES = 8;

/** Updates of burn-in, and between the points of a component's traces. */
function sampling(run: Run, component: number): { burnIn: number; spacing: number } {
  const configuration = run.payload.configuration as {
    sampling?: { burn_in?: unknown; steps_between_draws?: unknown };
  } | null;
  const { steps_between_draws: spacing } = configuration?.sampling ?? {};
  const { coupling, shape } = run.payload;
  const factor = component === 0 && coupling ? coupling.fullDraws / shape.draws : 1;
  const burnIn = coupling?.burnIn ?? configuration?.sampling?.burn_in;
  return {
    burnIn: typeof burnIn === 'number' ? burnIn : 0,
    spacing: factor * (typeof spacing === 'number' ? spacing : 1),
  };
}

function chains(run: Run, component: number): Float32Array[] {
  return Array.from({ length: run.payload.shape.chains }, (_, chain) => run.chain(component, chain));
}

/** All chains of one component over its updates. */
export function traceChart(run: Run, component: number): SVGSVGElement {
  const traces = chains(run, component);
  const { burnIn, spacing } = sampling(run, component);
  const every = run.payload.shape.traceEvery;
  const health = run.payload.health[component];
  const init = run.payload.initLoss.value ?? NaN;
  const nullLine = health?.diagnostics['null_loss'] ?? NaN;
  const [low, high] = extent([...traces.flatMap((trace) => [...trace]), init].filter(Number.isFinite));
  const span = (high ?? 1) - (low ?? 0) || 1;
  // The null line is shown where it lies near the draws; far above it would press them flat, so then it is only named.
  const nullInside = Number.isFinite(nullLine) && nullLine < (high ?? 0) + span;
  const x = scaleLinear()
    .domain([0, burnIn + run.payload.shape.draws * spacing])
    .range([MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear()
    .domain([(low ?? 0) - 0.05 * span, Math.max((high ?? 1) + 0.05 * span, nullInside ? nullLine : -Infinity)])
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const path = line<number>()
    .defined(Number.isFinite)
    .x((_, draw) => x(burnIn + (draw + 1) * every * spacing))
    .y((value) => y(value));
  const level = (value: number, name: string, label: string): SVGGElement =>
    s(
      'g',
      { class: `level ${name}` },
      s('line', { x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(value), y2: y(value) }),
      s('text', { x: WIDTH - MARGIN.right + 6, y: y(value), dy: '0.32em' }, label),
    );
  const name = health?.component ?? '';
  return s(
    'svg',
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'aria-label': `Traces of ${name}: ${traces.length} chains; R̂ ${significant(health?.diagnostics['split_r_hat'])}, effective sample size ${significant(health?.diagnostics['effective_sample_size'])}`,
    },
    burnIn > 0 &&
      s('rect', {
        class: 'burn-in',
        x: x(0),
        y: MARGIN.top,
        width: x(burnIn) - x(0),
        height: HEIGHT - MARGIN.top - MARGIN.bottom,
      }),
    leftAxis(y, MARGIN.left, WIDTH - MARGIN.right, 6),
    bottomAxis(x, HEIGHT - MARGIN.bottom, 8),
    s('text', { class: 'axis-title', x: MARGIN.left, y: HEIGHT - 4 }, 'updates; up: mean loss P, nats'),
    burnIn > 0 &&
      s('text', { class: 'burn-in-label', x: x(burnIn / 2), y: MARGIN.top + 14, 'text-anchor': 'middle' }, 'burn-in'),
    ...traces.map((trace, chain) =>
      s('path', {
        class: health?.chains[chain]?.healthy === false ? 'chain excluded' : 'chain',
        d: path([...trace]) ?? '',
        style: `stroke: var(--hue-${(chain % HUES) + 1})`,
      }),
    ),
    Number.isFinite(init) && level(init, 'init', `L0 ${significant(init, 4)}`),
    nullInside && level(nullLine, 'null', `null ${significant(nullLine, 4)}`),
    Number.isFinite(nullLine) &&
      !nullInside &&
      s(
        'text',
        { class: 'axis-title', x: WIDTH - MARGIN.right + 6, y: MARGIN.top + 4 },
        `null ${significant(nullLine, 4)} ↑`,
      ),
  );
}

/** All chains of a component at a glance. */
export function sparkline(run: Run, component: number): SVGSVGElement {
  const traces = chains(run, component);
  const [low, high] = extent(traces.flatMap((trace) => [...trace]).filter(Number.isFinite));
  const x = scaleLinear()
    .domain([0, Math.max(1, (traces[0]?.length ?? 1) - 1)])
    .range([1, SPARK.width - 1]);
  const y = scaleLinear()
    .domain([low ?? 0, high ?? 1])
    .range([SPARK.height - 2, 2]);
  const path = line<number>()
    .defined(Number.isFinite)
    .x((_, draw) => x(draw))
    .y((value) => y(value));
  return s(
    'svg',
    {
      class: 'spark',
      viewBox: `0 0 ${SPARK.width} ${SPARK.height}`,
      width: SPARK.width,
      height: SPARK.height,
      'aria-hidden': 'true',
    },
    ...traces.map((trace) => s('path', { d: path([...trace]) ?? '' })),
  );
}
