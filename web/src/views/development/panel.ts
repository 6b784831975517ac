import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { logStep } from '../../data/logStep';
import { leftAxis } from '../../ui/axis';
import { s } from '../../ui/dom';
import { stepAxis, stepChart, stepScale, type Chart } from './frame';
import { bandOf, endsOf, pathOf, point, rangeOf, type Measured } from './marks';
import { headWay, highlighted, type DevelopmentPage } from './page';

// The same for all panels, so that their axes stand below one another; on the right there is room for names.
const MARGIN = { top: 24, right: 46, bottom: 30, left: 58 };
const LABEL_HEIGHT = 12;
/** How strong bands are, in per cent: less where many lie over one another. */
const BANDS = 80;
const MOST_BAND = 16;

export interface PanelLine {
  name: string;
  /** The heads that it is of: it stands out with any of them. */
  heads: readonly string[];
  colour: string;
  /** What is drawn: a smooth curve, or the measured points joined. `half` is half the height of the band. */
  places: readonly Measured[];
  /** What was measured: step, value and standard error. */
  measured: readonly Measured[];
}

export interface Panel {
  label: string;
  title: string;
  height: number;
  lines: readonly PanelLine[];
  /** Whether lines have their names at their ends. */
  named: boolean;
  /** Whether a pointer on a line chooses its head. */
  chooses: boolean;
  /** Whether the bands of all lines show, and not that of the chosen one alone. */
  banded?: boolean;
  /** Whether 0 is on the axis, with a line. */
  zero?: boolean;
}

/** Lines over log step, of which the chosen head's stands out with its band and points. */
export function linePanel(page: DevelopmentPage, panel: () => Panel): Chart {
  let marks = new Map<PanelLine, SVGGElement>();
  const emphasise = (): void => {
    const head = highlighted(page.store.state);
    const lines = [...marks.keys()];
    const some = head !== null && lines.some((line) => line.heads.includes(head));
    for (const [line, mark] of marks) {
      const own = head !== null && line.heads.includes(head);
      mark.classList.toggle('faint', some && !own);
      mark.classList.toggle('chosen', own || lines.length === 1);
      if (own) {
        mark.parentNode?.append(mark);
      }
    }
  };
  const chart = stepChart(page, panel().label, (width) => {
    const { title, height, lines, named, chooses, banded, zero } = panel();
    const x = stepScale(page, width, MARGIN);
    const bottom = height - MARGIN.bottom;
    const y = scaleLinear()
      .domain(rangeOf([...lines.flatMap(extent), ...(zero ? [0] : [])]))
      .range([bottom, MARGIN.top]);
    const labels = named ? freeLabels(lines, y) : new Set<PanelLine>();
    marks = new Map(lines.map((line) => [line, mark(page, line, x, y, labels.has(line), named, chooses)]));
    const svg = s(
      'svg',
      {
        viewBox: `0 0 ${width} ${height}`,
        'aria-hidden': 'true',
        class: banded ? 'banded' : undefined,
        style: `--band: ${Math.min(MOST_BAND, Math.round(BANDS / lines.length))}%`,
      },
      stepAxis(page, x, bottom, bottom),
      leftAxis(y, MARGIN.left, width - MARGIN.right, Math.max(3, Math.round(height / 50))),
      zero && s('line', { class: 'zero', x1: MARGIN.left, x2: width - MARGIN.right, y1: y(0), y2: y(0) }),
      s('text', { class: 'axis-title', x: 4, y: 12 }, title),
      s('g', {}, ...marks.values()),
    );
    emphasise();
    return { svg, x, top: MARGIN.top, bottom };
  });
  page.store.watch(['preview', 'pinned'], emphasise);
  return chart;
}

function extent(line: PanelLine): number[] {
  return [...line.places.map((place) => place.y), ...line.measured.flatMap(endsOf)];
}

function mark(
  page: DevelopmentPage,
  line: PanelLine,
  x: ScaleLinear<number, number>,
  y: ScaleLinear<number, number>,
  labelled: boolean,
  named: boolean,
  chooses: boolean,
): SVGGElement {
  const path = pathOf(line.places, x, y);
  const end = line.places.findLast((place) => Number.isFinite(place.y));
  const group = s(
    'g',
    { class: 'line', style: `--line: ${line.colour}`, 'data-line': line.name },
    s('path', { class: 'line-band', d: bandOf(line.places, x, y) }),
    s('path', { class: 'line-hit', d: path }),
    s('path', { class: 'line-path', d: path }),
    s(
      'g',
      { class: 'line-points' },
      ...line.measured.filter((at) => Number.isFinite(at.y)).map((at) => point(at, x, y)),
    ),
    named &&
      end !== undefined &&
      s(
        'text',
        { class: labelled ? 'line-name' : 'line-name crowded', x: x(end.x) + 5, y: y(end.y), dy: '0.32em' },
        line.name,
      ),
  );
  if (chooses && line.heads.length === 1) {
    headWay(group, page, line.heads[0]);
  }
  return group;
}

/** The lines whose names have room at their ends, from the top. */
function freeLabels(lines: readonly PanelLine[], y: ScaleLinear<number, number>): Set<PanelLine> {
  const free = new Set<PanelLine>();
  let above = -Infinity;
  const ends = lines
    .map((line) => ({ line, at: y(line.places.findLast((place) => Number.isFinite(place.y))?.y ?? NaN) }))
    .filter(({ at }) => Number.isFinite(at))
    .sort((a, b) => a.at - b.at);
  for (const { line, at } of ends) {
    if (at - above >= LABEL_HEIGHT) {
      free.add(line);
      above = at;
    }
  }
  return free;
}

/** Places over log step from arrays over steps; what is not known is NaN. */
export function placesOf(
  steps: readonly number[],
  values: readonly (number | null)[],
  errors: readonly (number | null)[] | null,
): Measured[] {
  return steps.map((step, i) => ({ x: logStep(step), y: values[i] ?? NaN, half: errors?.[i] ?? NaN }));
}
