"""Invariant inputs in the course of a search, for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import _api
from ._results import Inversion


class Progression(dict[int, Inversion]):
    """Ever longer searches by their numbers of iterations, which a notebook shows as pictures."""

    def _repr_html_(self) -> str:
        return "".join(f"<h4>{n} iterations</h4>{each._repr_html_()}" for n, each in self.items())


def progression(
    model: Any, images: Any, iterations: int | Sequence[int] = (1, 10, 100), **options: Any
) -> Progression:
    """Search invariant inputs several times, each time longer, and return all searches.

    Args:
        model: as for `invert`.
        images: as for `invert`.
        iterations: the most steps of each search.
        **options: options of `invert`, such as `optimizer="fast"`.
    """
    counts = [iterations] if isinstance(iterations, int) else iterations
    return Progression({n: _api.invert(model, images, iterations=n, **options) for n in counts})
