"""Runs the notebooks again, for releases; with `--write`, their outputs are replaced.

Needs torch, pandas, nbconvert and ipykernel, and `STIR_HOME`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"

for file in sorted(FOLDER.glob("*.ipynb")):
    notebook = nbformat.read(file, as_version=4)
    ExecutePreprocessor(timeout=900).preprocess(notebook, {"metadata": {"path": str(FOLDER)}})
    if "--write" in sys.argv:
        nbformat.write(notebook, file)
    print(f"{file.name} runs", flush=True)
