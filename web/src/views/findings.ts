import { excessFindings, modeFindings, signsOf, type Signs } from '../data/findings';
import type { Run } from '../data/run';
import { plainLine } from '../text/visible';
import { h } from '../ui/dom';

const MODES = 2;

/** What the run shows in numbers, in blocks. */
export function findings(run: Run): HTMLElement[] {
  const sentences = [...excessFindings(run), ...modeFindings(run, MODES)];
  const signs = signsOf(run);
  return [
    signs.length > 0 &&
      h(
        'div',
        {},
        h('h3', {}, 'Which text is expressed, which suppressed'),
        h(
          'p',
          { class: 'note' },
          `How many of the ${run.components.length} components express a probe (χ below 0, blue), suppress it (above 0, orange), or neither beyond doubt.`,
        ),
        h(
          'table',
          { class: 'signs' },
          h('caption', { class: 'hidden' }, 'How many components express and suppress every probe'),
          h(
            'thead',
            { class: 'hidden' },
            h('tr', {}, h('th', { scope: 'col' }, 'probe'), h('th', { scope: 'col' }, 'components')),
          ),
          h('tbody', {}, ...signs.map((entry) => signRow(run, entry))),
        ),
      ),
    sentences.length > 0 &&
      h('div', {}, h('h3', {}, 'What the modes say'), ...sentences.map((sentence) => h('p', {}, sentence))),
  ].filter((block) => block !== false);
}

const KINDS = { below: 'express it', unclear: 'neither', above: 'suppress it' } as const;

function signRow(run: Run, signs: Signs): HTMLElement {
  const part = (kind: 'below' | 'unclear' | 'above'): Node | false =>
    signs[kind] > 0 &&
    h(
      'span',
      { class: kind, style: `flex-grow: ${signs[kind]}` },
      String(signs[kind]),
      h('span', { class: 'hidden' }, ` ${KINDS[kind]} `),
    );
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row', title: plainLine(run.payload.probes[signs.probe].name) },
      plainLine(run.payload.probes[signs.probe].name),
    ),
    h('td', {}, h('span', { class: 'sign-bar' }, part('below'), part('unclear'), part('above'))),
  );
}
