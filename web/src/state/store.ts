import type { PartName } from '../data/payload';

/** Everything that views share. */
export interface State {
  part: PartName;
  /** Components locked by a click, oldest first. */
  locked: readonly number[];
  /** The component under the pointer or the focus. */
  preview: number | null;
  probe: number;
  /** The group of modes by name, and the mode from 0. */
  group: string;
  mode: number;
  /** Whether token values stand less their component's mean. */
  centred: boolean;
  /** A token that another view asks the text to show. */
  token: number | null;
  /** Counts changes of colours (theme). */
  theme: number;
}

type Listener = (state: State) => void;

/** One object that views read and change; listeners name the keys they care about. */
export class Store {
  private readonly listeners: { keys: readonly (keyof State)[]; listener: Listener }[] = [];

  constructor(private current: State) {}

  get state(): Readonly<State> {
    return this.current;
  }

  /** Changes some keys and tells those who care about a key that really changed. */
  update(change: Partial<State>): void {
    const changed = (Object.keys(change) as (keyof State)[]).filter((key) => this.current[key] !== change[key]);
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
  watch(keys: readonly (keyof State)[], listener: Listener): void {
    this.listeners.push({ keys, listener });
    listener(this.current);
  }
}
