"""Inputs as files that Stir reads."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _cache
from ._errors import StirTypeError, StirUsageError

_COLOURS = (1, 3)


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

    @property
    def image(self) -> tuple[int, int, int] | None:
        """Channels, height and width of an image; `None` for other inputs."""
        shape = self.shape or ()
        if len(shape) == 2:
            return 1, *shape
        if len(shape) != 3:
            return None
        if shape[0] not in _COLOURS and shape[2] in _COLOURS:
            return shape[2], shape[0], shape[1]
        return shape if shape[0] in _COLOURS else None


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
    if isinstance(images, (str, os.PathLike)):
        return _of_path(Path(images))
    labels = None
    if _is_pair(images):
        images, labels = images
    elif not hasattr(images, "shape"):
        images, labels = _items(images, limit)
    inputs = array(images)
    if inputs.ndim < 2 or (inputs.ndim == 3 and inputs.shape[0] in _COLOURS):
        raise StirUsageError(
            f"An array of shape {inputs.shape} is one input: give several as N x C x H x W,"
            " or this one as images[None]."
        )
    _check(inputs, range)
    if labels is None:
        file = stored(inputs)
    else:
        classes = array(labels)
        file = _cache.folder() / "inputs" / f"{_cache.digest(inputs, classes)}.npz"
        _cache.kept(file, lambda to: np.savez(to, inputs=inputs, labels=classes))
    return Inputs(file, inputs.shape[1:], file.stem)


def stored(values: NDArray[Any]) -> Path:
    """Return the file of an array in the cache."""
    file = _cache.folder() / "inputs" / f"{_cache.digest(values)}.npy"
    return _cache.kept(file, lambda to: np.save(to, values))


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
    shape = np.load(path, mmap_mode="r").shape[1:] if path.suffix == ".npy" else None
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    stamps = [(str(each), each.stat().st_size, each.stat().st_mtime_ns) for each in files]
    return Inputs(path.resolve(), shape, f"{path.resolve()} {_cache.digest(stamps)}")


def _check(inputs: NDArray[Any], range: Any) -> None:
    """Refuse values that no search can take, with the remedy in Python."""
    if inputs.size == 0:
        raise StirUsageError(f"There are no inputs in an array of shape {inputs.shape}.")
    if inputs.dtype.kind != "f" and inputs.dtype != np.uint8:
        raise StirTypeError(
            f"Inputs are bytes (uint8) or floating-point numbers, not {inputs.dtype}: convert them"
            ' with images.astype("uint8") or images.astype("float32").'
        )
    if not np.isfinite(inputs).all():
        raise StirUsageError("The inputs hold NaN or infinite values: leave these inputs out.")
    low, high = inputs.min(), inputs.max()
    if range is None and inputs.dtype.kind == "f" and not (low >= 0 and high <= 1):
        raise StirUsageError(
            f"The inputs have values from {low:.4g} to {high:.4g}, outside [0, 1]: give pixels"
            ' before the normalisation, divide bytes by 255, or give range="data".'
        )


def _is_pair(images: Any) -> bool:
    """Return whether a value is a pair of inputs and their labels, as a loader's batch."""
    return (
        isinstance(images, (tuple, list))
        and len(images) == 2
        and all(hasattr(each, "shape") or isinstance(each, list) for each in images)
        and np.ndim(images[0]) > 1
        and np.ndim(images[1]) == 1
        and len(images[0]) == len(images[1])
    )


def _items(data: Any, limit: int | None) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the items of a data set, a loader or an iterable, and their labels if they have any.

    A loader's batches become items. Iteration ends at the limit.
    """
    if isinstance(data, Mapping) or not (hasattr(data, "__getitem__") or hasattr(data, "__iter__")):
        raise StirTypeError(
            "Inputs are an array of N x C x H x W, a data set or its loader, or the path of a"
            f" folder or file, not {type(data).__name__}."
        )
    try:
        count = len(data)
    except TypeError:  # of an iterable without a length, or of a loader of one
        count = None
    if limit is None and count is None:
        raise StirUsageError(
            f"The number of inputs of {type(data).__name__} is unknown: add limit=100."
        )
    items = data if hasattr(data, "__iter__") else (data[place] for place in range(count or 0))
    if getattr(data, "batch_size", None) is not None:  # a loader
        items = (item for batch in items for item in _unbatched(batch))
    found = list(itertools.islice(items, limit))
    if not found:
        raise StirUsageError(f"There are no inputs in {type(data).__name__}.")
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


def _unbatched(batch: Any) -> Iterable[Any]:
    return zip(*batch, strict=True) if isinstance(batch, (tuple, list)) else batch


def _image(item: Any) -> NDArray[Any]:
    if hasattr(item, "getbands"):  # an image of Pillow
        pixels = np.asarray(item.convert("L" if item.getbands() == ("L",) else "RGB"))
        return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)
    if isinstance(item, (str, bytes, Mapping)):
        raise StirTypeError(
            f"An item of a data set is an image or a tensor, not {type(item).__name__}."
        )
    return array(item)
