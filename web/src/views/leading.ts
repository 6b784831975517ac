import { headOf } from '../data/heads';
import { partOf } from '../data/parts';
import type { LeadingMode } from '../data/payload';
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
const PER_COMPONENT = 40;

/** Which components, and how sure: the mode that sets them apart with its intervals, or without modes the mean response to a probe. */
export function leadingFigure(page: Page): HTMLElement {
  const found = page.run.payload.leading;
  return h('div', { class: 'leading' }, ...(found ? ofMode(page, found) : ofResponse(page)));
}

function ofMode(page: Page, found: LeadingMode): Node[] {
  const { store, run } = page;
  const { part, group, mode, share, reliability } = found;
  const name = partOf(run.payload, part).title.toLowerCase();
  const known = found.low.some((end) => end !== null);
  const scored = found.scores.some((score) => score !== null);
  const note = (score: number | null): string => (score === null ? '' : score.toFixed(2));
  const what = found.components.every(headOf) ? 'heads' : 'components';
  const see = h('a', { href: '#modes' }, `modes of ${what} as they vary, their tokens and patterns`);
  see.addEventListener('click', () => store.update({ part, group, mode: 0 }));
  const meaning = `Loadings of mode ${mode} of the ${name} over ${found.title}${known ? ', with intervals' : ''}`;
  return [
    h('h3', {}, `Which ${what}: mode ${mode} of the ${name}, ${plainLine(found.title)}`),
    exportable(
      h(
        'div',
        { class: 'chart' },
        loadingChart(
          page,
          meaning,
          { ...found, notes: scored ? found.scores.map(note) : [], bold: found.induction },
          PER_COMPONENT,
        ),
      ),
      `Which ${what}`,
      ['picture'],
      { meaning },
    ),
    h(
      'p',
      { class: 'note' },
      `Loadings${known ? '; lines: 95 % intervals' : ''}. The mode holds ${percent(share, 1)} of the variance, reliability ${reliability === null ? 'unknown' : significant(reliability, 2)}; all ${what} are brought to one scale, as in the conclusion.${scored ? ` Beneath: prefix matching, the share of attention to what followed the same token earlier; bold: induction heads.` : ''} Choose a bar to see it everywhere. See the `,
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
      h('div', { class: 'chart' }, intervalChart(page, title, marks, PER_COMPONENT)),
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
