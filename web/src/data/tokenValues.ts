import { magnitudeQuantile } from '../colour/signed';
import type { PartName } from './payload';

/** The share of a component's tokens within its colour scale; the rest have the full colour. */
export const COVERED = 0.98;

export interface PartValues {
  /** One array per component, one value per token. */
  values: Float32Array[];
  errors: Float32Array[];
}

/** The response of every token at one checkpoint, and its loss there. */
export class TokenValues {
  private readonly centres = new Map<string, number>();
  private readonly scales = new Map<string, number>();
  private readonly deviations = new Map<string, number>();

  constructor(
    private readonly parts: Partial<Record<PartName, PartValues>>,
    readonly initLoss: Float32Array,
  ) {}

  part(name: PartName): PartValues {
    const part = this.parts[name];
    if (!part) {
      throw new Error(`The report does not hold ${name} at this checkpoint.`);
    }
    return part;
  }

  /** The mean of a component over the page's tokens; 0 where it has no estimate. */
  centre(part: PartName, component: number): number {
    const key = `${part} ${component}`;
    let centre = this.centres.get(key);
    if (centre === undefined) {
      const values = this.part(part).values[component];
      let sum = 0;
      for (const value of values) {
        sum += value;
      }
      centre = Number.isFinite(sum) && values.length > 0 ? sum / values.length : 0;
      this.centres.set(key, centre);
    }
    return centre;
  }

  /** The standard deviation of a component over the page's tokens. */
  deviation(part: PartName, component: number): number {
    const key = `${part} ${component}`;
    let deviation = this.deviations.get(key);
    if (deviation === undefined) {
      const centre = this.centre(part, component);
      const values = this.part(part).values[component];
      deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
      this.deviations.set(key, deviation);
    }
    return deviation;
  }

  /** The magnitude that a component's tokens seldom exceed: its colour scale, the same for every row and probe. */
  scale(part: PartName, component: number, centred: boolean): number {
    const key = `${part} ${component} ${centred}`;
    let scale = this.scales.get(key);
    if (scale === undefined) {
      scale = magnitudeQuantile(this.part(part).values[component], centred ? this.centre(part, component) : 0, COVERED);
      this.scales.set(key, scale);
    }
    return scale;
  }
}
