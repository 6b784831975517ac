import { describe, expect, it } from 'vitest';
import { layersOf, linesOf } from '../src/data/layers';
import { longestRepeat } from '../src/data/repeats';

describe('the longest repeat', () => {
  it('is found wherever it stands', () => {
    expect(longestRepeat([9, 1, 2, 3, 4, 8, 1, 2, 3, 4, 7])).toEqual({ first: 1, second: 6, length: 4 });
    expect(longestRepeat([1, 2, 3, 5, 6, 1, 2, 3, 9, 5, 6, 1, 2])).toEqual({ first: 3, second: 9, length: 4 });
  });

  it('does not overlap itself', () => {
    expect(longestRepeat([1, 2, 3, 1, 2, 3, 1, 2, 3])).toEqual({ first: 0, second: 3, length: 3 });
  });

  it('is none of one token over and over, or of two', () => {
    expect(longestRepeat([4, 4, 4, 4, 4, 4, 4, 4])).toBeNull();
    expect(longestRepeat([1, 2, 1, 2, 1, 2])).toBeNull();
    expect(longestRepeat([1, 2, 3, 4])).toBeNull();
    expect(longestRepeat([])).toBeNull();
  });
});

describe('the heads of a layer', () => {
  it('stand in the order of their numbers, where there are several', () => {
    expect(layersOf(['l1h10', 'l0h0', 'l1h2', 'l0.mlp'])).toEqual([{ layer: 1, components: [2, 0] }]);
  });

  it('stand below lines of text that fit', () => {
    // Each text takes its length and a space: 4 + 4 fit 8, the third begins a line, and one that is too long has a line of its own.
    expect(linesOf([3, 3, 3, 20, 1], 8)).toEqual([0, 2, 3, 4, 5]);
    expect(linesOf([], 8)).toEqual([0]);
    expect(linesOf([0, 0], 4)).toEqual([0, 2]);
  });
});
