import type { Development } from '../../data/development';
import { nearestStep } from '../../data/logStep';
import type { Store } from '../../state/store';

/** What the charts of a development share. */
export interface DevelopmentState {
  data: string;
  /** The step that the cursor stands at, one of those measured. */
  step: number | null;
  /** The head under the pointer or the focus, and the one that a click keeps. */
  preview: string | null;
  pinned: string | null;
}

/** What every view of a development is given. */
export interface DevelopmentPage {
  development: Development;
  store: Store<DevelopmentState>;
}

/** The head that stands out everywhere. */
export function highlighted(state: Readonly<DevelopmentState>): string | null {
  return state.preview ?? state.pinned;
}

/** Makes an element a way to a head: hover and focus show it, a click keeps it. */
export function headWay(element: Element, { store }: DevelopmentPage, head: string): void {
  const enter = (): void => store.update({ preview: head });
  const leave = (): void => store.update({ preview: null });
  element.addEventListener('mouseenter', enter);
  element.addEventListener('focus', enter);
  element.addEventListener('mouseleave', leave);
  element.addEventListener('blur', leave);
  element.addEventListener('click', () => store.update({ pinned: store.state.pinned === head ? null : head }));
}

/** Arrow keys move the cursor from checkpoint to checkpoint, Home and End to the ends, Escape takes it away. */
export function stepKeys(element: HTMLElement, { development, store }: DevelopmentPage, label: string): void {
  const { steps } = development;
  element.tabIndex = 0;
  element.setAttribute('role', 'slider');
  element.setAttribute('aria-label', label);
  element.setAttribute('aria-valuemin', String(development.first));
  element.setAttribute('aria-valuemax', String(development.last));
  element.addEventListener('keydown', (event) => {
    const at = store.state.step === null ? steps.length - 1 : nearestStep(steps, store.state.step);
    const target = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: steps.length - 1 }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      store.update({ step: steps[Math.max(0, Math.min(steps.length - 1, target))] });
    } else if (event.key === 'Escape') {
      store.update({ step: null });
    }
  });
  store.watch(['step'], ({ step }) => {
    element.setAttribute('aria-valuenow', String(step ?? development.last));
    element.setAttribute('aria-valuetext', `step ${step ?? development.last}`);
  });
}
