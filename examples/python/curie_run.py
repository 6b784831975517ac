"""Reads Curie's run folders with numpy alone: every array by name, the names of its axes, and the labels along them.

    import curie_run

    run = curie_run.read("run")
    run["chi"]                                             # a numpy array
    run.axes["chi"]                                        # ("components", "tokens")
    run.select("chi", components="l0h1", tokens="code")    # one head on the tokens of one probe
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import xarray

FORMAT, NEWEST = "curie-susceptibility", 1
FILES = {"arrays": "susceptibility.npz", "batch_arrays": "batches.npz"}
WRITERS = "name a folder that `curie susceptibility --out` or `curie scan --out` wrote."
RESTORE = "restore the folder's own files, or run the experiment again."


class RunError(Exception):
    """Says in one sentence why a folder cannot be read."""


def read(folder: str | Path) -> Run:
    """Opens a complete run and checks every array against the manifest; values are read when they are asked for."""
    path = Path(folder) / "manifest.json"
    if not path.is_file():
        raise RunError(f"{folder} is not a run folder: it holds no manifest.json; {WRITERS}")
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise RunError(f"{path} is damaged ({error}); {RESTORE}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise RunError(f"{path} does not belong to a run of susceptibilities; {WRITERS}")
    if (version := manifest.get("format_version", NEWEST)) > NEWEST:
        raise RunError(f"{path} has format version {version} and this reader reads up to {NEWEST}; use that of a newer Curie.")
    if not manifest.get("complete"):
        again = "make it again with `curie scan --overwrite`" if manifest.get("scan") else "finish it with `curie susceptibility --resume`"
        raise RunError(f"the run in {folder} is not complete; {again}.")
    try:
        return Run(Path(folder), manifest)
    except (AttributeError, IndexError, KeyError, TypeError) as error:
        raise RunError(f"{path} is damaged or contradicts the arrays ({error!r}); {RESTORE}") from error


class Run(Mapping[str, np.ndarray]):
    """A run: a read-only dictionary of arrays, such as `run["chi"]` and its standard error `run["chi_se"]`.

    folder, manifest      where the run is, and everything in it that is no array
    axes, meanings        of every array the names of its axes, and in words what it holds, with the unit
    components, runs, probe_names    the labels of the axes `components`, `runs` and `probes`
    parts                 the parts that the run holds, such as `chi` and `excess`
    tokens                the labels of the axis `tokens`, a record array: `.probe` (its name), `.row`, `.position`, `.id`
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder, self.manifest = folder, manifest
        self.components, self.probe_names = list(manifest["components"]), list(manifest["probe_names"])
        self.runs = ["full", *self.components]
        self.axes: dict[str, tuple[str, ...]] = {}
        self.meanings: dict[str, str] = {}
        self._files: dict[str, Path] = {}
        self._arrays: dict[str, np.ndarray] = {}
        self._names: dict[str, np.ndarray] = {
            "components": np.array(self.components), "runs": np.array(self.runs), "probes": np.array(self.probe_names)}
        lengths = {axis: len(names) for axis, names in self._names.items()}
        for key, file in FILES.items():
            if entries := manifest.get(key):
                self._open(folder / file, entries, lengths)
        self.parts = [name for name, axes in self.axes.items() if axes == ("components", "tokens") and f"{name}_dataset" in self]
        columns = [self._names["probes"][self["token_probe"]], *(self[f"token_{field}"] for field in ("row", "position", "id"))]
        self.tokens = np.rec.fromarrays(columns, names="probe,row,position,id")
        self._names["tokens"] = self.tokens.probe
        if "batch_token" in self:
            self._names["sampled"] = self.tokens.probe[self["batch_token"]]

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._files:
            raise KeyError(f"the run holds no array {name}; its parts are {', '.join(self.parts)}, and list(run) names all arrays")
        if name not in self._arrays:
            try:
                with np.load(self._files[name]) as arrays:
                    self._arrays[name] = arrays[name]
            except (OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
                raise RunError(f"{name} in {self._files[name]} cannot be read ({error}); {RESTORE}") from error
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __repr__(self) -> str:
        return f"<run {self.folder}: {len(self.components)} components, {len(self.tokens)} tokens of {', '.join(self.probe_names)}>"

    def select(self, name: str, **where: Any) -> np.ndarray:
        """The part of an array at the given places of its axes: numbers, slices and masks as in numpy, or labels.

        A label is the name of a component, run or probe; on `tokens` and `sampled` a probe's name stands for all of its tokens.
        One component, run or probe takes its axis away, as a number does; several, in a list, keep it.
        """
        array, axes = self[name], self.axes[name]
        if unknown := where.keys() - set(axes):
            raise KeyError(f"{name} has no axis {', '.join(sorted(unknown))}; its axes are {', '.join(axes) or 'none'}")
        for place in reversed(range(len(axes))):  # From the last axis, so that one that goes away moves none still to come.
            if axes[place] in where:
                array = array[(slice(None),) * place + (self._places(axes[place], where[axes[place]]),)]
        return array

    def to_xarray(self) -> xarray.Dataset:
        """The whole run as an xarray.Dataset: axes are dimensions, labels coordinates; tokens have `probe`, `row`, `position` and `id`."""
        try:
            from xarray import Dataset
        except ImportError as error:
            raise RunError("to_xarray needs xarray, which is not installed; install it with `pip install xarray`.") from error
        coordinates: dict[str, Any] = {axis: (axis, self._names[axis]) for axis in ("components", "runs", "probes")}
        coordinates |= {field: ("tokens", self.tokens[field]) for field in self.tokens.dtype.names}
        if "batch_token" in self:
            coordinates["sampled"] = ("sampled", self["batch_token"])
        arrays = {name: (self.axes[name], self[name], {"meaning": self.meanings[name]}) for name in self}
        return Dataset(arrays, coordinates, attrs={"folder": str(self.folder)})

    def _places(self, axis: str, wanted: Any) -> Any:
        if isinstance(wanted, (list, tuple)) and wanted and all(isinstance(label, str) for label in wanted):
            return np.concatenate([np.ravel(self._places(axis, label)) for label in wanted])
        if not isinstance(wanted, str):
            return wanted
        names = self._names.get(axis, np.array([], str))
        places = np.flatnonzero(names == wanted)
        if places.size == 0:
            known = f"they are {', '.join(dict.fromkeys(names.tolist()))}" if names.size else "they have no names, only numbers"
            raise KeyError(f"none of the {axis} is {wanted}; {known}")
        return places if axis in ("tokens", "sampled") else places[0]

    def _open(self, path: Path, entries: dict[str, dict[str, Any]], lengths: dict[str, int]) -> None:
        try:
            with zipfile.ZipFile(path) as archive:
                for name, entry in entries.items():
                    with archive.open(f"{name}.npy") as member:
                        version, _ = np.lib.format.read_magic(member)
                        shape, _, dtype = getattr(np.lib.format, f"read_array_header_{version}_0")(member)
                    asked = tuple(entry["shape"])
                    if (shape, dtype) != (asked, np.dtype(entry["dtype"])):
                        raise RunError(f"{name} in {path} is {dtype} {shape} where the manifest has {entry['dtype']} {asked}; {RESTORE}")
                    fitting = tuple(lengths.setdefault(axis, length) for axis, length in zip(entry["axes"], shape))
                    if len(entry["axes"]) != len(shape) or fitting != shape:
                        raise RunError(f"{name} in {path} is {shape} where its axes {entry['axes']} ask for {fitting}; {RESTORE}")
                    self.axes[name], self.meanings[name], self._files[name] = tuple(entry["axes"]), entry["meaning"], path
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise RunError(f"{path} cannot be read ({error}); {RESTORE}") from error
        except KeyError as error:
            raise RunError(f"{path} lacks what the manifest names ({error.args[0]}); {RESTORE}") from error
