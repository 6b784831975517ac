import type { Store } from '../state/store';
import { h } from './dom';

const CHOICES = ['auto', 'light', 'dark'] as const;

/** The button that goes from the system's colours to light to dark and back. */
export function themeButton(store: Store): HTMLElement {
  let choice = 0;
  const label = (): string => `Colours: ${CHOICES[choice]}`;
  const button = h('button', { type: 'button', class: 'quiet', id: 'theme' }, label());
  button.addEventListener('click', () => {
    choice = (choice + 1) % CHOICES.length;
    document.documentElement.dataset['theme'] = CHOICES[choice];
    button.textContent = label();
    store.update({ theme: store.state.theme + 1 });
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    store.update({ theme: store.state.theme + 1 }),
  );
  return button;
}
