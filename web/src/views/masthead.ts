import { plainLine } from '../text/visible';
import { whole } from '../format/numbers';
import { headOf } from '../data/heads';
import { h } from '../ui/dom';
import { themeButton } from '../ui/theme';
import type { Page } from './view';

/** The bar that stays at the top, with the way to each section, and the report's title. */
export function masthead({ run, store }: Page, sections: readonly HTMLElement[]): HTMLElement[] {
  const { payload } = run;
  const heads = payload.components.filter((name) => headOf(name) !== null).length;
  const what =
    heads === payload.components.length
      ? `${whole(heads)} attention heads`
      : `${whole(payload.components.length)} components`;
  const links = sections.map((element) =>
    h('a', { href: `#${element.id}` }, element.querySelector('h2')?.textContent ?? element.id),
  );
  return [
    h(
      'div',
      { class: 'bar-top' },
      h('nav', { 'aria-label': 'Sections' }, h('span', { class: 'brand' }, 'Curie'), ...links),
      themeButton(store),
    ),
    h(
      'header',
      { class: 'top' },
      h('h1', {}, plainLine(payload.run)),
      h(
        'p',
        { class: 'subtitle' },
        `How ${what} answer ${whole(payload.shape.tokens)} tokens of ${payload.probes.map((probe) => plainLine(probe.name)).join(', ')}`,
      ),
    ),
  ];
}
