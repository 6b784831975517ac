import { magnitudeQuantile } from '../colour/signed';
import { whole } from '../format/numbers';
import type { Arrays } from './decode';
import type { PartName, ReplayPayload } from './payload';
import { COVERED, TokenValues, type PartValues } from './tokenValues';

/** The same tokens at several checkpoints, in order; the last is the checkpoint of the run itself. */
export class Replay {
  private readonly values: TokenValues[];
  private readonly scales = new Map<string, number>();

  constructor(
    readonly payload: ReplayPayload,
    arrays: Arrays,
    last: TokenValues,
  ) {
    const earlier = payload.checkpoints.slice(0, -1).map((_, i) => {
      const part = (name: PartName): PartValues => ({
        values: arrays.rows(`replay_${i}_${name}`),
        errors: arrays.rows(`replay_${i}_${name}_se`),
      });
      return new TokenValues(
        Object.fromEntries(payload.parts.map((name) => [name, part(name)])),
        arrays.rows(`replay_${i}_init_loss`)[0],
      );
    });
    this.values = [...earlier, last];
  }

  get count(): number {
    return this.values.length;
  }

  get last(): number {
    return this.values.length - 1;
  }

  at(checkpoint: number): TokenValues {
    return this.values[checkpoint];
  }

  /** Whether earlier checkpoints have this part; the last has them all. */
  has(part: PartName): boolean {
    return this.payload.parts.includes(part);
  }

  /** How a reader knows a checkpoint. */
  name(checkpoint: number): string {
    const { step, run } = this.payload.checkpoints[checkpoint];
    return step === null ? run : `step ${whole(step)}`;
  }

  /** One colour scale for all checkpoints that have the part: the magnitude that tokens of all of them together seldom exceed. */
  scale(part: PartName, component: number, centred: boolean): number {
    const key = `${part} ${component} ${centred}`;
    let scale = this.scales.get(key);
    if (scale === undefined) {
      const all = this.has(part) ? this.values : this.values.slice(-1);
      const sizes = all.flatMap((tokens) => {
        const centre = centred ? tokens.centre(part, component) : 0;
        return Array.from(tokens.part(part).values[component], (value) => value - centre);
      });
      scale = magnitudeQuantile(sizes, 0, COVERED);
      this.scales.set(key, scale);
    }
    return scale;
  }
}
