import { h } from './dom';

const CHOICES = ['auto', 'light', 'dark'] as const;

/** The button that goes from the system's colours to light to dark and back. */
export function themeButton(changed: () => void): HTMLElement {
  let choice = 0;
  const label = (): string => `Colours: ${CHOICES[choice]}`;
  const button = h('button', { type: 'button', class: 'quiet', id: 'theme' }, label());
  button.addEventListener('click', () => {
    choice = (choice + 1) % CHOICES.length;
    document.documentElement.dataset['theme'] = CHOICES[choice];
    button.textContent = label();
    changed();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
  return button;
}
