"""Writes the names of all options, for completion and mypy, from `stir options`.

STIR_HOME=.../stir python scripts/signatures.py
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from stir_java import _image, _options

FILE = Path(__file__).resolve().parents[1] / "src" / "stir_java" / "_signature.pyi"
HEAD = '''"""The options of functions by keyword; written by `scripts/signatures.py`."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict
'''
OF_CALLS = {
    "score": ("name_a", "name_b", "out", "progress", "check"),
    "invert": ("out", "progress", "check"),
    "represent": ("progress", "check"),
    "check": (),
    "layers": (),
}
"""The options of functions that the commands of their names do not have."""


def typed(name: str, keywords: Iterable[str], flags: Iterable[str] = ()) -> str:
    """Returns a class of options."""
    text = f"\nclass {name}(TypedDict, total=False):\n"
    types = {**dict.fromkeys(flags, "bool"), **_options.COMMON}
    types["layers"] = "Mapping[str, Sequence[str]]"
    types["groups"] = "Mapping[str, str | Mapping[str, str]]"
    for keyword in keywords:
        kind = types.get(keyword, "Any")
        text += f"    {keyword}: {kind}{' | None' * (kind not in ('Any', 'bool'))}\n"
    return text.replace("    progress: bool\n", "    progress: bool | None\n")


def options(name: str) -> str:
    """Returns the class of a function's options."""
    known = _options.known(_image.find().commands[name])
    flags = [keyword for keyword, (_, option) in known.items() if "value" not in option]
    left_out = {"shape": ("check", "layers"), "layer": ("represent",)}
    keywords = [each for each in known if name not in left_out.get(each, ())]
    return typed(f"{name.capitalize()}Options", sorted([*keywords, *OF_CALLS[name]]), flags)


def text() -> str:
    return HEAD + "".join(map(options, OF_CALLS)) + typed("Settings", _options.SETTINGS)


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
