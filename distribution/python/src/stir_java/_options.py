"""Keyword arguments as options of the command line."""

from __future__ import annotations

import difflib
import numbers
import os
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ._errors import StirTypeError, StirUsageError

_RESERVED = frozenset(
    {"format", "help", "version", "quiet", "verbose", "out", "inputs", "color", "colour"}
)

REDUCTIONS = {"cls-token": "class-token", "cls": "class-token", "mean": "spatial-mean"}
"""Other names of reductions."""

# fmt: off
COMMON = {
    "layer": "str | Sequence[str]", "layer_a": "str | Sequence[str]",
    "layer_b": "str | Sequence[str]", "name_a": "str", "name_b": "str", "limit": "int",
    "size": "int | str", "normalise": "Any",
    "range": "Any", "measure": "str | Sequence[str]", "reduce": "str", "optimizer": "str",
    "iterations": "int", "device": "str", "out": "Any", "progress": "bool", "check": "bool",
}
"""The options that signatures show, the everyday ones of `stir help score`, with their types."""

OF_SCORE = ("layer_a", "layer_b", "name_a", "name_b")
"""Those of two networks."""

SETTINGS = (
    "layers", "groups", "limit", "size", "normalise", "range", "out", "progress", "check", "search",
    "measures", "repeats", "reduce", "pairs", "memory", "protocol", "device", "threads",
    "batch_size", "title", "authors", "notes",
)
"""The arguments of studies, and then the keys of an experiment's file."""
# fmt: on


def known(command: Mapping[str, Any]) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """Return the names on the command line and the entries of a command's options by keyword."""
    return {
        name.removeprefix("--").replace("-", "_"): (name, option)
        for option in command["options"]
        for name in option["names"]
        if name.startswith("--") and name.removeprefix("--") not in _RESERVED
    }


def words(command: Mapping[str, Any], options: Mapping[str, object]) -> list[str]:
    """Return the words of a command line for keyword arguments.

    A name is that of the option with underscores: `rng_seed=3` is `--rng-seed=3`, `details=True`
    is `--details`, `fake_relu=False` is `--no-fake-relu`. A sequence or a mapping gives an option
    several values. `None` is the default.

    Args:
        command: the command's entry in the table that `stir options` prints.
        options: the values by name.

    Raises:
        StirUsageError: there is no such option, or it takes no such value.
    """
    found = known(command)
    line: list[str] = []
    for keyword, value in options.items():
        if keyword not in found:
            raise StirUsageError(unknown(f"`{command['name']}` has no option", keyword, found))
        if value is not None:
            line += _option(keyword, *found[keyword], value)
    return line


def _option(keyword: str, name: str, option: Mapping[str, Any], value: object) -> list[str]:
    if "value" not in option:
        if not isinstance(value, bool):
            raise StirTypeError(f"{keyword} is True or False, not {value!r}.")
        no = [f"--no-{name.removeprefix('--')}"] if option["is_negatable"] else []
        return [name] if value else no
    values = [range_of(value)] if keyword == "range" else _texts(value)
    if keyword == "reduce":
        values = [REDUCTIONS.get(each, each) for each in values]
    if option["choices"] and (others := set(values) - set(option["choices"])):
        raise StirUsageError(unknown(f"{keyword} can't be", min(others), option["choices"]))
    if values and "separator" in option:
        values = [option["separator"].join(values)]
    if len(values) == 1 or option["is_repeatable"]:
        return [f"{name}={each}" for each in values]
    raise StirTypeError(f"{keyword} takes one value ({option['value']}), not {len(values)}.")


def range_of(value: Any) -> str:
    """Return a range as a word: a pair of numbers, a pair per channel, or the word itself."""
    if isinstance(value, str):
        return value
    pairs = np.array(value, dtype=object)
    is_number = all(isinstance(each, numbers.Real) for each in pairs.flat)
    is_pair = is_number and pairs.ndim in (1, 2) and pairs.shape[-1] == 2
    if not is_pair or not (pairs[..., 0] < pairs[..., 1]).all():
        raise StirTypeError(
            f'range is a pair as (-1, 1), a pair per channel, "data" or "free", not {value!r}.'
        )
    return "/".join(f"{low},{high}" for low, high in pairs.astype(float).reshape(-1, 2))


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{key}={each}" for key, each in value.items()]
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, (str, bytes, os.PathLike)) or not isinstance(value, Iterable):
        return [str(value)]
    return [str(each) for each in value]


def layers_of(value: Any, what: str = "layer") -> list[str]:
    """Return the names of layers that a caller gives.

    Raises:
        StirTypeError: they are something else.
    """
    names = [value] if isinstance(value, str) else value or []
    if isinstance(names, Iterable) and all(isinstance(each, str) for each in names):
        return list(names)
    raise StirTypeError(f"{what} is a name of stir.layers, or a list of them, not {value!r}.")


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """Return the sentence about an unknown name, with the nearest ones or all of few."""
    names = list(names)
    near = difflib.get_close_matches(name, names, n=3) or names[:9] * (len(names) < 10)
    return f"{what} {name}{'; did you mean ' + ' or '.join(near) + '?' if near else '.'}"
