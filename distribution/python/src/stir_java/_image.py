"""The installation of Stir that does the work."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ._errors import StirNotFoundError

VERSION = "0.1"
"""The versions of Stir that this package runs: these, and later ones that begin alike."""


@dataclass(frozen=True)
class Image:
    """An installation of Stir.

    Attributes:
        launcher: the program `stir`.
        version: its version.
        commands: the table of its options by command (`stir options --format json`).
    """

    launcher: Path
    version: str
    commands: dict[str, dict[str, Any]]


def find() -> Image:
    """Return the installation named by `STIR_HOME`, that on the `PATH`, or the bundled one.

    Raises:
        StirNotFoundError: there is none, or its version does not fit.
    """
    home = os.environ.get("STIR_HOME")
    if home:
        launcher = Path(home) / "bin" / "stir"
        if not launcher.is_file():
            raise StirNotFoundError(
                f"STIR_HOME is {home}, but there is no bin/stir: name the folder that Stir was"
                " unpacked into."
            )
        return _described(launcher)
    on_path = shutil.which("stir")
    if on_path:
        return _described(Path(on_path))
    bundled = Path(__file__).parent / "image" / "bin" / "stir"
    if bundled.is_file():
        return _described(bundled)
    raise StirNotFoundError(
        "There is no Stir: unpack its archive, and set STIR_HOME to the folder or add its bin to"
        " the PATH."
    )


@functools.lru_cache(maxsize=8)
def _described(launcher: Path) -> Image:
    try:
        run = subprocess.run(
            [launcher, "options", "--format", "json"],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        table = json.loads(run.stdout)
    except (OSError, subprocess.CalledProcessError, ValueError) as failure:
        said = getattr(failure, "stderr", None) or str(failure)
        raise StirNotFoundError(
            f"{launcher} does not list its options, as Stir {VERSION} does: {said.strip()}"
        ) from failure
    version = str(table["version"])
    if not (version == VERSION or version.startswith((VERSION + ".", VERSION + "-"))):
        raise StirNotFoundError(
            f"{launcher} is Stir {version}, and this package needs {VERSION}: install the package"
            f" of version {version}, or Stir {VERSION}."
        )
    return Image(launcher, version, {each["name"]: each for each in table["commands"]})
