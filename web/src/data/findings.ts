import { percent, significant } from '../format/numbers';
import { attributionOf, describeSource } from './attribution';
import { holds } from './parts';
import type { ModeGroup } from './payload';
import type { Run } from './run';

/** Where a run does not tell its degrees of freedom, a value is distinct from 0 beyond so many errors. */
const DISTINCT_FROM = 2;

/** A loading below this share of the largest counts for nothing in words. */
const SMALL = 0.5;
const NAMED = 3;

const STANDARDIZED_EXCESS = 'excess, z-score';
const GROUPS = 3;
const RELIABLE = 0.5;
/** A loading above this share of the largest counts as one of the other sign. */
const OPPOSED = 0.25;

export interface Signs {
  probe: number;
  below: number;
  unclear: number;
  above: number;
}

/** How many components have a χ below 0 on each probe, above 0, and within their 95 % interval of 0; none where the run holds no χ. */
export function signsOf(run: Run): Signs[] {
  if (!holds(run.payload, 'chi')) {
    return [];
  }
  const { values, errors, halfWidths } = run.payload.dataset.chi;
  return run.payload.probes.map((_, probe) => {
    const signs = { probe, below: 0, unclear: 0, above: 0 };
    run.components.forEach((_, component) => {
      const value = values[component][probe];
      const error = errors[component][probe];
      const distinct =
        value !== null && error !== null && Math.abs(value) > (halfWidths[component] ?? DISTINCT_FROM) * error;
      signs[!distinct ? 'unclear' : value < 0 ? 'below' : 'above']++;
    });
    return signs;
  });
}

/** What the first modes of all components together say, a sentence or more each. */
export function modeFindings(run: Run, modes: number): string[] {
  const group = run.payload.modes[run.payload.mainPart].findLast((entry) => entry.loadings.length > 0);
  return group
    ? Array.from({ length: Math.min(modes, group.loadings.length) }, (_, mode) => modeFinding(run, group, mode))
    : [];
}

function modeFinding(run: Run, group: ModeGroup, mode: number): string {
  const known = run.payload.reproducibility[run.payload.mainPart]?.groups
    .find((entry) => entry.group === group.name)
    ?.modes.find((entry) => entry.mode === mode + 1);
  const interval =
    known && known.explained_variance.low !== null
      ? ` (95 % interval ${percent(known.explained_variance.low, 1)} to ${percent(known.explained_variance.high, 1)})`
      : '';
  const test = known?.permutation;
  const chance = test
    ? (test.observed ?? 0) > (test.null_high ?? Infinity)
      ? `, more than chance gives (${percent(test.observed, 1)} of what is left, chance at most ${percent(test.null_high, 1)})`
      : `, no more than chance gives (${percent(test.observed, 1)} of what is left, chance up to ${percent(test.null_high, 1)})`
    : '';
  const unreliable =
    typeof known?.reliability === 'number' && known.reliability < 0.5
      ? ` Its scores are mostly noise (reliability ${significant(known.reliability, 2)}).`
      : '';
  const attribution = attributionOf(run.payload, group.name, mode);
  return `Mode ${mode + 1} of ${group.title} holds ${percent(known?.explained_variance.value ?? group.explained[mode], 1)} of the variance${interval}${chance}. ${loadingWords(group.components, group.loadings[mode])}${unreliable}${notedChains(run, group.components)}${attribution ? ` ${describeSource(attribution)}` : ''}`;
}

/**
 * What sets components against each other in their own excess, every component standardised: of the last groups the first mode whose loadings have both signs and whose
 * scores repeat themselves. The first modes of χ show what all components share, and seldom say that.
 */
export function excessFindings(run: Run): string[] {
  return (run.payload.analysis?.survey ?? []).slice(-GROUPS).flatMap(({ group, views }) => {
    const view = views.find((entry) => entry.view === STANDARDIZED_EXCESS);
    const mode = view?.modes.find(
      (entry) => (entry.reliability ?? 0) >= RELIABLE && hasBothSigns(Object.values(entry.loadings ?? {})),
    );
    if (!mode?.loadings) {
      return [];
    }
    const title = run.payload.modes[run.payload.mainPart].find((entry) => entry.name === group)?.title ?? group;
    const names = Object.keys(mode.loadings);
    return [
      `Mode ${mode.mode} of the excess of ${title}, each standardised, holds ${percent(mode.explained_variance, 1)} of the variance (reliability ${significant(mode.reliability, 2)}). ${loadingWords(names, Object.values(mode.loadings))}${notedChains(run, names)}`,
    ];
  });
}

function hasBothSigns(loadings: readonly number[]): boolean {
  const largest = Math.max(0, ...loadings.map(Math.abs));
  return [1, -1].every((sign) => loadings.some((loading) => sign * loading > OPPOSED * largest));
}

/** A warning where something is noted of the chains of these components. */
function notedChains({ payload }: Run, components: readonly string[]): string {
  const noted = payload.scan
    ? []
    : payload.health.filter(
        ({ component, chains, notes }) =>
          components.includes(component) && (notes.length > 0 || chains.some((chain) => !chain.healthy)),
      );
  return noted.length === 0
    ? ''
    : ` With care: something is noted of the chains of ${noted.length} of its ${components.length} components.`;
}

function loadingWords(components: readonly string[], loadings: readonly number[]): string {
  const sizes = loadings.map(Math.abs);
  const largest = Math.max(...sizes);
  if (loadings.every((loading) => Math.sign(loading) === Math.sign(loadings[0]))) {
    return 'All components load on it with one sign: it is common to them.';
  }
  const side = (sign: 1 | -1): string =>
    loadings
      .map((loading, c) => ({ name: components[c], size: sign * loading }))
      .filter((entry) => entry.size > SMALL * largest)
      .sort((a, b) => b.size - a.size)
      .slice(0, NAMED)
      .map((entry) => entry.name)
      .join(', ');
  const [above, below] = [side(1), side(-1)];
  return below === '' ? `It sets ${above} apart from the rest.` : `It sets ${above} against ${below}.`;
}
