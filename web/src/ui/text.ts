import { codeSpans, pieces, plainLine } from '../text/visible';
import { h } from './dom';

/** Text from data with hidden characters as marks; each text stands in its own bidirectional island. */
export function visibleText(text: string): HTMLElement {
  return h('bdi', { dir: 'ltr' }, ...visibleNodes(text));
}

/** The same as bare nodes. */
export function visibleNodes(text: string): Node[] {
  return pieces(text).map((piece) =>
    piece.mark ? h('span', { class: 'mark' }, piece.text) : document.createTextNode(piece.text),
  );
}

/** A sentence from data; what it has in backticks is set as code. */
export function sentenceNodes(sentence: string): Node[] {
  return codeSpans(sentence).map(({ text, code }) => (code ? h('code', {}, text) : document.createTextNode(text)));
}

/** A name of any length in a table: cut off where it is long, with the whole of it as a hint and for files. */
export function nameCell(name: string): HTMLElement {
  const text = plainLine(name);
  return h('span', { class: 'long-name full-name', title: text }, text);
}
