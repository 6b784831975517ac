"""Talks to one side: a process that is started once and answers requests, a line each."""

import json
import subprocess


class Server:
    def __init__(self, command, environment=None):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.about = self._answer()

    def run(self, name, component="-", repeats=1):
        """The mean seconds of a repeat, and what else the side says of it."""
        self.process.stdin.write(f"{name} {component} {repeats}\n")
        self.process.stdin.flush()
        return self._answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"versus-torch: {' '.join(map(str, self.process.args))} ended without an answer; its own message is above.")
        return json.loads(line)
