"""Networks as files that Stir opens: live modules are exported, names are looked up."""

from __future__ import annotations

import contextlib
import copy
import json
import math
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import _cache
from ._errors import StirError, StirUsageError


@dataclass(frozen=True)
class Model:
    """A network and the preparation of images that it expects.

    Attributes:
        network: a path, or a live module of PyTorch or Keras.
        options: options of Stir by name: `mean`, `std`, `resize`, `crop`, `interpolation`.
        name: the name in results; `None` for that of the file or class.
    """

    network: Any
    options: dict[str, Any] = field(default_factory=dict)
    name: str | None = None


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
    import timm

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
    """Return a path, a name, a live module or a `Model` as a `Model`.

    Raises:
        StirUsageError: the value is none of these.
    """
    if isinstance(model, Model):
        return model
    if isinstance(model, os.PathLike) or (isinstance(model, str) and os.path.exists(model)):
        return Model(Path(model))
    if isinstance(model, str):
        return load(model)
    if _module_of(model) is not None:
        return Model(model)
    raise StirUsageError(
        f"A model is a path, a name such as timm/convnext_tiny, or a module of PyTorch or Keras,"
        f" not {type(model).__name__}."
    )


def export(model: Model, shape: tuple[int, ...] | None) -> tuple[Path, bool]:
    """Return a network's file, and whether it was exported now for the first time.

    Args:
        model: the network.
        shape: the shape of one input; needed for a live module.

    Raises:
        StirUsageError: the shape is unknown.
        StirError: the library cannot export the network.
    """
    if isinstance(model.network, (str, os.PathLike)):
        path = Path(model.network)
        if not path.exists():
            raise StirUsageError(f"There is no model at {path}.")
        return path.resolve(), False
    if shape is None:
        raise StirUsageError(
            "The size of the images is needed to export a live module: add size=224, or give an"
            " array."
        )
    name = re.sub(r"\W+", "_", model.name or type(model.network).__name__)
    root = _cache.folder() / "models"
    root.mkdir(parents=True, exist_ok=True)
    module = _module_of(model.network) or ""
    if module == "keras":  # two exports of a Keras model differ in the names of functions
        kept = root / _identity(model.network) / name
        if kept.exists():
            return kept, False
    with tempfile.TemporaryDirectory(dir=root) as beside:
        written = _EXPORTS[module](model.network, shape, Path(beside) / "model")
        if module != "keras":
            kept = root / _content(written) / (name + written.suffix)
        is_new = not kept.exists()
        if is_new:
            kept.parent.mkdir(exist_ok=True)
            with contextlib.suppress(FileExistsError):  # another process was faster
                os.replace(written, kept)
    return kept, is_new


def forget(file: Path) -> None:
    """Delete an export that can't be used."""
    shutil.rmtree(file.parent, ignore_errors=True)


def _module_of(network: Any) -> str | None:
    """Return the library whose module a value is: torch, keras or none."""
    bases = {
        each.__module__.partition(".")[0] + "." + each.__name__ for each in type(network).mro()
    }
    if "torch.Module" in bases:
        return "torch"
    return "keras" if "keras.Model" in bases else None


@contextlib.contextmanager
def _evaluated(module: Any) -> Iterator[None]:
    """Set a module to evaluation, and each of its modules back to what it was."""
    training = {each: each.training for each in module.modules()}
    module.eval()
    try:
        yield
    finally:
        for each, was in training.items():
            each.training = was


def _export_torch(module: Any, shape: tuple[int, ...], to: Path) -> Path:
    import torch

    with _evaluated(module), torch.no_grad():
        tensors = [*module.parameters(), *module.buffers()]
        if any(each.device.type != "cpu" for each in tensors):
            module = copy.deepcopy(module).cpu()
        example = torch.rand((2, *shape), generator=torch.Generator().manual_seed(0))
        failures = []
        for write in (_program, _program_of_one, _onnx):
            try:
                return write(torch, module, example, to)
            except Exception as failure:
                failures.append(f"{type(failure).__name__}: {_first_line(failure)}")
    raise StirError(
        f"PyTorch could not export {type(module).__name__}: torch.export with any number of inputs"
        f" ({failures[0]}), with one input ({failures[1]}), as ONNX ({failures[2]})."
    )


def _program(torch: Any, module: Any, example: Any, to: Path) -> Path:
    sizes = ({0: torch.export.Dim("batch")},)
    program = torch.export.export(module, (example,), dynamic_shapes=sizes, strict=False)
    return _saved(torch, program, to)


def _program_of_one(torch: Any, module: Any, example: Any, to: Path) -> Path:
    return _saved(torch, torch.export.export(module, (example[:1],), strict=False), to)


def _saved(torch: Any, program: Any, to: Path) -> Path:
    file = to.with_suffix(".pt2")
    torch.export.save(program, file)
    return file


def _onnx(torch: Any, module: Any, example: Any, to: Path) -> Path:
    file = to.with_suffix(".onnx")
    axes = {"input": {0: "batch"}}
    torch.onnx.export(
        module, (example,), str(file), input_names=["input"], dynamic_axes=axes, dynamo=False
    )
    return file


def _export_keras(model: Any, shape: tuple[int, ...], to: Path) -> Path:
    model.export(str(to), verbose=False)
    return to


_EXPORTS = {"torch": _export_torch, "keras": _export_keras}


def _identity(model: Any) -> str:
    """Return the digest of a Keras model: its configuration, source and weights."""
    import inspect

    import keras

    source = ""
    with contextlib.suppress(OSError, TypeError):  # of a class that was typed in
        source = inspect.getsource(type(model))
    return _cache.digest(keras.__version__, model.to_json(), source, *model.get_weights())


def _content(file: Path) -> str:
    """Return the digest of an export's content, without dates and places in source code."""
    if file.suffix != ".pt2":
        return _cache.digest(file.read_bytes())
    parts: list[object] = []
    with zipfile.ZipFile(file) as archive:
        for name in sorted(archive.namelist()):
            data = archive.read(name)
            is_text = name.endswith(".json")
            parts += [name, _without_places(json.loads(data)) if is_text else data]
    return _cache.digest(*parts)


def _without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_places(each) for key, each in value.items() if key != "stack_trace"}
    return [_without_places(each) for each in value] if isinstance(value, list) else value


def _first_line(failure: Exception) -> str:
    return (str(failure).strip().splitlines() or [""])[0][:200]
