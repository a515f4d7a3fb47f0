"""Files of live modules, and whether they compute what the modules compute."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import inspect
import io
import logging
import os
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _cache, _options
from ._errors import StirError, StirTypeError, StirUsageError, warn
from ._inputs import Inputs, array
from ._models import Model, library_of

_ROUNDING = 1e-3
"""The largest relative difference of a representation that rounding explains."""

_PASSED = re.compile(
    "add|sub|mul|div|stack|mean|sum|flatten|view|reshape|squeeze|dropout|relu|(log_)?softmax"
    "|(adaptive_)?avg_pool2d"
)
"""The functions after which a classifier's outputs are looked for."""

_TRACE = re.compile(rb'"stack_trace"\s*:\s*"(?:[^"\\]|\\.)*"')
"""The places in source code, in an export."""

_LAYER = re.compile(r"(?P<path>[^@#\[:]+)(?:#(?P<call>\d+))?(?P<input>@in)?(?P<parts>(?:\[\d+])*)")


@dataclass(frozen=True)
class Export:
    """The file of a network.

    Attributes:
        file: the file or folder.
        name: the network's name.
        module: the module of PyTorch that was exported; `None` for others.
        output: the layer of its output, if that is known.
        shape: the shape of its output of one input.
        is_listed: whether Stir lists the output, as the result of a module.
        is_hidden: whether the only output is no classifier's, and can be measured by default.
        sides: its side inputs by name, a row per input.
    """

    file: Path
    name: str
    module: Any = None
    output: str = ""
    shape: tuple[int, ...] = ()
    is_listed: bool = True
    is_hidden: bool = False
    sides: Mapping[str, NDArray[Any]] = field(default_factory=dict)


def write(
    model: Model, shape: tuple[int, ...] | None, sides: Any, device: str | None = None
) -> Export:
    """Return a network's file.

    Args:
        model: the network.
        shape: the shape of one input; needed for a live module.
        sides: the side inputs of a live module by name, if it has any.
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
        raise StirUsageError("The size of the images is needed: add size=224, or give an array.")
    root = _cache.folder() / "models"
    root.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "_", name)
    if library == "keras":  # two exports of a Keras model differ in the names of functions
        file = root / _identity(model.network) / stem
        return Export(
            _cache.kept(file, lambda to: model.network.export(str(to), verbose=False)), name
        )
    module = _computed(model.network, name, device)
    if not isinstance(sides, (Mapping, type(None))):
        raise StirTypeError('input is a dictionary by name, as {"mask": array}.')
    given = {key: array(value) for key, value in (sides or {}).items()}
    for key, value in given.items():
        if value.ndim == 0:
            raise StirTypeError(f'input["{key}"] is an array with a row per input, not {value}.')
    with tempfile.TemporaryDirectory(dir=root) as beside, _evaluated(module):
        found = _export(module, name, shape, given, Path(beside) / "model")
        file = root / _content(found.file) / (stem + found.file.suffix)
        _cache.kept(file, lambda to: os.replace(found.file, to))
    os.utime(file.parent)
    _cache.trim()
    return dataclasses.replace(found, file=file)


def input_shape(model: Model, inputs: Inputs, size: Any) -> tuple[int, ...] | None:
    """Return the shape of an input as a live module receives it.

    Args:
        model: the network.
        inputs: the inputs.
        size: the side or HxW to which images are brought, if any.
    """
    image = inputs.image
    parts = model.network.modules() if library_of(model.network) == "torch" else ()
    channels = [each.in_channels for each in parts if type(each).__name__ == "Conv2d"]
    if image is not None and channels and channels[0] in (1, 3):
        image = (channels[0], *image[1:])
    if size is not None:
        sides = re.fullmatch(r"([1-9]\d*)(?:x([1-9]\d*))?", str(size))
        if sides is None:
            raise StirUsageError(f'size is a number of pixels, or as "224x160", not {size!r}.')
        return (image or (3,))[0], int(sides[1]), int(sides[2] or sides[1])
    is_map = inputs.shape is not None and len(inputs.shape) == 2  # grey, or a sequence
    return image if image is not None and (channels or not is_map) else inputs.shape


def comparable(export: Export, layer: str) -> bool:
    """Return whether a module has the value of a layer."""
    found = _LAYER.fullmatch(layer)
    known = dict(export.module.named_modules()) if export.module is not None else {}
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
            return warn(f"{export.name} was not compared with its export: {layer} differs in form.")
        values, wanted = found.reshape(rows, -1).astype(float), flat[:rows].astype(float)
        norms = np.linalg.norm(values, axis=1)
        differences = np.linalg.norm(values - wanted, axis=1) / np.where(norms > 0, norms, 1)
        worst = int(np.argmax(np.where(np.isnan(differences), np.inf, differences)))
        exported = np.linalg.norm(wanted[worst])
        if not differences[worst] <= _ROUNDING:
            raise StirError(
                f"The export of {export.name} is another function at {layer}: input {worst} of"
                f" {rows} has the norm {norms[worst]:.6g} in the module and {exported:.6g} in the"
                f" export ({differences[worst]:.2g} apart). Of a condition on values, an export"
                " keeps one branch: write it with torch.where."
            )


def _values(export: Export, layer: str, inputs: Any) -> NDArray[Any] | None:
    """Return what a module computes at a layer."""
    found = _LAYER.fullmatch(layer)
    path, call, before, places = ("", None, None, "")  # the output
    if layer != export.output and found is not None:
        path, call, before, places = found.groups()
    caught: list[Any] = []

    def keep(_: Any, taken: Any, named: Any, made: Any = None) -> None:
        value = (*taken, *named.values()) if before else made
        for place in re.findall(r"\d+", places):
            value = value[int(place)]
        caught.extend(each.detach().clone() for each in _made(value)[:1])

    part = export.module.get_submodule(path)
    register = part.register_forward_pre_hook if before else part.register_forward_hook
    with register(keep, with_kwargs=True):
        export.module(inputs, **_tensors(export.sides, len(inputs)))
    value = dict(enumerate(caught)).get(int(call or len(caught) - 1))
    return None if value is None else np.asarray(value.float().cpu())


def _made(value: Any) -> list[Any]:
    """Return the tensors of a module's result."""
    parts = value.values() if isinstance(value, Mapping) else value
    if isinstance(value, (Mapping, tuple, list)):
        return [each for part in parts for each in _made(part)]
    return [value] if hasattr(value, "detach") else []


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
    import torch

    parts = list(module.modules())
    kinds = ("_forward_hooks", "_forward_pre_hooks")
    held = [getattr(each, kind) for each in parts for kind in kinds]
    held += [getattr(torch.nn.modules.module, "_global" + kind) for kind in kinds]
    with contextlib.ExitStack() as after:
        for part in parts:
            after.callback(setattr, part, "training", part.training)
        for hooks in held:
            after.callback(hooks.update, dict(hooks))
            after.callback(hooks.clear)  # the last callback is the first to be called
            for key, hook in list(hooks.items()):
                if not type(hook).__module__.startswith("torch."):  # its utils' make weights
                    del hooks[key]
        module.eval()
        if any(hasattr(each, "_orig_mod") or each._compiled_call_impl for each in parts):
            import torch._dynamo

            if hasattr(torch.compiler, "set_stance"):
                after.enter_context(torch.compiler.set_stance("force_eager"))
            after.enter_context(torch._dynamo.config.patch(error_on_nested_fx_trace=False))
        yield


def _export(
    module: Any, name: str, shape: tuple[int, ...], sides: Mapping[str, NDArray[Any]], to: Path
) -> Export:
    import torch

    if isinstance(module, torch.jit.ScriptModule):
        module.save(str(file := to.with_suffix(".pt")))
        return Export(file, name)
    example = torch.rand((2, *shape), generator=torch.Generator().manual_seed(0))
    others = _tensors(sides, 2)
    _check_arguments(module, name, others)
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        result = module(example, **others)
        first = [each.clone() for each in _made(result)]
        if not first or not first[0].ndim:
            raise StirTypeError(
                f"{name} returns {type(result).__name__ if not first else 'one number'}: it must"
                " return a tensor with a row per input, or a tuple, list or dictionary of them."
            )
        again, alone = (
            _made(module(example[:rows], **_tensors(sides, rows)))[0].clone() for rows in (2, 1)
        )
        is_same = _are_close(first[0], again)
        if not is_same or (alone.shape == again[:1].shape and not _are_close(again[:1], alone)):
            raise StirUsageError(
                f"{name} gives other values {'next to others' if is_same else 'at each pass'}:"
                " noise, F.dropout and F.batch_norm in forward have to depend on self.training."
            )
        export = Export(to, name, module, shape=tuple(again.shape[1:]), sides=sides)
        is_one = len(first) == 1 and first[0].is_floating_point()
        failures = []
        ways: list[Any] = [_program, partial(_program, rows=1), *[_onnx] * (not others)]
        for write in ways:
            try:
                with _silent():
                    found: Export = write(export, example, others)
                return dataclasses.replace(found, is_hidden=found.is_hidden and is_one)
            except Exception as failure:
                failures.append(failure)
    raise StirError(
        f"PyTorch can't export {name} ({first_line(failures[0])}): export it by"
        " yourself as torch.export or ONNX, and give the file."
    ) from failures[0]


def _are_close(one: Any, other: Any) -> bool:
    import torch

    return bool(torch.allclose(one, other, rtol=1e-3, atol=1e-5, equal_nan=True))


def _check_arguments(module: Any, name: str, sides: Mapping[str, Any]) -> None:
    """Refuse a network of several inputs that are not given, and inputs that it does not have."""
    found = inspect.signature(module.forward).parameters.values()
    placed = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [each.name for each in found if each.kind in placed and each.default is each.empty]
    missing = [each for each in needed[1:] if each not in sides]
    if missing:
        raise StirTypeError(
            f"{name} takes several inputs ({', '.join(needed)}): give {', '.join(missing)} as"
            f' input={{"{missing[0]}": array}}, a row per input; in a study, as an option of Model.'
        )
    others = [each.name for each in found][1:]
    for key in sides:
        if key not in others and all(each.kind != each.VAR_KEYWORD for each in found):
            raise StirUsageError(_options.unknown(f"{name} has no further input", key, others))


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Hide what exporters print, log and warn of: failures are told, and values are compared."""
    with contextlib.ExitStack() as after:
        after.callback(logging.disable, logging.root.manager.disable)
        logging.disable(logging.CRITICAL)
        after.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        after.enter_context(contextlib.redirect_stdout(io.StringIO()))
        after.enter_context(contextlib.redirect_stderr(io.StringIO()))
        yield


def _program(export: Export, example: Any, others: Any, rows: int | None = None) -> Export:
    import torch

    batch = {0: torch.export.Dim("batch", min=1, max=1024)}
    first = next(iter(inspect.signature(export.module.forward).parameters))
    sizes: Any = {key: batch for key in (first, *others)} if others else (batch,)
    few = {key: each[:rows] for key, each in others.items()}
    dynamic = sizes if rows is None else None
    program = torch.export.export(
        export.module, (example[:rows],), few, dynamic_shapes=dynamic, strict=False
    )
    torch.export.save(program, file := export.file.with_suffix(".pt2"))
    nodes = {each.name: each for each in program.graph.nodes}
    output = next(each for each in program.graph_signature.user_outputs if each in nodes)
    modules = nodes[output].meta.get("nn_module_stack") or {}
    is_hidden = not _is_classified(nodes[output])
    found = {"output": ":" + output, "is_listed": len(modules) > 1, "is_hidden": is_hidden}
    return dataclasses.replace(export, file=file, **found)


def _is_classified(output: Any) -> bool:
    """Return whether a last or several linear layers, or convolutions of pixels, compute it."""
    left, seen, linear = [output], set[Any](), 0
    while left:
        node = left.pop()
        kind = [*str(node.target).split("."), ""][1]
        passes = _PASSED.fullmatch(kind)
        is_pixel = kind == "conv2d" and set(node.args[1].meta["val"].shape[2:]) == {1}
        linear += (kind in ("linear", "addmm", "mm")) * (1 + (node is output)) + 2 * is_pixel
        left += [each for each in node.all_input_nodes if each not in seen and passes]
        seen.update(left)
    return linear > 1


def _onnx(export: Export, example: Any, others: Any) -> Export:
    import torch

    names: dict[str, Any] = {"input_names": ["input"], "output_names": ["output"]}
    names |= {"dynamic_axes": {"input": {0: "batch"}}}
    file = export.file.with_suffix(".onnx")
    torch.onnx.export(export.module, (example,), str(file), **names, dynamo=False)
    return dataclasses.replace(export, file=file, output="output")


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
    with zipfile.ZipFile(file) as archive:
        parts = {each: archive.read(each) for each in sorted(archive.namelist())}
    for name in parts:
        if name.endswith(".json"):
            parts[name] = _TRACE.sub(b"", parts[name])
    return _cache.digest(*parts, *parts.values())


def first_line(failure: Exception) -> str:
    """Return the first line of an exception's message, without its full stop."""
    return (str(failure).strip().splitlines() or [""])[0][:200].rstrip(".")
