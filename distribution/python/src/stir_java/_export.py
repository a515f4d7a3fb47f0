"""Files of live modules, and whether they compute what the modules compute."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import json
import logging
import os
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _cache
from ._errors import StirError, StirTypeError, StirUsageError, warn
from ._inputs import Inputs, array
from ._models import Model, library_of

_ROUNDING = 1e-3
"""The largest relative difference of a representation that rounding explains."""

_LAYER = re.compile(r"(?P<path>[^@#\[:]+)(?:#(?P<call>\d+))?(?P<input>@in)?(?P<parts>(?:\[\d+])*)")


@dataclass(frozen=True)
class Export:
    """The file of a network.

    Attributes:
        file: the file or folder.
        name: the network's name.
        module: the module of PyTorch that was exported; `None` for others.
        output: the layer of its output.
        sides: its side inputs by name, a row per input.
    """

    file: Path
    name: str
    module: Any = None
    output: str = ""
    sides: Mapping[str, NDArray[Any]] = field(default_factory=dict)


def write(
    model: Model, shape: tuple[int, ...] | None, sides: Mapping[str, Any], device: str | None = None
) -> Export:
    """Return a network's file.

    Args:
        model: the network.
        shape: the shape of one input; needed for a live module.
        sides: the side inputs of a live module by name.
        device: the device that the search computes on, if the caller states one.

    Raises:
        StirUsageError: the shape is unknown, or the module is no function of its input.
        StirError: the library cannot export the network.
    """
    name = model.name or ""
    library = library_of(model.network)
    if library is None:
        return Export(Path(model.network), name)
    if shape is None:
        raise StirUsageError(
            f"The size of the images is needed to export {name}: add size=224, or give an array."
        )
    root = _cache.folder() / "models"
    root.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "_", name)
    if library == "keras":  # two exports of a Keras model differ in the names of functions
        file = root / _identity(model.network) / stem
        return Export(
            _cache.kept(file, lambda to: model.network.export(str(to), verbose=False)), name
        )
    module = _computed(model.network, name, device)
    given = {key: array(value) for key, value in sides.items()}
    with tempfile.TemporaryDirectory(dir=root) as beside, _evaluated(module):
        written, output = _export(module, name, shape, given, Path(beside) / "model")
        file = root / _content(written) / (stem + written.suffix)
        _cache.kept(file, lambda to: os.replace(written, to))
    os.utime(file.parent)
    _cache.trim()
    return Export(file, name, module, output, given)


def input_shape(model: Model, inputs: Inputs, size: Any) -> tuple[int, ...] | None:
    """Return the shape of an input as a live module receives it.

    Args:
        model: the network.
        inputs: the inputs.
        size: the side or HxW to which images are brought, if any.
    """
    image = inputs.image
    channels: list[int] = []
    if library_of(model.network) == "torch":
        parts = model.network.modules()
        channels = [each.in_channels for each in parts if type(each).__name__ == "Conv2d"]
        if image is not None and channels and channels[0] in (1, 3):
            image = (channels[0], *image[1:])
    if isinstance(size, int) or "x" in str(size or ""):
        height, _, width = str(size).partition("x")
        return (image or (3,))[0], int(height), int(width or height)
    is_map = inputs.shape is not None and len(inputs.shape) == 2  # grey, or a sequence
    return image if image is not None and (channels or not is_map) else inputs.shape


def comparable(export: Export, layer: str) -> bool:
    """Return whether a module has the value of a layer."""
    found = _LAYER.fullmatch(layer)
    known = dict(export.module.named_modules())
    return layer == export.output or (found is not None and found["path"] in known)


def compare(export: Export, layer: str, inputs: NDArray[Any], expected: NDArray[Any]) -> None:
    """Compare a module with its file, as Stir computes it, at a layer.

    Args:
        export: the module and its file.
        layer: the layer, for which `comparable` holds.
        inputs: a few inputs as the module receives them.
        expected: Stir's representations of them.

    Raises:
        StirError: they differ by more than rounding.
    """
    import torch

    flat = expected.reshape(len(expected), -1)
    for rows in (len(inputs), 1):
        with _evaluated(export.module), torch.no_grad():
            found = _values(export, layer, torch.from_numpy(np.array(inputs[:rows])))
        if found is None or found.shape[0] != rows or found[0].size != flat[0].size:
            return warn(
                f"{export.name} was not compared with its export: {layer} has another form in it."
            )
        values, wanted = found.reshape(rows, -1).astype(float), flat[:rows].astype(float)
        norms = np.linalg.norm(values, axis=1)
        differences = np.linalg.norm(values - wanted, axis=1) / np.where(norms > 0, norms, 1)
        worst = int(np.argmax(np.where(np.isnan(differences), np.inf, differences)))
        if not differences[worst] <= _ROUNDING:
            raise StirError(
                f"The export of {export.name} is another function at {layer}: input {worst} of"
                f" {rows} has the norm {norms[worst]:.6g} in the module and"
                f" {np.linalg.norm(wanted[worst]):.6g} in the export, which differ by"
                f" {differences[worst]:.2g} of it. A condition on values in forward exports one"
                " branch only: write it with torch.where."
            )


def _values(export: Export, layer: str, inputs: Any) -> NDArray[Any] | None:
    """Return what a module computes at a layer."""
    found = _LAYER.fullmatch(layer)
    path, call, before, places = ("", None, None, "")  # the output
    if layer != export.output and found is not None:
        path, call, before, places = found.groups()
    caught: list[Any] = []

    def keep(_: Any, taken: Any, made: Any = None) -> None:
        value = taken if before else made
        for place in re.findall(r"\d+", places):
            value = value[int(place)]
        caught.append(_first(value).detach().clone())

    part = export.module.get_submodule(path)
    hook = (part.register_forward_pre_hook if before else part.register_forward_hook)(keep)
    try:
        export.module(inputs, **_tensors(export.sides, len(inputs)))
    finally:
        hook.remove()
    value = dict(enumerate(caught)).get(int(call or len(caught) - 1))
    return None if value is None else np.asarray(value.float().cpu())


def _first(made: Any) -> Any:
    """Return the first tensor of a module's result."""
    while not hasattr(made, "detach"):
        made = next(iter(made.values() if isinstance(made, Mapping) else made))
    return made


def _tensors(sides: Mapping[str, NDArray[Any]], rows: int) -> dict[str, Any]:
    import torch

    return {key: torch.from_numpy(np.array(each[:rows])) for key, each in sides.items()}


def _computed(module: Any, name: str, device: str | None) -> Any:
    """Return the module itself, or its copy on the CPU in single precision."""
    tensors = [*module.parameters(), *module.buffers()]
    places = {str(each.device) for each in tensors}
    kinds = {str(each.dtype) for each in tensors if each.is_floating_point()} - {"torch.float32"}
    if "meta" in places:
        raise StirUsageError(f"{name} is on the device meta and has no weights: load them first.")
    if any("quantized" in type(each).__module__ for each in module.modules()):
        raise StirTypeError(f"{name} is quantised, and has no gradients: give the network before.")
    if places - {"cpu"} and device is None:
        warn(
            f"{name} is on {', '.join(sorted(places))}, but a copy of it is searched on the CPU:"
            ' add device="cuda" for the GPU.'
        )
    if kinds:
        warn(f"{name} ({', '.join(sorted(kinds))}) is computed in single precision.")
    return copy.deepcopy(module).cpu().float() if kinds or places - {"cpu"} else module


@contextlib.contextmanager
def _evaluated(module: Any) -> Iterator[None]:
    """Set a module to evaluation without the user's hooks, and all of it back to what it was."""
    training = {each: each.training for each in module.modules()}
    kinds = ("_forward_hooks", "_forward_pre_hooks")
    hooks = [getattr(each, kind) for each in training for kind in kinds]
    before = [dict(held) for held in hooks]
    for held in hooks:
        for key, hook in list(held.items()):
            if not type(hook).__module__.startswith("torch."):  # those of its utils make weights
                del held[key]
    module.eval()
    try:
        yield
    finally:
        for each, flag in training.items():
            each.training = flag
        for held, was in zip(hooks, before, strict=True):
            held.clear()
            held.update(was)


def _export(
    module: Any, name: str, shape: tuple[int, ...], sides: Mapping[str, NDArray[Any]], to: Path
) -> tuple[Path, str]:
    import torch

    example = torch.rand((2, *shape), generator=torch.Generator().manual_seed(0))
    others = _tensors(sides, 2)
    _check_arguments(module, name, others)
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        first, again = (_first(module(example, **others)).clone() for _ in range(2))
        if not torch.allclose(first, again, rtol=1e-3, atol=1e-5, equal_nan=True):
            raise StirUsageError(
                f"{name} gives other values at each pass, although it is in evaluation mode: noise"
                " or F.dropout in forward has to depend on self.training."
            )
        failures = []
        for write in (_program, _program_of_one, _onnx):
            try:
                with _silent():
                    return write(torch, module, example, others, to)
            except Exception as failure:
                failures.append(failure)
    raise StirError(
        f"PyTorch can't export {name} ({_first_line(failures[0])}): export it by"
        " yourself as torch.export or ONNX, and give the file."
    ) from failures[0]


def _check_arguments(module: Any, name: str, sides: Mapping[str, Any]) -> None:
    """Refuse a network of several inputs that are not given."""
    needed = [
        each.name
        for each in inspect.signature(module.forward).parameters.values()
        if each.default is each.empty
        and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    missing = [each for each in needed[1:] if each not in sides]
    if missing:
        raise StirTypeError(
            f"{name} takes several inputs ({', '.join(needed)}): give {', '.join(missing)} as"
            f' input={{"{missing[0]}": array}}, a row per input.'
        )


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Hide what exporters print, log and warn of: failures are told, and values are compared."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def _program(
    torch: Any, module: Any, example: Any, others: Any, to: Path, rows: int | None = None
) -> tuple[Path, str]:
    batch = {0: torch.export.Dim("batch", min=1, max=1024)}
    first = next(iter(inspect.signature(module.forward).parameters))
    sizes: Any = {key: batch for key in (first, *others)} if others else (batch,)
    few = {key: each[:rows] for key, each in others.items()}
    program = torch.export.export(
        module, (example[:rows],), few, dynamic_shapes=sizes if rows is None else None, strict=False
    )
    torch.export.save(program, file := to.with_suffix(".pt2"))
    return file, ":" + program.graph_signature.user_outputs[0]


def _program_of_one(torch: Any, module: Any, *given: Any) -> tuple[Path, str]:
    example, others, to = given
    return _program(torch, module, example, others, to, 1)


def _onnx(torch: Any, module: Any, example: Any, others: Any, to: Path) -> tuple[Path, str]:
    if others:
        raise StirError("ONNX is not tried for several inputs")
    names = {"input_names": ["input"], "output_names": ["output"]}
    axes = {"input": {0: "batch"}}
    file = to.with_suffix(".onnx")
    torch.onnx.export(module, (example,), str(file), **names, dynamic_axes=axes, dynamo=False)
    return file, "output"


def _identity(model: Any) -> str:
    """Return the digest of a Keras model: its configuration, source and weights."""
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
    return (str(failure).strip().splitlines() or [""])[0][:200].rstrip(".")
