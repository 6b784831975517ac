import { headOf } from '../data/heads';
import { partOf } from '../data/parts';
import { signedColour } from '../colour/signed';
import { toggleLock } from '../state/selection';
import { h } from '../ui/dom';
import { rovingGrid } from '../ui/roving';
import { plainLine } from '../text/visible';
import { entryTip } from './tips';
import { componentWay, type Page } from './view';

/** Layers × heads, with other components below: hover previews a component, a click locks it. */
export function headGrid(page: Page): HTMLElement {
  const { run, store } = page;
  const heads = run.components.map(headOf);
  const layers = [...new Set(heads.flatMap((head) => (head ? [head.layer] : [])))].sort((a, b) => a - b);
  const columns = [...new Set(heads.flatMap((head) => (head ? [head.head] : [])))].sort((a, b) => a - b);
  const buttons = run.components.map((name, component) => {
    const noted = run.payload.health[component + 1]?.notes.length ?? 0;
    const button = h(
      'button',
      {
        type: 'button',
        class: noted > 0 ? 'head noted' : 'head',
        'data-component': component,
        tabindex: component === 0 ? 0 : -1,
      },
      heads[component] ? '' : name,
    );
    componentWay(
      button,
      page,
      component,
      () => store.update({ locked: toggleLock(store.state.locked, component) }),
      () => entryTip(run, component, store.state.probe),
    );
    return button;
  });
  const at = (layer: number, head: number): HTMLElement | null => {
    const component = heads.findIndex((other) => other?.layer === layer && other.head === head);
    return component < 0 ? null : buttons[component];
  };
  const rows = layers.map((layer) => columns.map((head) => at(layer, head)));
  const others = buttons.filter((_, component) => !heads[component]);
  const table = h(
    'table',
    { class: 'heads' },
    h('caption', { class: 'hidden' }, 'Heads by layer'),
    h('thead', {}, h('tr', {}, h('td'), ...columns.map((head) => h('th', { scope: 'col' }, `h${head}`)))),
    h(
      'tbody',
      {},
      ...layers.map((layer, i) =>
        h('tr', {}, h('th', { scope: 'row' }, `l${layer}`), ...rows[i].map((button) => h('td', {}, button))),
      ),
    ),
  );
  const note = h('p', { class: 'note' });
  const host = h(
    'div',
    { class: 'head-grid', role: 'group', 'aria-label': 'Components' },
    layers.length > 0 && table,
    h('div', { class: 'other-components' }, ...others),
    note,
  );
  rovingGrid(host, () => [...rows, others]);
  store.watch(['part', 'probe', 'locked', 'preview'], (state) => {
    const { values } = run.payload.dataset[state.part];
    const scale = Math.max(0, ...values.map((row) => Math.abs(row[state.probe] ?? 0)));
    buttons.forEach((button, component) => {
      const band = state.locked.indexOf(component);
      button.style.backgroundColor = signedColour(values[component][state.probe] ?? NaN, scale);
      button.setAttribute('aria-pressed', String(band >= 0));
      button.setAttribute(
        'aria-label',
        `${run.components[component]}${band < 0 ? '' : `, locked as band ${band + 1}`}`,
      );
      button.classList.toggle('locked', band >= 0);
      button.classList.toggle('previewed', state.preview === component);
      if (heads[component]) {
        button.textContent = band < 0 ? '' : String(band + 1);
      }
    });
    const noted = buttons.some((button) => button.classList.contains('noted'))
      ? ' A dot: something to note in its diagnostics.'
      : '';
    note.textContent = `Coloured by ${partOf(run.payload, state.part).title.toLowerCase()} on ${plainLine(run.payload.probes[state.probe].name)}.${noted}`;
  });
  return host;
}
