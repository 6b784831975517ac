import { h } from './dom';

/** Says what a run folder does not keep, and how it comes by it. */
export function missing(what: string, command: string): HTMLElement {
  return h(
    'p',
    { class: 'missing' },
    `${what} not in this run folder: `,
    h('code', {}, command),
    ' computes and keeps it; then write the report again.',
  );
}
