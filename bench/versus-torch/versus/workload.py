"""What both sides compute: sizes, weights and tokens, written once into a folder that both read."""

import json
import pathlib

import numpy as np

from versus import safetensors

CONFIG = {
    "n_layers": 2, "d_model": 256, "n_heads": 8, "d_head": 32, "n_ctx": 1024, "d_vocab": 5000, "attn_only": True,
    "normalization_type": "LN", "eps": 1e-5, "positional_embedding_type": "shortformer",
}
LAST_HEAD = "l1h3"
FIRST_HEAD = "l0h3"
WORKLOAD = {
    "loss_rows": 8,
    "train_batch": 8, "learning_rate": 1e-3, "weight_decay": 0.05,
    "sample_batch": 16, "step_size": 1e-3, "nbeta": 30.0, "localization": 300.0,
    "chains": 4, "draws": 2, "experiment_loss_rows": 8, "probes": 3, "probe_rows": 4,
}
ROWS = 32


def shapes():
    """Every tensor's name and shape, in Curie's order."""
    d, heads, e, vocab = (CONFIG[key] for key in ("d_model", "n_heads", "d_head", "d_vocab"))
    result = {"embed.W_E": (vocab, d), "pos_embed.W_pos": (CONFIG["n_ctx"], d)}
    for layer in range(CONFIG["n_layers"]):
        block = f"blocks.{layer}."
        result |= {block + "ln1.w": (d,), block + "ln1.b": (d,)}
        result |= {block + f"attn.W_{kind}": (heads, d, e) for kind in "QKV"}
        result |= {block + "attn.W_O": (heads, e, d)}
        result |= {block + f"attn.b_{kind}": (heads, e) for kind in "QKV"}
        result |= {block + "attn.b_O": (d,)}
    return result | {"ln_final.w": (d,), "ln_final.b": (d,), "unembed.W_U": (d, vocab), "unembed.b_U": (vocab,)}


def head_tensors(name):
    """The block prefix, the head and the tensors of a component such as l1h3, in Curie's order."""
    layer, head = (int(part) for part in name[1:].split("h"))
    kinds = ("W_Q", "W_K", "W_V", "W_O", "b_Q", "b_K", "b_V")
    return head, [f"blocks.{layer}.attn.{kind}" for kind in kinds]


def write(folder):
    """Writes model, tokens, the chains' weights and workload.json, all from fixed seeds."""
    folder = pathlib.Path(folder)
    (folder / "model").mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    tensors = {name: _initial(random, name, shape) for name, shape in shapes().items()}
    (folder / "model" / "config.json").write_text(json.dumps(CONFIG))
    safetensors.write(folder / "model" / "model.safetensors", tensors)
    np.save(folder / "rows.npy", _tokens(random))
    for name in (LAST_HEAD, FIRST_HEAD):
        head, names = head_tensors(name)
        origin = np.concatenate([tensors[tensor][head].ravel() for tensor in names])
        noise = random.normal(0, 0.02, (WORKLOAD["chains"], origin.size))
        np.save(folder / f"chains-{name}.npy", (origin + noise).astype(np.float32))
    (folder / "workload.json").write_text(json.dumps(WORKLOAD))


def _initial(random, name, shape):
    """
    Weights of a size that makes attention uneven and every term count. The unembedding's bias knows how frequent tokens are: the model is
    untrained, but better than the uniform predictor, below which a chain would be stopped.
    """
    kind = name.rsplit(".", 1)[1]
    if kind == "b_U":
        return np.log(_frequencies() * CONFIG["d_vocab"]).astype(np.float32)
    scale = 0.8 / np.sqrt(CONFIG["d_model"]) * (3 if kind in ("W_Q", "W_K") else 1) if kind.startswith("W_") else 0.05
    return (random.normal(0, scale, shape) + (1 if kind == "w" else 0)).astype(np.float32)


def _frequencies():
    """About as in text: ∝ 1/(rank + 10)."""
    weight = 1 / (np.arange(CONFIG["d_vocab"]) + 10)
    return weight / weight.sum()


def _tokens(random):
    return random.choice(CONFIG["d_vocab"], (ROWS, CONFIG["n_ctx"]), p=_frequencies()).astype(np.uint16)
