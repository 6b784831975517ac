"""A plain float64 transformer, written for checking and not for speed.

Pre-layer-norm decoder with TransformerLens's parameter names, shapes and conventions. With d = d_model, e = d_head:

    x_0     = W_E[token]                                  (+ W_pos[0..T-1] when positions are `standard`)
    n       = LN1(x)
    q, k    = (n + P) W_Q + b_Q, (n + P) W_K + b_K        P = W_pos[0..T-1] for `shortformer`, else 0
    v       = n W_V + b_V
    x      += sum over heads softmax(q k' / sqrt(e), causal) v W_O + b_O
    x      += act(LN2(x) W_in + b_in) W_out + b_out       unless attn_only
    logits  = LN_final(x) W_U + b_U
    LN(x)   = (x - mean x) / sqrt(mean (x - mean x)^2 + eps) * w + b
"""

import math

import torch


def parameter_shapes(config):
    """Name -> shape, in the order in which the parameters are drawn and stored."""
    d, heads, e = config["d_model"], config["n_heads"], config["d_head"]
    shapes = {"embed.W_E": (config["d_vocab"], d), "pos_embed.W_pos": (config["n_ctx"], d)}
    for layer in range(config["n_layers"]):
        block = f"blocks.{layer}."
        shapes |= {block + "ln1.w": (d,), block + "ln1.b": (d,)}
        shapes |= {block + f"attn.W_{m}": (heads, d, e) for m in "QKV"}
        shapes |= {block + "attn.W_O": (heads, e, d)}
        shapes |= {block + f"attn.b_{m}": (heads, e) for m in "QKV"}
        shapes |= {block + "attn.b_O": (d,)}
        if not config["attn_only"]:
            shapes |= {block + "ln2.w": (d,), block + "ln2.b": (d,)}
            shapes |= {block + "mlp.W_in": (d, config["d_mlp"]), block + "mlp.b_in": (config["d_mlp"],)}
            shapes |= {block + "mlp.W_out": (config["d_mlp"], d), block + "mlp.b_out": (d,)}
    shapes |= {"ln_final.w": (d,), "ln_final.b": (d,)}
    shapes |= {"unembed.W_U": (d, config["d_vocab"]), "unembed.b_U": (config["d_vocab"],)}
    return shapes


def layer_norm(x, w, b, eps):
    centred = x - x.mean(-1, keepdim=True)
    return centred / torch.sqrt((centred ** 2).mean(-1, keepdim=True) + eps) * w + b


def activation(name, x):
    if name == "relu":
        return torch.clamp(x, min=0)
    if name == "gelu":
        return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))
    if name == "gelu_new":
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))
    raise ValueError(name)


def attention(config, weights, block, x, positions):
    length = x.shape[1]
    normed = layer_norm(x, weights[block + "ln1.w"], weights[block + "ln1.b"], config["eps"])
    placed = normed if positions is None else normed + positions
    out = weights[block + "attn.b_O"].expand_as(x)
    future = torch.triu(torch.ones(length, length, dtype=torch.bool), diagonal=1)
    for head in range(config["n_heads"]):
        of = lambda name: weights[block + "attn." + name][head]
        q = placed @ of("W_Q") + of("b_Q")
        k = placed @ of("W_K") + of("b_K")
        v = normed @ of("W_V") + of("b_V")
        scores = (q @ k.transpose(1, 2) / math.sqrt(config["d_head"])).masked_fill(future, -math.inf)
        out = out + torch.softmax(scores, dim=-1) @ v @ of("W_O")
    return x + out


def mlp(config, weights, block, x):
    normed = layer_norm(x, weights[block + "ln2.w"], weights[block + "ln2.b"], config["eps"])
    hidden = activation(config["act_fn"], normed @ weights[block + "mlp.W_in"] + weights[block + "mlp.b_in"])
    return x + hidden @ weights[block + "mlp.W_out"] + weights[block + "mlp.b_out"]


def token_losses(config, weights, tokens):
    """-log p(token t+1 | tokens 0..t) in nats, rows x (T-1)."""
    tokens = torch.as_tensor(tokens.astype("int64"))
    w_pos = weights["pos_embed.W_pos"][: tokens.shape[1]]
    shortformer = config["positional_embedding_type"] == "shortformer"
    x = weights["embed.W_E"][tokens]
    if not shortformer:
        x = x + w_pos
    for layer in range(config["n_layers"]):
        block = f"blocks.{layer}."
        x = attention(config, weights, block, x, w_pos if shortformer else None)
        if not config["attn_only"]:
            x = mlp(config, weights, block, x)
    x = layer_norm(x, weights["ln_final.w"], weights["ln_final.b"], config["eps"])
    logits = x @ weights["unembed.W_U"] + weights["unembed.b_U"]
    log_p = logits[:, :-1] - torch.logsumexp(logits[:, :-1], dim=-1, keepdim=True)
    return -torch.gather(log_p, 2, tokens[:, 1:, None])[:, :, 0]


def loss_and_gradients(config, weights, tokens):
    """Mean loss over rows and positions, and its gradient by every parameter."""
    leaves = {name: value.detach().requires_grad_(True) for name, value in weights.items()}
    loss = token_losses(config, leaves, tokens).mean()
    gradients = torch.autograd.grad(loss, list(leaves.values()))
    return loss.item(), dict(zip(leaves, gradients))
