import type { KnownMode, Maybe, ModeGroup } from './payload';

/** A mode in the order of their shares. */
export interface ScreeMode {
  mode: number;
  share: number;
  low: Maybe;
  high: Maybe;
  /** The share up to which a mode in its place is no more than chance gives, in 95 % of cases; null where that is not known. */
  chance: Maybe;
  reliability: Maybe;
}

/**
 * The shares of modes, and what chance gives in their places: the null of a mode is about what the modes before it leave, so that its bound
 * as a share of all variance is null_high·(1 − the sum of the shares before it).
 */
export function scree(group: Pick<ModeGroup, 'explained'>, known: readonly KnownMode[], most: number): ScreeMode[] {
  let left = 1;
  return group.explained.slice(0, most).map((share, mode) => {
    const found = known.find((entry) => entry.mode === mode + 1);
    const bound = found?.permutation?.null_high ?? null;
    const chance = bound === null ? null : bound * left;
    left -= share;
    return {
      mode,
      share,
      low: found?.explained_variance.low ?? null,
      high: found?.explained_variance.high ?? null,
      chance,
      reliability: found?.reliability ?? null,
    };
  });
}
