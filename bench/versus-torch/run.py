"""Runs Curie and PyTorch on the same work in turn, checks that both give the same numbers, and writes the ratios of their times."""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from versus import blas, report, safetensors, workload
from versus.checks import Checks
from versus.server import Server
from versus.timings import Timings

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
RUNNER = REPOSITORY / "bench" / "Curie.Versus"
def arguments():
    parser = argparse.ArgumentParser(prog="bench/versus-torch/run", description=__doc__, epilog="Example: bench/versus-torch/run --rounds 5")
    parser.add_argument("--model", choices=workload.WORKLOADS, default="shortformer", help="the shape of the model (shortformer)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each piece of work (5)")
    parser.add_argument("--experiments", type=int, default=1, help="rounds in which Curie's whole experiment of a shortformer runs too (1; 0 leaves it out)")
    parser.add_argument("--blas", help="a BLAS library (such as libopenblas.so.0) to try under PyTorch besides those that the system has")
    parser.add_argument("--out", type=pathlib.Path, help="where the table goes (bench/results/versus-torch.md or versus-torch-MODEL.md)")
    options = parser.parse_args()
    if options.out is None:
        suffix = "" if options.model == "shortformer" else f"-{options.model}"
        options.out = REPOSITORY / "bench" / "results" / f"versus-torch{suffix}.md"
    return options


def check(work, folder, timings):
    """Runs everything that can be compared on both sides, which warms it too."""
    checks = Checks(folder)
    tensors = safetensors.read(folder / "model" / "model.safetensors")
    for side in timings.servers:
        timings.warm(side, "loss")
        for component in work.heads:
            timings.warm(side, "component-loss", component)
        for component in (*work.heads, *work.others):
            timings.servers[side].run("descend", component)
    checks.token_losses("full model", "loss")
    for component in work.heads:
        checks.token_losses(f"{component}, {work.sizes['chains']} chains", "component-loss", component)
    for component in (*work.heads, *work.others):
        if component == "full":
            origin = [tensor.ravel() for tensor in tensors.values()]
        else:
            part, names = workload.component_tensors(component)
            origin = [tensors[name][part].ravel() for name in names]
        checks.descent(component, np.concatenate(origin))
    return checks


def measure(work, timings, options):
    """All rounds; the whole experiment runs in the first so many."""
    timings.servers["torch"].run("train")
    timings.servers["curie"].run("train")
    timings.warm("torch", "frozen-component-loss", work.last_head)
    for component in (*work.heads, *work.others):
        timings.warm("curie", "sample", component)
    for name in ("layer-loss", "layer-sample"):
        for component in work.heads:
            timings.warm("curie", name, component)
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", flush=True)
        timings.turn(number, "loss", "-")
        timings.turn(number, "train", "-")
        for component in work.heads:
            timings.turn(number, "component-loss", component)
        timings.measure("torch", "frozen-component-loss", work.last_head)
        for component in (*work.heads, *work.others):
            timings.turn(number, "sample", component)
        for name in ("layer-loss", "layer-sample"):
            for component in work.heads:
                timings.measure("curie", name, component)
        if work.name == "shortformer" and number < options.experiments:
            timings.measure("curie", "experiment", "-")


def experiment_seconds(work, timings, number):
    """PyTorch's whole experiment from the times of its parts in one round."""
    sizes = work.sizes
    rows = sizes["experiment_loss_rows"] + sizes["probes"] * sizes["probe_rows"]

    def part(name, component):
        return timings.seconds["torch", name, component][number]

    full_row = part("loss", "-") / sizes["loss_rows"]
    chain_row = {head: part("component-loss", head) / sizes["loss_rows"] / sizes["chains"] for head in work.heads}
    heads = work.config["n_heads"]
    draw = part("sample", "full") + rows * full_row + sum(heads * (part("sample", head) + rows * chain_row[head]) for head in work.heads)
    return rows * full_row + sizes["chains"] * sizes["draws"] * draw


def lines(work, timings):
    """The rows of the table."""
    sizes, chains, heads = work.sizes, work.sizes["chains"], work.config["n_heads"]
    loss, batch, sample = (sizes[key] * work.positions for key in ("loss_rows", "train_batch", "sample_batch"))

    def words(component):
        if component in ("full", work.last_head):
            return "full model" if component == "full" else "last-layer head"
        return component if component.endswith(".mlp") else f"head of layer {component[1:].split('h')[0]}"

    def line(letter, title, tokens, name, component, torch_name=None):
        medians = [timings.median("curie", name, component), timings.median("torch", torch_name or name, component)]
        ratios = timings.ratios(name, component, torch_name)
        return report.Line(letter, title, tokens, *medians, ratios, timings.used.get((name, component), []), work.aims.get(letter, ""))

    def layer_line(letter, name, one, head):
        which = "the last layer" if head == work.last_head else f"layer {head[1:].split('h')[0]}"
        sampling = one == "sample"
        title = (f"SGLD step, all {heads} heads of {which} in lockstep, one chain, {sizes['sample_batch']} rows" if sampling else
                 f"losses of every token at a draw, all {heads} heads of {which} in lockstep, {chains} chains, {sizes['loss_rows']} rows, "
                 "nothing kept")
        curie = timings.seconds["curie", name, head]
        torch = [heads * seconds for seconds in timings.seconds["torch", one, head]]
        return report.Line(
            letter, title, heads * (sample if sampling else chains * loss), float(np.median(curie)), float(np.median(torch)),
            [t / c for t, c in zip(torch, curie)], timings.used.get((name, head), []), work.aims.get(letter, ""),
            f" *{heads} × one head*")

    def drawn(letter, head, torch_name=None, before=""):
        title = f"losses of every token at a draw, {words(head)}, {chains} chains, {sizes['loss_rows']} rows{before}"
        return line(letter, title, chains * loss, "component-loss", head, torch_name)

    result = [
        line("a", f"losses of every token, full model, {sizes['loss_rows']} rows", loss, "loss", "-"),
        line("b", f"training step (AdamW), {sizes['train_batch']} rows", batch, "train", "-"),
        drawn("c", work.last_head),
        drawn("c′", work.last_head, "frozen-component-loss", ", and PyTorch too starts from what enters the last block"),
        *[drawn("d" + "′" * i, head) for i, head in enumerate(work.earlier_heads)],
        *[line("e" + "′" * i, f"SGLD step, {words(component)}, one chain, {sizes['sample_batch']} rows", sample, "sample", component)
          for i, component in enumerate((*work.heads, *work.others))],
    ]
    for letter, name, one in (("g", "layer-loss", "component-loss"), ("h", "layer-sample", "sample")):
        result += [layer_line(letter + "′" * i, name, one, head) for i, head in enumerate(work.heads)]
    curie = timings.seconds.get(("curie", "experiment", "-"))
    if curie:
        torch = [experiment_seconds(work, timings, number) for number in range(len(curie))]
        runs = f"{len(curie)} run" + ("s" if len(curie) > 1 else "")
        title = (
            f"experiment: {heads * work.config['n_layers']} heads and full, {chains} chains, {sizes['draws']} draws, batch "
            f"{sizes['sample_batch']}, {sizes['experiment_loss_rows']} loss rows, {sizes['probes']} probes of {sizes['probe_rows']} rows, {runs}")
        result.append(report.Line(
            "f", title, 0, float(np.median(curie)), float(np.median(torch)), [t / c for t, c in zip(torch, curie)], [],
            work.aims.get("f", ""), " *extrapolated*"))
    return result


def main():
    options = arguments()
    work = workload.WORKLOADS[options.model]
    build = ["dotnet", "build", "-c", "Release", "-v", "quiet", "--nologo", str(RUNNER)]
    if subprocess.run(build).returncode:
        raise SystemExit("versus-torch: the Curie side does not build; the compiler's message is above.")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        workload.write(work, folder)
        print("choosing PyTorch's settings", flush=True)
        library, path, linear, tried = blas.choose(folder, options.blas)
        load = [os.getloadavg()[0]]
        curie = Server(["dotnet", str(RUNNER / "bin" / "Release" / "net10.0" / "Curie.Versus.dll"), str(folder)])
        torch = Server([sys.executable, "-m", "versus.peer", str(folder), linear], blas.environment(path))
        timings = Timings(curie, torch)
        print("comparing numbers", flush=True)
        checks = check(work, folder, timings)
        if checks.passed:
            measure(work, timings, options)
            checks.training()
        curie.close()
        torch.close()
        load.append(os.getloadavg()[0])
    if not checks.passed:
        for found in checks.found:
            print("{}: {}: {:.2e}, allowed {:.0e}".format(*found), file=sys.stderr)
        raise SystemExit("versus-torch: the two sides do not give the same numbers, so no times are compared.")
    rows = lines(work, timings)
    print("\n".join(report.table(rows)))
    report.write(options.out, work, rows, checks, curie.about, torch.about, (library, linear, tried), load, options.rounds)
    print(f"The table and its conditions are in {options.out}.")


if __name__ == "__main__":
    main()
