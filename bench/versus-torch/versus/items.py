"""The pieces of work on the PyTorch side. Each is prepared once and run any number of times."""

import numpy as np
import torch

from versus import transformer


class Bench:
    """Model, tokens and the row batches that suit this machine."""

    def __init__(self, folder, workload, tensors, config, linear):
        self.folder, self.workload = folder, workload
        self.make_model = lambda: transformer.make(tensors, config, linear)
        self.model = self.make_model()
        self.rows = torch.from_numpy(np.load(folder / "rows.npy").astype(np.int64))
        self.forward_batch = 1
        self.gradient_batch = 1

    def batch(self, step, size):
        """The rows of a step, in order."""
        return self.rows[[(step * size + i) % len(self.rows) for i in range(size)]]

    def token_losses(self, model, rows):
        """Per-token losses without a graph."""
        with torch.no_grad():
            return torch.cat([model.losses(part) for part in rows.split(self.forward_batch)])

    def loss_and_gradient(self, model, rows, parameters):
        """The mean loss, and its gradient for the given parameters."""
        count = rows.shape[0] * (rows.shape[1] - 1)
        total, gradients = 0.0, None
        for part in rows.split(self.gradient_batch):
            loss = model.losses(part).sum() / count
            new = torch.autograd.grad(loss, parameters)
            total += loss.item()
            if gradients is None:
                gradients = list(new)
            else:
                for sum_, gradient in zip(gradients, new):
                    sum_ += gradient
        return total, gradients


class TokenLoss:
    """Per-token losses of the full model."""

    def __init__(self, bench, _):
        self.bench = bench
        self.rows = bench.rows[:bench.workload["loss_rows"]]

    def run(self):
        self.losses = self.bench.token_losses(self.bench.model, self.rows)

    def result(self):
        return self.losses.numpy().ravel()


class Training:
    """AdamW steps on all parameters."""

    def __init__(self, bench, _):
        self.bench, self.model = bench, bench.make_model()
        self.parameters = [p.requires_grad_() for p in self.model.parameters()]
        work = bench.workload
        self.optimizer = torch.optim.AdamW(self.parameters, lr=work["learning_rate"], weight_decay=work["weight_decay"], foreach=True)
        self.losses = []

    def run(self):
        rows = self.bench.batch(len(self.losses), self.bench.workload["train_batch"])
        loss, gradients = self.bench.loss_and_gradient(self.model, rows, self.parameters)
        for parameter, gradient in zip(self.parameters, gradients):
            parameter.grad = gradient
        self.optimizer.step()
        self.losses.append(loss)

    def result(self):
        return np.array(self.losses, np.float32)


class ComponentLoss:
    """Per-token losses at several chains' weights of one head: the head is put in place, the model is run."""

    def __init__(self, bench, name):
        self.bench, self.model = bench, bench.make_model()
        self.slices = self.model.component_slices(name, self.model.component_parameters(name))
        self.rows = bench.rows[:bench.workload["loss_rows"]]
        self.chains = []
        for weights in torch.from_numpy(np.load(bench.folder / f"chains-{name}.npy")):
            parts = weights.split([part.numel() for part in self.slices])
            self.chains.append([part.view(target.shape) for part, target in zip(parts, self.slices)])

    def evaluate(self):
        return self.bench.token_losses(self.model, self.rows)

    def run(self):
        self.losses = []
        for chain in self.chains:
            for target, part in zip(self.slices, chain):
                target.copy_(part)
            self.losses.append(self.evaluate())

    def result(self):
        return torch.cat(self.losses).numpy().ravel()


class FrozenComponentLoss(ComponentLoss):
    """The same for a head of the last block, with what enters that block computed once, beforehand."""

    def __init__(self, bench, name):
        super().__init__(bench, name)
        self.layer = len(self.model.blocks) - 1
        with torch.no_grad():
            x = self.model.enter(self.rows[:, :-1])
            for layer in range(self.layer):
                x = self.model.block(layer, x)
        self.frozen = x

    def evaluate(self):
        size = self.bench.forward_batch
        with torch.no_grad():
            parts = zip(self.rows.split(size), self.frozen.split(size))
            return torch.cat([self.model.losses(rows, self.layer, x) for rows, x in parts])


class SamplingStep:
    """SGLD steps of one chain; gradients of the tensors that hold the component only."""

    noise = True

    def __init__(self, bench, name):
        self.bench, self.model, self.name = bench, bench.make_model(), name
        self.parameters = self.model.component_parameters(name)
        self.slices = self.model.component_slices(name, self.parameters)
        self.origins = [part.clone() for part in self.slices]
        self.losses = []

    def run(self):
        for parameter in self.parameters:
            parameter.requires_grad_()
        rows = self.bench.batch(len(self.losses), self.bench.workload["sample_batch"])
        loss, gradients = self.bench.loss_and_gradient(self.model, rows, self.parameters)
        for parameter in self.parameters:
            parameter.requires_grad_(False)
        self.losses.append(loss)
        self.update(self.model.component_slices(self.name, gradients))

    def update(self, gradients):
        work = self.bench.workload
        epsilon = work["step_size"]
        for w, gradient, origin in zip(self.slices, gradients, self.origins):
            drift = (w - origin).mul_(work["localization"]).add_(gradient, alpha=work["nbeta"])
            w.add_(drift, alpha=-epsilon / 2)
            if self.noise:
                w.add_(torch.randn(w.shape), alpha=epsilon ** 0.5)

    def result(self):
        return None


class Descent(SamplingStep):
    """The same without noise, so that both sides can be compared: losses, then the weights."""

    noise = False

    def result(self):
        weights = [self.model.flatten()] if self.name == "full" else [part.reshape(-1).numpy() for part in self.slices]
        return np.concatenate([np.array(self.losses, np.float32), *weights])


ITEMS = {
    "loss": TokenLoss, "train": Training, "component-loss": ComponentLoss, "frozen-component-loss": FrozenComponentLoss,
    "sample": SamplingStep, "descend": Descent,
}
