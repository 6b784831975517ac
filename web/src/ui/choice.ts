import { freshId, h } from './dom';

export interface Option {
  value: string;
  label: string;
  disabled?: boolean;
}

export interface Choice {
  element: HTMLElement;
  set(value: string): void;
  options(options: readonly Option[], value: string): void;
}

/** A labelled select. */
export function choice(label: string, options: readonly Option[], change: (value: string) => void): Choice {
  const id = freshId('choice');
  const select = h('select', { id });
  const fill = (list: readonly Option[], value?: string): void => {
    select.replaceChildren(
      ...list.map((option) => h('option', { value: option.value, disabled: option.disabled }, option.label)),
    );
    if (value !== undefined) {
      select.value = value;
    }
  };
  fill(options);
  select.addEventListener('change', () => change(select.value));
  return {
    element: h('label', { class: 'choice', for: id }, h('span', {}, label), select),
    set: (value) => (select.value = value),
    options: fill,
  };
}

/** A labelled check box. */
export function toggle(label: string, checked: boolean, change: (checked: boolean) => void): HTMLElement {
  const box = h('input', { type: 'checkbox', checked });
  box.addEventListener('change', () => change(box.checked));
  return h('label', { class: 'choice' }, box, h('span', {}, label));
}
