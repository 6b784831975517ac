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

/** The tokens at both ends of some scores, each id at most once at an end, by its most extreme occurrence. */
export function extremes(scores: ArrayLike<number>, ids: ArrayLike<number>, count: number): Extreme[] {
  const end = (sign: 1 | -1): Extreme[] => {
    const best = new Map<number, number>();
    for (let token = 0; token < scores.length; token++) {
      const known = best.get(ids[token]);
      if (known === undefined || sign * scores[token] > sign * scores[known]) {
        best.set(ids[token], token);
      }
    }
    return [...best.values()]
      .sort((a, b) => sign * (scores[b] - scores[a]) || a - b)
      .slice(0, count)
      .map((token) => ({ token, score: scores[token], side: sign > 0 ? 'highest' : 'lowest' }));
  };
  return [...end(1), ...end(-1).reverse()];
}
