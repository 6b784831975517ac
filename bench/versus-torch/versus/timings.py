"""Interleaved measurements: both sides take turns, and the side that begins changes from round to round."""

import math
import statistics

LEAST_SECONDS = 0.5


class Timings:
    def __init__(self, curie, torch):
        self.servers = {"curie": curie, "torch": torch}
        self.seconds = {}
        self.used = {}
        self.repeats = {}

    def warm(self, side, name, component="-", repeats=1):
        """Runs a piece of work unmeasured, to warm it and to learn how often it must be repeated."""
        server = self.servers[side]
        seconds = server.run(name, component, repeats)["seconds"]
        if seconds < LEAST_SECONDS:
            seconds = server.run(name, component, repeats)["seconds"]
        self.repeats[side, name, component] = max(1, math.ceil(LEAST_SECONDS / seconds))

    def measure(self, side, name, component):
        """One turn; keeps the seconds, and the share of the processor's peak that Curie's necessary operations made."""
        key = (side, name, component)
        answer = self.servers[side].run(name, component, self.repeats.get(key, 1))
        self.seconds.setdefault(key, []).append(answer["seconds"])
        if answer.get("operations"):
            share = answer["operations"] / answer["seconds"] / answer["peak"] / 1e9
            self.used.setdefault((name, component), []).append(share)

    def turn(self, number, name, component, torch_name=None):
        """Both sides, one after the other."""
        turns = [("curie", name), ("torch", torch_name or name)]
        for side, work in turns if number % 2 == 0 else reversed(turns):
            self.measure(side, work, component)

    def ratios(self, name, component, torch_name=None):
        """PyTorch's seconds / Curie's, turn by turn."""
        torch = self.seconds["torch", torch_name or name, component]
        return [t / c for t, c in zip(torch, self.seconds["curie", name, component])]

    def median(self, side, name, component):
        return statistics.median(self.seconds[side, name, component])
