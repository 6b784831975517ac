import { h } from './dom';

/** A browser reads the file after the click has returned: an address taken back at once may be gone by then. */
const KEPT_MILLISECONDS = 60_000;

/** Saves a file that the page made. */
export function saveFile(name: string, type: string, content: string | Blob): void {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  h('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MILLISECONDS);
}

/** A button that saves a table made at that moment as a file. */
export function downloadButton(label: string, fileName: () => string, content: () => string): HTMLButtonElement {
  return h(
    'button',
    { type: 'button', class: 'quiet', on: { click: () => saveFile(fileName(), 'text/csv;charset=utf-8', content()) } },
    label,
  );
}
