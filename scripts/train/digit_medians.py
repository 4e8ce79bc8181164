#!/usr/bin/env python3
"""Writes configs/models/digit_medians_l1.onnx: digits by their nearest pattern, without a product.

A layer of the similarity l1 (domain systol.l1, operator Gemm) has 10 outputs, -sum |x - w|. The
weights of each are the medians, pixel by pixel, of the digits of its class among the last 500 of
configs/digits; the first 500 are for testing. Nothing but Python is needed.
    scripts/train/digit_medians.py [FILE]
"""
import gzip
import pathlib
import statistics
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIGITS = ROOT / "configs" / "digits"
PIXELS = 28 * 28
FIRST = 500


def field(number, payload):
    """A protobuf field: an integer, or bytes with their length."""
    if isinstance(payload, int):
        return varint(number << 3) + varint(payload)
    payload = payload.encode() if isinstance(payload, str) else payload
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def varint(value):
    data = b""
    while value > 127:
        data += bytes([value & 127 | 128])
        value >>= 7
    return data + bytes([value])


def value_info(name, width):
    batch = field(1, field(2, "N"))
    shape = field(2, batch + field(1, field(1, width)))
    return field(1, name) + field(2, field(1, field(1, 1) + shape))


def model(medians):
    """The bytes of the ONNX model with weights medians[digit][pixel] from 0 to 1."""
    weights = b"".join(struct.pack("<784f", *row) for row in medians)
    tensor = field(1, 10) + field(1, PIXELS) + field(2, 1) + field(8, "medians") + field(9, weights)
    transposed = field(1, "transB") + field(3, 1) + field(20, 2)
    gemm = (field(1, "x") + field(1, "medians") + field(2, "scores") + field(3, "nearest")
            + field(4, "Gemm") + field(5, transposed) + field(7, "systol.l1"))
    graph = (field(1, gemm) + field(2, "digit_medians_l1") + field(5, tensor)
             + field(11, value_info("x", PIXELS)) + field(12, value_info("scores", 10)))
    opsets = field(8, field(2, 13)) + field(8, field(1, "systol.l1") + field(2, 1))
    return field(1, 8) + field(2, "digit_medians.py") + field(7, graph) + opsets


def main():
    target = sys.argv[1] if len(sys.argv) > 1 else ROOT / "configs/models/digit_medians_l1.onnx"
    images = gzip.open(DIGITS / "t10k-1000-images.idx3-ubyte.gz").read()[16:]
    labels = gzip.open(DIGITS / "t10k-1000-labels.idx1-ubyte.gz").read()[8:]
    samples = [images[i * PIXELS:(i + 1) * PIXELS] for i in range(len(labels))]
    medians = []
    for digit in range(10):
        of_class = [samples[i] for i in range(FIRST, len(labels)) if labels[i] == digit]
        medians.append([statistics.median(pixels) / 255 for pixels in zip(*of_class)])
    pathlib.Path(target).write_bytes(model(medians))
    right = 0
    for i in range(FIRST):
        pixels = [pixel / 255 for pixel in samples[i]]
        sums = [sum(abs(x - w) for x, w in zip(pixels, row)) for row in medians]
        right += sums.index(min(sums)) == labels[i]
    print(f"{target}: {right} of the first {FIRST} digits are nearest to their own medians")


if __name__ == "__main__":
    main()
