import type { ModeGroup, PartName } from './payload';
import type { Run } from './run';

/** The scores of a mode, one per token of the page: Σ_c (value_c − mean_c)·loading_c. The means are those over all tokens of the run. */
export function modeScores(run: Run, part: PartName, group: ModeGroup, mode: number): Float64Array {
  const scores = new Float64Array(run.tokenCount);
  const loadings = group.loadings[mode];
  group.components.forEach((name, c) => {
    const values = run.part(part).values[run.components.indexOf(name)];
    const mean = group.means[c];
    const loading = loadings[c];
    for (let i = 0; i < scores.length; i++) {
      scores[i] += (values[i] - mean) * loading;
    }
  });
  return scores;
}

export interface Extreme {
  token: number;
  score: number;
  side: 'highest' | 'lowest';
}

/**
 * The tokens at both ends of some scores, each id at most once at an end, by its most extreme occurrence. Where tokens have ranks, those of
 * rank 0 fill an end first and then those of rank 1, in the order of their scores; those without a rank are left out.
 */
export function extremes(
  scores: ArrayLike<number>,
  ids: ArrayLike<number>,
  count: number,
  rankOf: (token: number) => 0 | 1 | null = () => 0,
): Extreme[] {
  const end = (sign: 1 | -1): Extreme[] => {
    const best = new Map<number, number>();
    for (let token = 0; token < scores.length; token++) {
      const rank = rankOf(token);
      if (rank === null) {
        continue;
      }
      const known = best.get(ids[token]);
      if (
        known === undefined ||
        rank < (rankOf(known) ?? 0) ||
        (rank === rankOf(known) && sign * scores[token] > sign * scores[known])
      ) {
        best.set(ids[token], token);
      }
    }
    const byScore = (a: number, b: number): number => sign * (scores[b] - scores[a]) || a - b;
    return [...best.values()]
      .sort((a, b) => (rankOf(a) ?? 0) - (rankOf(b) ?? 0) || byScore(a, b))
      .slice(0, count)
      .sort(byScore)
      .map((token) => ({ token, score: scores[token], side: sign > 0 ? 'highest' : 'lowest' }));
  };
  return [...end(1), ...end(-1).reverse()];
}
