import { analysedPart } from '../data/analysis';
import { partOf } from '../data/parts';
import { toggle } from '../ui/choice';
import { h } from '../ui/dom';
import { missing } from '../ui/missing';
import { patternTable } from './patternTable';
import type { Page } from './view';

/** Which token patterns every component expresses and suppresses. */
export function expressionBlock(page: Page): Node[] {
  const { payload } = page.run;
  const { name, title: partTitle } = partOf(payload, analysedPart(payload));
  const signed = name === 'chi' || name === 'covariance';
  const title = h(
    'h3',
    {},
    signed ? 'Patterns that components express and suppress' : `${partTitle} of token patterns`,
  );
  const found = payload.analysis?.pattern_expression ?? [];
  if (found.length === 0) {
    return [title, missing('Token patterns are', 'curie structure RUN')];
  }
  const caption = `Mean over the pattern’s tokens of ${partTitle.toLowerCase()}`;
  const host = h('div');
  const draw = (apart: boolean): void =>
    host.replaceChildren(patternTable(page, caption, found, (entry) => (apart ? entry.apart : entry.expression)));
  draw(false);
  return [
    title,
    h(
      'p',
      { class: 'note' },
      (signed
        ? 'Blue: the component expresses the pattern; orange: it suppresses it.'
        : 'Blue: below the component’s mean over all tokens; orange: above it.') +
        ' Pale figures are not distinct from 0 (q ≥ 0.05 over all of them).',
    ),
    h('div', { class: 'controls' }, toggle('less the mean of all components', false, draw)),
    host,
  ];
}
