import { scaleBand, scaleLinear } from 'd3-scale';
import type { ScreeMode } from '../data/scree';
import { percent, significant } from '../format/numbers';
import { leftAxis } from '../ui/axis';
import { s } from '../ui/dom';
import { tipRows } from '../ui/tooltip';
import type { Page } from './view';

const HEIGHT = 250;
const MARGIN = { top: 14, right: 70, bottom: 50, left: 56 };
const PER_MODE = 88;

/** The share of every mode with its interval, what chance gives in its place, and below it how reliable its scores are. */
export function screeChart({ store, tip }: Page, modes: readonly ScreeMode[], chosen: number): SVGSVGElement {
  const width = MARGIN.left + MARGIN.right + PER_MODE * Math.max(3, modes.length);
  const x = scaleBand<number>()
    .domain(modes.map(({ mode }) => mode))
    .range([MARGIN.left, width - MARGIN.right])
    .padding(0.45);
  const y = scaleLinear()
    .domain([0, Math.max(0, ...modes.flatMap(({ share, high, chance }) => [share, high ?? 0, chance ?? 0]))])
    .nice(5)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const middle = ({ mode }: ScreeMode): number => (x(mode) ?? 0) + x.bandwidth() / 2;
  const tested = modes.filter(({ chance }) => chance !== null);
  const bar = (entry: ScreeMode): SVGElement => {
    const { mode, share, low, high, chance, reliability } = entry;
    const choose = (): void => store.update({ mode });
    const rows: [string, string][] = [
      ['share of the variance', percent(share)],
      ...(low === null ? [] : ([['95 % interval', `${percent(low)} – ${percent(high)}`]] as [string, string][])),
      ...(chance === null ? [] : ([['chance gives up to', percent(chance)]] as [string, string][])),
      ['reliability', reliability === null ? 'not known' : significant(reliability, 2)],
    ];
    const element = s(
      'g',
      {
        class: mode === chosen ? 'bar chosen' : 'bar',
        tabindex: 0,
        role: 'button',
        'aria-pressed': String(mode === chosen),
        'aria-label': `Mode ${mode + 1}: ${rows.map((row) => row.join(' ')).join(', ')}`,
      },
      s('rect', {
        class: 'hit',
        x: x(mode),
        y: MARGIN.top,
        width: x.bandwidth(),
        height: HEIGHT - MARGIN.top,
      }),
      s('rect', {
        class: 'share',
        x: x(mode),
        width: x.bandwidth(),
        y: y(share),
        height: y(0) - y(share),
      }),
      low !== null &&
        high !== null &&
        s('line', { class: 'whisker', x1: middle(entry), x2: middle(entry), y1: y(low), y2: y(high) }),
      s('text', { class: 'tick', x: middle(entry), y: HEIGHT - 32, 'text-anchor': 'middle' }, `mode ${mode + 1}`),
      s(
        'text',
        { class: 'tick', x: middle(entry), y: HEIGHT - 14, 'text-anchor': 'middle' },
        reliability === null ? '–' : `ρ ${significant(reliability, 2)}`,
      ),
    );
    element.addEventListener('click', choose);
    element.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        choose();
      }
    });
    const enter = (): void => tip.show(tipRows(`Mode ${mode + 1}`, rows), element.getBoundingClientRect());
    for (const [type, listener] of [
      ['mouseenter', enter],
      ['focus', enter],
      ['mouseleave', () => tip.hide()],
      ['blur', () => tip.hide()],
    ] as const) {
      element.addEventListener(type, listener);
    }
    return element;
  };
  const last = tested.at(-1);
  return s(
    'svg',
    {
      viewBox: `0 0 ${width} ${HEIGHT}`,
      style: `max-width: ${width}px; min-width: ${Math.min(width, 320)}px`,
      role: 'group',
      'aria-label': 'Shares of the modes, with what chance gives and their reliabilities',
    },
    leftAxis(y, MARGIN.left, width - MARGIN.right, 5, (share) => percent(share, 0)),
    s('line', { class: 'zero', x1: MARGIN.left, x2: width - MARGIN.right, y1: y(0), y2: y(0) }),
    ...modes.map(bar),
    ...tested.map(({ mode, chance }) =>
      s('line', {
        class: 'null-line',
        x1: (x(mode) ?? 0) - x.bandwidth() * 0.35,
        x2: (x(mode) ?? 0) + x.bandwidth() * 1.35,
        y1: y(chance ?? 0),
        y2: y(chance ?? 0),
      }),
    ),
    last &&
      s('text', { class: 'tick', x: (x(last.mode) ?? 0) + x.bandwidth() * 1.4, y: y(last.chance ?? 0) + 4 }, 'chance'),
  );
}
