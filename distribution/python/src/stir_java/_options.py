"""Keyword arguments as options of the command line."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import StirTypeError, StirUsageError

_RESERVED = frozenset({"format", "help", "version", "quiet", "verbose", "out", "inputs"})

_REDUCTIONS = {"cls-token": "class-token", "cls": "class-token", "mean": "spatial-mean"}
"""Other names of reductions."""


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
        if value:
            return [name]
        return [f"--no-{name.removeprefix('--')}"] if option["is_negatable"] else []
    if keyword == "range":
        return [f"{name}={range_of(value)}"]
    values = _texts(value)
    if keyword == "reduce":
        values = [_REDUCTIONS.get(each, each) for each in values]
    if len(values) == 1:
        return [f"{name}={values[0]}"]
    if "separator" in option:
        return [f"{name}={option['separator'].join(values)}"]
    if option["is_repeatable"]:
        return [f"{name}={each}" for each in values]
    raise StirTypeError(f"{keyword} takes one value ({option['value']}), not {len(values)}.")


def range_of(value: Any) -> str:
    """Return a range as a word: a pair of numbers, a pair per channel, or the word itself."""
    if isinstance(value, str):
        return value
    pairs = value if isinstance(value[0], Iterable) else [value]
    return "/".join(f"{low!r},{high!r}" for low, high in pairs)


def _texts(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [f"{key}={each}" for key, each in value.items()]
    if isinstance(value, (str, bytes, os.PathLike)) or not isinstance(value, Iterable):
        return [str(value)]
    return [str(each) for each in value]


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """Return the sentence about an unknown name, with the nearest ones or all of few."""
    names = list(names)
    near = difflib.get_close_matches(name, names, n=3) or names[:9] * (len(names) < 10)
    return f"{what} {name}{'; did you mean ' + ' or '.join(near) + '?' if near else '.'}"
