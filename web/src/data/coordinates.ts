import { modeScores } from './modes';
import { partOf } from './parts';
import type { PartName } from './payload';
import type { Run, TokenMap } from './run';

/** A place for every token of the page. */
export interface Coordinates {
  name: string;
  title: string;
  xLabel: string;
  yLabel: string;
  x: Float64Array | Float32Array;
  y: Float64Array | Float32Array;
  unit: string;
}

/** What a part and a group of components give, neighbouring modes against one another, and then the map of neighbours, where there is one. */
export function coordinatesOf(run: Run, part: PartName, groupName: string): Coordinates[] {
  const group = run.group(part, groupName);
  const { symbol, unit } = partOf(run.payload, part);
  const count = Math.min(3, group.loadings.length);
  const scores = Array.from({ length: count }, (_, mode) => modeScores(run, part, group, mode));
  const modes = scores.slice(1).map((y, i) => ({
    name: `modes-${i + 1}-${i + 2}`,
    title: `modes ${i + 1} and ${i + 2} of ${symbol}, ${group.title}`,
    xLabel: `score of mode ${i + 1}`,
    yLabel: `score of mode ${i + 2}`,
    x: scores[i],
    y,
    unit,
  }));
  return run.map ? [...modes, neighbours(run.payload.analysis?.view ?? 'χ', run.map)] : modes;
}

function neighbours(view: string, { x, y }: TokenMap): Coordinates {
  return {
    name: 'neighbours',
    title: `neighbours by ${view}, all components`,
    xLabel: 'UMAP 1',
    yLabel: 'UMAP 2',
    unit: 'only nearness means something',
    x,
    y,
  };
}
