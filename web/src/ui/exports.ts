import { csv } from '../format/csv';
import { tableRows, type CellSource } from '../format/tableRows';
import { h } from './dom';
import { saveFile } from './download';
import { pictureOfBoxes, pictureOfSvg, pngFile, svgFile } from './picture';

/** What a part of the page can be saved as. */
export type Export = 'csv' | 'picture';

export interface Drawing {
  /** A figure that the page does not draw as SVG, as SVG. */
  draw?: () => SVGSVGElement;
  /** What a figure shows, for who does not see it; its name by default. */
  meaning?: string;
}

/**
 * A figure or a table with buttons that save what it shows at that moment: SVG and PNG of a figure, CSV of a table.
 * @param name what the file is called.
 */
export function exportable(
  host: HTMLElement,
  name: string,
  kinds: readonly Export[],
  { draw = () => pictureOf(host), meaning = name }: Drawing = {},
): HTMLElement {
  const file = fileName(name);
  const button = (label: string, save: () => void | Promise<void>): HTMLElement =>
    h(
      'button',
      { type: 'button', class: 'save', 'aria-label': `Save “${name}” as ${label}`, on: { click: () => void save() } },
      label,
    );
  const picture = kinds.includes('picture');
  return h(
    'div',
    picture ? { class: 'exportable', role: 'figure', 'aria-label': meaning } : { class: 'exportable' },
    host,
    h(
      'p',
      { class: 'exports' },
      picture && button('SVG', () => saveFile(`${file}.svg`, 'image/svg+xml', svgFile(draw()))),
      picture && button('PNG', async () => saveFile(`${file}.png`, 'image/png', await pngFile(draw()))),
      kinds.includes('csv') && button('CSV', () => saveFile(`${file}.csv`, 'text/csv;charset=utf-8', tableCsv(host))),
    ),
  );
}

function fileName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 80) || 'curie'
  );
}

function pictureOf(host: HTMLElement): SVGSVGElement {
  const svg = host.querySelector('svg');
  return svg ? pictureOfSvg(svg) : pictureOfBoxes(host);
}

function tableCsv(host: HTMLElement): string {
  const table = host.querySelector('table');
  const rows = [...(table?.rows ?? [])].map((row) => [...row.cells].map(cellOf));
  const [header, ...body] = tableRows(rows, table?.classList.contains('matrix') ?? false);
  return csv(
    header.map((title) => String(title ?? '')),
    body,
  );
}

/** What a cell shows, and the number and error behind it where it holds them. */
function cellOf(cell: HTMLTableCellElement): CellSource {
  const holder = cell.querySelector<HTMLElement>('[data-value]') ?? cell;
  const { value, error } = holder.dataset;
  return {
    text: (cell.querySelector('.full-name')?.textContent ?? cell.textContent ?? '').trim(),
    value: value === undefined ? undefined : value === '' ? null : Number(value),
    error: error === undefined ? undefined : error === '' ? null : Number(error),
  };
}
