/** What `curie stages` and the scores over checkpoints say of a training run; docs/formats.md describes it. */
import type { Maybe } from './payload';

export interface Boundary {
  kind: 'maximum' | 'minimum' | 'plateau';
  step: number;
  low_step: number;
  high_step: number;
  slope: Maybe;
  slope_se: Maybe;
  support: Maybe;
  divides: boolean;
}

export interface Stage {
  stage: number;
  from_step: number;
  to_step: number;
  delta_llc: number;
  delta_llc_se: number;
  delta_loss: Maybe;
  delta_loss_se: Maybe;
  type: 'A' | 'B' | null;
  type_probability: Maybe;
}

export interface Curve {
  component: string;
  data: string;
  measured: { step: number[]; value: number[]; se: number[] | null; loss: number[] | null; health: string[] };
  left_out: { step: number; reason: string }[];
  smooth: {
    log_step: number[];
    value: number[];
    value_sd: number[];
    loss: number[] | null;
    loss_sd: number[] | null;
  };
  boundaries: Boundary[];
  stages: Stage[];
}

export interface HeadCluster {
  component: string;
  cluster: number;
  silhouette: Maybe;
}

export interface ClusterGroup {
  group: string;
  data: string;
  clusters: number;
  heads: HeadCluster[];
  silhouette: Maybe;
  seed_agreement: Maybe;
  setting_agreement: Maybe;
}

export interface PlanePoint {
  kind: 'sharp-vertex' | 'flat-vertex' | 'cusp';
  step: number;
  index: number;
  x: number;
  y: number;
  radius: number;
}

export interface Circles {
  centre_x: number[];
  centre_y: number[];
  radius: number[];
  curvature: number[];
}

export interface Plane {
  plane: string;
  /** Components, from 1. */
  x: number;
  y: number;
  circles: Circles;
  points: PlanePoint[];
}

export interface Form {
  step: number;
  index: number;
  spread: number;
  position: number[];
  discrepancy: number;
}

export interface Dynamics {
  step: number[];
  explained_variance: number[];
  /** Components × checkpoints. */
  scores: number[][];
  smooth: number[][];
  planes: Plane[];
  forms: Form[];
}

export interface Agreement {
  component: string;
  data: string;
  points: string;
  mean_distance: Maybe;
  chance_distance: Maybe;
  p_value: Maybe;
}

export interface ScoreLine {
  component: string;
  step: number[];
  value: Maybe[];
  se: Maybe[] | null;
}

export interface Score {
  score: string;
  lines: ScoreLine[];
}

/** A number over checkpoints with its 95 % interval; `component` is empty where it is of all of them. */
export interface CourseLine {
  component: string;
  value: Maybe[];
  low: Maybe[];
  high: Maybe[];
}

export interface CourseMode {
  mode: number;
  share: CourseLine;
  reliability: CourseLine;
  /** |cos| of its loadings with those of the last checkpoint. */
  same: Maybe[];
  lines: CourseLine[];
}

export interface CourseGroup {
  group: string;
  title: string;
  modes: CourseMode[];
}

export interface CoursePart {
  name: string;
  title: string;
  unit: string;
  probes: { probe: string; lines: CourseLine[] }[];
  groups: CourseGroup[];
}

/** The response over training; arrays are over checkpoints. */
export interface CoursePayload {
  step: number[];
  parts: CoursePart[];
  notes: string[];
}

export interface DevelopmentPayload {
  name: string;
  confidence: Maybe;
  curves: Curve[];
  clusters: ClusterGroup[];
  dynamics: Dynamics | null;
  agreement: Agreement[];
  scores: { source: string; list: Score[] } | null;
  course: CoursePayload | null;
}
