import { Attention } from './attention';
import type { Arrays } from './decode';
import type { Card, CardToken, Figure, ModeGroup, PartName, ReplayPayload, ResponsePayload } from './payload';
import { Replay } from './replay';
import { TokenCoefficients } from './tokenCoefficients';
import { isWord, offered, type ShownTokens, type TokenKind } from './tokenKinds';
import { TokenValues, type PartValues } from './tokenValues';
import { exponentOf, numberScale, type NumberScale } from '../format/numbers';
import { bytesOfHex, joinPieces } from '../text/bytes';

/** A stretch of one row of a probe that is shown as running text. */
export interface Passage {
  index: number;
  probe: number;
  row: number;
  /** The first followed token and the one after the last. */
  firstToken: number;
  endToken: number;
  /** The first place of its text and the one after the last. */
  firstPlace: number;
  endPlace: number;
}

export interface Context {
  before: string;
  token: string;
  after: string;
}

/** Every token's place on the map of neighbours (NaN for none), its cluster and its pattern (−1 for none). */
export interface TokenMap {
  x: Float32Array;
  y: Float32Array;
  cluster: Int32Array;
  pattern: Int32Array;
}

/** A run as the views see it: the payload, and its arrays by name. */
export class Run {
  readonly position: Int32Array;
  readonly tokenId: Int32Array;
  readonly place: Int32Array;
  readonly passages: Passage[];
  /** The passage of every token. */
  readonly passageOf: Int32Array;
  /** The followed token at every place of the text, or −1. */
  readonly tokenAt: Int32Array;
  readonly trace: Float32Array;
  readonly map: TokenMap | null;
  readonly patterns: readonly string[];
  private readonly exponents = new Map<PartName, number>();
  private readonly textId: Int32Array;
  private readonly texts: Map<number, string>;
  /** The bytes of ids that are no text by themselves. */
  private readonly pieces: Map<number, Uint8Array>;
  /** What stands at every place of the text: its token's text, or its part of a character that several tokens make. */
  private readonly shownAt: string[];
  /** What every token is where it stands. */
  readonly kinds: TokenKind[];
  /** What the page offers to show of them, the default first. */
  readonly offeredTokens: ShownTokens[];
  /** The response and the losses of the tokens. */
  readonly tokens: TokenValues;
  /** The same at earlier checkpoints, where the report was made of several runs. */
  readonly replay: Replay | null;
  /** Where heads attend in the text; null where that is not known. */
  readonly attention: Attention | null;
  /** Learning coefficients of single tokens; null where the run has none. */
  readonly coefficients: TokenCoefficients | null;

  constructor(
    readonly payload: ResponsePayload,
    arrays: Arrays,
    replay: ReplayPayload | null,
  ) {
    this.position = arrays.int32('token_position');
    this.tokenId = arrays.int32('token_id');
    this.place = arrays.int32('token_place');
    this.textId = arrays.int32('text_id');
    this.trace = arrays.float32('trace');
    this.texts = new Map(payload.vocabulary.ids.map((id, i) => [id, payload.vocabulary.texts[i]]));
    this.pieces = new Map(
      Object.entries(payload.vocabulary.pieces).map(([id, hex]) => [Number(id), bytesOfHex(hex)] as const),
    );
    this.passages = passagesOf(arrays);
    this.shownAt = this.passages.flatMap((passage) => this.joined(passage));
    this.passageOf = new Int32Array(this.tokenCount);
    this.tokenAt = new Int32Array(this.textId.length).fill(-1);
    for (const passage of this.passages) {
      this.passageOf.fill(passage.index, passage.firstToken, passage.endToken);
    }
    this.place.forEach((place, token) => (this.tokenAt[place] = token));
    this.kinds = Array.from(this.tokenId, (id, token) => this.kind(id, token));
    this.offeredTokens = offered(new Set(this.kinds));
    this.patterns = Object.keys(payload.analysis?.pattern_rates ?? {});
    this.map = payload.analysis?.map
      ? {
          x: arrays.float32('map_x'),
          y: arrays.float32('map_y'),
          cluster: arrays.int32('map_cluster'),
          pattern: arrays.int32('token_pattern'),
        }
      : null;
    const part = (name: PartName): PartValues => ({ values: arrays.rows(name), errors: arrays.rows(`${name}_se`) });
    this.tokens = new TokenValues(
      Object.fromEntries(payload.parts.map(({ name }) => [name, part(name)])),
      arrays.float32('init_loss'),
    );
    this.coefficients =
      payload.coefficients &&
      new TokenCoefficients(
        payload.coefficients,
        this.part('excess'),
        arrays.has('llc_se') ? arrays.rows('llc_se') : null,
      );
    this.attention = payload.attention && new Attention(payload.attention, arrays);
    this.replay = replay && new Replay(replay, arrays, this.tokens);
  }

  get tokenCount(): number {
    return this.tokenId.length;
  }

  get components(): string[] {
    return this.payload.components;
  }

  part(name: PartName): PartValues {
    return this.tokens.part(name);
  }

  /** The text of a token id. */
  textOf(id: number): string {
    return this.texts.get(id) ?? `#${id}`;
  }

  /** The bytes of a token id that is a piece of a character; null for text. */
  bytesOf(id: number): Uint8Array | null {
    return this.pieces.get(id) ?? null;
  }

  idAt(place: number): number {
    return this.textId[place];
  }

  textAt(place: number): string {
    return this.shownAt[place];
  }

  probeOf(token: number): number {
    return this.passages[this.passageOf[token]].probe;
  }

  rowOf(token: number): number {
    return this.passages[this.passageOf[token]].row;
  }

  /** Where the token at a position of a passage's row stands in the text; null where the passage does not hold it. */
  placeAt({ firstToken, firstPlace, endPlace }: Passage, position: number): number | null {
    const place = this.place[firstToken] + position - (this.position[firstToken] + 1);
    return place >= firstPlace && place < endPlace ? place : null;
  }

  get initLoss(): Float32Array {
    return this.tokens.initLoss;
  }

  /** A token among its neighbours in the passage. */
  context(token: number, before: number, after: number): Context {
    const passage = this.passages[this.passageOf[token]];
    const place = this.place[token];
    const join = (from: number, to: number): string => {
      let text = '';
      for (let i = Math.max(from, passage.firstPlace); i < Math.min(to, passage.endPlace); i++) {
        text += this.textAt(i);
      }
      return text;
    };
    return {
      before: join(place - before, place),
      token: this.textAt(place),
      after: join(place + 1, place + 1 + after),
    };
  }

  /** The texts of a passage, with characters that several tokens make put together. */
  private joined({ firstPlace, endPlace }: Passage): string[] {
    const texts: string[] = [];
    for (let place = firstPlace; place < endPlace;) {
      const run: Uint8Array[] = [];
      for (let next = place; next < endPlace; next++) {
        const bytes = this.bytesOf(this.textId[next]);
        if (bytes === null) {
          break;
        }
        run.push(bytes);
      }
      texts.push(...(run.length > 0 ? joinPieces(run) : [this.textOf(this.textId[place])]));
      place += Math.max(1, run.length);
    }
    return texts;
  }

  private kind(id: number, token: number): TokenKind {
    if (this.bytesOf(id) !== null) {
      return 'piece';
    }
    const passage = this.passages[this.passageOf[token]];
    const place = this.place[token];
    const at = (other: number): string =>
      other >= passage.firstPlace && other < passage.endPlace ? this.textAt(other) : '';
    return isWord(this.textAt(place), at(place - 1), at(place + 1)) ? 'word' : 'text';
  }

  /** The tokens of a card that are shown: at most so many of a side, and pieces of characters only where bytes are asked for. */
  cardTokens(card: Card, part: PartName, side: CardToken['side'], shown: ShownTokens, most: number): CardToken[] {
    return card.tokens
      .filter((entry) => entry.part === part && entry.side === side)
      .filter(({ token }) => token === null || shown === 'bytes' || this.kinds[token] !== 'piece')
      .slice(0, most);
  }

  /** The power of ten in which the page writes all values of a part: that of their root mean square over tokens and components. */
  exponent(name: PartName): number {
    let exponent = this.exponents.get(name);
    if (exponent === undefined) {
      let sum = 0;
      let count = 0;
      for (const values of this.part(name).values) {
        for (const value of values) {
          if (Number.isFinite(value)) {
            sum += value * value;
            count++;
          }
        }
      }
      exponent = exponentOf(Math.sqrt(sum / Math.max(1, count)));
      this.exponents.set(name, exponent);
    }
    return exponent;
  }

  /** How the page writes values of a part: in the same unit everywhere. */
  scale(name: PartName, values: readonly (number | null)[], errors: readonly (number | null)[] = []): NumberScale {
    return numberScale(values, 3, errors, this.exponent(name));
  }

  group(part: PartName, name: string): ModeGroup {
    const groups = this.payload.modes[part];
    return groups.find((group) => group.name === name) ?? groups[groups.length - 1];
  }

  /** Figures that at least one component has. */
  get figures(): Figure[] {
    return this.payload.figures.filter((figure) => figure.values.some((value) => value !== null));
  }

  /** Whether `full` was sampled, which some runs do without. */
  get holdsFull(): boolean {
    return Array.from({ length: this.payload.shape.chains }, (_, chain) => this.chain(0, chain)).some((trace) =>
      trace.some(Number.isFinite),
    );
  }

  /** The draws of a chain that the page holds; run 0 is `full`. */
  chain(run: number, chain: number): Float32Array {
    const { chains, draws, traceEvery } = this.payload.shape;
    const kept = Math.floor(draws / traceEvery);
    const start = (run * chains + chain) * kept;
    return this.trace.subarray(start, start + kept);
  }
}

function passagesOf(arrays: Arrays): Passage[] {
  const probe = arrays.int32('passage_probe');
  const row = arrays.int32('passage_row');
  const count = arrays.int32('passage_tokens');
  const text = arrays.int32('passage_text');
  let token = 0;
  return Array.from(probe, (_, index) => {
    const firstToken = token;
    token += count[index];
    return {
      index,
      probe: probe[index],
      row: row[index],
      firstToken,
      endToken: token,
      firstPlace: text[index],
      endPlace: text[index + 1],
    };
  });
}
