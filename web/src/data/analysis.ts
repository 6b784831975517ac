import { holds } from './parts';
import type { PartName, ResponsePayload } from './payload';

/** The part whose patterns, map and standardised matrix `curie structure` kept: a view is named after it, such as `chi without F, z-score`. */
export function analysedPart(payload: Pick<ResponsePayload, 'analysis' | 'mainPart' | 'parts'>): PartName {
  const view = payload.analysis?.view?.split(/[ ,]/)[0];
  return view !== undefined && holds(payload, view) ? view : payload.mainPart;
}
