import { holds } from './parts';
import type { KnownMode, ModeGroup, PartName, ResponsePayload } from './payload';

/** The mode that a page shows beside what was found: which heads, and how sure. */
export interface LeadingMode {
  part: PartName;
  group: ModeGroup;
  /** From 0. */
  mode: number;
  known: KnownMode | null;
}

const SCORE = 'prefix_matching';
/** A head that gives that share of its attention to what followed the same token does some induction. */
const SOME = 0.1;
/** The conclusion looks at so many modes, and needs so many heads. */
const MODES = 2;
const FEWEST = 3;
/** A loading above this share of the largest counts as one of the other sign. */
const OPPOSED = 0.25;
const RELIABLE = 0.5;

/**
 * Of the excess where it is held, over the layer whose heads match prefixes most, or over all: of the first two modes the one whose loadings
 * go with prefix matching (of heads as they vary, which the conclusion brings to one scale); without these scores the first reliable mode that has both signs, or the first.
 */
export function leadingMode(payload: ResponsePayload): LeadingMode | null {
  const part = holds(payload, 'excess') ? 'excess' : payload.mainPart;
  const groups = payload.modes[part].filter((group) => group.loadings.length > 0 && group.components.length > 1);
  const score = new Map(
    payload.cards.flatMap(({ component, scores }) => {
      const value = scores.find(({ name }) => name === SCORE)?.value;
      return typeof value === 'number' ? [[component, value] as const] : [];
    }),
  );
  const strongest = (group: ModeGroup): number => Math.max(0, ...group.components.map((name) => score.get(name) ?? 0));
  const layers = groups.filter(({ name }) => name !== 'heads' && name !== 'components');
  const best = layers.reduce<ModeGroup | null>(
    (found, group) => (strongest(group) >= SOME && (!found || strongest(group) > strongest(found)) ? group : found),
    null,
  );
  const group = best ?? groups.at(-1);
  if (!group) {
    return null;
  }
  const known = payload.reproducibility[part]?.groups.find((entry) => entry.group === group.name)?.modes ?? [];
  const knownOf = (mode: number): KnownMode | null => known.find((entry) => entry.mode === mode + 1) ?? null;
  const mode = best ? alongScore(group, score) : firstOpposed(group, (place) => knownOf(place)?.reliability ?? null);
  return { part, group, mode, known: knownOf(mode) };
}

function alongScore(group: ModeGroup, score: ReadonlyMap<string, number>): number {
  const heads = group.components.flatMap((name, c) => (score.has(name) ? [{ c, value: score.get(name) ?? 0 }] : []));
  if (heads.length < FEWEST) {
    return 0;
  }
  const sizes = group.loadings.slice(0, MODES).map((loadings) =>
    Math.abs(
      correlation(
        heads.map(({ c }) => loadings[c]),
        heads.map(({ value }) => value),
      ),
    ),
  );
  return sizes[1] > sizes[0] || !Number.isFinite(sizes[0]) ? Math.min(1, sizes.length - 1) : 0;
}

function firstOpposed(group: ModeGroup, reliability: (mode: number) => number | null): number {
  const found = group.loadings.findIndex((loadings, mode) => {
    const largest = Math.max(...loadings.map(Math.abs));
    return (
      (reliability(mode) ?? 1) >= RELIABLE &&
      [1, -1].every((sign) => loadings.some((loading) => sign * loading > OPPOSED * largest))
    );
  });
  return Math.max(0, found);
}

/** Pearson's correlation; NaN where one does not vary. */
export function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const product = (a: readonly number[], ma: number, b: readonly number[], mb: number): number =>
    a.reduce((sum, value, i) => sum + (value - ma) * (b[i] - mb), 0);
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
}
