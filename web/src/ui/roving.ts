const STEPS: Record<string, readonly [number, number] | undefined> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** Arrow keys move the focus over a grid of elements, of which one at a time can be reached by the tab key. */
export function rovingGrid(host: HTMLElement, cells: () => (HTMLElement | null)[][]): void {
  host.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    const grid = cells();
    const row = grid.findIndex((line) => line.includes(document.activeElement as HTMLElement));
    if (!step || row < 0) {
      return;
    }
    const column = grid[row].indexOf(document.activeElement as HTMLElement);
    const target = grid[row + step[0]]?.[column + step[1]];
    if (target) {
      event.preventDefault();
      (document.activeElement as HTMLElement).tabIndex = -1;
      target.tabIndex = 0;
      target.focus();
    }
  });
}
