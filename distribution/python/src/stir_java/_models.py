"""Networks: live modules, files, and those of libraries, with their preparation of images."""

from __future__ import annotations

import dataclasses
import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import _options
from ._errors import StirTypeError, StirUsageError

GEOMETRY = ("size", "resize", "crop", "interpolation")
NORMALISATION = ("normalise", "mean", "std")
_KEYS = (*NORMALISATION, *GEOMETRY, "layout", "layer")
_IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


@dataclass(frozen=True)
class Model:
    """A network and the preparation of images that it expects.

    Attributes:
        network: a path, or a live module of PyTorch or Keras.
        options: options of Stir by name: `normalise`, `mean`, `std`, `size`, `resize`, `crop`,
            `interpolation`, `layout`, `layer`.
        name: the name in results; `None` for that of the file or class.
    """

    network: Any
    options: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.options, Mapping):
            raise StirTypeError(
                f'The options of a model are a dictionary, such as {{"size": 224}}, not'
                f" {self.options!r}."
            )
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
    return _LIBRARIES[library](rest, pretrained)


def _torchvision(name: str, pretrained: bool) -> Model:
    from torchvision import models

    weights = models.get_model_weights(name).DEFAULT
    expected = weights.transforms()
    network = models.get_model(name, weights=weights if pretrained else None)
    return Model(
        network,
        {
            "resize": _only(expected.resize_size),
            "crop": _only(expected.crop_size),
            "interpolation": expected.interpolation.value,
            "mean": list(expected.mean),
            "std": list(expected.std),
        },
        name,
    )


def _timm(name: str, pretrained: bool) -> Model:
    import timm.data

    network = timm.create_model(name, pretrained=pretrained)
    expected = timm.data.resolve_model_data_config(network)
    size = expected["input_size"][-1]
    squashes = expected.get("crop_mode") == "squash"
    resize = f"{size}x{size}" if squashes else math.floor(size / expected["crop_pct"])
    return Model(
        network,
        {
            "resize": resize,
            "crop": size,
            "interpolation": expected["interpolation"],
            "mean": list(expected["mean"]),
            "std": list(expected["std"]),
        },
        name.replace("/", "_"),
    )


def _hugging_face(name: str, pretrained: bool) -> Model:
    from transformers import AutoConfig, AutoImageProcessor, AutoModelForImageClassification

    source = AutoModelForImageClassification
    network = (
        source.from_pretrained(name)
        if pretrained
        else source.from_config(AutoConfig.from_pretrained(name))
    )
    expected = AutoImageProcessor.from_pretrained(name)
    size = expected.size
    resize = size.get("shortest_edge") or f"{size['height']}x{size['width']}"
    crop = getattr(expected, "crop_size", None) if getattr(expected, "do_center_crop", 0) else None
    options: dict[str, Any] = {
        "resize": resize,
        "interpolation": {2: "bilinear", 3: "bicubic"}.get(int(expected.resample), "bilinear"),
    }
    if crop:
        options["crop"] = f"{crop['height']}x{crop['width']}"
    if expected.do_normalize:
        options |= {"mean": list(expected.image_mean), "std": list(expected.image_std)}
    return Model(_with_logits(network), options, name.rpartition("/")[2])


def _with_logits(network: Any) -> Any:
    """Return a module that returns a tensor, as exported programs do."""
    import torch

    class Classifier(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = network

        def forward(self, images: Any) -> Any:
            return self.model(images).logits

    return Classifier()


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
        return dataclasses.replace(found, network=path.resolve())
    if isinstance(network, str):
        loaded = load(network)
        return Model(loaded.network, {**loaded.options, **found.options}, found.name or loaded.name)
    if isinstance(network, type):
        raise StirTypeError(
            f"{network.__name__} is a class: give an instance of it, as {network.__name__}()."
        )
    network = getattr(network, "_orig_mod", network)  # of torch.compile
    if type(network).__name__ in ("DataParallel", "DistributedDataParallel"):
        network = network.module
    if library_of(network) is None:
        raise StirTypeError(
            "A model is a path, a name such as timm/convnext_tiny, or a module of PyTorch or Keras,"
            f" not {type(network).__name__}."
        )
    return dataclasses.replace(found, network=network)


def named(models: Iterable[Model]) -> list[Model]:
    """Return models with names that differ: the second `Net` is `Net-2`."""
    found: list[Model] = []
    for model in models:
        live = library_of(model.network)
        name = model.name or (type(model.network).__name__ if live else model.network.stem)
        same = next((each for each in found if each.network is model.network), None)
        if same is not None and model.name is None:
            name = same.name or name
        elif live and model.name is None:
            taken = {each.name for each in found}
            names = (f"{name}-{number}" if number > 1 else name for number in range(1, 9999))
            name = next(each for each in names if each not in taken)
        found.append(dataclasses.replace(model, name=name))
    return found


def library_of(network: Any) -> str | None:
    """Return the library whose module a value is: torch, keras or none."""
    bases = {
        each.__module__.partition(".")[0] + "." + each.__name__ for each in type(network).mro()
    }
    if "torch.Module" in bases:
        return "torch"
    return "keras" if "keras.Model" in bases else None


def own_normalisation(network: Any) -> dict[str, Any] | None:
    """Return the mean and deviation that a module of timm or torchvision was trained with.

    Also those of a library's preparation: transforms, weights that have them, or a processor.
    """
    transforms = getattr(network, "transforms", None)
    for source in (
        getattr(network, "pretrained_cfg", None),
        getattr(network, "default_cfg", None),
        network,
        transforms() if callable(transforms) else None,
    ):
        for prefix in ("", "image_"):
            values = [_value(source, prefix + key) for key in ("mean", "std")]
            if all(isinstance(each, (tuple, list)) for each in values):
                return {"mean": list(values[0]), "std": list(values[1])}
    if re.fullmatch(r"torchvision\.models\.\w+", type(network).__module__):
        return dict(_IMAGENET)
    return None


def _value(source: Any, key: str) -> Any:
    return source.get(key) if isinstance(source, Mapping) else getattr(source, key, None)
