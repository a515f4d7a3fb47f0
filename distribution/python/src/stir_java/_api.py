"""The functions of the package."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _cache, _export, _image, _inputs, _models, _options, _process
from ._errors import StirError, StirTypeError, StirUsageError, warn
from ._export import Export
from ._image import Image
from ._inputs import Inputs
from ._models import GEOMETRY, OWN, Model
from ._options import SETTINGS, layers_of
from ._results import Inversion, Score, Study, bind

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._signature import (
        CheckOptions,
        InvertOptions,
        LayersOptions,
        RepresentOptions,
        ScoreOptions,
        Settings,
    )


_PROJECTION = re.compile(r"((?:.*\.)?[^.]*(?:proj|embed)[^.]*(?:\.\d+)?)@in")
"""The default layer of a network whose last linear layer has the name of no classifier."""


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
    obstacle: str | None = None
    is_default: bool = False


def score(a: Any, b: Any, images: Any, **options: Unpack[ScoreOptions]) -> Score:
    """Compare two networks in both directions, as `stir score` does.

    Args:
        a: a path, a live module of PyTorch or Keras, a name such as `timm/convnext_tiny`, or what
            `load` returns.
        b: the other network.
        images: a folder of images, a file of arrays, an array of N x C x H x W (or N x H x W x C)
            with values in [0, 1] or bytes, a pair of it and labels, a data set or its loader, or
            an iterable of images and `limit`.
        **options: the options of `stir score` with underscores. The everyday ones:
            `layer`: the layer of both networks; by default the last one before the classifier, or
            the output of a network without one. `layers` lists all; several are matched together.
            `layer_a`, `layer_b`: of one network.
            `name_a`, `name_b`: of live modules, in results; by default their classes.
            `limit`: the number of inputs; `size`: of the images, for photos.
            `normalise`: the normalisation that the networks expect: `imagenet`, `clip`, `half`,
            `none`, `model` for that of each module, or transforms with `mean` and `std`.
            `range`: of the inputs' values: (-1, 1), a pair per channel, `data` or `free`.
            `measure`: ids of `measures`; by default CKA and debiased CKA.
            `reduce`: of images and tokens to rows: `flatten`, `mean`, `cls-token`, `last-token`.
            `optimizer`: `thorough` (default), `fast` or `published`; `iterations`: its most steps.
            `device`: `cpu` (default), `cuda` or `cuda:1`.
            `out`: the folder of results; by default one in the cache, which the same call finds.
            `progress`: whether progress is shown; by default in notebooks and terminals.
            `check`: whether live modules are compared with their exports, and gradients checked.

    Raises:
        StirUsageError: the request must change; a `StirLayerError` or `StirTypeError` where a layer
            or the kind of a value must.
        StirError: the work failed.
        KeyboardInterrupt: the user stopped it; the same call continues.
    """
    return Score.of(*_Call.of("score", {"_a": a, "_b": b}, images, options).stored())


def invert(model: Any, images: Any, **options: Unpack[InvertOptions]) -> Inversion:
    """Search invariant inputs of one network, as `stir invert` does; arguments as for `score`."""
    return Inversion.of(*_Call.of("invert", {"": model}, images, options).stored())


def represent(
    model: Any,
    images: Any,
    layer: str | Sequence[str] | None = None,
    **options: Unpack[RepresentOptions],
) -> Any:
    """Return representations of inputs, mapped from their files; arguments as for `score`.

    Returns:
        An array with a row per input; for several layers a dictionary of arrays by layer.
    """
    call = _Call.of("represent", {"": model}, images, {"layer": layer, **options})
    run = _cache.folder() / "representations" / _cache.digest(call.words, call.inputs.identity)
    run.mkdir(parents=True, exist_ok=True)
    os.utime(run)
    files = call.run(f"--out={run}", "--force")["files"]
    found = {each["layer"]: np.load(run / Path(each["file"]).name, mmap_mode="r") for each in files}
    return found if len(layers_of(layer)) > 1 else next(iter(found.values()))


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
    image, names = _image.find(), dict[str, str]()
    files = [str(_with_files(key, each, names)) for key, each in (("x", x), ("y", y))]
    given = {"measure": measure, "memory": memory}
    words = ["similarity", *files, *_options.words(image.commands["similarity"], given)]
    values: dict[str, float | None] = _document(image, words, False, names)["similarity"]
    return values


def check(
    model: Any, shape: Sequence[int] | None = None, **options: Unpack[CheckOptions]
) -> dict[str, Any]:
    """Check a network's file before a measurement, as `stir check` does.

    Args:
        model: as for `score`.
        shape: the shape of one input, as (3, 224, 224); needed for live modules.
        **options: options of `stir check`.

    Returns:
        The document `stir-check`; its `problems` are empty where nothing is wrong.
    """
    return _described(model, shape, "check", {**options})[0]


def layers(
    model: Any, shape: Sequence[int] | None = None, **options: Unpack[LayersOptions]
) -> list[Layer]:
    """Return the layers of a network, in the order of computation, and its output.

    Args:
        model: as for `score`.
        shape: the shape of one input, as (3, 224, 224); needed for live modules.
        **options: options of `stir layers`.
    """
    found, export = _described(model, shape, "layers", {**options})
    listed = found["layers"]
    if not export.is_listed and export.output not in [each["name"] for each in listed]:
        listed.append({"name": export.output, "kind": "Output", "shape": export.shape})
    return [
        bind(Layer, each, shape=tuple(each["shape"]), is_default=each["name"] == found["default"])
        for each in listed
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
    models: Mapping[str, Any] | Sequence[Any], images: Any, **settings: Unpack[Settings]
) -> Study:
    """Compare many networks and layers, as `stir matrix` does.

    Args:
        models: networks by name, or a list, as for `score`.
        images: as for `score`.
        **settings: keys of the experiment's file with underscores: `measures=[...]`,
            `search={...}`, `repeats=3`. The others:
            `layers`: lists of names or patterns of layers by the network's name; by default as for
            `score`.
            `groups`: the group of each network by its name, as {"vgg0": "vgg"}, or its factors,
            as {"vgg0": {"loss": "plain", "seed": "0"}}, for statements about groups.
            `limit`, `size`, `normalise`, `range`, `out`, `progress`, `check`: as for `score`.
    """
    for key in settings:
        if key not in SETTINGS:
            raise StirUsageError(_options.unknown("A study has no key", key, SETTINGS))
    given: dict[str, Any] = {"check": True, **settings}
    layers, groups = given.pop("layers", None), given.pop("groups", None) or {}
    own = SETTINGS[SETTINGS.index("search") :]
    keys = {key: _hyphened(given.pop(key)) for key in own if key in given}
    if isinstance(keys.get("reduce"), str):
        keys["reduce"] = _options.REDUCTIONS.get(keys["reduce"], keys["reduce"])
    is_one = isinstance(models, (str, os.PathLike, Model)) or _models.library_of(models)
    if is_one or not isinstance(models, Iterable):
        raise StirTypeError(
            f"A study takes networks by name, or a list of them, not {type(models).__name__}."
        )
    values = models.values() if isinstance(models, Mapping) else models
    found = [_models.resolve(each) for each in values]
    if isinstance(models, Mapping):
        found = [replace(each, name=str(name)) for name, each in zip(models, found, strict=True)]
    networks = {str(each.name): each for each in _models.named(found)}
    chosen = {name: layers_of(each.options.get("layer")) for name, each in networks.items()}
    if layers is not None and not isinstance(layers, Mapping):
        raise StirTypeError(f'layers are lists by network, as {{"Net": ["fc"]}}, not {layers!r}.')
    for name, listed in (layers or {}).items():
        if name not in networks:
            raise StirUsageError(_options.unknown("The study has no network", name, networks))
        if isinstance(listed, str):
            raise StirTypeError(f"layers[{name!r}] is a list of names: [{listed!r}].")
        chosen[name] = layers_of(listed, f"layers[{name!r}]")
    if not isinstance(groups, Mapping):
        raise StirTypeError(f'groups are names by network, as {{"Net": "a"}}, not {groups!r}.')
    for name in groups:
        if name not in networks:
            raise StirUsageError(_options.unknown("The study has no network", name, networks))
    for name, listed in chosen.items():  # of patterns alone, the output is compared
        plain = [each for each in listed if not set("*?[") & set(each)]
        given["layer/" + name] = plain or ([""] if listed else None)
    suffixed = {"/" + name: each for name, each in networks.items()}
    call = _Call.of("study", suffixed, images, given)
    entries = []
    for name, export in zip(networks, call.exports.values(), strict=True):
        stated = call.own("/" + name)
        entry = {key: stated.get(key) for key in ("normalise", "mean", "std", "layout")}
        entry |= {"name": name, "file": export.file, "inputs": stated.get("input")}
        if name in groups:
            key = "factors" if isinstance(groups[name], Mapping) else "group"
            entry[key] = groups[name]
        entries.append(_stated(entry | {"layers": chosen[name] or stated.get("layer")}))
    section = {key: call.options.get(key) for key in ("limit", "range", *GEOMETRY)}
    section["range"] = section["range"] and _options.range_of(section["range"])
    section["path"] = call.inputs.path
    experiment = {**keys, "models": entries, "inputs": _stated(section)}
    text = json.dumps(
        _hyphened(experiment), default=lambda each: getattr(each, "tolist", each.__str__)()
    )
    folder = call.folder(text)
    file = folder.with_name(folder.name + ".yaml")
    file.write_text(text, encoding="utf-8")  # JSON is YAML
    names = {f"{file}:1: ": "", **call.names}
    words = ["matrix", str(file), f"--out={folder}"]
    return Study.of(_document(call.image, words, call.progress, names), folder, call.image)


@dataclass(frozen=True)
class _Call:
    """A call of a command on networks and inputs, whose files are written and checked.

    Attributes:
        command: the command's name.
        image: the installation.
        out: the folder of results that the caller names.
        progress: whether progress is shown.
        options: the options of all networks, with those that the networks state.
        inputs: the inputs.
        exports: the files of the networks by the suffix of their options.
        names: what messages call files.
    """

    command: str
    image: Image
    out: Any
    progress: bool | None
    options: dict[str, Any]
    inputs: Inputs
    exports: dict[str, Export]
    names: dict[str, str]

    @classmethod
    def of(
        cls, command: str, models: Mapping[str, Any], images: Any, given: Mapping[str, Any]
    ) -> _Call:
        """Write and check the files.

        Args:
            command: the command's name.
            models: the networks by the suffix of their options.
            images: the inputs.
            given: the caller's options.
        """
        image, options = _image.find(), dict(given)
        out = None if command == "represent" else options.pop("out", None)
        progress, check = options.pop("progress", None), options.pop("check", True)
        called = [options.pop("name" + end, None) if command == "score" else None for end in models]
        if command in image.commands:  # refuses unknown options first
            _options.words(image.commands[command], dict.fromkeys(options))
        for key in ("layer", "layer_a", "layer_b"):
            layers_of(options.get(key), key)
        resolved = [
            replace(each, name=name or each.name)
            for each, name in zip(map(_models.resolve, models.values()), called, strict=True)
        ]
        for each in resolved:
            if command in ("score", "invert") and each.name and isinstance(each.network, Path):
                raise StirUsageError(f"{each.network.name} keeps its name, except in a study.")
        named = _models.named(resolved)
        networks = dict(zip(models, named, strict=True))
        found = _geometry(named, _stated(options))
        both = found.pop("normalise", found.pop("normalize", None))
        for suffix, network in networks.items():
            found = _prepared(network, found, suffix, both)
        _options.range_of(found.get("range") or "")
        inputs = _inputs.prepare(images, found.get("limit"), found.get("range"))
        names = {str(inputs.path): "the array"} if _cache.folder() in inputs.path.parents else {}
        if command in image.commands:  # refuses values before anything is exported
            files = {key: _with_files(key, each, names) for key, each in found.items()}
            _options.words(image.commands[command], files)
        call = cls(command, image, out, progress, found, inputs, {}, names)
        for suffix, network in networks.items():
            own = call.own(suffix)
            with _process.step(f"Exporting {network.name}", progress):
                export = _exported(network, inputs, own)
            if _cache.folder() in export.file.parents:
                names |= {str(export.file): export.name, export.file.name: export.name}
                layer = (call._verified if check else call._default)(export, own)
                found |= {"layer" + suffix: layer} if layer else {}
            call.exports[suffix] = export
        for key in found:
            found[key] = _with_files(key, found[key], names)
        return call

    def own(self, suffix: str) -> dict[str, Any]:
        """Return the options of one network, without the endings of their names."""
        ends = ("_a", "_b") if self.command == "score" else (suffix,)
        both = {key: each for key, each in self.options.items() if not key.endswith(ends)}
        own = {key: each for key, each in self.options.items() if key.endswith(suffix)}
        return both | {key.removesuffix(suffix): each for key, each in own.items()}

    def run(self, *more: str) -> dict[str, Any]:
        """Run the command with more words, and return its document."""
        words = [self.command, *self.words, *more]
        return dict(_document(self.image, words, self.progress, self.names))

    @property
    def words(self) -> list[str]:
        """The command line without the command and the place of results."""
        files = [str(each.file) for each in self.exports.values()]
        given = _options.words(self.image.commands[self.command], self.options)
        return [*files, f"--inputs={self.inputs.path}", *given]

    def folder(self, identity: object) -> Path:
        """Return the folder of results, in an existing one."""
        digest = _cache.digest(identity, self.inputs.identity)
        named = _cache.folder() / "results" / f"{self.command}-{digest}"
        folder = named if self.out is None else Path(self.out).absolute()
        folder.parent.mkdir(parents=True, exist_ok=True)
        return folder

    def stored(self) -> tuple[dict[str, Any], Path, Image]:
        """Run the command, and return its document, the folder of its results, and Stir."""
        folder = self.folder(self.words)
        return self.run(f"--out={folder}"), folder, self.image

    def _words(self, command: str, own: Mapping[str, Any], *layers: str) -> list[str]:
        """Return the words of a command on one network, for the options that it has."""
        given = {key: _with_files(key, each, self.names) for key, each in own.items()}
        given |= {"layer": layers or None, "limit": None, "timeout": None, "threads": None}
        entry = self.image.commands[command]
        taken = _options.known(entry)
        return _options.words(entry, {key: each for key, each in given.items() if key in taken})

    def _default(self, export: Export, own: Mapping[str, Any]) -> list[str]:
        """Return the layer that has to be named, of a file that is not checked."""
        if layers_of(own.get("layer")) or not export.is_hidden:
            return []
        words = ["layers", str(export.file), *self._words("layers", own)]
        found = _document(self.image, words, False, self.names)
        return [] if found["default"] else [export.output]

    def _verified(self, export: Export, own: Mapping[str, Any]) -> list[str]:
        """Check the file of a live module, and compare it with the module on a few inputs.

        Gradients are checked once for each file, and not if nothing is searched.

        Args:
            export: the file.
            own: the network's options, without endings; an empty layer is the output.

        Returns:
            The layer that has to be named, if any: the output, where Stir proposes none.
        """
        searched = self.command != "represent"

        def found(named: list[str], gradients: bool) -> tuple[dict[str, Any], Path]:
            words = [str(export.file), "--quick", *self._words("check", own, *named)]
            kept = _cache.folder() / "checks"
            proof = kept / _cache.digest(words)
            folder = kept / _cache.digest(words, self.inputs.identity)
            words.append(f"--inputs={self.inputs.path}")
            if gradients and not proof.exists():
                shutil.rmtree(folder, ignore_errors=True)
            else:
                words.append("--no-gradients")

            def write(to: Path) -> None:
                to.mkdir()
                words.append(f"--values={to}")
                document = _document(self.image, ["check", *words], False, self.names)
                (to / "check.json").write_text(json.dumps(document), encoding="utf-8")
                if gradients and not document["problems"]:
                    proof.touch()

            text = (_cache.kept(folder, write) / "check.json").read_text(encoding="utf-8")
            return json.loads(text), folder

        named = [each or export.output for each in layers_of(own.get("layer"))]
        layers = [each for each in named if each]
        with _process.step(f"Checking {export.name}", self.progress):
            document, folder = found(layers, searched)
            if not layers and document["default"] is None and export.is_hidden:
                layers = [export.output]
                document, folder = found(layers, searched)
            if searched and document["problems"]:
                shutil.rmtree(folder)
                problems = " ".join(document["problems"])
                raise _process.failure(_process.in_python(problems, self.names))
            measured = layers or layers_of(document["default"])
            last = _PROJECTION.fullmatch("" if named else document["default"] or "")
            if last is not None:
                warn(
                    f'{export.name} is measured before its last layer: layer="{last[1]}" adds that.'
                )
            alike = [each for each in measured if _export.comparable(export, each)]
            if alike != measured and export.module is not None:
                alike.append(export.output)  # which tells as much as the names of tensors
                _, folder = found(alike, False)
            for place, layer in enumerate(alike):
                file = folder / f"layer-{place}.npy"
                if file.exists():
                    _export.compare(export, layer, np.load(folder / "inputs.npy"), np.load(file))
        return [] if named else layers


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
    for key in OWN:
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
            source = network.name if asked == "model" else type(asked).__name__
            ending = suffix if suffix in ("_a", "_b") else ""
            raise StirTypeError(
                f"{source} states no mean and std: give them as mean{ending}= and std{ending}=, or"
                f' normalise{ending}="imagenet" or "none".'
            )
    elif any(given.get(key + end) is not None for key in ("mean", "std") for end in ("", suffix)):
        found = {}
    elif not found and given.get("range") is None and _models.is_normalised(network.network):
        warn(
            f"{network.name} was trained with normalised inputs, and gets pixels in [0, 1]: add"
            ' normalise="model", or normalise="none" if it normalises them itself.'
        )
    return given | {key + suffix: value for key, value in found.items()}


def _geometry(networks: Iterable[Model], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with the sizes that networks state, unless the caller gives any."""
    if any(key in options for key in GEOMETRY):
        return {**options}
    own = [{key: each.options[key] for key in GEOMETRY if key in each.options} for each in networks]
    stated = [each for each in own if each] or [{}]
    if any(each != stated[0] for each in stated):
        raise StirUsageError(
            f"The networks expect images prepared as {stated[0]} and {stated[-1]}: give size=224."
        )
    return {**options, **stated[0]}


def _exported(network: Model, inputs: Inputs, own: Mapping[str, Any]) -> Export:
    size = own.get("crop") or own.get("size") or own.get("resize")
    shape = _export.input_shape(network, inputs, size)
    try:
        return _export.write(network, shape, own.get("input"), own.get("device"))
    except RuntimeError as failure:
        if isinstance(failure, StirError) or inputs.shape is None or len(inputs.shape) > 2:
            raise
        raise StirUsageError(
            f"{network.name} fails with inputs of shape {inputs.shape}: give images as"
            f" N x C x H x W, or a single one as images[None] ({_export.first_line(failure)})."
        ) from failure


def _described(
    model: Any, shape: Sequence[int] | None, command: str, options: dict[str, Any]
) -> tuple[dict[str, Any], Export]:
    """Return the document of a command that describes a network, and the network's file."""
    image = _image.find()
    _options.words(image.commands[command], dict.fromkeys(options))  # refuses unknown ones first
    sizes = None if shape is None else tuple(np.array(shape, ndmin=1).tolist())
    is_all = all(isinstance(each, int) and each > 0 for each in sizes or ())
    if shape is not None and not (is_all and np.ndim(shape) == 1):
        raise StirTypeError(f"shape is that of one input, as (3, 224, 224), not {shape!r}.")
    (network,) = _models.named([_models.resolve(model)])
    export = _export.write(network, sizes, options.get("input"), options.get("device"))
    names = {str(export.file): export.name}
    options["shape"] = None if sizes is None else "x".join(map(str, sizes))

    def found() -> Any:
        given = {key: _with_files(key, value, names) for key, value in options.items()}
        words = _options.words(image.commands[command], given)
        return _document(image, [command, str(export.file), *words], False, names)

    document = found()
    if document["default"] is None and export.is_hidden and not options.get("layer"):
        options["layer"] = document["default"] = export.output
        document = found() if command == "check" else document
    problems = [_process.in_python(each, names) for each in document.get("problems", [])]
    return document | {"problems": problems}, export


def _with_files(key: str, value: Any, names: dict[str, str]) -> Any:
    """Return an option's value with files in place of arrays, whose names are added to others."""
    if isinstance(value, Mapping):
        return {each: _with_files(f'input["{each}"]', value[each], names) for each in value}
    if key.startswith(("input", "second_input", "fixed", "pairs", "x", "y")) and np.ndim(value) > 0:
        file = _inputs.stored(_inputs.array(value))
        names[str(file)] = f"the array {key}"
        return file
    return value


def _document(image: Image, words: list[str], progress: bool | None, names: Any = None) -> Any:
    return json.loads(_process.run(image, [*words, "--format=json"], progress, names))


def _stated(section: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in section.items() if each is not None}


def _hyphened(value: Any) -> Any:
    """Return a section of an experiment, or a list of them, with the keys of its file."""
    if isinstance(value, Mapping):
        return {str(key).replace("_", "-"): each for key, each in value.items()}
    return [_hyphened(each) for each in value] if isinstance(value, (list, tuple)) else value


def _show(function: Any, names: Iterable[str], *hidden: str) -> None:
    """Let a signature show the everyday options, for help and completion."""
    found = inspect.signature(function)
    parts, keyword = list(found.parameters.values()), inspect.Parameter.KEYWORD_ONLY
    common = [
        inspect.Parameter(name, keyword, default=None, annotation=_options.COMMON.get(name, "Any"))
        for name in names
        if name not in (*hidden, *found.parameters)
    ]
    function.__signature__ = found.replace(parameters=[*parts[:-1], *common, parts[-1]])


_show(score, _options.COMMON)
_show(invert, _options.COMMON, *_options.OF_SCORE, "measure", "reduce")
_show(represent, ("limit", "size", "normalise", "range", "reduce", "device", "progress", "check"))
_show(study, SETTINGS)
