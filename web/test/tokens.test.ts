import { describe, expect, it } from 'vitest';
import { extremes } from '../src/data/modes';
import { isWord, offered, rank } from '../src/data/tokenKinds';
import { bytesOfHex, CONTINUED, hexText, joinPieces } from '../src/text/bytes';

const pieces = (...hex: string[]): string[] => joinPieces(hex.map(bytesOfHex));

describe('tokens that are pieces of characters', () => {
  it('stand as the characters that they make, each with the token of its first byte', () => {
    // │ is E2 94 82, é is C3 A9, 😀 is F0 9F 98 80 (The Unicode Standard, table 3-6).
    expect(pieces('E2', '94', '82')).toEqual(['│', CONTINUED, CONTINUED]);
    expect(pieces('E294', '82C3', 'A9')).toEqual(['│', 'é', CONTINUED]);
    expect(pieces('20F09F', '9880')).toEqual([' 😀', CONTINUED]);
  });

  it('are replaced one by one where they make none', () => {
    expect(pieces('B3')).toEqual(['\uFFFD']);
    expect(pieces('E2', '94')).toEqual(['\uFFFD', '\uFFFD']);
    expect(pieces('ED', 'A080')).toEqual(['\uFFFD', '\uFFFD\uFFFD']); // a lone surrogate
  });

  it('have their bytes in hexadecimal', () => {
    expect(hexText(bytesOfHex('E2940A'))).toBe('E2 94 0A');
  });
});

describe('a whole word', () => {
  it('has nothing of the word before or after it', () => {
    expect(isWord(' house', 'the', ' is')).toBe(true);
    expect(isWord('house', '(', ')')).toBe(true);
    expect(isWord(' été', 'un', '.')).toBe(true);
    expect(isWord(' house', 'the', 's')).toBe(false);
    expect(isWord('ing', ' walk', ' on')).toBe(false);
  });

  it('has letters and nothing else', () => {
    for (const text of [' 12', '.', ' ', ' a.', '']) {
      expect(isWord(text, ' ', ' ')).toBe(false);
    }
    expect(isWord(' x2', ' ', ' ')).toBe(true);
    expect(isWord(' don’t', ' ', ' ')).toBe(true);
  });
});

describe('tokens are offered', () => {
  it('with whole words first where a run has some, and with bytes where it has pieces', () => {
    expect(offered(new Set(['word', 'text', 'piece']))).toEqual(['words', 'text', 'bytes']);
    expect(offered(new Set(['text']))).toEqual(['text']);
  });

  it('without pieces unless these are asked for', () => {
    expect([rank('word', 'words'), rank('text', 'words'), rank('piece', 'words')]).toEqual([0, 1, null]);
    expect([rank('word', 'text'), rank('text', 'text'), rank('piece', 'text')]).toEqual([0, 0, null]);
    expect(rank('piece', 'bytes')).toBe(0);
  });

  it('at the ends of a mode in the order of their ranks and then of their scores', () => {
    const ranks = [0, 1, null, 0, 1] as const;
    const ends = extremes([1, 5, 9, 2, -4], [10, 11, 12, 13, 14], 2, (token) => ranks[token]);
    expect(ends.map(({ token, side }) => `${token} ${side}`)).toEqual([
      '3 highest',
      '0 highest',
      '3 lowest',
      '0 lowest',
    ]);
    const three = extremes([1, 5, 9, 2, -4], [10, 11, 12, 13, 14], 3, (token) => ranks[token]);
    expect(three.filter((end) => end.side === 'highest').map((end) => end.token)).toEqual([1, 3, 0]);
  });

  it('by a whole word where the same id is one in another place', () => {
    const ranks = [1, 0] as const;
    expect(extremes([5, 1], [10, 10], 1, (token) => ranks[token])[0].token).toBe(1);
  });
});
