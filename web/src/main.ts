import './styles/fonts.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/views.css';
import './styles/development.css';
import './styles/print.css';
import { Arrays, bytesOf, inflate } from './data/decode';
import { PAGE_FORMAT, type ComparisonPayload, type Payload } from './data/payload';
import { Design } from './data/design';
import { Development } from './data/development';
import type { Replay } from './data/replay';
import { openingPassage } from './data/repeats';
import { Run } from './data/run';
import { Store, type State } from './state/store';
import { h } from './ui/dom';
import { Tooltip } from './ui/tooltip';
import { plainLine } from './text/visible';
import { mapView } from './views/map';
import { modesView } from './views/modes';
import { responseView } from './views/response';
import { rolesView } from './views/roles';
import { developmentSections } from './views/development/sections';
import { cardView } from './views/card';
import { comparisonView } from './views/comparison';
import { conclusionView } from './views/conclusion';
import { designView } from './views/design';
import { developmentSubtitle, masthead, responseSubtitle } from './views/masthead';
import { sidebar } from './views/sidebar';
import { summaryView } from './views/summary';
import { textView } from './views/text';
import { tracesView } from './views/traces';
import type { Page } from './views/view';

function embedded(id: string): string {
  return document.getElementById(id)?.textContent ?? '';
}

interface Report {
  payload: Payload;
  run: Run | null;
  design: Design | null;
  development: Development | null;
}

async function openReport(): Promise<Report> {
  const payload = JSON.parse(embedded('curie-data')) as Payload;
  if (payload.format !== PAGE_FORMAT) {
    throw new Error(
      `The report's data has format ${payload.format}, and this page reads ${PAGE_FORMAT}; write the report again.`,
    );
  }
  const arrays = new Arrays(await inflate(bytesOf(embedded('curie-arrays'))), payload.arrays);
  return {
    payload,
    run: payload.response && new Run(payload.response, arrays, payload.replay),
    design: payload.design && new Design(payload.design, arrays.float32('design_weight')),
    development: payload.development && new Development(payload.development),
  };
}

/** The component that the first mode of all components together loads most: a page that opened without colours would say nothing. */
function firstComponent(run: Run): number[] {
  const group = run.payload.modes[run.payload.mainPart].findLast((entry) => entry.loadings.length > 0);
  const sizes = group?.loadings[0].map(Math.abs) ?? [];
  const largest = group?.components[sizes.indexOf(Math.max(...sizes))];
  return largest === undefined ? [] : [run.components.indexOf(largest)];
}

interface ResponseSections {
  conclusion: HTMLElement | null;
  summary: HTMLElement;
  beside: HTMLElement;
  sections: HTMLElement[];
  themeChanged: () => void;
}

function responseSections(run: Run, comparison: ComparisonPayload | null, design: Design | null): ResponseSections {
  const { replay } = run;
  const store = new Store<State>({
    part: run.payload.mainPart,
    locked: firstComponent(run),
    preview: null,
    probe: openingPassage(run)?.probe ?? 0,
    layer: null,
    group: run.payload.modes[run.payload.mainPart].at(-1)?.name ?? '',
    mode: 0,
    centred: true,
    token: null,
    tokens: run.offeredTokens[0],
    theme: 0,
    checkpoint: replay?.last ?? 0,
    commonScale: true,
  });
  const page: Page = { run, store, tip: new Tooltip(document.body) };
  unselectWithEscape(store);
  const summary = summaryView(page);
  const ofTheLast = [responseView, modesView, mapView, rolesView, tracesView].map((view) => view(page));
  const [response, ...others] = ofTheLast;
  if (replay) {
    [summary, ...ofTheLast].forEach((element) => standAt(element, replay));
  }
  return {
    conclusion: conclusionView(page),
    summary,
    beside: sidebar(page),
    sections: [
      response,
      ...(comparison ? [comparisonView(page, comparison)] : []),
      cardView(page),
      textView(page),
      ...(design ? [designView(page, design)] : []),
      ...others,
    ],
    themeChanged: () => store.update({ theme: store.state.theme + 1 }),
  };
}

/** Escape lets all components go, wherever the focus is but in a field, whose own matter it is. */
function unselectWithEscape(store: Store<State>): void {
  addEventListener('keydown', (event) => {
    if (
      event.key === 'Escape' &&
      !(event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement)
    ) {
      store.update({ locked: [], preview: null });
    }
  });
}

/** Says of a section which of several checkpoints it shows. */
function standAt(element: HTMLElement, replay: Replay): void {
  element
    .querySelector('.lead')
    ?.after(
      h(
        'p',
        { class: 'note standing' },
        `Of the last checkpoint, ${plainLine(replay.name(replay.last))}; the text replays all.`,
      ),
    );
}

function show(host: HTMLElement, { payload, run, design, development }: Report): void {
  const response = run && responseSections(run, payload.comparison, design);
  const developed = development ? developmentSections(development, run?.payload.mainPart ?? '') : [];
  const subtitle = run ? responseSubtitle(run.payload) : development ? developmentSubtitle(development) : '';
  const title = run ? run.payload.title : payload.name;
  document.title = `${plainLine(title)} – Curie report`;
  host.replaceChildren(
    h('a', { class: 'skip', href: '#main' }, 'Skip to the report'),
    ...masthead(
      title,
      subtitle,
      [...(response ? [response.summary, ...response.sections] : []), ...developed],
      response?.themeChanged ?? (() => undefined),
    ),
    ...(response?.conclusion ? [response.conclusion] : []),
    h(
      'main',
      { id: 'main' },
      ...(response
        ? [
            response.summary,
            h('div', { class: 'columns' }, response.beside, h('div', { class: 'views' }, ...response.sections)),
          ]
        : []),
      developed.length > 0 && h('div', { class: 'development' }, ...developed),
    ),
    h(
      'footer',
      {},
      `Made by Curie ${payload.curie}. This file holds all of its data and asks for nothing from elsewhere.`,
    ),
  );
}

const host = document.getElementById('page');
if (host) {
  openReport().then(
    (report) => show(host, report),
    (error: unknown) =>
      host.replaceChildren(
        h('p', { class: 'loading', role: 'alert' }, error instanceof Error ? error.message : String(error)),
      ),
  );
}
