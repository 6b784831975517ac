import { h } from './dom';

/** A button that saves a text made at that moment as a file. */
export function downloadButton(label: string, fileName: () => string, content: () => string): HTMLButtonElement {
  return h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      on: {
        click: () => {
          const address = URL.createObjectURL(new Blob([content()], { type: 'text/csv;charset=utf-8' }));
          h('a', { href: address, download: fileName() }).click();
          URL.revokeObjectURL(address);
        },
      },
    },
    label,
  );
}
