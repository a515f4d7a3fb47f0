"""Shared invariances between neural networks, measured with Stir.

`score(a, b, images)` compares two networks: which inputs does one treat as the same that the other
tells apart? Stir, a program, computes everything; this package exports live modules, runs the
program, and returns what it writes.
"""

from ._api import check, invert, represent, score, similarity, study
from ._cache import clear as clear_cache
from ._errors import StirError, StirNotFoundError, StirUsageError, StirWarning
from ._models import Model, load
from ._results import Caution, Direction, Inversion, Score, Study, Summary, Value, Verdict

__version__ = "0.1.0"

__all__ = [
    "Caution",
    "Direction",
    "Inversion",
    "Model",
    "Score",
    "StirError",
    "StirNotFoundError",
    "StirUsageError",
    "StirWarning",
    "Study",
    "Summary",
    "Value",
    "Verdict",
    "check",
    "clear_cache",
    "invert",
    "load",
    "represent",
    "score",
    "similarity",
    "study",
]
