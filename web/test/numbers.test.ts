import { describe, expect, it } from 'vitest';
import { magnitudeQuantile, signedColour, strength } from '../src/colour/signed';
import { extremes } from '../src/data/modes';
import { headOf } from '../src/data/heads';
import { exponentOf, numberScale, percent, significant, whole, withError } from '../src/format/numbers';
import { shown, toggleLock } from '../src/state/selection';
import { Store, type State } from '../src/state/store';
import { compareKeys } from '../src/ui/sortable';

describe('numbers', () => {
  it('of usual sizes are plain', () => {
    const scale = numberScale([0.848, -0.0123, null]);
    expect(scale.prefix).toBe('');
    expect([scale.signed(0.848), scale.signed(-0.0123), scale.signed(null)]).toEqual(['+0.848', '−0.012', 'n/a']);
    expect([scale.plain(0.848), scale.plain(-0.0123), scale.plain(null)]).toEqual(['0.848', '−0.012', 'n/a']);
    expect([0.001, 1, 999999, 0, NaN].map(exponentOf)).toEqual([0, 0, 0, 0, 0]);
  });

  it('share one power of a thousand where they are very small or large', () => {
    const scale = numberScale([0.0000123, -0.00000456]);
    expect(scale.prefix).toBe('10⁻⁶ ');
    expect([scale.signed(0.0000123), scale.signed(-0.00000456)]).toEqual(['+12.3', '−4.6']);
    expect([exponentOf(0.00099), exponentOf(1e6)]).toEqual([-6, 6]);
  });

  it('stand in a given unit', () => {
    const scale = numberScale([0.2], 3, [], -3);
    expect([scale.prefix, scale.signed(0.2)]).toEqual(['10⁻³ ', '+200']);
  });

  it('show the smallest error of a table, if two more decimals do', () => {
    const fine = numberScale([17.1, null], 3, [0.42, 0.015, null, 0]);
    expect([fine.signed(17.1), fine.unsigned(0.015)]).toEqual(['+17.10', '0.01']);
    expect(numberScale([17.1], 3, [1e-9]).unsigned(0.4)).toBe('0.400');
  });

  it('have their error beside them', () => {
    expect(withError(1.5, 0.25)).toBe('1.50 ± 0.25');
    expect(withError(-0.0015, null)).toBe('−0.00150');
    expect(withError(0.0000015, null)).toBe('1.50 ×10⁻⁶');
  });

  it('are written with significant digits', () => {
    expect([significant(1.23456), significant(-0.000012345), significant(null)]).toEqual(['1.23', '−1.23e-5', 'n/a']);
    expect([percent(-0.0006), whole(1234567)]).toEqual(['−0.06 %', '1\u202f234\u202f567']);
  });
});

describe('signed colours', () => {
  it('are none at zero, full at the scale and beyond', () => {
    expect([strength(0, 2), strength(-1, 2), strength(9, 2), strength(NaN, 2), strength(1, 0)]).toEqual([
      0, 0.5, 1, 0, 0,
    ]);
    expect(signedColour(0, 1)).toBe('var(--zero)');
    expect(signedColour(-1, 2)).toBe('color-mix(in oklab, var(--negative) 50%, var(--zero))');
  });

  it('have a scale that one wild value does not stretch', () => {
    const values = [...Array.from({ length: 99 }, (_, i) => (i % 2 ? 1 : -1)), 1000];
    expect(magnitudeQuantile(values, 0, 0.98)).toBe(1);
    expect(magnitudeQuantile([NaN], 0, 0.98)).toBe(0);
  });
});

describe('selection', () => {
  it('locks at most three, the oldest leaving first, and lets go what is locked', () => {
    expect([1, 2, 3, 4].reduce<number[]>((locked, c) => toggleLock(locked, c), [])).toEqual([2, 3, 4]);
    expect(toggleLock([2, 3], 2)).toEqual([3]);
    expect([shown([2, 3], null), shown([2, 3], 5)]).toEqual([[2, 3], [5]]);
  });

  it('tells those who watch a key that changed, and nobody else', () => {
    const store = new Store({ part: 'chi', mode: 0, probe: 0 } as unknown as State);
    const calls: string[] = [];
    store.watch(['mode'], () => calls.push('mode'));
    store.watch(['probe'], () => calls.push('probe'));
    store.update({ mode: 0 });
    store.update({ mode: 2 });
    expect(calls).toEqual(['mode', 'probe', 'mode']);
  });
});

describe('tables and modes', () => {
  it('sort what is missing last in both directions', () => {
    const keys = [2, null, 1, NaN];
    expect([...keys].sort((a, b) => compareKeys(a, b, 1)).slice(0, 2)).toEqual([1, 2]);
    expect([...keys].sort((a, b) => compareKeys(a, b, -1)).slice(0, 2)).toEqual([2, 1]);
    expect(compareKeys('l0h2', 'l0h10', 1)).toBeLessThan(0);
  });

  it('list each token id once at each end', () => {
    expect(extremes([5, 4, -1, 3, -2], [7, 7, 8, 9, 8], 2)).toEqual([
      { token: 0, score: 5, side: 'highest' },
      { token: 3, score: 3, side: 'highest' },
      { token: 3, score: 3, side: 'lowest' },
      { token: 4, score: -2, side: 'lowest' },
    ]);
  });

  it('know heads by name', () => {
    expect([headOf('l10h3'), headOf('l0.mlp'), headOf('l0h1+l1h2')]).toEqual([{ layer: 10, head: 3 }, null, null]);
  });
});
