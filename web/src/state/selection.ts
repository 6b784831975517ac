/** At most so many components are shown at once, as bands. */
export const MOST_LOCKED = 3;

/** Locks a component or lets it go; a fourth takes the place of the oldest. */
export function toggleLock(locked: readonly number[], component: number): number[] {
  return locked.includes(component)
    ? locked.filter((other) => other !== component)
    : [...locked, component].slice(-MOST_LOCKED);
}

/** The components that are shown: the one under the pointer alone, else the locked ones. */
export function shown(locked: readonly number[], preview: number | null): readonly number[] {
  return preview === null ? locked : [preview];
}
