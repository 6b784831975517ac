"""The result as Markdown."""

import datetime
import os
import statistics

EXTRAPOLATED = (
    "*Extrapolated*: PyTorch's time of the experiment is the sum of its measured times of the experiment's parts in the same round (updates of a last-layer head, of a "
    "first-layer head and of the full model, and token losses), while Curie's is measured on the whole run with its files.")


def processor():
    """The processor's name."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else "unknown"


def seconds(value):
    return f"{value * 1e3:.3g} ms" if value < 1 else f"{value:.3g} s"


def rate(tokens, value):
    return f"{tokens / value:,.0f}" if tokens else ""


def table(lines):
    """The rows of the comparison: title, tokens of one run, Curie's and PyTorch's median seconds, the ratios, the aim, a remark."""
    text = [
        "| | work | Curie | PyTorch | Curie, tokens/s | PyTorch, tokens/s | ratio (median) | min–max | aim |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for letter, title, tokens, curie, torch, ratios, aim, remark in lines:
        text.append(
            f"| {letter} | {title} | {seconds(curie)} | {seconds(torch)}{remark} | {rate(tokens, curie)} | {rate(tokens, torch)} "
            f"| **{statistics.median(ratios):.1f}** | {min(ratios):.1f}–{max(ratios):.1f} | {aim} |")
    return text


def write(path, lines, checks, curie, torch, blas, load, rounds):
    library, linear, tried = blas
    text = [
        "# Curie and PyTorch on the same work",
        "",
        f"Written by `bench/versus-torch/run` on {datetime.date.today().isoformat()}. Two layers, attention only, d_model 256, 8 heads of 32, "
        "n_ctx 1024, d_vocab 5000, shortformer positions, 3.36 million parameters; the same weights and tokens on both sides, float32.",
        "",
        *table(lines),
        "",
        f"A ratio is PyTorch's time / Curie's time of one round; the median and the range are over {rounds} rounds in which the two sides took turns, each "
        "started once and warm. Tokens are predicted tokens (1023 a row), each chain's counted. " + (EXTRAPOLATED if lines[-1][-1] else ""),
        "",
        "## Conditions",
        "",
        f"- Processor: {processor()}, {os.cpu_count()} cores. Other work ran on the machine meanwhile: the load average over one minute was {load[0]:.1f} at the start "
        f"and {load[1]:.1f} at the end, of which one side's own threads are {curie['threads']}. Times are therefore longer than on a quiet machine; the ratios suffer less.",
        f"- Curie {curie['curie']}, .NET {curie['dotnet']}, vectors {curie['isa']}, {curie['threads']} threads.",
        f"- PyTorch {torch['torch']} (CPU capability {torch['isa'] or 'default'}), Python {torch['python']}, NumPy {torch['numpy']}, {torch['threads']} threads; matrix products by "
        f"{linear}, BLAS: {library}; {torch['forward_batch']} rows at a time for losses, {torch['gradient_batch']} for gradients. "
        "These are the fastest of what was tried before the measurement:",
        "",
        "| BLAS | products | losses of one row | gradient of one row |",
        "|---|---|---|---|",
        *[f"| {name} | {kind} | {seconds(t['forward'])} | {seconds(t['gradient'])} |" for (name, kind), t in tried.items()],
        "",
        "## The same numbers",
        "",
        "| work | compared | found | allowed |",
        "|---|---|---|---|",
        *[f"| {title} | {what} | {value:.1e} | {tolerance:.0e} |" for title, what, value, tolerance in checks.found],
        "",
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(text), encoding="utf-8")
