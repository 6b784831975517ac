import { leadingMode, type LeadingMode } from '../data/leading';
import { partOf } from '../data/parts';
import { percent, significant, valueText } from '../format/numbers';
import { plainLine } from '../text/visible';
import { h } from '../ui/dom';
import { exportable } from '../ui/exports';
import { tipRows } from '../ui/tooltip';
import { intervalChart } from './intervals';
import { loadingChart } from './loadings';
import type { Page } from './view';

/** Where the run does not tell its degrees of freedom. */
const NORMAL = 1.96;
/** Beside the conclusion there is half the room. */
const PER_HEAD = 40;

/** Which heads, and how sure: the mode that sets them apart with its intervals, or without modes the mean response to a probe. */
export function leadingFigure(page: Page): HTMLElement {
  const found = leadingMode(page.run.payload);
  return h('div', { class: 'leading' }, ...(found ? ofMode(page, found) : ofResponse(page)));
}

function ofMode(page: Page, { part, group, mode, known }: LeadingMode): Node[] {
  const { store, run } = page;
  const name = partOf(run.payload, part).title.toLowerCase();
  const see = h('a', { href: '#modes' }, 'this mode, its tokens and its patterns');
  see.addEventListener('click', () => store.update({ part, group: group.name, mode }));
  const share = known?.explained_variance;
  const sure = known
    ? `Loadings; lines: 95 % intervals. The mode holds ${percent(share?.value ?? group.explained[mode], 1)} of the variance${share && share.low !== null ? ` (${percent(share.low, 1)} to ${percent(share.high, 1)})` : ''}, reliability ${known.reliability === null ? 'unknown' : significant(known.reliability, 2)}.`
    : `Loadings. The mode holds ${percent(group.explained[mode], 1)} of the variance; curie structure computes the intervals.`;
  return [
    h('h3', {}, `Which heads: mode ${mode + 1} of the ${name}, ${plainLine(group.title)}`),
    exportable(
      h('div', { class: 'chart' }, loadingChart(page, group, mode, known, PER_HEAD)),
      'Which heads',
      ['picture'],
      { meaning: `Loadings of mode ${mode + 1} of the ${name} over ${group.title}${known ? ', with intervals' : ''}` },
    ),
    h(
      'p',
      { class: 'note' },
      `${sure} Heads as they vary, not brought to one scale. Choose a bar to see that head everywhere. See `,
      see,
      '.',
    ),
  ];
}

function ofResponse(page: Page): Node[] {
  const { run } = page;
  const part = partOf(run.payload, run.payload.mainPart);
  const { values, errors, halfWidths } = run.payload.dataset[part.name];
  const [probe] = run.payload.probes;
  const scale = run.scale(
    part.name,
    values.map(([value]) => value),
    errors.map(([error]) => error),
  );
  const factor = 10 ** -scale.exponent;
  const marks = run.components.map((component, c) => {
    const [[value], [error]] = [values[c], errors[c]];
    const half = error === null ? null : (halfWidths[c] ?? NORMAL) * error;
    const text = valueText(value, error);
    return {
      component,
      value: value === null ? null : value * factor,
      half: half === null ? null : half * factor,
      standsOut: value !== null && half !== null && Math.abs(value) > half,
      label: `${component}: ${text}`,
      tip: () => tipRows(component, [[part.title, `${text} ${part.unit}`]]),
    };
  });
  const title = `Which components: mean ${part.title.toLowerCase()} of ${plainLine(probe.name)}`;
  return [
    h('h3', {}, title),
    exportable(
      h('div', { class: 'chart' }, intervalChart(page, title, marks, PER_HEAD)),
      'Which components',
      ['picture'],
      { meaning: `Mean response of every component to ${plainLine(probe.name)}, with intervals` },
    ),
    h(
      'p',
      { class: 'note' },
      `${scale.prefix}${part.unit}; lines: 95 % intervals; filled: 0 is outside. See `,
      h('a', { href: '#response' }, 'every probe'),
      '.',
    ),
  ];
}
