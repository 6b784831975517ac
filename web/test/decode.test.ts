import { describe, expect, it } from 'vitest';
import { Arrays, bytesOf, expand, inflate } from '../src/data/decode';

describe('the block of arrays', () => {
  it('comes back from base64 and deflate as it was', async () => {
    const values = new Int32Array([7, -8, 9]);
    const deflated = new Blob([values]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const block = btoa(String.fromCharCode(...new Uint8Array(await new Response(deflated).arrayBuffer())));
    const arrays = new Arrays(await inflate(bytesOf(block)), [{ name: 'a', type: 'int32', offset: 0, length: 3 }]);
    expect([...arrays.int32('a')]).toEqual([7, -8, 9]);
  });

  it('expands rows with their own scales, and what is missing to NaN', () => {
    const stored = new Int16Array([32767, -32767, 0, -32768]);
    const arrays = new Arrays(stored.buffer, [{ name: 'a', type: 'companded', offset: 0, length: 4, scales: [2, 5] }]);
    expect(arrays.rows('a').map((row) => [...row])).toEqual([
      [2, -2],
      [0, NaN],
    ]);
  });

  it('refuses an array that is not there or of another type', () => {
    const arrays = new Arrays(new ArrayBuffer(4), [{ name: 'a', type: 'int32', offset: 0, length: 1 }]);
    expect(() => arrays.int32('b')).toThrow('no array b');
    expect(() => arrays.float32('a')).toThrow('of type float32');
  });

  it('is off by at most half a step of the square root', () => {
    const largest = 3;
    for (const value of [3, 2.9, 0.3, 1e-3, -1e-5]) {
      const stored = Math.sign(value) * Math.round(32767 * Math.sqrt(Math.abs(value) / largest));
      const bound = Math.sqrt(Math.abs(value) * largest) / 32767 + largest / 32767 ** 2 / 4;
      expect(Math.abs(expand(stored, largest) - value)).toBeLessThanOrEqual(bound * (1 + 1e-12));
    }
  });
});
