"""What the tests of the module have in common."""

import gzip
import json
import os
import subprocess
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).resolve().parents[2]
DIGITS = SOURCE / "configs/digits/t10k-1000-images.idx3-ubyte.gz"
LABELS = SOURCE / "configs/digits/t10k-1000-labels.idx1-ubyte.gz"
MLP = SOURCE / "configs/models/mnist_mlp.onnx"
EDGE = SOURCE / "configs/edge_16x16.yaml"
SMALL = SOURCE / "configs/edge_8x8.yaml"


def digits(count):
    """uint8 [count, 28, 28], read without the module."""
    with gzip.open(DIGITS) as file:
        return np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)[:count]


def labels(count):
    """uint8 [count]"""
    with gzip.open(LABELS) as file:
        return np.frombuffer(file.read(), np.uint8, offset=8)[:count]


def command(*words):
    """What the command writes to standard output."""
    done = subprocess.run(
        [os.environ["SYSTOL_PROGRAM"], *map(str, words)], check=True, capture_output=True, text=True
    )
    return done.stdout


def command_json(*words):
    return json.loads(command(*words, "--json", "-"))
