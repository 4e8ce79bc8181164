#!/usr/bin/env python3
"""Makes configs/digits: the first 1,000 of MNIST's test digits, as small IDX files.

usage: make_digits.py IMAGES LABELS [--count N] [--out DIR]

IMAGES and LABELS are MNIST's test files (t10k-images-idx3-ubyte and
t10k-labels-idx1-ubyte), plain or gzip. The same input gives the same bytes.
"""

import argparse
import gzip
import pathlib
import struct
import sys


def read_idx(path):
    """The dimensions and the bytes after them."""
    data = pathlib.Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:3] != b"\x00\x00\x08":
        sys.exit(f"{path}: not an IDX file of unsigned bytes")
    header = 4 + 4 * data[3]
    return struct.unpack(f">{data[3]}I", data[4:header]), data[header:]


def write_idx(path, dimensions, body):
    header = bytes([0, 0, 8, len(dimensions)]) + struct.pack(f">{len(dimensions)}I", *dimensions)
    path.write_bytes(gzip.compress(header + body, 9, mtime=0))


def shorten(source, count, target):
    """Writes the first `count` items of `source` to `target`."""
    dimensions, body = read_idx(source)
    if dimensions[0] < count:
        sys.exit(f"{source}: it holds {dimensions[0]} items, not {count}")
    item = len(body) // dimensions[0]
    write_idx(target, (count, *dimensions[1:]), body[: count * item])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("images")
    parser.add_argument("labels")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("configs/digits"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    shorten(options.images, options.count,
            options.out / f"t10k-{options.count}-images.idx3-ubyte.gz")
    shorten(options.labels, options.count,
            options.out / f"t10k-{options.count}-labels.idx1-ubyte.gz")


if __name__ == "__main__":
    main()
