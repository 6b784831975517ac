import { describe, expect, it } from 'vitest';
import { Design } from '../src/data/design';
import type { DesignPayload } from '../src/data/payload';

function payload(change: Partial<DesignPayload> = {}): DesignPayload {
  const prediction = (component: string, mean: number) => ({
    component,
    direction: 0.6,
    change: { mean, standard_error: 0.5, degrees_of_freedom: 7 },
    same_draws: mean,
  });
  return {
    name: 'weights.npy',
    title: 'all heads',
    probe: 0,
    halfWidths: [2, 3],
    rows: [
      { row: 0, tokens: 4, kept: 4, weight: { value: 1, error: 0.1 }, spread: 0.2 },
      { row: 1, tokens: 4, kept: 4, weight: { value: 1, error: 0.1 }, spread: 0.7 },
      { row: 2, tokens: 4, kept: 0, weight: { value: 1, error: 0.1 }, spread: 0.9 },
    ],
    record: {
      run: 'run',
      data: 'rows.npy',
      group: 'heads',
      mode: 2,
      component: null,
      part: 'chi',
      modes_used: [2],
      n_beta: 10,
      amount: 0.1,
      spread: 0.5,
      cut_share: 0,
      reliability: 0.9,
      shuffled: null,
      along: prediction('', 0.2),
      predictions: [prediction('l0h0', 0.1)],
      patterns: [],
    },
    ...change,
  };
}

describe('a design', () => {
  it('opens on the row with the most spread weights that the page holds', () => {
    expect(new Design(payload(), new Float32Array([1, 2])).rows.map(({ row }) => row)).toEqual([1, 0]);
  });

  it('has 1 in the middle of its scale, which ends at 0 where no weight is below it', () => {
    const cut = new Design(payload(), new Float32Array([0, 0.5, 1, 3, NaN]));
    expect(cut.scale).toBe(2);
    expect(cut.ends).toEqual([0, 3]);
    const kept = new Design(payload(), new Float32Array([-1, 1, 3, NaN]));
    expect(kept.ends).toEqual([-1, 3]);
    const near = new Design(payload(), new Float32Array([0.5, 1.5]));
    expect(near.ends).toEqual([0.5, 1.5]);
  });

  it('names its target', () => {
    expect(new Design(payload(), new Float32Array([1])).target).toBe('mode 2 of all heads');
    const of = payload();
    const component = { ...of, record: { ...of.record, mode: null, component: 'l1h0' } };
    expect(new Design(component, new Float32Array([1])).target).toBe('l1h0');
  });

  it('gives half the interval of λ̂: nβ times the error times its half-width, that along the target last', () => {
    const design = new Design(payload(), new Float32Array([1]));
    expect(design.halfWidth(0)).toBe(10 * 0.5 * 2);
    expect(design.halfWidth(1)).toBe(10 * 0.5 * 3);
    expect(new Design(payload({ halfWidths: [null, null] }), new Float32Array([1])).halfWidth(0)).toBeNull();
  });
});
