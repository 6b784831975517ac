import { layersOf, type Layer } from '../data/layers';
import { partOf } from '../data/parts';
import { openingPassage, phraseOf, type Repeat } from '../data/repeats';
import { signedColour } from '../colour/signed';
import type { Passage } from '../data/run';
import { numberScale, whole } from '../format/numbers';
import { shown } from '../state/selection';
import type { State } from '../state/store';
import { findMatches } from '../text/search';
import { hexText } from '../text/bytes';
import { plainLine } from '../text/visible';
import { choice, toggle } from '../ui/choice';
import { h } from '../ui/dom';
import { exportable } from '../ui/exports';
import { section } from '../ui/section';
import type { TokenValues } from '../data/tokenValues';
import { lookList, lookMissing, lookNote, lookOf, markLook } from './attention';
import { bandOf, paint, type Band } from './bands';
import { stripScale, stripTables, stripValue, type Strips } from './strips';
import { replayBar } from './replayBar';
import { tokenTip } from './tips';
import { passageCaption, passageText, walkTokens } from './tokenSpans';
import type { Page } from './view';

const PER_SHEET = 4;
const FALLBACK_WIDTH = 800;
const FALLBACK_CHARACTER = 8;
const signedText = (value: number): string => numberScale([1]).signed(value);
const CHOSEN = 'chosen';
/** The text is laid out anew where its width changes by more than that, in pixels. */
const NOTICED = 12;

interface Found {
  passage: Passage;
  first: number;
  last: number;
}

/** The text of the probes, token by token, coloured by the chosen components. */
export function textView(page: Page): HTMLElement {
  return new TextView(page).element;
}

class TextView {
  readonly element: HTMLElement;
  private readonly passages = h('div', { class: 'passages' });
  private readonly legend = h('div', { class: 'legend', 'data-role': 'bands' });
  private readonly looking = h('p', { class: 'note looking' });
  private readonly place = h('span', { class: 'note' });
  private readonly pager = h('div', { class: 'pager' });
  private readonly count = h('span', { class: 'note', role: 'status' });
  private readonly spans = new Map<number, HTMLElement>();
  private readonly layers: Layer[];
  private readonly phrases = new Map<number, Repeat | null>();
  private first = 0;
  private width = 0;
  private found: Found[] = [];
  private current = -1;

  constructor(private readonly page: Page) {
    const { run, store } = page;
    const probes = choice(
      'Probe',
      run.payload.probes.map((probe, i) => ({ value: String(i), label: plainLine(probe.name) })),
      (value) => store.update({ probe: Number(value) }),
    );
    this.layers = layersOf(run.components);
    const shownHeads = choice(
      'Show',
      [
        { value: CHOSEN, label: 'the chosen components' },
        ...this.layers.map(({ layer }) => ({ value: String(layer), label: `every head of layer ${layer}` })),
      ],
      (value) => store.update({ layer: value === CHOSEN ? null : Number(value) }),
    );
    const search = h('input', {
      type: 'search',
      placeholder: 'Search the text',
      'aria-label': 'Search the text of all probes',
    });
    search.addEventListener('input', () => this.search(search.value));
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        this.step(event.shiftKey ? -1 : 1);
      }
    });
    const button = (label: string, title: string, click: () => void): HTMLElement =>
      h('button', { type: 'button', class: 'quiet', 'aria-label': title, on: { click } }, label);
    this.pager.append(
      button('← earlier', 'Earlier passages', () => this.turn(-1)),
      this.place,
      button('later →', 'Later passages', () => this.turn(1)),
    );
    this.element = section(
      'text',
      'Text',
      'Each token is coloured by its value, white at zero. Several components show as bars below the token, in the order of their numbers. What stands twice in a passage is underlined.',
      h(
        'div',
        { class: 'controls' },
        probes.element,
        this.layers.length > 0 && shownHeads.element,
        toggle('less the component’s mean over tokens', store.state.centred, (centred) => store.update({ centred })),
        h(
          'span',
          { class: 'search' },
          search,
          button('↑', 'Previous match', () => this.step(-1)),
          button('↓', 'Next match', () => this.step(1)),
          this.count,
        ),
      ),
      run.replay && replayBar(page, run.replay),
      this.legend,
      this.looking,
      exportable(this.passages, 'Text', ['picture'], {
        meaning: 'Text of the probe, every token coloured by the response of the chosen components',
      }),
      this.pager,
    );
    this.passages.addEventListener('mouseover', (event) => this.hover(event.target));
    this.passages.addEventListener('focusin', (event) => this.hover(event.target));
    this.passages.addEventListener('mouseleave', () => this.hover(null));
    this.passages.addEventListener('focusout', () => this.hover(null));
    walkTokens(this.passages, () => [...this.spans.values()]);
    store.watch(['probe'], (state) => {
      probes.set(String(state.probe));
      this.first = 0;
      this.draw();
    });
    store.watch(['tokens', 'layer'], (state) => {
      shownHeads.set(state.layer === null ? CHOSEN : String(state.layer));
      this.draw();
    });
    new ResizeObserver(() => {
      if (store.state.layer !== null && Math.abs(this.passages.clientWidth - this.width) > NOTICED) {
        this.draw();
      }
    }).observe(this.passages);
    const opening = openingPassage(run);
    if (opening) {
      this.first = this.own.indexOf(opening);
      this.draw();
    }
    store.watch(['part', 'locked', 'preview', 'centred', 'theme', 'checkpoint', 'commonScale'], () => this.colour());
    store.watch(['token'], (state) => this.goTo(state));
  }

  private get own(): Passage[] {
    return this.page.run.passages.filter((passage) => passage.probe === this.page.store.state.probe);
  }

  /** The heads whose strips stand below the text; none where the chosen components colour it. */
  private get layer(): Layer | null {
    const { layer } = this.page.store.state;
    return this.layers.find((entry) => entry.layer === layer) ?? null;
  }

  private get perSheet(): number {
    return this.layer ? 1 : PER_SHEET;
  }

  private draw(): void {
    const { run } = this.page;
    const own = this.own;
    const { first, perSheet } = this;
    const visible = own.slice(first, first + perSheet);
    this.width = this.passages.clientWidth;
    this.spans.clear();
    this.passages.replaceChildren(...visible.map((passage) => this.passage(passage)));
    this.passages.querySelector<HTMLElement>('[data-token]')?.setAttribute('tabindex', '0');
    this.pager.classList.toggle('single', own.length <= perSheet);
    this.place.textContent =
      own.length === 0
        ? `The page holds no text of ${plainLine(run.payload.probes[this.page.store.state.probe].name)}.`
        : visible.length === 1
          ? `passage ${first + 1} of ${whole(own.length)}`
          : `passages ${first + 1}–${first + visible.length} of ${whole(own.length)}`;
    this.colour();
    this.markMatches();
  }

  private phrase(passage: Passage): Repeat | null {
    let phrase = this.phrases.get(passage.index);
    if (phrase === undefined) {
      phrase = phraseOf(this.page.run, passage);
      this.phrases.set(passage.index, phrase);
    }
    return phrase;
  }

  private passage(passage: Passage): HTMLElement {
    const { run } = this.page;
    const phrase = this.phrase(passage);
    const isRepeated = (place: number): boolean =>
      phrase !== null && [phrase.first, phrase.second].some((start) => start <= place && place < start + phrase.length);
    const caption = h('figcaption', {}, passageCaption(run, passage));
    if (this.layer) {
      const strips = h('div', { class: 'strip-lines', 'data-passage': passage.index });
      strips.append(...this.strips(passage, this.layer, isRepeated));
      for (const head of strips.querySelectorAll<HTMLElement>('[data-token]')) {
        this.spans.set(Number(head.dataset['token']), head);
      }
      return h('figure', {}, caption, strips);
    }
    return h('figure', {}, caption, passageText(this.page, passage, this.spans, isRepeated));
  }

  private strips(passage: Passage, layer: Layer, isRepeated: (place: number) => boolean): HTMLElement[] {
    return stripTables(
      this.page,
      this.tokens,
      passage,
      this.stripsOf(layer),
      (place) => this.text(place),
      isRepeated,
      Math.floor((this.passages.clientWidth || FALLBACK_WIDTH) / this.characterWidth()),
    );
  }

  private stripsOf({ components }: Layer): Strips {
    const { part, centred } = this.page.store.state;
    return { components, part, centred, scale: stripScale(this.tokens, part, components, centred) };
  }

  private characterWidth(): number {
    const probe = h('span', { class: 'strip-measure' }, '0'.repeat(40));
    this.passages.append(probe);
    const width = probe.getBoundingClientRect().width / 40;
    probe.remove();
    return width > 0 ? width : FALLBACK_CHARACTER;
  }

  /** A token's text on one line, or its bytes where these are asked for. */
  private text(place: number): string {
    const { run, store } = this.page;
    const bytes = run.bytesOf(run.idAt(place));
    return bytes !== null && store.state.tokens === 'bytes' ? `⟨${hexText(bytes)}⟩` : run.textAt(place);
  }

  private bands(): Band[] {
    const { part, locked, preview, centred, commonScale } = this.page.store.state;
    const common = commonScale ? this.page.run.replay : null;
    return shown(locked, preview).map((component) => bandOf(this.tokens, part, component, centred, common));
  }

  /** The values of the chosen checkpoint. */
  private get tokens(): TokenValues {
    const { run, store } = this.page;
    return run.replay?.has(store.state.part) ? run.replay.at(store.state.checkpoint) : run.tokens;
  }

  private colour(): void {
    const { store } = this.page;
    const tokens = this.tokens;
    this.looking.textContent = lookNote(this.page.run, this.looker);
    this.looking.hidden = this.looking.textContent === '';
    if (this.layer) {
      this.colourStrips(this.layer);
      return;
    }
    const bands = this.bands();
    this.passages.dataset['bands'] = String(bands.length);
    for (const [token, span] of this.spans) {
      paint(span, tokens, store.state.part, bands, token);
    }
    this.legend.replaceChildren(
      ...(bands.length === 0
        ? [h('p', { class: 'note' }, 'Lock or hover a component to colour the text.')]
        : bands.map((band, i) => this.scaleKey(band, i))),
    );
  }

  /** Strips change with part, centring, theme and checkpoint; their one scale stands above them. */
  private colourStrips(layer: Layer): void {
    const { run, store } = this.page;
    const strips = this.stripsOf(layer);
    this.passages.dataset['bands'] = 'strips';
    for (const cell of this.passages.querySelectorAll<HTMLElement>('[data-strip]')) {
      const [component, token] = [Number(cell.dataset['component']), Number(cell.dataset['strip'])];
      cell.style.backgroundColor = signedColour(stripValue(this.tokens, strips, component, token), strips.scale);
    }
    const { symbol } = partOf(run.payload, store.state.part);
    this.legend.replaceChildren(
      this.ramp(
        `${symbol}, every head of layer ${layer.layer}`,
        `−${strips.scale.toFixed(1)}`,
        `+${strips.scale.toFixed(1)}`,
        `standard deviations of each head over tokens${store.state.centred ? ', less its mean' : ''}`,
      ),
    );
  }

  private ramp(name: string, low: string, high: string, unit: string): HTMLElement {
    const ramp = [-1, -0.5, 0, 0.5, 1].map((share) => signedColour(share, 1)).join(', ');
    return h(
      'div',
      { class: 'scale-key' },
      h('span', { class: 'name' }, name),
      h('span', { class: 'end' }, low),
      h('span', { class: 'ramp', style: `background-image: linear-gradient(to right, ${ramp})` }),
      h('span', { class: 'end' }, high),
      h('span', { class: 'note' }, unit),
    );
  }

  private scaleKey(band: Band, i: number): HTMLElement {
    const { run, store } = this.page;
    const scale = run.scale(store.state.part, [band.scale]);
    const part = partOf(run.payload, store.state.part);
    return this.ramp(
      `${i + 1} ${run.components[band.component]}`,
      scale.signed(-band.scale),
      scale.signed(band.scale),
      `${scale.prefix}${part.unit}${store.state.centred ? `, less its mean ${scale.signed(band.centre)}` : ''}`,
    );
  }

  private hover(target: EventTarget | null): void {
    const cell = target instanceof Element ? target.closest<HTMLElement>('[data-token], [data-strip]') : null;
    const { run, store, tip } = this.page;
    if (!cell) {
      tip.hide();
      markLook(this.passages, run, null);
      return;
    }
    const { part, locked, preview, checkpoint, centred } = store.state;
    const token = Number(cell.dataset['token'] ?? cell.dataset['strip']);
    const strip = cell.dataset['component'];
    const layer = this.layer;
    const components = strip === undefined ? (layer ? [] : shown(locked, preview)) : [Number(strip)];
    const first =
      layer === null
        ? []
        : (strip === undefined ? layer.components : components).map((component): [string, string] => [
            `${run.components[component]}, s.d.`,
            signedText(stripValue(this.tokens, { part, centred }, component, token)),
          ]);
    const values = tokenTip(run, token, part, components, centred, this.tokens, run.replay?.name(checkpoint), first);
    const look = lookOf(run, strip === undefined ? this.looker : Number(strip), token);
    const looker = strip === undefined ? this.looker : Number(strip);
    if (look === null && looker !== undefined && run.attention?.holds(looker)) {
      values.appendChild(lookMissing(run, looker));
    }
    const content = look ? h('div', { class: 'looked' }, h('div', {}, values), lookList(run, look)) : values;
    markLook(this.passages, run, look);
    tip.show(content, cell.getBoundingClientRect());
    cell.setAttribute('aria-describedby', 'tip');
  }

  /** The head whose attention shows: the one that was chosen last, at the run's own checkpoint alone. */
  private get looker(): number | undefined {
    const { run, store } = this.page;
    const { locked, preview, checkpoint } = store.state;
    return run.replay && checkpoint < run.replay.last ? undefined : shown(locked, preview).at(-1);
  }

  private turn(step: number): void {
    const next = this.first + step * this.perSheet;
    if (next < this.own.length && this.first + this.perSheet > 0) {
      this.first = Math.max(0, next);
      this.draw();
    }
  }

  private open(passage: Passage): void {
    this.page.store.update({ probe: passage.probe });
    const place = this.own.indexOf(passage);
    if (place < this.first || place >= this.first + this.perSheet) {
      this.first = place;
      this.draw();
    }
  }

  private goTo(state: State): void {
    if (state.token === null) {
      return;
    }
    const { run, store } = this.page;
    this.open(run.passages[run.passageOf[state.token]]);
    const span = this.spans.get(state.token);
    span?.scrollIntoView({ block: 'center' });
    span?.focus({ preventScroll: true });
    store.update({ token: null });
  }

  private search(query: string): void {
    const { run } = this.page;
    this.found = run.passages.flatMap((passage) => {
      const texts = Array.from({ length: passage.endPlace - passage.firstPlace }, (_, i) =>
        run.textAt(passage.firstPlace + i),
      );
      return findMatches(texts, query).map((match) => ({
        passage,
        first: passage.firstPlace + match.first,
        last: passage.firstPlace + match.last,
      }));
    });
    this.current = -1;
    this.count.textContent =
      query === '' ? '' : `${whole(this.found.length)} ${this.found.length === 1 ? 'match' : 'matches'}`;
    if (this.found.length > 0) {
      this.step(1);
    } else {
      this.markMatches();
    }
  }

  private step(by: number): void {
    if (this.found.length === 0) {
      return;
    }
    this.current = (this.current + by + this.found.length) % this.found.length;
    const match = this.found[this.current];
    this.open(match.passage);
    this.markMatches();
    this.count.textContent = `${whole(this.current + 1)} of ${whole(this.found.length)}, ${plainLine(this.page.run.payload.probes[match.passage.probe].name)}`;
    this.passages.querySelector('.current')?.scrollIntoView({ block: 'nearest' });
  }

  private markMatches(): void {
    const chosen = this.found[this.current];
    for (const span of this.passages.querySelectorAll<HTMLElement>('[data-place]')) {
      const place = Number(span.dataset['place']);
      span.classList.toggle(
        'match',
        this.found.some((match) => match.first <= place && place <= match.last),
      );
      span.classList.toggle('current', chosen !== undefined && chosen.first <= place && place <= chosen.last);
    }
  }
}
