"""The networks that train.py trains: one class each, in the order of its table."""

import torch
from torch import nn
from torch.nn import functional


class LeNet(nn.Sequential):
    """Two convolutions with max pooling, three dense layers."""

    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(400, 120), nn.ReLU(),
            nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions and their input, added; a 1x1 convolution where the sizes differ."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.shortcut = nn.Identity() if stride == 1 else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return functional.relu(self.path(x) + self.shortcut(x))


class ResNet8(nn.Sequential):
    """MLPerf Tiny's shape of ResNet, for 28x28: stages of 16, 32 and 64 channels."""

    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
            ResidualBlock(16, 16, 1), ResidualBlock(16, 32, 2), ResidualBlock(32, 64, 2),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


class RowReader(nn.Module):
    """A recurrent layer that reads a digit's 28 rows from the top; its last state is classified."""

    def __init__(self, layer, hidden=64):
        super().__init__()
        self.recurrent = layer(28, hidden, batch_first=True)
        self.classes = nn.Linear(hidden, 10)

    def forward(self, rows):
        states, _ = self.recurrent(rows)
        return self.classes(states[:, -1])


class Autoencoder(nn.Sequential):
    """MLPerf Tiny's dense autoencoder: 640, four of 128, 8, four of 128, 640."""

    def __init__(self):
        sizes = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128]
        layers = []
        for inputs, outputs in zip(sizes, sizes[1:]):
            layers += [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs), nn.ReLU()]
        super().__init__(*layers, nn.Linear(128, 640))


class Generator(nn.Module):
    """DCGAN's shape of generator, for 28x28: transposed convolutions from a code of 16 values."""

    def __init__(self):
        super().__init__()
        self.dense = nn.Linear(16, 64 * 7 * 7)
        self.convolutions = nn.Sequential(
            nn.ReLU(), nn.ConvTranspose2d(64, 32, 4, 2, 1, bias=False), nn.BatchNorm2d(32),
            nn.ReLU(), nn.ConvTranspose2d(32, 1, 4, 2, 1), nn.Sigmoid())

    def forward(self, code):
        return self.convolutions(self.dense(code).reshape(-1, 64, 7, 7))


class Encoder(nn.Sequential):
    """Finds the generator's code of a digit; only training and make_codes need it."""

    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 16, 4, 2, 1), nn.ReLU(), nn.Conv2d(16, 32, 4, 2, 1), nn.ReLU(),
            nn.Flatten(), nn.Linear(32 * 7 * 7, 16), nn.Sigmoid())


class AttentionBlock(nn.Module):
    """Pre-norm self-attention and a dense part, each added to its input."""

    def __init__(self, tokens, size, heads):
        super().__init__()
        self.split = (-1, tokens, heads, size // heads)
        self.joined = (-1, tokens, size)
        self.norms = nn.ModuleList([nn.LayerNorm(size), nn.LayerNorm(size)])
        self.projections = nn.ModuleList([nn.Linear(size, size) for _ in range(4)])
        self.dense = nn.Sequential(nn.Linear(size, 2 * size), nn.ReLU(), nn.Linear(2 * size, size))

    def attend(self, x):
        query, key, value = (p(x).reshape(self.split).transpose(1, 2)
                             for p in self.projections[:3])
        scores = query @ key.transpose(2, 3) * self.split[3] ** -0.5
        mixed = torch.softmax(scores, -1) @ value
        return self.projections[3](mixed.transpose(1, 2).reshape(self.joined))

    def forward(self, x):
        x = x + self.attend(self.norms[0](x))
        return x + self.dense(self.norms[1](x))


class RowAttention(nn.Module):
    """A digit's 28 rows as tokens: positions, two blocks of two heads, the tokens' mean."""

    def __init__(self, size=64):
        super().__init__()
        self.embed = nn.Linear(28, size)
        self.position = nn.Parameter(torch.randn(28, size) * 0.1)
        self.blocks = nn.Sequential(*(AttentionBlock(28, size, 2) for _ in range(2)))
        self.norm = nn.LayerNorm(size)
        self.classes = nn.Linear(size, 10)

    def forward(self, rows):
        x = self.blocks(self.embed(rows) + self.position)
        return self.classes(self.norm(x).mean(1))
