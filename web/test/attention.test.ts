import { describe, expect, it } from 'vitest';
import { Attention } from '../src/data/attention';
import { Arrays } from '../src/data/decode';

/** One row (probe 1, row 4), heads 2 and 5, two positions of two keys each. */
function attention(): Attention {
  const block = new ArrayBuffer(48);
  new Int32Array(block, 0, 4).set([1, 4, 2, 5]);
  new Uint16Array(block, 16, 8).set([0, 0, 1, 0, 0, 0, 0, 1]);
  new Uint8Array(block, 32, 8).set([255, 0, 204, 51, 255, 0, 153, 102]);
  return new Attention(
    { positions: 2, keys: 2 },
    new Arrays(block, [
      { name: 'attention_probe', type: 'int32', offset: 0, length: 1 },
      { name: 'attention_row', type: 'int32', offset: 4, length: 1 },
      { name: 'attention_component', type: 'int32', offset: 8, length: 2 },
      { name: 'attention_key', type: 'uint16', offset: 16, length: 8 },
      { name: 'attention_weight', type: 'uint8', offset: 32, length: 8 },
    ]),
  );
}

describe('attention', () => {
  it('gives the keys of a head at a position with their weights, without empty places', () => {
    expect(attention().from(2, 1, 4, 0)).toEqual([{ position: 0, weight: 1 }]);
    expect(attention().from(5, 1, 4, 1)).toEqual([
      { position: 0, weight: 0.6 },
      { position: 1, weight: 0.4 },
    ]);
  });

  it('knows of which heads, rows and positions it knows nothing', () => {
    expect(attention().from(3, 1, 4, 0)).toBeNull();
    expect(attention().from(2, 0, 4, 0)).toBeNull();
    expect(attention().from(2, 1, 4, 2)).toBeNull();
    expect([attention().holds(5), attention().holds(0)]).toEqual([true, false]);
    expect([attention().reaches(1, 4, 1), attention().reaches(1, 4, 2)]).toEqual([true, false]);
  });
});
