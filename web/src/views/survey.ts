import type { SurveyedView } from '../data/payload';
import { percent, significant } from '../format/numbers';
import { plainLine } from '../text/visible';
import { h } from '../ui/dom';
import { exportable } from '../ui/exports';

/** The modes of a group under other parts, centrings and probes. */
export function surveyTable(views: readonly SurveyedView[]): HTMLElement {
  const most = Math.max(0, ...views.map((view) => view.modes.length));
  return h(
    'details',
    { class: 'more' },
    h(
      'summary',
      {},
      'The same modes seen otherwise: other parts, without the common factor, other centrings, single probes',
    ),
    h(
      'p',
      { class: 'note' },
      'Explained variance; then how reliable its scores are (1: repeated draws agree, 0: noise) and how far its loadings are those of the same mode of the first view (1: the same).',
    ),
    exportable(
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Modes of other views' },
        h(
          'table',
          { class: 'data' },
          h('caption', { class: 'hidden' }, 'Modes of other views: explained variance, reliability and alignment'),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col' }, 'view'),
              ...Array.from({ length: most }, (_, mode) =>
                h('th', { scope: 'col', class: 'number' }, `mode ${mode + 1}`),
              ),
            ),
          ),
          h(
            'tbody',
            {},
            ...views.map((view) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row' }, plainLine(view.view)),
                ...Array.from({ length: most }, (_, i) => {
                  const mode = view.modes[i];
                  return h(
                    'td',
                    { class: 'number' },
                    mode
                      ? `${percent(mode.explained_variance, 1)}  ·  ${significant(mode.reliability, 2)}  ·  ${significant(mode.alignment, 2)}`
                      : '–',
                  );
                }),
              ),
            ),
          ),
        ),
      ),
      'Modes of other views',
      ['csv'],
    ),
  );
}
