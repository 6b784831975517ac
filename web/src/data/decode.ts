import type { ArrayEntry } from './payload';

const MISSING = -32768;
const FULL = 32767;

/** The bytes of a base64 text. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    bytes[i] = text.charCodeAt(i);
  }
  return bytes;
}

/** What the browser's own inflate makes of raw deflated bytes. */
export async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  if (bytes.length === 0) {
    return new ArrayBuffer(0); // a page without arrays has no deflated block, not a deflated empty one
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Response(stream).arrayBuffer();
}

/** v = sign(q)·m·(q/32767)², the inverse of what `curie report` stores in 16 bits; −32768 stands for no number. */
export function expand(stored: number, largest: number): number {
  if (stored === MISSING) {
    return NaN;
  }
  const share = stored / FULL;
  return Math.sign(stored) * largest * share * share;
}

/** The named arrays of the block. */
export class Arrays {
  private readonly entries: Map<string, ArrayEntry>;

  constructor(
    private readonly block: ArrayBuffer,
    entries: ArrayEntry[],
  ) {
    this.entries = new Map(entries.map((entry) => [entry.name, entry]));
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  int32(name: string): Int32Array {
    const entry = this.entry(name, 'int32');
    return new Int32Array(this.block, entry.offset, entry.length);
  }

  uint16(name: string): Uint16Array {
    const entry = this.entry(name, 'uint16');
    return new Uint16Array(this.block, entry.offset, entry.length);
  }

  uint8(name: string): Uint8Array {
    const entry = this.entry(name, 'uint8');
    return new Uint8Array(this.block, entry.offset, entry.length);
  }

  float32(name: string): Float32Array {
    const entry = this.entry(name, 'float32');
    return new Float32Array(this.block, entry.offset, entry.length);
  }

  /** The rows of a companded array, expanded. */
  rows(name: string): Float32Array[] {
    const entry = this.entry(name, 'companded');
    const scales = entry.scales ?? [];
    const columns = scales.length === 0 ? 0 : entry.length / scales.length;
    const stored = new Int16Array(this.block, entry.offset, entry.length);
    return scales.map((largest, row) => {
      const values = new Float32Array(columns);
      for (let i = 0; i < columns; i++) {
        values[i] = expand(stored[row * columns + i], largest);
      }
      return values;
    });
  }

  private entry(name: string, type: ArrayEntry['type']): ArrayEntry {
    const entry = this.entries.get(name);
    if (entry?.type !== type) {
      throw new Error(`The report holds no array ${name} of type ${type}.`);
    }
    return entry;
  }
}
