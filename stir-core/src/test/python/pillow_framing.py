"""Images as Pillow resizes them, for FramingTest: framing.npz.

Pillow 13.0.0 and NumPy 2.4.6. Pillow resizes images of floats (mode F) with the same filters as
images of bytes, without rounding, which is what torchvision does with tensors (antialias=True).
The sizes and margins are those of torchvision's Resize and CenterCrop.
"""

import numpy as np
from PIL import Image

FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


def resized(image, height, width, interpolation):
    channels = [
        np.asarray(Image.fromarray(channel).resize((width, height), FILTERS[interpolation]))
        for channel in image
    ]
    return np.clip(np.stack(channels), 0, 1)


def shorter_side(image, side):
    _, height, width = image.shape
    short, long = min(height, width), max(height, width)
    other = int(side * long / short)
    return (side, other) if height <= width else (other, side)


def centre(image, height, width):
    top = int(round((image.shape[1] - height) / 2.0))
    left = int(round((image.shape[2] - width) / 2.0))
    return image[:, top : top + height, left : left + width]


random = np.random.default_rng(18)
photo = random.integers(0, 256, (3, 37, 53), dtype=np.uint8)
values = photo.astype(np.float32) / np.float32(255)
arrays = {"photo": photo}
for name in FILTERS:
    arrays[f"shorter-16-{name}"] = resized(values, *shorter_side(values, 16), name)
    arrays[f"shorter-60-{name}"] = resized(values, *shorter_side(values, 60), name)
    arrays[f"exactly-20x11-{name}"] = resized(values, 20, 11, name)
    arrays[f"size-24-{name}"] = centre(
        resized(values, *shorter_side(values, 24), name), 24, 24
    )
arrays["crop-10x20"] = centre(values, 10, 20)
np.savez_compressed("stir-core/src/test/resources/framing.npz", **arrays)

# Archives whose arrays have names of their own, for the same test.
np.savez_compressed(
    "stir-core/src/test/resources/arrays.npz",
    x_train=np.zeros((2, 5, 5), np.uint8),
    x_test=np.ones((2, 4, 4), np.uint8),
    y_test=np.array([3, 7]),
)
np.savez_compressed(
    "stir-core/src/test/resources/images-labels.npz",
    images=np.zeros((2, 3, 4, 4), np.float32),
    labels=np.array([1, 3]),
    names=np.array(["a", "b"]),
)
