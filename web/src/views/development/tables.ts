import { h } from '../../ui/dom';
import { exportable } from '../../ui/exports';

export interface TextColumn {
  title: string;
  hint?: string;
  number?: boolean;
}

/** A table of texts with a caption. */
export function textTable(
  caption: string,
  columns: readonly TextColumn[],
  rows: readonly (readonly (string | Node)[])[],
): HTMLElement {
  return exportable(
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption },
      h(
        'table',
        { class: 'data narrow' },
        h('caption', { class: 'hidden' }, caption),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...columns.map(({ title, hint, number }) =>
              h('th', { scope: 'col', class: number ? 'number' : '', title: hint }, title),
            ),
          ),
        ),
        h(
          'tbody',
          {},
          ...rows.map((row) =>
            h('tr', {}, ...row.map((cell, i) => h('td', { class: columns[i].number ? 'number' : '' }, cell))),
          ),
        ),
      ),
    ),
    caption,
    ['csv'],
  );
}
