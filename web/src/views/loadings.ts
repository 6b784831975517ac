import { scaleBand, scaleLinear } from 'd3-scale';
import { headOf } from '../data/heads';
import type { Maybe } from '../data/payload';
import { significant } from '../format/numbers';
import { toggleLock } from '../state/selection';
import { leftAxis } from '../ui/axis';
import { s } from '../ui/dom';
import { tipRows } from '../ui/tooltip';
import { componentWay, type Page } from './view';

const HEIGHT = 220;
const MARGIN = { top: 10, right: 8, bottom: 28, left: 48 };
const NOTE = 14;
const WIDEST_LABELLED = 40;
const PER_COMPONENT = 56;

/** The loadings of a mode, and the ends of their 95 % intervals where they are known. */
export interface ModeLoadings {
  components: readonly string[];
  loadings: readonly number[];
  low: readonly Maybe[];
  high: readonly Maybe[];
  /** What stands beneath each component. */
  notes?: readonly string[];
  /** Components that stand out. */
  bold?: readonly string[];
}

/** One bar per component, with its 95 % interval where it is known. */
export function loadingChart(
  page: Page,
  title: string,
  { components, loadings, low, high, notes = [], bold = [] }: ModeLoadings,
  perComponent = PER_COMPONENT,
): SVGSVGElement {
  const { run, store, tip } = page;
  const width = Math.max(320, Math.min(1040, 64 + perComponent * loadings.length));
  const ends = [...low, ...high].map((end) => end ?? 0);
  const x = scaleBand<number>()
    .domain(loadings.map((_, c) => c))
    .range([MARGIN.left, width - MARGIN.right])
    .padding(0.35);
  const y = scaleLinear()
    .domain([Math.min(0, ...loadings, ...ends), Math.max(0, ...loadings, ...ends)])
    .nice(5)
    .range([HEIGHT - MARGIN.bottom - (notes.length > 0 ? NOTE : 0), MARGIN.top]);
  const labelled = loadings.length <= WIDEST_LABELLED;
  const bars = components.map((name, c) => {
    const component = run.components.indexOf(name);
    const left = x(c) ?? 0;
    const [from, to] = [low[c], high[c]];
    const known = from !== null && to !== null;
    const bar = s(
      'g',
      { class: 'bar', tabindex: 0, role: 'button', 'aria-label': `${name}: loading ${significant(loadings[c])}` },
      s('rect', {
        class: 'hit',
        x: left,
        y: MARGIN.top,
        width: x.bandwidth(),
        height: HEIGHT - MARGIN.top - MARGIN.bottom,
      }),
      s('rect', {
        class: loadings[c] < 0 ? 'negative' : 'positive',
        x: left,
        width: x.bandwidth(),
        y: Math.min(y(0), y(loadings[c])),
        height: Math.abs(y(loadings[c]) - y(0)),
      }),
      known &&
        s('line', {
          class: 'whisker',
          x1: left + x.bandwidth() / 2,
          x2: left + x.bandwidth() / 2,
          y1: y(from),
          y2: y(to),
        }),
      (labelled || headOf(name)?.head === 0) &&
        s(
          'text',
          {
            class: bold.includes(name) ? 'tick bold' : 'tick',
            x: left + x.bandwidth() / 2,
            y: HEIGHT - 8 - (notes.length > 0 ? NOTE : 0),
            'text-anchor': 'middle',
          },
          name,
        ),
      labelled &&
        notes[c] &&
        s('text', { class: 'tick', x: left + x.bandwidth() / 2, y: HEIGHT - 8, 'text-anchor': 'middle' }, notes[c]),
    );
    const lock = (): void => store.update({ locked: toggleLock(store.state.locked, component) });
    componentWay(bar, page, component, lock, () =>
      tipRows(name, [
        ['loading', significant(loadings[c])],
        ...(known ? ([['95 % interval', `${significant(from)} … ${significant(to)}`]] as const) : []),
      ]),
    );
    bar.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        lock();
        tip.hide();
      }
    });
    return bar;
  });
  return s(
    'svg',
    {
      viewBox: `0 0 ${width} ${HEIGHT}`,
      style: `max-width: ${width}px`,
      role: 'group',
      'aria-label': title,
    },
    leftAxis(y, MARGIN.left, width - MARGIN.right, 5),
    s('line', { class: 'zero', x1: MARGIN.left, x2: width - MARGIN.right, y1: y(0), y2: y(0) }),
    ...bars,
  );
}
