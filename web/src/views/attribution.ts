import { describeSource, shareText, termOf, TERMS } from '../data/attribution';
import type { ModeAttribution } from '../data/payload';
import { significant } from '../format/numbers';
import { h } from '../ui/dom';
import { exportable } from '../ui/exports';

/** Which terms of χ a mode comes from, in words and figures. */
export function attributionBlock(mode: ModeAttribution): HTMLElement {
  return h(
    'div',
    { class: 'attribution' },
    h('p', {}, describeSource(mode)),
    exportable(
      h(
        'div',
        { class: 'scroll' },
        h(
          'table',
          { class: 'data narrow' },
          h('caption', { class: 'hidden' }, `Terms of χ from which mode ${mode.mode} comes`),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col' }, 'term of χ'),
              h('th', { scope: 'col', class: 'number' }, 'share of the variance'),
              h('th', { scope: 'col', class: 'number' }, 'reliability'),
            ),
          ),
          h(
            'tbody',
            {},
            ...TERMS.map(({ term, title, meaning }) => {
              const share = termOf(mode, term);
              return h(
                'tr',
                {},
                h('th', { scope: 'row', title: meaning }, title),
                h('td', { class: 'number' }, shareText(share)),
                h('td', { class: 'number' }, share?.reliability == null ? '–' : significant(share.reliability, 2)),
              );
            }),
          ),
        ),
      ),
      `Terms of mode ${mode.mode}`,
      ['csv'],
    ),
  );
}
