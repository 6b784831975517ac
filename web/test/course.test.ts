import { describe, expect, it } from 'vitest';
import { scaleLinear } from 'd3-scale';
import { Course } from '../src/data/course';
import type { CourseLine, CoursePayload } from '../src/data/developmentPayload';
import { bandOf, endsOf } from '../src/views/development/marks';

function line(component: string, ...value: (number | null)[]): CourseLine {
  const off = (by: number) => value.map((one) => (one === null ? null : one + by));
  return { component, value, low: off(-1), high: off(2) };
}

function payload(): CoursePayload {
  const mode = (number: number, factor: number) => ({
    mode: number,
    share: line('', 0.5, 0.6),
    reliability: line('', 0.7, 0.8),
    same: [0.9, 1],
    lines: [line('l0h0', factor, 2 * factor), line('l0h1', 3 * factor, null)],
  });
  return {
    step: [10, 100],
    parts: [
      {
        name: 'excess',
        title: 'Excess',
        unit: 'nats',
        probes: [{ probe: 'text', lines: [line('l0h0', 7, 8), line('l0h1', 9, 10)] }],
        groups: [
          { group: 'l0', title: 'heads of layer 0', modes: [mode(1, 1), mode(2, -1)] },
          { group: 'heads', title: 'all heads', modes: [mode(1, 10)] },
        ],
      },
      { name: 'chi', title: 'Susceptibility', unit: 'nats²', probes: [], groups: [] },
    ],
    notes: [],
  };
}

describe('the response over training', () => {
  const course = new Course(payload());

  it('opens with mode 1 of all components of the part that is asked for, or of the first', () => {
    expect(course.first('none')).toEqual({ part: 'excess', show: 'loadings', group: 'heads', mode: 1, probe: 'text' });
    expect(course.first('chi').show).toBe('probe');
  });

  it('gives the loadings of a mode, or the mean responses, with their intervals', () => {
    const view = { ...course.first(), group: 'l0', mode: 2 };
    expect(course.at(view, 1)).toEqual([
      { step: 100, component: 'l0h0', value: -2, low: -3, high: 0 },
      { step: 100, component: 'l0h1', value: null, low: null, high: null },
    ]);
    expect(course.all({ ...view, show: 'probe' }).map(({ step, value }) => [step, value])).toEqual([
      [10, 7],
      [10, 9],
      [100, 8],
      [100, 10],
    ]);
  });

  it('takes the first mode where a group has not the one that was looked at', () => {
    expect(course.mode({ ...course.first(), group: 'heads', mode: 2 })?.mode).toBe(1);
    expect(course.mode({ ...course.first('chi') })).toBeNull();
  });
});

describe('intervals that are not symmetric', () => {
  const scale = scaleLinear().domain([0, 10]).range([0, 10]);

  it('have their own ends, and others half their error', () => {
    expect(endsOf({ x: 0, y: 5, half: 1 })).toEqual([4, 6]);
    expect(endsOf({ x: 0, y: 5, half: NaN, low: 3, high: 9 })).toEqual([3, 9]);
  });

  it('make a band between them, without places whose ends are not known', () => {
    const places = [
      { x: 0, y: 5, half: NaN, low: 3, high: 9 },
      { x: 1, y: 5, half: NaN, low: NaN, high: NaN },
      { x: 2, y: 5, half: NaN, low: 4, high: 6 },
    ];
    expect(bandOf(places, scale, scale)).toBe('M0.00,9.00L2.00,6.00L2.00,4.00L0.00,3.00Z');
  });
});
