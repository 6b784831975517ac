"""Which linear-algebra library PyTorch runs with. Where it links to an exchangeable BLAS, a better one can be loaded before it."""

import ctypes.util
import json
import os
import pathlib
import subprocess
import sys

INSTALLED = "as installed"


def candidates(extra):
    """Names and libraries to load first: what is installed as it is, OpenBLAS if the system has one, and one named by the user."""
    result = {INSTALLED: None}
    openblas = ctypes.util.find_library("openblas")
    if openblas:
        result["OpenBLAS"] = openblas
    if extra:
        result[pathlib.Path(extra).resolve().name] = str(pathlib.Path(extra).resolve())
    return result


def environment(library):
    """The environment of a process that loads the library first."""
    variables = dict(os.environ, PYTHONPATH=str(pathlib.Path(__file__).resolve().parents[1]))
    if library:
        variables["LD_PRELOAD"] = library
    return variables


def choose(folder, extra):
    """
    Tries every library with every kind of matrix product on one row of text; the least seconds, forward and gradient together, win.
    Returns the library's name and path, the kind of product and all that was tried.
    """
    tried = {}
    libraries = candidates(extra)
    for name, library in libraries.items():
        command = [sys.executable, "-m", "versus.peer", str(folder), "probe"]
        answer = subprocess.run(command, env=environment(library), stdout=subprocess.PIPE, text=True, check=True).stdout
        for linear, seconds in json.loads(answer).items():
            tried[name, linear] = seconds
    name, linear = min(tried, key=lambda key: sum(tried[key].values()))
    return name, libraries[name], linear, tried
