"""Writers for the model folder and for arrays; safetensors is written by hand so that nothing need be installed."""

import json
import struct

import numpy as np


def write_safetensors(path, tensors):
    """Eight bytes of header length, a JSON header padded with blanks to a multiple of 8, then the raw F32 data."""
    header, offset = {}, 0
    for name, values in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [offset, offset + 4 * values.size]}
        offset += 4 * values.size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for values in tensors.values():
            file.write(np.ascontiguousarray(values, dtype="<f4").tobytes())


def write_model(folder, config, weights):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    write_safetensors(folder / "model.safetensors", {name: value.numpy() for name, value in weights.items()})


def write_tokens(path, tokens):
    np.save(path, np.ascontiguousarray(tokens, dtype="<u2"))
