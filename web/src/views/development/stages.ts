import type { Boundary, Curve, Stage } from '../../data/developmentPayload';
import { percent, significant, stepText, valueText } from '../../format/numbers';
import { plainLine } from '../../text/visible';
import { h } from '../../ui/dom';
import { isHealthy } from './coefficient';
import { textTable, type TextColumn } from './tables';

const STAGE_COLUMNS: readonly TextColumn[] = [
  { title: 'stage', number: true },
  { title: 'updates', number: true },
  { title: 'Δλ̂ ± s.e.', number: true },
  { title: 'Δloss ± s.e.', number: true },
  { title: 'type', hint: 'A: λ̂ rises while the loss falls. B: both fall.' },
  { title: 'probability', hint: 'The posterior probability that Δλ̂ has the sign of the type.', number: true },
];

const BOUNDARY_COLUMNS: readonly TextColumn[] = [
  { title: 'boundary' },
  { title: 'step', number: true },
  { title: '95 % interval', number: true },
  { title: 'slope ± s.e.', hint: 'dλ̂ per log step.', number: true },
  { title: 'support', hint: 'The share of posterior curves that have it.', number: true },
];

/** The stages and boundaries of a curve, and the checkpoints that have something against them. */
export function stageTables(curve: Curve): Node[] {
  return [
    curve.stages.length > 0
      ? textTable(`Stages of ${curve.component}`, STAGE_COLUMNS, curve.stages.map(stageRow))
      : h('p', { class: 'note' }, 'No stage was found.'),
    ...doubt(curve),
    ...(curve.boundaries.length === 0
      ? []
      : [
          h(
            'details',
            { class: 'more' },
            h('summary', {}, `Boundaries with their intervals (${curve.boundaries.length})`),
            textTable(`Boundaries of ${curve.component}`, BOUNDARY_COLUMNS, curve.boundaries.map(boundaryRow)),
          ),
        ]),
    ...unhealthy(curve),
  ];
}

/** Stages whose change of λ̂ is not told from none. */
function doubt(curve: Curve): Node[] {
  const within = curve.stages.filter((stage) => Math.abs(stage.delta_llc) <= 2 * stage.delta_llc_se).length;
  return within === 0 || curve.stages.length === 1
    ? []
    : [
        h(
          'p',
          { class: 'note' },
          `${within} of ${curve.stages.length} stages change λ̂ by no more than two standard errors; the boundaries beside them may be noise, whatever their support.`,
        ),
      ];
}

function stageRow(stage: Stage): string[] {
  const arrow = stage.type === 'A' ? ' (λ̂ up)' : stage.type === 'B' ? ' (λ̂ down)' : '';
  return [
    String(stage.stage),
    `${stepText(stage.from_step)} – ${stepText(stage.to_step)}`,
    signed(stage.delta_llc, stage.delta_llc_se),
    stage.delta_loss === null ? 'not known' : signed(stage.delta_loss, stage.delta_loss_se),
    stage.type === null ? 'not told' : stage.type + arrow,
    stage.type_probability === null ? 'not known' : significant(stage.type_probability, 3),
  ];
}

function boundaryRow(boundary: Boundary): string[] {
  return [
    boundary.kind + (boundary.divides ? '' : ' (does not divide)'),
    stepText(boundary.step),
    `${stepText(boundary.low_step)} – ${stepText(boundary.high_step)}`,
    valueText(boundary.slope, boundary.slope_se),
    percent(boundary.support, 0),
  ];
}

function signed(value: number, error: number | null): string {
  return `${value > 0 ? '+' : ''}${valueText(value, error)}`;
}

function unhealthy(curve: Curve): Node[] {
  const { measured } = curve;
  const doubtful = measured.step.flatMap((step, i) =>
    isHealthy(measured.health[i]) ? [] : [`step ${stepText(step)} (${plainLine(measured.health[i])})`],
  );
  const missing = curve.left_out.map((left) => `step ${stepText(left.step)} (${plainLine(left.reason)})`);
  return [
    ...(doubtful.length === 0 ? [] : [note('Something speaks against the value at ', doubtful)]),
    ...(missing.length === 0 ? [] : [note('Left out, shown by a cross below: ', missing)]),
  ];
}

function note(title: string, entries: readonly string[]): HTMLElement {
  return h('p', { class: 'note health' }, `${title}${entries.join(', ')}.`);
}
