#!/usr/bin/env python3
"""Makes the files beside it with NumPy, for tests/host/import/sample_file_test.cpp."""
import pathlib

import numpy

FOLDER = pathlib.Path(__file__).parent
X = numpy.arange(6).reshape(2, 3)

for name, kind in (("uint8", "u1"), ("int64", "<i8"), ("float16", "<f2"), ("float32", "<f4"),
                   ("big_float64", ">f8")):
    numpy.save(FOLDER / f"{name}.npy", X.astype(kind))
with open(FOLDER / "version_2.npy", "wb") as file:
    numpy.lib.format.write_array(file, X.astype("u1"), version=(2, 0))
numpy.savez(FOLDER / "stored.npz", x=X.astype("<f4"), y=numpy.array([7, 8]))
numpy.savez_compressed(FOLDER / "deflated.npz", x=X.astype("<f4"), y=numpy.array([7, 8]))
numpy.save(FOLDER / "fortran.npy", numpy.asfortranarray(X))
numpy.save(FOLDER / "objects.npy", numpy.array([None, "x"], dtype=object), allow_pickle=True)
numpy.save(FOLDER / "structures.npy", numpy.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
