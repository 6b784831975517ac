import type { ClusterGroup, Curve, DevelopmentPayload, HeadCluster, Score, ScoreLine } from './developmentPayload';
import { headOf } from './heads';
import { logStep } from './logStep';

/** The component of whole models in files of scores. */
export const WHOLE = 'full';

export interface Member extends HeadCluster {
  /** The place of the head's cluster among those of all groups of the data set, from 0: its colour. */
  hue: number;
}

/** The development of a model as the views see it. */
export class Development {
  /** The data sets of the curves, in their order. */
  readonly dataSets: readonly string[];
  /** Every step at which something was measured, rising: the places of the cursor. */
  readonly steps: readonly number[];
  private readonly members = new Map<string, Map<string, Member>>();

  constructor(readonly payload: DevelopmentPayload) {
    this.dataSets = [...new Set(payload.curves.map((curve) => curve.data))];
    const steps = [
      ...payload.curves.flatMap((curve) => [...curve.measured.step, ...curve.left_out.map((left) => left.step)]),
      ...(payload.dynamics?.step ?? []),
      ...(payload.course?.step ?? []),
      ...this.scores.flatMap((score) => score.lines.flatMap((line) => line.step)),
    ];
    this.steps = [...new Set(steps)].sort((a, b) => a - b);
  }

  get first(): number {
    return this.steps[0] ?? 0;
  }

  get last(): number {
    return this.steps.at(-1) ?? 1;
  }

  /** Both ends of the axis that all charts share. */
  get domain(): [number, number] {
    return [logStep(this.first), logStep(Math.max(this.last, this.first + 1))];
  }

  get scores(): readonly Score[] {
    return this.payload.scores?.list ?? [];
  }

  curvesOf(data: string): Curve[] {
    return this.payload.curves.filter((curve) => curve.data === data);
  }

  curve(data: string, component: string): Curve | null {
    return this.curvesOf(data).find((curve) => curve.component === component) ?? null;
  }

  /** The curves of single heads, by layer and number. */
  headCurves(data: string): Curve[] {
    const place = (curve: Curve): number => {
      const head = headOf(curve.component);
      return head ? head.layer * 1e4 + head.head : -1;
    };
    return this.curvesOf(data)
      .filter((curve) => place(curve) >= 0)
      .sort((a, b) => place(a) - place(b));
  }

  groups(data: string): ClusterGroup[] {
    return this.payload.clusters.filter((group) => group.data === data);
  }

  /** A head's cluster; null where it has none. */
  member(data: string, component: string): Member | null {
    let known = this.members.get(data);
    if (!known) {
      known = new Map();
      let before = 0;
      for (const group of this.groups(data)) {
        for (const head of group.heads) {
          known.set(head.component, { ...head, hue: before + head.cluster - 1 });
        }
        before += group.clusters;
      }
      this.members.set(data, known);
    }
    return known.get(component) ?? null;
  }

  /** Scores of the model itself, and those of its heads or of pairs of heads. */
  get modelScores(): Score[] {
    return this.scores.filter((score) => score.lines.every((line) => line.component === WHOLE));
  }

  get partScores(): Score[] {
    return this.scores.filter((score) => score.lines.some((line) => line.component !== WHOLE));
  }
}

/** The heads that a line of scores is of: one, or those of a composition. */
export function headsOf(line: ScoreLine): string[] {
  return line.component.split('>');
}
