import type { CourseGroup, CourseLine, CourseMode, CoursePart, CoursePayload } from './developmentPayload';
import type { Maybe } from './payload';

/** What of the response over training is looked at: the loadings of a mode, or the mean response to a probe. */
export interface CourseView {
  part: string;
  show: 'loadings' | 'probe';
  group: string;
  mode: number;
  probe: string;
}

export interface CoursePoint {
  step: number;
  component: string;
  value: Maybe;
  low: Maybe;
  high: Maybe;
}

/** The response over training as the views see it. */
export class Course {
  constructor(readonly payload: CoursePayload) {}

  /** What a page opens with: mode 1 of all components of a part. */
  first(part?: string): CourseView {
    const found = this.part(part ?? '');
    return {
      part: found.name,
      show: found.groups.some((group) => group.modes.length > 0) ? 'loadings' : 'probe',
      group: found.groups.at(-1)?.group ?? '',
      mode: 1,
      probe: found.probes[0]?.probe ?? '',
    };
  }

  part(name: string): CoursePart {
    return this.payload.parts.find((part) => part.name === name) ?? this.payload.parts[0];
  }

  group(view: CourseView): CourseGroup | null {
    const { groups } = this.part(view.part);
    return groups.find((group) => group.group === view.group) ?? groups.at(-1) ?? null;
  }

  /** The mode that is looked at; null where there is none. */
  mode(view: CourseView): CourseMode | null {
    const modes = this.group(view)?.modes ?? [];
    return modes.find((mode) => mode.mode === view.mode) ?? modes[0] ?? null;
  }

  /** A line for every component. */
  lines(view: CourseView): readonly CourseLine[] {
    return view.show === 'loadings'
      ? (this.mode(view)?.lines ?? [])
      : (this.part(view.part).probes.find((probe) => probe.probe === view.probe)?.lines ?? []);
  }

  /** What every component has at a checkpoint. */
  at(view: CourseView, checkpoint: number): CoursePoint[] {
    return this.lines(view).map((line) => this.point(line, checkpoint));
  }

  /** What every component has at every checkpoint, by step. */
  all(view: CourseView): CoursePoint[] {
    return this.payload.step.flatMap((_, checkpoint) => this.at(view, checkpoint));
  }

  private point(line: CourseLine, i: number): CoursePoint {
    return {
      step: this.payload.step[i],
      component: line.component,
      value: line.value[i],
      low: line.low[i],
      high: line.high[i],
    };
  }
}
