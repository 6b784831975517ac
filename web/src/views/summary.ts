import { unitsOf, unitText } from '../data/chainUnits';
import { partOf } from '../data/parts';
import { significant, percent, whole, withError } from '../format/numbers';
import { h } from '../ui/dom';
import { exportable } from '../ui/exports';
import { section } from '../ui/section';
import { sentenceNodes } from '../ui/text';
import { plainLine } from '../text/visible';
import { findings } from './findings';
import type { Page } from './view';

type Facts = readonly (readonly [string, string | null | undefined])[];

/** What was measured on what, with which settings, at which cost, and what to keep in mind. */
export function summaryView({ run }: Page): HTMLElement {
  const { payload } = run;
  const caveats = h(
    'ul',
    { class: 'caveats' },
    ...payload.caveats.map((sentence) => h('li', {}, ...sentenceNodes(sentence))),
  );
  return section(
    'summary',
    'How far to trust it',
    'How the chains went and what to keep in mind; what the run shows in numbers; and how it was made.',
    h(
      'div',
      { class: 'trust' },
      h('div', {}, h('h3', {}, payload.scan ? 'The draws' : 'The chains'), verdict(payload), caveats),
      ...findings(run),
      ...variance(payload),
    ),
    h(
      'details',
      { class: 'more' },
      h('summary', {}, 'How it was made: model, data, settings and cost'),
      h(
        'div',
        { class: 'facts' },
        facts('Model', model(payload)),
        facts('Data', data(payload)),
        facts('Settings', settings(payload)),
        facts('Cost', cost(payload, run.holdsFull)),
      ),
    ),
  );
}

type Payload = Page['run']['payload'];

function verdict({ health, shape, scan }: Payload): HTMLElement {
  const units = health.map((component) => unitsOf(component.chains, shape.chainsPerUnit));
  const all = units.reduce((sum, unit) => sum + unit.all, 0);
  const excluded = all - units.reduce((sum, unit) => sum + unit.healthy, 0);
  const noted = health.filter((component) => component.notes.length > 0);
  const sound = excluded === 0 && noted.length === 0;
  const sentence = scan
    ? 'Independent draws around the checkpoint: there are no chains that could fail to settle.'
    : excluded === 0
      ? `All ${unitText(all, shape.chainsPerUnit)} are healthy and enter the estimates.`
      : `${whole(excluded)} of ${unitText(all, shape.chainsPerUnit)} ${excluded === 1 ? 'is' : 'are'} left out of every estimate.`;
  const more =
    noted.length === 0
      ? ''
      : ` ${noted.length === 1 ? 'One component has' : `${whole(noted.length)} of ${whole(health.length)} sampled components have`} something to note:`;
  return h(
    'div',
    { class: sound ? 'verdict sound' : 'verdict' },
    h('p', {}, sentence + more),
    noted.length > 0 &&
      h(
        'details',
        {},
        h('summary', {}, noted.map((component) => component.component).join(', ')),
        h(
          'ul',
          {},
          ...noted.flatMap((component) =>
            component.notes.map((note) =>
              h('li', {}, h('strong', {}, component.component), ' ', ...sentenceNodes(note)),
            ),
          ),
        ),
      ),
  );
}

function facts(title: string, list: Facts): HTMLElement {
  const known = list.filter(
    (fact): fact is readonly [string, string] => fact[1] !== null && fact[1] !== undefined && fact[1] !== '',
  );
  return h(
    'div',
    { class: 'fact-block' },
    h('h3', {}, title),
    h('dl', {}, ...known.flatMap(([label, value]) => [h('dt', {}, plainLine(label)), h('dd', {}, plainLine(value))])),
  );
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string'
    ? value
    : typeof value === 'number'
      ? significant(value, 6)
      : typeof value === 'boolean'
        ? value
          ? 'yes'
          : 'no'
        : null;
}

/** The last two names of a path, which say enough; the whole of it is in the manifest. */
function shortPath(value: unknown): string | null {
  return typeof value === 'string' ? value.split(/[\\/]/).slice(-2).join('/') : null;
}

function model(payload: Payload): Facts {
  const config = record(payload.model);
  const layers = text(config['n_layers']);
  return [
    ['checkpoint', shortPath(record(payload.configuration)['model'])],
    ['layers × heads', layers && `${layers} × ${text(config['n_heads']) ?? '?'}`],
    ['widths', layers && `model ${text(config['d_model'])}, head ${text(config['d_head'])}`],
    ['blocks', layers && (config['attn_only'] === true ? 'attention only' : `with MLP of ${text(config['d_mlp'])}`)],
    ['context', text(config['n_ctx']) && `${text(config['n_ctx'])} tokens`],
    ['vocabulary', text(config['d_vocab']) && `${text(config['d_vocab'])} tokens`],
  ];
}

function data(payload: Payload): Facts {
  return [
    [payload.scan ? 'rows of P' : 'posterior', shortPath(record(record(payload.configuration)['sampling'])['data'])],
    ['L0, loss at w*', `${withError(payload.initLoss.value, payload.initLoss.error)} nats`],
    ...payload.probes.map((probe): readonly [string, string] => [
      probe.name,
      probe.kept === probe.tokens
        ? `${whole(probe.tokens)} tokens`
        : `${whole(probe.kept)} of ${whole(probe.tokens)} tokens on this page`,
    ]),
  ];
}

function settings(payload: Payload): Facts {
  const sampling = record(record(payload.configuration)['sampling']);
  const { coupling } = payload;
  const burnIn = text(coupling?.burnIn ?? sampling['burn_in']);
  return [
    ['sampler', text(sampling['sampler']) ?? 'sgld'],
    ['step size ε', text(sampling['step_size'])],
    ['nβ', text(sampling['nbeta'])],
    ['localization γ', text(sampling['localization'])],
    ['rows per update', text(sampling['batch_size'])],
    [
      payload.scan ? 'draws' : 'chains × draws',
      `${payload.shape.chains} × ${payload.shape.draws}${payload.shape.chainsPerUnit > 1 ? ', in pairs of opposite noise' : ''}`,
    ],
    [
      'draws of full',
      coupling && coupling.fullDraws > payload.shape.draws ? `${coupling.fullDraws} of each chain` : null,
    ],
    ['φ is the rise of', payload.observable && `the mean loss of ${payload.observable}`],
    ['covariance', payload.covariance],
    ['rows that perturb', coupling && coupling.observableRows > 0 ? `${coupling.observableRows} an update` : null],
    ['without the loss', coupling && coupling.gaussianPairs > 0 ? `${coupling.gaussianPairs} pairs of draws` : null],
    [
      'burn-in, spacing',
      burnIn &&
        `${burnIn}${coupling?.burnInAsked ? ` (asked: ${coupling.burnInAsked})` : ''}, ${text(sampling['steps_between_draws'])} updates`,
    ],
    ['seed', String(payload.seed)],
  ];
}

function cost(payload: Payload, withFull: boolean): Facts {
  const sampling = record(record(payload.configuration)['sampling']);
  const number = (value: unknown): number => (typeof value === 'number' ? value : NaN);
  const runs = payload.components.length + Number(withFull);
  const burnIn = payload.coupling?.burnIn ?? number(sampling['burn_in']);
  const { chains, draws, tokens } = payload.shape;
  const allDraws = draws * payload.components.length + (withFull ? (payload.coupling?.fullDraws ?? draws) : 0);
  const updates = chains * (runs * burnIn + allDraws * number(sampling['steps_between_draws']));
  return [
    [
      'components',
      `${whole(runs)} ${payload.scan ? 'scanned' : 'sampled'}, ${withFull ? 'full among them' : 'without full'}`,
    ],
    ['updates of chains', Number.isFinite(updates) ? whole(updates) : null],
    ['losses of followed tokens', whole(chains * allDraws * tokens)],
    [
      'made by',
      `Curie ${payload.versions['curie'] ?? ''}${payload.versions['isa'] ? `, ${payload.versions['isa']}` : ''}`,
    ],
  ];
}

function variance(payload: Payload): Node[] {
  if (payload.variance.length === 0) {
    return [];
  }
  const chi = partOf(payload, 'chi').symbol;
  return [
    h(
      'div',
      {},
      h('h3', {}, `Where the variance of ${chi} over tokens comes from`),
      exportable(
        h(
          'div',
          { class: 'scroll' },
          h(
            'table',
            { class: 'data narrow' },
            h('caption', { class: 'hidden' }, `Shares of the variance of ${chi} over tokens`),
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                ...['components', 'renormalisation', 'covariance', '2·cross term'].map((title, i) =>
                  h('th', { scope: 'col', class: i ? 'number' : '' }, title),
                ),
              ),
            ),
            h(
              'tbody',
              {},
              ...payload.variance.map((split) =>
                h(
                  'tr',
                  {},
                  h('th', { scope: 'row' }, split.title),
                  ...[split.renormalization, split.covariance, split.cross].map((share) =>
                    h('td', { class: 'number' }, percent(share)),
                  ),
                ),
              ),
            ),
          ),
        ),
        'Where the variance comes from',
        ['csv'],
      ),
    ),
  ];
}
