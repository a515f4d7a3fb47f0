"""The options of searches by keyword; written by `scripts/signatures.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict


class Common(TypedDict, total=False):
    """The options that signatures show."""

    layer_a: str | Sequence[str] | None
    layer_b: str | Sequence[str] | None
    limit: int | None
    size: int | str | None
    normalise: Any | None
    range: Any | None
    measure: str | Sequence[str] | None
    reduce: str | None
    optimizer: str | None
    iterations: int | None
    device: str | None


# fmt: off
_Others = TypedDict("_Others", {
    "allow_inconsistent": bool, "allow_mixed_machines": bool, "array": Any, "backend": Any,
    "backend_a": Any, "backend_b": Any, "ball": Any, "batch_size": Any, "candidates": Any,
    "channel": Any, "controversial": Any,
    "controversial_factor": Any, "cpu_isa": Any, "crop": Any, "curve": Any, "debug": bool,
    "details": bool, "dry_run": bool, "estimate_gradients": Any, "fake_relu": bool,
    "finish": bool, "fixed": Any, "force": bool, "fourier": bool, "input": Any, "input_a": Any,
    "input_b": Any, "interpolation": Any, "keep_representations": bool, "kubernetes": Any,
    "layer_weights": Any, "layer_weights_a": Any, "layer_weights_b": Any, "layout": Any,
    "layout_a": Any, "layout_b": Any, "mean": Any, "mean_a": Any, "mean_b": Any, "memory": Any,
    "momentum": Any, "norm": Any, "normalise_a": Any, "normalise_b": Any, "normalize": Any,
    "normalize_a": Any, "normalize_b": Any, "optimiser": Any, "pairs": Any, "plugins": Any,
    "preset": Any, "random_steps": bool, "reference": Any, "reference_layer": Any,
    "reference_weights": Any, "repeats": Any, "resize": Any, "rng_seed": Any,
    "search_input": Any, "search_input_a": Any, "search_input_b": Any, "second_input": Any,
    "second_layer": Any, "second_mean": Any, "second_search_input": Any, "second_std": Any,
    "seed": Any, "setting": Any, "setting_a": Any, "setting_b": Any, "shard": Any, "slurm": Any,
    "spread": Any, "stage": Any, "std": Any, "std_a": Any, "std_b": Any, "step": Any,
    "term": Any, "threads": Any, "timeout": Any, "tokens": Any, "tolerance": Any,
    "transform": Any, "until_converged": bool, "vocabulary": Any,
}, total=False)
# fmt: on


class Options(Common, _Others, total=False):
    """All options of `stir score`, `stir invert` and `stir represent`."""
