"""The PyTorch side as a server: `NAME COMPONENT REPEATS` on a line, an answer in JSON on a line, both sides stay warm."""

import json
import os
import pathlib
import sys
import time

import numpy as np
import torch

from versus import safetensors
from versus.items import ITEMS, Bench
from versus.transformer import LINEAR

ROW_BATCHES = (1, 2, 4)


def seconds_of(work, budget=3.0):
    """The least of at least two runs, as many as fit in the budget: other work on the machine can only add to a time."""
    times = []
    while len(times) < 2 or sum(times) < budget:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def make_bench(folder, linear):
    workload = json.loads((folder / "workload.json").read_text())
    config = json.loads((folder / "model" / "config.json").read_text())
    return Bench(folder, workload, safetensors.read(folder / "model" / "model.safetensors"), config, LINEAR[linear])


def probe(folder):
    """Tokens per second, forward and with gradient, of one row with every kind of matrix product."""
    result = {}
    for linear in LINEAR:
        bench = make_bench(folder, linear)
        row, model = bench.rows[:1], bench.model
        parameters = [p.requires_grad_() for p in model.parameters()]
        forward = seconds_of(lambda: bench.token_losses(model, row))
        gradient = seconds_of(lambda: bench.loss_and_gradient(model, row, parameters))
        result[linear] = {"forward": forward, "gradient": gradient}
    return result


def choose_batches(bench):
    """The row batches that suit this machine, for losses and for gradients."""
    rows, model = bench.rows[:max(ROW_BATCHES)], bench.make_model()
    parameters = [p.requires_grad_() for p in model.parameters()]

    def with_batch(attribute, size, work):
        setattr(bench, attribute, size)
        return seconds_of(work)

    bench.forward_batch = min(ROW_BATCHES, key=lambda n: with_batch("forward_batch", n, lambda: bench.token_losses(model, rows)))
    bench.gradient_batch = min(
        ROW_BATCHES, key=lambda n: with_batch("gradient_batch", n, lambda: bench.loss_and_gradient(model, rows, parameters)))


def main():
    folder, linear = pathlib.Path(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    if linear == "probe":
        print(json.dumps(probe(folder)), flush=True)
        return
    bench, items = make_bench(folder, linear), {}
    choose_batches(bench)
    print(json.dumps({
        "torch": torch.__version__, "python": sys.version.split()[0], "numpy": np.__version__, "threads": torch.get_num_threads(),
        "isa": torch.backends.cpu.get_cpu_capability() if hasattr(torch.backends, "cpu") else "",
        "forward_batch": bench.forward_batch, "gradient_batch": bench.gradient_batch,
    }), flush=True)
    for line in sys.stdin:
        name, component, repeats = line.split()
        key = (name, component)
        if key not in items:
            items[key] = ITEMS[name](bench, component)
        start = time.perf_counter()
        for _ in range(int(repeats)):
            items[key].run()
        seconds = (time.perf_counter() - start) / int(repeats)
        result = items[key].result()
        if result is not None:
            np.save(folder / f"torch-{name}-{component}.npy", np.asarray(result, np.float32))
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
