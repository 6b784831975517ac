import type { PartName } from '../data/payload';
import type { ShownTokens } from '../data/tokenKinds';

/** Everything that views share. */
export interface State {
  part: PartName;
  /** Components locked by a click, oldest first. */
  locked: readonly number[];
  /** The component under the pointer or the focus. */
  preview: number | null;
  probe: number;
  /** The layer of which the text shows every head; null where it shows the chosen components. */
  layer: number | null;
  /** The group of modes by name, and the mode from 0. */
  group: string;
  mode: number;
  /** Whether token values stand less their component's mean. */
  centred: boolean;
  /** A token that another view asks the text to show. */
  token: number | null;
  /** Which tokens stand first, and whether pieces of characters show as bytes. */
  tokens: ShownTokens;
  /** Counts changes of colours (theme). */
  theme: number;
  /** Of several checkpoints the one whose values colour the text. */
  checkpoint: number;
  /** Whether all checkpoints share one colour scale. */
  commonScale: boolean;
}

type Listener<S> = (state: S) => void;

/** One object that views read and change; listeners name the keys they care about. */
export class Store<S extends object = State> {
  private readonly listeners: { keys: readonly (keyof S)[]; listener: Listener<S> }[] = [];

  constructor(private current: S) {}

  get state(): Readonly<S> {
    return this.current;
  }

  /** Changes some keys and tells those who care about a key that really changed. */
  update(change: Partial<S>): void {
    const changed = (Object.keys(change) as (keyof S)[]).filter((key) => this.current[key] !== change[key]);
    if (changed.length === 0) {
      return;
    }
    this.current = { ...this.current, ...change };
    for (const { keys, listener } of this.listeners) {
      if (keys.some((key) => changed.includes(key))) {
        listener(this.current);
      }
    }
  }

  /** Calls the listener now and whenever one of the keys changes. */
  watch(keys: readonly (keyof S)[], listener: Listener<S>): void {
    this.listeners.push({ keys, listener });
    listener(this.current);
  }
}
