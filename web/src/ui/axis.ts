import type { ScaleLinear } from 'd3-scale';
import { significant } from '../format/numbers';
import { s } from './dom';

/** Tick labels and thin lines along the left. */
export function leftAxis(
  scale: ScaleLinear<number, number>,
  left: number,
  right: number,
  ticks: number,
  label: (value: number) => string = (value) => significant(value, 6),
): SVGGElement {
  return s(
    'g',
    { class: 'axis' },
    ...scale
      .ticks(ticks)
      .flatMap((value) => [
        s('line', { x1: left, x2: right, y1: scale(value), y2: scale(value) }),
        s('text', { x: left - 8, y: scale(value), dy: '0.32em', 'text-anchor': 'end' }, label(value)),
      ]),
  );
}

/** Tick labels below. */
export function bottomAxis(scale: ScaleLinear<number, number>, y: number, ticks: number): SVGGElement {
  return s(
    'g',
    { class: 'axis' },
    ...scale
      .ticks(ticks)
      .map((value) => s('text', { x: scale(value), y: y + 18, 'text-anchor': 'middle' }, significant(value, 6))),
  );
}
