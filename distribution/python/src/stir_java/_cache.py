"""Files that are kept under the digest of their content."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np


def folder() -> Path:
    """Return the cache's folder: `STIR_PYTHON_CACHE`, or `stir-python` of the user's caches."""
    named = os.environ.get("STIR_PYTHON_CACHE")
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(caches) / "stir-python"


def clear() -> None:
    """Delete all exports, arrays and results that were kept."""
    shutil.rmtree(folder(), ignore_errors=True)


def digest(*values: object) -> str:
    """Return the digest of values: arrays, bytes, or what can be written as JSON."""
    found = hashlib.sha256()
    for value in values:
        if isinstance(value, np.ndarray):
            found.update(f"{value.dtype} {value.shape}".encode())
            found.update(np.ascontiguousarray(value).data)
        elif isinstance(value, bytes):
            found.update(b"%d " % len(value))
            found.update(value)
        else:
            found.update(json.dumps(value, sort_keys=True, default=str).encode())
    return found.hexdigest()[:20]


def kept(file: Path, write: Callable[[Path], None]) -> Path:
    """Return a file of the cache; write it first if it is missing."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.parent) as beside:
            written = Path(beside) / file.name
            write(written)
            os.replace(written, file)
    return file
