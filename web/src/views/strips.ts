import { linesOf } from '../data/layers';
import type { Passage } from '../data/run';
import { signedColour } from '../colour/signed';
import type { PartName } from '../data/payload';
import type { TokenValues } from '../data/tokenValues';
import { oneLine } from '../text/visible';
import { h } from '../ui/dom';
import type { Page } from './view';

/** What the strips of one layer show. */
export interface Strips {
  components: readonly number[];
  part: PartName;
  centred: boolean;
  /** The magnitude of full colour, in standard deviations. */
  scale: number;
}

/** A value of a component at a token as strips show it: in standard deviations over the page's tokens, so that heads can be compared. */
export function stripValue(
  tokens: TokenValues,
  { part, centred }: Pick<Strips, 'part' | 'centred'>,
  component: number,
  token: number,
): number {
  const value = tokens.part(part).values[component][token] - (centred ? tokens.centre(part, component) : 0);
  return value / tokens.deviation(part, component);
}

/** One scale for all heads of a layer: the largest of theirs, in standard deviations. */
export function stripScale(
  tokens: TokenValues,
  part: PartName,
  components: readonly number[],
  centred: boolean,
): number {
  return Math.max(
    0,
    ...components
      .map((component) => tokens.scale(part, component, centred) / tokens.deviation(part, component))
      .filter(Number.isFinite),
  );
}

/** A passage in lines; below the tokens of each a strip for every head, all on one scale. */
export function stripTables(
  { run }: Page,
  tokens: TokenValues,
  passage: Passage,
  strips: Strips,
  textOf: (place: number) => string,
  isRepeated: (place: number) => boolean,
  characters: number,
): HTMLElement[] {
  const places = Array.from({ length: passage.endPlace - passage.firstPlace }, (_, i) => passage.firstPlace + i);
  const texts = places.map((place) => oneLine(textOf(place)));
  const labels = strips.components.map((component) => run.components[component]);
  const room = characters - Math.max(...labels.map((label) => label.length)) - 2;
  const starts = linesOf(
    texts.map((text) => [...text].length),
    room,
  );
  return starts.slice(0, -1).map((start, line) => {
    const own = places.slice(start, starts[line + 1]);
    return h(
      'table',
      { class: 'strips' },
      h(
        'caption',
        { class: 'hidden' },
        `Line ${line + 1}: ${labels.join(', ')} at every token, in standard deviations of each head`,
      ),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('td'),
          ...own.map((place, i) =>
            h(
              'th',
              {
                scope: 'col',
                class: isRepeated(place) ? 'repeat' : run.tokenAt[place] < 0 ? 'unfollowed' : '',
                'data-place': place,
                'data-token': run.tokenAt[place] < 0 ? null : run.tokenAt[place],
                tabindex: run.tokenAt[place] < 0 ? null : -1,
              },
              h('bdi', { dir: 'ltr' }, texts[start + i]),
            ),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        ...strips.components.map((component, row) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, labels[row]),
            ...own.map((place) => {
              const token = run.tokenAt[place];
              const value = token < 0 ? NaN : stripValue(tokens, strips, component, token);
              return h('td', {
                'data-strip': token < 0 ? null : token,
                'data-component': component,
                style: `background-color: ${signedColour(value, strips.scale)}`,
              });
            }),
          ),
        ),
      ),
    );
  });
}
