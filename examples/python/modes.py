"""The modes of a run, as `curie structure RUN --json` prints them under `groups`: a principal component analysis in ten lines of numpy.

    python3 modes.py RUN [PART]
"""

from __future__ import annotations

import json
import re
import sys

import numpy as np

import curie_run


def modes(response: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The shares of variance of the modes of components × tokens, falling, and their loadings, a row for each mode."""
    centred = response.astype(np.float64)
    centred -= centred.mean(axis=1, keepdims=True)
    variances, vectors = np.linalg.eigh(centred @ centred.T)
    variances, loadings = np.maximum(variances[::-1], 0), vectors.T[::-1].copy()
    for mode in loadings:  # The loading of largest magnitude is positive; of equal ones, the first component's counts.
        size = np.abs(mode)
        mode *= np.sign(mode[np.argmax(size >= size.max() * (1 - 1e-6))])
    return variances / variances.sum(), loadings


def groups(components: list[str]) -> dict[str, list[int]]:
    """The rows of the heads of each layer, and of all heads where there are several layers; without heads, all rows."""
    layers: dict[int, list[int]] = {}
    for row, name in enumerate(components):
        if head := re.fullmatch(r"l(\d{1,4})h\d{1,4}", name):
            layers.setdefault(int(head[1]), []).append(row)
    named = {f"l{layer}": rows for layer, rows in sorted(layers.items())} or {"components": list(range(len(components)))}
    return named | ({"heads": sorted(sum(layers.values(), []))} if len(layers) > 1 else {})


def main(folder: str, part: str | None = None) -> None:
    run = curie_run.read(folder)
    part = part or ("chi" if "chi" in run or "excess" not in run else "excess")
    found = []
    for group, rows in groups(run.components).items():
        known = [row for row in rows if np.isfinite(run[part][row]).all()]  # Where every chain was stopped, a row is NaN.
        shares, loadings = modes(run[part][known]) if known else ([], [])
        names = [run.components[row] for row in known]
        found.append({"group": group, "modes": [
            {"mode": number, "explained_variance": float(share), "loadings": dict(zip(names, map(float, loading)))}
            for number, (share, loading) in enumerate(zip(shares, loadings), start=1)]})
    print(json.dumps({"part": part, "groups": found}, indent=2))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(f"usage: {sys.argv[0]} RUN [PART]")
    try:
        main(*sys.argv[1:])
    except (curie_run.RunError, KeyError) as error:
        sys.exit(f"modes.py: {error.args[0]}")
