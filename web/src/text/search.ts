export interface Match {
  /** The first token place that the match touches, and the last. */
  first: number;
  last: number;
}

/**
 * Where a text occurs in a sequence of tokens, whatever tokens it spans, ignoring case. Places count from 0 within the sequence.
 * Matches do not overlap.
 */
export function findMatches(texts: readonly string[], query: string): Match[] {
  const wanted = query.toLowerCase();
  if (wanted === '') {
    return [];
  }
  let joined = '';
  const starts = texts.map((text) => {
    const start = joined.length;
    joined += text.toLowerCase();
    return start;
  });
  const matches: Match[] = [];
  let place = 0;
  for (let at = joined.indexOf(wanted); at >= 0; at = joined.indexOf(wanted, at + wanted.length)) {
    while (place + 1 < starts.length && starts[place + 1] <= at) {
      place++;
    }
    let last = place;
    while (last + 1 < starts.length && starts[last + 1] < at + wanted.length) {
      last++;
    }
    matches.push({ first: place, last });
  }
  return matches;
}
