export interface Head {
  layer: number;
  head: number;
}

/** The layer and head of a component's name; null for any other component. */
export function headOf(component: string): Head | null {
  const match = /^l(\d{1,4})h(\d{1,4})$/.exec(component);
  return match ? { layer: Number(match[1]), head: Number(match[2]) } : null;
}
