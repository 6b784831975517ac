/** A cell of a table: its text, and the number and standard error that it stands for; undefined where it stands for none. */
export interface CellSource {
  text: string;
  value?: number | null | undefined;
  error?: number | null | undefined;
}

type Field = string | number | null;

/**
 * The lines of a CSV file of a table whose first row is its head. A column with errors is followed by one of these; a matrix has a line for
 * every cell.
 */
export function tableRows(rows: readonly (readonly CellSource[])[], matrix: boolean): Field[][] {
  const [head = [], ...body] = rows;
  if (matrix) {
    return [
      ['row', 'column', 'value', 'standard_error'],
      ...body.flatMap(([name, ...cells]) =>
        cells.map((cell, i): Field[] => [
          name?.text ?? '',
          head[i + 1]?.text ?? '',
          cell.value === undefined ? cell.text : cell.value,
          cell.error ?? null,
        ]),
      ),
    ];
  }
  const withErrors = head.map((_, column) => body.some((row) => row[column]?.error !== undefined));
  const spread = <T>(row: readonly CellSource[], field: (cell: CellSource) => T, error: (cell: CellSource) => T): T[] =>
    row.flatMap((cell, column) => (withErrors[column] ? [field(cell), error(cell)] : [field(cell)]));
  return [
    spread<Field>(
      head,
      (cell) => cell.text,
      (cell) => `${cell.text}, standard error`,
    ),
    ...body.map((row) =>
      spread<Field>(
        row,
        (cell) => (cell.value === undefined ? cell.text : cell.value),
        (cell) => cell.error ?? null,
      ),
    ),
  ];
}
