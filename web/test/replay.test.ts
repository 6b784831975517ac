import { describe, expect, it } from 'vitest';
import { Arrays } from '../src/data/decode';
import { Replay } from '../src/data/replay';
import { TokenValues } from '../src/data/tokenValues';

/** Companded rows of whole shares of the scale: ±1 and 0 are exact. */
function arraysOf(rows: Record<string, number[]>): Arrays {
  const names = Object.keys(rows);
  const length = rows[names[0]].length;
  const stored = new Int16Array(names.length * length);
  names.forEach((name, i) => {
    const largest = Math.max(...rows[name].map(Math.abs)) || 1;
    rows[name].forEach(
      (value, j) =>
        (stored[i * length + j] = Math.sign(value) * Math.round(32767 * Math.sqrt(Math.abs(value) / largest))),
    );
  });
  return new Arrays(
    stored.buffer,
    names.map((name, i) => ({
      name,
      type: 'companded' as const,
      offset: 2 * i * length,
      length,
      scales: [Math.max(...rows[name].map(Math.abs)) || 1],
    })),
  );
}

describe('a replay', () => {
  const last = new TokenValues(
    {
      chi: { values: [new Float32Array([4, -4])], errors: [new Float32Array([1, 1])] },
      shift: { values: [new Float32Array([7, -7])], errors: [new Float32Array([1, 1])] },
    },
    new Float32Array([2, 2]),
  );
  const replay = new Replay(
    {
      checkpoints: [
        { step: 0, run: 'a' },
        { step: null, run: 'b' },
      ],
      parts: ['chi'],
      notes: [],
    },
    arraysOf({ replay_0_chi: [1, -1], replay_0_chi_se: [0.5, 0.5], replay_0_init_loss: [3, 3] }),
    last,
  );

  it('holds earlier checkpoints and ends with the last', () => {
    expect([replay.count, replay.last]).toEqual([2, 1]);
    expect([...replay.at(0).part('chi').values[0]]).toEqual([1, -1]);
    expect([...replay.at(0).initLoss]).toEqual([3, 3]);
    expect(replay.at(1)).toBe(last);
    expect([replay.name(0), replay.name(1)]).toEqual(['step 0', 'b']);
  });

  it('has one scale for all checkpoints, or each its own', () => {
    expect(replay.at(0).scale('chi', 0, false)).toBe(1);
    expect(replay.at(1).scale('chi', 0, false)).toBe(4);
    expect(replay.scale('chi', 0, false)).toBe(4);
  });

  it('knows which parts it has, and scales others by the last checkpoint alone', () => {
    expect([replay.has('chi'), replay.has('shift')]).toEqual([true, false]);
    expect(replay.scale('shift', 0, false)).toBe(7);
    expect(() => replay.at(0).part('shift')).toThrow('does not hold shift');
  });
});
