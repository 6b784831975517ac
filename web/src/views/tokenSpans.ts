import type { Passage, Run } from '../data/run';
import { CONTINUED, hexText } from '../text/bytes';
import { h } from '../ui/dom';
import { visibleNodes } from '../ui/text';
import type { Page } from './view';

/** A token's text, or its bytes where it is a piece of a character and bytes are asked for. */
export function tokenNodes({ run, store }: Page, place: number): Node[] {
  const bytes = run.bytesOf(run.idAt(place));
  const text = run.textAt(place);
  return bytes !== null && (store.state.tokens === 'bytes' || text === CONTINUED)
    ? [h('span', { class: 'mark' }, store.state.tokens === 'bytes' ? `⟨${hexText(bytes)}⟩` : text)]
    : visibleNodes(text);
}

/** Where a passage stands. */
export function passageCaption(run: Run, passage: Passage): string {
  const last = run.position[passage.endToken - 1];
  return `row ${passage.row}, positions ${run.position[passage.firstToken]}–${last}`;
}

/** A passage as running text, a span for every token; those that are followed are entered by token. */
export function passageText(
  page: Page,
  passage: Passage,
  spans: Map<number, HTMLElement>,
  isRepeated: (place: number) => boolean = () => false,
): HTMLElement {
  const text = h('p', { class: 'tokens', dir: 'ltr' });
  for (let place = passage.firstPlace; place < passage.endPlace; place++) {
    const token = page.run.tokenAt[place];
    const span = h(
      'span',
      token < 0
        ? { class: isRepeated(place) ? 'unfollowed repeat' : 'unfollowed', 'data-place': place }
        : { class: isRepeated(place) ? 'repeat' : undefined, 'data-token': token, 'data-place': place, tabindex: -1 },
      ...tokenNodes(page, place),
    );
    if (token >= 0) {
      spans.set(token, span);
    }
    text.append(span);
  }
  return text;
}

/** Arrow keys go from token to token, of which one at a time can be reached by the tab key. */
export function walkTokens(host: HTMLElement, spans: () => readonly HTMLElement[]): void {
  host.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const all = spans();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = step === 0 || at < 0 ? undefined : all[at + step];
    if (next) {
      event.preventDefault();
      all[at].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  });
}
