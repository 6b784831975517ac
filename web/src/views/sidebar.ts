import { partOf } from '../data/parts';
import type { Card, CardToken, PartName } from '../data/payload';
import { shown, toggleLock } from '../state/selection';
import { choice } from '../ui/choice';
import { h } from '../ui/dom';
import type { ShownTokens } from '../data/tokenKinds';
import { headGrid } from './headGrid';
import { windowOf } from './context';
import type { Page } from './view';

const BRIEF = 3;

/** The text of the head that was chosen last, in a few lines that stand beside every view. */
function briefly({ run, store }: Page, card: Card, part: PartName): Node[] {
  const held = card.tokens.some((token) => token.part === part) ? part : (card.tokens[0]?.part ?? part);
  const side = (name: CardToken['side']): Node[] => {
    const found = run.cardTokens(card, held, name, store.state.tokens, BRIEF);
    return found.length === 0
      ? []
      : [
          h('p', { class: 'label' }, `${name} by ${card.component}`),
          h(
            'ul',
            {},
            ...found.map((row) =>
              h(
                'li',
                { class: name === 'expressed' ? 'lowest' : 'highest' },
                row.token === null
                  ? windowOf(row)
                  : h(
                      'button',
                      {
                        type: 'button',
                        'aria-label': `Show ${row.text} in the text`,
                        on: { click: () => store.update({ token: row.token }) },
                      },
                      windowOf(row),
                    ),
              ),
            ),
          ),
        ];
  };
  return [
    ...side('expressed'),
    ...side('suppressed'),
    h('p', { class: 'ways' }, h('a', { href: '#head' }, 'its card'), ' · ', h('a', { href: '#text' }, 'the text')),
  ];
}

/** What a change of the chosen components is called aloud. */
function chosenText(names: readonly string[]): string {
  return names.length === 0
    ? 'No component is chosen.'
    : `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} chosen; the card is that of ${names.at(-1)}.`;
}

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
  const chips = h('div', { class: 'chips' });
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
  const spoken = h('p', { class: 'hidden', id: 'chosen', role: 'status', 'aria-live': 'polite' });
  let first = true;
  store.watch(['locked'], ({ locked }) => {
    // What the page opens with was not chosen by its reader.
    spoken.textContent = first ? '' : chosenText(locked.map((component) => run.components[component]));
    first = false;
  });
  const brief = h('div', { class: 'brief' });
  store.watch(['locked', 'part', 'tokens'], ({ locked, part: chosen }) => {
    const component = locked.at(-1);
    const card = run.payload.cards.find((entry) => entry.component === run.components[component ?? -1]);
    brief.replaceChildren(...(card ? briefly(page, card, chosen) : []));
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
      spoken,
      brief,
    ),
    run.offeredTokens.length > 1 && h('div', { class: 'side-block' }, tokens.element),
  );
}
