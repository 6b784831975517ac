"""What both sides compute: sizes, weights and tokens, written once into a folder that both read."""

import dataclasses
import json
import pathlib

import numpy as np

from versus import safetensors


@dataclasses.dataclass(frozen=True)
class Workload:
    """A model's shape, the heads that are compared, the sizes of the work, and the ratios aimed at by letter."""

    name: str
    title: str
    config: dict
    last_head: str
    earlier_heads: tuple
    others: tuple
    sizes: dict
    aims: dict

    @property
    def heads(self):
        """All heads that are compared, the last layer's first."""
        return (self.last_head, *self.earlier_heads)

    @property
    def positions(self):
        """The predicted tokens of a row."""
        return self.config["n_ctx"] - 1

    @property
    def parallel(self):
        """Whether blocks have an MLP beside attention, and rotated queries and keys, as Pythia's do."""
        return self.config.get("parallel_attn_mlp", False)

    def shapes(self):
        """Every tensor's name and shape, in Curie's order."""
        d, heads, e, vocab = (self.config[key] for key in ("d_model", "n_heads", "d_head", "d_vocab"))
        result = {"embed.W_E": (vocab, d)}
        if not self.parallel:
            result["pos_embed.W_pos"] = (self.config["n_ctx"], d)
        for layer in range(self.config["n_layers"]):
            block = f"blocks.{layer}."
            result |= {block + "ln1.w": (d,), block + "ln1.b": (d,)}
            result |= {block + f"attn.W_{kind}": (heads, d, e) for kind in "QKV"}
            result |= {block + "attn.W_O": (heads, e, d)}
            result |= {block + f"attn.b_{kind}": (heads, e) for kind in "QKV"}
            result |= {block + "attn.b_O": (d,)}
            if self.parallel:
                hidden = self.config["d_mlp"]
                result |= {block + "ln2.w": (d,), block + "ln2.b": (d,)}
                result |= {block + "mlp.W_in": (d, hidden), block + "mlp.b_in": (hidden,)}
                result |= {block + "mlp.W_out": (hidden, d), block + "mlp.b_out": (d,)}
        return result | {"ln_final.w": (d,), "ln_final.b": (d,), "unembed.W_U": (d, vocab), "unembed.b_U": (vocab,)}


SHORTFORMER = Workload(
    name="shortformer",
    title="Two layers, attention only, d_model 256, 8 heads of 32, n_ctx 1024, d_vocab 5000, shortformer positions, 3.36 million parameters",
    config={
        "n_layers": 2, "d_model": 256, "n_heads": 8, "d_head": 32, "n_ctx": 1024, "d_vocab": 5000, "attn_only": True,
        "normalization_type": "LN", "eps": 1e-5, "positional_embedding_type": "shortformer",
    },
    last_head="l1h3",
    earlier_heads=("l0h3",),
    others=("full",),
    sizes={
        "rows": 32, "loss_rows": 8,
        "train_batch": 8, "learning_rate": 1e-3, "weight_decay": 0.05,
        "sample_batch": 16, "step_size": 1e-3, "nbeta": 30.0, "localization": 300.0,
        "chains": 4, "draws": 2, "experiment_loss_rows": 8, "probes": 3, "probe_rows": 4,
    },
    aims={"a": "8", "b": "5", "c": "75", "d": "11", "e": "15", "f": "16"},
)

PYTHIA = Workload(
    name="pythia",
    title="The shape of Pythia-14M: six layers, attention and MLP side by side, d_model 128, 4 heads of 32, d_mlp 512, rotary positions "
          "on a quarter of each head, n_ctx 512, d_vocab 50304, 14.1 million parameters",
    config={
        "n_layers": 6, "d_model": 128, "n_heads": 4, "d_head": 32, "n_ctx": 512, "d_vocab": 50304, "d_mlp": 512, "act_fn": "gelu",
        "normalization_type": "LN", "eps": 1e-5, "positional_embedding_type": "rotary", "rotary_dim": 8, "parallel_attn_mlp": True,
    },
    last_head="l5h1",
    earlier_heads=("l0h1", "l3h1"),
    others=("l3.mlp", "full"),
    sizes={
        "rows": 16, "loss_rows": 4,
        "train_batch": 4, "learning_rate": 1e-3, "weight_decay": 0.05,
        "sample_batch": 4, "step_size": 1e-3, "nbeta": 30.0, "localization": 300.0,
        "chains": 2, "draws": 2, "experiment_loss_rows": 4, "probes": 2, "probe_rows": 4,
    },
    aims={"a": "4", "d": "4", "d′": "4", "g": "10", "g′": "4", "g′′": "4", "h": "10", "h′": "4", "h′′": "4"},
)

WORKLOADS = {work.name: work for work in (SHORTFORMER, PYTHIA)}


def component_tensors(name):
    """The tensors of a head such as l1h3, or of an MLP such as l3.mlp, in Curie's order, and the head's index in each (all of an MLP's)."""
    if name.endswith(".mlp"):
        block = f"blocks.{int(name[1:-len('.mlp')])}.mlp."
        return slice(None), [block + kind for kind in ("W_in", "b_in", "W_out", "b_out")]
    layer, head = (int(part) for part in name[1:].split("h"))
    kinds = ("W_Q", "W_K", "W_V", "W_O", "b_Q", "b_K", "b_V")
    return head, [f"blocks.{layer}.attn.{kind}" for kind in kinds]


def write(work, folder):
    """Writes model, tokens, the chains' weights and workload.json, all from fixed seeds."""
    folder = pathlib.Path(folder)
    (folder / "model").mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    tensors = {name: _initial(work, random, name, shape) for name, shape in work.shapes().items()}
    (folder / "model" / "config.json").write_text(json.dumps(work.config))
    safetensors.write(folder / "model" / "model.safetensors", tensors)
    np.save(folder / "rows.npy", _tokens(work, random))
    for name in work.heads:
        head, names = component_tensors(name)
        origin = np.concatenate([tensors[tensor][head].ravel() for tensor in names])
        noise = random.normal(0, 0.02, (work.sizes["chains"], origin.size))
        np.save(folder / f"chains-{name}.npy", (origin + noise).astype(np.float32))
    (folder / "workload.json").write_text(json.dumps(work.sizes))


def _initial(work, random, name, shape):
    """
    Weights of a size that makes attention uneven and every term count. The unembedding's bias knows how frequent tokens are: the model is
    untrained, but better than the uniform predictor, below which a chain would be stopped.
    """
    kind = name.rsplit(".", 1)[1]
    if kind == "b_U":
        return np.log(_frequencies(work) * work.config["d_vocab"]).astype(np.float32)
    scale = 0.8 / np.sqrt(work.config["d_model"]) * (3 if kind in ("W_Q", "W_K") else 1) if kind.startswith("W_") else 0.05
    return (random.normal(0, scale, shape) + (1 if kind == "w" else 0)).astype(np.float32)


def _frequencies(work):
    """About as in text: ∝ 1/(rank + 10)."""
    weight = 1 / (np.arange(work.config["d_vocab"]) + 10)
    return weight / weight.sum()


def _tokens(work, random):
    shape = (work.sizes["rows"], work.config["n_ctx"])
    return random.choice(work.config["d_vocab"], shape, p=_frequencies(work)).astype(np.uint16)
