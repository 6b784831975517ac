import { Course } from '../../data/course';
import type { Development } from '../../data/development';
import { Store } from '../../state/store';
import { courseView } from './course';
import { dynamicsView } from './dynamics';
import { headsView } from './heads';
import { learningView } from './learning';
import type { DevelopmentPage, DevelopmentState } from './page';
import { scoresView } from './scores';

/** The sections of a development, as far as there is something to show in them. */
export function developmentSections(development: Development, mainPart: string): HTMLElement[] {
  const store = new Store<DevelopmentState>({
    data: development.dataSets[0] ?? '',
    step: null,
    preview: null,
    pinned: null,
  });
  const page: DevelopmentPage = { development, store };
  const { curves, dynamics, course } = development.payload;
  const hasHeads = development.dataSets.some((data) => development.headCurves(data).length > 0);
  return [
    ...(course ? [courseView(page, new Course(course), mainPart)] : []),
    ...(curves.length > 0 ? [learningView(page)] : []),
    ...(hasHeads ? [headsView(page)] : []),
    ...(development.scores.length > 0 ? [scoresView(page)] : []),
    ...(dynamics ? [dynamicsView(page, dynamics)] : []),
  ];
}
