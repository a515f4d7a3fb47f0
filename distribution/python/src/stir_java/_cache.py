"""Files that are kept under the digest of their content."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ._errors import StirUsageError

_TEMPORARY = ("models", "checks", "inputs", "representations")
"""The folders of what can be made again; that of results is not among them."""


def folder() -> Path:
    """Return the cache's folder: `STIR_PYTHON_CACHE`, or `stir-python` of the user's caches."""
    named = os.environ.get("STIR_PYTHON_CACHE")
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(named or caches / "stir-python")


def clear_cache() -> None:
    """Delete all exports, arrays and representations that were kept, but no results."""
    for kind in _TEMPORARY:
        shutil.rmtree(folder() / kind, ignore_errors=True)


def trim() -> None:
    """Delete what was used least recently, down to `STIR_PYTHON_CACHE_LIMIT` (10) GB.

    What was used in the last hour stays, as it may be in use.
    """
    text = os.environ.get("STIR_PYTHON_CACHE_LIMIT", "10")
    try:
        left = float(text) * 1e9
    except ValueError:
        raise StirUsageError(
            f"STIR_PYTHON_CACHE_LIMIT is a number of gigabytes, such as 10, not {text!r}."
        ) from None
    entries = [each for kind in _TEMPORARY for each in (folder() / kind).glob("*")]
    for entry in sorted(entries, key=lambda each: each.stat().st_mtime, reverse=True):
        files = [*entry.rglob("*")] if entry.is_dir() else [entry]
        left -= sum(file.stat().st_size for file in files)
        if left < 0 and entry.stat().st_mtime < time.time() - 3600:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def digest(*values: object) -> str:
    """Return the digest of values: arrays, bytes, or what can be written as JSON."""
    found = hashlib.sha256()
    for value in values:
        if isinstance(value, np.ndarray):
            found.update(f"{value.dtype} {value.shape}".encode())
            found.update(np.ascontiguousarray(value).data)
        else:
            text = value if isinstance(value, bytes) else _json(value)
            found.update(b"%d " % len(text) + text)
    return found.hexdigest()[:20]


def _json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, default=str).encode()


def kept(file: Path, write: Callable[[Path], None]) -> Path:
    """Return a file or folder of the cache; write it first if it is missing."""
    if file.exists():
        os.utime(file)
        return file
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as beside:
        written = Path(beside) / file.name
        write(written)
        try:
            os.replace(written, file)
        except OSError:  # another process was faster with a folder
            if not file.exists():
                raise
    return file
