import { extremes, modeScores, type Extreme } from '../data/modes';
import { partOf } from '../data/parts';
import type { Analysis, KnownMode, ModeAttribution, ModeGroup, ModePatterns, PartName } from '../data/payload';
import { scree } from '../data/scree';
import { rank } from '../data/tokenKinds';
import { csv } from '../format/csv';
import { numberScale, percent, significant } from '../format/numbers';
import { choice } from '../ui/choice';
import { h } from '../ui/dom';
import { exportable } from '../ui/exports';
import { downloadButton } from '../ui/download';
import { section } from '../ui/section';
import { SortableTable } from '../ui/sortable';
import { nameCell } from '../ui/text';
import { oneLine } from '../text/visible';
import { attributionOf, shortSource } from '../data/attribution';
import { missing } from '../ui/missing';
import { attributionBlock } from './attribution';
import { AFTER, BEFORE } from './context';
import { patternLoadingTable } from './patternLoadings';
import { surveyTable } from './survey';
import { shown } from '../state/selection';
import { loadingChart } from './loadings';
import { screeChart } from './scree';
import { tokenTip } from './tips';
import { contextColumn, placeColumns } from './tokenColumns';
import type { Page } from './view';

const PER_END = 15;

/** The modes of a group: what each explains, its loadings, and the tokens at its ends. */
export function modesView(page: Page): HTMLElement {
  const { run, store, tip } = page;
  const groups = choice('Group', [], (group) => store.update({ group, mode: 0 }));
  const reason = h('p', { class: 'note' });
  const shares = h('div', { class: 'chart' });
  const loadings = h('div', { class: 'chart' });
  const loadingTitle = h('h3');
  const tokenTitle = h('h3');
  const source = h('div');
  const survey = h('div');
  const patternTitle = h('h3');
  const patternHost = h('div');
  const patterns = patternLoadingTable();
  const modes = new SortableTable<Mode>(
    'Modes of the group',
    [
      { title: 'mode', key: (row) => row.mode, cell: (row) => String(row.mode + 1), numeric: true },
      {
        title: 'explained variance',
        hint: 'Its share of the variance over tokens, less what sampling error and the choice of rows add to it; the line is the 95 % interval.',
        key: (row) => row.share,
        cell: shareBar,
      },
      {
        title: '95 % interval',
        key: (row) => row.known?.explained_variance.low ?? null,
        cell: (row) => interval(row.known),
        numeric: true,
      },
      {
        title: 'comes from',
        hint: 'The term of χ that gives most of its variance.',
        key: (row) => row.source,
        cell: (row) => row.source ?? '–',
      },
      {
        title: 'of what is left',
        hint: 'Its share of what the modes before it leave, and the 95 % bound of that share when the tokens of every component are put in an order of their own.',
        key: (row) => row.known?.permutation?.observed ?? null,
        cell: (row) =>
          row.known?.permutation
            ? `${percent(row.known.permutation.observed, 1)} (null below ${percent(row.known.permutation.null_high, 1)})`
            : '–',
        numeric: true,
      },
      {
        title: 'p',
        hint: 'Of the permutation null.',
        key: (row) => row.known?.permutation?.p_value ?? null,
        cell: (row) => orDash(row.known?.permutation?.p_value),
        numeric: true,
      },
      {
        title: 'reliability',
        hint: 'The share of the scores’ variance that is no sampling error, from halves of the draws.',
        key: (row) => row.known?.reliability ?? null,
        cell: (row) => orDash(row.known?.reliability, 2),
        numeric: true,
      },
    ],
    (row) => ({
      class: row.mode === store.state.mode ? 'chosen' : undefined,
      select: () => store.update({ mode: row.mode }),
    }),
  );
  const scale = { now: numberScale([0]) };
  const tokensOf = (side: Extreme['side']): SortableTable<Extreme> =>
    new SortableTable<Extreme>(
      `Tokens of the ${side} scores`,
      [
        { title: 'score', key: (row) => row.score, cell: (row) => scale.now.signed(row.score), numeric: true },
        contextColumn(page),
        {
          title: 'probe',
          key: (row) => run.payload.probes[run.probeOf(row.token)].name,
          cell: (row) => nameCell(run.payload.probes[run.probeOf(row.token)].name),
        },
        ...placeColumns<Extreme>(page),
        {
          title: 'loss at w*',
          key: (row) => run.initLoss[row.token],
          cell: (row) => significant(run.initLoss[row.token]),
          numeric: true,
        },
      ],
      (row) => ({
        class: row.side,
        select: () => store.update({ token: row.token }),
        enter: (element) =>
          tip.show(
            tokenTip(run, row.token, store.state.part, shown(store.state.locked, null), store.state.centred),
            element.getBoundingClientRect(),
          ),
        leave: () => tip.hide(),
      }),
    );
  const [highest, lowest] = [tokensOf('highest'), tokensOf('lowest')];
  const tokensAt = (side: Extreme['side'], table: SortableTable<Extreme>): HTMLElement =>
    h(
      'div',
      { class: `end-of-mode ${side}` },
      h('h4', {}, `${side === 'highest' ? 'Highest' : 'Lowest'} scores`),
      table.element,
    );
  const ends = h('div', { class: 'ends' }, tokensAt('highest', highest), tokensAt('lowest', lowest));
  const name = (): string => `${store.state.part}-${store.state.group}`;
  const group = (): ModeGroup => run.group(store.state.part, store.state.group);

  store.watch(['part', 'group', 'mode', 'tokens'], (state) => {
    const chosen = group();
    groups.options(
      run.payload.modes[state.part].map((entry) => ({ value: entry.name, label: entry.title })),
      chosen.name,
    );
    const known = run.payload.reproducibility[state.part]?.groups.find((entry) => entry.group === chosen.name);
    const excluded =
      chosen.excluded.length === 0 ? '' : `Left out, having no estimate: ${chosen.excluded.join(', ')}. `;
    reason.textContent =
      excluded +
      (chosen.reason
        ? `There are no modes: ${chosen.reason}`
        : known?.reason
          ? `How well they are known is not: ${known.reason}`
          : '');
    const attributed = (mode: number): ModeAttribution | null =>
      state.part === 'chi' ? attributionOf(run.payload, chosen.name, mode) : null;
    const sourceOf = (mode: number): string | null => {
      const found = attributed(mode);
      return found ? shortSource(found) : null;
    };
    const views = run.payload.analysis?.survey.find((entry) => entry.group === chosen.name)?.views ?? [];
    survey.replaceChildren(...(views.length > 0 ? [surveyTable(views)] : []));
    modes.show(
      chosen.loadings.map((_, mode) => {
        const found = known?.modes.find((entry) => entry.mode === mode + 1) ?? null;
        return {
          mode,
          share: found?.explained_variance.value ?? chosen.explained[mode],
          source: sourceOf(mode),
          known: found,
        };
      }),
    );
    const mode = Math.min(state.mode, chosen.loadings.length - 1);
    if (mode < 0) {
      [shares, loadings, source, patternHost].forEach((host) => host.replaceChildren());
      patternTitle.textContent = '';
      [highest, lowest].forEach((table) => table.show([]));
      return;
    }
    const { symbol, unit } = partOf(run.payload, state.part);
    const attribution = attributed(mode);
    source.replaceChildren(
      ...(attribution
        ? [attributionBlock(attribution)]
        : state.part === 'chi' && run.payload.analysis === null
          ? [missing('The parts that modes come from are', 'curie structure RUN')]
          : []),
    );
    const loaded = patternsOf(run.payload.analysis, state.part).find(
      (entry) => entry.group === chosen.name && entry.mode === mode + 1,
    );
    patternTitle.textContent = `Token patterns at the ends of mode ${mode + 1}`;
    patterns.show(loaded?.patterns ?? []);
    patternHost.replaceChildren(
      ...(loaded
        ? [
            h(
              'p',
              { class: 'note' },
              `Shares of the ${loaded.extremes} tokens at each end. Bold: other than among all tokens (q below 0.05).`,
            ),
            patterns.element,
          ]
        : [
            missing(
              'Patterns at the ends of this mode are',
              `curie structure RUN${state.part === run.payload.mainPart ? '' : ` --part ${state.part}`}`,
            ),
          ]),
    );
    shares.replaceChildren(screeChart(page, scree(chosen, known?.modes ?? [], chosen.loadings.length), mode));
    loadingTitle.textContent = `Loadings of mode ${mode + 1}`;
    const intervals = known?.modes.find((entry) => entry.mode === mode + 1)?.loadings;
    loadings.replaceChildren(
      loadingChart(page, `Loadings of mode ${mode + 1}`, {
        components: chosen.components,
        loadings: chosen.loadings[mode],
        low: chosen.components.map((name) => intervals?.[name]?.low ?? null),
        high: chosen.components.map((name) => intervals?.[name]?.high ?? null),
      }),
    );
    const found = extremes(modeScores(run, state.part, chosen, mode), run.tokenId, PER_END, (token) =>
      rank(run.kinds[token], state.tokens),
    );
    scale.now = run.scale(
      state.part,
      found.map((end) => end.score),
    );
    tokenTitle.textContent = `Tokens at the ends of mode ${mode + 1} of ${symbol}, ${scale.now.prefix}${unit}`;
    highest.show(found.filter((end) => end.side === 'highest'));
    lowest.show(found.filter((end) => end.side === 'lowest').reverse());
  });

  return section(
    'modes',
    'Modes',
    'Directions of common variation of the components over tokens. A mode’s sign is arbitrary; here the loading of largest magnitude is positive.',
    h(
      'div',
      { class: 'controls' },
      groups.element,
      downloadButton(
        'Export modes (CSV)',
        () => `modes-${name()}.csv`,
        () => modesCsv(group()),
      ),
      downloadButton(
        'Export tokens (CSV)',
        () => `tokens-${name()}-mode-${store.state.mode + 1}.csv`,
        () => tokensCsv(page, [...highest.sorted, ...lowest.sorted]),
      ),
    ),
    reason,
    h('h3', {}, 'How much every mode holds'),
    h(
      'p',
      { class: 'note' },
      'Bars: shares of the variance over tokens, lines on them their 95 % intervals. Dashed: what chance gives in the place of the mode, up to its 95 % bound, when the tokens of every component are put in an order of their own. ρ: the reliability of the scores between halves of the draws, 1 where they repeat themselves, 0 where they are noise.',
    ),
    exportable(shares, 'Shares of the modes', ['picture'], {
      meaning: 'Shares of the modes: how much of the variance over tokens every mode holds, with what chance gives',
    }),
    modes.element,
    source,
    survey,
    loadingTitle,
    exportable(loadings, 'Loadings', ['picture'], {
      meaning: 'Loadings: how strongly every component takes part in the chosen mode',
    }),
    patternTitle,
    patternHost,
    tokenTitle,
    h(
      'p',
      { class: 'note' },
      'Of each token id the most extreme occurrence on the page. Choose a row to see the token in its text.',
    ),
    ends,
  );
}

/** The patterns at the ends of the modes of a part, where the run folder keeps them. */
function patternsOf(analysis: Analysis | null, part: PartName): readonly ModePatterns[] {
  return (analysis?.view === part ? analysis.mode_patterns : analysis?.other_patterns?.[part]) ?? [];
}

interface Mode {
  mode: number;
  share: number;
  source: string | null;
  known: KnownMode | null;
}

function orDash(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? '–' : significant(value, digits);
}

function interval(known: KnownMode | null): string {
  return known && known.explained_variance.low !== null
    ? `${percent(known.explained_variance.low)} – ${percent(known.explained_variance.high)}`
    : '–';
}

function shareBar(row: Mode): Node {
  const low = row.known?.explained_variance.low;
  const high = row.known?.explained_variance.high;
  return h(
    'div',
    { class: 'share' },
    h(
      'span',
      { class: 'share-bar', 'aria-hidden': 'true' },
      h('span', { class: 'fill', style: `width: ${100 * row.share}%` }),
      typeof low === 'number' &&
        typeof high === 'number' &&
        h('span', { class: 'whisker', style: `left: ${100 * low}%; width: ${Math.max(0.4, 100 * (high - low))}%` }),
    ),
    h('span', { class: 'share-value' }, percent(row.share)),
  );
}

function modesCsv(group: ModeGroup): string {
  return csv(
    ['group', 'mode', 'explained_variance', 'component', 'loading'],
    group.loadings.flatMap((loadings, mode) =>
      group.components.map((component, c) => [group.name, mode + 1, group.explained[mode], component, loadings[c]]),
    ),
  );
}

function tokensCsv(page: Page, rows: readonly Extreme[]): string {
  const { run } = page;
  return csv(
    ['side', 'score', 'probe', 'row', 'position', 'token_id', 'token', 'before', 'after', 'init_loss'],
    rows.map(({ token, score, side }) => {
      const around = run.context(token, BEFORE, AFTER);
      return [
        side,
        score,
        run.payload.probes[run.probeOf(token)].name,
        run.rowOf(token),
        run.position[token],
        run.tokenId[token],
        oneLine(around.token),
        oneLine(around.before),
        oneLine(around.after),
        run.initLoss[token],
      ];
    }),
  );
}
