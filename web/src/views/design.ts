import { signedColour } from '../colour/signed';
import { Design, NEUTRAL } from '../data/design';
import { extremes, type Extreme } from '../data/modes';
import { partOf } from '../data/parts';
import type { DesignPrediction, DesignRecord, DesignRow, Maybe } from '../data/payload';
import type { Passage } from '../data/run';
import { rank } from '../data/tokenKinds';
import { csv } from '../format/csv';
import { percent, significant, valueText, whole } from '../format/numbers';
import { plainLine } from '../text/visible';
import { choice, type Choice } from '../ui/choice';
import { h } from '../ui/dom';
import { downloadButton } from '../ui/download';
import { exportable } from '../ui/exports';
import { section } from '../ui/section';
import { SortableTable } from '../ui/sortable';
import { nameCell } from '../ui/text';
import { tipRows } from '../ui/tooltip';
import { intervalChart } from './intervals';
import { tokenTitle } from './tips';
import { contextColumn, placeColumns } from './tokenColumns';
import { passageCaption, passageText, walkTokens } from './tokenSpans';
import type { Page } from './view';

const PER_END = 10;
const RAMP_STOPS = 20;
/** Below so many degrees of freedom an error is itself uncertain by a third or more: 1/√(2·5). */
const FEW_DEGREES = 5;

/** Weights designed from the run: what they are to move, what is predicted, and which text has them. */
export function designView(page: Page, design: Design): HTMLElement {
  const { record } = design.payload;
  const probe = plainLine(page.run.payload.probes[design.payload.probe].name);
  return section(
    'design',
    'Design',
    `Weights for the tokens of ${probe} that ${record.shuffled === null ? `are to move ${plainLine(design.target)}` : 'are dealt out to random tokens, a control'}: how often each counts in training where it counted once. What is predicted holds at this checkpoint, to first order.`,
    ...predicted(page, design),
    h('h3', {}, 'The weights in their text'),
    ...new DesignText(page, design).elements,
    ...patterns(record),
    ...ends(page, design),
  );
}

function predicted(page: Page, design: Design): Node[] {
  const { record } = design.payload;
  const facts = h(
    'dl',
    { class: 'meanings' },
    ...factsOf(page, design).flatMap(([name, text]) => [h('dt', {}, name), h('dd', {}, text)]),
  );
  const { predictions } = record;
  if (predictions.length === 0) {
    const why =
      record.shuffled === null
        ? 'These weights are of an earlier version, whose predictions were not of λ̂; design them again to have these.'
        : 'Of weights dealt out to random tokens nothing is predicted.';
    return [facts, h('p', { class: 'note' }, why)];
  }
  const marks = predictions.map((one, place) => ({
    one,
    value: times(record, one.change.mean),
    half: design.halfWidth(place),
  }));
  const chart = intervalChart(
    page,
    'Predicted change of the learning coefficient of every component',
    marks.map(({ one, value, half }) => ({
      component: one.component,
      value,
      half,
      standsOut: value !== null && half !== null && Math.abs(value) > half,
      label: `${one.component}: predicted change of λ̂ ${valueText(value, times(record, one.change.standard_error))}`,
      tip: () =>
        tipRows(
          one.component,
          [
            ['change of λ̂ ± s.e.', valueText(value, times(record, one.change.standard_error))],
            ['95 % interval', interval(value, half)],
            ['direction', significant(one.direction, 2)],
          ],
          'weights and response from different halves of the draws',
        ),
    })),
  );
  const table = new SortableTable<(typeof marks)[number]>('Predicted changes', [
    { title: 'component', key: ({ one }) => one.component, cell: ({ one }) => one.component },
    {
      title: 'direction',
      hint: 'Its share in the target’s direction, whose length is 1.',
      key: ({ one }) => one.direction,
      cell: ({ one }) => significant(one.direction, 2),
      numeric: true,
    },
    {
      title: 'change of λ̂ ± s.e.',
      hint: 'nβ times the change of the mean excess loss, by weights and responses from different halves of the draws.',
      key: ({ value }) => value,
      error: ({ one }) => times(record, one.change.standard_error),
      cell: ({ one, value }) => valueText(value, times(record, one.change.standard_error)),
      numeric: true,
    },
    {
      title: '95 % interval',
      key: ({ half }) => half,
      cell: ({ value, half }) => interval(value, half),
      numeric: true,
    },
    {
      title: 'E[φ], nats ± s.e.',
      hint: 'The change of the mean excess loss.',
      key: ({ one }) => one.change.mean,
      error: ({ one }) => one.change.standard_error,
      cell: ({ one }) => valueText(one.change.mean, one.change.standard_error),
      numeric: true,
    },
    {
      title: 'λ̂ by the same draws',
      hint: 'With weights and response from all draws, whose common noise makes it too large.',
      key: ({ one }) => times(record, one.same_draws),
      cell: ({ one }) => significant(times(record, one.same_draws)),
      numeric: true,
    },
  ]);
  table.show(marks);
  return [
    facts,
    h('h3', {}, 'Predicted change of the learning coefficient λ̂'),
    h(
      'p',
      { class: 'note' },
      `Lines are 95 % intervals${marks.some(({ half }) => half !== null) ? ' (Student’s t)' : ', which this run does not know'}; filled: 0 is outside, of each by itself, not corrected for their number.`,
    ),
    exportable(h('div', { class: 'chart' }, chart), 'Predicted changes', ['picture'], {
      meaning: 'Predicted change of the learning coefficient of every component by the designed weights',
    }),
    h(
      'details',
      { class: 'more' },
      h('summary', {}, `All ${predictions.length} predictions as a table`),
      table.element,
    ),
  ];
}

function times(record: DesignRecord, value: Maybe): Maybe {
  return value === null ? null : record.n_beta * value;
}

function interval(value: Maybe, half: Maybe): string {
  return value === null || half === null ? '–' : `${significant(value - half)} … ${significant(value + half)}`;
}

function factsOf({ run }: Page, design: Design): [string, string][] {
  const { record, name } = design.payload;
  const { along } = record;
  const alongText = (one: DesignPrediction): string => {
    const value = times(record, one.change.mean);
    const half = design.halfWidth(record.predictions.length);
    const rough =
      half !== null && one.change.degrees_of_freedom < FEW_DEGREES
        ? `; the error rests on ${one.change.degrees_of_freedom + 1} batch means alone`
        : '';
    return `${valueText(value, times(record, one.change.standard_error))}${half === null ? '' : `, 95 % interval ${interval(value, half)}`}${rough}; by the same draws, whose common noise makes it too large, ${significant(times(record, one.same_draws))}`;
  };
  const parts = run.payload.parts;
  const part = parts.some((held) => held.name === record.part)
    ? partOf(run.payload, record.part).title.toLowerCase()
    : record.part;
  return [
    ['weights', plainLine(name)],
    [
      'to move',
      `${plainLine(design.target)}, modes of the ${part}${record.component ? `, by mode${record.modes_used.length === 1 ? '' : 's'} ${record.modes_used.join(', ')} of ${design.payload.title}` : ''}`,
    ],
    ['asked for', `a change of ${significant(record.amount)} nats along it, by the response of this part`],
    ...(along === null ? [] : ([['change of λ̂ along it', alongText(along)]] as [string, string][])),
    [
      'spread of the weights',
      `standard deviation ${significant(record.spread)}${record.cut_share > 0 ? `; ${percent(record.cut_share, 1)} of tokens were cut to 0` : ''}`,
    ],
    [
      'reliability of the weights',
      record.reliability === null
        ? 'not known, as the run keeps no batch means'
        : `${significant(record.reliability, 2)} between halves of the draws (1: they repeat themselves, 0: noise)`,
    ],
    ...(record.shuffled === null
      ? []
      : ([['dealt out', `to random tokens, with the seed ${record.shuffled}`]] as [string, string][])),
  ];
}

function patterns(record: DesignRecord): Node[] {
  if (record.patterns.length === 0) {
    return [h('p', { class: 'note' }, 'No pattern of tokens is known of this run’s text.')];
  }
  const table = new SortableTable<DesignRecord['patterns'][number]>('Mean weight by pattern', [
    { title: 'pattern', key: (row) => row.pattern, cell: (row) => nameCell(row.pattern) },
    { title: 'tokens', key: (row) => row.tokens, cell: (row) => whole(row.tokens), numeric: true },
    {
      title: 'mean weight ± s.e.',
      hint: 'The error is over rows of text.',
      key: (row) => row.mean,
      error: (row) => row.standard_error,
      cell: (row) => valueText(row.mean, row.standard_error),
      numeric: true,
    },
  ]);
  table.show([...record.patterns].sort((a, b) => (b.mean ?? 0) - (a.mean ?? 0)));
  return [
    h('h3', {}, 'Mean weight by pattern'),
    h(
      'p',
      { class: 'note' },
      'Above 1 the pattern is to be seen more often, below 1 less; ± one standard error over rows of text.',
    ),
    table.element,
  ];
}

function ends(page: Page, design: Design): Node[] {
  const { run, store } = page;
  const side = (name: Extreme['side']): SortableTable<Extreme> =>
    new SortableTable<Extreme>(
      name === 'highest' ? 'Heaviest tokens' : 'Lightest tokens',
      [
        { title: 'weight', key: (row) => row.score, cell: (row) => significant(row.score), numeric: true },
        contextColumn(page),
        ...placeColumns<Extreme>(page),
      ],
      (row) => ({ class: row.side, select: () => store.update({ token: row.token }) }),
    );
  const [highest, lowest] = [side('highest'), side('lowest')];
  store.watch(['tokens'], ({ tokens }) => {
    const found = extremes(design.weights, run.tokenId, PER_END, (token) =>
      Number.isFinite(design.weights[token]) ? rank(run.kinds[token], tokens) : null,
    );
    highest.show(found.filter(({ side, score }) => side === 'highest' && score > NEUTRAL));
    lowest.show(found.filter(({ side, score }) => side === 'lowest' && score < NEUTRAL).reverse());
  });
  const end = (name: Extreme['side'], table: SortableTable<Extreme>): HTMLElement =>
    h(
      'div',
      { class: `end-of-mode ${name}` },
      h('h4', {}, name === 'highest' ? 'Heaviest' : 'Lightest'),
      table.element,
    );
  return [
    h('h3', {}, 'Heaviest and lightest tokens'),
    h(
      'p',
      { class: 'note' },
      'Of each token id the most extreme occurrence on the page. Choose one to see it in the text view.',
    ),
    h('div', { class: 'ends' }, end('highest', highest), end('lowest', lowest)),
  ];
}

/** The text of one row, every token coloured by its weight, and a table of rows to choose from. */
class DesignText {
  readonly elements: Node[];
  private readonly host = h('div', { class: 'passages' });
  private readonly spans = new Map<number, HTMLElement>();
  private readonly said = h('p', { class: 'note', role: 'status' });
  private readonly rows: DesignRow[];
  private readonly chooser: Choice;
  private readonly table: SortableTable<DesignRow>;
  private row: number;

  constructor(
    private readonly page: Page,
    private readonly design: Design,
  ) {
    this.rows = design.rows;
    this.row = this.rows[0]?.row ?? -1;
    const label = ({ row, spread }: DesignRow): string => `row ${row}, spread ${significant(spread, 2)}`;
    this.chooser = choice(
      'Row, the most spread first',
      this.rows.map((row) => ({ value: String(row.row), label: label(row) })),
      (value) => this.open(Number(value)),
    );
    this.table = new SortableTable<DesignRow>(
      'Weights by row of text',
      [
        { title: 'row', key: ({ row }) => row, cell: ({ row }) => String(row), numeric: true },
        { title: 'tokens', key: ({ tokens }) => tokens, cell: ({ tokens }) => whole(tokens), numeric: true },
        {
          title: 'mean weight ± s.e.',
          hint: 'The error is over the row’s tokens.',
          key: ({ weight }) => weight.value,
          error: ({ weight }) => weight.error,
          cell: ({ weight }) => valueText(weight.value, weight.error),
          numeric: true,
        },
        {
          title: 'spread',
          hint: 'The standard deviation of its weights.',
          key: ({ spread }) => spread,
          cell: ({ spread }) => significant(spread, 2),
          numeric: true,
        },
      ],
      ({ row, kept }) => ({
        class: row === this.row ? 'chosen' : undefined,
        ...(kept === 0 ? {} : { select: () => this.open(row) }),
      }),
    );
    this.host.addEventListener('mouseover', (event) => this.hover(event.target));
    this.host.addEventListener('focusin', (event) => this.hover(event.target));
    this.host.addEventListener('mouseleave', () => page.tip.hide());
    this.host.addEventListener('focusout', () => page.tip.hide());
    walkTokens(this.host, () => [...this.spans.values()]);
    const missing = design.payload.rows.length - this.rows.length;
    this.elements = [
      h(
        'div',
        { class: 'controls' },
        this.rows.length > 0 && this.chooser.element,
        this.rows.length > 0 &&
          downloadButton(
            'Export weights of the row (CSV)',
            () => `design-row-${this.row}.csv`,
            () => this.csv(),
          ),
        this.said,
      ),
      this.legend(),
      exportable(this.host, 'Designed weights', ['picture'], {
        meaning: 'Text of a row, every token coloured by its designed weight',
      }),
      h(
        'details',
        { class: 'more' },
        h('summary', {}, `All ${whole(design.payload.rows.length)} rows by their weights`),
        missing > 0 && h('p', { class: 'note' }, `The page does not hold the text of ${whole(missing)} of them.`),
        this.table.element,
      ),
    ];
    page.store.watch(['tokens'], () => this.show());
    page.store.watch(['theme'], () => this.colour());
  }

  private show(): void {
    this.chooser.set(String(this.row));
    this.table.show(this.design.payload.rows);
    this.draw();
  }

  private open(row: number): void {
    this.row = row;
    this.show();
    const found = this.rows.find((entry) => entry.row === row);
    this.said.textContent = found
      ? `Row ${row}: mean weight ${valueText(found.weight.value, found.weight.error)}.`
      : '';
  }

  private get passages(): Passage[] {
    const { probe } = this.design.payload;
    return this.page.run.passages.filter((passage) => passage.probe === probe && passage.row === this.row);
  }

  private draw(): void {
    this.spans.clear();
    const passages = this.passages;
    this.host.replaceChildren(
      ...(passages.length === 0
        ? [h('p', { class: 'note' }, 'The page holds no text of the rows that have weights.')]
        : passages.map((passage) =>
            h(
              'figure',
              {},
              h('figcaption', {}, passageCaption(this.page.run, passage)),
              passageText(this.page, passage, this.spans),
            ),
          )),
    );
    this.host.querySelector('[data-token]')?.setAttribute('tabindex', '0');
    this.colour();
  }

  private colour(): void {
    for (const [token, span] of this.spans) {
      span.style.backgroundColor = signedColour(this.design.weights[token] - NEUTRAL, this.design.scale);
    }
  }

  /** One scale for all rows, 1 in its neutral place. */
  private legend(): HTMLElement {
    const { scale, ends: bounds } = this.design;
    const [low, high] = bounds;
    const span = high - low || 1;
    const ramp = Array.from({ length: RAMP_STOPS + 1 }, (_, i) =>
      signedColour(low + (span * i) / RAMP_STOPS - NEUTRAL, scale),
    ).join(', ');
    const tick = (weight: number, text: string): HTMLElement =>
      h('span', { style: `left: ${(100 * (weight - low)) / span}%` }, text);
    return h(
      'div',
      { class: 'legend weight-key' },
      h('span', { class: 'name' }, 'weight'),
      h(
        'span',
        { class: 'weight-scale' },
        h('span', { class: 'ramp', style: `background-image: linear-gradient(to right, ${ramp})` }),
        h(
          'span',
          { class: 'time-ticks' },
          tick(low, significant(low, 2)),
          tick(NEUTRAL, '1'),
          tick(high, significant(high, 2)),
        ),
      ),
      h(
        'span',
        { class: 'note' },
        'above 1 counts more often, below 1 less; one scale for all rows, and the full colour beyond it',
      ),
    );
  }

  private hover(target: EventTarget | null): void {
    const { run, tip } = this.page;
    const span = target instanceof Element ? target.closest<HTMLElement>('[data-token]') : null;
    if (!span) {
      tip.hide();
      return;
    }
    const token = Number(span.dataset['token']);
    const pattern = run.patterns[run.map?.pattern[token] ?? -1];
    tip.show(
      tipRows(tokenTitle(run, token), [
        ['weight', significant(this.design.weights[token])],
        ['position', String(run.position[token])],
        ['row', String(run.rowOf(token))],
        ['token id', String(run.tokenId[token])],
        ['loss at w*', `${significant(run.initLoss[token])} nats`],
        ...(pattern === undefined ? [] : ([['pattern', plainLine(pattern)]] as [string, string][])),
      ]),
      span.getBoundingClientRect(),
    );
    span.setAttribute('aria-describedby', 'tip');
  }

  private csv(): string {
    const { run } = this.page;
    return csv(
      ['row', 'position', 'token_id', 'token', 'weight'],
      this.passages.flatMap(({ firstToken, endToken }) =>
        Array.from({ length: endToken - firstToken }, (_, i) => {
          const token = firstToken + i;
          return [
            run.rowOf(token),
            run.position[token],
            run.tokenId[token],
            run.textAt(run.place[token]),
            this.design.weights[token],
          ];
        }),
      ),
    );
  }
}
