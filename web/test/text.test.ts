import { describe, expect, it } from 'vitest';
import { csv } from '../src/format/csv';
import { findMatches } from '../src/text/search';
import { codeSpans, markOf, oneLine, pieces, plainLine } from '../src/text/visible';

describe('hidden characters', () => {
  it('are shown as marks', () => {
    expect(oneLine('a b\n\tc\u0000\u202e\u200b\u007f')).toBe('a·b⏎⇥c␀⟨U+202E⟩⟨U+200B⟩␡');
  });

  it('leaves spaces alone in names and sentences', () => {
    expect(plainLine('a b\n\u202ec\u202f1')).toBe('a b⏎⟨U+202E⟩c\u202F1');
  });

  it('leave what can be seen alone, in whole code points', () => {
    expect(pieces('é漢😀<b>')).toEqual([{ text: 'é漢😀<b>', mark: false }]);
  });

  it('of every bidirectional control have a mark', () => {
    for (const code of [
      0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
    ]) {
      expect(markOf(String.fromCodePoint(code))).toBe(`⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`);
    }
  });
});

describe('a sentence', () => {
  it('has what stands in backticks as code', () => {
    expect(codeSpans('name it with `model`, or `out`.')).toEqual([
      { text: 'name it with ', code: false },
      { text: 'model', code: true },
      { text: ', or ', code: false },
      { text: 'out', code: true },
      { text: '.', code: false },
    ]);
  });

  it('keeps a backtick that has no partner, and marks what cannot be seen', () => {
    expect(codeSpans('run`s \u202e')).toEqual([{ text: 'run`s ⟨U+202E⟩', code: false }]);
    expect(codeSpans('')).toEqual([]);
  });
});

describe('search', () => {
  it('finds a text across tokens, whatever the case', () => {
    expect(findMatches(['The', ' ca', 't s', 'at'], 'CAT SAT')).toEqual([{ first: 1, last: 3 }]);
  });

  it('finds every occurrence inside one token', () => {
    expect(findMatches(['aXa', 'a'], 'a')).toEqual([
      { first: 0, last: 0 },
      { first: 0, last: 0 },
      { first: 1, last: 1 },
    ]);
  });

  it('finds nothing for an empty text', () => {
    expect(findMatches(['a'], '')).toEqual([]);
  });
});

describe('CSV', () => {
  it('quotes what needs it and disarms formulas', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['x,"y"\n', '=1+1'],
          [NaN, -2],
        ],
      ),
    ).toBe('a,b\n"x,""y""\n",\'=1+1\n,-2\n');
  });
});
