"""Writes the float64 reference data in `data/`, which the C# implementation is tested against.

    python3 tests/reference/generate.py            # needs NumPy and PyTorch (Debian: python3-numpy, python3-torch)

Deterministic: every random number comes from NumPy's frozen RandomState streams with the seeds below, so weights and
tokens are the same everywhere; expected values may differ in the last bits of a double between builds of PyTorch.
Every weight is rounded to float32 before use, so that a float32 reader starts from the very same numbers.
README.md lists what is written.
"""

import math
import shutil
from pathlib import Path

import numpy as np
import torch

from files import write_model, write_tokens
from transformer import loss_and_gradients, parameter_shapes, token_losses

DATA = Path(__file__).parent / "data"
VOCABULARY = 61
CONTEXT = 37


def make_config(layers, act_fn, positions, d_head=6):
    """Sizes are deliberately not multiples of a vector width; d_head 7 makes heads x d_head differ from d_model."""
    config = {
        "n_layers": layers, "d_model": 30, "n_heads": 5, "d_head": d_head, "n_ctx": CONTEXT, "d_vocab": VOCABULARY,
        "attn_only": act_fn is None,
    }
    if act_fn is not None:
        config |= {"d_mlp": 52, "act_fn": act_fn}
    return config | {"normalization_type": "LN", "eps": 1e-5, "positional_embedding_type": positions}


def unigram():
    """A skewed token distribution, p(v) proportional to (v + 2)^-1.5."""
    p = (np.arange(VOCABULARY) + 2.0) ** -1.5
    return p / p.sum()


def make_tokens(seed, rows, length, successor_share=0.3):
    """Token 0 opens each row; then, with probability `successor_share`, the fixed successor of the token before,
    otherwise a draw from the unigram distribution: text with something to learn."""
    random = np.random.RandomState(seed)
    successor = np.random.RandomState(7).permutation(VOCABULARY)
    tokens = np.zeros((rows, length), dtype=np.int64)
    for row in range(rows):
        for t in range(1, length):
            follow = random.uniform() < successor_share
            tokens[row, t] = successor[tokens[row, t - 1]] if follow else random.choice(VOCABULARY, p=unigram())
    return tokens


def make_weights(config, seed, unembed_scale=1.0):
    """Random weights in which every term matters: large enough for attention to be far from uniform, non-zero biases,
    layer-norm scales away from 1. The unembedding's bias follows the unigram distribution, so that a small
    `unembed_scale` gives a model that is better than the uniform predictor."""
    random = np.random.RandomState(seed)
    d = config["d_model"]
    scale = {
        "W_E": 0.7, "W_pos": 0.5, "W_Q": 1.4 / math.sqrt(d), "W_K": 1.4 / math.sqrt(d), "W_V": 1 / math.sqrt(d),
        "W_O": 1 / math.sqrt(config["n_heads"] * config["d_head"]), "W_in": 1 / math.sqrt(d), "W_out": 0.15,
        "W_U": unembed_scale / math.sqrt(d), "w": 0.25,
    }
    weights = {}
    for name, shape in parameter_shapes(config).items():
        kind = name.split(".")[-1]
        value = random.standard_normal(shape) * scale.get(kind, 0.2)
        if kind == "w":
            value += 1
        if kind == "b_U":
            value += np.log(unigram())
        weights[name] = torch.from_numpy(value.astype(np.float32).astype(np.float64))
    return weights


def check_gradients(config, weights, tokens, gradients, seed):
    """Central differences of five entries of every parameter. With step h the error of the quotient is about
    h^2 |L'''|/6 + 1e-15/h, near 1e-9 for h = 1e-5."""
    random = np.random.RandomState(seed)
    step, worst = 1e-5, 0.0
    for name, value in weights.items():
        for index in random.randint(value.numel(), size=5):
            quotient = 0.0
            for sign in (1, -1):
                moved = value.clone().flatten()
                moved[index] += sign * step
                there = weights | {name: moved.reshape(value.shape)}
                quotient += sign * token_losses(config, there, tokens).mean().item() / (2 * step)
            worst = max(worst, abs(quotient - gradients[name].flatten()[index].item()))
    if worst > 2e-9:
        raise SystemExit(f"finite differences disagree with the gradient by {worst:.2e}")
    return worst


def write_transformer_cases():
    cases = [
        (1, "relu", "standard"), (1, "gelu", "shortformer"), (1, None, "standard"), (1, None, "shortformer"),
        (2, "gelu_new", "standard"), (2, "relu", "shortformer"), (2, None, "standard"), (2, None, "shortformer"),
        (3, "gelu", "standard"), (3, "gelu_new", "shortformer"), (3, None, "standard"), (3, None, "shortformer"),
    ]
    for number, (layers, act_fn, positions) in enumerate(cases):
        seed = 100 + number
        wide = layers == 2 and act_fn is None
        short = layers == 1 and act_fn is None
        config = make_config(layers, act_fn, positions, d_head=7 if wide else 6)
        weights = make_weights(config, seed)
        tokens = make_tokens(seed, rows=3, length=23 if short else CONTEXT)
        loss, gradients = loss_and_gradients(config, weights, tokens)
        worst = check_gradients(config, weights, tokens, gradients, seed)

        folder = DATA / "transformer" / f"{layers}-{act_fn or 'attention'}-{positions}"
        write_model(folder / "model", config, weights)
        write_tokens(folder / "tokens.npy", tokens)
        np.savez(
            folder / "expected.npz",
            losses=token_losses(config, weights, tokens).numpy(),
            **{f"gradient/{name}": value.numpy() for name, value in gradients.items()},
        )
        print(f"{folder.name}: loss {loss:.6f}, finite differences agree to {worst:.1e}")


def write_training_case(name, config, seed):
    """AdamW as in Loshchilov and Hutter (2019), decoupled decay on every parameter."""
    rows, batch, steps = 10, 4, 24
    weights = make_weights(config, seed, unembed_scale=0.3)
    tokens = make_tokens(seed, rows, CONTEXT)
    folder = DATA / "training" / name
    write_model(folder / "model", config, weights)
    write_tokens(folder / "tokens.npy", tokens)
    (folder / "train.yaml").write_text(
        f"model: {{init: model}}\ndata: tokens.npy\nout: run\nseed: 1\nsteps: {steps}\nbatch_size: {batch}\norder: sequential\n"
        "learning_rate: 1.0e-3\nbetas: [0.9, 0.999]\neps: 1.0e-8\nweight_decay: 0.05\nwarmup_steps: 0\n")

    leaves = {key: value.clone().requires_grad_(True) for key, value in weights.items()}
    optimiser = torch.optim.AdamW(list(leaves.values()), lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.05)
    losses = []
    for step in range(steps):
        loss = token_losses(config, leaves, tokens[(step * batch + np.arange(batch)) % rows]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())

    norms = {key: value.detach().norm().item() for key, value in leaves.items()}
    np.savez(
        folder / "expected.npz",
        loss=np.array(losses),
        final_norm=math.sqrt(sum(norm ** 2 for norm in norms.values())),
        **{f"norm/{key}": norm for key, norm in norms.items()},
    )
    print(f"{name}: loss {losses[0]:.6f} -> {losses[-1]:.6f}")


def component_masks(weights, component):
    """Name -> slice that may move. A head is slice h of W_Q, W_K, W_V, W_O, b_Q, b_K, b_V."""
    if component == "full":
        return {name: slice(None) for name in weights}
    layer, head = (int(part) for part in component[1:].split("h"))
    return {f"blocks.{layer}.attn.{kind}": head for kind in ("W_Q", "W_K", "W_V", "W_O", "b_Q", "b_K", "b_V")}


def run_chain(config, start, component, pile, probe_rows, s):
    """Noise-free SGLD restricted to one component; P and the probe losses after every kept update."""
    weights = {name: value.clone() for name, value in start.items()}
    masks = component_masks(weights, component)
    mean_losses, probe_losses = [], []
    for step in range(s["burn_in"] + s["draws"] * s["steps_between_draws"]):
        batch = pile[(step * s["batch_size"] + np.arange(s["batch_size"])) % len(pile)]
        _, gradients = loss_and_gradients(config, weights, batch)
        for name, part in masks.items():
            pull = s["localization"] * (weights[name][part] - start[name][part])
            weights[name][part] -= s["step_size"] / 2 * (s["nbeta"] * gradients[name][part] + pull)
        after = step + 1 - s["burn_in"]
        if after > 0 and after % s["steps_between_draws"] == 0:
            mean_losses.append(token_losses(config, weights, pile[: s["loss_rows"]]).mean().item())
            probe_losses.append(token_losses(config, weights, probe_rows).flatten().numpy())
    return np.array(mean_losses), np.array(probe_losses)


def write_susceptibility_case(name, config, components, seed):
    """The two-run estimator and its parts, from one deterministic chain per component (pooled means over draws)."""
    settings = {
        "step_size": 6e-3, "nbeta": 100, "localization": 10, "noise_level": 0, "batch_size": 3, "order": "sequential",
        "chains": 1, "draws": 12, "burn_in": 2, "steps_between_draws": 2, "loss_rows": 7,
    }
    probe_sizes = {"near": (3, 3, 0.3), "far": (4, 2, 0.0)}  # rows in the file, rows used, share of successors
    weights = make_weights(config, seed, unembed_scale=0.5)
    pile = make_tokens(seed, rows=10, length=CONTEXT)
    probes = {probe: make_tokens(seed + 1 + i, rows, CONTEXT, share)
              for i, (probe, (rows, _, share)) in enumerate(probe_sizes.items())}
    probe_rows = np.concatenate([probes[probe][:used] for probe, (_, used, _) in probe_sizes.items()])

    folder = DATA / "susceptibility" / name
    write_model(folder / "model", config, weights)
    write_tokens(folder / "pile.npy", pile)
    lines = ["model: model", "seed: 1", "sampling:", "  data: pile.npy",
             f"  components: [full, {', '.join(components)}]", "  sampler: sgld"]
    lines += [f"  {key}: {value}" for key, value in settings.items()] + ["probes:"]
    for probe, (rows, used, _) in probe_sizes.items():
        write_tokens(folder / f"{probe}.npy", probes[probe])
        lines += [f"  - name: {probe}", f"    data: {probe}.npy"] + ([f"    rows: {used}"] if used < rows else [])
    (folder / "experiment.yaml").write_text("\n".join(lines) + "\n")

    init_mean = token_losses(config, weights, pile[: settings["loss_rows"]]).mean().item()
    init_loss = token_losses(config, weights, probe_rows).flatten().numpy()
    assert init_mean < math.log(VOCABULARY), "w* must be better than the uniform predictor"
    runs = {c: run_chain(config, weights, c, pile, probe_rows, settings) for c in ["full", *components]}

    full_mean, full_losses = runs["full"]
    delta = full_mean.mean() - full_losses.mean(0)
    parts = {key: [] for key in ("chi", "covariance", "renormalization", "shift")}
    for component in components:
        mean, losses = runs[component]
        phi, excess = mean - init_mean, losses - mean[:, None]
        parts["chi"].append((phi[:, None] * (-excess - delta)).mean(0))
        parts["covariance"].append(-(phi[:, None] * excess).mean(0) + phi.mean() * excess.mean(0))
        parts["shift"].append(excess.mean(0))
        parts["renormalization"].append(phi.mean() * (-delta - excess.mean(0)))
        print(f"{name} {component}: phi {phi.min():.4f} to {phi.max():.4f}; typical size of "
              + ", ".join(f"{key} {np.abs(values[-1]).mean():.2e}" for key, values in parts.items()))
    parts = {key: np.array(values) for key, values in parts.items()}
    assert np.allclose(parts["chi"], parts["covariance"] + parts["renormalization"], rtol=0, atol=1e-13)

    per_row = CONTEXT - 1
    used_rows = [(number, row) for number, (_, used, _) in enumerate(probe_sizes.values()) for row in range(used)]
    np.savez(
        folder / "expected.npz",
        **parts,
        full_shift=-delta,
        token_probe=np.repeat([number for number, _ in used_rows], per_row),
        token_row=np.repeat([row for _, row in used_rows], per_row),
        token_position=np.tile(np.arange(per_row), len(used_rows)),
        token_id=probe_rows[:, 1:].flatten(),
        init_loss=init_loss,
        init_loss_mean=init_mean,
        trace_loss=np.array([mean for mean, _ in runs.values()])[:, None, :],
    )


def main():
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    shutil.rmtree(DATA, ignore_errors=True)
    write_transformer_cases()
    write_training_case("2-attention-shortformer", make_config(2, None, "shortformer"), seed=200)
    write_training_case("2-gelu-standard", make_config(2, "gelu", "standard"), seed=201)
    write_susceptibility_case(
        "3-attention-shortformer", make_config(3, None, "shortformer"), ["l0h1", "l1h2", "l2h4"], seed=300)
    write_susceptibility_case("2-gelu-standard", make_config(2, "gelu", "standard"), ["l0h1", "l1h4"], seed=310)


if __name__ == "__main__":
    main()
