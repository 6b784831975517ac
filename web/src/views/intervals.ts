import { scaleBand, scaleLinear } from 'd3-scale';
import { headOf } from '../data/heads';
import type { Maybe } from '../data/payload';
import { leftAxis } from '../ui/axis';
import { s } from '../ui/dom';
import { toggleLock } from '../state/selection';
import { componentWay, type Page } from './view';

const HEIGHT = 200;
const MARGIN = { top: 10, right: 8, bottom: 28, left: 56 };
const WIDEST_LABELLED = 40;
const PER_COMPONENT = 56;

/** A value of a component with half its interval, and whether it stands out. */
export interface IntervalMark {
  component: string;
  value: Maybe;
  half: Maybe;
  standsOut: boolean;
  /** What is said of it. */
  label: string;
  tip: () => Node;
}

/** A point for every component with its interval; those that stand out are filled. */
export function intervalChart(
  page: Page,
  name: string,
  marks: readonly IntervalMark[],
  perComponent = PER_COMPONENT,
): SVGSVGElement {
  const { run, store, tip } = page;
  const width = Math.max(320, Math.min(1040, 64 + perComponent * marks.length));
  const known = marks.filter((mark): mark is IntervalMark & { value: number } => mark.value !== null);
  const ends = known.flatMap(({ value, half }) => [value - (half ?? 0), value + (half ?? 0)]);
  const x = scaleBand<number>()
    .domain(marks.map((_, i) => i))
    .range([MARGIN.left, width - MARGIN.right])
    .padding(0.35);
  const y = scaleLinear()
    .domain([Math.min(0, ...ends), Math.max(0, ...ends)])
    .nice(5)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const labelled = marks.length <= WIDEST_LABELLED;
  const draw = (mark: IntervalMark, i: number): SVGGElement => {
    const component = run.components.indexOf(mark.component);
    const middle = (x(i) ?? 0) + x.bandwidth() / 2;
    const element = s(
      'g',
      { class: 'bar', tabindex: 0, role: 'button', 'aria-label': mark.label },
      s('rect', {
        class: 'hit',
        x: x(i),
        y: MARGIN.top,
        width: x.bandwidth(),
        height: HEIGHT - MARGIN.top - MARGIN.bottom,
      }),
      mark.value !== null &&
        s('line', {
          class: 'whisker',
          x1: middle,
          x2: middle,
          y1: y(mark.value - (mark.half ?? 0)),
          y2: y(mark.value + (mark.half ?? 0)),
        }),
      mark.value !== null &&
        s('circle', {
          class: !mark.standsOut ? 'unclear' : mark.value < 0 ? 'negative' : 'positive',
          cx: middle,
          cy: y(mark.value),
          r: 5,
        }),
      (labelled || headOf(mark.component)?.head === 0) &&
        s('text', { class: 'tick', x: middle, y: HEIGHT - 8, 'text-anchor': 'middle' }, mark.component),
    );
    const lock = (): void => {
      if (component >= 0) {
        store.update({ locked: toggleLock(store.state.locked, component) });
      }
    };
    if (component >= 0) {
      componentWay(element, page, component, lock, mark.tip);
    }
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        lock();
        tip.hide();
      }
    });
    return element;
  };
  return s(
    'svg',
    { viewBox: `0 0 ${width} ${HEIGHT}`, style: `max-width: ${width}px`, role: 'group', 'aria-label': name },
    leftAxis(y, MARGIN.left, width - MARGIN.right, 5),
    s('line', { class: 'zero', x1: MARGIN.left, x2: width - MARGIN.right, y1: y(0), y2: y(0) }),
    ...marks.map(draw),
  );
}
