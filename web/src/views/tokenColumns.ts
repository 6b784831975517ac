import type { Column } from '../ui/sortable';
import { context } from './context';
import type { Page } from './view';

interface OfToken {
  token: number;
}

/** A token among its neighbours. */
export function contextColumn<T extends OfToken>(page: Page): Column<T> {
  const { run } = page;
  return {
    title: 'token in context',
    key: (row) => run.textOf(run.tokenId[row.token]),
    cell: (row) => context(page, row.token),
  };
}

/** Where a token stands: its row, and the position in it. */
export function placeColumns<T extends OfToken>({ run }: Page): Column<T>[] {
  return [
    {
      title: 'row',
      key: (row) => run.rowOf(row.token),
      cell: (row) => String(run.rowOf(row.token)),
      numeric: true,
    },
    {
      title: 'position',
      key: (row) => run.position[row.token],
      cell: (row) => String(run.position[row.token]),
      numeric: true,
    },
  ];
}
