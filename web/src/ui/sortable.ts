import { h } from './dom';
import { exportable } from './exports';

export interface Column<T> {
  title: string;
  hint?: string;
  /** What rows are sorted by; numbers that do not exist come last. */
  key: (row: T) => number | string | null;
  cell: (row: T) => Node | string;
  numeric?: boolean;
  /** The standard error of a number, for the file that the table is saved as. */
  error?: (row: T) => number | null;
}

/** Compares keys: numbers by size, texts by letters, what is missing last whatever the direction. */
export function compareKeys(a: number | string | null, b: number | string | null, direction: 1 | -1): number {
  const missing = (key: number | string | null): boolean =>
    key === null || (typeof key === 'number' && !Number.isFinite(key));
  if (missing(a) || missing(b)) {
    return Number(missing(a)) - Number(missing(b));
  }
  const order =
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : String(a).localeCompare(String(b), 'en', { numeric: true });
  return direction * order;
}

/** A number for the file that the table is saved as; nothing where there is none. */
function numberText(key: number | string | null): string {
  return key === null || (typeof key === 'number' && !Number.isFinite(key)) ? '' : String(key);
}

export interface RowProperties {
  class?: string | undefined;
  select?: () => void;
  enter?: (element: HTMLElement) => void;
  leave?: () => void;
}

/** A table whose columns sort it, by buttons in its head. */
export class SortableTable<T> {
  readonly element: HTMLElement;
  private readonly body = h('tbody');
  private readonly heads: HTMLTableCellElement[];
  private rows: readonly T[] = [];
  private column = -1;
  private direction: 1 | -1 = 1;

  constructor(
    caption: string,
    private readonly columns: readonly Column<T>[],
    private readonly properties: (row: T) => RowProperties = () => ({}),
  ) {
    this.heads = columns.map((column, i) =>
      h(
        'th',
        { scope: 'col', class: column.numeric ? 'number' : '', 'aria-sort': 'none', title: column.hint },
        h('button', { type: 'button', on: { click: () => this.sortBy(i) } }, column.title),
      ),
    );
    const scroll = h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption },
      h(
        'table',
        { class: 'data' },
        h('caption', { class: 'hidden' }, caption),
        h('thead', {}, h('tr', {}, ...this.heads)),
        this.body,
      ),
    );
    this.element = exportable(scroll, caption, ['csv']);
  }

  show(rows: readonly T[]): void {
    this.rows = rows;
    this.draw();
  }

  /** The rows as they stand on the screen. */
  get sorted(): readonly T[] {
    if (this.column < 0) {
      return this.rows;
    }
    const { key } = this.columns[this.column];
    return [...this.rows].sort((a, b) => compareKeys(key(a), key(b), this.direction));
  }

  private sortBy(column: number): void {
    this.direction = column === this.column ? (-this.direction as 1 | -1) : this.columns[column].numeric ? -1 : 1;
    this.column = column;
    this.heads.forEach((head, i) => {
      head.setAttribute('aria-sort', i !== column ? 'none' : this.direction > 0 ? 'ascending' : 'descending');
    });
    this.draw();
  }

  private draw(): void {
    // Whoever stands on a row stays there: a choice redraws the table.
    const focused = [...this.body.children].indexOf(document.activeElement as Element);
    this.body.replaceChildren(...this.sorted.map((row) => this.row(row)));
    (this.body.children[focused] as HTMLElement | undefined)?.focus({ preventScroll: true });
  }

  private row(row: T): HTMLTableRowElement {
    const { class: name, select, enter, leave } = this.properties(row);
    const element = h(
      'tr',
      { class: name, tabindex: select ? 0 : null },
      ...this.columns.map((column) =>
        h(
          'td',
          {
            class: column.numeric ? 'number' : '',
            'data-value': column.numeric ? numberText(column.key(row)) : null,
            'data-error': column.error ? numberText(column.error(row)) : null,
          },
          column.cell(row),
        ),
      ),
    );
    if (select) {
      element.addEventListener('click', select);
      element.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          select();
        }
      });
    }
    if (enter) {
      element.addEventListener('mouseenter', () => enter(element));
      element.addEventListener('focus', () => enter(element));
    }
    if (leave) {
      element.addEventListener('mouseleave', leave);
      element.addEventListener('blur', leave);
    }
    return element;
  }
}
