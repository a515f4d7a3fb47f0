"""Inputs as files that Stir reads."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _cache
from ._errors import StirUsageError


@dataclass(frozen=True)
class Inputs:
    """Inputs as a file or folder.

    Attributes:
        path: the file or folder.
        shape: the shape of one input; `None` if the folder's images decide.
        identity: a text that differs where the inputs differ.
    """

    path: Path
    shape: tuple[int, ...] | None
    identity: str


def prepare(images: Any, limit: int | None = None) -> Inputs:
    """Return inputs as a file.

    Args:
        images: a path (folder of images, `.npy`, `.npz`, IDX, CIFAR), an array or a tensor of
            N x C x H x W with values in [0, 1] or bytes, a pair of such an array and labels, or a
            data set of pairs as PyTorch's.
        limit: the number of items that are read of a data set.

    Raises:
        StirUsageError: the value is none of these, or its items differ in shape.
    """
    if isinstance(images, (str, os.PathLike)):
        path = Path(images)
        if not path.exists():
            raise StirUsageError(f"There are no inputs at {path}.")
        shape = np.load(path, mmap_mode="r").shape[1:] if path.suffix == ".npy" else None
        stamp = path.stat()
        return Inputs(
            path.resolve(), shape, f"{path.resolve()} {stamp.st_size} {stamp.st_mtime_ns}"
        )
    labels = None
    if isinstance(images, tuple) and len(images) == 2:
        images, labels = images
    elif not hasattr(images, "shape") and hasattr(images, "__getitem__"):
        images, labels = _items(images, limit)
    inputs = array(images)
    if inputs.ndim < 2:
        raise StirUsageError(f"Inputs are an array of N x C x H x W, not of shape {inputs.shape}.")
    if labels is None:
        key = _cache.digest(inputs)
        file = _cache.folder() / "inputs" / f"{key}.npy"
        _cache.kept(file, lambda to: np.save(to, inputs))
    else:
        classes = array(labels)
        key = _cache.digest(inputs, classes)
        file = _cache.folder() / "inputs" / f"{key}.npz"
        _cache.kept(file, functools.partial(np.savez, inputs=inputs, labels=classes))
    return Inputs(file, inputs.shape[1:], key)


def array(values: Any) -> NDArray[Any]:
    """Return an array or a tensor as an array that Stir reads: bytes, or numbers of 32 bits."""
    if hasattr(values, "detach"):
        values = values.detach().cpu().numpy()
    found: NDArray[Any] = np.asarray(values)
    return found.astype(np.float32) if found.dtype.kind == "f" else found


def _items(data: Any, limit: int | None) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the items of a data set and their labels, if they have any."""
    count = len(data) if limit is None else min(limit, len(data))
    items = [data[place] for place in range(count)]
    if not items:
        raise StirUsageError("The data set is empty.")
    labels = None
    if isinstance(items[0], Sequence) and not isinstance(items[0], str):
        if len(items[0]) > 1 and np.ndim(items[0][1]) == 0:
            labels = np.array([int(item[1]) for item in items], dtype=np.int64)
        items = [item[0] for item in items]
    arrays = [_image(item) for item in items]
    shapes = {each.shape for each in arrays}
    if len(shapes) > 1:
        raise StirUsageError(
            f"The images of the data set differ in shape ({', '.join(map(str, sorted(shapes)))}):"
            " give the folder of the images, and size=224."
        )
    return np.stack(arrays), labels


def _image(item: Any) -> NDArray[Any]:
    if hasattr(item, "getbands"):  # an image of Pillow
        pixels = np.asarray(item.convert("L" if item.getbands() == ("L",) else "RGB"))
        return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
    return array(item)
