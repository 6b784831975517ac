import { signedColour } from './signed';

/** What the browser makes of a CSS colour here and now, for the canvas, which knows no variables. */
export function resolveColour(host: HTMLElement, css: string): string {
  const probe = document.createElement('i');
  probe.style.color = css;
  host.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

const STEPS = 20;

/** The signed palette in steps, resolved once. */
export class SignedPalette {
  private readonly colours: string[];

  constructor(host: HTMLElement) {
    this.colours = Array.from({ length: 2 * STEPS + 1 }, (_, i) => resolveColour(host, signedColour(i - STEPS, STEPS)));
  }

  colour(value: number, scale: number): string {
    const share = scale > 0 && Number.isFinite(value) ? Math.max(-1, Math.min(1, value / scale)) : 0;
    return this.colours[STEPS + Math.round(share * STEPS)];
  }
}
