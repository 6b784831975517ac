import { whole } from '../format/numbers';
import type { ChainHealth } from './payload';

/** What is averaged, batched and left out as one: chains, or where they are antithetic the pairs that they form. */
export interface ChainUnits {
  all: number;
  healthy: number;
}

/** Counts them; a pair is healthy where both of its chains are. */
export function unitsOf(chains: readonly ChainHealth[], chainsPerUnit: number): ChainUnits {
  let healthy = 0;
  for (let first = 0; first < chains.length; first += chainsPerUnit) {
    healthy += Number(chains.slice(first, first + chainsPerUnit).every((chain) => chain.healthy));
  }
  return { all: Math.ceil(chains.length / chainsPerUnit), healthy };
}

/** So many chains, or pairs of chains. */
export function unitText(count: number, chainsPerUnit: number): string {
  const one = count === 1;
  return `${whole(count)} ${chainsPerUnit === 1 ? (one ? 'chain' : 'chains') : `${one ? 'pair' : 'pairs'} of chains`}`;
}
