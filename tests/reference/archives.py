"""What the models of tests/Curie.Networks.Tests/Fixtures/models hold, read without Curie and without PyTorch.

Writes Fixtures/archives.json: for each model its tensors as [name, type, shape, sha256 of the values as little-endian float32 in C
order]; the last is null for types that are no floating-point numbers. Needs only Python's own library:

    python3 tests/reference/archives.py
"""

import hashlib
import io
import json
import pathlib
import pickle
import struct
import zipfile

FIXTURES = pathlib.Path(__file__).parent.parent / "Curie.Networks.Tests" / "Fixtures"
STORAGES = {"FloatStorage": "F32", "HalfStorage": "F16", "BFloat16Storage": "BF16", "DoubleStorage": "F64", "BoolStorage": "BOOL"}
SIZES = {"F32": 4, "F16": 2, "BF16": 2, "F64": 8, "BOOL": 1}


def digest(kind, data, offset, shape, strides):
    if kind == "BOOL":
        return None
    size = SIZES[kind]

    def value(index):
        raw = data[index * size : (index + 1) * size]
        if kind == "BF16":
            return b"\0\0" + raw
        return raw if kind == "F32" else struct.pack("<f", struct.unpack("<e" if kind == "F16" else "<d", raw)[0])

    def walk(start, dimension):
        if dimension == len(shape):
            yield value(start)
            return
        for i in range(shape[dimension]):
            yield from walk(start + i * strides[dimension], dimension + 1)

    return hashlib.sha256(b"".join(walk(offset, 0))).hexdigest()


def in_order(shape):
    strides, step = [], 1
    for size in reversed(shape):
        strides.insert(0, step)
        step *= size
    return strides


def safetensors(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            part = data[8 + length + start : 8 + length + end]
            shape = entry["shape"]
            yield [name, entry["dtype"], shape, digest(entry["dtype"], part, 0, shape, in_order(shape))]


class Tensor:
    def __init__(self, storage, offset, shape, strides):
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides


class Stub:
    def __new__(cls, *arguments, **named):
        return super().__new__(cls)

    def __setstate__(self, state):
        self.__dict__.update(state if isinstance(state, dict) else {})


class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if module == "collections" and name == "OrderedDict":
            return dict_with_attributes
        if name in ("_rebuild_tensor_v2",):
            return lambda storage, offset, shape, strides, *rest: Tensor(storage, offset, shape, strides)
        if name == "_rebuild_parameter":
            return lambda tensor, *rest: tensor
        if module == "__builtin__" and name == "set":
            return set
        if name == "scalar" or (module, name) == ("_codecs", "encode"):
            return lambda *arguments: None
        if name in STORAGES:
            return STORAGES[name]
        return type(name, (Stub,), {"__module__": module})

    def persistent_load(self, identifier):
        return identifier[1:3]


class dict_with_attributes(dict):
    pass


def pickled(path):
    data = path.read_bytes()
    if data[:2] == b"PK":
        archive = zipfile.ZipFile(path)
        (member,) = [name for name in archive.namelist() if name.endswith("data.pkl")]
        root = Unpickler(io.BytesIO(archive.read(member))).load()
        storages = {}

        def storage(key, kind):
            if key not in storages:
                storages[key] = archive.read(f"{member[:-8]}data/{key}")
            return storages[key]
    else:
        stream = io.BytesIO(data)
        for _ in range(3):
            Unpickler(stream).load()
        root = Unpickler(stream).load()
        keys = Unpickler(stream).load()
        kinds = {}

        def note(value):
            if isinstance(value, Tensor):
                kinds[value.storage[1]] = value.storage[0]
            for child in value.values() if isinstance(value, dict) else []:
                note(child)

        note(root)
        found = {}
        for key in keys:
            count = struct.unpack("<q", stream.read(8))[0]
            found[key] = stream.read(count * SIZES[kinds[key]])

        def storage(key, kind):
            return found[key]

    if isinstance(root, Stub):
        items = list(module_items(root, ""))
    else:
        items = list((root["model"] if "model" in root else root).items())
    prefix = "_orig_mod."
    strip = len(prefix) if all(name.startswith(prefix) for name, _ in items) else 0
    for name, tensor in items:
        kind, key = tensor.storage
        yield [
            name[strip:],
            kind,
            list(tensor.shape),
            digest(kind, storage(key, kind), tensor.offset, tensor.shape, tensor.strides),
        ]


def module_items(module, prefix):
    for name, tensor in module._parameters.items():
        if tensor is not None:
            yield prefix + name, tensor
    for name, tensor in module._buffers.items():
        if tensor is not None and name not in module._non_persistent_buffers_set:
            yield prefix + name, tensor
    for name, child in module._modules.items():
        yield from module_items(child, f"{prefix}{name}.")


def llama(path):
    data = path.read_bytes()
    first = struct.unpack("<i", data[:4])[0]
    place = 28 if first != 0x616B3432 else 256
    fields = struct.unpack("<7i", data[:28] if place == 28 else data[8:36])
    dim, hidden, layers, heads, kv, vocabulary, context = fields
    tied = vocabulary > 0 if place == 28 else data[36] == 1
    vocabulary = abs(vocabulary)
    head = dim // heads

    def per_layer(name, *shape):
        return [(f"layers.{layer}.{name}.weight", shape) for layer in range(layers)]

    attention = (
        per_layer("attention.wq", dim, dim)
        + per_layer("attention.wk", kv * head, dim)
        + per_layer("attention.wv", kv * head, dim)
        + per_layer("attention.wo", dim, dim)
    )
    mlp = (
        per_layer("feed_forward.w1", hidden, dim)
        + per_layer("feed_forward.w2", dim, hidden)
        + per_layer("feed_forward.w3", hidden, dim)
    )
    embedding = [("tok_embeddings.weight", (vocabulary, dim))]
    norms = per_layer("attention_norm", dim), per_layer("ffn_norm", dim)
    norm = [("norm.weight", (dim,))]
    output = [] if tied else [("output.weight", (vocabulary, dim))]
    tables = [(None, (context, head // 2)), (None, (context, head // 2))]
    if place == 28:
        order = embedding + norms[0] + attention + norms[1] + mlp + norm + tables + output
    else:
        order = norms[0] + norms[1] + norm + embedding + attention + mlp + output
    for name, shape in order:
        size = 4
        for dimension in shape:
            size *= dimension
        if name:
            yield [name, "F32", list(shape), hashlib.sha256(data[place : place + size]).hexdigest()]
        place += size
    assert place == len(data)


def tensors(folder):
    weights = sorted(folder.glob("model*.safetensors"))
    if weights:
        return [tensor for path in weights for tensor in safetensors(path)]
    (path,) = [path for path in folder.iterdir() if path.suffix in (".bin", ".pt", ".pth")]
    return list(llama(path) if path.name == "model.bin" else pickled(path))


if __name__ == "__main__":
    found = {folder.name: tensors(folder) for folder in sorted((FIXTURES / "models").iterdir())}
    lines = ",\n".join(f" {json.dumps(name)}: [\n  " + ",\n  ".join(map(json.dumps, rows)) + "\n ]" for name, rows in found.items())
    (FIXTURES / "archives.json").write_text("{\n" + lines + "\n}\n")
    print(f"{len(found)} models, {sum(map(len, found.values()))} tensors")
