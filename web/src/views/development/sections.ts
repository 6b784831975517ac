import type { Development } from '../../data/development';
import { Store } from '../../state/store';
import { dynamicsView } from './dynamics';
import { headsView } from './heads';
import { learningView } from './learning';
import type { DevelopmentPage, DevelopmentState } from './page';
import { scoresView } from './scores';

/** The sections of a development, as far as there is something to show in them. */
export function developmentSections(development: Development): HTMLElement[] {
  const store = new Store<DevelopmentState>({
    data: development.dataSets[0] ?? '',
    step: null,
    preview: null,
    pinned: null,
  });
  const page: DevelopmentPage = { development, store };
  const { curves, dynamics } = development.payload;
  const hasHeads = development.dataSets.some((data) => development.headCurves(data).length > 0);
  return [
    ...(curves.length > 0 ? [learningView(page)] : []),
    ...(hasHeads ? [headsView(page)] : []),
    ...(development.scores.length > 0 ? [scoresView(page)] : []),
    ...(dynamics ? [dynamicsView(page, dynamics)] : []),
  ];
}
