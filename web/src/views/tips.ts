import { partOf } from '../data/parts';
import type { PartName } from '../data/payload';
import type { Run } from '../data/run';
import type { TokenValues } from '../data/tokenValues';
import { numberScale, significant, withError } from '../format/numbers';
import { plainLine } from '../text/visible';
import { h } from '../ui/dom';
import { visibleText } from '../ui/text';
import { tipRows } from '../ui/tooltip';

/** What is known of one token: where it stands, its loss, and the chosen part of some components; at the run's own checkpoint or another. */
export function tokenTip(
  run: Run,
  token: number,
  part: PartName,
  components: readonly number[],
  at: TokenValues = run.tokens,
  checkpoint?: string,
): Node {
  const { symbol, unit } = partOf(run.payload, part);
  const values = at.part(part);
  const scale = numberScale(components.flatMap((c) => [values.values[c][token], values.errors[c][token]]));
  const rows: [string, string][] = components.map((c) => [
    `${symbol} ${run.components[c]}`,
    `${scale.signed(values.values[c][token])} ± ${scale.unsigned(values.errors[c][token])}`,
  ]);
  return tipRows(
    h('span', { class: 'tip-token' }, visibleText(run.textOf(run.tokenId[token]))),
    [
      ...(checkpoint === undefined ? [] : ([['checkpoint', checkpoint]] as [string, string][])),
      ...rows,
      ...(at === run.tokens ? coefficients(run, token, components) : []),
      ['loss at w*', `${significant(at.initLoss[token])} nats`],
      ['position', String(run.position[token])],
      ['row', `${run.rowOf(token)} of ${plainLine(run.payload.probes[run.probeOf(token)].name)}`],
      ['token id', String(run.tokenId[token])],
      ...kinds(run, token),
    ],
    components.length === 0 ? 'No component is chosen.' : `${symbol} in ${scale.prefix}${unit}, ± one standard error`,
  );
}

/** The learning coefficient of the token for each component; its error is joint, or no more than named. */
function coefficients(run: Run, token: number, components: readonly number[]): [string, string][] {
  return components.flatMap((component): [string, string][] => {
    const found = run.coefficients?.of(component, token);
    if (!found) {
      return [];
    }
    const text = withError(found.value, found.error);
    return [[`token’s λ̂, ${run.components[component]}`, found.bound ? text.replace('± ', '± at most ') : text]];
  });
}

function kinds(run: Run, token: number): [string, string][] {
  const pattern = run.patterns[run.map?.pattern[token] ?? -1];
  const cluster = run.map?.cluster[token] ?? -1;
  return [
    ...(pattern === undefined ? [] : ([['pattern', plainLine(pattern)]] as [string, string][])),
    ...(cluster < 0 ? [] : ([['cluster', String(cluster + 1)]] as [string, string][])),
  ];
}

/** One entry of the response matrix, every part of it. */
export function entryTip(run: Run, component: number, probe: number): Node {
  const name = run.components[component];
  const { fullShift } = run.payload.probes[probe];
  return tipRows(
    `${name} on ${plainLine(run.payload.probes[probe].name)}`,
    [
      ...run.payload.parts.map((part): [string, string] => {
        const { values, errors } = run.payload.dataset[part.name];
        return [part.title, `${withError(values[component][probe], errors[component][probe])} ${part.unit}`];
      }),
      ...(fullShift.value === null
        ? []
        : ([['Full shift F', `${withError(fullShift.value, fullShift.error)} nats`]] as [string, string][])),
    ],
    'mean over the probe’s tokens ± one standard error',
  );
}
