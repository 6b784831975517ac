import { analysedPart } from '../data/analysis';
import { headOf } from '../data/heads';
import { partOf } from '../data/parts';
import type { Maybe } from '../data/payload';
import { signedColour } from '../colour/signed';
import { toggleLock } from '../state/selection';
import type { State } from '../state/store';
import { toggle } from '../ui/choice';
import { h } from '../ui/dom';
import { exportable } from '../ui/exports';
import { rovingGrid } from '../ui/roving';
import { section } from '../ui/section';
import { plainLine } from '../text/visible';
import { standardizedBlock } from './standardized';
import { entryTip } from './tips';
import { componentWay, type Page } from './view';

/** Beyond so many columns cells show colours alone. */
const MOST_NUMBERED = 20;

/** Where the run does not tell its degrees of freedom, a value is distinct from 0 beyond so many errors. */
const DISTINCT_FROM = 2;

/** Probes × components, coloured by value; hover shows every part with its error. */
export function responseView(page: Page): HTMLElement {
  const { store } = page;
  const body = h('div', { class: 'scroll' });
  const legend = h('p', { class: 'legend' });
  let own = true;
  let standardized = false;
  const draw = (): void => {
    if (standardized) {
      body.replaceChildren(standardizedBlock(page));
      legend.replaceChildren('Pale figures are not distinct from 0 (q ≥ 0.05 over all of them).');
      return;
    }
    const { table, note } = matrix(page, store.state, own);
    body.replaceChildren(table);
    legend.replaceChildren(...note);
    mark(body, store.state);
  };
  store.watch(['part'], draw);
  store.watch(['locked', 'preview', 'probe'], (state) => mark(body, state));
  rovingGrid(body, () =>
    [...body.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll<HTMLElement>('.cell')]),
  );
  return section(
    'response',
    'Response matrix',
    'The mean response of every component to every probe. Hover for all parts with their errors; click to lock a component and see its text.',
    h(
      'div',
      { class: 'controls' },
      toggle('Colour each component on its own scale', own, (checked) => {
        own = checked;
        draw();
      }),
      toggle(
        `Standardise ${partOf(page.run.payload, analysedPart(page.run.payload)).symbol}`,
        standardized,
        (checked) => {
          standardized = checked;
          draw();
        },
      ),
      legend,
    ),
    exportable(body, 'Response matrix', ['picture', 'csv'], {
      meaning: 'Response matrix: the mean response of every component to every probe',
    }),
  );
}

function matrix(page: Page, state: State, own: boolean): { table: HTMLElement; note: Node[] } {
  const { run } = page;
  const part = partOf(run.payload, state.part);
  const { values, errors, halfWidths } = run.payload.dataset[state.part];
  const scale = run.scale(state.part, values.flat(), errors.flat());
  const numbered = run.components.length <= MOST_NUMBERED;
  const largest = (entries: Maybe[]): number =>
    Math.max(0, ...entries.filter((value): value is number => value !== null).map(Math.abs));
  const common = largest(values.flat());
  const entry = (component: number, probe: number): HTMLElement => {
    const value = values[component][probe];
    const error = errors[component][probe];
    const within =
      value !== null && error !== null && Math.abs(value) <= (halfWidths[component] ?? DISTINCT_FROM) * error;
    const label = `${run.components[component]}, ${run.payload.probes[probe].name}: ${scale.signed(value)} ± ${scale.unsigned(error)} ${scale.prefix}${part.unit}`;
    const cell = h(
      'button',
      {
        type: 'button',
        class: 'cell',
        style: `background-color: ${signedColour(value ?? NaN, own ? largest(values[component]) : common)}`,
        'aria-label': label,
        'data-component': component,
        'data-probe': probe,
        'data-value': value ?? '',
        'data-error': error ?? '',
        tabindex: component + probe === 0 ? 0 : -1,
      },
      numbered && h('span', { class: 'value' }, within ? `(${scale.signed(value)})` : scale.signed(value)),
      numbered && h('span', { class: 'error' }, `±${scale.unsigned(error)}`),
    );
    const lock = (): void => page.store.update({ locked: toggleLock(page.store.state.locked, component), probe });
    componentWay(cell, page, component, lock, () => entryTip(run, component, probe));
    return h('td', {}, cell);
  };
  const layers = run.components.map((name) => headOf(name)?.layer);
  const firstOfLayer = (component: number): string =>
    component > 0 && layers[component] !== layers[component - 1] ? 'gap' : '';
  const table = h(
    'table',
    { class: numbered ? 'matrix numbered' : 'matrix' },
    h('caption', { class: 'hidden' }, `${part.title} of every component to every probe`),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('td'),
        ...run.components.map((name, c) =>
          h('th', { scope: 'col', class: firstOfLayer(c), 'data-component': c }, name),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      ...run.payload.probes.map((probe, p) => {
        const cells = run.components.map((_, c) => {
          const cell = entry(c, p);
          cell.className = firstOfLayer(c);
          return cell;
        });
        return h(
          'tr',
          {},
          h('th', { scope: 'row', 'data-probe': p, title: plainLine(probe.name) }, plainLine(probe.name)),
          ...cells,
        );
      }),
    ),
  );
  const note = [
    document.createTextNode(`${part.title} in ${scale.prefix}${part.unit}. `),
    h('span', { class: 'key', style: `background-color: ${signedColour(-1, 1)}` }, 'below 0'),
    h('span', { class: 'key', style: `background-color: ${signedColour(1, 1)}` }, 'above 0'),
    document.createTextNode(
      ` In parentheses: ${halfWidths.some((width) => width !== null) ? '0 is inside the 95 % interval (Student’s t)' : 'within two standard errors of 0'}.`,
    ),
  ];
  return { table, note };
}

function mark(body: HTMLElement, state: State): void {
  for (const cell of body.querySelectorAll<HTMLElement>('[data-component]')) {
    const component = Number(cell.dataset['component']);
    cell.classList.toggle('locked', state.locked.includes(component));
    cell.classList.toggle('previewed', state.preview === component);
    if (cell.tagName === 'BUTTON') {
      cell.setAttribute('aria-pressed', String(state.locked.includes(component)));
    }
  }
  for (const head of body.querySelectorAll<HTMLElement>('th[data-probe]')) {
    head.classList.toggle('chosen', Number(head.dataset['probe']) === state.probe);
  }
}
