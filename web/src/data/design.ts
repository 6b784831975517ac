import { magnitudeQuantile } from '../colour/signed';
import type { DesignPayload, DesignRow, Maybe } from './payload';
import { COVERED } from './tokenValues';

/** A weight that changes nothing: each token counts once. */
export const NEUTRAL = 1;

/** Designed weights as the views see them: of every token of the page, NaN for those of other probes. */
export class Design {
  /** How far from 1 weights seldom are: full colour. */
  readonly scale: number;
  /** Both ends of the colour scale; below 0 only where weights are. */
  readonly ends: readonly [number, number];

  constructor(
    readonly payload: DesignPayload,
    readonly weights: Float32Array,
  ) {
    this.scale = magnitudeQuantile(weights, NEUTRAL, COVERED);
    let smallest = NEUTRAL;
    for (const weight of weights) {
      smallest = Math.min(smallest, Number.isFinite(weight) ? weight : smallest);
    }
    const low = NEUTRAL - this.scale;
    this.ends = [smallest < 0 ? low : Math.max(0, low), NEUTRAL + this.scale];
  }

  /** The rows of text that the page holds something of, the one with the most spread weights first. */
  get rows(): DesignRow[] {
    return this.payload.rows.filter((row) => row.kept > 0).sort((a, b) => b.spread - a.spread || a.row - b.row);
  }

  /** What is to move. */
  get target(): string {
    const { component, mode } = this.payload.record;
    return component ?? `mode ${mode} of ${this.payload.title}`;
  }

  /** Half the 95 % interval of a prediction of λ̂, by its place; that along the target comes last. */
  halfWidth(place: number): Maybe {
    const { predictions, along, n_beta: nBeta } = this.payload.record;
    const error = (predictions[place] ?? along)?.change.standard_error ?? null;
    const half = this.payload.halfWidths[place] ?? null;
    return error === null || half === null ? null : nBeta * error * half;
  }
}
