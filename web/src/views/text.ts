import { partOf } from '../data/parts';
import { signedColour } from '../colour/signed';
import type { Passage } from '../data/run';
import { whole } from '../format/numbers';
import { shown } from '../state/selection';
import type { State } from '../state/store';
import { findMatches } from '../text/search';
import { CONTINUED, hexText } from '../text/bytes';
import { plainLine } from '../text/visible';
import { choice, toggle } from '../ui/choice';
import { h } from '../ui/dom';
import { section } from '../ui/section';
import { visibleNodes } from '../ui/text';
import type { TokenValues } from '../data/tokenValues';
import { bandOf, paint, type Band } from './bands';
import { replayBar } from './replayBar';
import { tokenTip } from './tips';
import type { Page } from './view';

const PER_SHEET = 4;

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
  private readonly place = h('span', { class: 'note' });
  private readonly pager = h('div', { class: 'pager' });
  private readonly count = h('span', { class: 'note', role: 'status' });
  private readonly spans = new Map<number, HTMLElement>();
  private sheet = 0;
  private found: Found[] = [];
  private current = -1;

  constructor(private readonly page: Page) {
    const { run, store } = page;
    const probes = choice(
      'Probe',
      run.payload.probes.map((probe, i) => ({ value: String(i), label: plainLine(probe.name) })),
      (value) => store.update({ probe: Number(value) }),
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
      'Each token is coloured by its value, white at zero. Several components show as bars below the token, in the order of their numbers.',
      h(
        'div',
        { class: 'controls' },
        probes.element,
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
      this.passages,
      this.pager,
    );
    this.passages.addEventListener('mouseover', (event) => this.hover(event.target));
    this.passages.addEventListener('focusin', (event) => this.hover(event.target));
    this.passages.addEventListener('mouseleave', () => page.tip.hide());
    this.passages.addEventListener('focusout', () => page.tip.hide());
    this.passages.addEventListener('keydown', (event) => this.walk(event));
    store.watch(['probe'], (state) => {
      probes.set(String(state.probe));
      this.sheet = 0;
      this.draw();
    });
    store.watch(['tokens'], () => this.draw());
    store.watch(['part', 'locked', 'preview', 'centred', 'theme', 'checkpoint', 'commonScale'], () => this.colour());
    store.watch(['token'], (state) => this.goTo(state));
  }

  private get own(): Passage[] {
    return this.page.run.passages.filter((passage) => passage.probe === this.page.store.state.probe);
  }

  private draw(): void {
    const { run } = this.page;
    const own = this.own;
    const first = this.sheet * PER_SHEET;
    const visible = own.slice(first, first + PER_SHEET);
    this.spans.clear();
    this.passages.replaceChildren(...visible.map((passage) => this.passage(passage)));
    this.passages.querySelector<HTMLElement>('[data-token]')?.setAttribute('tabindex', '0');
    this.pager.classList.toggle('single', own.length <= PER_SHEET);
    this.place.textContent =
      own.length === 0
        ? `The page holds no text of ${plainLine(run.payload.probes[this.page.store.state.probe].name)}.`
        : `passages ${first + 1}–${first + visible.length} of ${whole(own.length)}`;
    this.colour();
    this.markMatches();
  }

  private passage(passage: Passage): HTMLElement {
    const { run } = this.page;
    const text = h('p', { class: 'tokens', dir: 'ltr' });
    for (let place = passage.firstPlace; place < passage.endPlace; place++) {
      const token = run.tokenAt[place];
      const span = h(
        'span',
        token < 0
          ? { class: 'unfollowed', 'data-place': place }
          : { 'data-token': token, 'data-place': place, tabindex: -1 },
        ...this.nodes(place),
      );
      if (token >= 0) {
        this.spans.set(token, span);
      }
      text.append(span);
    }
    const last = run.position[passage.endToken - 1];
    return h(
      'figure',
      {},
      h('figcaption', {}, `row ${passage.row}, positions ${run.position[passage.firstToken]}–${last}`),
      text,
    );
  }

  /** A token's text, or its bytes where it is a piece of a character and bytes are asked for. */
  private nodes(place: number): Node[] {
    const { run, store } = this.page;
    const bytes = run.bytesOf(run.idAt(place));
    const text = run.textAt(place);
    return bytes !== null && (store.state.tokens === 'bytes' || text === CONTINUED)
      ? [h('span', { class: 'mark' }, store.state.tokens === 'bytes' ? `⟨${hexText(bytes)}⟩` : text)]
      : visibleNodes(text);
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
    const bands = this.bands();
    const tokens = this.tokens;
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

  private scaleKey(band: Band, i: number): HTMLElement {
    const { run, store } = this.page;
    const scale = run.scale(store.state.part, [band.scale]);
    const part = partOf(run.payload, store.state.part);
    const ramp = [-1, -0.5, 0, 0.5, 1].map((share) => signedColour(share, 1)).join(', ');
    return h(
      'div',
      { class: 'scale-key' },
      h('span', { class: 'name' }, `${i + 1} ${run.components[band.component]}`),
      h('span', { class: 'end' }, scale.signed(-band.scale)),
      h('span', { class: 'ramp', style: `background-image: linear-gradient(to right, ${ramp})` }),
      h('span', { class: 'end' }, scale.signed(band.scale)),
      h(
        'span',
        { class: 'note' },
        `${scale.prefix}${part.unit}${store.state.centred ? `, less its mean ${scale.signed(band.centre)}` : ''}`,
      ),
    );
  }

  private hover(target: EventTarget | null): void {
    const span = target instanceof Element ? target.closest<HTMLElement>('[data-token]') : null;
    if (!span) {
      this.page.tip.hide();
      return;
    }
    const { run, store, tip } = this.page;
    const { part, locked, preview, checkpoint, centred } = store.state;
    const token = Number(span.dataset['token']);
    tip.show(
      tokenTip(run, token, part, shown(locked, preview), centred, this.tokens, run.replay?.name(checkpoint)),
      span.getBoundingClientRect(),
    );
  }

  /** Arrow keys go from token to token. */
  private walk(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    const spans = [...this.spans.values()];
    const at = spans.indexOf(document.activeElement as HTMLElement);
    const next = step === 0 || at < 0 ? undefined : spans[at + step];
    if (next) {
      event.preventDefault();
      spans[at].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  }

  private turn(step: number): void {
    const sheets = Math.ceil(this.own.length / PER_SHEET);
    this.sheet = Math.max(0, Math.min(sheets - 1, this.sheet + step));
    this.draw();
  }

  private open(passage: Passage): void {
    this.page.store.update({ probe: passage.probe });
    const sheet = Math.floor(this.own.indexOf(passage) / PER_SHEET);
    if (sheet !== this.sheet) {
      this.sheet = sheet;
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
