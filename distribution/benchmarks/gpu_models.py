#!/usr/bin/env python3
"""Exports the networks of gpu_bundle.sh, with random weights: ResNet-50 and a ViT for photos, a VGG and an LSTM for digits.

    python gpu_models.py FOLDER [small]

Each is written for PyTorch (NAME.pt2, or NAME.pt where torch.export fails) and, except the LSTM, as NAME.onnx.
FOLDER/models.txt names the files with the shapes of their inputs. `small` leaves the networks for photos out. Needs torch, and torchvision for
photos.
"""

import pathlib
import sys

import torch
from torch import nn


class Lstm(nn.Module):
    """Reads the rows of a digit."""

    def __init__(self):
        super().__init__()
        self.rows = nn.LSTM(28, 64, batch_first=True)
        self.features = nn.Linear(64, 32)
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        values, _ = self.rows(x.flatten(1, 2))
        return self.head(torch.relu(self.features(values[:, -1])))


def vgg():
    blocks = []
    for channels, out in ((1, 16), (16, 32)):
        blocks += [nn.Conv2d(channels, out, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*blocks, nn.Flatten(), nn.Linear(32 * 49, 64), nn.ReLU(), nn.Linear(64, 10))


def networks(small):
    yield "vgg", vgg, (1, 28, 28)
    yield "lstm", Lstm, (1, 28, 28)
    if not small:
        import torchvision

        yield "resnet50", lambda: torchvision.models.resnet50(weights=None), (3, 224, 224)
        yield "vit", lambda: torchvision.models.vit_b_16(weights=None), (3, 224, 224)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, make, shape in networks("small" in sys.argv[2:]):
        torch.manual_seed(62)
        network, example = make().eval(), torch.rand(2, *shape)
        try:
            batch = torch.export.Dim("batch", min=1, max=1024)
            program = torch.export.export(network, (example,), dynamic_shapes=({0: batch},))
            torch.export.save(program, folder / f"{name}.pt2")
            lines.append(f"{name}.pt2")
        except Exception as failure:
            print(f"{name}: no .pt2 ({type(failure).__name__}), traced instead", file=sys.stderr)
            torch.jit.trace(network, example).save(folder / f"{name}.pt")
            lines.append(f"{name}.pt")
        if name == "lstm":  # ONNX's LSTM has no gradient in Stir
            lines[-1] = f"{lines[-1]} {'x'.join(map(str, shape))}"
            continue
        axes = {"x": {0: "batch"}}
        torch.onnx.export(
            network, (example,), folder / f"{name}.onnx", input_names=["x"], dynamic_axes=axes, dynamo=False
        )
        lines.append(f"{name}.onnx")
        lines[-2:] = [f"{line} {'x'.join(map(str, shape))}" for line in lines[-2:]]
    with open(folder / "models.txt", "a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


main()
