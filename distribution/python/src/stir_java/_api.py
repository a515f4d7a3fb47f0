"""The functions of the package."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _cache, _image, _inputs, _models, _options, _process
from ._errors import StirError, StirUsageError
from ._image import Image
from ._inputs import Inputs
from ._models import Model
from ._results import Inversion, Score, Study

_GEOMETRY = ("size", "resize", "crop", "interpolation")


def score(
    a: Any,
    b: Any,
    images: Any,
    *,
    out: str | Path | None = None,
    progress: bool | None = None,
    **options: Any,
) -> Score:
    """Compare two networks in both directions, as `stir score` does.

    Args:
        a: a path, a live module of PyTorch or Keras, a name such as `timm/convnext_tiny`, or what
            `load` returns.
        b: the other network.
        images: a folder of images, a file of arrays, an array of N x C x H x W with values in
            [0, 1] or bytes, a pair of it and labels, or a data set.
        out: the folder of results; by default one in the cache, which the same call finds again.
        progress: whether progress is shown; by default in notebooks and terminals.
        **options: options of `stir score` with underscores: `layer_a="layer3"`, `limit=100`.

    Raises:
        StirUsageError: the request must change.
        StirError: the work failed.
        KeyboardInterrupt: the user stopped it; the same call continues.
    """
    image = _image.find()
    networks = {"a": _models.resolve(a), "b": _models.resolve(b)}
    options = _geometry(networks.values(), options)
    for side, network in networks.items():
        if not _is_given(options, side):
            for key in network.options.keys() & {"mean", "std"}:
                options[f"{key}_{side}"] = network.options[key]
    inputs = _inputs.prepare(images, options.get("limit"))
    files = [_file(image, each, inputs, options) for each in networks.values()]
    document, folder = _run(image, "score", files, inputs, out, progress, options)
    return Score.of(document, folder, image)


def invert(
    model: Any,
    images: Any,
    *,
    out: str | Path | None = None,
    progress: bool | None = None,
    **options: Any,
) -> Inversion:
    """Search invariant inputs of one network, as `stir invert` does; arguments as for `score`."""
    image = _image.find()
    network, options = _single(model, options)
    inputs = _inputs.prepare(images, options.get("limit"))
    files = [_file(image, network, inputs, options)]
    document, folder = _run(image, "invert", files, inputs, out, progress, options)
    return Inversion.of(document, folder, image)


def represent(
    model: Any,
    images: Any,
    layer: str | Iterable[str] | None = None,
    *,
    progress: bool | None = None,
    **options: Any,
) -> Any:
    """Return representations of inputs, mapped from their files.

    Args:
        model: as for `score`.
        images: as for `score`.
        layer: a layer, or several; by default the last one before the classifier.
        progress: as for `score`.
        **options: options of `stir represent`.

    Returns:
        An array with a row per input; for several layers a dictionary of arrays by layer.
    """
    image = _image.find()
    network, options = _single(model, options)
    inputs = _inputs.prepare(images, options.get("limit"))
    file = _file(image, network, inputs, options)
    layers = [layer] if isinstance(layer, str) else list(layer or [])
    words = [str(file), f"--inputs={inputs.path}", *_words(image, "represent", options)]
    words += [f"--layer={','.join(layers)}"] if layers else []
    run = _cache.folder() / "representations" / _cache.digest(words, inputs.identity)
    run.mkdir(parents=True, exist_ok=True)
    to = run / "layers" if len(layers) > 1 else run / "layer.npy"
    found = _document(image, ["represent", *words, f"--out={to}", "--force"], progress)
    arrays = {
        each["layer"]: np.load(_placed(each["file"], to), mmap_mode="r") for each in found["files"]
    }
    return arrays if len(layers) > 1 else next(iter(arrays.values()))


def similarity(
    x: Any, y: Any, measure: str | Iterable[str] | None = None
) -> dict[str, float | None]:
    """Return the similarity of two representations by measure.

    Args:
        x: an array with a row per input, or a file.
        y: the other one, for the same inputs in the same order; its width may differ.
        measure: ids of `stir measures`; by default CKA and debiased CKA.
    """
    image = _image.find()
    with tempfile.TemporaryDirectory() as folder:
        files = [_rows(values, Path(folder) / name) for values, name in ((x, "x"), (y, "y"))]
        words = _words(image, "similarity", {"measure": measure})
        found = _document(image, ["similarity", *files, *words], False)
    values: dict[str, float | None] = found["similarity"]
    return values


def check(model: Any, shape: Any = None, **options: Any) -> dict[str, Any]:
    """Check a network's file before a measurement, as `stir check` does.

    Args:
        model: as for `score`.
        shape: the shape of one input, as (3, 224, 224); needed for live modules.
        **options: options of `stir check`.

    Returns:
        The document `stir-check`; its `problems` are empty where nothing is wrong.
    """
    image = _image.find()
    sizes = tuple(shape) if shape is not None else None
    file, _ = _models.export(_models.resolve(model), sizes)
    if sizes is not None:
        options["shape"] = "x".join(map(str, sizes))
    words = _words(image, "check", options)
    return _document(image, ["check", str(file), *words], False)


def study(
    models: Mapping[str, Any],
    images: Any,
    *,
    layers: Mapping[str, Iterable[str]] | None = None,
    out: str | Path | None = None,
    progress: bool | None = None,
    limit: int | None = None,
    size: int | str | None = None,
    range: Any = None,
    **settings: Any,
) -> Study:
    """Compare many networks and layers, as `stir matrix` does.

    Args:
        models: networks by name, as for `score`.
        images: as for `score`.
        layers: names or patterns of layers by the network's name; by default the last layer before
            the classifier.
        out: as for `score`.
        progress: as for `score`.
        limit: the number of inputs.
        size: the size of the images, for photos.
        range: the range of the inputs' values: (-1, 1), a pair per channel, `data` or `free`.
        **settings: keys of the experiment's file: `measures=[...]`, `search={...}`, `repeats=3`.
    """
    image = _image.find()
    networks = {name: _models.resolve(each) for name, each in models.items()}
    geometry = _geometry(networks.values(), {"size": size})
    inputs = _inputs.prepare(images, limit)
    listed = []
    for name, network in networks.items():
        file = _file(image, network, inputs, geometry)
        preparation: dict[str, Any] = {
            key: network.options[key] for key in ("mean", "std") if key in network.options
        }
        entry: dict[str, Any] = {"name": name, "file": str(file), **preparation}
        if layers and name in layers:
            entry["layers"] = list(layers[name])
        listed.append(entry)
    if range is not None and not isinstance(range, str):
        range = np.asarray(range, dtype=float).tolist()
    section = {"path": str(inputs.path), "limit": limit, "range": range, **geometry}
    section = {key: value for key, value in section.items() if value is not None}
    experiment = {"models": listed, "inputs": section, **settings}
    folder = _folder(out, "study", experiment, inputs)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder.with_name(folder.name + ".yaml")
    file.write_text(json.dumps(experiment, indent=2), encoding="utf-8")  # JSON is YAML
    document = _document(image, ["matrix", str(file), f"--out={folder}"], progress)
    return Study.of(document, folder, image)


def _is_given(options: Mapping[str, Any], side: str) -> bool:
    """Return whether the caller states a network's normalisation."""
    names = ("mean", "std", "normalise", "normalize")
    return any(options.get(name + end) is not None for name in names for end in ("", "_" + side))


def _single(model: Any, options: Mapping[str, Any]) -> tuple[Model, dict[str, Any]]:
    network = _models.resolve(model)
    completed = _geometry([network], options)
    if not _is_given(completed, ""):
        completed |= {
            key: value for key, value in network.options.items() if key in ("mean", "std")
        }
    return network, completed


def _geometry(networks: Iterable[Model], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with the sizes that networks state, unless the caller gives any."""
    given = dict(options)
    if any(given.get(key) is not None for key in _GEOMETRY):
        return given
    stated = [
        {key: each.options[key] for key in _GEOMETRY if key in each.options} for each in networks
    ]
    stated = [each for each in stated if each]
    if any(each != stated[0] for each in stated):
        raise StirUsageError(
            f"The networks expect images prepared in different ways ({stated[0]} and"
            f" {next(each for each in stated if each != stated[0])}): choose one, as size=224."
        )
    return given | (stated[0] if stated else {})


def _shape(inputs: Inputs, options: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Return the shape of an input as the network receives it."""
    size = options.get("crop") or options.get("size") or options.get("resize")
    channels = inputs.shape[0] if inputs.shape and len(inputs.shape) == 3 else 3
    if size is None or not (isinstance(size, int) or "x" in str(size)):
        if inputs.shape is not None and len(inputs.shape) == 2:  # grey images
            return (1, *inputs.shape)
        return inputs.shape
    height, _, width = str(size).partition("x")
    return channels, int(height), int(width or height)


def _file(image: Image, network: Model, inputs: Inputs, options: Mapping[str, Any]) -> Path:
    """Return a network's file; a new export is checked once."""
    shape = _shape(inputs, options)
    file, is_new = _models.export(network, shape)
    if is_new:
        sizes = "x".join(map(str, shape or ()))
        try:
            found = _document(image, ["check", str(file), f"--shape={sizes}"], False)
            if found["problems"]:
                raise StirError(f"The export can't be used: {' '.join(found['problems'])}")
        except BaseException:  # it is checked again by the next call
            _models.forget(file)
            raise
    return file


def _run(
    image: Image,
    command: str,
    files: list[Path],
    inputs: Inputs,
    out: str | Path | None,
    progress: bool | None,
    options: Mapping[str, Any],
) -> tuple[dict[str, Any], Path]:
    words = [*map(str, files), f"--inputs={inputs.path}", *_words(image, command, options)]
    folder = _folder(out, command, words, inputs)
    folder.parent.mkdir(parents=True, exist_ok=True)
    return _document(image, [command, *words, f"--out={folder}"], progress), folder


def _folder(out: str | Path | None, command: str, words: object, inputs: Inputs) -> Path:
    if out is not None:
        return Path(out).absolute()
    return _cache.folder() / "results" / f"{command}-{_cache.digest(words, inputs.identity)}"


def _words(image: Image, command: str, options: Mapping[str, Any]) -> list[str]:
    return _options.words(image.commands[command], options)


def _document(image: Image, words: list[str], progress: bool | None) -> dict[str, Any]:
    printed = _process.run(image, [*words, "--format=json"], progress)
    document: dict[str, Any] = json.loads(printed)
    return document


def _rows(values: Any, to: Path) -> str:
    if isinstance(values, (str, Path)):
        return str(values)
    file = to.with_suffix(".npy")
    rows: NDArray[Any] = _inputs.array(values)
    np.save(file, rows.reshape(len(rows), -1))
    return str(file)


def _placed(named: str, to: Path) -> Path:
    """Return a file of a document, whose name is relative to the output's folder."""
    file = Path(named)
    return file if file.is_absolute() or to.suffix == ".npy" else to / file
