import type { Partner } from '../data/payload';
import { significant } from '../format/numbers';
import { oneLine, plainLine } from '../text/visible';
import { h } from '../ui/dom';
import { missing } from '../ui/missing';
import { SortableTable } from '../ui/sortable';
import { nameCell } from '../ui/text';
import { tokenText } from './context';
import { contextColumn } from './tokenColumns';
import type { Page } from './view';

/** The tokens whose losses move most with that of one token, where the run folder keeps them. */
export function influenceBlock(page: Page): Node[] {
  const { run, store } = page;
  const influence = run.payload.analysis?.influence;
  const title = h('h3', {}, 'Tokens that move together');
  if (!influence) {
    return [title, missing('The partners of a token are', 'curie structure RUN --influence PROBE:ROW:POSITION')];
  }
  const table = new SortableTable<Partner>(
    'Partners of the token',
    [
      {
        title: 'r',
        hint: 'Correlation of the two losses.',
        key: (row) => row.correlation,
        cell: (row) => significant(row.correlation, 2),
        numeric: true,
      },
      {
        title: 'q',
        hint: 'Rate of false discoveries over all tokens.',
        key: (row) => row.q,
        cell: (row) => significant(row.q, 2),
        numeric: true,
      },
      contextColumn(page),
      {
        title: 'probe',
        key: (row) => run.payload.probes[run.probeOf(row.token)].name,
        cell: (row) => nameCell(run.payload.probes[run.probeOf(row.token)].name),
      },
    ],
    (row) => ({
      class: (row.correlation ?? 0) < 0 ? 'lowest' : 'highest',
      select: () => store.update({ token: row.token }),
    }),
  );
  table.show([...influence.together, ...influence.against]);
  const { token } = influence;
  const left = influence.missing === 0 ? '' : ` ${influence.missing} more partners are not on this page.`;
  return [
    title,
    h(
      'p',
      { class: 'note' },
      `The tokens whose losses move most with that of “${oneLine(tokenText(page, token))}” (${plainLine(run.payload.probes[run.probeOf(token)].name)}, row ${run.rowOf(token)}, position ${run.position[token]}) while components move.${left}`,
    ),
    table.element,
  ];
}
