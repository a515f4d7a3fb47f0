"""The options of functions by keyword; written by `scripts/signatures.py`."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

class ScoreOptions(TypedDict, total=False):
    allow_inconsistent: bool
    array: Any
    backend: Any
    backend_a: Any
    backend_b: Any
    ball: Any
    batch_size: Any
    candidates: Any
    channel: Any
    check: bool
    controversial: Any
    controversial_factor: Any
    cpu_isa: Any
    crop: Any
    curve: Any
    debug: bool
    details: bool
    device: str | None
    dry_run: bool
    estimate_gradients: Any
    fake_relu: bool
    fixed: Any
    force: bool
    fourier: bool
    head_a: Any
    head_b: Any
    input: Any
    input_a: Any
    input_b: Any
    interpolation: Any
    iterations: int | None
    keep_representations: bool
    layer: str | Sequence[str] | None
    layer_a: str | Sequence[str] | None
    layer_b: str | Sequence[str] | None
    layer_weights: Any
    layer_weights_a: Any
    layer_weights_b: Any
    layout: Any
    layout_a: Any
    layout_b: Any
    limit: int | None
    mean: Any
    mean_a: Any
    mean_b: Any
    measure: str | Sequence[str] | None
    memory: Any
    momentum: Any
    name_a: str | None
    name_b: str | None
    norm: Any
    normalise: Any
    normalise_a: Any
    normalise_b: Any
    normalize: Any
    normalize_a: Any
    normalize_b: Any
    optimiser: Any
    optimizer: str | None
    out: Any
    pairs: Any
    plugins: Any
    preset: Any
    progress: bool | None
    protocol: Any
    random_steps: bool
    range: Any
    reduce: str | None
    reference: Any
    reference_layer: Any
    reference_weights: Any
    repeats: Any
    resize: Any
    rng_seed: Any
    search_input: Any
    search_input_a: Any
    search_input_b: Any
    second_input: Any
    second_layer: Any
    second_mean: Any
    second_search_input: Any
    second_std: Any
    seed: Any
    setting: Any
    setting_a: Any
    setting_b: Any
    size: int | str | None
    std: Any
    std_a: Any
    std_b: Any
    step: Any
    term: Any
    threads: Any
    timeout: Any
    tolerance: Any
    transform: Any

class InvertOptions(TypedDict, total=False):
    allow_inconsistent: bool
    array: Any
    backend: Any
    ball: Any
    batch_size: Any
    candidates: Any
    channel: Any
    check: bool
    controversial: Any
    controversial_factor: Any
    cpu_isa: Any
    crop: Any
    debug: bool
    device: str | None
    dry_run: bool
    estimate_gradients: Any
    fake_relu: bool
    fixed: Any
    force: bool
    fourier: bool
    input: Any
    interpolation: Any
    iterations: int | None
    layer: str | Sequence[str] | None
    layer_weights: Any
    layout: Any
    limit: int | None
    mean: Any
    momentum: Any
    norm: Any
    normalise: Any
    normalize: Any
    optimiser: Any
    optimizer: str | None
    out: Any
    pairs: Any
    plugins: Any
    preset: Any
    progress: bool | None
    random_steps: bool
    range: Any
    reference: Any
    reference_layer: Any
    reference_weights: Any
    resize: Any
    rng_seed: Any
    search_input: Any
    second_input: Any
    second_layer: Any
    second_mean: Any
    second_search_input: Any
    second_std: Any
    seed: Any
    setting: Any
    size: int | str | None
    spread: Any
    std: Any
    step: Any
    term: Any
    threads: Any
    timeout: Any
    tokens: Any
    tolerance: Any
    transform: Any
    vocabulary: Any

class RepresentOptions(TypedDict, total=False):
    allow_inconsistent: bool
    array: Any
    backend: Any
    batch_size: Any
    channel: Any
    check: bool
    cpu_isa: Any
    crop: Any
    debug: bool
    device: str | None
    fixed: Any
    force: bool
    input: Any
    interpolation: Any
    layer_weights: Any
    layout: Any
    limit: int | None
    mean: Any
    normalise: Any
    normalize: Any
    plugins: Any
    progress: bool | None
    range: Any
    reduce: str | None
    resize: Any
    search_input: Any
    setting: Any
    size: int | str | None
    std: Any
    threads: Any
    timeout: Any

class CheckOptions(TypedDict, total=False):
    against: Any
    all_layers: bool
    array: Any
    backend: Any
    batch_size: Any
    channel: Any
    cpu_isa: Any
    crop: Any
    debug: bool
    device: str | None
    fixed: Any
    input: Any
    interpolation: Any
    layer: str | Sequence[str] | None
    layer_weights: Any
    layout: Any
    limit: int | None
    mean: Any
    no_gradients: bool
    normalise: Any
    normalize: Any
    plugins: Any
    quick: bool
    range: Any
    resize: Any
    search_input: Any
    setting: Any
    size: int | str | None
    std: Any
    threads: Any
    timeout: Any
    values: Any

class LayersOptions(TypedDict, total=False):
    backend: Any
    debug: bool
    input: Any
    plugins: Any
    search_input: Any
    setting: Any
    timeout: Any

class Settings(TypedDict, total=False):
    layers: Mapping[str, Sequence[str]] | None
    groups: Mapping[str, str | Mapping[str, str]] | None
    limit: int | None
    size: int | str | None
    normalise: Any
    range: Any
    out: Any
    progress: bool | None
    check: bool
    search: Any
    measures: Any
    repeats: Any
    reduce: str | None
    pairs: Any
    memory: Any
    protocol: Any
    device: str | None
    threads: Any
    batch_size: Any
    title: Any
    authors: Any
    notes: Any
