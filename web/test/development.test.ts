import { describe, expect, it } from 'vitest';
import { clusterColour } from '../src/colour/clusters';
import { Development, headsOf } from '../src/data/development';
import type { Circles, ClusterGroup, Curve, DevelopmentPayload } from '../src/data/developmentPayload';
import { clipSegment, evolutePieces } from '../src/data/evolute';
import { logStep, nearestStep, shortStep, stepTicks } from '../src/data/logStep';
import { stepText, valueText } from '../src/format/numbers';

describe('the log step axis', () => {
  it('has a place for step 0', () => {
    expect(logStep(0)).toBe(0);
    expect(logStep(Math.E - 1)).toBeCloseTo(1, 12);
  });

  it('is labelled with 0 and powers of ten, and threes where there is room', () => {
    expect(stepTicks(0, 50_000, 14)).toEqual([0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000]);
    expect(stepTicks(0, 50_000, 8)).toEqual([0, 1, 10, 100, 1000, 10_000]);
    expect(stepTicks(0, 50_000, 3)).toEqual([0, 10, 1000]);
  });

  it('is labelled evenly where it spans less than some powers of ten', () => {
    expect(stepTicks(40_000, 50_000, 6)).toEqual([40_000, 45_000, 50_000]);
    expect(stepTicks(5, 5, 6)).toEqual([5]);
  });

  it('shortens thousands', () => {
    expect([0, 30, 1000, 49_900, 2_000_000].map(shortStep)).toEqual(['0', '30', '1k', '49.9k', '2M']);
  });

  it('finds the nearest checkpoint by log step, not by step', () => {
    // 60 is nearer to 100 by steps and, as 61² > 1·101, by log steps too; 5 is nearer to 0 by steps and as 6² < 101 also by log.
    expect(nearestStep([0, 100], 60)).toBe(1);
    expect(nearestStep([0, 100], 12)).toBe(1);
    expect(nearestStep([0, 100], 5)).toBe(0);
    expect(nearestStep([], 5)).toBe(-1);
  });
});

describe('an evolute in its frame', () => {
  const box = { left: 0, right: 10, low: 0, high: 10 };
  const circles = (centres: [number, number][], radius?: number[], curvature?: number[]): Circles => ({
    centre_x: centres.map(([x]) => x),
    centre_y: centres.map(([, y]) => y),
    radius: radius ?? centres.map(() => 1),
    curvature: curvature ?? centres.map(() => 1),
  });

  it('keeps of a line what lies inside', () => {
    expect(clipSegment([-5, 5], [15, 5], box)).toEqual([
      [0, 5],
      [10, 5],
    ]);
    expect(clipSegment([1, 1], [2, 3], box)).toEqual([
      [1, 1],
      [2, 3],
    ]);
    expect(clipSegment([-1, 5], [-1, 9], box)).toBeNull();
    expect(clipSegment([-5, 9], [4, 18], box)).toBeNull();
  });

  it('is one piece inside, and breaks where it leaves', () => {
    const path: [number, number][] = [
      [1, 1],
      [2, 2],
      [12, 2],
      [12, 8],
      [8, 8],
    ];
    expect(evolutePieces(circles(path), box)).toEqual([
      [
        [1, 1],
        [2, 2],
        [10, 2],
      ],
      [
        [10, 8],
        [8, 8],
      ],
    ]);
  });

  it('breaks where the path is straight and where its curvature changes sign', () => {
    const path: [number, number][] = [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
    ];
    expect(evolutePieces(circles(path, [1, 1, 1e9, 1, 1]), box).map((piece) => piece.length)).toEqual([2, 2]);
    expect(evolutePieces(circles(path, undefined, [1, 1, 1, -1, -1]), box).map((piece) => piece.length)).toEqual([
      3, 2,
    ]);
  });
});

function curve(component: string, data = 'pile'): Curve {
  return {
    component,
    data,
    measured: { step: [0, 10], value: [1, 2], se: [0.1, 0.1], loss: null, health: ['ok', 'ok'] },
    left_out: [{ step: 5, reason: 'all-chains-stopped' }],
    smooth: { log_step: [0, 1], value: [1, 2], value_sd: [0, 0], loss: null, loss_sd: null },
    boundaries: [],
    stages: [],
  };
}

function group(name: string, data: string, clusters: Record<string, number>): ClusterGroup {
  return {
    group: name,
    data,
    clusters: Math.max(...Object.values(clusters)),
    heads: Object.entries(clusters).map(([component, cluster]) => ({ component, cluster, silhouette: 0.5 })),
    silhouette: 0.5,
    seed_agreement: 1,
    setting_agreement: 1,
  };
}

describe('a development', () => {
  const payload: DevelopmentPayload = {
    name: 'stages',
    confidence: 0.95,
    curves: [curve('full'), curve('l1h0'), curve('l0h10'), curve('l0h2'), curve('full', 'github')],
    clusters: [
      group('l0', 'pile', { l0h2: 1, l0h10: 2 }),
      group('l1', 'pile', { l1h0: 1 }),
      group('heads', 'github', { l0h2: 2, l1h0: 1 }),
    ],
    dynamics: null,
    agreement: [],
    scores: {
      source: 'scores.csv',
      list: [
        { score: 'loss', lines: [{ component: 'full', step: [20], value: [3], se: [0.1] }] },
        { score: 'k_composition', lines: [{ component: 'l0h2>l1h0', step: [20], value: [0.1], se: null }] },
      ],
    },
    course: null,
  };
  const development = new Development(payload);

  it('knows every step that was measured, those left out and those of scores among them', () => {
    expect(development.steps).toEqual([0, 5, 10, 20]);
    expect(development.domain).toEqual([0, Math.log(21)]);
  });

  it('lists heads by layer and number', () => {
    expect(development.headCurves('pile').map((entry) => entry.component)).toEqual(['l0h2', 'l0h10', 'l1h0']);
  });

  it('gives clusters of different layers different colours, and heads without a cluster none', () => {
    const hue = (head: string, data: string): string => clusterColour(development.member(data, head)?.hue ?? null);
    expect(['l0h2', 'l0h10', 'l1h0'].map((head) => hue(head, 'pile'))).toEqual([
      'var(--hue-1)',
      'var(--hue-2)',
      'var(--hue-3)',
    ]);
    expect([hue('l0h2', 'github'), hue('l0h10', 'github')]).toEqual(['var(--hue-2)', 'var(--muted)']);
  });

  it('tells scores of the model from those of heads and of pairs', () => {
    expect(development.modelScores.map((score) => score.score)).toEqual(['loss']);
    expect(development.partScores.map((score) => headsOf(score.lines[0]))).toEqual([['l0h2', 'l1h0']]);
  });
});

describe('values with errors', () => {
  it('have as many decimals as the error has digits', () => {
    expect(valueText(12.3456, 0.4242)).toBe('12.35 ± 0.42');
    expect(valueText(-0.7, 12)).toBe('−1 ± 12');
    expect(valueText(123_456, 2000)).toBe('(1.235 ± 0.020)·10⁵');
    expect(valueText(0.00012, 0.00003)).toBe('(1.20 ± 0.30)·10⁻⁴');
    expect([valueText(2.5, null), valueText(null, 1), valueText(2, 0)]).toEqual(['2.5', 'not known', '2 ± 0']);
  });

  it('of steps are whole, but small ones between checkpoints', () => {
    expect([0, 0.76, 4.53, 17.4, 1960.05].map(stepText)).toEqual(['0', '0.76', '4.5', '17', '1\u202f960']);
  });
});
