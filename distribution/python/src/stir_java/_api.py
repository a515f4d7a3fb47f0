"""The functions of the package."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _cache, _export, _image, _inputs, _models, _options, _process, _signature
from ._errors import StirTypeError, StirUsageError, warn
from ._export import Export
from ._image import Image
from ._inputs import Inputs
from ._models import GEOMETRY, Model
from ._results import Inversion, Score, Study
from ._signature import Options

if TYPE_CHECKING:
    from typing_extensions import Unpack


@dataclass(frozen=True)
class Layer:
    """A layer of a network.

    Attributes:
        name: its name, for `layer=`.
        kind: the operator or the module's class.
        shape: the shape of its representation of one input.
        obstacle: why it can't be searched or measured; `None` if it can.
        is_default: whether it is measured if none is named.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    obstacle: str | None
    is_default: bool


def score(
    a: Any,
    b: Any,
    images: Any,
    *,
    layer: str | Sequence[str] | None = None,
    out: str | Path | None = None,
    progress: bool | None = None,
    check: bool = True,
    **options: Unpack[Options],
) -> Score:
    """Compare two networks in both directions, as `stir score` does.

    Args:
        a: a path, a live module of PyTorch or Keras, a name such as `timm/convnext_tiny`, or what
            `load` returns.
        b: the other network.
        images: a folder of images, a file of arrays, an array of N x C x H x W (or N x H x W x C)
            with values in [0, 1] or bytes, a pair of it and labels, a data set or its loader, or
            an iterable of images and `limit`.
        layer: the layer of both networks; by default the last one before the classifier, or the
            output of a network without one. `layers` lists all; several are matched together.
        out: the folder of results; by default one in the cache, which the same call finds again.
        progress: whether progress is shown; by default in notebooks and terminals.
        check: whether live modules are compared with their exports, and gradients checked.
        **options: the options of `stir score` with underscores. The everyday ones:
            `layer_a`, `layer_b`: of one network.
            `limit`: the number of inputs; `size`: of the images, for photos.
            `normalise`: the normalisation that the networks expect: `imagenet`, `clip`, `half`,
            `none`, `model` for that of each module, or transforms with `mean` and `std`.
            `range`: of the inputs' values: (-1, 1), a pair per channel, `data` or `free`.
            `measure`: ids of `measures`; by default CKA and debiased CKA.
            `reduce`: of images and tokens to rows: `flatten`, `mean`, `cls-token`, `last-token`.
            `optimizer`: `thorough` (default), `fast` or `published`; `iterations`: its most steps.
            `device`: `cpu` (default), `cuda` or `cuda:1`.

    Raises:
        StirUsageError: the request must change; a `StirLayerError` or `StirTypeError` where a layer
            or the kind of a value must.
        StirError: the work failed.
        KeyboardInterrupt: the user stopped it; the same call continues.
    """
    given = {"layer": layer, **options}
    call = _Call("score", {"_a": a, "_b": b}, images, progress, check, given)
    return Score.of(*call.stored(out))


def invert(
    model: Any,
    images: Any,
    *,
    layer: str | Sequence[str] | None = None,
    out: str | Path | None = None,
    progress: bool | None = None,
    check: bool = True,
    **options: Unpack[Options],
) -> Inversion:
    """Search invariant inputs of one network, as `stir invert` does; arguments as for `score`."""
    given = {"layer": layer, **options}
    call = _Call("invert", {"": model}, images, progress, check, given)
    return Inversion.of(*call.stored(out))


def represent(
    model: Any,
    images: Any,
    layer: str | Sequence[str] | None = None,
    *,
    progress: bool | None = None,
    check: bool = True,
    **options: Unpack[Options],
) -> Any:
    """Return representations of inputs, mapped from their files; arguments as for `score`.

    Returns:
        An array with a row per input; for several layers a dictionary of arrays by layer.
    """
    given = {"layer": layer, **options}
    call = _Call("represent", {"": model}, images, progress, check, given)
    run = _cache.folder() / "representations" / _cache.digest(call.words, call.inputs.identity)
    run.mkdir(parents=True, exist_ok=True)
    os.utime(run)
    is_one = len(_listed(layer)) < 2
    to = run / "layer.npy" if is_one else run / "layers"
    files = call.run(f"--out={to}", "--force")["files"]
    if is_one:
        return np.load(to, mmap_mode="r")
    return {each["layer"]: np.load(to / Path(each["file"]).name, mmap_mode="r") for each in files}


def similarity(
    x: Any, y: Any, measure: str | Sequence[str] | None = None, memory: str | None = None
) -> dict[str, float | None]:
    """Return the similarity of two representations by measure.

    Args:
        x: an array with a row per input, or a file.
        y: the other one, for the same inputs in the same order; its width may differ.
        measure: ids of `measures`; by default CKA and debiased CKA.
        memory: the limit of memory, such as "4g", by default "1g"; a measure that needs more is
            `None`.
    """
    image = _image.find()
    files = [str(each) if isinstance(each, (str, Path)) else _rows(each) for each in (x, y)]
    words = _words(image, "similarity", {"measure": measure, "memory": memory})
    values: dict[str, float | None]
    values = _document(image, ["similarity", *files, *words], False)["similarity"]
    return values


def check(model: Any, shape: Sequence[int] | None = None, **options: Any) -> dict[str, Any]:
    """Check a network's file before a measurement, as `stir check` does.

    Args:
        model: as for `score`.
        shape: the shape of one input, as (3, 224, 224); needed for live modules.
        **options: options of `stir check`.

    Returns:
        The document `stir-check`; its `problems` are empty where nothing is wrong.
    """
    found = _described(model, shape, "check", options)
    return found | {"problems": [_process.in_python(each, {}) for each in found["problems"]]}


def layers(model: Any, shape: Sequence[int] | None = None, **options: Any) -> list[Layer]:
    """Return the layers of a network, in the order of computation.

    Args:
        model: as for `score`.
        shape: the shape of one input, as (3, 224, 224); needed for live modules.
        **options: options of `stir layers`.
    """
    found = _described(model, shape, "layers", options)
    return [
        Layer(
            each["name"],
            each["kind"],
            tuple(each["shape"]),
            each.get("obstacle"),
            each["name"] == found["default"],
        )
        for each in found["layers"]
    ]


def measures() -> dict[str, str]:
    """Return the descriptions of all measures of similarity by their ids."""
    found = _document(_image.find(), ["measures"], False)
    return {each["id"]: each["description"] for each in found["measures"]}


def rdms(representations: Any, method: str = "correlation") -> Any:
    """Return representational dissimilarity matrices of rsatoolbox.

    Args:
        representations: an array of `represent`, or a dictionary of them by layer.
        method: the distance, as of `rsatoolbox.rdm.calc_rdm`.
    """
    import rsatoolbox

    if not isinstance(representations, Mapping):
        representations = {"layer": representations}
    data = [
        rsatoolbox.data.Dataset(np.array(rows).reshape(len(rows), -1), {"layer": name})
        for name, rows in representations.items()
    ]
    return rsatoolbox.rdm.calc_rdm(data, method=method)


def study(
    models: Mapping[str, Any] | Sequence[Any],
    images: Any,
    *,
    layers: Mapping[str, Sequence[str]] | None = None,
    out: str | Path | None = None,
    progress: bool | None = None,
    check: bool = True,
    limit: int | None = None,
    size: int | str | None = None,
    normalise: Any = None,
    range: Any = None,
    **settings: Any,
) -> Study:
    """Compare many networks and layers, as `stir matrix` does.

    Args:
        models: networks by name, or a list, as for `score`.
        images: as for `score`.
        layers: lists of names or patterns of layers by the network's name; by default the last
            layer before the classifier.
        out: as for `score`.
        progress: as for `score`.
        check: as for `score`.
        limit: the number of inputs.
        size: the size of the images, for photos.
        normalise: as for `score`.
        range: as for `score`.
        **settings: keys of the experiment's file: `measures=[...]`, `search={...}`, `repeats=3`.
    """
    image = _image.find()
    if isinstance(models, Mapping):
        resolved = [_models.resolve(each) for each in models.values()]
        networks = dict(zip(models, resolved, strict=True))
    else:
        networks = {str(each.name): each for each in _models.named(map(_models.resolve, models))}
    for name, listed in (layers or {}).items():
        if name not in networks:
            raise StirUsageError(_options.unknown("The study has no network", name, networks))
        if isinstance(listed, str):
            raise StirTypeError(f"layers[{name!r}] is a list of names: [{listed!r}].")
    geometry = _geometry(networks.values(), {"size": size})
    inputs = _inputs.prepare(images, limit, range)
    entries = []
    for name, network in networks.items():
        network = Model(network.network, network.options, name)
        prepared = _prepared(network, {"range": range}, "", normalise)
        chosen = list((layers or {}).get(name, _listed(network.options.get("layer"))))
        plain = [each for each in chosen if not set("*?[") & set(each)]
        export = _exported(network, inputs, geometry)
        if check:
            measured = plain[:1] or [export.output] * bool(chosen and export.output)
            _verify(image, export, inputs, {**prepared, **geometry, "layer": measured}, progress)
        keys = ("normalise", "mean", "std", "layout")
        entry = {key: prepared[key] for key in keys if prepared.get(key) is not None}
        entry |= {"name": name, "file": str(export.file)} | ({"layers": chosen} if chosen else {})
        entries.append(entry)
    if range is not None and not isinstance(range, str):
        range = np.asarray(range, dtype=float).tolist()
    section = {"path": str(inputs.path), "limit": limit, "range": range, **geometry}
    section = {key: value for key, value in section.items() if value is not None}
    experiment = {"models": entries, "inputs": section, **settings}
    folder = _folder(out, "study", experiment, inputs)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder.with_name(folder.name + ".yaml")
    file.write_text(json.dumps(experiment), encoding="utf-8")  # JSON is YAML
    names = {f"{file}:1: ": "", **_names(inputs)}
    document = _document(image, ["matrix", str(file), f"--out={folder}"], progress, names)
    return Study.of(document, folder, image)


class _Call:
    """A call of a command on networks and inputs, whose files are written and checked.

    Attributes:
        words: the command line without the place of results.
    """

    def __init__(
        self,
        command: str,
        models: Mapping[str, Any],
        images: Any,
        progress: bool | None,
        check: bool,
        options: Mapping[str, Any],
    ) -> None:
        """Write the files.

        Args:
            command: the command's name.
            models: the networks by the suffix of their options.
            images: the inputs.
            progress: whether progress is shown.
            check: whether files are checked.
            options: the caller's options.
        """
        self._command, self._progress, self.image = command, progress, _image.find()
        _words(self.image, command, dict.fromkeys(options))  # refuses unknown ones first
        named = _models.named(map(_models.resolve, models.values()))
        networks = dict(zip(models, named, strict=True))
        found = _geometry(named, {key: each for key, each in options.items() if each is not None})
        both = found.pop("normalise", found.pop("normalize", None))
        for suffix, network in networks.items():
            found = _prepared(network, found, suffix, both)
        self.inputs = _inputs.prepare(images, found.get("limit"), found.get("range"))
        self._names = _names(self.inputs)
        files = []
        for suffix, network in networks.items():
            own = _of_one(found, suffix)
            with _process.step(f"Exporting {network.name}", progress):
                export = _exported(network, self.inputs, own)
            if check:
                searched = command != "represent"
                _verify(self.image, export, self.inputs, own, progress, searched)
            files.append(str(export.file))
            if _is_kept(export.file):
                self._names[files[-1]] = export.name
        found = {key: _with_files(key, value) for key, value in found.items()}
        given = _words(self.image, command, found)
        self.words = [*files, f"--inputs={self.inputs.path}", *given]

    def run(self, *more: str) -> dict[str, Any]:
        """Run the command with more words, and return its document."""
        line = [self._command, *self.words, *more]
        return _document(self.image, line, self._progress, self._names)

    def stored(self, out: str | Path | None) -> tuple[dict[str, Any], Path, Image]:
        """Run the command, and return its document, the folder of its results, and Stir."""
        folder = _folder(out, self._command, self.words, self.inputs)
        folder.parent.mkdir(parents=True, exist_ok=True)
        return self.run(f"--out={folder}"), folder, self.image


def _prepared(
    network: Model, options: Mapping[str, Any], suffix: str, normalise: Any
) -> dict[str, Any]:
    """Return options with what a network states, where the caller does not.

    Args:
        network: the network.
        options: the caller's options.
        suffix: the ending of the network's own options.
        normalise: what the caller wants for all networks.
    """
    given = dict(options)
    for key in ("layer", "layout"):
        if key in network.options and given.get(key + suffix, given.get(key)) is None:
            given[key + suffix] = network.options[key]
    own = given.pop("normalise" + suffix, None) or given.pop("normalize" + suffix, None)
    asked = own or normalise or network.options.get("normalise")
    found = {key: network.options[key] for key in ("mean", "std") if key in network.options}
    if isinstance(asked, str) and asked != "model":
        found = {"normalise": asked}
    elif asked is not None and (asked != "model" or not found):
        found = _models.own_normalisation(network.network if asked == "model" else asked) or {}
        if not found:
            source = network.name if asked == "model" else repr(asked)
            raise StirTypeError(
                f"{source} states no mean and std: give them as mean= and std=, or"
                ' normalise="imagenet".'
            )
    elif any(given.get(key + end) is not None for key in ("mean", "std") for end in ("", suffix)):
        found = {}
    elif not found and given.get("range") is None and _models.own_normalisation(network.network):
        warn(
            f"{network.name} was trained with normalised inputs, and gets pixels in [0, 1]: add"
            ' normalise="model", or normalise="none" if it normalises them itself.'
        )
    return given | {key + suffix: value for key, value in found.items()}


def _geometry(networks: Iterable[Model], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with the sizes that networks state, unless the caller gives any."""
    given = dict(options)
    if any(given.get(key) is not None for key in GEOMETRY):
        return given
    stated: dict[str, Any] = {}
    for network in networks:
        own = {key: network.options[key] for key in GEOMETRY if key in network.options}
        if own and stated and own != stated:
            raise StirUsageError(
                f"The networks expect images prepared in different ways ({stated} and {own}):"
                " choose one, as size=224."
            )
        stated = own or stated
    return given | stated


def _of_one(options: Mapping[str, Any], suffix: str) -> dict[str, Any]:
    """Return the options of one of two networks, without the endings of their names."""
    both = {key: value for key, value in options.items() if not key.endswith(("_a", "_b"))}
    own = {key: value for key, value in options.items() if suffix and key.endswith(suffix)}
    return both | {key.removesuffix(suffix): value for key, value in own.items()}


def _exported(network: Model, inputs: Inputs, own: Mapping[str, Any]) -> Export:
    size = own.get("crop") or own.get("size") or own.get("resize")
    shape = _export.input_shape(network, inputs, size)
    return _export.write(network, shape, own.get("input") or {}, own.get("device"))


def _verify(
    image: Image,
    export: Export,
    inputs: Inputs,
    own: Mapping[str, Any],
    progress: bool | None,
    searched: bool = True,
) -> None:
    """Check the file of a live module, and compare it with the module on a few inputs.

    Args:
        image: the installation.
        export: the file.
        inputs: the inputs.
        own: the network's options, without endings.
        progress: whether progress is shown.
        searched: whether the layer is searched, so that problems with gradients count.
    """
    if not _is_kept(export.file):
        return
    names = {str(export.file): export.name}
    taken = _options.known(image.commands["check"]).keys() - {"limit", "timeout", "threads"}
    options = {key: _with_files(key, value) for key, value in own.items() if key in taken}

    def found(layers: list[str], demanded: bool) -> tuple[dict[str, Any], Path]:
        words = [str(export.file), "--quick", f"--inputs={inputs.path}"]
        words += _words(image, "check", {**options, "layer": layers or None})
        folder = _cache.folder() / "checks" / _cache.digest(words, inputs.identity)

        def write(to: Path) -> None:
            to.mkdir()
            document = _document(image, ["check", *words, f"--values={to}"], False, names)
            if document["problems"] and demanded:
                text = " ".join(document["problems"])
                raise _process.failure(_process.in_python(text, names))
            (to / "check.json").write_text(json.dumps(document), encoding="utf-8")

        file = _cache.kept(folder, write) / "check.json"
        return json.loads(file.read_text(encoding="utf-8")), folder

    with _process.step(f"Checking {export.name}", progress):
        layers = _listed(own.get("layer"))
        document, folder = found(layers, searched)
        if export.module is None:
            return
        measured = layers or _listed(document["default"])
        unlike = [each for each in measured if not _export.comparable(export, each)]
        if unlike:  # names of tensors; the network's output tells as much
            measured = [unlike[0], export.output]
            _, folder = found(measured, False)
        for place, layer in enumerate(measured):
            file = folder / f"layer-{place}.npy"
            if layer not in unlike and file.exists():
                _export.compare(export, layer, np.load(folder / "inputs.npy"), np.load(file))


def _described(
    model: Any, shape: Sequence[int] | None, command: str, options: dict[str, Any]
) -> dict[str, Any]:
    """Return the document of a command that describes a network."""
    image = _image.find()
    (network,) = _models.named([_models.resolve(model)])
    sizes = tuple(shape) if shape is not None else None
    export = _export.write(network, sizes, options.get("input") or {}, options.get("device"))
    if sizes is not None:
        options["shape"] = "x".join(map(str, sizes))
    options = {key: _with_files(key, value) for key, value in options.items()}
    words = [command, str(export.file), *_words(image, command, options)]
    return _document(image, words, False, {str(export.file): export.name})


def _is_kept(file: Path) -> bool:
    return _cache.folder() in file.parents


def _names(inputs: Inputs) -> dict[str, str]:
    return {str(inputs.path): "the inputs"} if _is_kept(inputs.path) else {}


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _with_files(key: str, value: Any) -> Any:
    """Return an option's value with files in place of arrays."""
    if isinstance(value, Mapping):
        return {name: _with_files("input", each) for name, each in value.items()}
    if key.startswith(("input", "second_input", "fixed", "pairs")) and np.ndim(value) > 0:
        return _inputs.stored(_inputs.array(value))
    return value


def _folder(out: str | Path | None, command: str, words: object, inputs: Inputs) -> Path:
    if out is not None:
        return Path(out).absolute()
    return _cache.folder() / "results" / f"{command}-{_cache.digest(words, inputs.identity)}"


def _words(image: Image, command: str, options: Mapping[str, Any]) -> list[str]:
    return _options.words(image.commands[command], options)


def _document(
    image: Image,
    words: list[str],
    progress: bool | None,
    names: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    printed = _process.run(image, [*words, "--format=json"], progress, names)
    document: dict[str, Any] = json.loads(printed)
    return document


def _rows(values: Any) -> str:
    rows = _inputs.array(values)
    return str(_inputs.stored(rows.reshape(len(rows), -1)))


def _show(function: Any, *hidden: str) -> None:
    """Let a signature show the everyday options, for help and completion."""
    found = inspect.signature(function)
    parts = list(found.parameters.values())
    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in _signature.Common.__annotations__.items()
        if name not in (*hidden, *found.parameters)
    ]
    function.__signature__ = found.replace(parameters=[*parts[:-1], *common, parts[-1]])


_show(score)
_show(invert, "layer_a", "layer_b", "measure", "reduce")
_show(represent, "layer_a", "layer_b", "measure", "optimizer", "iterations")
