"""Systol: a systolic-array TPU simulator. Arrays of samples in, arrays and frames of results out.

    import systol
    report = systol.run("configs/models/mnist_mlp.onnx", "configs/edge_16x16.yaml")
    print(report.cycles, report.layers)

docs/python.md describes it.
"""

from os.path import dirname as _dirname

from systol import _systol
from systol._systol import (
    Array,
    EnvironmentError,
    Graph,
    HardwareError,
    InputError,
    Node,
    Prepared,
    Report,
    Tensor,
    Topology,
    TopologyLayer,
    Values,
    __version__,
    check_budgets,
    compare,
    describe,
    explain,
    load_array,
    load_model,
    load_topology,
    prepare,
    run,
    shared_folder,
    validate,
)
from systol.plan import sweep

_systol.find_shared_files(_dirname(__file__))

__all__ = [
    "Array",
    "EnvironmentError",
    "Graph",
    "HardwareError",
    "InputError",
    "Node",
    "Prepared",
    "Report",
    "Tensor",
    "Topology",
    "TopologyLayer",
    "Values",
    "__version__",
    "check_budgets",
    "compare",
    "describe",
    "explain",
    "load_array",
    "load_model",
    "load_topology",
    "prepare",
    "run",
    "shared_folder",
    "sweep",
    "validate",
]
