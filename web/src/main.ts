import './styles/fonts.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/views.css';
import './styles/print.css';
import { Arrays, bytesOf, inflate } from './data/decode';
import { PAGE_FORMAT, type Payload } from './data/payload';
import { Run } from './data/run';
import { Store } from './state/store';
import { h } from './ui/dom';
import { Tooltip } from './ui/tooltip';
import { plainLine } from './text/visible';
import { mapView } from './views/map';
import { modesView } from './views/modes';
import { responseView } from './views/response';
import { rolesView } from './views/roles';
import { masthead } from './views/masthead';
import { sidebar } from './views/sidebar';
import { summaryView } from './views/summary';
import { textView } from './views/text';
import { tracesView } from './views/traces';
import type { Page } from './views/view';

function embedded(id: string): string {
  return document.getElementById(id)?.textContent ?? '';
}

async function openRun(): Promise<Run> {
  const payload = JSON.parse(embedded('curie-data')) as Payload;
  if (payload.format !== PAGE_FORMAT) {
    throw new Error(
      `The report's data has format ${payload.format}, and this page reads ${PAGE_FORMAT}; write the report again.`,
    );
  }
  return new Run(payload, new Arrays(await inflate(bytesOf(embedded('curie-arrays'))), payload.arrays));
}

/** The component that the first mode of all components together loads most: a page that opened without colours would say nothing. */
function firstComponent(run: Run): number[] {
  const group = run.payload.modes.chi.findLast((entry) => entry.loadings.length > 0);
  const sizes = group?.loadings[0].map(Math.abs) ?? [];
  const largest = group?.components[sizes.indexOf(Math.max(...sizes))];
  return largest === undefined ? [] : [run.components.indexOf(largest)];
}

function show(host: HTMLElement, run: Run): void {
  const groups = run.payload.modes.chi;
  const store = new Store({
    part: 'chi',
    locked: firstComponent(run),
    preview: null,
    probe: 0,
    group: groups.at(-1)?.name ?? '',
    mode: 0,
    centred: true,
    token: null,
    theme: 0,
  });
  const page: Page = { run, store, tip: new Tooltip(document.body) };
  const summary = summaryView(page);
  const sections = [responseView, textView, modesView, mapView, rolesView, tracesView].map((view) => view(page));
  document.title = `${plainLine(run.payload.run)} – Curie report`;
  host.replaceChildren(
    h('a', { class: 'skip', href: '#summary' }, 'Skip to the report'),
    ...masthead(page, [summary, ...sections]),
    h('main', {}, summary, h('div', { class: 'columns' }, sidebar(page), h('div', { class: 'views' }, ...sections))),
    h(
      'footer',
      {},
      `Made by Curie ${run.payload.versions['curie'] ?? ''}. This file holds all of its data and asks for nothing from elsewhere.`,
    ),
  );
}

const host = document.getElementById('page');
if (host) {
  openRun().then(
    (run) => show(host, run),
    (error: unknown) =>
      host.replaceChildren(
        h('p', { class: 'loading', role: 'alert' }, error instanceof Error ? error.message : String(error)),
      ),
  );
}
