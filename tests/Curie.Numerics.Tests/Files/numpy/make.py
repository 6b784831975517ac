"""Writes the .npy and .npz files beside it with numpy: the independent truth for Curie's readers and writers.

    python3 make.py
"""
from pathlib import Path

import numpy

here = Path(__file__).parent
values = numpy.arange(24, dtype=numpy.int64) - 5
cube = values.reshape(2, 3, 4)

numpy.save(here / "float32.npy", (cube / 8).astype("<f4"))
numpy.save(here / "float64.npy", (values / 7).astype("<f8"))
numpy.save(here / "uint16.npy", numpy.array([[0, 1, 65535], [7, 40000, 12]], dtype="<u2"))
numpy.save(here / "int32.npy", cube.reshape(6, 4).astype("<i4"))
numpy.save(here / "int64.npy", cube.reshape(24, 1) * 2**40)
numpy.save(here / "scalar.npy", numpy.float64(2.5))
numpy.save(here / "empty.npy", numpy.zeros((0, 7), dtype="<f4"))
numpy.save(here / "fortran.npy", numpy.asfortranarray(cube[0].astype("<f4")))
numpy.save(here / "big_endian.npy", cube[0].astype(">f4"))
numpy.save(here / "records.npy", numpy.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
with open(here / "version2.npy", "wb") as file:
    numpy.lib.format.write_array(file, (cube / 8).astype("<f4"), version=(2, 0))
numpy.savez(here / "stored.npz", chi=(cube / 8).astype("<f4"), token_id=values.astype("<i4"))
numpy.savez_compressed(here / "deflated.npz", chi=(cube / 8).astype("<f4"), token_id=values.astype("<i4"))
