import { percent, significant } from '../format/numbers';
import type { ModeAttribution, ResponsePayload, TermShare } from './payload';

/** From this share on a term counts as what a mode comes from. */
const MOST = 0.9;
const RELIABLE = 0.5;

export interface TermText {
  term: string;
  title: string;
  meaning: string;
}

/** The terms of χ, whose shares of a mode's variance sum to 1. */
export const TERMS: readonly TermText[] = [
  {
    term: 'full_shift',
    title: 'full run’s shift φ·f',
    meaning: 'one vector over tokens that all components share, times each component’s mean excess loss',
  },
  {
    term: 'restricted_shift',
    title: 'own shift −φ·d',
    meaning: 'how losses move while only the component moves',
  },
  { term: 'covariance', title: 'covariance', meaning: 'what the components do by themselves' },
];

export function attributionOf(payload: ResponsePayload, group: string, mode: number): ModeAttribution | null {
  return payload.analysis?.attribution?.find((entry) => entry.group === group && entry.mode === mode + 1) ?? null;
}

export function termOf(mode: ModeAttribution, term: string): TermShare | null {
  return mode.terms.find((entry) => entry.term === term) ?? null;
}

/** The share of a term with its standard error. */
export function shareText(share: TermShare | null): string {
  const error = share?.share.standard_error;
  return share === null
    ? '–'
    : percent(share.share.value) + (typeof error === 'number' ? ` ± ${(100 * error).toFixed(2)}` : '');
}

/** In a few words, for a table. */
export function shortSource(mode: ModeAttribution): string {
  const largest = largestTerm(mode);
  return (largest.share?.share.value ?? 0) < MOST
    ? 'a mixture'
    : `${largest.title.split(' ').slice(0, -1).join(' ') || largest.title}, ${percent(largest.share?.share.value, 1)}`;
}

/** One or more sentences on where a mode comes from. */
export function describeSource(mode: ModeAttribution): string {
  const largest = largestTerm(mode);
  const source =
    (largest.share?.share.value ?? 0) < MOST
      ? 'This mode is a mixture: no term gives nine tenths of its variance.'
      : largest.term === 'full_shift'
        ? `This mode is the full run’s shift: ${shareText(largest.share)} of its variance is one vector over tokens that all components share.`
        : largest.term === 'covariance'
          ? `This mode comes from the covariance, what the components do by themselves (${shareText(largest.share)} of its variance).`
          : `This mode comes from the components’ own shifts (${shareText(largest.share)} of its variance).`;
  return [source, ...['covariance', 'restricted_shift'].map((term) => noise(mode, term))].filter(Boolean).join(' ');
}

function largestTerm(mode: ModeAttribution): TermText & { share: TermShare | null } {
  const shares = TERMS.map((term) => ({ ...term, share: termOf(mode, term.term) }));
  return shares.reduce((best, next) =>
    (next.share?.share.value ?? -Infinity) > (best.share?.share.value ?? -Infinity) ? next : best,
  );
}

function noise(mode: ModeAttribution, term: string): string {
  const share = termOf(mode, term);
  const reliability = share?.reliability ?? null;
  if (share === null || reliability === null || reliability >= RELIABLE) {
    return '';
  }
  const name = term === 'covariance' ? 'covariance' : 'own shift';
  const needed =
    share.draws_needed === null
      ? 'halves of the draws do not agree at all'
      : `about ${significant(share.draws_needed, 2)} times as many draws would show it`;
  return `Its ${name} is below the noise (reliability ${significant(reliability, 2)}): ${needed}.`;
}
