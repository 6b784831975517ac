import { partOf } from '../data/parts';
import type { PartName } from '../data/payload';
import { shown, toggleLock } from '../state/selection';
import { choice } from '../ui/choice';
import { h } from '../ui/dom';
import type { ShownTokens } from '../data/tokenKinds';
import { headGrid } from './headGrid';
import type { Page } from './view';

const TOKENS: Record<ShownTokens, string> = {
  words: 'whole words first',
  text: 'all text alike',
  bytes: 'everything, pieces of characters as bytes',
};

/** What stands beside the views: the part and the components that they show. */
export function sidebar(page: Page): HTMLElement {
  const { run, store } = page;
  const { replay } = run;
  const { parts } = run.payload;
  const part = choice('Part of the response', [], (value) => store.update({ part: value }));
  const meaning = h('p', { class: 'note' });
  const why = h('p', { class: 'note' });
  const chips = h('div', { class: 'chips', role: 'status', 'aria-live': 'polite' });
  store.watch(['part', 'checkpoint'], (state) => {
    const earlier = replay !== null && state.checkpoint < replay.last;
    const held = (name: PartName): boolean => !earlier || replay.has(name);
    part.options(
      parts.map(({ name, title, symbol }) => ({ value: name, label: `${title} (${symbol})`, disabled: !held(name) })),
      state.part,
    );
    why.hidden = parts.every(({ name }) => held(name));
    why.textContent = why.hidden
      ? ''
      : 'Other parts are kept of the last checkpoint alone, so that the page stays small; move the slider there to choose them.';
    meaning.textContent = partOf(run.payload, state.part).meaning;
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
  const tokens = choice(
    'Tokens on the map and in lists',
    run.offeredTokens.map((value) => ({ value, label: TOKENS[value] })),
    (value) => store.update({ tokens: value as ShownTokens }),
  );
  return h(
    'aside',
    { class: 'side', 'aria-label': 'Choices' },
    h('div', { class: 'side-block' }, part.element, meaning, why),
    h(
      'div',
      { class: 'side-block' },
      h(
        'p',
        { class: 'label' },
        `Components, up to three at once${replay ? `; colours of ${replay.name(replay.last)}` : ''}`,
      ),
      headGrid(page),
      chips,
    ),
    run.offeredTokens.length > 1 && h('div', { class: 'side-block' }, tokens.element),
  );
}
