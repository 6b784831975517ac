import type { Arrays } from './decode';
import type { AttentionPayload } from './payload';

/** Weights are stored in a byte, as round(255·a). */
const FULL = 255;

/** A position that a head attends to, and the weight on it. */
export interface Attended {
  position: number;
  weight: number;
}

/** Where heads attend in some rows of the text: of every position the keys with the largest weights. */
export class Attention {
  private readonly rows = new Map<string, number>();
  private readonly heads: Map<number, number>;
  private readonly keys: Uint16Array;
  private readonly weights: Uint8Array;

  constructor(
    private readonly payload: AttentionPayload,
    arrays: Arrays,
  ) {
    const probes = arrays.int32('attention_probe');
    arrays.int32('attention_row').forEach((row, i) => this.rows.set(`${probes[i]} ${row}`, i));
    this.heads = new Map(Array.from(arrays.int32('attention_component'), (component, head) => [component, head]));
    this.keys = arrays.uint16('attention_key');
    this.weights = arrays.uint8('attention_weight');
  }

  /** Whether a component is a head of which it is known. */
  holds(component: number): boolean {
    return this.heads.has(component);
  }

  /** Whether it is known of a position of a row. */
  reaches(probe: number, row: number, position: number): boolean {
    return this.rows.has(`${probe} ${row}`) && position < this.payload.positions;
  }

  /** Where a head attends from a position of a row, the largest weight first; null where that is not known. */
  from(component: number, probe: number, row: number, position: number): Attended[] | null {
    const head = this.heads.get(component);
    const place = this.rows.get(`${probe} ${row}`);
    const { positions, keys } = this.payload;
    if (head === undefined || place === undefined || position >= positions) {
      return null;
    }
    const start = ((place * this.heads.size + head) * positions + position) * keys;
    return Array.from({ length: keys }, (_, i) => ({
      position: this.keys[start + i],
      weight: this.weights[start + i] / FULL,
    })).filter(({ weight }) => weight > 0);
  }
}
