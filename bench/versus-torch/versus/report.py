"""The result as Markdown."""

import dataclasses
import datetime
import os
import statistics

EXTRAPOLATED = (
    " *Extrapolated*: PyTorch's time of the experiment is the sum of its measured times of the experiment's parts in the same round (updates "
    "of a last-layer head, of a first-layer head and of the full model, and token losses), while Curie's is measured on the whole run with "
    "its files.")


@dataclasses.dataclass(frozen=True)
class Line:
    """A row of the comparison: the tokens of one run, median seconds, ratios by round, the shares of the peak that Curie used by round."""

    letter: str
    title: str
    tokens: int
    curie: float
    torch: float
    ratios: list
    used: list
    aim: str = ""
    remark: str = ""

    @property
    def extrapolated(self):
        """Whether PyTorch's time is a sum of other measurements."""
        return "extrapolated" in self.remark


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
    """The rows of the comparison."""
    text = [
        "| | work | Curie | PyTorch | Curie, tokens/s | PyTorch, tokens/s | ratio (median) | min–max | aim | used | at the peak |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for line in lines:
        ratio = statistics.median(line.ratios)
        used = statistics.median(line.used) if line.used else 0
        shares = f"{used:.0%} | {ratio / used:.1f}" if used else " | "
        text.append(
            f"| {line.letter} | {line.title} | {seconds(line.curie)} | {seconds(line.torch)}{line.remark} | {rate(line.tokens, line.curie)} "
            f"| {rate(line.tokens, line.torch)} | **{ratio:.1f}** | {min(line.ratios):.1f}–{max(line.ratios):.1f} | {line.aim} | {shares} |")
    return text


def write(path, work, lines, checks, curie, torch, blas, load, rounds):
    library, linear, tried = blas
    text = [
        "# Curie and PyTorch on the same work",
        "",
        f"Written by `bench/versus-torch/run --model {work.name}` on {datetime.date.today().isoformat()}. {work.title}; the same weights and "
        "tokens on both sides, float32.",
        "",
        *table(lines),
        "",
        f"A ratio is PyTorch's time / Curie's time of one round; the median and the range are over {rounds} rounds in which the two sides took "
        f"turns, each started once and warm. Tokens are predicted tokens ({work.positions} a row), each chain's counted. *Used* is the share of "
        "the processor's peak, measured in the same seconds, that the necessary operations make; *at the peak* is the ratio that a program "
        "would have which needed nothing else." + (EXTRAPOLATED if any(line.extrapolated for line in lines) else ""),
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
