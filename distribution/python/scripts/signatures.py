"""Writes the names of all options, for completion and mypy, from `stir options`.

STIR_HOME=.../stir python scripts/signatures.py
"""

from __future__ import annotations

import re
from pathlib import Path

from stir_java import _image, _options

FILE = Path(__file__).resolve().parents[1] / "src" / "stir_java" / "_signature.py"
COMMON = {
    "layer_a": "str | Sequence[str]",
    "layer_b": "str | Sequence[str]",
    "limit": "int",
    "size": "int | str",
    "normalise": "Any",
    "range": "Any",
    "measure": "str | Sequence[str]",
    "reduce": "str",
    "optimizer": "str",
    "iterations": "int",
    "device": "str",
}
"""The options that signatures show, the everyday ones of `stir help score`, with their types."""

HEAD = '''"""The options of searches by keyword; written by `scripts/signatures.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict


class Common(TypedDict, total=False):
    """The options that signatures show."""

'''


def text() -> str:
    image = _image.find()
    known = {}
    for command in ("score", "invert", "represent"):
        known |= _options.known(image.commands[command])
    others = [
        f'"{keyword}": {"Any" if "value" in option else "bool"}, '
        for keyword, (_, option) in sorted(known.items())
        if keyword not in (*COMMON, "layer", "inputs")
    ]
    lines = [f"    {keyword}: {kind} | None\n" for keyword, kind in COMMON.items()]
    lines += ['\n\n# fmt: off\n_Others = TypedDict("_Others", {']
    width = 100
    for each in others:
        if width + len(each) > 98:
            lines.append("\n    ")
            width = 4
        lines.append(each)
        width += len(each)
    lines += ["\n}, total=False)\n# fmt: on\n\n\nclass Options(Common, _Others, total=False):\n"]
    lines += ['    """All options of `stir score`, `stir invert` and `stir represent`."""\n']
    return re.sub(" +\n", "\n", HEAD + "".join(lines))


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
