"""Inputs as files that Stir reads."""

from __future__ import annotations

import itertools
import numbers
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _cache
from ._errors import StirTypeError, StirUsageError

_COLOURS = (1, 3)
_PEEKED = 20  # images of a folder that decide on its shape
_IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")


@dataclass(frozen=True)
class Inputs:
    """Inputs as a file or folder.

    Attributes:
        path: the file or folder.
        shape: the shape of one input; `None` of a folder whose images are unknown or differ.
        identity: a text that differs where the inputs differ.
    """

    path: Path
    shape: tuple[int, ...] | None
    identity: str

    @property
    def image(self) -> tuple[int, int, int] | None:
        """Channels, height and width of an image; `None` for other inputs."""
        shape = (1, *self.shape) if self.shape and len(self.shape) == 2 else self.shape or ()
        if len(shape) == 3 and shape[0] not in _COLOURS:
            shape = (shape[2], shape[0], shape[1])
        return shape if len(shape) == 3 and shape[0] in _COLOURS else None


def prepare(images: Any, limit: int | None = None, range: Any = None) -> Inputs:
    """Return inputs as a file.

    Args:
        images: what `score` takes.
        limit: the number of items that are read of a data set.
        range: the range of the values that the caller states, if any.

    Raises:
        StirTypeError: the value is nothing that Stir takes.
        StirUsageError: its items differ in shape, or its values are out of range.
    """
    if not isinstance(limit, (numbers.Integral, type(None))) or (limit is not None and limit < 1):
        raise StirTypeError(f"limit is a whole number from 1 on, not {limit!r}.")
    if isinstance(images, (str, os.PathLike)):
        return _of_path(Path(images or "''"))
    labels = None
    if _is_pair(images):
        images, labels = images
        labels = array(labels)
        if labels.shape != (len(images),):
            raise StirUsageError(f"{len(images)} inputs have labels of shape {labels.shape}.")
    elif not hasattr(images, "shape"):
        images, labels = _items(images, limit)
    inputs = array(images)
    if inputs.ndim < 2 or (inputs.ndim == 3 and inputs.shape[0] in _COLOURS):
        raise StirUsageError(
            f"An array of shape {inputs.shape} is one input: give several as N x C x H x W,"
            " or this one as images[None]."
        )
    _check(inputs, range)
    file = stored(inputs, labels)
    return Inputs(file, inputs.shape[1:], file.stem)


def stored(values: NDArray[Any], labels: NDArray[Any] | None = None) -> Path:
    """Return the file of an array in the cache, with labels if there are any."""
    file = _cache.folder() / "inputs" / _cache.digest(values, labels)
    if labels is None:
        return _cache.kept(file.with_suffix(".npy"), lambda to: np.save(to, values))
    file = file.with_suffix(".npz")
    return _cache.kept(file, lambda to: np.savez(to, inputs=values, labels=labels))


def array(values: Any) -> NDArray[Any]:
    """Return an array or a tensor as an array that Stir reads: bytes, or numbers of 32 bits."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
        values = (values.float() if values.is_floating_point() else values).numpy()
    found: NDArray[Any] = np.asarray(values)
    if found.dtype.kind not in "fiub":
        raise StirTypeError(f"Inputs are arrays of numbers, not of {found.dtype}.")
    return found.astype(np.float32) if found.dtype.kind == "f" else found


def _of_path(path: Path) -> Inputs:
    if not path.exists():
        raise StirUsageError(f"There are no inputs at {path}.")
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    is_array = path.suffix == ".npy"
    shape = np.load(path, mmap_mode="r").shape[1:] if is_array else _image_shape(files)
    stamps = [(str(each), each.stat().st_size, each.stat().st_mtime_ns) for each in files]
    return Inputs(path.resolve(), shape, f"{path.resolve()} {_cache.digest(stamps)}")


def _image_shape(files: Iterable[Path]) -> tuple[int, ...] | None:
    """Return the shape of the first images, if Pillow is there and they agree in size.

    As Stir reads them, images have one channel if all are grey.
    """
    try:
        from PIL import Image
    except ImportError:
        return None
    sizes, colours = set(), False
    images = (each for each in files if each.suffix.lower() in _IMAGES and each.is_file())
    for file in itertools.islice(images, _PEEKED):
        try:
            with Image.open(file) as image:
                sizes.add((image.height, image.width))
                colours |= not image.mode.startswith(("1", "L", "I", "F"))
        except (OSError, Image.DecompressionBombError):  # Stir's sentence on it follows
            return None
    return (3 if colours else 1, *sizes.pop()) if len(sizes) == 1 else None


def _check(inputs: NDArray[Any], range: Any) -> None:
    """Refuse values that no search can take, with the remedy in Python."""
    if inputs.size == 0:
        raise StirUsageError(f"There are no inputs in an array of shape {inputs.shape}.")
    if inputs.dtype.kind != "f" and inputs.dtype != np.uint8:
        raise StirTypeError(f"Inputs are uint8 or floats, not {inputs.dtype}: convert them.")
    if not np.isfinite(inputs).all():
        raise StirUsageError("The inputs hold NaN or infinite values: leave these inputs out.")
    low, high = inputs.min(), inputs.max()
    bounds = (0, 1) if range is None else range
    is_pair = not isinstance(bounds, str) and np.shape(bounds) == (2,)
    if is_pair and inputs.dtype.kind == "f" and not (low >= bounds[0] and high <= bounds[1]):
        raise StirUsageError(
            f"The inputs have values from {low:.4g} to {high:.4g}, outside [{bounds[0]:g},"
            f" {bounds[1]:g}]: give pixels before the normalisation, divide bytes by 255, or give"
            ' range="data".'
        )


def _is_pair(images: Any) -> bool:
    """Return whether a value is a pair of inputs and their labels, as a loader's batch."""
    return (
        isinstance(images, (tuple, list))
        and len(images) == 2
        and all(hasattr(each, "shape") or isinstance(each, list) for each in images)
        and np.ndim(images[0]) > np.ndim(images[1]) > 0
        and (np.ndim(images[0]) > 3 or len(images[0]) == len(images[1]))
    )


def _items(data: Any, limit: int | None) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the items of a data set, a loader or an iterable, and their labels if they have any.

    A loader's batches become items. Iteration ends at the limit.
    """
    kind, is_image = type(data).__name__, hasattr(data, "getbands")  # of Pillow
    is_iterable = hasattr(data, "__getitem__") or hasattr(data, "__iter__")
    if isinstance(data, (Mapping, bytes, set)) or is_image or not is_iterable:
        raise StirTypeError(
            "Inputs are an array of N x C x H x W, a data set or its loader, or the path of a"
            f" folder or file, not {kind}{': give one image as [image]' * is_image}."
        )
    try:
        count = len(data)
    except TypeError:  # of an iterable without a length, or of a loader of one
        count = None
    if limit is None and count is None:
        raise StirUsageError(f"The number of inputs of {kind} is unknown: add limit=100.")
    items = data if hasattr(data, "__iter__") else (data[place] for place in range(count or 0))
    loads = any(getattr(data, key, None) is not None for key in ("batch_size", "batch_sampler"))
    found = list(itertools.islice(_unbatched(items, loads), limit))
    if not found:
        raise StirUsageError(f"There are no inputs in {kind}.")
    labels = None
    if isinstance(found[0], (tuple, list)):
        if len(found[0]) > 1 and np.ndim(found[0][1]) == 0:
            labels = np.array([int(item[1]) for item in found], dtype=np.int64)
        found = [item[0] for item in found]
    arrays = [_image(item) for item in found]
    shapes = {each.shape for each in arrays}
    if len(shapes) > 1:
        raise StirUsageError(
            f"The inputs differ in shape ({', '.join(map(str, sorted(shapes)))}): resize them, or"
            " give the folder of the images and size=224."
        )
    return np.stack(arrays), labels


def _unbatched(items: Iterable[Any], loads: bool) -> Iterator[Any]:
    """Return the items of batches, which a loader yields, and others where there are 4 axes."""
    for item in items:
        is_pair = isinstance(item, (tuple, list))
        first = item[0] if is_pair and item else item
        if not loads and getattr(first, "ndim", 0) != 4:
            yield item
        else:
            whole = [item] if isinstance(item, Mapping) else item
            yield from zip(*item, strict=True) if is_pair else whole


def _image(item: Any) -> NDArray[Any]:
    if hasattr(item, "getbands"):  # an image of Pillow
        if item.mode.startswith("I;16"):  # 16 bits, of which Pillow's conversion cuts values off
            return (np.asarray(item) / np.float32(65535))[None]
        if item.mode in ("I", "F"):
            raise StirTypeError(f"Images of mode {item.mode} have no range: give arrays in [0, 1].")
        pixels = np.asarray(item.convert("L" if item.getbands() == ("L",) else "RGB"))
        return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
    if isinstance(item, (str, bytes, os.PathLike, Mapping)):
        remedy = ": give [item[key] for item in data]" * isinstance(item, Mapping)
        kind = type(item).__name__
        raise StirTypeError(f"An item of a data set is an image or a tensor, not {kind}{remedy}.")
    return array(item)
