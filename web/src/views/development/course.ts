import { clusterColour } from '../../colour/clusters';
import { Course, type CoursePoint, type CourseView } from '../../data/course';
import { headsOf } from '../../data/development';
import type { CourseLine, Score } from '../../data/developmentPayload';
import { headOf } from '../../data/heads';
import { nearestStep } from '../../data/logStep';
import { csv } from '../../format/csv';
import { numberScale, significant, stepText, type NumberScale } from '../../format/numbers';
import { plainLine } from '../../text/visible';
import { choice } from '../../ui/choice';
import { h } from '../../ui/dom';
import { downloadButton } from '../../ui/download';
import { exportable } from '../../ui/exports';
import { section } from '../../ui/section';
import { SortableTable } from '../../ui/sortable';
import { sentenceNodes } from '../../ui/text';
import type { Measured } from './marks';
import { highlighted, type DevelopmentPage } from './page';
import { linePanel, placesOf, type PanelLine } from './panel';

const HEIGHT = 340;
const BENEATH = 170;
/** Scores of heads that stand beneath the response, where they are there. */
const BENEATH_SCORES = ['prefix_matching', 'previous_token'];
/** What is known of a mode at every checkpoint, in the order of its lines. */
const QUALITY = [
  ['share', 'of the variance over tokens'],
  ['ρ', 'reliability of the scores between halves of the draws'],
  ['cos', '|cos| of the loadings with those of the last checkpoint’s mode of that number'],
] as const;
/** With more lines than these, bands of all of them would hide one another. */
const MOST_BANDS = 24;
/** Below that the mode of two checkpoints is hardly the same. */
const SAME = 0.7;

/** The response over training: loadings of a mode or mean responses, how well the mode is known, and scores on the same axis. */
export function courseView(page: DevelopmentPage, course: Course, mainPart: string): HTMLElement {
  const { store } = page;
  let view = course.first(mainPart);
  const change = (part: Partial<CourseView>): void => {
    view = { ...view, ...part };
    show();
  };
  const parts = choice('Part', [], (part) => change({ part }));
  const shown = choice(
    'Show',
    [
      { value: 'loadings', label: 'loadings on a mode' },
      { value: 'probe', label: 'mean response to a probe' },
    ],
    (value) => change({ show: value as CourseView['show'] }),
  );
  const groups = choice('Group', [], (group) => change({ group }));
  const modes = choice('Mode', [], (mode) => change({ mode: Number(mode) }));
  const probes = choice('Probe', [], (probe) => change({ probe }));
  const chart = linePanel(page, () => ({
    label: 'Response over log step',
    title: titleOf(course, view),
    height: HEIGHT,
    lines: course.lines(view).map((line) => headLine(course, line)),
    named: true,
    chooses: true,
    banded: course.lines(view).length <= MOST_BANDS,
    zero: true,
  }));
  const quality = linePanel(page, () => ({
    label: 'How well the mode is known over log step',
    title: 'share of the variance, reliability ρ, |cos| with the last checkpoint’s mode',
    height: BENEATH,
    lines: qualityLines(course, view),
    named: true,
    chooses: false,
    banded: true,
    zero: true,
  }));
  const qualityHost = h(
    'div',
    {},
    exportable(quality.element, 'Mode over training', ['picture'], {
      meaning: 'Share of the variance and reliability of the mode over training, and how like the last it is',
    }),
    h(
      'p',
      { class: 'note' },
      ...QUALITY.flatMap(([name, meaning], hue) => [
        h('span', { class: 'swatch', style: `--line: ${clusterColour(hue)}`, 'aria-hidden': 'true' }),
        `${name}: ${meaning}. `,
      ]),
      `Where |cos| is below ${SAME} it is hardly the same mode, and its sign there means little.`,
    ),
  );
  const readout = h('p', { class: 'readout', 'aria-live': 'polite' });
  const caption = h('summary');
  const scale = { now: numberScale([0]) };
  const table = new SortableTable<CoursePoint>(
    'Response at a checkpoint',
    [
      { title: 'component', key: (row) => row.component, cell: (row) => row.component },
      { title: 'value', key: (row) => row.value, cell: (row) => scale.now.plain(row.value), numeric: true },
      {
        title: 'from',
        hint: 'The lower end of the 95 % interval.',
        key: (row) => row.low,
        cell: (row) => orDash(scale.now, row.low),
        numeric: true,
      },
      {
        title: 'to',
        hint: 'The upper end of the 95 % interval.',
        key: (row) => row.high,
        cell: (row) => orDash(scale.now, row.high),
        numeric: true,
      },
    ],
    (row) => ({
      class: row.component === highlighted(store.state) ? 'chosen' : undefined,
      select: () => store.update({ pinned: store.state.pinned === row.component ? null : row.component }),
    }),
  );
  const read = (): void => {
    const { step } = store.state;
    const { step: steps } = course.payload;
    const at = step === null ? steps.length - 1 : nearestStep(steps, step);
    const points = course.at(view, at);
    scale.now = numberScale(
      points.map(({ value }) => value),
      3,
      [],
      0,
    );
    caption.textContent = `Every component at step ${stepText(steps[at])} as a table: ${titleOf(course, view)}`;
    table.show(points);
    const head = highlighted(store.state);
    const line = course.lines(view).find(({ component }) => component === head);
    readout.textContent = line
      ? `${line.component} at step ${stepText(steps[at])}: ${pointText(line, at)}`
      : 'Point at a line, or choose a row of the table, to set a component apart; the arrow keys move the cursor over checkpoints.';
  };
  const show = (): void => {
    const part = course.part(view.part);
    parts.options(
      course.payload.parts.map(({ name, title }) => ({ value: name, label: title })),
      part.name,
    );
    const hasModes = part.groups.some((group) => group.modes.length > 0);
    view = hasModes ? view : { ...view, show: 'probe' };
    const ofModes = view.show === 'loadings';
    shown.set(view.show);
    shown.element.hidden = !hasModes;
    const group = course.group(view);
    const mode = course.mode(view);
    groups.options(
      part.groups.map((entry) => ({ value: entry.group, label: entry.title })),
      group?.group ?? '',
    );
    modes.options(
      (group?.modes ?? []).map((entry) => ({ value: String(entry.mode), label: String(entry.mode) })),
      String(mode?.mode ?? ''),
    );
    probes.options(
      part.probes.map(({ probe }) => ({ value: probe, label: plainLine(probe) })),
      view.probe,
    );
    groups.element.hidden = modes.element.hidden = !ofModes;
    probes.element.hidden = ofModes;
    qualityHost.hidden = !ofModes || mode === null;
    chart.redraw();
    quality.redraw();
    read();
  };
  store.watch(['step', 'preview', 'pinned'], read);
  show();
  return section(
    'course',
    'Response over training',
    'How every component takes part in a mode, or answers a probe, at every checkpoint. Bands and intervals are of 95 %. A mode’s sign is arbitrary; each checkpoint’s is turned to agree with the next, and the last stands as in the section on modes.',
    h(
      'div',
      { class: 'controls' },
      course.payload.parts.length > 1 && parts.element,
      shown.element,
      groups.element,
      modes.element,
      probes.element,
      downloadButton(
        'Export all checkpoints (CSV)',
        () => `response-over-training-${view.part}-${nameOf(view)}.csv`,
        () =>
          csv(
            ['part', 'of', 'step', 'component', 'value', 'low', 'high'],
            course
              .all(view)
              .map(({ step, component, value, low, high }) => [
                view.part,
                nameOf(view),
                step,
                component,
                value,
                low,
                high,
              ]),
          ),
      ),
    ),
    layerKey(course),
    readout,
    exportable(chart.element, 'Response over training', ['picture'], {
      meaning: 'Loading or mean response of every component over training, with intervals',
    }),
    qualityHost,
    ...scoresBeneath(page),
    ...course.payload.notes.map((note) => h('p', { class: 'note' }, ...sentenceNodes(note))),
    h('details', { class: 'more' }, caption, table.element),
  );
}

function orDash(scale: NumberScale, value: number | null): string {
  return value === null ? '–' : scale.plain(value);
}

/** Which mode, or which probe: what a table and its file are of. */
function nameOf(view: CourseView): string {
  return view.show === 'loadings' ? `${view.group}-mode-${view.mode}` : view.probe;
}

function titleOf(course: Course, view: CourseView): string {
  const part = course.part(view.part);
  const name = part.title.toLowerCase();
  return view.show === 'loadings'
    ? `loading on mode ${course.mode(view)?.mode ?? view.mode} of ${course.group(view)?.title ?? ''}, ${name}`
    : `mean ${name} of ${plainLine(view.probe)}, ${part.unit}`;
}

function pointText(line: CourseLine, i: number): string {
  const [value, low, high] = [line.value[i], line.low[i], line.high[i]];
  return value === null
    ? 'not known'
    : `${significant(value)}${low === null || high === null ? '' : `, 95 % interval ${significant(low)} … ${significant(high)}`}`;
}

/** Places over log step with intervals that need not be symmetric. */
function placed(course: Course, line: CourseLine): Measured[] {
  return placesOf(course.payload.step, line.value, null).map((place, i) => ({
    ...place,
    low: line.low[i] ?? NaN,
    high: line.high[i] ?? NaN,
  }));
}

function headLine(course: Course, line: CourseLine): PanelLine {
  const places = placed(course, line);
  return {
    name: line.component,
    heads: [line.component],
    colour: clusterColour(headOf(line.component)?.layer ?? null),
    places,
    measured: places,
  };
}

function qualityLines(course: Course, view: CourseView): PanelLine[] {
  const mode = course.mode(view);
  if (!mode) {
    return [];
  }
  const none = mode.same.map(() => null);
  const lines = [mode.share, mode.reliability, { component: '', value: mode.same, low: none, high: none }];
  return QUALITY.map(([name], hue) => {
    const places = placed(course, lines[hue]);
    return { name, heads: [], colour: clusterColour(hue), places, measured: places };
  });
}

/** Which colour is which layer. */
function layerKey(course: Course): HTMLElement | null {
  const components = new Set(
    course.payload.parts.flatMap((part) => part.probes.flatMap((probe) => probe.lines.map((line) => line.component))),
  );
  const layers = [...new Set([...components].map((name) => headOf(name)?.layer ?? -1))]
    .filter((layer) => layer >= 0)
    .sort((a, b) => a - b);
  return layers.length < 2
    ? null
    : h(
        'p',
        { class: 'legend' },
        ...layers.map((layer) =>
          h(
            'span',
            { class: 'dot-key', style: `--line: ${clusterColour(layer)}` },
            h('span', { class: 'swatch', 'aria-hidden': 'true' }),
            `heads of layer ${layer}`,
          ),
        ),
      );
}

/** What the heads do at the same checkpoints, on the same axis. */
function scoresBeneath(page: DevelopmentPage): Node[] {
  return BENEATH_SCORES.flatMap((name) => page.development.scores.find(({ score }) => score === name) ?? []).map(
    (score) => {
      const title = score.score.replaceAll('_', ' ');
      const chart = linePanel(page, () => ({
        label: `${title} of heads over log step`,
        title: `${title}, ±1 standard error`,
        height: BENEATH,
        lines: scoreLines(score),
        named: true,
        chooses: true,
      }));
      return exportable(chart.element, `${title} beneath the response`, ['picture'], {
        meaning: `${title} of every head over training, on the axis of the response`,
      });
    },
  );
}

function scoreLines(score: Score): PanelLine[] {
  return score.lines
    .filter((line) => headsOf(line).every((name) => headOf(name) !== null))
    .map((line) => {
      const places = placesOf(line.step, line.value, line.se);
      return {
        name: line.component,
        heads: headsOf(line),
        colour: clusterColour(headOf(line.component)?.layer ?? null),
        places,
        measured: places,
      };
    });
}
