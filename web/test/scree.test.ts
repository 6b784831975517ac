import { describe, expect, it } from 'vitest';
import type { KnownMode } from '../src/data/payload';
import { scree } from '../src/data/scree';

const known = (mode: number, bound: number | null): KnownMode => ({
  mode,
  explained_variance: { value: 0, standard_error: 0, low: 0.1 * mode, high: 0.2 * mode },
  loadings: {},
  half_correlation: null,
  reliability: 0.9,
  draws_needed: null,
  permutation: bound === null ? null : { observed: 0.5, null_mean: 0.2, null_high: bound, p_value: 0.01 },
});

describe('a scree', () => {
  it('has the bound of chance as a share of all variance, of what the modes before leave', () => {
    const modes = scree({ explained: [0.5, 0.3, 0.2] }, [known(1, 0.4), known(2, 0.6), known(3, null)], 3);
    expect(modes.map(({ chance }) => chance)).toEqual([0.4, 0.3, null]);
    expect(modes.map(({ low, high }) => [low, high])[1]).toEqual([0.2, 0.4]);
  });

  it('shows modes of which nothing more is known, and no more than are wanted', () => {
    expect(scree({ explained: [0.5, 0.3, 0.2] }, [], 2)).toEqual([
      { mode: 0, share: 0.5, low: null, high: null, chance: null, reliability: null },
      { mode: 1, share: 0.3, low: null, high: null, chance: null, reliability: null },
    ]);
  });
});
