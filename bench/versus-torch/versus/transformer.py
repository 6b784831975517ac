"""The PyTorch side's models, pre-layer-norm: attention only with shortformer positions, or Pythia's blocks."""

import math

import numpy as np
import torch
import torch.nn.functional as F


def linear_blas(x, weight, bias):
    return F.linear(x, weight, bias)


def linear_onednn(x, weight, bias):
    """The same product as a 1×1 convolution on channels-last data: oneDNN's kernels, without a copy of x."""
    rows = x.reshape(1, -1, 1, x.shape[-1]).permute(0, 3, 1, 2)
    y = F.conv2d(rows, weight[:, :, None, None], bias)
    return y.permute(0, 2, 3, 1).reshape(*x.shape[:-1], weight.shape[0])


LINEAR = {"BLAS": linear_blas, "oneDNN": linear_onednn}


def make(tensors, config, linear):
    """The model that a configuration describes."""
    return (ParallelTransformer if config.get("parallel_attn_mlp") else ShortformerTransformer)(tensors, config, linear)


class Transformer:
    """
    Weights are stored as the products want them, output × input: queries and keys as one matrix if they share an input, and values with
    them if they do too. ``inward`` names what a block's attention reads through, each a product of its own: ("qk", "v") or ("qkv",).
    """

    inward = ()

    def __init__(self, tensors, config, linear):
        self.config = config
        self.linear = linear
        t = {name: torch.from_numpy(np.array(value)) for name, value in tensors.items()}
        self.embed = t["embed.W_E"]
        self.positions = t.get("pos_embed.W_pos")
        self.blocks = [self._block(t, f"blocks.{layer}.") for layer in range(config["n_layers"])]
        self.norm = {"w": t["ln_final.w"], "b": t["ln_final.b"]}
        self.unembed = {"w": t["unembed.W_U"].t().contiguous(), "b": t["unembed.b_U"]}
        self.mask = torch.full((config["n_ctx"], config["n_ctx"]), -math.inf).triu(1)

    def _block(self, t, name):
        block = {"ln_w": t[name + "ln1.w"], "ln_b": t[name + "ln1.b"]}
        for kinds in self.inward:
            weights = [t[f"{name}attn.W_{kind.upper()}"].transpose(1, 2).reshape(-1, self.config["d_model"]) for kind in kinds]
            block[kinds + "_w"] = torch.cat(weights).contiguous()
            block[kinds + "_b"] = torch.cat([t[f"{name}attn.b_{kind.upper()}"].flatten() for kind in kinds])
        block["o_w"], block["o_b"] = t[name + "attn.W_O"].flatten(0, 1).t().contiguous(), t[name + "attn.b_O"]
        return block

    def parameters(self):
        """All tensors."""
        blocks = [tensor for block in self.blocks for tensor in block.values()]
        positions = [] if self.positions is None else [self.positions]
        return [self.embed, *positions, *blocks, *self.norm.values(), *self.unembed.values()]

    def component_parameters(self, name):
        """The tensors that hold a component: everything, an MLP's, or those of a layer's heads."""
        if name == "full":
            return self.parameters()
        block = self.blocks[self._layer(name)]
        if name.endswith(".mlp"):
            return [block[key] for key in ("in_w", "in_b", "out_w", "out_b")]
        return [block[kinds + kind] for kinds in self.inward for kind in ("_w", "_b")] + [block["o_w"]]

    def component_slices(self, name, tensors):
        """The parts of such tensors, or of their gradients, that are the component, in Curie's order, each as Curie shapes it."""
        if name == "full":
            return tensors
        if name.endswith(".mlp"):
            in_w, in_b, out_w, out_b = tensors
            return [in_w.t(), in_b, out_w.t(), out_b]
        e, heads, head = self.config["d_head"], self.config["n_heads"], int(name.split("h")[1])
        weights, biases = {}, {}
        for kinds, weight, bias in zip(self.inward, tensors[0::2], tensors[1::2]):
            for i, kind in enumerate(kinds):
                part = slice((i * heads + head) * e, (i * heads + head + 1) * e)
                weights[kind], biases[kind] = weight[part].t(), bias[part]
        output = tensors[-1][:, head * e:(head + 1) * e].t()
        return [weights["q"], weights["k"], weights["v"], output, biases["q"], biases["k"], biases["v"]]

    @staticmethod
    def _layer(name):
        return int(name[1:].split(".")[0].split("h")[0])

    def flatten(self):
        """All weights in Curie's order and shapes, as one vector."""
        heads, e, d = (self.config[key] for key in ("n_heads", "d_head", "d_model"))
        parts = [self.embed] + ([] if self.positions is None else [self.positions])
        for p in self.blocks:
            inward = torch.cat([p[kinds + "_w"] for kinds in self.inward]).view(3, heads, e, d).transpose(2, 3)
            parts += [p["ln_w"], p["ln_b"], inward, p["o_w"].t(), *(p[kinds + "_b"] for kinds in self.inward), p["o_b"], *self._rest(p)]
        parts += [self.norm["w"], self.norm["b"], self.unembed["w"].t(), self.unembed["b"]]
        return torch.cat([part.reshape(-1) for part in parts]).detach().numpy()

    def _rest(self, block):
        """What a block has besides attention, in Curie's order and shapes."""
        return []

    def enter(self, tokens):
        """What enters the first block."""
        return F.embedding(tokens, self.embed)

    def _normalised(self, x, weight, bias):
        return F.layer_norm(x, x.shape[-1:], weight, bias, self.config["eps"])

    def _mix(self, q, k, v):
        """Causal attention; rows × heads × positions × e each, and the result as rows × positions × (heads·e)."""
        rows, heads, n, e = q.shape
        if hasattr(F, "scaled_dot_product_attention"):
            z = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            q, k, v = (x.reshape(rows * heads, n, e) for x in (q, k, v))
            scores = torch.baddbmm(self.mask[:n, :n].expand(rows * heads, n, n), q, k.transpose(1, 2), alpha=1 / math.sqrt(e))
            z = torch.bmm(scores.softmax(-1), v).view(rows, heads, n, e)
        return z.transpose(1, 2).reshape(rows, n, heads * e)

    def losses(self, tokens, first_layer=0, x=None):
        """−log p(token t+1 | tokens 0 … t), rows × (n − 1); from what enters a later block if that is given."""
        if x is None:
            x = self.enter(tokens[:, :-1])
        for layer in range(first_layer, len(self.blocks)):
            x = self.block(layer, x)
        x = self._normalised(x, self.norm["w"], self.norm["b"])
        logits = self.linear(x, self.unembed["w"], self.unembed["b"])
        targets = tokens[:, 1:]
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.flatten(), reduction="none").view(targets.shape)


class ShortformerTransformer(Transformer):
    """Attention only; positions are added to what makes queries and keys, so values have another input."""

    inward = ("qk", "v")

    def block(self, layer, x):
        """One block."""
        p, heads, e = self.blocks[layer], self.config["n_heads"], self.config["d_head"]
        rows, n, _ = x.shape
        h = self._normalised(x, p["ln_w"], p["ln_b"])
        qk = self.linear(h + self.positions[:n], p["qk_w"], p["qk_b"]).view(rows, n, 2, heads, e).permute(2, 0, 3, 1, 4)
        v = self.linear(h, p["v_w"], p["v_b"]).view(rows, n, heads, e).transpose(1, 2)
        return x + self.linear(self._mix(qk[0], qk[1], v), p["o_w"], p["o_b"])


class ParallelTransformer(Transformer):
    """Pythia's blocks: attention and MLP read the same residual stream, and a part of each query and key is rotated."""

    inward = ("qkv",)

    def __init__(self, tensors, config, linear):
        super().__init__(tensors, config, linear)
        width = config["rotary_dim"]
        angles = torch.arange(config["n_ctx"])[:, None] * 10000.0 ** (-torch.arange(0, width, 2) / width)
        self.cos, self.sin = angles.cos().repeat(1, 2), torch.cat([-angles.sin(), angles.sin()], 1)

    def _block(self, t, name):
        return super()._block(t, name) | {
            "ln2_w": t[name + "ln2.w"], "ln2_b": t[name + "ln2.b"],
            "in_w": t[name + "mlp.W_in"].t().contiguous(), "in_b": t[name + "mlp.b_in"],
            "out_w": t[name + "mlp.W_out"].t().contiguous(), "out_b": t[name + "mlp.b_out"],
        }

    def _rest(self, block):
        return [block["ln2_w"], block["ln2_b"], block["in_w"].t(), block["in_b"], block["out_w"].t(), block["out_b"]]

    def block(self, layer, x):
        """One block."""
        p, heads, e = self.blocks[layer], self.config["n_heads"], self.config["d_head"]
        rows, n, _ = x.shape
        qkv = self.linear(self._normalised(x, p["ln_w"], p["ln_b"]), p["qkv_w"], p["qkv_b"])
        qkv = qkv.view(rows, n, 3, heads, e).permute(2, 0, 3, 1, 4)
        qk = self._rotated(qkv[:2])
        hidden = F.gelu(self.linear(self._normalised(x, p["ln2_w"], p["ln2_b"]), p["in_w"], p["in_b"]))
        return x + self.linear(self._mix(qk[0], qk[1], qkv[2]), p["o_w"], p["o_b"]) + self.linear(hidden, p["out_w"], p["out_b"])

    def _rotated(self, qk):
        """Queries and keys with their first numbers turned by the position's angles, in pairs half of them apart."""
        width, n = self.config["rotary_dim"], qk.shape[-2]
        turned, rest = qk[..., :width], qk[..., width:]
        turned = turned * self.cos[:n] + turned.roll(width // 2, -1) * self.sin[:n]
        return torch.cat([turned, rest], -1)
