# %% [markdown]
# # Digits on two arrays
#
# A network that reads handwritten digits runs on a simulated TPU: how well, how fast, and with how
# much energy. Every cell between two `# %%` is one step; editors that know notebooks (VS Code,
# Spyder, PyCharm, or `jupytext --to ipynb`) show it as one. All of it also runs as a script:
#
#     python3 docs/python_example.py
#
# The `assert` below each step says what comes out. The same figures come from the command:
#
#     systol run configs/models/mnist_mlp.onnx -c configs/edge_16x16.yaml --engine fast \
#       --input configs/digits/t10k-1000-images.idx3-ubyte.gz \
#       --labels configs/digits/t10k-1000-labels.idx1-ubyte.gz --limit 100 --json -

# %%
import gzip
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

import systol

configs = Path(systol.shared_folder(), "configs")

# %% [markdown]
# ## The digits, as NumPy arrays
#
# They are files of MNIST: a header, then bytes. uint8 are taken as pixels, which become the range
# that the network was trained with.

# %%
def read_bytes(name: str, header: int) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    with gzip.open(configs / "digits" / name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


images = read_bytes("t10k-1000-images.idx3-ubyte.gz", 16).reshape(-1, 28, 28)
labels = read_bytes("t10k-1000-labels.idx1-ubyte.gz", 8)
assert images.shape == (1000, 28, 28) and list(labels[:5]) == [7, 2, 1, 0, 4]

# %% [markdown]
# ## The network
#
# Its nodes, and how many multiplications one digit takes.

# %%
graph = systol.load_model(configs / "models/mnist_mlp.onnx")
for node in graph.nodes:
    print(f"{node.name:12} {node.operation:8} {node.shape} {node.macs:8,} multiplications")
assert graph.macs == 784 * 128 + 128 * 64 + 64 * 10

# %% [markdown]
# ## A run
#
# `prepare` takes the network and its samples once: the first 100 digits run, and the first 256 say
# over which ranges the network is quantised to int8. `run` compiles it for an array of 16 x 16
# PEs, simulates it and compares every value with a second computation.

# %%
model = systol.prepare(graph, images, labels=labels, samples=100)
array = systol.load_array(configs / "edge_16x16.yaml")
report = systol.run(model, array, tensors=True)
print(report)
assert report.check == "ok"

# %% [markdown]
# ## Where the cycles go
#
# A row for each layer. Its classes of cycles sum to its cycles, and all layers' to the run's.

# %%
layers = report.layers
print(layers[["node", "m", "k", "n", "cycles", "array_active", "utilisation", "energy_pj"]])
assert layers.cycles.sum() == report.cycles == sum(report.ledger.values())

# %% [markdown]
# ## What the network says
#
# The machine's int8 values have a scale and a zero point; `values` are in the network's own units.
# The network in floating point is there to compare with.

# %%
(output,) = report.outputs.values()
(scores,) = model.scores().values()
answers = output.quantised.argmax(axis=1)
print("first digits:", answers[:10], "labels:", labels[:10])
print(f"right: {report.accuracy:.1%}; largest error of a score: {np.abs(output.values - scores).max():.3f}")
assert report.accuracy == np.mean(answers == labels[:100])
assert np.array_equal(
    output.values,
    np.float32(output.scale) * (output.quantised.astype(np.float32) - output.zero_point),
)

# %% [markdown]
# ## What flows inside
#
# Every tensor, as the machine wrote it. After the ReLU many values are zero, and a multiplication
# by zero takes less energy.

# %%
for tensor in report.tensors.values():
    zeros = np.mean(tensor.quantised == tensor.zero_point)
    print(f"{tensor.name:12} {str(tensor.shape):16} scale {tensor.scale:.5f}  zero {zeros:.0%}")

# %% [markdown]
# ## Which array?
#
# `compare` runs models on arrays; `sweep` changes keys of an array's file. Neither needs values
# for time and traffic.

# %%
arrays: list[systol.Array | Path] = [array, configs / "mid_32x32.yaml", configs / "big_128x128.yaml"]
comparison = systol.compare([model], arrays)
print(comparison[["array", "cycles", "seconds", "energy_pj", "area_um2", "accuracy", "pareto"]])
assert list(comparison.check) == ["ok"] * 3
assert comparison.cycles[0] == report.cycles

sweep = systol.sweep(
    {
        "models": [str(configs / "models/mnist_mlp.onnx")],
        "arrays": [str(configs / "edge_16x16.yaml")],
        "parameters": {"array.rows:array.columns": [[8, 32], [16, 16], [32, 8]]},
        "batch": 100,
    }
)
print(sweep[["array.rows", "array.columns", "cycles", "utilisation", "energy_pj"]])
assert sweep.cycles[1] == report.cycles

# %% [markdown]
# ## The same from the command
#
# Where the environment names the program, all figures of the run are compared with those that it
# writes for the same files.

# %%
if "SYSTOL_PROGRAM" in os.environ:
    import json
    import subprocess

    words: list[str | Path] = [os.environ["SYSTOL_PROGRAM"], "run", configs / "models/mnist_mlp.onnx"]
    words += ["-c", configs / "edge_16x16.yaml", "--engine", "fast", "--limit", "100"]
    words += ["--input", configs / "digits/t10k-1000-images.idx3-ubyte.gz"]
    words += ["--labels", configs / "digits/t10k-1000-labels.idx1-ubyte.gz", "--json", "-"]
    written = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    here = report.to_dict()
    for key in set(written) - {"tool", "input"}:
        assert here[key] == written[key], key
    print("the command gives the same", file=sys.stderr)
