import type { ScaleLinear } from 'd3-scale';
import { s } from '../../ui/dom';

type Scale = ScaleLinear<number, number>;

/** Half the 95 % interval of a normal value in standard errors. */
export const INTERVAL = 1.96;

export interface Place {
  x: number;
  y: number;
}

/** Straight lines through places, broken where a value is missing. */
export function pathOf(places: readonly Place[], x: Scale, y: Scale): string {
  let open = false;
  return places
    .map((place) => {
      if (!Number.isFinite(place.y)) {
        open = false;
        return '';
      }
      const command = open ? 'L' : 'M';
      open = true;
      return `${command}${x(place.x).toFixed(2)},${y(place.y).toFixed(2)}`;
    })
    .join('');
}

/** A place with its error: `half` above and below it, or both ends where they are not alike. */
export interface Measured extends Place {
  half: number;
  low?: number;
  high?: number;
}

/** The ends of a place's error. */
export function endsOf({ y, half, low, high }: Measured): [number, number] {
  return [low ?? y - half, high ?? y + half];
}

/** The area between the ends of places; places without an error are left out. */
export function bandOf(places: readonly Measured[], x: Scale, y: Scale): string {
  const known = places.filter((place) => Number.isFinite(place.y) && endsOf(place).every(Number.isFinite));
  const side = (end: 0 | 1): Place[] => known.map((place) => ({ x: place.x, y: endsOf(place)[end] }));
  return known.length === 0 ? '' : `${pathOf(side(1), x, y)}${pathOf(side(0).reverse(), x, y).replace('M', 'L')}Z`;
}

/** A point with its standard error. */
export function point(at: Measured, x: Scale, y: Scale, name = '', title?: string): SVGGElement {
  const [px, py] = [x(at.x), y(at.y)];
  return s(
    'g',
    { class: `point ${name}` },
    endsOf(at)[1] > endsOf(at)[0] && s('line', { x1: px, x2: px, y1: y(endsOf(at)[0]), y2: y(endsOf(at)[1]) }),
    s('circle', { cx: px, cy: py, r: 2.8 }),
    title !== undefined && s('title', {}, title),
  );
}

/** The smallest and the largest of some numbers, with a little room; 0 to 1 where there are none. */
export function rangeOf(values: readonly number[]): [number, number] {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) {
    return [0, 1];
  }
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const room = 0.05 * (high - low) || 0.05 * Math.abs(high) || 0.5;
  return [low - room, high + room];
}
