import { analysedPart } from '../data/analysis';
import { partOf } from '../data/parts';
import { h } from '../ui/dom';
import { missing } from '../ui/missing';
import { patternTable } from './patternTable';
import type { Page } from './view';

/** The response matrix with every component in units of its own scatter over tokens, so that components can be compared. */
export function standardizedBlock(page: Page): HTMLElement {
  const { run } = page;
  if (run.payload.probes.length < 2) {
    return h('p', { class: 'note' }, 'A run with one probe has nothing to compare it with.');
  }
  const found = run.payload.analysis?.standardized_response ?? [];
  if (found.length === 0) {
    return missing('The standardised matrix is', 'curie structure RUN');
  }
  return patternTable(
    page,
    `Mean over the probe’s tokens of ${partOf(run.payload, analysedPart(run.payload)).title.toLowerCase()} less the component’s mean, in units of its standard deviation over tokens`,
    found,
    (entry) => entry.expression,
  );
}
