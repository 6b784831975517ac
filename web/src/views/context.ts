import { h } from '../ui/dom';
import { hexText } from '../text/bytes';
import { visibleText } from '../ui/text';
import type { Page } from './view';

/** How many tokens stand before and after one in a table. */
export const BEFORE = 12;
export const AFTER = 4;

/** A token among its neighbours, for a line of a table. */
export function context(page: Page, token: number): HTMLElement {
  const around = page.run.context(token, BEFORE, AFTER);
  return h(
    'span',
    { class: 'context' },
    h('span', { class: 'before' }, h('span', { class: 'inner' }, flat(around.before))),
    h('mark', {}, flat(tokenText(page, token))),
    h('span', { class: 'after' }, flat(around.after)),
  );
}

/** The same of a token that may not be on the page, by its texts, in which what cannot be seen has marks already. */
export function windowOf({ before, text, after }: { before: string; text: string; after: string }): HTMLElement {
  return h(
    'span',
    { class: 'context' },
    h('span', { class: 'before' }, h('span', { class: 'inner' }, h('bdi', { dir: 'ltr' }, before))),
    h('mark', {}, h('bdi', { dir: 'ltr' }, text)),
    h('span', { class: 'after' }, h('bdi', { dir: 'ltr' }, after)),
  );
}

/** A token's text; of a piece of a character, which lists hold on request alone, its bytes. */
export function tokenText({ run }: Page, token: number): string {
  const bytes = run.bytesOf(run.tokenId[token]);
  return bytes === null ? run.textAt(run.place[token]) : `⟨${hexText(bytes)}⟩`;
}

function flat(text: string): HTMLElement {
  const element = visibleText(text);
  for (const mark of element.querySelectorAll('.mark')) {
    mark.textContent = (mark.textContent ?? '').replace(/\n|\t/g, '');
  }
  return element;
}
