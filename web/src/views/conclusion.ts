import { plainLine } from '../text/visible';
import { clamped } from '../ui/clamped';
import { h } from '../ui/dom';
import { sentenceNodes } from '../ui/text';
import { leadingFigure } from './leading';
import type { Page } from './view';

const FIRST = 5;

const LINKS: readonly (readonly [string, string])[] = [
  ['#text', 'Read the text as a head sees it'],
  ['#modes', 'See what sets heads apart'],
  ['#roles', 'Look up every head'],
  ['#summary', 'How far to trust it'],
];

/** What the run found, before anything else, beside which heads it is about, and where to see it; long sentences and all after the first few are folded away. */
export function conclusionView(page: Page): HTMLElement | null {
  const { conclusion } = page.run.payload;
  if (conclusion.length === 0) {
    return null;
  }
  const items = (sentences: readonly string[]): HTMLElement =>
    h('ul', {}, ...sentences.map((sentence) => h('li', {}, ...clamped(...sentenceNodes(plainLine(sentence))))));
  const more = conclusion.slice(FIRST);
  return h(
    'section',
    { id: 'conclusion', class: 'conclusion', 'aria-labelledby': 'conclusion-title' },
    h(
      'div',
      { class: 'found' },
      h('h2', { id: 'conclusion-title' }, 'What was found'),
      items(conclusion.slice(0, FIRST)),
      more.length > 0 && h('details', {}, h('summary', {}, `${more.length} more`), items(more)),
      h('p', { class: 'ways' }, ...LINKS.map(([href, label]) => h('a', { href }, label))),
    ),
    leadingFigure(page),
  );
}
