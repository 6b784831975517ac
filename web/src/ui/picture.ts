import { s } from './dom';

/** What an element of a drawing looks like, as far as style sheets decide about it. */
const STYLES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'paint-order',
  'opacity',
  'fill-opacity',
  'stroke-opacity',
  'font-size',
  'font-family',
  'font-weight',
  'text-anchor',
  'display',
  'visibility',
] as const;
const COLOURED = new Set<string>(['fill', 'stroke']);
const BAND = 6;
const GAP = 7;

/** What the browser makes of a colour, as #rrggbb and an opacity, which every program reads. */
class Colours {
  private readonly known = new Map<string, { hex: string; opacity: number }>();
  private readonly context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

  of(css: string): { hex: string; opacity: number } {
    let found = this.known.get(css);
    if (!found) {
      const { context } = this;
      let [r, g, b, a] = [0, 0, 0, 255];
      if (context) {
        context.canvas.width = 1;
        context.canvas.height = 1;
        context.fillStyle = css;
        context.fillRect(0, 0, 1, 1);
        [r, g, b, a] = [...context.getImageData(0, 0, 1, 1).data];
      }
      const hex = `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
      found = { hex, opacity: Math.round((100 * a) / 255) / 100 };
      this.known.set(css, found);
    }
    return found;
  }
}

interface Size {
  width: number;
  height: number;
}

/** A drawing of the page as one that stands alone: with its styles in it and paper behind it. */
export function pictureOfSvg(svg: SVGSVGElement): SVGSVGElement {
  const colours = new Colours();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll<SVGElement>('*')];
  const to = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (COLOURED.has(name) && value !== 'none') {
        const { hex, opacity } = colours.of(value);
        to[i].setAttribute(name, hex);
        if (opacity < 1) {
          to[i].setAttribute(`${name}-opacity`, String(opacity));
        }
      } else if (!(name.endsWith('-opacity') && to[i].hasAttribute(name))) {
        to[i].setAttribute(name, value);
      }
    }
    for (const name of ['class', 'style', 'tabindex', 'role']) {
      to[i].removeAttribute(name);
    }
  });
  const box = svg.viewBox.baseVal;
  const size =
    box.width > 0
      ? { width: box.width, height: box.height }
      : { width: svg.clientWidth || svg.getBoundingClientRect().width, height: svg.getBoundingClientRect().height };
  return onPaper(copy, size, svg, box.width > 0 ? box : { x: 0, y: 0 });
}

function onPaper(
  copy: SVGSVGElement,
  { width, height }: Size,
  host: Element,
  { x, y }: { x: number; y: number },
): SVGSVGElement {
  const paper = new Colours().of(getComputedStyle(document.body).backgroundColor).hex;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  copy.setAttribute('viewBox', `${x} ${y} ${width} ${height}`);
  copy.prepend(s('rect', { x, y, width, height, fill: paper }));
  const name = host.getAttribute('aria-label');
  if (name) {
    copy.prepend(s('title', {}, name));
  }
  return copy;
}

/** A part of the page that is no drawing, such as coloured text, as a drawing: its boxes, and every line of its texts where it stands. */
export function pictureOfBoxes(host: HTMLElement): SVGSVGElement {
  const colours = new Colours();
  const frame = host.getBoundingClientRect();
  const [left, top] = [frame.left - host.scrollLeft, frame.top - host.scrollTop];
  const size = { width: Math.max(host.scrollWidth, 1), height: Math.max(host.scrollHeight, 1) };
  const picture = s('svg', {});
  for (const element of host.querySelectorAll<HTMLElement>('*')) {
    const style = getComputedStyle(element);
    if (element.closest('.hidden') || style.display === 'none') {
      continue;
    }
    const { hex, opacity } = colours.of(style.backgroundColor);
    const bands = style.backgroundImage.match(/linear-gradient\([^()]*(?:\([^()]*\)[^()]*)*\)/g) ?? [];
    if (opacity === 0 && bands.length === 0) {
      continue;
    }
    for (const { left: x, top: y, width, height, bottom } of element.getClientRects()) {
      if (opacity > 0) {
        picture.append(s('rect', { x: x - left, y: y - top, width, height, fill: hex, 'fill-opacity': opacity }));
      }
      bands.forEach((band, i) => {
        const colour = /(?:rgba?|color|oklab|oklch)\([^()]*\)|#[0-9a-f]+/i.exec(band)?.[0];
        if (colour) {
          const at = bottom - top - BAND - (bands.length - 1 - i) * GAP;
          picture.append(s('rect', { x: x - left, y: at, width, height: BAND, fill: colours.of(colour).hex }));
        }
      });
    }
  }
  const texts = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const parent = node.parentElement;
    if (parent && !parent.closest('.hidden') && node.textContent?.trim()) {
      const style = getComputedStyle(parent);
      for (const { text, box } of linesOf(node as Text)) {
        picture.append(
          s(
            'text',
            {
              x: box.left - left,
              y: box.top - top + 0.78 * box.height,
              fill: colours.of(style.color).hex,
              'font-size': style.fontSize,
              'font-family': style.fontFamily,
              'font-weight': style.fontWeight,
              'xml:space': 'preserve',
              textLength: box.width,
              lengthAdjust: 'spacingAndGlyphs',
            },
            text,
          ),
        );
      }
    }
  }
  return onPaper(picture, size, host, { x: 0, y: 0 });
}

/** The lines that a text is broken into, each with its box. */
function linesOf(node: Text): { text: string; box: DOMRect }[] {
  const lines: { text: string; box: DOMRect }[] = [];
  const range = document.createRange();
  let first = 0;
  const end = node.data.length;
  const box = (from: number, to: number): DOMRect => {
    range.setStart(node, from);
    range.setEnd(node, to);
    return range.getBoundingClientRect();
  };
  for (let at = 1; at <= end; at++) {
    if (at === end || box(first, at + 1).height > 1.5 * box(at - 1, at).height) {
      const line = box(first, at);
      if (line.width > 0) {
        lines.push({ text: node.data.slice(first, at), box: line });
      }
      first = at;
    }
  }
  return lines;
}

/** A drawing as the text of a file. */
export function svgFile(picture: SVGSVGElement): string {
  // Characters that XML does not know have their pictures in Unicode, or a replacement.
  const text = new XMLSerializer().serializeToString(picture);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')}\n`;
}

/** A drawing in pixels, two for each of its units. */
export async function pngFile(picture: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  const bytes = new TextEncoder().encode(svgFile(picture));
  let binary = '';
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
  }
  image.src = `data:image/svg+xml;base64,${btoa(binary)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(2 * Number(picture.getAttribute('width')));
  canvas.height = Math.round(2 * Number(picture.getAttribute('height')));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('The picture is too large.'))), 'image/png'),
  );
}
