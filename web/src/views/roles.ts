import { signedColour } from '../colour/signed';
import { partOf } from '../data/parts';
import type { Figure, Maybe } from '../data/payload';
import { numberScale } from '../format/numbers';
import { toggleLock } from '../state/selection';
import { h } from '../ui/dom';
import { section } from '../ui/section';
import { SortableTable, type Column } from '../ui/sortable';
import { effectsBlock } from './effects';
import { expressionBlock } from './expression';
import { slopesBlock } from './slopes';
import type { Page } from './view';

const MODES = 3;
const SMALLEST_PLAIN = 0.01;

interface Role {
  component: number;
  name: string;
}

/** The figures of every component that the run holds, beside its loadings. */
export function rolesView(page: Page): HTMLElement {
  const { run, store } = page;
  const host = h('div');
  const explanation = h(
    'dl',
    { class: 'meanings' },
    ...run.figures.flatMap((figure) => [h('dt', {}, figure.name), h('dd', {}, figure.meaning)]),
  );
  const rows = run.components.map((name, component): Role => ({ component, name }));
  let table: SortableTable<Role> | null = null;
  store.watch(['part', 'group'], (state) => {
    const group = run.group(state.part, state.group);
    const columns: Column<Role>[] = [
      { title: 'component', key: (row) => row.name, cell: (row) => row.name },
      ...run.figures.map((figure) => figureColumn(figure)),
      ...group.loadings.slice(0, MODES).map((loadings, mode): Column<Role> => {
        const loading = (row: Role): Maybe => loadings[group.components.indexOf(row.name)] ?? null;
        return {
          title: `mode ${mode + 1} of ${partOf(run.payload, state.part).symbol}`,
          hint: `Loading on mode ${mode + 1}, ${group.title}`,
          key: loading,
          cell: (row) => {
            const value = loading(row);
            return value === null
              ? '–'
              : h(
                  'span',
                  { class: 'tinted', style: `background-color: ${signedColour(value, 1)}` },
                  numberScale([1]).signed(value),
                );
          },
          numeric: true,
        };
      }),
    ];
    table = new SortableTable<Role>('Figures of components', columns, (row) => ({
      class: store.state.locked.includes(row.component) ? 'chosen' : undefined,
      select: () => store.update({ locked: toggleLock(store.state.locked, row.component) }),
    }));
    table.show(rows);
    host.replaceChildren(table.element);
  });
  store.watch(['locked'], () => table?.show(rows));
  return section(
    'roles',
    'Head roles',
    'What else this run knows of each component, beside its loadings on the first modes of the chosen group. Only figures that were computed are shown.',
    explanation,
    host,
    ...slopesBlock(page),
    ...expressionBlock(page),
    ...effectsBlock(page),
  );
}

/** Whether a figure is read best without a power of ten: correlations and scores, which come without errors and are of the order of one. */
function isPlain({ values, errors }: Figure): boolean {
  return errors.every((error) => error === null) && values.some((value) => Math.abs(value ?? 0) >= SMALLEST_PLAIN);
}

function figureColumn(figure: Figure): Column<Role> {
  const scale = numberScale(isPlain(figure) ? [1, ...figure.values] : [...figure.values, ...figure.errors]);
  return {
    title: scale.prefix === '' ? figure.name : `${figure.name}, ${scale.prefix.trim()}`,
    hint: figure.meaning,
    key: (row) => figure.values[row.component],
    cell: (row) => {
      const value = figure.values[row.component];
      const error = figure.errors[row.component];
      return value === null
        ? '–'
        : error === null
          ? scale.plain(value)
          : `${scale.plain(value)} ± ${scale.unsigned(error)}`;
    },
    numeric: true,
    ...(figure.errors.every((error) => error === null) ? {} : { error: (row: Role) => figure.errors[row.component] }),
  };
}
