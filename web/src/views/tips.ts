import { partOf } from '../data/parts';
import type { PartName } from '../data/payload';
import type { Run } from '../data/run';
import type { TokenValues } from '../data/tokenValues';
import { significant, withError } from '../format/numbers';
import { CONTINUED, hexText } from '../text/bytes';
import { plainLine } from '../text/visible';
import { h } from '../ui/dom';
import { visibleText } from '../ui/text';
import { tipRows } from '../ui/tooltip';

/**
 * What is known of one token: where it stands, its loss, and the chosen part of some components, less their means where these are taken
 * from the colours; at the run's own checkpoint or another.
 */
export function tokenTip(
  run: Run,
  token: number,
  part: PartName,
  components: readonly number[],
  centred: boolean,
  at: TokenValues = run.tokens,
  checkpoint?: string,
  first: readonly (readonly [string, string])[] = [],
): Node {
  const { symbol, unit } = partOf(run.payload, part);
  const { values, errors } = at.part(part);
  const mean = (c: number): number => (centred ? at.centre(part, c) : 0);
  const scale = run.scale(
    part,
    components.map((c) => values[c][token] - mean(c)),
    components.map((c) => errors[c][token]),
  );
  // What colours the token comes first; where that is less a mean, the mean stands below it.
  const rows = components.flatMap((c): [string, string][] => [
    [
      `${symbol} ${run.components[c]}${centred ? ' less its mean' : ''}`,
      `${scale.signed(values[c][token] - mean(c))} ± ${scale.unsigned(errors[c][token])}`,
    ],
    ...(centred ? ([[`mean of ${run.components[c]}`, scale.signed(mean(c))]] as [string, string][]) : []),
  ]);
  return tipRows(
    tokenTitle(run, token),
    [
      ...(checkpoint === undefined ? [] : ([['checkpoint', checkpoint]] as [string, string][])),
      ...first,
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

/** The token's text; of a piece of a character its bytes, and the character where there is one. */
export function tokenTitle(run: Run, token: number): Node {
  const bytes = run.bytesOf(run.tokenId[token]);
  const text = run.textAt(run.place[token]);
  return bytes === null
    ? h('span', { class: 'tip-token' }, visibleText(text))
    : h(
        'span',
        {},
        `${bytes.length === 1 ? 'byte' : 'bytes'} ${hexText(bytes)}, `,
        text === CONTINUED
          ? 'which continue the character before'
          : h('span', { class: 'tip-token' }, visibleText(text)),
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
        const [value, error] = [values[component][probe], errors[component][probe]];
        const scale = run.scale(part.name, [value], [error]);
        return [part.title, `${scale.signed(value)} ± ${scale.unsigned(error)} ${scale.prefix}${part.unit}`];
      }),
      ...(fullShift.value === null
        ? []
        : ([['Full shift F', `${withError(fullShift.value, fullShift.error)} nats`]] as [string, string][])),
    ],
    'mean over the probe’s tokens ± one standard error',
  );
}
