"""Results: the documents that Stir writes, with the names of their JSON schemas."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import hashlib
import html
import json
import re
import webbrowser
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from . import _image, _process
from ._errors import StirUsageError
from ._image import Image
from ._options import unknown

_T = TypeVar("_T")
_R = TypeVar("_R", bound="_Results")

# fmt: off
_ARGUMENTS = {
    "more_inputs": "limit", "fewest_inputs": "limit", "longer_search": "iterations",
    "other_seed": "seed", "smaller_tolerance": "tolerance", "later_layer": "layer",
    "more_memory": "memory", "other_measure": "measure",
}
# fmt: on
"""The arguments by which advice is followed."""

_PLACE = ["network", "layer", "search", "repeat"]
"""The columns that name a search."""


_hints: Callable[[Any], dict[str, Any]] = cache(get_type_hints)


def bind(kind: type[_T], document: Mapping[str, Any], /, **others: Any) -> _T:
    """Return a dataclass whose fields are those of a document, or of its section `search`."""
    found = {"document": document, **document.get("search", {}), **document}
    names = {each.name for each in dataclasses.fields(kind)}  # type: ignore[arg-type]
    bound = {key: _bound(_hints(kind)[key], found[key]) for key in names & found.keys()}
    return kind(**bound | others)


def _bound(hint: Any, value: Any) -> Any:
    """Return a part of a document as a type hint has it."""
    parts = get_args(hint)
    if get_origin(hint) is list:
        return [_bound(parts[0], each) for each in value]
    if get_origin(hint) is dict:
        return {key: _bound(parts[1], each) for key, each in value.items()}
    kinds: list[Any] = [each for each in (hint, *parts) if dataclasses.is_dataclass(each)]
    return bind(kinds[0], value) if kinds and value is not None else value


@dataclass(frozen=True)
class Value:
    """A value with its 95 % intervals; `undefined` is the reason why there is no value."""

    value: float | None
    low: float | None = None
    high: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None
    undefined: str | None = None

    def __str__(self) -> str:
        ends = f" [{self.low:.2f}, {self.high:.2f}]" if self.low is not None else ""
        return "-" if self.value is None else f"{self.value:.2f}{ends}"


@dataclass(frozen=True)
class Summary:
    """The mean, median and maximum over the inputs."""

    mean: float
    median: float
    max: float


def _advice(advice: Any) -> str:
    """Return advice in words, with the argument by which it is followed."""
    if isinstance(advice, str):
        return advice
    argument = _ARGUMENTS.get(advice["kind"])
    return f"{advice['text']} ({argument}=)" if argument else str(advice["text"])


@dataclass(frozen=True)
class Verdict:
    """The answer to how much of the target survives what the reference ignores.

    Attributes:
        word: NOTHING TO IGNORE, INCONCLUSIVE, LITTLE, BELOW THE INPUTS, PARTLY or
            NEARLY ALL.
        reason: the facts that led to it; empty if it needs none.
        advice: the changes that may settle it, in words.
        gap: the kind of reason why it is inconclusive.
    """

    word: str
    reason: str = ""
    advice: tuple[str, ...] = ()
    gap: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "advice", tuple(map(_advice, self.advice)))

    @property
    def explanation(self) -> str:
        """The reason, and what may settle it."""
        settled = f"To settle it: {', '.join(self.advice)}" if self.advice else ""
        return ". ".join(filter(None, (self.reason, settled)))

    def __str__(self) -> str:
        return f"{self.word}: {self.explanation}" if self.explanation else self.word


@dataclass(frozen=True)
class MeasureScore:
    """STIR by one measure, with every value that it is read next to; see the glossary."""

    stir: Value
    p: float | None = None
    similarity: Value | None = None
    ceiling: Value | None = None
    seed_floor: Value | None = None
    permutation_floor: Value | None = None
    input_similarity: Value | None = None
    corrected: Value | None = None
    converged_only: Value | None = None


@dataclass(frozen=True)
class SharedMetamers:
    """The accepted X' that the target, too, represents as X, by the reference's rule.

    Unlike STIR it needs no alignment: an offset or a rotation of all X' lowers it.

    Attributes:
        share: the share, from 0 to 1.
        low: the lower end of its 95 % interval (Wilson).
        high: the upper end.
        shared: the number of accepted X' that the target represents as X.
        accepted: the number that the reference accepts.
        floor: the share for X' of other inputs.
    """

    share: float
    low: float
    high: float
    shared: int
    accepted: int
    floor: float

    def __str__(self) -> str:
        ends = f"[{100 * self.low:.0f}, {100 * self.high:.0f}]"
        return f"{100 * self.share:.0f} % {ends}"


@dataclass(frozen=True)
class Direction:
    """STIR of one direction, on inputs that the reference represents alike.

    Attributes:
        target: the name of the network that is scored, with its layer in `target_layer`.
        reference: the name of the network whose invariant inputs were searched.
        measure: the id of the measure that decides.
        measures: the values by measure.
        verdict: the answer, by the measure that decides.
        residual: the relative distances that remain after the search.
        distance_from_input: the relative distances of X' from X.
        converged: the share of inputs whose search converged.
        accepted: the share of inputs that are accepted.
        shared_metamers: the share of accepted X' that the target, too, represents as X; None in
            results of versions without it, and if it is unknown.
        document: all of it, as in the schema.
    """

    target: str
    target_layer: str
    reference: str
    reference_layer: str
    measure: str
    measures: dict[str, MeasureScore]
    verdict: Verdict
    residual: Summary
    moved: float
    passes: float
    converged: float
    tolerance: float
    document: dict[str, Any] = field(repr=False)
    distance_from_input: Summary | None = None
    accepted: float | None = None
    shared_metamers: SharedMetamers | None = None
    threshold: float | None = None

    @property
    def stir(self) -> Value:
        """STIR by the measure that decides."""
        return self.measures[self.measure].stir

    def __str__(self) -> str:
        found, word = self.measures[self.measure], self.verdict.word
        values: dict[str, object] = {
            "shared metamers": self.shared_metamers,
            "seed floor": found.seed_floor,
            "permutation floor": found.permutation_floor,
            "S(X,X')": found.input_similarity,
            "ceiling": found.ceiling,
            "p": None if found.p is None else _probability(found.p).removeprefix("p "),
            "residual": f"{self.residual.mean:.3g}",
            "accepted": None if self.accepted is None else f"{100 * self.accepted:.0f} %",
        }
        shown = ", ".join(f"{key} {each}" for key, each in values.items() if each is not None)
        question = f"How much of {self.target} survives what {self.reference} ignores?"
        answer = f"{word}  STIR {self.stir}"
        return "\n  ".join(filter(None, (question, answer, self.verdict.explanation, shown)))


def _probability(p: float) -> str:
    return "p < 0.001" if p < 0.0005 else f"p {p:.3f}"


_UNANSWERED = {"INCONCLUSIVE", "NOTHING TO IGNORE"}


@dataclass(frozen=True)
class Caution:
    """A reason why a value should not be trusted."""

    kind: str
    text: str
    measure: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


_DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?|.*\.")
"""The names that Windows does not have."""


def _file_name(name: str) -> str:
    """Return the name of the folder of a network, layer or search, as Stir names it."""
    plain = re.sub(r"[^A-Za-z0-9._@#-]", "_", name)
    if plain == name and not name.startswith(".") and not _DEVICE.fullmatch(name):
        return name
    return f"_{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class _Results:
    """Results in a folder, with their document."""

    _schema: ClassVar[str]
    folder: Path
    image: Image
    document: dict[str, Any]

    @classmethod
    def of(cls: type[_R], document: dict[str, Any], folder: Path, image: Image) -> _R:
        """Return the results of a document."""
        return bind(cls, document, folder=folder, image=image)

    @classmethod
    def open(cls: type[_R], folder: str | Path) -> _R:
        """Open the results in a folder, by whichever command or cluster they were made.

        Raises:
            StirUsageError: the folder holds no such results.
        """
        file = Path(folder).absolute() / "result.json"
        if not file.is_file():
            raise StirUsageError(f"{file} does not exist: give a folder with results.")
        try:
            document = json.loads(file.read_text(encoding="utf-8"))
            schema = str(document["schema"])
        except (ValueError, TypeError, KeyError):
            raise StirUsageError(f"{file} is damaged: make the results again.") from None
        if schema != cls._schema:
            same = schema.partition("/")[0] == cls._schema.partition("/")[0]
            reason = "was written by another version of Stir" if same else "holds something else"
            raise StirUsageError(
                f"{file} {reason} (its schema is {schema}, not {cls._schema}): open it with"
                " stir.Score.open, stir.Study.open or stir.Inversion.open."
            )
        return cls.of(document, file.parent, _image.find())

    @property
    def inputs(self) -> NDArray[np.float32]:
        """The inputs X, mapped from their file: N x C x H x W."""
        return self._mapped("inputs.npy")

    def report(self, show: bool = True) -> Path:
        """Write the report, one HTML file, and return it.

        Args:
            show: whether a browser opens it.
        """
        page = self.folder / "report.html"
        _process.run(self.image, ["report", str(self.folder), f"--out={page}"], None)
        if show:
            webbrowser.open(page.as_uri())
        return page

    def _mapped(self, name: str) -> NDArray[np.float32]:
        found: NDArray[np.float32] = np.load(self.folder / name, mmap_mode="r")
        return found

    def _picture(self) -> str:
        file = self.folder / "picture.png"
        if not file.exists():
            return ""
        data = base64.b64encode(file.read_bytes()).decode()
        return f'<img alt="Inputs and their invariant inputs" src="data:image/png;base64,{data}">'

    def per_input(self) -> Any:
        """Return what the searches left as a pandas DataFrame: a row per search and input.

        The columns are those of `rows.csv`, after the network, the layer, the search and its
        repeat. `after_N` is the residual after N passes.
        """
        import pandas

        frames = {
            tuple(place.values()): pandas.read_csv(folder / "rows.csv")
            for folder, place in self._searches()
        }
        return pandas.concat(frames, names=_PLACE).reset_index(_PLACE).reset_index(drop=True)

    def history(self) -> Any:
        """Return the residuals in the course of the searches as a pandas DataFrame.

        There is a row per search and number of `passes`, with the `mean`, `median` and `max` over
        the inputs.
        """
        import pandas

        frames = []
        for folder, place in self._searches():
            document = json.loads((folder / "search.json").read_text(encoding="utf-8"))
            frames.append(pandas.DataFrame(place | document.get("course", {"passes": []})))
        return pandas.concat(frames, ignore_index=True)

    def plot_history(self) -> Any:
        """Draw the mean residuals in the course of the searches, and return the axes."""
        from matplotlib import pyplot

        _, axes = pyplot.subplots()
        for names, each in self.history().groupby(_PLACE, sort=False):
            axes.loglog(each["passes"], each["mean"], label=" ".join(map(str, names)))
        axes.set(xlabel="passes", ylabel="residual, mean over inputs")
        axes.legend()
        return axes

    def _searches(self) -> list[tuple[Path, dict[str, Any]]]:
        """Return the folder and the place of each search of the references."""
        found: dict[Path, dict[str, Any]] = {}
        for each in self.document.get("directions", [self.document]):
            search = each["search"]
            network = each.get("reference", each.get("name"))
            names = (network, each.get("reference_layer", each.get("layer")), search["name"])
            place = dict(zip(_PLACE, (*names, search["repeat"]), strict=True))
            folder = self.folder.joinpath("searches", *map(_file_name, names))
            found[folder / f"repeat-{search['repeat']}"] = place
        if not found:
            raise StirUsageError(f"{self.folder} has no searches: score the networks with one.")
        return list(found.items())


class _Scored(_Results):
    """Results with scores."""

    directions: list[Direction]

    def to_frame(self) -> Any:
        """Return `results.csv` as a pandas DataFrame: a row per score and measure."""
        import pandas

        return pandas.read_csv(self.folder / "results.csv")

    def _repr_html_(self) -> str:
        cautions = (html.escape(each["text"]) for each in self.document.get("cautions", []))
        return f"<pre>{html.escape(repr(self))}</pre>{'<br>'.join(cautions)}{self._picture()}"


@dataclass(frozen=True, repr=False)
class Score(_Scored):
    """A comparison of two networks in both directions (`stir-score`).

    Attributes:
        networks: both networks: `name`, `file`, `layers`, `library` and more.
        directions: the scores; of several lengths or repeats, all of them.
        differences: of both directions.
        cautions: the reasons for which values should not be trusted.
        folder: the folder of all files.
    """

    _schema: ClassVar[str] = "stir-score/3"
    networks: list[dict[str, Any]]
    directions: list[Direction]
    differences: list[dict[str, Any]]
    cautions: list[Caution]
    settings: dict[str, Any]
    versions: dict[str, Any]

    @property
    def a_given_b(self) -> Direction:
        """STIR(a | b): how much of the first network survives what the second ignores?"""
        first = self.networks[0]["name"]
        return next(each for each in self.directions if each.target == first)

    @property
    def b_given_a(self) -> Direction:
        """STIR(b | a)."""
        first = self.networks[0]["name"]
        return next(each for each in self.directions if each.reference == first)

    @property
    def invariant_a(self) -> NDArray[np.float32]:
        """The inputs X' that the first network represents as X, mapped from their file."""
        return self._mapped(f"invariant-{self.networks[0]['name']}.npy")

    @property
    def invariant_b(self) -> NDArray[np.float32]:
        """The inputs X' that the second network represents as X, mapped from their file."""
        return self._mapped(f"invariant-{self.networks[1]['name']}.npy")

    def __repr__(self) -> str:
        one, other = self.a_given_b, self.b_given_a
        places = f"{one.target} at {one.target_layer}, {other.target} at {other.target_layer}"
        last = f"Similarity on X {one.measures[one.measure].similarity} ({one.measure})"
        if not _UNANSWERED & {one.verdict.word, other.verdict.word}:
            for each in self.differences:
                if (each["measure"], each["target"]) == (one.measure, one.target):
                    value = Value(each["difference"], each["low"], each["high"])
                    last = f"Difference {value}, {_probability(each['p'])}. {last}"
                    break
        return f"{places}\n\n{one}\n{other}\n{last}"


@dataclass(frozen=True, repr=False)
class Inversion(_Results):
    """Invariant inputs of one network (`stir-inversion`).

    Attributes:
        name: the network's name, that of its file.
        residuals: the relative distance of each input that remains after the search.
        folder: the folder of all files.
    """

    _schema: ClassVar[str] = "stir-inversion/2"
    name: str
    file: str
    layer: str
    residual: Summary
    residuals: list[float | None]
    converged: float
    tolerance: float
    passes: float
    moved: float
    settings: dict[str, Any]

    @property
    def invariant(self) -> NDArray[np.float32]:
        """The invariant inputs X', mapped from their file."""
        return self._mapped("invariant.npy")

    def __repr__(self) -> str:
        return (
            f"{self.name} at {self.layer}: {len(self.residuals)} invariant inputs,"
            f" residual {self.residual.mean:.3g}, {self.converged:.0%} converged"
            f" (residual up to {self.tolerance:g}), moved {self.moved:.3g}"
        )

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>{self._picture()}"


@dataclass(frozen=True, repr=False)
class Study(_Scored):
    """A study of many networks and layers (`stir-matrix`).

    Attributes:
        directions: one per reference, target, search and repeat.
        inconclusive: the inconclusive scores of different layers by their reasons.
        differences: of scores on the same inputs.
        best: the most similar scores, with p-values that cover the choice.
        groups: mean scores of groups, with intervals over networks and inputs.
        group_differences: of groups, with answers.
        folder: the folder of all files.
    """

    _schema: ClassVar[str] = "stir-matrix/2"
    networks: list[dict[str, Any]]
    directions: list[Direction]
    inconclusive: list[dict[str, Any]]
    differences: list[dict[str, Any]]
    best: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)
    group_differences: list[dict[str, Any]] = field(default_factory=list)

    def matrix(self, measure: str | None = None) -> Any:
        """Return STIR of targets (rows) by references (columns) as a pandas DataFrame.

        Args:
            measure: its id; by default the measure of the verdicts.
        """
        import pandas

        for each in self.directions:
            if measure is not None and measure not in each.measures:
                raise StirUsageError(unknown("The study has no measure", measure, each.measures))
        rows = {
            "target": [f"{each.target}:{each.target_layer}" for each in self.directions],
            "reference": [f"{each.reference}:{each.reference_layer}" for each in self.directions],
            "stir": [each.measures[measure or each.measure].stir.value for each in self.directions],
        }
        return pandas.DataFrame(rows).pivot_table("stir", "target", "reference", sort=False)

    def __repr__(self) -> str:
        words = Counter(each.verdict.word for each in self.directions)
        counts = ", ".join(f"{count} {word}" for word, count in words.items())
        reasons = (
            f"\n  {each['count']} INCONCLUSIVE: {each['problem']}. To settle it:"
            f" {', '.join(advice['text'] for advice in each['advice'])}"
            for each in self.inconclusive
        )
        return f"{len(self.directions)} scores: {counts}{''.join(reasons)}"

    def _picture(self) -> str:
        with contextlib.suppress(ImportError):  # of pandas
            return str(self.matrix().to_html(float_format="%.2f"))
        return ""
