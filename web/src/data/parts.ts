import type { PartName } from './payload';

export interface Part {
  name: PartName;
  symbol: string;
  title: string;
  unit: string;
  meaning: string;
}

/** The parts of a response, in the order of the files. */
export const PARTS: readonly Part[] = [
  {
    name: 'chi',
    symbol: 'χ',
    title: 'Susceptibility',
    unit: 'nats²',
    meaning:
      'The whole response, covariance + renormalization. Negative: the component expresses the text; positive: it suppresses it.',
  },
  {
    name: 'covariance',
    symbol: 'cov',
    title: 'Covariance',
    unit: 'nats²',
    meaning: 'What the component does by itself: minus the covariance of its excess loss with the token’s loss.',
  },
  {
    name: 'renormalization',
    symbol: 'ren',
    title: 'Renormalization',
    unit: 'nats²',
    meaning:
      'The component’s mean excess loss times (full shift − its own shift): nearly the same pattern for every component.',
  },
  {
    name: 'shift',
    symbol: 'R',
    title: 'Shift',
    unit: 'nats',
    meaning: 'The token’s mean loss above the mean of all tokens while the component moves.',
  },
  {
    name: 'excess',
    symbol: 'S',
    title: 'Excess',
    unit: 'nats',
    meaning:
      'The shift less its value at the checkpoint: how much more than the mean loss the token’s loss rises when the component moves.',
  },
];

export function partOf(name: PartName): Part {
  return PARTS.find((part) => part.name === name) ?? PARTS[0];
}
