import { h } from './dom';

/** A section of the page with its heading and one sentence that says how to read it. */
export function section(id: string, title: string, lead: string, ...children: (Node | null)[]): HTMLElement {
  return h(
    'section',
    { id, 'aria-labelledby': `${id}-title` },
    h('h2', { id: `${id}-title` }, title),
    h('p', { class: 'lead' }, lead),
    ...children,
  );
}
