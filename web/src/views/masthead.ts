import { plainLine } from '../text/visible';
import { stepText, whole } from '../format/numbers';
import { headOf } from '../data/heads';
import { h } from '../ui/dom';
import { themeButton } from '../ui/theme';
import type { Development } from '../data/development';
import type { ResponsePayload } from '../data/payload';

/** The bar that stays at the top, with the way to each section, and the report's title. */
export function masthead(
  name: string,
  subtitle: string,
  sections: readonly HTMLElement[],
  themeChanged: () => void,
): HTMLElement[] {
  const links = sections.map((element) =>
    h('a', { href: `#${element.id}` }, element.querySelector('h2')?.textContent ?? element.id),
  );
  return [
    h(
      'div',
      { class: 'bar-top' },
      h('nav', { 'aria-label': 'Sections' }, h('span', { class: 'brand' }, 'Curie'), ...links),
      themeButton(themeChanged),
    ),
    h('header', { class: 'top' }, h('h1', {}, plainLine(name)), h('p', { class: 'subtitle' }, subtitle)),
  ];
}

/** What a report of a run is about, in half a sentence. */
export function responseSubtitle(payload: ResponsePayload): string {
  const heads = payload.components.filter((name) => headOf(name) !== null).length;
  const what =
    heads === payload.components.length
      ? `${whole(heads)} attention heads`
      : `${whole(payload.components.length)} components`;
  return `How ${what} answer ${whole(payload.shape.tokens)} tokens of ${payload.probes.map((probe) => plainLine(probe.name)).join(', ')}`;
}

/** The same of a development. */
export function developmentSubtitle(development: Development): string {
  const span = `from step ${stepText(development.first)} to step ${stepText(development.last)}`;
  const components = new Set(development.payload.curves.map((curve) => curve.component)).size;
  const data = development.dataSets.filter((name) => name !== '').map(plainLine);
  const where = data.length === 0 ? '' : ` on ${data.join(', ')}`;
  return components === 0
    ? `How the model developed ${span}`
    : `How the learning coefficients of ${whole(components)} ${components === 1 ? 'component' : 'components'}${where} developed ${span}`;
}
