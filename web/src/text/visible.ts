export interface Piece {
  text: string;
  /** Whether the piece stands for a character that would not be seen. */
  mark: boolean;
}

/* Bidirectional controls, zero-width and other format characters, line separators, and characters that no text should hold. */
const HIDDEN =
  /[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202F\u205F-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB]|[\u2000-\u200A\u1680\u3000]/;

/** How a character that cannot be seen is written; null for one that can. */
export function markOf(character: string): string | null {
  const code = character.codePointAt(0) ?? 0;
  switch (character) {
    case ' ':
      return '·';
    case '\n':
      return '⏎\n';
    case '\r':
      return '␍';
    case '\t':
      return '⇥\t';
    case '\u00A0':
      return '⍽';
    case '\u007F':
      return '␡';
  }
  if (code < 0x20) {
    return String.fromCharCode(0x2400 + code);
  }
  if ((code >= 0x80 && code < 0xa0) || HIDDEN.test(character) || (code >= 0xe0000 && code <= 0xe0fff)) {
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  }
  return null;
}

/** A text in pieces: what can be seen as it is, everything else by marks. */
export function pieces(text: string): Piece[] {
  const result: Piece[] = [];
  for (const character of text) {
    const mark = markOf(character);
    const piece: Piece = mark === null ? { text: character, mark: false } : { text: mark, mark: true };
    const last = result[result.length - 1];
    if (last && last.mark === piece.mark) {
      last.text += piece.text;
    } else {
      result.push(piece);
    }
  }
  return result;
}

/** The same on one line, for tokens in tables and labels. */
export function oneLine(text: string): string {
  return pieces(text)
    .map((piece) => piece.text)
    .join('')
    .replace(/⏎\n/g, '⏎')
    .replace(/⇥\t/g, '⇥');
}

/** A sentence, cut into words and what stands in backticks in it, which is a name or a command; a backtick without a partner stays. */
export function codeSpans(sentence: string): { text: string; code: boolean }[] {
  return sentence
    .split(/`([^`]+)`/)
    .map((text, i) => ({ text: plainLine(text), code: i % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** Names and sentences on one line: what would not be seen has its mark, but spaces are spaces. */
export function plainLine(text: string): string {
  return text
    .split(/([ \u202F])/)
    .map((part, i) => (i % 2 === 1 ? part : oneLine(part)))
    .join('');
}
