/** What a token is: a word by itself, any other text, or a piece of a character, whose bytes are no text. */
export type TokenKind = 'word' | 'text' | 'piece';

/** Which tokens are shown: words first and then other text, all text alike, or everything, pieces of characters as bytes. */
export type ShownTokens = 'words' | 'text' | 'bytes';

const WORD = /^\s*(?=.*\p{L})[\p{L}\p{M}\p{N}'’]+$/u;
const BEGINS_IN_WORD = /^[\p{L}\p{M}\p{N}]/u;
const ENDS_IN_WORD = /[\p{L}\p{M}\p{N}]$/u;

/** Whether a token is a whole word where it stands: letters, with nothing of the word before or after them. */
export function isWord(text: string, before: string, after: string): boolean {
  return WORD.test(text) && !(BEGINS_IN_WORD.test(text) && ENDS_IN_WORD.test(before)) && !BEGINS_IN_WORD.test(after);
}

/** What a page may offer to show of tokens of these kinds, the default first. */
export function offered(kinds: ReadonlySet<TokenKind>): ShownTokens[] {
  return [
    ...(kinds.has('word') && kinds.has('text') ? (['words'] as const) : []),
    'text',
    ...(kinds.has('piece') ? (['bytes'] as const) : []),
  ];
}

/** 0 for what comes first, 1 for what follows, null for what is not shown. */
export function rank(kind: TokenKind, shown: ShownTokens): 0 | 1 | null {
  return kind === 'piece' ? (shown === 'bytes' ? 0 : null) : shown === 'words' && kind === 'text' ? 1 : 0;
}
