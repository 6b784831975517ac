import type { Run } from '../data/run';
import type { Store } from '../state/store';
import type { Tooltip } from '../ui/tooltip';

/** What every view is given. */
export interface Page {
  run: Run;
  store: Store;
  tip: Tooltip;
}

/** Makes an element a way to a component: hover and focus preview it, a click locks it. */
export function componentWay(
  element: Element,
  page: Page,
  component: number,
  toggle: () => void,
  tip?: () => Node,
): void {
  const enter = (): void => {
    page.store.update({ preview: component });
    if (tip) {
      page.tip.show(tip(), element.getBoundingClientRect());
    }
  };
  const leave = (): void => {
    page.store.update({ preview: null });
    page.tip.hide();
  };
  element.addEventListener('mouseenter', enter);
  element.addEventListener('focus', enter);
  element.addEventListener('mouseleave', leave);
  element.addEventListener('blur', leave);
  element.addEventListener('click', toggle);
}
