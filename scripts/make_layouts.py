#!/usr/bin/env python3
"""Writes the GTKWave layouts of traces/: what a default wave of each array size shows first.

tests/sim/wave/layout_test.cpp checks that the signals exist; the names come from
sim/wave/unit_wave.cpp.
"""

import math
import pathlib

# Array rows and columns, and clock in MHz, as in configs/<name>.yaml.
LAYOUTS = {
    "edge_8x8": (8, 8, 200),
    "edge_16x16": (16, 16, 500),
    "mid_32x32": (32, 32, 800),
    "big_128x128": (128, 128, 1000),
    "tpu_v1": (256, 256, 700),
}
UNITS = ["weights", "load", "store", "matrix", "activate"]
LANES = 8  # lanes of each data port
PES = 4  # rows and columns of PEs

# GTKWave's display flags, in hex: right-justified plus the radix.
DECIMAL, BINARY, SIGNED, TEXT, LABEL = "24", "28", "420", "820", "200"


def group(label, flag, signals):
    return heading(label) + [f"@{flag}", *signals]


def heading(label):
    return [f"@{LABEL}", f"-{label}"]


def ports(names, flag):
    return [f"@{flag}", *(f"systol.ports.{name}" for name in names)]


def lanes(name, count):
    return ports([f"{name}_{i}[7:0]" for i in range(min(count, LANES))], SIGNED)


def processing_element(row, column):
    scope = f"systol.pe.row_{row}.col_{column}"
    return [f"{scope}.{name}_{row}_{column}[{bits - 1}:0]" for name, bits in
            (("weight", 8), ("shadow", 8), ("activation", 8), ("partial_sum", 32))]


def zoom(megahertz):
    """A cycle is some 50 pixels wide; GTKWave counts the zoom in powers of two."""
    return f"*-{math.log2(1e6 / megahertz) + 2:.6f} " + " ".join(["-1"] * 28)


def layout(name, rows, columns, megahertz):
    lines = [
        f"[*] Systol, {name}: open with  gtkwave <wave> traces/{name}.gtkw",
        "[*] Written by scripts/make_layouts.py",
        "[timestart] 0",
        zoom(megahertz),
        "[size] 1600 900",
        "[pos] -1 -1",
        "[treeopen] systol.",
        "[sst_width] 220",
        "[signals_width] 300",
    ]
    lines += group("Time", DECIMAL, ["systol.cycle[63:0]"]) + [f"@{BINARY}", "systol.clk"]
    lines += group("What each unit runs", TEXT, [f"systol.commands.{unit}" for unit in UNITS])
    lines += group("What the cycle was", TEXT, ["systol.ledger"])
    lines += group("Weights in", BINARY, ["systol.ports.weight_valid"])
    lines += ports(["weight_row[31:0]"], DECIMAL) + lanes("weight_data", columns)
    lines += heading("Activations in")
    lines += ports(["feed_valid", "feed_swap", "feed_add"], BINARY)
    lines += ports(["feed_address[31:0]"], DECIMAL) + lanes("feed_data", rows)
    lines += heading("Activation path")
    lines += ports(["channel_valid", "table_valid", "activate_valid", "activate_table"], BINARY)
    lines += ports(["activate_address[31:0]"], DECIMAL)
    lines += ports([f"activate_{x}[7:0]" for x in ("zero_point", "minimum", "maximum")], SIGNED)
    lines += group("Results out", BINARY, ["systol.ports.result_valid"])
    lines += lanes("result_data", columns)
    for row in range(PES):
        signals = [s for column in range(PES) for s in processing_element(row, column)]
        lines += group(f"PE row {row}", SIGNED, signals)
    return "\n".join(lines) + "\n"


def main():
    folder = pathlib.Path(__file__).resolve().parent.parent / "traces"
    for name, size in LAYOUTS.items():
        (folder / f"{name}.gtkw").write_text(layout(name, *size), encoding="utf-8")


if __name__ == "__main__":
    main()
