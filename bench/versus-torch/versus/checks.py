"""Both sides must give the same numbers before their speeds are compared."""

import numpy as np

# Losses are about 9 nats; float32 sums of 5000 exponentials and of 256 products, taken in different orders, differ by a few units of
# 1e-6. Weights after an update are compared with the largest change that the updates made: a change of some 1e-4 is known to the
# rounding of a weight near 1 (6e-8). Training divides by √v, which turns the rounding of tiny gradients into steps of full
# size, so its losses part sooner.
TOKEN_LOSS = 5e-5
MEAN_LOSS = 1e-5
WEIGHT_CHANGE = 5e-3
TRAINING_LOSS = 2e-4


class Checks:
    """Compares result files of both sides and keeps what was found."""

    def __init__(self, folder):
        self.folder = folder
        self.found = []

    def token_losses(self, title, name, component="-"):
        curie, torch = self._load(name, component)
        self._add(title, "largest difference of a token's loss, nats", np.abs(curie - torch).max(), TOKEN_LOSS)

    def training(self):
        curie, torch = self._load("train", "-")
        self._add(
            "training", f"largest difference of the loss before a step, nats, {curie.size} steps", np.abs(curie - torch).max(), TRAINING_LOSS)

    def descent(self, component, origin):
        curie, torch = self._load("descend", component)
        title = f"{component}, an update without noise"
        self._add(title, "difference of the minibatch's loss, nats", abs(curie[0] - torch[0]), MEAN_LOSS)
        change = np.abs(torch[1:] - origin).max()
        self._add(title, "largest difference of a weight / largest change", np.abs(curie - torch)[1:].max() / change, WEIGHT_CHANGE)

    @property
    def passed(self):
        return all(value <= tolerance for _, _, value, tolerance in self.found)

    def _load(self, name, component):
        curie, torch = (np.load(self.folder / f"{side}-{name}-{component}.npy").astype(np.float64) for side in ("curie", "torch"))
        if curie.shape != torch.shape:
            raise SystemExit(f"versus-torch: {name} {component}: Curie gives {curie.shape} numbers, PyTorch {torch.shape}.")
        return curie, torch

    def _add(self, title, what, value, tolerance):
        self.found.append((title, what, float(value) if np.isfinite(value) else float("inf"), tolerance))
