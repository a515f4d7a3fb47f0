"""Keyword arguments as options of the command line."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from typing import Any

from ._errors import StirUsageError

_RESERVED = frozenset({"format", "help", "version", "quiet", "verbose", "out"})


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
    known = {
        name.removeprefix("--").replace("-", "_"): (name, option)
        for option in command["options"]
        for name in option["names"]
        if name.startswith("--")
    }
    line: list[str] = []
    for keyword, value in options.items():
        if keyword not in known or keyword in _RESERVED:
            raise StirUsageError(_unknown(keyword, known.keys() - _RESERVED, command["name"]))
        if value is not None:
            name, option = known[keyword]
            line += _option(keyword, name, option, value)
    return line


def _option(keyword: str, name: str, option: Mapping[str, Any], value: object) -> list[str]:
    if "value" not in option:
        if not isinstance(value, bool):
            raise StirUsageError(f"{keyword} is True or False, not {value!r}.")
        if value:
            return [name]
        return [f"--no-{name.removeprefix('--')}"] if option["is-negatable"] else []
    if keyword == "range":
        return [f"{name}={range_of(value)}"]
    values = _texts(value)
    if len(values) == 1:
        return [f"{name}={values[0]}"]
    if "separator" in option:
        return [f"{name}={option['separator'].join(values)}"]
    if option["is-repeatable"]:
        return [f"{name}={each}" for each in values]
    raise StirUsageError(f"{keyword} takes one value ({option['value']}), not {len(values)}.")


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


def _unknown(keyword: str, known: Iterable[str], command: str) -> str:
    near = difflib.get_close_matches(keyword, list(known), n=3)
    nearest = f"; did you mean {' or '.join(near)}?" if near else "."
    return f"`{command}` has no option {keyword}{nearest}"
