import { partOf } from '../data/parts';
import type { Replay } from '../data/replay';
import { plainLine } from '../text/visible';
import { choice } from '../ui/choice';
import { freshId, h } from '../ui/dom';
import { sentenceNodes } from '../ui/text';
import type { Page } from './view';

const MILLISECONDS_A_CHECKPOINT = 900;

/** A slider over checkpoints that recolours the text, with a button that moves it. */
export function replayBar({ run, store }: Page, replay: Replay): HTMLElement {
  const id = freshId('checkpoint');
  const slider = h('input', { type: 'range', id, min: 0, max: replay.last, step: 1, value: replay.last });
  const button = h('button', { type: 'button', class: 'quiet play' });
  const name = h('output', { class: 'step', for: id });
  const place = h('span', { class: 'note' });
  const why = h('p', { class: 'note' });
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    button.textContent = '▶ Play';
  };
  const forward = (): void => {
    store.update({ checkpoint: Math.min(replay.last, store.state.checkpoint + 1) });
    if (store.state.checkpoint === replay.last) {
      stop();
    }
  };
  const play = (): void => {
    button.textContent = '❚❚ Pause';
    if (store.state.checkpoint === replay.last) {
      store.update({ checkpoint: 0 });
    }
    timer = setInterval(forward, MILLISECONDS_A_CHECKPOINT);
  };
  stop();
  button.addEventListener('click', () => (timer === undefined ? play() : stop()));
  slider.addEventListener('input', () => {
    stop();
    store.update({ checkpoint: Number(slider.value) });
  });
  const scale = choice(
    'Colours',
    [
      { value: 'common', label: 'one scale for all checkpoints' },
      { value: 'own', label: 'each checkpoint by itself' },
    ],
    (value) => store.update({ commonScale: value === 'common' }),
  );
  store.watch(['checkpoint', 'part'], ({ checkpoint, part }) => {
    const held = replay.has(part);
    if (!held) {
      stop();
    }
    slider.value = String(held ? checkpoint : replay.last);
    slider.disabled = !held;
    button.disabled = !held;
    slider.setAttribute('aria-valuetext', replay.name(checkpoint));
    name.textContent = plainLine(replay.name(held ? checkpoint : replay.last));
    place.textContent = `checkpoint ${(held ? checkpoint : replay.last) + 1} of ${replay.count}`;
    why.hidden = held;
    why.textContent = held
      ? ''
      : `${partOf(run.payload, part).title} is kept of the last checkpoint alone, so that the page stays small; choose ${partOf(run.payload, run.payload.mainPart).title.toLowerCase()} to replay.`;
  });
  return h(
    'div',
    { class: 'replay', role: 'group', 'aria-label': 'Checkpoints' },
    h(
      'div',
      { class: 'replay-line' },
      button,
      h('label', { class: 'hidden', for: id }, 'Checkpoint'),
      slider,
      h('span', { class: 'replay-place' }, name, place),
      scale.element,
    ),
    why,
    replay.payload.notes.length > 0 &&
      h(
        'details',
        { class: 'more', open: replay.payload.notes.length < 3 },
        h('summary', {}, 'What to know of these checkpoints'),
        h('ul', { class: 'caveats' }, ...replay.payload.notes.map((note) => h('li', {}, ...sentenceNodes(note)))),
      ),
  );
}
