#!/usr/bin/env python3
"""Trains the digit networks of configs/models and writes them as ONNX (docs/trained.md).

usage: train.py MNIST [NETWORK ...] [--seed N] [--out DIR]

MNIST is a folder with train-images-idx3-ubyte and train-labels-idx1-ubyte, plain
or gzip. Needs Debian's python3-torch and python3-onnx. All networks take some
minutes on one core. The accuracy is that on the digits in configs/digits.
"""

import argparse
import pathlib
import sys
import time
import warnings

import torch
from torch import nn
from torch.nn import functional

import networks

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from make_digits import read_idx, write_idx  # noqa: E402


def idx_file(folder, name):
    """The file of this name, plain or gzip."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.exists():
            return path
    sys.exit(f"{folder}: it has no {name} or {name}.gz; docs/trained.md says where to get it")


def read_digits(images, labels):
    """Images [N][1][28][28] in 0 to 1, and their labels [N]."""
    sizes, pixels = read_idx(images)
    _, classes = read_idx(labels)
    values = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).float() / 255
    return values.reshape(sizes[0], 1, 28, 28), torch.tensor(list(classes))


def spread(images):
    """28x28 as the 640 values of 20x32, bilinear."""
    return functional.interpolate(images, size=(20, 32), mode="bilinear",
                                  align_corners=False).reshape(len(images), 640)


def rows_of(images):
    return images.reshape(len(images), 28, 28)


def fit(model, inputs, targets, loss_of, epochs, rate=2e-3, batch=64):
    """Adam, its rate falling to 0 along a cosine."""
    optimiser = torch.optim.Adam(model.parameters(), rate)
    steps = epochs * (len(inputs) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(inputs))
        for start in range(0, len(inputs) - batch + 1, batch):
            chosen = order[start:start + batch]
            optimiser.zero_grad()
            loss_of(model(inputs[chosen]), targets[chosen]).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return model.eval()


def export(model, example, path):
    """ONNX of opset 13, with any number of samples."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of shapes that the exporter cannot infer; Systol can
        torch.onnx.export(model, example, path, opset_version=13, input_names=["input"],
                          output_names=["output"],
                          dynamic_axes={"input": {0: "batch"}, "output": {0: "batch"}})


@torch.no_grad()
def share_recognised(model, inputs, labels):
    return (model(inputs).argmax(1) == labels).float().mean().item()


@torch.no_grad()
def mean_difference(model, inputs, targets):
    return (model(inputs) - targets).abs().mean().item()


class Trainer:
    """Trains one network of each name; each returns what to print of it."""

    def __init__(self, training, test, out):
        self.training, self.labels = training
        self.test, self.test_labels = test
        self.out = out

    def classify(self, name, model, prepare, samples, epochs):
        fit(model, prepare(self.training[:samples]), self.labels[:samples],
            functional.cross_entropy, epochs)
        export(model, prepare(self.test[:2]), self.out / f"models/{name}.onnx")
        right = share_recognised(model, prepare(self.test), self.test_labels)
        return f"{100 * right:.1f} % of {len(self.test)} digits, {samples} samples, {epochs} epochs"

    def mnist_lenet(self, name):
        return self.classify(name, networks.LeNet(), lambda x: x, 20_000, 4)

    def mnist_resnet8(self, name):
        return self.classify(name, networks.ResNet8(), lambda x: x, 8_000, 4)

    def mnist_lstm(self, name):
        return self.classify(name, networks.RowReader(nn.LSTM), rows_of, 20_000, 6)

    def mnist_gru(self, name):
        return self.classify(name, networks.RowReader(nn.GRU), rows_of, 40_000, 6)

    def mnist_attention(self, name):
        return self.classify(name, networks.RowAttention(), rows_of, 20_000, 6)

    def mnist_autoencoder(self, name):
        samples, epochs = 20_000, 15
        inputs = spread(self.training[:samples])
        model = fit(networks.Autoencoder(), inputs, inputs, functional.mse_loss, epochs)
        test = spread(self.test)
        export(model, test[:2], self.out / f"models/{name}.onnx")
        self.write_images("20x32", test[:100].reshape(100, 20, 32))
        return f"mean difference {mean_difference(model, test, test):.4f}"

    def mnist_generator(self, name):
        """Trained as the decoder of an autoencoder; its codes of 100 digits are kept as images."""
        samples, epochs = 10_000, 5
        encoder, generator = networks.Encoder(), networks.Generator()
        inputs = self.training[:samples]
        fit(nn.Sequential(encoder, generator), inputs, inputs, functional.binary_cross_entropy,
            epochs)
        with torch.no_grad():
            codes = encoder(self.test)
        export(generator, codes[:2], self.out / f"models/{name}.onnx")
        self.write_images("codes", codes[:100].reshape(100, 4, 4))
        return f"mean difference {mean_difference(generator, codes, self.test):.4f}"

    def write_images(self, name, values):
        """Values in 0 to 1 as an IDX file of bytes."""
        levels = (values * 255).round().clamp(0, 255).to(torch.uint8)
        write_idx(self.out / f"digits/t10k-{len(values)}-{name}.idx3-ubyte.gz",
                  tuple(levels.shape), bytes(levels.flatten().tolist()))


NAMES = ("mnist_lenet", "mnist_resnet8", "mnist_lstm", "mnist_gru", "mnist_attention",
         "mnist_autoencoder", "mnist_generator")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mnist", type=pathlib.Path)
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help=" ".join(NAMES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "configs",
                        help="gets models/ and digits/; default: configs")
    options = parser.parse_args()
    unknown = set(options.networks) - set(NAMES)
    if unknown:
        parser.error(f"unknown network {min(unknown)}; known are {' '.join(NAMES)}")
    torch.set_num_threads(1)
    for folder in ("models", "digits"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    digits = ROOT / "configs/digits"
    trainer = Trainer(
        read_digits(idx_file(options.mnist, "train-images-idx3-ubyte"),
                    idx_file(options.mnist, "train-labels-idx1-ubyte")),
        read_digits(digits / "t10k-1000-images.idx3-ubyte.gz",
                    digits / "t10k-1000-labels.idx1-ubyte.gz"), options.out)
    for name in options.networks or NAMES:
        torch.manual_seed(options.seed)
        start = time.monotonic()
        result = getattr(trainer, name)(name)
        print(f"{name}: {result}; {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
