import { h } from './dom';

const GAP = 12;

/** The one floating note of the page. */
export class Tooltip {
  private readonly element = h('div', { class: 'tip', role: 'tooltip', id: 'tip', hidden: true });

  constructor(host: HTMLElement) {
    host.append(this.element);
    addEventListener('scroll', () => this.hide(), { passive: true });
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.hide();
      }
    });
  }

  /** Shows content beside a rectangle of the window, on the side where there is room. */
  show(content: Node, anchor: DOMRect): void {
    this.element.replaceChildren(content);
    this.element.hidden = false;
    const size = this.element.getBoundingClientRect();
    const left = Math.max(GAP, Math.min(anchor.left, innerWidth - size.width - GAP));
    const below = anchor.bottom + GAP / 2;
    const top =
      below + size.height + GAP > innerHeight && anchor.top - size.height - GAP / 2 > 0
        ? anchor.top - size.height - GAP / 2
        : below;
    this.element.style.left = `${left}px`;
    this.element.style.top = `${top}px`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}

/** Rows of label and value, as a tooltip's content. */
export function tipRows(
  title: Node | string,
  rows: readonly (readonly [string, string])[],
  note?: string,
): DocumentFragment {
  const fragment = new DocumentFragment();
  fragment.append(h('p', { class: 'tip-title' }, title));
  fragment.append(h('dl', {}, ...rows.flatMap(([label, value]) => [h('dt', {}, label), h('dd', {}, value)])));
  if (note) {
    fragment.append(h('p', { class: 'tip-note' }, note));
  }
  return fragment;
}
