import { holds, partOf } from '../data/parts';
import type { Card, CardMode, CardToken, CardTwin, Maybe, PartName } from '../data/payload';
import { percent, significant, valueText } from '../format/numbers';
import { plainLine } from '../text/visible';
import { h } from '../ui/dom';
import { section } from '../ui/section';
import { SortableTable } from '../ui/sortable';
import { nameCell, sentenceNodes } from '../ui/text';
import { windowOf } from './context';
import type { Page } from './view';

/** So many tokens of each side. */
const PER_SIDE = 5;
/** The parts whose means over probes stand on a card. */
const PARTS: readonly PartName[] = ['chi', 'covariance', 'excess'];

/** Why one head may have both signs; the terminal says it in the same words. */
const BOTH_SIGNS =
  'A head may express a text by its excess and suppress it by its covariance: the excess is below 0 where moving the head costs the text less than the data, and the covariance where what costs the data costs the text too.';

interface Figure {
  name: string;
  value: Maybe;
  error: Maybe;
  place: string;
}

/** Everything that the run knows about the component that was chosen last, as `curie head` says it. */
export function cardView(page: Page): HTMLElement {
  const { run, store } = page;
  const host = h('div', { class: 'card' });
  store.watch(['locked', 'tokens'], ({ locked }) => {
    const component = locked.at(-1);
    const card = run.payload.cards.find((entry) => entry.component === run.components[component ?? -1]);
    host.replaceChildren(
      ...(card && component !== undefined
        ? content(page, card, component)
        : [
            h(
              'p',
              { class: 'note' },
              component === undefined
                ? 'No head is chosen. Choose one in the grid, in a matrix, a chart or a table; Escape, or a second click, lets it go.'
                : 'The run has no estimate of this component.',
            ),
          ]),
    );
  });
  return section(
    'head',
    'Head card',
    'Everything that this run knows about the head that was chosen last, as curie head says it. It stays until the head is let go, by a second click or Escape.',
    host,
  );
}

function content(page: Page, card: Card, component: number): Node[] {
  return [
    h('h3', { class: 'card-name' }, card.component),
    h('ul', {}, ...card.sentences.map((sentence) => h('li', {}, ...sentenceNodes(plainLine(sentence))))),
    ...tokens(page, card),
    h(
      'div',
      { class: 'card-tables' },
      ...figures(card),
      ...responses(page, component),
      ...modes(card),
      ...twins(page, card),
    ),
    ...card.missing.map((sentence) => h('p', { class: 'note' }, ...sentenceNodes(sentence))),
  ];
}

function block(title: string, table: HTMLElement): HTMLElement {
  return h('div', {}, h('h4', {}, title), table);
}

function figures(card: Card): Node[] {
  const rows: Figure[] = [
    ...(card.coefficient ? [{ name: 'λ̂', ...card.coefficient, place: '' }] : []),
    ...card.scores.map(({ name, value, error, rank, heads }) => ({
      name: name.replaceAll('_', ' '),
      value,
      error,
      place: `${rank} of ${heads}`,
    })),
    ...card.effects.map(({ name, value, error }) => ({ name: `mean ablation: ${name}`, value, error, place: '' })),
  ];
  if (rows.length === 0) {
    return [];
  }
  const table = new SortableTable<Figure>(`Figures of ${card.component}`, [
    { title: 'figure', key: (row) => row.name, cell: (row) => nameCell(row.name) },
    {
      title: 'value ± s.e.',
      hint: 'Scores: shares of attention. Ablation: nats per token that the head saves.',
      key: (row) => row.value,
      error: (row) => row.error,
      cell: (row) => valueText(row.value, row.error),
      numeric: true,
    },
    { title: 'place', hint: '1 for the highest of all heads.', key: (row) => row.place, cell: (row) => row.place },
  ]);
  table.show(rows);
  return [block('Figures', table.element)];
}

function responses({ run }: Page, component: number): Node[] {
  const parts = PARTS.filter((part) => holds(run.payload, part));
  if (parts.length === 0) {
    return [];
  }
  const table = new SortableTable<number>(`Response of ${run.components[component]} to probes`, [
    {
      title: 'probe',
      key: (probe) => run.payload.probes[probe].name,
      cell: (probe) => nameCell(run.payload.probes[probe].name),
    },
    ...parts.map((part) => {
      const { values, errors } = run.payload.dataset[part];
      const scale = run.scale(part, values[component], errors[component]);
      const { symbol, unit } = partOf(run.payload, part);
      return {
        title: `${symbol}, ${scale.prefix}${unit}`,
        hint: 'Mean over the probe’s tokens ± one standard error; below 0 the component expresses the probe’s text.',
        key: (probe: number) => values[component][probe],
        error: (probe: number) => errors[component][probe],
        cell: (probe: number) =>
          `${scale.signed(values[component][probe])} ± ${scale.unsigned(errors[component][probe])}`,
        numeric: true,
      };
    }),
  ]);
  table.show(run.payload.probes.map((_, probe) => probe));
  return [
    block('Mean response to every probe', table.element),
    ...(holds(run.payload, 'excess') && holds(run.payload, 'covariance')
      ? [h('p', { class: 'note' }, BOTH_SIGNS)]
      : []),
  ];
}

function modes(card: Card): Node[] {
  if (card.modes.length === 0) {
    return [];
  }
  const table = new SortableTable<CardMode>(`Place of ${card.component} in the modes`, [
    { title: 'of', key: (row) => row.view, cell: (row) => plainLine(row.view) },
    { title: 'over', key: (row) => row.group, cell: (row) => row.group },
    { title: 'mode', key: (row) => row.mode, cell: (row) => String(row.mode), numeric: true },
    { title: 'share', key: (row) => row.share, cell: (row) => percent(row.share, 1), numeric: true },
    {
      title: 'reliability',
      key: (row) => row.reliability,
      cell: (row) => (row.reliability === null ? '–' : significant(row.reliability, 2)),
      numeric: true,
    },
    {
      title: 'loading',
      hint: 'The sign of a mode is arbitrary.',
      key: (row) => row.loading,
      cell: (row) => significant(row.loading, 2),
      numeric: true,
    },
    { title: 'place', key: (row) => row.rank, cell: (row) => `${row.rank} of ${row.components}`, numeric: true },
  ]);
  table.show(card.modes);
  return [block('Place in the modes', table.element)];
}

function twins({ run }: Page, card: Card): Node[] {
  if (card.twins.length === 0) {
    return [];
  }
  const { title } = partOf(run.payload, card.twins[0].part);
  const table = new SortableTable<CardTwin>(`Twins of ${card.component} in other runs`, [
    { title: 'run', key: (row) => row.run, cell: (row) => nameCell(row.run) },
    { title: 'head', key: (row) => row.partner, cell: (row) => row.partner },
    {
      title: 'r over tokens ± s.e.',
      hint: `Correlation over tokens of the two heads’ ${title.toLowerCase()}, of what sets each apart from the other heads of its layer; the error is over rows of text.`,
      key: (row) => row.value,
      error: (row) => row.error,
      cell: (row) => valueText(row.value, row.error),
      numeric: true,
    },
  ]);
  table.show(card.twins);
  return [
    block(`Twins: the heads of other runs that are assigned to it by their ${title.toLowerCase()}`, table.element),
  ];
}

function tokens(page: Page, card: Card): Node[] {
  const { run } = page;
  return [...new Set(card.tokens.map((token) => token.part))].map((part) => {
    const { title, unit } = partOf(run.payload, part);
    const own = card.tokens.filter((token) => token.part === part);
    const scale = run.scale(
      part,
      own.map((token) => token.value),
      own.map((token) => token.error),
    );
    const side = (name: CardToken['side']): HTMLElement => {
      const table = new SortableTable<CardToken>(
        `Tokens that ${card.component} has ${name} by ${title.toLowerCase()}`,
        [
          {
            title: `${scale.prefix}${unit} ± s.e.`,
            hint: 'Less the component’s mean over tokens.',
            key: (row) => row.value,
            error: (row) => row.error,
            cell: (row) => `${scale.signed(row.value)} ± ${scale.unsigned(row.error)}`,
            numeric: true,
          },
          { title: 'token in context', key: (row) => row.text, cell: (row) => windowOf(row) },
          {
            title: 'probe',
            key: (row) => row.probe,
            cell: (row) => nameCell(row.probe),
          },
        ],
        (row) => ({
          class: name === 'expressed' ? 'lowest' : 'highest',
          ...(row.token === null ? {} : { select: () => page.store.update({ token: row.token }) }),
        }),
      );
      table.show(run.cardTokens(card, part, name, page.store.state.tokens, PER_SIDE));
      return h(
        'div',
        { class: `end-of-mode ${name === 'expressed' ? 'lowest' : 'highest'}` },
        h('h5', {}, name),
        table.element,
      );
    };
    return h(
      'div',
      {},
      h('h4', {}, `Tokens by ${title.toLowerCase()}`),
      h('div', { class: 'ends' }, side('expressed'), side('suppressed')),
    );
  });
}
