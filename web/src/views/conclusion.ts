import type { ResponsePayload } from '../data/payload';
import { h } from '../ui/dom';
import { plainLine } from '../text/visible';
import { sentenceNodes } from '../ui/text';

const FIRST = 4;

const LINKS: readonly (readonly [string, string])[] = [
  ['#text', 'Read the text as a head sees it'],
  ['#modes', 'See what sets heads apart'],
  ['#roles', 'Look up every head'],
];

/** What the run found, before anything else, and where to see it; the sentences after the first few are folded away. */
export function conclusionView({ conclusion }: ResponsePayload): HTMLElement[] {
  if (conclusion.length === 0) {
    return [];
  }
  const items = (sentences: readonly string[]): HTMLElement =>
    h('ul', {}, ...sentences.map((sentence) => h('li', {}, ...sentenceNodes(plainLine(sentence)))));
  const more = conclusion.slice(FIRST);
  return [
    h(
      'section',
      { id: 'conclusion', class: 'conclusion', 'aria-labelledby': 'conclusion-title' },
      h('h2', { id: 'conclusion-title' }, 'What was found'),
      items(conclusion.slice(0, FIRST)),
      more.length > 0 && h('details', {}, h('summary', {}, `${more.length} more`), items(more)),
      h('p', { class: 'ways' }, ...LINKS.map(([href, label]) => h('a', { href }, label))),
    ),
  ];
}
