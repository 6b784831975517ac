import { signedColour } from '../colour/signed';
import type { Maybe } from '../data/payload';
import { numberScale } from '../format/numbers';
import { toggleLock } from '../state/selection';
import { plainLine } from '../text/visible';
import { h } from '../ui/dom';
import { exportable } from '../ui/exports';
import { tipRows } from '../ui/tooltip';
import { componentWay, type Page } from './view';

/** Beyond so many columns cells show colours alone. */
const MOST_NUMBERED = 20;

export interface HeatCell {
  value: Maybe;
  error: Maybe;
  /** What a pointer is told beside value and error. */
  more?: readonly (readonly [string, string])[];
  /** Whether the value is distinct from 0. */
  distinct: boolean;
}

/** Named rows × components, each row coloured on its own scale where asked. */
export function heatTable(
  page: Page,
  caption: string,
  rows: readonly string[],
  cell: (row: number, component: number) => HeatCell | null,
  unit: string,
): HTMLElement {
  const { run, store } = page;
  const cells = rows.map((_, row) => run.components.map((_, component) => cell(row, component)));
  const shownColumns = run.components.map((_, c) => c).filter((c) => cells.some((line) => line[c] !== null));
  const values = cells.flat().map((entry) => entry?.value ?? null);
  const scale = numberScale(values, 2);
  const largest = Math.max(0, ...values.map((value) => Math.abs(value ?? 0)));
  const numbered = shownColumns.length <= MOST_NUMBERED;
  const box = (row: number, component: number): HTMLElement => {
    const entry = cells[row][component];
    const value = entry?.value ?? null;
    const element = h(
      'span',
      {
        class: entry?.distinct === false ? 'cell faint' : 'cell',
        style: `background-color: ${signedColour(value ?? NaN, largest)}`,
        'data-value': value ?? '',
        'data-error': entry?.error ?? '',
      },
      numbered && (value === null ? '–' : scale.signed(value)),
    );
    if (entry) {
      const lock = (): void => store.update({ locked: toggleLock(store.state.locked, component) });
      componentWay(element, page, component, lock, () =>
        tipRows(`${run.components[component]}, ${plainLine(rows[row])}`, [
          ['mean', `${scale.signed(value)} ± ${scale.unsigned(entry.error)} ${scale.prefix}${unit}`],
          ...(entry.more ?? []),
        ]),
      );
    }
    return h('td', {}, element);
  };
  const scroll = h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption },
    h(
      'table',
      { class: numbered ? 'matrix numbered low' : 'matrix' },
      h('caption', {}, `${caption}, ${scale.prefix}${unit}`),
      h('thead', {}, h('tr', {}, h('td'), ...shownColumns.map((c) => h('th', { scope: 'col' }, run.components[c])))),
      h(
        'tbody',
        {},
        ...rows.map((name, row) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row', title: plainLine(name) }, plainLine(name)),
            ...shownColumns.map((c) => box(row, c)),
          ),
        ),
      ),
    ),
  );
  return exportable(scroll, caption, ['picture', 'csv'], { meaning: `${caption}, by component` });
}
