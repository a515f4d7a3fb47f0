"""Tries live modules of torch, torchvision, timm and Keras, for releases: one line per case.

    STIR_HOME=.../stir python scripts/with_libraries.py [CASE ...]

Each network gets random weights from a fixed seed, is scored as a live module, and once more by
the command line from the same exported file; both must give the same numbers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import stir_java as stir
from stir_java import _cache, _export, _models

INPUTS = np.random.default_rng(7).random((8, 3, 64, 64), dtype=np.float32)
FAST = {"optimizer": "fast", "iterations": 3}


def torch_module():
    import torch

    torch.manual_seed(1)
    return torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, stride=4),
        torch.nn.BatchNorm2d(8),
        torch.nn.GELU(),
        torch.nn.AdaptiveAvgPool2d(1),
        torch.nn.Flatten(),
        torch.nn.Dropout(0.5),
        torch.nn.Linear(8, 5),
    )


def torchvision_model():
    return stir.load("torchvision/resnet18", pretrained=False)


def timm_model(name="resnet10t"):
    return stir.load(f"timm/{name}", pretrained=False)


def timm_vit():
    import timm

    return timm.create_model("test_vit", pretrained=False, img_size=64)


def timm_encoder(name, **options):
    import timm

    return timm.create_model(name, pretrained=False, num_classes=0, **options)


def plain_encoder():
    return torch_module()[:-2]


def keras_model():
    import keras

    keras.utils.set_random_seed(1)
    return keras.Sequential(
        [
            keras.layers.Input((64, 64, 3)),
            keras.layers.Conv2D(8, 3, strides=4, activation="gelu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(5),
        ]
    )


CASES = {
    "torch": torch_module,
    "torchvision": torchvision_model,
    "timm": timm_model,
    "timm-vit": timm_vit,
    "encoder": plain_encoder,
    "encoder-resnet": lambda: timm_encoder("resnet10t"),
    "encoder-vit": lambda: timm_encoder("test_vit", img_size=64),
    "encoder-convnext": lambda: timm_encoder("test_convnext"),
    "keras": keras_model,
}


def run(name: str) -> str:
    network = CASES[name]()
    live = getattr(network, "network", network)
    was = getattr(live, "training", None)
    begun = time.monotonic()
    inputs = INPUTS if name != "keras" else np.moveaxis(INPUTS, 1, -1).copy()
    size = {} if name == "keras" else {"size": 64}
    plain = {} if isinstance(network, stir.Model) else {"normalise": "none"}
    found = stir.score(network, network, inputs, **size, **plain, **FAST)
    seconds = time.monotonic() - begun
    assert getattr(live, "training", None) == was, "the training flag changed"
    files = [each["file"] for each in found.networks]
    (named,) = _models.named([_models.resolve(network)])
    file = _export.write(named, (3, 64, 64), None).file
    assert str(file) in files, "the same network was exported to another file"
    launcher = Path(os.environ["STIR_HOME"]) / "bin" / "stir"
    saved = _cache.folder() / "inputs.npy"
    np.save(saved, inputs)
    words = [*files, "--inputs", saved, "--format", "json"]
    words += ["--optimizer", "fast", "--iterations", "3"]
    words += [] if name == "keras" else ["--size", "64"]
    for key, values in getattr(network, "options", {}).items():
        if key in ("mean", "std"):
            words += [f"--{key}", ",".join(map(str, values))]
    printed = subprocess.run([launcher, "score", *words], capture_output=True, check=True)
    key = "directions" if "directions" in found.document else "stir"
    assert json.loads(printed.stdout)[key] == found.document[key], "other numbers"
    if name.startswith("encoder"):  # its default layer is its output
        import torch

        made = live.eval()(torch.from_numpy(inputs)).detach().numpy()
        measured = stir.represent(live, inputs, **size, **plain)
        assert np.allclose(measured, made, rtol=1e-3, atol=1e-5), "not the output"
    answer = found.a_given_b.verdict.word
    return f"{name:16} {file.name:24} {seconds:6.1f} s  {answer}"


if __name__ == "__main__":
    for case in sys.argv[1:] or CASES:
        print(run(case), flush=True)
