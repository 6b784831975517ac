"""The PyTorch side's model: two layers, attention only, pre-layer-norm, shortformer positions."""

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


class Transformer:
    """
    Weights are stored as the products want them, output × input: queries and keys as one matrix, since they share an input
    (W_qk, 2A × d, A = heads·e), and values by themselves (shortformer gives them another input).
    """

    def __init__(self, tensors, config, linear):
        self.config = config
        self.linear = linear
        t = {name: torch.from_numpy(np.array(value)) for name, value in tensors.items()}
        self.embed, self.positions = t["embed.W_E"], t["pos_embed.W_pos"]
        self.blocks = [self._block(t, f"blocks.{layer}.") for layer in range(config["n_layers"])]
        self.norm = {"w": t["ln_final.w"], "b": t["ln_final.b"]}
        self.unembed = {"w": t["unembed.W_U"].t().contiguous(), "b": t["unembed.b_U"]}
        self.mask = torch.full((config["n_ctx"], config["n_ctx"]), -math.inf).triu(1)

    @staticmethod
    def _block(t, name):
        def inward(kind):
            weight = t[f"{name}attn.W_{kind}"]
            return weight.transpose(1, 2).reshape(-1, weight.shape[1])

        return {
            "ln_w": t[name + "ln1.w"], "ln_b": t[name + "ln1.b"],
            "qk_w": torch.cat([inward("Q"), inward("K")]).contiguous(),
            "qk_b": torch.cat([t[name + "attn.b_Q"].flatten(), t[name + "attn.b_K"].flatten()]),
            "v_w": inward("V").contiguous(), "v_b": t[name + "attn.b_V"].flatten(),
            "o_w": t[name + "attn.W_O"].flatten(0, 1).t().contiguous(), "o_b": t[name + "attn.b_O"],
        }

    def parameters(self):
        """All tensors."""
        blocks = [tensor for block in self.blocks for tensor in block.values()]
        return [self.embed, self.positions, *blocks, *self.norm.values(), *self.unembed.values()]

    def attention_parameters(self, layer):
        """The tensors that hold a layer's heads."""
        return [self.blocks[layer][key] for key in ("qk_w", "qk_b", "v_w", "v_b", "o_w")]

    def head_slices(self, name):
        """The parts of a layer's attention parameters that are one head's, in Curie's order, each as Curie shapes it."""
        layer, head = (int(part) for part in name[1:].split("h"))
        e, heads, block = self.config["d_head"], self.config["n_heads"], self.blocks[layer]
        query, key = slice(head * e, (head + 1) * e), slice((heads + head) * e, (heads + head + 1) * e)
        return [
            block["qk_w"][query].t(), block["qk_w"][key].t(), block["v_w"][query].t(), block["o_w"][:, query].t(),
            block["qk_b"][query], block["qk_b"][key], block["v_b"][query],
        ]

    def flatten(self):
        """All weights in Curie's order and shapes, as one vector."""
        heads, e, d = (self.config[key] for key in ("n_heads", "d_head", "d_model"))
        parts = [self.embed, self.positions]
        for p in self.blocks:
            inward = [w.view(heads, e, d).transpose(1, 2) for w in (*p["qk_w"].chunk(2), p["v_w"])]
            parts += [p["ln_w"], p["ln_b"], *inward, p["o_w"].t(), p["qk_b"], p["v_b"], p["o_b"]]
        parts += [self.norm["w"], self.norm["b"], self.unembed["w"].t(), self.unembed["b"]]
        return torch.cat([part.reshape(-1) for part in parts]).detach().numpy()

    def enter(self, tokens):
        """What enters the first block."""
        return F.embedding(tokens, self.embed)

    def block(self, layer, x):
        """One block."""
        p, heads, e = self.blocks[layer], self.config["n_heads"], self.config["d_head"]
        rows, n, d = x.shape
        h = F.layer_norm(x, (d,), p["ln_w"], p["ln_b"], self.config["eps"])
        qk = self.linear(h + self.positions[:n], p["qk_w"], p["qk_b"]).view(rows, n, 2, heads, e).permute(2, 0, 3, 1, 4)
        v = self.linear(h, p["v_w"], p["v_b"]).view(rows, n, heads, e).transpose(1, 2)
        z = self._mix(qk[0], qk[1], v).transpose(1, 2).reshape(rows, n, heads * e)
        return x + self.linear(z, p["o_w"], p["o_b"])

    def _mix(self, q, k, v):
        if hasattr(F, "scaled_dot_product_attention"):
            return F.scaled_dot_product_attention(q, k, v, is_causal=True)
        rows, heads, n, e = q.shape
        q, k, v = (x.reshape(rows * heads, n, e) for x in (q, k, v))
        scores = torch.baddbmm(self.mask[:n, :n].expand(rows * heads, n, n), q, k.transpose(1, 2), alpha=1 / math.sqrt(e))
        return torch.bmm(scores.softmax(-1), v).view(rows, heads, n, e)

    def losses(self, tokens, first_layer=0, x=None):
        """−log p(token t+1 | tokens 0 … t), rows × (n − 1); from what enters a later block if that is given."""
        if x is None:
            x = self.enter(tokens[:, :-1])
        for layer in range(first_layer, len(self.blocks)):
            x = self.block(layer, x)
        x = F.layer_norm(x, x.shape[-1:], self.norm["w"], self.norm["b"], self.config["eps"])
        logits = self.linear(x, self.unembed["w"], self.unembed["b"])
        targets = tokens[:, 1:]
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.flatten(), reduction="none").view(targets.shape)
