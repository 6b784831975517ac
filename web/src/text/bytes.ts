/** The bytes that hexadecimal digits stand for. */
export function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** Bytes as a reader of a dump knows them: E2 94. */
export function hexText(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}

/** What stands for a token that only continues the character of the token before it. */
export const CONTINUED = '‿';

/** How many bytes a character takes that begins with this one; 0 where none does. */
function lengthOf(lead: number): number {
  return lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 ? 4 : 0;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(bytes: readonly number[]): string | null {
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

/**
 * The texts of neighbouring tokens that are pieces of characters: each character stands with the token that holds its first byte, a token
 * that only continues one has `CONTINUED`, and bytes that belong to no character are one replacement character each.
 */
export function joinPieces(pieces: readonly Uint8Array[]): string[] {
  const bytes = pieces.flatMap((piece) => [...piece]);
  const owner = pieces.flatMap((piece, i) => Array.from(piece, () => i));
  const texts = pieces.map(() => '');
  for (let at = 0; at < bytes.length;) {
    const length = lengthOf(bytes[at]);
    const character = length > 0 && at + length <= bytes.length ? decoded(bytes.slice(at, at + length)) : null;
    texts[owner[at]] += character ?? '\uFFFD';
    at += character === null ? 1 : length;
  }
  return texts.map((text) => (text === '' ? CONTINUED : text));
}
