"""Trains eight small networks that searches were not tuned on, and saves them as TorchScript with 250 inputs that they have not seen.

    python distribution/benchmarks/small_networks.py FOLDER

Perceptrons with tanh, and with LayerNorm and GELU or ReLU; convolutional networks with batch normalisation, max-pooling, leaky ReLU and GELU; on the 8 x 8 digits of
scikit-learn, scaled to 28 x 28. Needs torch and scikit-learn."""

import sys
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

TRAINED, EPOCHS, BATCH = 1500, 25, 50


def perceptron(activation, widths, normed=False):
    layers, size = [("flat", nn.Flatten())], 784
    for place, width in enumerate(widths, 1):
        layers.append((f"l{place}", nn.Linear(size, width)))
        if normed:
            layers.append((f"n{place}", nn.LayerNorm(width)))
        layers.append((f"a{place}", activation()))
        size = width
    return Named(layers + [("head", nn.Linear(size, 10))])


def convolutions(activation, normed=False, pooled=False):
    layers, channels = [], 1
    for place, (width, stride) in enumerate([(16, 1), (32, 2), (64, 2)], 1):
        layers.append((f"c{place}", nn.Conv2d(channels, width, 3, 1 if pooled else stride, 1)))
        if normed:
            layers.append((f"b{place}", nn.BatchNorm2d(width)))
        layers.append((f"r{place}", activation()))
        if pooled:
            layers.append((f"p{place}", nn.MaxPool2d(2)))
        channels = width
    return Named(layers + [("flat", nn.Flatten()), ("l4", nn.LazyLinear(80)), ("r4", activation()), ("head", nn.Linear(80, 10))])


class Named(nn.Module):
    """Modules one after the other, with names of their own."""

    def __init__(self, layers):
        super().__init__()
        self.order = [name for name, _ in layers]
        for name, layer in layers:
            self.add_module(name, layer)

    def forward(self, images):
        for name in self.order:
            images = getattr(self, name)(images)
        return images


NETWORKS = {
    "mlp_tanh": lambda: perceptron(nn.Tanh, (256, 128, 64)),
    "mlp_gelu": lambda: perceptron(nn.GELU, (256, 128, 64), normed=True),
    "mlp_tanh2": lambda: perceptron(nn.Tanh, (300, 100)),
    "cnn_bn": lambda: convolutions(nn.ReLU, normed=True),
    "cnn_max": lambda: convolutions(nn.ReLU, pooled=True),
    "cnn_leaky": lambda: convolutions(nn.LeakyReLU),
    "cnn_gelu": lambda: convolutions(nn.GELU, normed=True, pooled=True),
    "mlp_norm": lambda: perceptron(nn.ReLU, (256, 128, 64), normed=True),
}


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    digits = load_digits()
    images = nn.functional.interpolate(torch.tensor(digits.images / 16, dtype=torch.float32)[:, None], size=(28, 28), mode="bilinear")
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(1))
    images, labels = images[order], torch.tensor(digits.target)[order]
    np.save(folder / "inputs.npy", images[TRAINED : TRAINED + 250].numpy())
    for seed, (name, make) in enumerate(NETWORKS.items()):
        torch.manual_seed(seed)
        network = make()
        network(images[:2])
        optimizer = torch.optim.Adam(network.parameters(), 1e-3)
        for _ in range(EPOCHS):
            for chosen in torch.randperm(TRAINED).split(BATCH):
                optimizer.zero_grad()
                nn.functional.cross_entropy(network(images[chosen]), labels[chosen]).backward()
                optimizer.step()
        network.eval()
        with torch.no_grad():
            right = (network(images[TRAINED:]).argmax(1) == labels[TRAINED:]).float().mean()
            torch.jit.trace(network, images[:1]).save(str(folder / f"{name}.pt"))
        print(f"{name}: {right:.3f} of the other digits are right", flush=True)


if __name__ == "__main__":
    main()
