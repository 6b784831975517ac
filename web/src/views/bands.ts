import { signedColour } from '../colour/signed';
import type { PartName } from '../data/payload';
import type { Replay } from '../data/replay';
import type { TokenValues } from '../data/tokenValues';

export interface Band {
  component: number;
  /** What is subtracted from values. */
  centre: number;
  /** The magnitude of full colour, the same for every row and probe. */
  scale: number;
}

/** How a component is coloured; with a replay on one scale for all of its checkpoints. */
export function bandOf(
  tokens: TokenValues,
  part: PartName,
  component: number,
  centred: boolean,
  replay: Replay | null,
): Band {
  return {
    component,
    centre: centred ? tokens.centre(part, component) : 0,
    scale: (replay ?? tokens).scale(part, component, centred),
  };
}

/** One colour behind the text for a single component, a bar below it for each of several. */
export function paint(
  element: HTMLElement,
  tokens: TokenValues,
  part: PartName,
  bands: readonly Band[],
  token: number,
): void {
  const colours = bands.map((band) =>
    signedColour(tokens.part(part).values[band.component][token] - band.centre, band.scale),
  );
  const single = colours.length <= 1;
  element.style.backgroundColor = single ? (colours[0] ?? '') : '';
  element.style.backgroundImage = single
    ? ''
    : colours.map((colour) => `linear-gradient(${colour}, ${colour})`).join(', ');
  element.style.backgroundSize = single ? '' : '100% 6px';
  element.style.backgroundRepeat = single ? '' : 'no-repeat';
  element.style.backgroundPosition = single
    ? ''
    : colours.map((_, i) => `0 calc(100% - ${(colours.length - 1 - i) * 7}px)`).join(', ');
}
