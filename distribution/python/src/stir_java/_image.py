"""The installation of Stir that does the work."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ._errors import StirNotFoundError

VERSION = "0.1"
"""The versions of Stir that this package runs: these, and later ones that begin alike."""


@dataclass(frozen=True)
class Image:
    """An installation of Stir.

    Attributes:
        launcher: the program `stir`.
        commands: the table of its options by command (`stir options --format json`).
    """

    launcher: Path
    commands: dict[str, dict[str, Any]]


def find() -> Image:
    """Return the installation named by `STIR_HOME`, the wheel's, or that on the `PATH`.

    Raises:
        StirNotFoundError: there is none, or its version does not fit.
    """
    home = os.environ.get("STIR_HOME")
    homes = [Path(home)] if home else [Path(__file__).parent / "image", *_archive()]
    launchers = [each / "bin" / name for each in homes for name in ("stir", "stir.cmd")]
    launchers.append(Path("" if home else shutil.which("stir") or ""))
    for launcher in filter(Path.is_file, launchers):
        return _described(launcher)
    found = f"STIR_HOME is {home}, but there is no bin/stir" if home else "There is no Stir"
    raise StirNotFoundError(
        f"{found}: unpack its archive, and set STIR_HOME to the folder, or add its bin to the PATH."
    )


def _archive() -> list[Path]:
    """Return the unpacked archive from whose wheel the package was installed, if it was."""
    try:
        origin = metadata.distribution("stir-java").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return []
    url = urlsplit(json.loads(origin or "{}").get("url", ""))
    return [Path(url2pathname(url.path)).parents[1]] if url.path.endswith(".whl") else []


@functools.lru_cache(maxsize=8)
def _described(launcher: Path) -> Image:
    words = [str(launcher), "options", "--format", "json"]
    try:
        run = subprocess.run(words, capture_output=True, encoding="utf-8", check=True)
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
    return Image(launcher, {each["name"]: each for each in table["commands"]})
