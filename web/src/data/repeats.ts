import type { Passage, Run } from './run';

/** The same tokens twice in a passage, as places from the first of each occurrence; they do not overlap. */
export interface Repeat {
  first: number;
  second: number;
  length: number;
}

/** A phrase has at least so many tokens, so many of them different, and so many whole words. */
const FEWEST_TOKENS = 3;
const FEWEST_WORDS = 2;
const ENOUGH_WORDS = 6;

/**
 * The longest stretch of tokens that occurs twice without overlap; null where none has three different tokens. With e(i, j) the length of
 * the common stretch that ends at i and j, e(i, j) = e(i − 1, j − 1) + 1 where the tokens are the same, else 0.
 */
export function longestRepeat(ids: ArrayLike<number>): Repeat | null {
  let best: Repeat | null = null;
  let before = new Int32Array(ids.length + 1);
  for (let i = 1; i < ids.length; i++) {
    const now = new Int32Array(ids.length + 1);
    for (let j = 0; j < i; j++) {
      if (ids[j] === ids[i]) {
        now[j + 1] = before[j] + 1;
        const length = Math.min(now[j + 1], i - j);
        if (length >= FEWEST_TOKENS && length > (best?.length ?? 0)) {
          const first = j - length + 1;
          if (new Set(Array.from({ length }, (_, k) => ids[first + k])).size >= FEWEST_TOKENS) {
            best = { first, second: i - length + 1, length };
          }
        }
      }
    }
    before = now;
  }
  return best;
}

/** The repeated phrase of a passage, in places of the run's text. */
export function phraseOf(run: Run, passage: Passage): Repeat | null {
  const found = longestRepeat(
    Array.from({ length: passage.endPlace - passage.firstPlace }, (_, i) => run.idAt(passage.firstPlace + i)),
  );
  return (
    found && {
      first: passage.firstPlace + found.first,
      second: passage.firstPlace + found.second,
      length: found.length,
    }
  );
}

/** The passage to open the text on: the one whose repeated phrase has most words, up to six, and then least beside words; the first where none repeats one. */
export function openingPassage(run: Run): Passage | null {
  let best = run.passages[0] ?? null;
  let most = 0;
  for (const passage of run.passages) {
    const phrase = phraseOf(run, passage);
    if (phrase) {
      const words = Array.from({ length: phrase.length }, (_, i) => run.tokenAt[phrase.second + i]).filter(
        (token) => token >= 0 && run.kinds[token] === 'word',
      ).length;
      const score = words < FEWEST_WORDS ? 0 : Math.min(words, ENOUGH_WORDS) + words / phrase.length;
      if (score > most) {
        most = score;
        best = passage;
      }
    }
  }
  return best;
}
