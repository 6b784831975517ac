import { choice } from '../../ui/choice';
import { h } from '../../ui/dom';
import { exportable } from '../../ui/exports';
import { section } from '../../ui/section';
import { plainLine } from '../../text/visible';
import type { Curve } from '../../data/developmentPayload';
import { coefficientChart, coefficientReadout } from './coefficient';
import type { DevelopmentPage } from './page';
import { stageTables } from './stages';

const FIRST = 'full';

/** The learning coefficient of one component over training, with its stages. */
export function learningView(page: DevelopmentPage): HTMLElement {
  const { development, store } = page;
  let component = FIRST;
  const curve = (): Curve => {
    const curves = development.curvesOf(store.state.data);
    return curves.find((entry) => entry.component === component) ?? curves[0];
  };
  const chart = coefficientChart(page, curve);
  const tables = h('div', { class: 'stage-tables' });
  const readout = h('p', { class: 'readout', 'aria-live': 'polite' });
  const read = (): void => {
    readout.textContent = coefficientReadout(curve(), store.state.step);
  };
  const show = (): void => {
    tables.replaceChildren(...stageTables(curve()));
    chart.redraw();
    read();
  };
  const components = choice('Component', [], (value) => {
    component = value;
    show();
  });
  const data = choice(
    'Data, here and below',
    development.dataSets.map((name) => ({ value: name, label: plainLine(name === '' ? 'not named' : name) })),
    (value) => store.update({ data: value }),
  );
  store.watch(['data'], (state) => {
    data.set(state.data);
    components.options(
      development.curvesOf(state.data).map((entry) => ({ value: entry.component, label: entry.component })),
      curve().component,
    );
    show();
  });
  store.watch(['step'], read);
  return section(
    'development',
    'Learning coefficients',
    'The local learning coefficient λ̂ at every checkpoint with ±1 standard error, and the loss below. The line is the smooth curve with its 95 % band. Vertical lines divide stages, shaded over their 95 % intervals; A: λ̂ rises, B: λ̂ falls while the loss falls.',
    h('div', { class: 'controls' }, components.element, development.dataSets.length > 1 && data.element),
    readout,
    exportable(chart.element, 'Learning coefficient over training', ['picture'], {
      meaning: 'Learning coefficient of the model over training, with intervals',
    }),
    tables,
  );
}
