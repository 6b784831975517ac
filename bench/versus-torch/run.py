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
LAST, FIRST = workload.LAST_HEAD, workload.FIRST_HEAD

# What both sides run in every round: name, component, PyTorch's name where it differs.
WORK = [
    ("loss", "-", None), ("train", "-", None),
    ("component-loss", LAST, None), ("component-loss", FIRST, None),
    ("sample", LAST, None), ("sample", FIRST, None), ("sample", "full", None),
    ("component-loss", LAST, "frozen-component-loss"),
]

# What Curie does for all heads of a layer in lockstep, and PyTorch for one head after another.
LAYERS = [("layer-loss", "component-loss", LAST), ("layer-loss", "component-loss", FIRST), ("layer-sample", "sample", LAST), ("layer-sample", "sample", FIRST)]


def arguments():
    parser = argparse.ArgumentParser(prog="bench/versus-torch/run", description=__doc__, epilog="Example: bench/versus-torch/run --rounds 5")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each piece of work (5)")
    parser.add_argument("--experiments", type=int, default=1, help="rounds in which Curie's whole experiment runs too (1; 0 leaves it out)")
    parser.add_argument("--blas", help="a BLAS library (such as libopenblas.so.0) to try under PyTorch besides those that the system has")
    parser.add_argument("--out", type=pathlib.Path, default=REPOSITORY / "bench" / "results" / "versus-torch.md", help="where the table goes")
    return parser.parse_args()


def check(folder, timings):
    """Runs everything that can be compared on both sides, which warms it too."""
    checks = Checks(folder)
    tensors = safetensors.read(folder / "model" / "model.safetensors")
    for side in timings.servers:
        timings.warm(side, "loss")
        for component in (LAST, FIRST):
            timings.warm(side, "component-loss", component)
        for component in (LAST, FIRST, "full"):
            timings.servers[side].run("descend", component)
    checks.token_losses("full model", "loss")
    for component in (LAST, FIRST):
        checks.token_losses(f"{component}, 4 chains", "component-loss", component)
        head, names = workload.head_tensors(component)
        checks.descent(component, np.concatenate([tensors[name][head].ravel() for name in names]))
    checks.descent("full", np.concatenate([tensor.ravel() for tensor in tensors.values()]))
    return checks


def measure(timings, options):
    """All rounds; the whole experiment runs in the first so many."""
    timings.servers["torch"].run("train")
    timings.servers["curie"].run("train")
    timings.warm("torch", "frozen-component-loss", LAST)
    for component in (LAST, FIRST, "full"):
        timings.warm("curie", "sample", component)
    for name, _, component in LAYERS:
        timings.warm("curie", name, component)
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", flush=True)
        for name, component, torch_name in WORK:
            if torch_name:
                timings.measure("torch", torch_name, component)
            else:
                timings.turn(number, name, component)
        for name, _, component in LAYERS:
            timings.measure("curie", name, component)
        if number < options.experiments:
            timings.measure("curie", "experiment", "-")


def experiment_seconds(timings, number):
    """PyTorch's whole experiment from the times of its parts in one round."""
    work = workload.WORKLOAD
    rows = work["experiment_loss_rows"] + work["probes"] * work["probe_rows"]

    def part(name, component):
        return timings.seconds["torch", name, component][number]

    full_row = part("loss", "-") / work["loss_rows"]
    chain_row = {head: part("component-loss", head) / work["loss_rows"] / work["chains"] for head in (LAST, FIRST)}
    heads = workload.CONFIG["n_heads"]
    draw = part("sample", "full") + rows * full_row + sum(heads * (part("sample", head) + rows * chain_row[head]) for head in (LAST, FIRST))
    return rows * full_row + work["chains"] * work["draws"] * draw


def lines(timings, options):
    """The rows of the table."""
    work, positions = workload.WORKLOAD, workload.CONFIG["n_ctx"] - 1
    loss, batch, sample = (work[key] * positions for key in ("loss_rows", "train_batch", "sample_batch"))

    def line(letter, title, tokens, name, component, aim, torch_name=None):
        medians = [timings.median("curie", name, component), timings.median("torch", torch_name or name, component)]
        return (letter, title, tokens, *medians, timings.ratios(name, component, torch_name), aim, "")

    def layer_line(letter, name, one, head):
        heads = workload.CONFIG["n_heads"]
        which = "last" if head == LAST else "first"
        sampling = one == "sample"
        title = (f"SGLD step, all {heads} heads of the {which} layer in lockstep, one chain, {work['sample_batch']} rows" if sampling else
                 f"losses of every token at a draw, all {heads} heads of the {which} layer in lockstep, {work['chains']} chains, {work['loss_rows']} rows, nothing kept")
        curie = timings.seconds["curie", name, head]
        torch = [heads * seconds for seconds in timings.seconds["torch", one, head]]
        tokens = heads * (sample if sampling else work["chains"] * loss)
        return (letter, title, tokens, float(np.median(curie)), float(np.median(torch)), [t / c for t, c in zip(torch, curie)], "", " *8 × one head*")

    result = [
        line("a", f"losses of every token, full model, {work['loss_rows']} rows", loss, "loss", "-", "8"),
        line("b", f"training step (AdamW), {work['train_batch']} rows", batch, "train", "-", "5"),
        line("c", f"losses of every token at a draw, last-layer head, 4 chains, {work['loss_rows']} rows", 4 * loss, "component-loss", LAST, "75"),
        line("c′", "as c, and PyTorch too starts from what enters the last block", 4 * loss, "component-loss", LAST, "", "frozen-component-loss"),
        line("d", f"losses of every token at a draw, first-layer head, 4 chains, {work['loss_rows']} rows", 4 * loss, "component-loss", FIRST, "11"),
        line("e", f"SGLD step, last-layer head, one chain, {work['sample_batch']} rows", sample, "sample", LAST, "15"),
        line("e′", f"SGLD step, first-layer head, one chain, {work['sample_batch']} rows", sample, "sample", FIRST, ""),
        line("e″", f"SGLD step, full model, one chain, {work['sample_batch']} rows", sample, "sample", "full", ""),
    ]
    result += [layer_line(letter, *names) for letter, names in zip(("g", "g′", "h", "h′"), LAYERS)]
    if options.experiments:
        curie = timings.seconds["curie", "experiment", "-"]
        torch = [experiment_seconds(timings, number) for number in range(len(curie))]
        runs = f"{len(curie)} run" + ("s" if len(curie) > 1 else "")
        title = (
            f"experiment: 16 heads and full, {work['chains']} chains, {work['draws']} draws, batch {work['sample_batch']}, "
            f"{work['experiment_loss_rows']} loss rows, {work['probes']} probes of {work['probe_rows']} rows, {runs}")
        result.append(
            ("f", title, 0, float(np.median(curie)), float(np.median(torch)), [t / c for t, c in zip(torch, curie)], "16", " *extrapolated*"))
    return result


def main():
    options = arguments()
    build = ["dotnet", "build", "-c", "Release", "-v", "quiet", "--nologo", str(RUNNER)]
    if subprocess.run(build).returncode:
        raise SystemExit("versus-torch: the Curie side does not build; the compiler's message is above.")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        workload.write(folder)
        print("choosing PyTorch's settings", flush=True)
        library, path, linear, tried = blas.choose(folder, options.blas)
        load = [os.getloadavg()[0]]
        curie = Server(["dotnet", str(RUNNER / "bin" / "Release" / "net10.0" / "Curie.Versus.dll"), str(folder)])
        torch = Server([sys.executable, "-m", "versus.peer", str(folder), linear], blas.environment(path))
        timings = Timings(curie, torch)
        print("comparing numbers", flush=True)
        checks = check(folder, timings)
        if checks.passed:
            measure(timings, options)
            checks.training()
        curie.close()
        torch.close()
        load.append(os.getloadavg()[0])
    if not checks.passed:
        for found in checks.found:
            print("{}: {}: {:.2e}, allowed {:.0e}".format(*found), file=sys.stderr)
        raise SystemExit("versus-torch: the two sides do not give the same numbers, so no times are compared.")
    rows = lines(timings, options)
    print("\n".join(report.table(rows)))
    report.write(options.out, rows, checks, curie.about, torch.about, (library, linear, tried), load, options.rounds)
    print(f"The table and its conditions are in {options.out}.")


if __name__ == "__main__":
    main()
