import { describe, expect, it } from 'vitest';
import { tableRows } from '../src/format/tableRows';

describe('a table as a file', () => {
  it('has the numbers behind its cells, with a column for errors where it has some', () => {
    const rows = tableRows(
      [
        [{ text: 'head' }, { text: 'λ̂' }],
        [{ text: 'l0h0' }, { text: '1.2 ± 0.3', value: 1.234, error: 0.31 }],
        [{ text: 'l0h1' }, { text: '–', value: null, error: null }],
      ],
      false,
    );
    expect(rows).toEqual([
      ['head', 'λ̂', 'λ̂, standard error'],
      ['l0h0', 1.234, 0.31],
      ['l0h1', null, null],
    ]);
  });

  it('keeps texts where there are no numbers', () => {
    expect(tableRows([[{ text: 'a' }], [{ text: '12.0 %' }]], false)).toEqual([['a'], ['12.0 %']]);
    expect(tableRows([], false)).toEqual([[]]);
  });

  it('that is a matrix has a line for every cell', () => {
    const rows = tableRows(
      [
        [{ text: '' }, { text: 'l0h0' }, { text: 'l0h1' }],
        [{ text: 'code' }, { text: '', value: -0.5, error: 0.1 }, { text: '', value: null }],
      ],
      true,
    );
    expect(rows).toEqual([
      ['row', 'column', 'value', 'standard_error'],
      ['code', 'l0h0', -0.5, 0.1],
      ['code', 'l0h1', null, null],
    ]);
  });
});
