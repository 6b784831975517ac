import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { logStep, nearestIndex, shortStep, stepTicks } from '../../data/logStep';
import { h, s } from '../../ui/dom';
import { stepKeys, type DevelopmentPage } from './page';

const ROOM_FOR_TICK = 40;

export interface Margin {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** A drawing over log step. */
export interface Drawing {
  svg: SVGSVGElement;
  x: ScaleLinear<number, number>;
  top: number;
  bottom: number;
}

export interface Chart {
  element: HTMLElement;
  redraw(): void;
}

/** An element that draws itself anew whenever its width changes. */
export function fluid(draw: (width: number) => SVGSVGElement): Chart {
  const element = h('div', { class: 'chart fluid' });
  let width = 0;
  const redraw = (): void => {
    if (width > 0) {
      element.replaceChildren(draw(width));
    }
  };
  new ResizeObserver(() => {
    const now = Math.floor(element.clientWidth);
    if (now !== width && now > 0) {
      width = now;
      redraw();
    }
  }).observe(element);
  return { element, redraw };
}

/** The axis that all charts share. */
export function stepScale(page: DevelopmentPage, width: number, margin: Margin): ScaleLinear<number, number> {
  return scaleLinear()
    .domain(page.development.domain)
    .range([margin.left, width - margin.right]);
}

/** Steps below a chart, at their places on the log axis. */
export function stepAxis(
  page: DevelopmentPage,
  x: ScaleLinear<number, number>,
  top: number,
  bottom: number,
): SVGGElement {
  const [left, right] = x.range();
  const ticks = stepTicks(page.development.first, page.development.last, Math.floor((right - left) / ROOM_FOR_TICK));
  return s(
    'g',
    { class: 'axis steps' },
    ...ticks.flatMap((step) => {
      const at = x(logStep(step));
      return [
        s('line', { x1: at, x2: at, y1: top, y2: bottom + 5 }),
        s('text', { x: at, y: bottom + 18, 'text-anchor': 'middle' }, shortStep(step)),
      ];
    }),
  );
}

/** A chart over log step with the cursor that all charts of the development share. */
export function stepChart(page: DevelopmentPage, label: string, draw: (width: number) => Drawing): Chart {
  const { development, store } = page;
  const places = development.steps.map(logStep);
  let drawing: Drawing | null = null;
  let line: SVGLineElement | null = null;
  const place = (): void => {
    const { step } = store.state;
    if (drawing && line) {
      line.style.display = step === null ? 'none' : '';
      const at = String(drawing.x(logStep(step ?? 0)));
      line.setAttribute('x1', at);
      line.setAttribute('x2', at);
    }
  };
  const chart = fluid((width) => {
    drawing = draw(width);
    line = s('line', { class: 'cursor', y1: drawing.top, y2: drawing.bottom });
    drawing.svg.append(line);
    place();
    return drawing.svg;
  });
  const follow = (event: PointerEvent): void => {
    if (drawing) {
      const at = event.clientX - drawing.svg.getBoundingClientRect().left;
      store.update({ step: development.steps[nearestIndex(places, drawing.x.invert(at))] });
    }
  };
  chart.element.addEventListener('pointermove', follow);
  chart.element.addEventListener('pointerdown', follow);
  stepKeys(chart.element, page, label);
  store.watch(['step'], place);
  return chart;
}
