import type { Circles } from './developmentPayload';

export interface Box {
  left: number;
  right: number;
  low: number;
  high: number;
}

export type Point = readonly [number, number];

/** The part of a straight line inside a box (Liang and Barsky 1984); null where there is none. */
export function clipSegment([x0, y0]: Point, [x1, y1]: Point, box: Box): [Point, Point] | null {
  const [dx, dy] = [x1 - x0, y1 - y0];
  let [from, to] = [0, 1];
  for (const [rate, room] of [
    [-dx, x0 - box.left],
    [dx, box.right - x0],
    [-dy, y0 - box.low],
    [dy, box.high - y0],
  ]) {
    if (rate === 0) {
      if (room < 0) {
        return null;
      }
    } else if (rate < 0) {
      from = Math.max(from, room / rate);
    } else {
      to = Math.min(to, room / rate);
    }
  }
  return from > to
    ? null
    : [from === 0 ? [x0, y0] : [x0 + from * dx, y0 + from * dy], to === 1 ? [x1, y1] : [x0 + to * dx, y0 + to * dy]];
}

const same = (a: Point, b: Point): boolean => a[0] === b[0] && a[1] === b[1];

/** Beyond so many diagonals of the frame a centre of curvature says nothing but that the path is straight. */
const FAR = 3;

/**
 * The evolute inside a frame, in pieces. It breaks where the path is so straight that the centre lies far outside, and where the curvature changes its sign:
 * there the centre goes to infinity on one side and comes back from the other.
 */
export function evolutePieces(circles: Circles, box: Box): Point[][] {
  const far = FAR * Math.hypot(box.right - box.left, box.high - box.low);
  const pieces: Point[][] = [];
  let open: Point[] | null = null;
  for (let t = 1; t < circles.radius.length; t++) {
    const joined =
      circles.radius[t - 1] <= far &&
      circles.radius[t] <= far &&
      Math.sign(circles.curvature[t - 1]) === Math.sign(circles.curvature[t]);
    const [from, to]: Point[] = [
      [circles.centre_x[t - 1], circles.centre_y[t - 1]],
      [circles.centre_x[t], circles.centre_y[t]],
    ];
    const seen = joined ? clipSegment(from, to, box) : null;
    if (!seen) {
      open = null;
      continue;
    }
    if (!open || !same(seen[0], from)) {
      open = [seen[0]];
      pieces.push(open);
    }
    open.push(seen[1]);
    if (!same(seen[1], to)) {
      open = null;
    }
  }
  return pieces;
}
