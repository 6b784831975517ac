import { toggle } from '../ui/choice';
import { h } from '../ui/dom';
import { missing } from '../ui/missing';
import { patternTable } from './patternTable';
import type { Page } from './view';

/** Which token patterns every component expresses and suppresses. */
export function expressionBlock(page: Page): Node[] {
  const { analysis } = page.run.payload;
  const title = h('h3', {}, 'Patterns that components express and suppress');
  const found = analysis?.pattern_expression ?? [];
  if (found.length === 0) {
    return [title, missing('Token patterns are', 'curie structure RUN')];
  }
  const caption = `Mean over the pattern’s tokens of ${analysis?.view ?? 'χ'}`;
  const host = h('div');
  const draw = (apart: boolean): void =>
    host.replaceChildren(patternTable(page, caption, found, (entry) => (apart ? entry.apart : entry.expression)));
  draw(false);
  return [
    title,
    h(
      'p',
      { class: 'note' },
      'Blue: the component expresses the pattern; orange: it suppresses it. Pale figures are not distinct from 0 (q ≥ 0.05 over all of them).',
    ),
    h('div', { class: 'controls' }, toggle('less the mean of all components', false, draw)),
    host,
  ];
}
