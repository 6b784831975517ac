import type { Attended } from '../data/attention';
import type { Run } from '../data/run';
import { hexText } from '../text/bytes';
import { oneLine } from '../text/visible';
import { h } from '../ui/dom';
import { visibleText } from '../ui/text';

/** So many positions are listed with their weights. */
const LISTED = 5;
/** Weights below that draw nothing. */
const FAINT = 0.02;

/** Where a head attends from the position that predicts a token. */
export interface Look {
  component: number;
  token: number;
  attended: Attended[];
}

/** Where a head attends when it helps to predict a token; null where the page does not know it. */
export function lookOf(run: Run, component: number | undefined, token: number): Look | null {
  const attended =
    component === undefined
      ? null
      : (run.attention?.from(component, run.probeOf(token), run.rowOf(token), run.position[token]) ?? null);
  return component === undefined || attended === null ? null : { component, token, attended };
}

/** A token's text; the bytes of a piece of a character. */
function shownAt(run: Run, place: number): Node | string {
  const bytes = run.bytesOf(run.idAt(place));
  return bytes === null ? visibleText(run.textAt(place)) : `⟨${hexText(bytes)}⟩`;
}

/** The weights in numbers, the largest first, and what is left for all other positions. */
export function lookList(run: Run, { component, token, attended }: Look): Node {
  const passage = run.passages[run.passageOf[token]];
  const name = (position: number): Node => {
    const place = run.placeAt(passage, position);
    return place === null
      ? h('span', {}, `position ${position}, in another passage`)
      : h('span', {}, h('span', { class: 'tip-token' }, shownAt(run, place)), ` at ${position}`);
  };
  const listed = attended.slice(0, LISTED);
  const rest = 1 - listed.reduce((sum, { weight }) => sum + weight, 0);
  return h(
    'div',
    { class: 'look-list' },
    h('p', { class: 'tip-title' }, `${run.components[component]} attends from `, name(run.position[token]), ' to'),
    h(
      'dl',
      {},
      ...listed.flatMap(({ position, weight }) => [h('dt', {}, name(position)), h('dd', {}, weight.toFixed(2))]),
      ...(rest >= 0.005 ? [h('dt', {}, 'all other positions'), h('dd', {}, rest.toFixed(2))] : []),
    ),
  );
}

/** Bars above the tokens that a head attends to, that of the largest weight full, and a frame around the token that attends. */
export function markLook(host: HTMLElement, run: Run, look: Look | null): void {
  for (const marked of host.querySelectorAll<HTMLElement>('.attended, .attending')) {
    marked.classList.remove('attended', 'attending');
    marked.style.removeProperty('--weight');
  }
  if (look === null) {
    return;
  }
  const passage = run.passages[run.passageOf[look.token]];
  const at = (position: number): HTMLElement | null => {
    const place = run.placeAt(passage, position);
    return place === null ? null : host.querySelector<HTMLElement>(`[data-place='${place}']`);
  };
  at(run.position[look.token])?.classList.add('attending');
  const largest = look.attended[0]?.weight ?? 1;
  for (const { position, weight } of look.attended) {
    const element = weight < FAINT ? null : at(position);
    element?.classList.add('attended');
    element?.style.setProperty('--weight', (weight / largest).toFixed(3));
  }
}

/** What is said where the page does not hold the row, or the position. */
export function lookMissing(run: Run, component: number): Node {
  return h('p', { class: 'tip-note' }, `Where ${run.components[component]} attends here is not on this page.`);
}

/** What a reader can do. */
export function lookNote(run: Run, component: number | undefined): string {
  const { attention } = run;
  if (attention === null || component === undefined) {
    return '';
  }
  const name = oneLine(run.components[component]);
  return attention.holds(component)
    ? `Point at a token, or walk with the arrow keys: bars on the tokens before it, in proportion to the weights, show where ${name} attends from the position that predicts it, which is framed; the note has the largest weights as numbers.`
    : `${name} is no single head, so it has no attention of its own to show.`;
}
