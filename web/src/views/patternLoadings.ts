import { signedColour } from '../colour/signed';
import type { Maybe, PatternLoading } from '../data/payload';
import { percent, significant } from '../format/numbers';
import { plainLine } from '../text/visible';
import { h } from '../ui/dom';
import { SortableTable } from '../ui/sortable';

/** Up to this rate of false discoveries a share counts as different from the base rate. */
const DISTINCT = 0.05;

/** How often each pattern stands at the two ends of a mode, against its share of all tokens. */
export function patternLoadingTable(): SortableTable<PatternLoading> {
  return new SortableTable<PatternLoading>('Pattern loadings of the mode', [
    { title: 'pattern', key: (row) => row.pattern, cell: (row) => plainLine(row.pattern) },
    {
      title: 'of all tokens',
      key: (row) => row.base_rate,
      cell: (row) => bar(row.base_rate, null, 'base'),
      numeric: true,
    },
    {
      title: 'of the highest',
      hint: 'Its share of the tokens with the highest scores; bold where it differs from its share of all tokens.',
      key: (row) => row.top,
      cell: (row) => bar(row.top, row.top_q, 'at-top'),
      numeric: true,
    },
    {
      title: 'of the lowest',
      hint: 'Its share of the tokens with the lowest scores.',
      key: (row) => row.bottom,
      cell: (row) => bar(row.bottom, row.bottom_q, 'at-bottom'),
      numeric: true,
    },
    {
      title: 'mean score, s.d.',
      hint: 'The mean score of its tokens, in standard deviations of all scores.',
      key: (row) => row.mean_score,
      cell: (row) =>
        h(
          'span',
          { class: 'tinted', style: `background-color: ${signedColour(row.mean_score ?? 0, 1)}` },
          significant(row.mean_score, 2),
        ),
      numeric: true,
    },
  ]);
}

function bar(share: Maybe, q: Maybe, side: string): Node {
  const distinct = q !== null && q < DISTINCT;
  return h(
    'span',
    { class: `rate ${side}`, title: q === null ? null : `q = ${significant(q, 2)}` },
    h('span', { class: 'rate-bar', 'aria-hidden': 'true' }, h('span', { style: `width: ${100 * (share ?? 0)}%` })),
    h('span', { class: distinct ? 'rate-value distinct' : 'rate-value' }, percent(share, 1)),
  );
}
