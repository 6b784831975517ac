const HUES = 12;

/** The colour of a cluster, by its place among all; heads without one have the colour of what is not told apart. */
export function clusterColour(hue: number | null): string {
  return hue === null ? 'var(--muted)' : `var(--hue-${(hue % HUES) + 1})`;
}

/** A colour between early and late in training, by way of the middle, for a share of the log step axis from 0 to 1. */
export function timeColour(share: number): string {
  const place = Math.round(200 * Math.max(0, Math.min(1, share)));
  return place <= 100
    ? `color-mix(in oklab, var(--middle) ${place}%, var(--early))`
    : `color-mix(in oklab, var(--late) ${place - 100}%, var(--middle))`;
}
