import { describe, expect, it } from 'vitest';
import { correlation, leadingMode } from '../src/data/leading';
import type { Card, KnownMode, ModeGroup, ResponsePayload } from '../src/data/payload';

function group(name: string, components: string[], loadings: number[][]): ModeGroup {
  return { name, title: name, excluded: [], reason: null, components, means: [], explained: [0.7, 0.2, 0.1], loadings };
}

function card(component: string, score: number): Card {
  return {
    component,
    coefficient: null,
    sentences: [],
    scores: [{ name: 'prefix_matching', value: score, error: 0.01, rank: 1, heads: 3 }],
    effects: [],
    modes: [],
    tokens: [],
    twins: [],
    missing: [],
  };
}

function payload(change: Partial<ResponsePayload>): ResponsePayload {
  return {
    mainPart: 'chi',
    parts: [{ name: 'chi' }, { name: 'excess' }],
    modes: { chi: [], excess: [] },
    reproducibility: {},
    cards: [],
    ...change,
  } as unknown as ResponsePayload;
}

const l0 = group(
  'l0',
  ['l0h0', 'l0h1', 'l0h2'],
  [
    [0.6, 0.6, 0.5],
    [0.7, -0.7, 0],
  ],
);
const l1 = group(
  'l1',
  ['l1h0', 'l1h1', 'l1h2'],
  [
    [0.6, 0.6, 0.55],
    [0.9, -0.3, -0.3],
  ],
);
const heads = group(
  'heads',
  [...l0.components, ...l1.components],
  [
    [0.4, 0.4, 0.4, 0.4, 0.4, 0.4],
    [0.6, -0.6, 0.3, -0.3, 0, 0],
    [0.1, -0.9, 0.4, 0, 0, 0],
  ],
);

describe('the mode beside what was found', () => {
  it('is that of the layer that matches prefixes most, whose loadings go with it', () => {
    const cards = [card('l1h0', 0.8), card('l1h1', 0.1), card('l1h2', 0.12), card('l0h0', 0.05)];
    const found = leadingMode(payload({ modes: { chi: [], excess: [l0, l1, heads] }, cards }));
    expect(found?.part).toBe('excess');
    expect(found?.group.name).toBe('l1');
    expect(found?.mode).toBe(1);
  });

  it('is the first reliable one with both signs over all where no head matches prefixes', () => {
    const known = (mode: number, reliability: number) => ({ mode, reliability }) as KnownMode;
    const modes = { chi: [], excess: [l0, l1, heads] };
    expect(leadingMode(payload({ modes }))?.mode).toBe(1);
    const reproducibility = {
      excess: { groups: [{ group: 'heads', reason: null, modes: [known(1, 0.9), known(2, 0.2), known(3, 0.8)] }] },
    };
    const found = leadingMode(payload({ modes, reproducibility, cards: [card('l1h0', 0.02)] }));
    expect([found?.group.name, found?.mode, found?.known?.reliability]).toEqual(['heads', 2, 0.8]);
  });

  it('is not there without modes of two components', () => {
    expect(leadingMode(payload({}))).toBeNull();
    expect(leadingMode(payload({ modes: { chi: [], excess: [group('components', ['full'], [[1]])] } }))).toBeNull();
  });
});

describe('a correlation', () => {
  it('is 1 along a line, −1 against it, and no number where one does not vary', () => {
    expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12);
    expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(correlation([1, 1, 1], [3, 2, 1])).toBeNaN();
  });
});
