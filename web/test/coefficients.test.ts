import { describe, expect, it } from 'vitest';
import { analysedPart } from '../src/data/analysis';
import { partOf } from '../src/data/parts';
import { unitsOf, unitText } from '../src/data/chainUnits';
import type { Analysis } from '../src/data/payload';
import { TokenCoefficients } from '../src/data/tokenCoefficients';
import { whole } from '../src/format/numbers';

describe('the learning coefficient of a token', () => {
  const lambda = { name: 'λ̂', meaning: '', values: [2, null], errors: [0.25, null] };
  const excess = {
    values: [new Float32Array([0.5, -0.25]), new Float32Array([1, 1])],
    errors: [new Float32Array([0.125, 0.5]), new Float32Array([1, 1])],
  };

  it('is λ̂ + nβ·S with the joint error where that is known', () => {
    const errors = [new Float32Array([0.75, NaN]), new Float32Array([NaN, NaN])];
    const found = new TokenCoefficients({ nbeta: 4, lambda }, excess, errors);
    expect(found.of(0, 0)).toEqual({ value: 4, error: 0.75, bound: false });
  });

  it('has the sum of both errors as a bound otherwise', () => {
    const errors = [new Float32Array([0.75, NaN]), new Float32Array([NaN, NaN])];
    for (const known of [errors, null]) {
      const found = new TokenCoefficients({ nbeta: 4, lambda }, excess, known);
      expect(found.of(0, 1)).toEqual({ value: 1, error: 0.25 + 4 * 0.5, bound: true });
    }
  });

  it('does not exist for a component without an estimate', () => {
    expect(new TokenCoefficients({ nbeta: 4, lambda }, excess, null).of(1, 0)).toBeNull();
  });
});

describe('chains', () => {
  const chains = [true, true, false, true].map((healthy) => ({ healthy, draw: null, reason: null }));

  it('count one by one, or in pairs that both have to be healthy', () => {
    expect(unitsOf(chains, 1)).toEqual({ all: 4, healthy: 3 });
    expect(unitsOf(chains, 2)).toEqual({ all: 2, healthy: 1 });
  });

  it('are called what they are', () => {
    expect([unitText(1, 1), unitText(4, 1), unitText(1, 2), unitText(1234, 2)]).toEqual([
      '1 chain',
      '4 chains',
      '1 pair of chains',
      `${whole(1234)} pairs of chains`,
    ]);
  });
});

describe('the analysed part', () => {
  const parts = ['chi', 'covariance', 'excess', 'newest'].map((name) => ({
    name,
    symbol: name,
    title: name,
    unit: 'nats',
    meaning: '',
  }));
  const of = (view: string | null): string =>
    analysedPart({ analysis: view === null ? null : ({ view } as Analysis), mainPart: 'excess', parts });

  it('is the one that the view is named after, and the main part without an analysis', () => {
    expect([of('chi'), of('covariance, z-score'), of('chi without F, z-score, a probe'), of(null)]).toEqual([
      'chi',
      'covariance',
      'chi',
      'excess',
    ]);
  });

  it('is any part that the run holds, and no other', () => {
    expect([of('newest, z-score'), of('shift')]).toEqual(['newest', 'excess']);
    expect(partOf({ parts }, 'newest')).toBe(parts[3]);
    expect(() => partOf({ parts }, 'shift')).toThrow('does not hold shift');
  });
});
