import { PARTS, partOf } from '../data/parts';
import type { PartName } from '../data/payload';
import { shown, toggleLock } from '../state/selection';
import { choice } from '../ui/choice';
import { h } from '../ui/dom';
import { headGrid } from './headGrid';
import type { Page } from './view';

/** What stands beside the views: the part and the components that they show. */
export function sidebar(page: Page): HTMLElement {
  const { run, store } = page;
  const part = choice(
    'Part of the response',
    PARTS.map((entry) => ({ value: entry.name, label: `${entry.title} (${entry.symbol})` })),
    (value) => store.update({ part: value as PartName }),
  );
  const meaning = h('p', { class: 'note' });
  const chips = h('div', { class: 'chips', role: 'status', 'aria-live': 'polite' });
  store.watch(['part'], (state) => {
    part.set(state.part);
    meaning.textContent = partOf(state.part).meaning;
  });
  store.watch(['locked', 'preview'], (state) => {
    const previewed = state.preview !== null && !state.locked.includes(state.preview);
    chips.replaceChildren(
      ...(previewed
        ? shown(state.locked, state.preview).map((component) =>
            h('span', { class: 'chip preview' }, `previewing ${run.components[component]}`),
          )
        : []),
      ...(previewed
        ? []
        : state.locked.map((component, band) =>
            h(
              'button',
              {
                type: 'button',
                class: 'chip',
                'aria-label': `Let ${run.components[component]} go`,
                on: { click: () => store.update({ locked: toggleLock(store.state.locked, component) }) },
              },
              `${band + 1} ${run.components[component]}`,
              h('span', { 'aria-hidden': 'true' }, ' ×'),
            ),
          )),
      ...(state.locked.length === 0 && !previewed ? [h('span', { class: 'note' }, 'No component is locked.')] : []),
    );
  });
  return h(
    'aside',
    { class: 'side', 'aria-label': 'Choices' },
    h('div', { class: 'side-block' }, part.element, meaning),
    h(
      'div',
      { class: 'side-block' },
      h('p', { class: 'label' }, 'Components, up to three at once'),
      headGrid(page),
      chips,
    ),
  );
}
