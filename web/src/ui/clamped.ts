import { h } from './dom';

/** A text of at most five lines, and a button that unfolds the rest where there is more; a screen reader has all of it. */
export function clamped(...nodes: Node[]): Node[] {
  const text = h('span', { class: 'clamp' }, ...nodes);
  const button = h('button', { type: 'button', class: 'unfold', 'aria-expanded': 'false', hidden: true }, 'more');
  let open = false;
  button.addEventListener('click', () => {
    open = !open;
    text.classList.toggle('open', open);
    button.textContent = open ? 'less' : 'more';
    button.setAttribute('aria-expanded', String(open));
  });
  new ResizeObserver(() => {
    button.hidden = !open && text.scrollHeight <= text.clientHeight + 1;
  }).observe(text);
  return [text, button];
}
