/** The JSON that `curie report` puts into the page; docs/formats.md describes it. Numbers that do not exist are null. */
import type { DevelopmentPayload } from './developmentPayload';

export const PAGE_FORMAT = 4;

/** The name of a part of the response, such as `chi`. */
export type PartName = string;
export type Maybe = number | null;

export interface ArrayEntry {
  name: string;
  type: 'int32' | 'uint16' | 'uint8' | 'float32' | 'companded';
  offset: number;
  length: number;
  scales?: number[];
}

export interface Estimate {
  value: Maybe;
  error: Maybe;
}

export interface Probe {
  name: string;
  tokens: number;
  kept: number;
  fullShift: Estimate;
}

export interface ChainHealth {
  healthy: boolean;
  draw: Maybe;
  reason: string | null;
}

export interface ComponentHealth {
  component: string;
  chains: ChainHealth[];
  diagnostics: Record<string, Maybe>;
  notes: string[];
}

export interface ModeGroup {
  name: string;
  title: string;
  excluded: string[];
  reason: string | null;
  components: string[];
  means: number[];
  explained: number[];
  loadings: number[][];
}

export interface Interval {
  value: Maybe;
  standard_error: Maybe;
  low: Maybe;
  high: Maybe;
}

export interface KnownMode {
  mode: number;
  explained_variance: Interval;
  loadings: Record<string, Interval>;
  half_correlation: Maybe;
  reliability: Maybe;
  draws_needed: Maybe;
  permutation: { observed: Maybe; null_mean: Maybe; null_high: Maybe; p_value: Maybe } | null;
}

export interface Reproducibility {
  groups: { group: string; reason: string | null; modes: KnownMode[] }[];
}

export interface Figure {
  name: string;
  meaning: string;
  values: Maybe[];
  errors: Maybe[];
}

/** nβ and λ̂ of every component, of which the λ̂ of a token is made. */
export interface Coefficients {
  nbeta: number;
  lambda: Figure;
}

/** How the chains were coupled. */
export interface Coupling {
  observableRows: number;
  gaussianPairs: number;
  burnIn: number;
  burnInAsked: Maybe;
  /** The draws of each chain of `full`, a multiple of those of the others; its trace holds means over as many. */
  fullDraws: number;
}

/** Components × probes; `halfWidths` are half the 95 % interval in standard errors, by component. */
export interface ProbeMatrix {
  values: Maybe[][];
  errors: Maybe[][];
  halfWidths: Maybe[];
}

export interface VarianceShare {
  group: string;
  title: string;
  renormalization: Maybe;
  covariance: Maybe;
  cross: Maybe;
}

/** The share of a mode's variance that one term of χ gives. */
export interface TermShare {
  term: string;
  share: Interval;
  reliability: Maybe;
  draws_needed: Maybe;
}

export interface ModeAttribution {
  group: string;
  mode: number;
  reason: string | null;
  terms: TermShare[];
}

export interface SurveyedMode {
  mode: number;
  explained_variance: Maybe;
  reliability: Maybe;
  draws_needed: Maybe;
  alignment: Maybe;
  /** By component; of the standardised excess alone. */
  loadings?: Record<string, number>;
}

export interface SurveyedView {
  view: string;
  reason: string | null;
  modes: SurveyedMode[];
}

export interface PatternLoading {
  pattern: string;
  base_rate: Maybe;
  top: Maybe;
  bottom: Maybe;
  top_q: Maybe;
  bottom_q: Maybe;
  mean_score: Maybe;
}

/** The patterns at the ends of a mode. */
export interface ModePatterns {
  group: string;
  mode: number;
  extremes: number;
  patterns: PatternLoading[];
}

export interface PatternMean {
  mean: Maybe;
  standard_error: Maybe;
  q: Maybe;
}

export interface PatternExpression {
  component: string;
  pattern: string;
  tokens: number;
  expression: PatternMean;
  apart: PatternMean | null;
}

export interface Cluster {
  cluster: number;
  tokens: number;
  pattern: string | null;
  share: Maybe;
  base_rate: Maybe;
}

export interface Partner {
  token: number;
  correlation: Maybe;
  p: Maybe;
  q: Maybe;
}

export interface Influence {
  token: number;
  components: string[];
  together: Partner[];
  against: Partner[];
  missing: number;
}

/** What `curie structure` kept in the run folder. */
export interface Analysis {
  view: string | null;
  attribution: ModeAttribution[] | null;
  survey: { group: string; views: SurveyedView[] }[];
  pattern_rates: Record<string, number> | null;
  mode_patterns: ModePatterns[] | null;
  /** Those of other parts than the one of `view`; null or missing of an analysis of before. */
  other_patterns?: Record<PartName, ModePatterns[]> | null;
  pattern_expression: PatternExpression[] | null;
  /** The same over probes in place of patterns. */
  standardized_response: PatternExpression[] | null;
  clusters: Cluster[] | null;
  modularity: Maybe;
  influence: Influence | null;
  map: boolean;
}

/** What `curie scores` kept: a measure of every component over probes or patterns. */
export interface Effects {
  measure: string;
  meaning: string;
  over: 'probe' | 'pattern';
  names: string[];
  values: Maybe[][];
  errors: Maybe[][];
}

/** An attention score of a component and its place among the heads. */
export interface CardScore extends Estimate {
  name: string;
  rank: number;
  heads: number;
}

/** The place of a component in a mode. */
export interface CardMode {
  view: string;
  group: string;
  mode: number;
  share: Maybe;
  reliability: Maybe;
  loading: Maybe;
  rank: number;
  components: number;
}

/** A token that a component expresses or suppresses; `token` is its place on the page, null where that does not hold it. */
export interface CardToken {
  part: PartName;
  side: 'expressed' | 'suppressed';
  value: Maybe;
  error: Maybe;
  token: number | null;
  before: string;
  text: string;
  after: string;
  probe: string;
}

/** The counterpart of a component in another run of the page, with the correlation over tokens by which it is found. */
export interface CardTwin extends Estimate {
  run: string;
  partner: string;
  part: PartName;
}

/** Everything that the run knows about one component. */
export interface Card {
  component: string;
  coefficient: Estimate | null;
  sentences: string[];
  scores: CardScore[];
  effects: (Estimate & { name: string })[];
  modes: CardMode[];
  tokens: CardToken[];
  twins: CardTwin[];
  missing: string[];
}

/** A part of the response: what the page calls it. */
export interface Part {
  name: PartName;
  symbol: string;
  title: string;
  unit: string;
  meaning: string;
}

/** Of every one of the first so many positions of some rows, so many keys that a head attends to. */
export interface AttentionPayload {
  positions: number;
  keys: number;
}

/** What a susceptibility run found. */
export interface ResponsePayload {
  run: string;
  /** The run in a sentence. */
  title: string;
  /** What was found out, in sentences; the first are what to remember. */
  conclusion: string[];
  leading: LeadingMode | null;
  control: boolean;
  /** Whether the draws are independent ones around the checkpoint, without chains. */
  scan: boolean;
  /** The parts that the run holds, and the one that is shown first; records by part have these alone. */
  parts: Part[];
  mainPart: PartName;
  /** What is observed, in words, where it is not the loss of the data; null for that loss. */
  observable: string | null;
  /** How the covariance was estimated; null where the run holds none. */
  covariance: string | null;
  /** Null of a run whose chains were not coupled. */
  coupling: Coupling | null;
  /** Null of a control, and where the run does not hold the excess. */
  coefficients: Coefficients | null;
  /** dλ̂/dh; null where the run holds none. */
  slopes: ProbeMatrix | null;
  versions: Record<string, string>;
  seed: number;
  configuration: unknown;
  model: Record<string, unknown> | null;
  components: string[];
  probes: Probe[];
  shape: { tokens: number; kept: number; chains: number; chainsPerUnit: number; draws: number; traceEvery: number };
  initLoss: Estimate;
  dataset: Record<PartName, ProbeMatrix>;
  health: ComponentHealth[];
  variance: VarianceShare[];
  modes: Record<PartName, ModeGroup[]>;
  reproducibility: Partial<Record<PartName, Reproducibility>>;
  analysis: Analysis | null;
  effects: Effects[];
  figures: Figure[];
  cards: Card[];
  /** Null where it is not known where heads attend. */
  attention: AttentionPayload | null;
  /** `pieces` holds the bytes, in hexadecimal, of ids that are no text by themselves. */
  vocabulary: { ids: number[]; texts: string[]; pieces: Record<string, string> };
  caveats: string[];
}

/** The checkpoints that the text replays, the last of which is the one of the response. */
export interface ReplayPayload {
  checkpoints: { step: Maybe; run: string }[];
  parts: PartName[];
  notes: string[];
}

/** The mode that stands beside the conclusion, from 1, every component brought to one scale. */
export interface LeadingMode {
  part: PartName;
  group: string;
  title: string;
  mode: number;
  share: Maybe;
  reliability: Maybe;
  components: string[];
  loadings: number[];
  /** Ends of 95 % intervals; null where the run's chains allow none. */
  low: Maybe[];
  high: Maybe[];
  /** Prefix matching. */
  scores: Maybe[];
  /** The components that do induction. */
  induction: string[];
}

/** One figure in two runs; `probe` is null of λ̂. */
export interface Difference {
  component: string;
  probe: string | null;
  first: Estimate;
  second: Estimate;
  difference: Estimate;
  /** Half the 95 % interval of the difference. */
  halfWidth: Maybe;
  q: Maybe;
}

export interface PartComparison {
  conclusion: string[];
  /** The q below which a difference stands out. */
  discovery: number;
  responses: Difference[];
  coefficients: Difference[];
  correlations: Record<string, Maybe>;
}

/** Two runs side by side; the second is that of the response. */
export interface ComparisonPayload {
  first: string;
  second: string;
  parts: Partial<Record<PartName, PartComparison>>;
}

/** What weights are predicted to do to one component, nats. */
export interface DesignPrediction {
  component: string;
  direction: number;
  change: { mean: Maybe; standard_error: Maybe; degrees_of_freedom: number };
  same_draws: Maybe;
}

/** What `curie design` keeps beside its weights. */
export interface DesignRecord {
  run: string;
  data: string;
  group: string;
  mode: Maybe;
  component: string | null;
  part: PartName;
  modes_used: number[];
  n_beta: number;
  amount: number;
  spread: number;
  cut_share: number;
  reliability: Maybe;
  shuffled: Maybe;
  along: DesignPrediction | null;
  predictions: DesignPrediction[];
  patterns: { pattern: string; tokens: number; mean: Maybe; standard_error: Maybe }[];
}

/** The weights of a row of text: how many of its tokens the page holds, their mean with its error, their spread. */
export interface DesignRow {
  row: number;
  tokens: number;
  kept: number;
  weight: Estimate;
  spread: number;
}

/** Designed weights for the tokens of a probe; `halfWidths` are in errors, of the predictions and then of the one along the target. */
export interface DesignPayload {
  name: string;
  record: DesignRecord;
  title: string;
  probe: number;
  halfWidths: Maybe[];
  rows: DesignRow[];
}

export interface Payload {
  format: number;
  name: string;
  curie: string;
  response: ResponsePayload | null;
  development: DevelopmentPayload | null;
  replay: ReplayPayload | null;
  comparison: ComparisonPayload | null;
  design: DesignPayload | null;
  arrays: ArrayEntry[];
}
