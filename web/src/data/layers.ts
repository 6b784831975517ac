import { headOf } from './heads';

/** The heads of a layer, by their rows in the run, in the order of their numbers. */
export interface Layer {
  layer: number;
  components: number[];
}

/** The layers of which a run holds more than one head. */
export function layersOf(components: readonly string[]): Layer[] {
  const layers = new Map<number, { head: number; component: number }[]>();
  components.forEach((name, component) => {
    const head = headOf(name);
    if (head) {
      layers.set(head.layer, [...(layers.get(head.layer) ?? []), { head: head.head, component }]);
    }
  });
  return [...layers]
    .sort(([a], [b]) => a - b)
    .map(([layer, heads]) => ({
      layer,
      components: heads.sort((a, b) => a.head - b.head).map(({ component }) => component),
    }))
    .filter(({ components: rows }) => rows.length > 1);
}

/** Texts in lines of at most so many characters, each text with one of space: where each line begins, and the end. */
export function linesOf(lengths: readonly number[], most: number): number[] {
  const starts = [0];
  let used = 0;
  lengths.forEach((length, i) => {
    const wide = Math.max(1, length) + 1;
    if (used > 0 && used + wide > most) {
      starts.push(i);
      used = 0;
    }
    used += wide;
  });
  return lengths.length === 0 ? [0] : [...starts, lengths.length];
}
