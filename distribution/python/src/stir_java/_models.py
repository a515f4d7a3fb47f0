"""Networks: live modules, files, and those of libraries, with their preparation of images."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from . import _options
from ._errors import StirTypeError, StirUsageError

GEOMETRY = ("size", "resize", "crop", "interpolation")
OWN = ("layer", "layout", "input")
_NUMBERS = (tuple, list, int, float)
_KEYS = ("normalise", "mean", "std", *GEOMETRY, *OWN)
_IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


@dataclass(frozen=True)
class Model:
    """A network and the preparation of images that it expects.

    Attributes:
        network: a path, or a live module of PyTorch or Keras.
        options: options of Stir by name: `normalise`, `mean`, `std`, `size`, `resize`, `crop`,
            `interpolation`, `layout`, `layer`, `input`.
        name: the name in results of a live module, and of any network in a study; `None` for that
            of the file, the class or the library.
    """

    network: Any
    options: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    _usual: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.options, Mapping):
            raise StirTypeError(f"Options of a model are a dictionary, not {self.options!r}.")
        if not isinstance(self.name, (str, type(None))):
            raise StirTypeError(f"The name of a model is a text, not {self.name!r}.")
        for key in self.options:
            if key not in _KEYS:
                raise StirUsageError(_options.unknown("A model has no option", key, _KEYS))


def load(name: str, pretrained: bool = True) -> Model:
    """Return a network of a library, with the preparation that the library states for it.

    Args:
        name: `torchvision/resnet18`, `timm/convnext_tiny` or `hf/google/vit-base-patch16-224`.
        pretrained: whether the library loads its weights, from the network if it does not have
            them; `False` gives random ones.

    Raises:
        StirUsageError: the name has another form.
    """
    library, _, rest = name.partition("/")
    if not rest or library not in _LIBRARIES:
        raise StirUsageError(
            f"There is no file {name}, and no such library: write torchvision/NAME, timm/NAME or"
            " hf/NAME."
        )
    network, options = _LIBRARIES[library](rest, pretrained)
    usual = rest.rpartition("/")[2] if library == "hf" else rest.replace("/", "_")
    return Model(network, options, _usual=usual)


def _torchvision(name: str, pretrained: bool) -> tuple[Any, dict[str, Any]]:
    from torchvision import models

    weights = models.get_model_weights(name).DEFAULT
    expected = weights.transforms()
    return models.get_model(name, weights=weights if pretrained else None), {
        "resize": _only(expected.resize_size),
        "crop": _only(expected.crop_size),
        "interpolation": expected.interpolation.value,
        **(own_normalisation(expected) or {}),
    }


def _timm(name: str, pretrained: bool) -> tuple[Any, dict[str, Any]]:
    import timm.data

    network = timm.create_model(name, pretrained=pretrained)
    expected = timm.data.resolve_model_data_config(network)
    size = expected["input_size"][-1]
    squashes = expected.get("crop_mode") == "squash"
    return network, {
        "resize": f"{size}x{size}" if squashes else math.floor(size / expected["crop_pct"]),
        "crop": size,
        "interpolation": expected["interpolation"],
        **(own_normalisation(expected) or {}),
    }


def _hugging_face(name: str, pretrained: bool) -> tuple[Any, dict[str, Any]]:
    from transformers import AutoConfig, AutoImageProcessor, AutoModelForImageClassification as Auto

    config = AutoConfig.from_pretrained(name)
    network = Auto.from_pretrained(name) if pretrained else Auto.from_config(config)
    expected = AutoImageProcessor.from_pretrained(name)
    size = expected.size
    options: dict[str, Any] = {
        "resize": size.get("shortest_edge") or f"{size['height']}x{size['width']}",
        "interpolation": {2: "bilinear", 3: "bicubic"}.get(int(expected.resample), "bilinear"),
    }
    crop = getattr(expected, "crop_size", None)
    if crop and getattr(expected, "do_center_crop", False):
        options["crop"] = f"{crop['height']}x{crop['width']}"
    return network, options | ((expected.do_normalize and own_normalisation(expected)) or {})


_LIBRARIES = {"torchvision": _torchvision, "timm": _timm, "hf": _hugging_face}


def _only(sizes: list[int]) -> int | str:
    return sizes[0] if len(sizes) == 1 else "x".join(map(str, sizes))


def resolve(model: Any) -> Model:
    """Return a path, a name, a live module or a `Model` as a `Model` of a file or module.

    Raises:
        StirTypeError: the value is none of these.
    """
    found = model if isinstance(model, Model) else Model(model)
    network = found.network
    if isinstance(network, os.PathLike) or (isinstance(network, str) and os.path.exists(network)):
        path = Path(network)
        if not path.exists():
            raise StirUsageError(f"There is no model at {path}.")
        return replace(found, network=path.resolve())
    if isinstance(network, str):
        loaded = load(network)
        return replace(loaded, options={**loaded.options, **found.options}, name=found.name)
    if isinstance(network, type):
        raise StirTypeError(
            f"{network.__name__} is a class: give an instance of it, as {network.__name__}()."
        )
    wrapped = network  # by torch.compile, or for several processors
    while wrapped is not None:
        network = wrapped
        is_parallel = type(network).__name__ in ("DataParallel", "DistributedDataParallel")
        wrapped = network.module if is_parallel else getattr(network, "_orig_mod", None)
    if library_of(network) is None:
        raise StirTypeError(
            "A model is a path, a name such as timm/convnext_tiny, or a module of PyTorch or Keras,"
            f" not {type(network).__name__}."
        )
    return replace(found, network=network)


def named(models: Iterable[Model]) -> list[Model]:
    """Return models with names that differ: the second `Net` is `Net-2`.

    Raises:
        StirUsageError: two of the given names are equal.
    """
    found = list(models)
    taken = [each.name for each in found if each.name is not None]
    if twice := [name for name in taken if taken.count(name) > 1]:
        raise StirUsageError(f"Two networks are called {twice[0]}: give them different names.")
    for place, model in enumerate(found):
        if model.name is None:
            is_path = isinstance(model.network, Path)
            kind = model.network.stem if is_path else type(model.network).__name__
            usual = model._usual or str(getattr(model.network, "original_name", kind))
            numbered = (f"{usual}-{number}" for number in itertools.count(2))
            name = next(each for each in itertools.chain([usual], numbered) if each not in taken)
            taken.append(name)
            found[place] = replace(model, name=name)
    return found


def library_of(network: Any) -> str | None:
    """Return the library whose module a value is: torch, keras or none."""
    bases = {f"{each.__module__.split('.')[0]}.{each.__name__}" for each in type(network).mro()}
    if "torch.Module" in bases:
        return "torch"
    return "keras" if "keras.Model" in bases else None


def own_normalisation(source: Any) -> dict[str, Any] | None:
    """Return the mean and deviation that a module of timm or torchvision was trained with.

    Also those of a library's preparation: a configuration, transforms, weights that have them, or
    a processor.
    """
    transforms = getattr(source, "transforms", None)
    places = [getattr(source, key, None) for key in ("pretrained_cfg", "default_cfg")] + [source]
    places += [transforms()] if callable(transforms) else list(transforms or ())
    for place in places:
        read = place.get if isinstance(place, Mapping) else partial(getattr, place)
        for prefix in ("", "image_"):
            stated = [read(prefix + key, None) for key in ("mean", "std")]
            if all(isinstance(each, _NUMBERS) or hasattr(each, "tolist") for each in stated):
                mean, std = ([*map(float, np.atleast_1d(each))] for each in stated)
                return {"mean": mean, "std": std}
    return dict(_IMAGENET) if _is_of_torchvision(source) else None


def is_normalised(network: Any) -> bool:
    """Return whether a module, or one within it, was trained with normalised inputs."""
    parts = network.modules() if library_of(network) == "torch" else ()
    states = ("pretrained_cfg", "default_cfg")
    return any(
        _is_of_torchvision(each) or any(map(partial(hasattr, each), states)) for each in parts
    )


def _is_of_torchvision(network: Any) -> bool:
    library, _, kind = type(network).__module__.rpartition(".")
    is_whole = type(network).__name__.lower().startswith(kind.replace("_", ""))
    return library == "torchvision.models" and is_whole
