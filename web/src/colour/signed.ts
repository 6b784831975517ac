/** How strongly a value is coloured: 0 at zero, 1 at the scale and beyond. */
export function strength(value: number, scale: number): number {
  return !Number.isFinite(value) || !(scale > 0) ? 0 : Math.min(1, Math.abs(value) / scale);
}

/** The colour of a signed value, blue below zero, orange above, the page's own zero colour at zero. */
export function signedColour(value: number, scale: number): string {
  const share = Math.round(100 * strength(value, scale));
  return share === 0
    ? 'var(--zero)'
    : `color-mix(in oklab, var(${value < 0 ? '--negative' : '--positive'}) ${share}%, var(--zero))`;
}

/** The magnitude below which a share q of all values lies: a scale that a few extreme values do not stretch. 0 without values. */
export function magnitudeQuantile(values: ArrayLike<number>, centre: number, q: number): number {
  const sizes: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) {
      sizes.push(Math.abs(values[i] - centre));
    }
  }
  if (sizes.length === 0) {
    return 0;
  }
  sizes.sort((a, b) => a - b);
  return sizes[Math.min(sizes.length - 1, Math.floor(q * sizes.length))];
}
