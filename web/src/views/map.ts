import { extent } from 'd3-array';
import { quadtree, type Quadtree } from 'd3-quadtree';
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { zoom, zoomIdentity, type ZoomTransform } from 'd3-zoom';
import { resolveColour, SignedPalette } from '../colour/resolve';
import { coordinatesOf, type Coordinates } from '../data/coordinates';
import { percent, whole } from '../format/numbers';
import { rank } from '../data/tokenKinds';
import { shown } from '../state/selection';
import { plainLine } from '../text/visible';
import { choice } from '../ui/choice';
import { h, s } from '../ui/dom';
import { exportable } from '../ui/exports';
import { missing } from '../ui/missing';
import { section } from '../ui/section';
import { bandOf } from './bands';
import { tokenTip } from './tips';
import { influenceBlock } from './influence';
import type { Page } from './view';

const MARGIN = 16;
const REACH = 12;
const RADIUS = 2.2;
const HUES = 12;

type Colouring = 'probe' | 'pattern' | 'cluster' | 'component';
const STEPS: Record<string, number | undefined> = { ArrowRight: 1, ArrowLeft: -1, ArrowUp: 1, ArrowDown: -1 };

/** Every token of the page as a point, linked to the text. */
export function mapView(page: Page): HTMLElement {
  return new MapView(page).element;
}

class MapView {
  readonly element: HTMLElement;
  private readonly canvas = h('canvas', {
    tabindex: 0,
    role: 'img',
    'aria-label': 'Map of tokens. Arrow keys go from point to point, Enter shows the token in the text.',
  });
  private readonly frame = h('div', { class: 'map' }, this.canvas);
  private readonly legend = h('div', { class: 'legend' });
  private readonly axes = h('p', { class: 'note' });
  private readonly choice = choice('Coordinates', [], (name) => {
    this.chosen = name;
    this.place();
  });
  private chosen = '';
  private colouring: Colouring;
  private coordinates: Coordinates | null = null;
  private tree: Quadtree<number> = quadtree<number>();
  private order: number[] = [];
  private x: ScaleLinear<number, number> = scaleLinear();
  private y: ScaleLinear<number, number> = scaleLinear();
  private transform: ZoomTransform = zoomIdentity;
  private token: number | null = null;
  private pending = false;

  constructor(private readonly page: Page) {
    const { map, patterns } = page.run;
    this.colouring = map && patterns.length > 0 ? 'pattern' : 'probe';
    const colouring = choice(
      'Colour',
      [
        ...(map && patterns.length > 0 ? [{ value: 'pattern', label: 'token pattern' }] : []),
        ...(map ? [{ value: 'cluster', label: 'cluster' }] : []),
        { value: 'probe', label: 'probe' },
        { value: 'component', label: 'value of the chosen component' },
      ],
      (value) => {
        this.colouring = value as Colouring;
        this.schedule();
      },
    );
    const behaviour = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([1, 40])
      .filter(mayZoom)
      .on('zoom', (event: { transform: ZoomTransform }) => {
        this.transform = event.transform;
        this.schedule();
      });
    const canvas = select<HTMLCanvasElement, unknown>(this.canvas);
    canvas.call(behaviour).on('dblclick.zoom', null);
    const button = (label: string, title: string, click: () => void): HTMLElement =>
      h('button', { type: 'button', class: 'quiet', 'aria-label': title, on: { click } }, label);
    this.element = section(
      'map',
      'Map of tokens',
      'Every followed token of the page is a point; tokens that the components answer in the same way lie close together. Choose a point to see it in its text.',
      h(
        'div',
        { class: 'controls' },
        this.choice.element,
        colouring.element,
        button('+', 'Zoom in', () => canvas.call(behaviour.scaleBy, 1.6)),
        button('−', 'Zoom out', () => canvas.call(behaviour.scaleBy, 1 / 1.6)),
        button('whole', 'Show the whole map', () => canvas.call(behaviour.transform, zoomIdentity)),
      ),
      this.legend,
      exportable(this.frame, 'Map of tokens', ['picture'], {
        draw: () => this.picture(),
        meaning: 'Map of tokens: every followed token a point, near those that the components answer in the same way',
      }),
      this.axes,
      ...(map ? [] : [missing('Neighbours and clusters are', 'curie structure RUN')]),
      ...influenceBlock(page),
    );
    this.canvas.addEventListener('mousemove', (event) => this.point(this.nearest(event)));
    this.canvas.addEventListener('mouseleave', () => this.point(null));
    this.canvas.addEventListener('blur', () => this.point(null));
    this.canvas.addEventListener('click', (event) => this.open(this.nearest(event)));
    this.canvas.addEventListener('keydown', (event) => this.walk(event));
    new ResizeObserver(() => this.schedule()).observe(this.frame);
    page.store.watch(['part', 'group', 'tokens'], () => this.place());
    page.store.watch(['theme'], () => this.schedule());
    page.store.watch(['locked', 'preview', 'centred'], () => {
      if (this.colouring === 'component') {
        this.schedule();
      }
    });
  }

  private place(): void {
    const { run, store } = this.page;
    const all = coordinatesOf(run, store.state.part, store.state.group);
    this.coordinates = all.find((entry) => entry.name === this.chosen) ?? all[0] ?? null;
    this.choice.options(
      all.map((entry) => ({ value: entry.name, label: entry.title })),
      this.coordinates?.name ?? '',
    );
    if (this.coordinates) {
      const { x, y } = this.coordinates;
      this.x.domain(extent(x) as [number, number]);
      this.y.domain(extent(y) as [number, number]);
      this.order = Array.from(x.keys())
        .filter((token) => Number.isFinite(x[token]) && Number.isFinite(y[token]) && this.rank(token) !== null)
        .sort((a, b) => x[a] - x[b]);
    }
    this.axes.textContent = this.coordinates
      ? `Across: ${this.coordinates.xLabel}; up: ${this.coordinates.yLabel}; ${this.coordinates.unit}. ${this.page.store.state.tokens === 'words' ? 'Whole words stand out; other text is paler. ' : ''}Zoom with Ctrl and the wheel, by pinching, or with the buttons; drag to move.`
      : 'The chosen group has fewer than two modes, so there is no map.';
    this.frame.hidden = this.coordinates === null;
    this.schedule();
  }

  private rank(token: number): 0 | 1 | null {
    return rank(this.page.run.kinds[token], this.page.store.state.tokens);
  }

  private schedule(): void {
    if (!this.pending) {
      this.pending = true;
      requestAnimationFrame(() => {
        this.pending = false;
        this.draw();
      });
    }
  }

  private draw(): void {
    const { coordinates, canvas } = this;
    const width = this.frame.clientWidth;
    const height = Math.round(Math.min(560, Math.max(280, width * 0.6)));
    const context = canvas.getContext('2d');
    if (!coordinates || !context || width === 0) {
      return;
    }
    canvas.style.height = `${height}px`;
    canvas.width = width * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
    this.x.range([MARGIN, width - MARGIN]);
    this.y.range([height - MARGIN, MARGIN]);
    const x = this.transform.rescaleX(this.x);
    const y = this.transform.rescaleY(this.y);
    const colour = this.colours();
    // What comes first stands above the rest, which is paler and smaller.
    for (const level of [1, 0] as const) {
      context.globalAlpha = level === 0 ? 0.8 : 0.3;
      for (const token of this.order.filter((other) => this.rank(other) === level)) {
        context.fillStyle = colour(token);
        context.beginPath();
        context.arc(x(coordinates.x[token]), y(coordinates.y[token]), RADIUS - 0.6 * level, 0, 2 * Math.PI);
        context.fill();
      }
    }
    context.globalAlpha = 1;
    if (this.token !== null) {
      context.strokeStyle = resolveColour(this.frame, 'var(--ink)');
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(x(coordinates.x[this.token]), y(coordinates.y[this.token]), RADIUS + 4, 0, 2 * Math.PI);
      context.stroke();
    }
    this.tree = quadtree<number>(
      this.order,
      (token) => x(coordinates.x[token]),
      (token) => y(coordinates.y[token]),
    );
  }

  /** What the canvas shows, as a drawing. */
  private picture(): SVGSVGElement {
    const { coordinates, canvas, frame } = this;
    const { width, height } = canvas.getBoundingClientRect();
    const x = this.transform.rescaleX(this.x);
    const y = this.transform.rescaleY(this.y);
    const colour = this.colours();
    const points = coordinates
      ? ([1, 0] as const).flatMap((level) =>
          this.order
            .filter((token) => this.rank(token) === level)
            .map((token) =>
              s('circle', {
                cx: x(coordinates.x[token]),
                cy: y(coordinates.y[token]),
                r: RADIUS - 0.6 * level,
                fill: colour(token),
                'fill-opacity': level === 0 ? 0.8 : 0.3,
              }),
            ),
        )
      : [];
    return s(
      'svg',
      { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` },
      s('title', {}, `Map of tokens. ${this.axes.textContent ?? ''}`),
      s('rect', { width, height, fill: resolveColour(frame, 'var(--zero)') }),
      ...points,
    );
  }

  /** The colour of every token, and the legend that goes with it. */
  private colours(): (token: number) => string {
    const { run, store } = this.page;
    const { part, locked, preview, centred } = store.state;
    const component = shown(locked, preview)[0];
    if (this.colouring === 'component' && component !== undefined) {
      const band = bandOf(run.tokens, part, component, centred, null);
      const palette = new SignedPalette(this.frame);
      const values = run.part(part).values[component];
      this.legend.replaceChildren(
        h(
          'span',
          { class: 'note' },
          `${run.components[component]}: blue below zero, orange above, on the scale of the text.`,
        ),
      );
      return (token) => palette.colour(values[token] - band.centre, band.scale);
    }
    const { names, kind } = this.categories();
    const hues = Array.from({ length: HUES }, (_, i) => resolveColour(this.frame, `var(--hue-${i + 1})`));
    const none = resolveColour(this.frame, 'var(--no-hue)');
    this.legend.replaceChildren(
      ...names.map((name, i) =>
        h(
          'span',
          { class: 'dot-key' },
          h('span', { class: 'dot', style: `background-color: var(--hue-${(i % HUES) + 1})`, 'aria-hidden': 'true' }),
          name,
        ),
      ),
    );
    return (token) => (kind(token) < 0 ? none : hues[kind(token) % HUES]);
  }

  /** The kinds that colour tokens, and the kind of every token; −1 for none. */
  private categories(): { names: string[]; kind: (token: number) => number } {
    const { run } = this.page;
    const { map } = run;
    if (map && this.colouring === 'pattern') {
      return { names: run.patterns.map(plainLine), kind: (token) => map.pattern[token] };
    }
    if (map && this.colouring === 'cluster') {
      return {
        names: (run.payload.analysis?.clusters ?? []).map(
          ({ cluster, tokens, pattern, share }) =>
            `${cluster + 1}: ${whole(tokens)} tokens${pattern === null ? '' : `, ${plainLine(pattern)} ${percent(share, 0)}`}`,
        ),
        kind: (token) => map.cluster[token],
      };
    }
    return { names: run.payload.probes.map((probe) => plainLine(probe.name)), kind: (token) => run.probeOf(token) };
  }

  private nearest(event: MouseEvent): number | null {
    const box = this.canvas.getBoundingClientRect();
    return this.tree.find(event.clientX - box.left, event.clientY - box.top, REACH) ?? null;
  }

  private point(token: number | null): void {
    const { run, store, tip } = this.page;
    if (token !== this.token) {
      this.token = token;
      this.schedule();
    }
    if (token === null || !this.coordinates) {
      tip.hide();
      return;
    }
    const box = this.canvas.getBoundingClientRect();
    const left = box.left + this.transform.applyX(this.x(this.coordinates.x[token]));
    const top = box.top + this.transform.applyY(this.y(this.coordinates.y[token]));
    tip.show(
      tokenTip(run, token, store.state.part, shown(store.state.locked, store.state.preview), store.state.centred),
      new DOMRect(left, top - 6, 1, 12),
    );
  }

  private open(token: number | null): void {
    if (token !== null) {
      this.page.store.update({ token });
    }
  }

  private walk(event: KeyboardEvent): void {
    const step = STEPS[event.key] ?? 0;
    if (step !== 0 && this.order.length > 0) {
      event.preventDefault();
      const at = this.token === null ? (step > 0 ? -1 : this.order.length) : this.order.indexOf(this.token);
      this.point(this.order[Math.max(0, Math.min(this.order.length - 1, at + step))]);
    } else if (event.key === 'Enter') {
      this.open(this.token);
    }
  }
}

/** The wheel and a single finger scroll the page; Ctrl with the wheel, two fingers and the mouse move the map. */
function mayZoom(event: Event): boolean {
  if (event instanceof WheelEvent) {
    return event.ctrlKey || event.metaKey;
  }
  return event instanceof MouseEvent ? event.button === 0 : (event as TouchEvent).touches.length > 1;
}
