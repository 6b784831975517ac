import type { Part, PartName, ResponsePayload } from './payload';

/** What the page calls a part that the run holds. */
export function partOf(payload: Pick<ResponsePayload, 'parts'>, name: PartName): Part {
  const part = payload.parts.find((held) => held.name === name);
  if (!part) {
    throw new Error(`The report does not hold ${name}.`);
  }
  return part;
}

/** Whether the run holds a part. */
export function holds(payload: Pick<ResponsePayload, 'parts'>, name: PartName): boolean {
  return payload.parts.some((part) => part.name === name);
}
