import { partOf } from '../data/parts';
import type { ComparisonPayload, Difference, PartComparison } from '../data/payload';
import { numberScale, significant, type NumberScale } from '../format/numbers';
import { toggleLock } from '../state/selection';
import { plainLine } from '../text/visible';
import { choice, toggle } from '../ui/choice';
import { h } from '../ui/dom';
import { exportable } from '../ui/exports';
import { section } from '../ui/section';
import { SortableTable } from '../ui/sortable';
import { nameCell, sentenceNodes } from '../ui/text';
import { tipRows } from '../ui/tooltip';
import { intervalChart } from './intervals';
import type { Page } from './view';

const COEFFICIENT = 'λ̂';
const SURE = 1e-4;

/** Two runs side by side: what differs, beyond its error or not. */
export function comparisonView(page: Page, comparison: ComparisonPayload): HTMLElement {
  const { run, store } = page;
  const [first, second] = [plainLine(comparison.first), plainLine(comparison.second)];
  const host = h('div');
  let all = false;
  const probes = choice('Probe', [], (value) => store.update({ probe: Number(value) }));
  const draw = (): void => {
    const { part, probe } = store.state;
    const found = comparison.parts[part];
    if (!found) {
      host.replaceChildren(
        h(
          'p',
          { class: 'note' },
          `${partOf(run.payload, part).title} is in one of the runs alone; choose another part.`,
        ),
      );
      return;
    }
    const compared = [...new Set(found.responses.map((one) => one.probe))];
    probes.options(
      run.payload.probes.flatMap(({ name }, i) =>
        compared.includes(name) ? [{ value: String(i), label: plainLine(name) }] : [],
      ),
      String(probe),
    );
    host.replaceChildren(...content(page, comparison, found, all));
  };
  store.watch(['part', 'probe'], draw);
  return section(
    'beside',
    'Two runs side by side',
    `The second run, ${second}, which this page shows, less the first, ${first}: the mean response of every component to every probe, and its learning coefficient. Filled: it stands out beyond its error after correction for the number of differences.`,
    h(
      'div',
      { class: 'controls' },
      probes.element,
      toggle('Also list what does not stand out', all, (checked) => {
        all = checked;
        draw();
      }),
    ),
    host,
  );
}

function content(page: Page, { first, second }: ComparisonPayload, found: PartComparison, all: boolean): Node[] {
  const { run, store } = page;
  const part = partOf(run.payload, store.state.part);
  const probe = run.payload.probes[store.state.probe].name;
  const figures = (differences: readonly Difference[]): NumberScale =>
    run.scale(
      part.name,
      differences.flatMap((one) => [one.first.value, one.second.value, one.difference.value]),
      differences.map((one) => one.difference.error),
    );
  const coefficients = numberScale(
    found.coefficients.flatMap((one) => [one.first.value, one.second.value, one.difference.value]),
    3,
    found.coefficients.map((one) => one.difference.error),
  );
  const responses = figures(found.responses);
  const scaleOf = (one: Difference): NumberScale => (one.probe === null ? coefficients : responses);
  const unitOf = (one: Difference): string =>
    one.probe === null ? coefficients.prefix.trim() : `${responses.prefix}${part.unit}`;
  const chart = (symbol: string, differences: readonly Difference[], unit: string, what: string): Node[] =>
    differences.length === 0
      ? []
      : [
          h('h3', {}, `Difference of ${what}${unit === '' ? '' : `, ${unit}`}`),
          exportable(
            h(
              'div',
              { class: 'chart' },
              intervalChart(
                page,
                `Difference of ${what} between the runs`,
                differences.map((one) => {
                  const scale = scaleOf(one);
                  const factor = 10 ** -scale.exponent;
                  const times = (value: number | null): number | null => (value === null ? null : value * factor);
                  return {
                    component: one.component,
                    value: times(one.difference.value),
                    half: times(one.halfWidth),
                    standsOut: standsOut(one, found),
                    label: `${one.component}: Δ${symbol} ${estimate(scale, one.difference)} ${unit}, q ${qText(one.q)}`,
                    tip: () =>
                      tipRows(
                        `${one.component}, ${what}`,
                        [
                          [plainLine(first), estimate(scale, one.first, one.probe === null)],
                          [plainLine(second), estimate(scale, one.second, one.probe === null)],
                          ['difference', estimate(scale, one.difference)],
                          ['q', qText(one.q)],
                        ],
                        `${unit === '' ? '' : `in ${unit}, `}± one standard error`,
                      ),
                  };
                }),
              ),
            ),
            `Difference of ${symbol}`,
            ['picture'],
            { meaning: `Difference of ${what} between the runs, by component with 95 % intervals` },
          ),
        ];
  const table = new SortableTable<Difference>(
    'Differences of the two runs',
    [
      {
        title: 'of',
        key: (row) => (row.probe === null ? COEFFICIENT : part.symbol),
        cell: (row) =>
          [row.probe === null ? COEFFICIENT : part.symbol, unitOf(row)].filter((text) => text !== '').join(', '),
      },
      { title: 'component', key: (row) => row.component, cell: (row) => row.component },
      { title: 'probe', key: (row) => row.probe ?? '', cell: (row) => (row.probe === null ? '' : nameCell(row.probe)) },
      ...(['first', 'second', 'difference'] as const).map((which) => ({
        title: which === 'difference' ? 'difference ± s.e.' : plainLine(which === 'first' ? first : second),
        key: (row: Difference) => row[which].value,
        error: (row: Difference) => row[which].error,
        cell: (row: Difference) => estimate(scaleOf(row), row[which], row.probe === null && which !== 'difference'),
        numeric: true,
      })),
      {
        title: '95 % interval',
        key: (row) => row.halfWidth,
        cell: (row) => intervalText(scaleOf(row), row),
        numeric: true,
      },
      {
        title: 'q',
        hint: 'p by Welch’s t, corrected for all differences of this part and of λ̂ (Benjamini and Hochberg).',
        key: (row) => row.q,
        cell: (row) => qText(row.q),
        numeric: true,
      },
      {
        title: 'stands out',
        key: (row) => (standsOut(row, found) ? 0 : 1),
        cell: (row) => (standsOut(row, found) ? 'yes' : 'no'),
      },
    ],
    (row) => {
      const component = run.components.indexOf(row.component);
      return {
        class: standsOut(row, found) ? ((row.difference.value ?? 0) < 0 ? 'lowest sure' : 'highest sure') : undefined,
        ...(component < 0 ? {} : { select: () => store.update({ locked: toggleLock(store.state.locked, component) }) }),
      };
    },
  );
  const listed = [...found.coefficients, ...found.responses]
    .filter((one) => all || standsOut(one, found))
    .sort((a, b) => (a.q ?? 1) - (b.q ?? 1));
  table.show(listed);
  return [
    h('ul', {}, ...found.conclusion.map((sentence) => h('li', {}, ...sentenceNodes(plainLine(sentence))))),
    ...chart(COEFFICIENT, found.coefficients, coefficients.prefix.trim(), 'the learning coefficient λ̂'),
    ...chart(
      part.symbol,
      found.responses.filter((one) => one.probe === probe),
      `${responses.prefix}${part.unit}`,
      `${part.title.toLowerCase()} on ${plainLine(probe)}`,
    ),
    h('h3', {}, all ? 'Every difference, the surest first' : 'What stands out, the surest first'),
    listed.length === 0
      ? h(
          'p',
          { class: 'note' },
          'Nothing stands out beyond its error; every difference is listed where the box above is ticked.',
        )
      : table.element,
  ];
}

function standsOut({ q }: Difference, { discovery }: PartComparison): boolean {
  return q !== null && q < discovery;
}

/** A value with its error; λ̂ itself, which has no sign to speak of, without one. */
function estimate(scale: NumberScale, { value, error }: Difference['first'], plain = false): string {
  return value === null ? '–' : `${plain ? scale.plain(value) : scale.signed(value)} ± ${scale.unsigned(error)}`;
}

function intervalText(scale: NumberScale, { difference: { value }, halfWidth }: Difference): string {
  return value === null || halfWidth === null
    ? '–'
    : `${scale.signed(value - halfWidth)} … ${scale.signed(value + halfWidth)}`;
}

function qText(q: number | null): string {
  return q === null ? '–' : q < SURE ? '< 0.0001' : significant(q, 2);
}
