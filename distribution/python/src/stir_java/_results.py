"""Results: the documents that Stir writes, with the names of their JSON schemas."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html
import json
import re
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from . import _image, _process
from ._errors import StirUsageError
from ._image import Image

_T = TypeVar("_T")
_R = TypeVar("_R", bound="_Scored")

_PLACE = ["network", "layer", "search", "repeat"]
"""The columns that name a search."""


def bind(kind: type[_T], document: Mapping[str, Any], /, **others: Any) -> _T:
    """Return a dataclass whose fields are those of a document."""
    names = {each.name for each in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**{key: value for key, value in document.items() if key in names} | others)


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


@dataclass(frozen=True)
class Verdict:
    """The answer to the question whether the target ignores what the reference ignores.

    Attributes:
        word: NOTHING TO IGNORE, INCONCLUSIVE, NO MORE THAN CHANCE, NO MORE THAN INPUTS, PARTLY or
            NEARLY ALL.
        reason: the facts that led to it; empty if it needs none.
        advice: the changes that may settle it, in words.
        gap: the kind of reason why it is inconclusive.
    """

    word: str
    reason: str = ""
    advice: tuple[str, ...] = ()
    gap: str | None = None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Verdict:
        """Return the verdict of a document."""
        return bind(cls, document, advice=tuple(each["text"] for each in document["advice"]))

    def __str__(self) -> str:
        answer = f"{self.word}: {self.reason}" if self.reason else self.word
        return f"{answer}. To settle it: {', '.join(self.advice)}" if self.advice else answer


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

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> MeasureScore:
        """Return the values of a document."""
        found = {
            key: bind(Value, each)
            for key, each in document.items()
            if isinstance(each, dict) and "value" in each
        }
        return bind(cls, document, **found)


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
    distance_from_input: Summary | None
    moved: float
    passes: float
    converged: float
    tolerance: float
    accepted: float | None
    threshold: float | None
    document: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, document: dict[str, Any]) -> Direction:
        """Return a direction of a document."""
        search = document["search"]
        distance = search.get("distance_from_input")
        return bind(
            cls,
            {"accepted": None, "threshold": None} | search | document,
            measures={key: MeasureScore.of(each) for key, each in document["measures"].items()},
            verdict=Verdict.of(document["verdict"]),
            residual=bind(Summary, search["residual"]),
            distance_from_input=None if distance is None else bind(Summary, distance),
            document=document,
        )

    @property
    def stir(self) -> Value:
        """STIR by the measure that decides."""
        return self.measures[self.measure].stir

    def __str__(self) -> str:
        question = f"Does {self.target} ignore what {self.reference} ignores?"
        return f"{question}\n  {self.verdict} (STIR {self.stir})"


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


class _Stored:
    """Results in a folder."""

    image: Image
    folder: Path

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
        _process.run(self.image, ["report", str(self.folder), f"--out={page}"])
        if show:
            webbrowser.open(page.as_uri())
        return page

    def to_frame(self) -> Any:
        """Return `results.csv` as a pandas DataFrame: a row per score and measure."""
        import pandas

        return pandas.read_csv(self.folder / "results.csv")

    def _mapped(self, name: str) -> NDArray[np.float32]:
        found: NDArray[np.float32] = np.load(self.folder / name, mmap_mode="r")
        return found

    def _picture(self) -> str:
        file = self.folder / "picture.png"
        if not file.exists():
            return ""
        data = base64.b64encode(file.read_bytes()).decode()
        return f'<img alt="Inputs and their invariant inputs" src="data:image/png;base64,{data}">'


class _Scored(_Stored):
    """Results with scores."""

    _schema: ClassVar[str]
    directions: list[Direction]
    document: dict[str, Any]

    @classmethod
    def of(cls: type[_R], document: dict[str, Any], folder: Path, image: Image) -> _R:
        """Return the results of a document."""
        raise NotImplementedError

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
                f"{file} {reason} (its schema is {schema}, not {cls._schema}): open a score with"
                " stir.Score.open, and a study with stir.Study.open."
            )
        return cls.of(document, file.parent, _image.find())

    def per_input(self) -> Any:
        """Return what the searches left as a pandas DataFrame: a row per search and input.

        The columns are those of `rows.csv`, after the network, the layer, the search and its
        repeat. `after_N` is the residual after N passes.
        """
        import pandas

        frames = []
        for folder, place, _ in self._searches():
            rows = pandas.read_csv(folder / "rows.csv")
            places = pandas.DataFrame(place, index=rows.index)
            frames.append(places.join(rows))
        return pandas.concat(frames, ignore_index=True)

    def history(self) -> Any:
        """Return the residuals in the course of the searches as a pandas DataFrame.

        There is a row per search and number of `passes`, with the `mean`, `median` and `max` over
        the inputs.
        """
        import pandas

        frames = (
            pandas.DataFrame(place | document.get("course", {"passes": []}))
            for _, place, document in self._searches()
        )
        return pandas.concat(frames, ignore_index=True)

    def plot_history(self) -> Any:
        """Draw the mean residuals in the course of the searches, and return the axes."""
        from matplotlib import pyplot

        _, axes = pyplot.subplots()
        for names, each in self.history().groupby(_PLACE, sort=False):
            axes.loglog(each["passes"], each["mean"], label=" ".join(map(str, names)))
        axes.set_xlabel("passes")
        axes.set_ylabel("residual, mean over inputs")
        axes.legend()
        return axes

    def _searches(self) -> list[tuple[Path, dict[str, Any], dict[str, Any]]]:
        """Return the folder, the place and the document of each search of the references."""
        found = []
        for each in self.document["directions"]:
            search = each["search"]
            names = (each["reference"], each["reference_layer"], search["name"], search["repeat"])
            network, layer, name = map(_file_name, names[:3])
            folder = self.folder / "searches" / network / layer / name / f"repeat-{names[3]}"
            place = dict(zip(_PLACE, names, strict=True))
            if (folder, place) not in found:
                found.append((folder, place))
        if not found:
            raise StirUsageError(f"{self.folder} has no searches: score the networks with one.")
        return [
            (folder, place, json.loads((folder / "search.json").read_text(encoding="utf-8")))
            for folder, place in found
        ]

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(question)}</td><td>{html.escape(answer)}</td></tr>"
            for question, _, answer in (str(each).partition("\n") for each in self.directions)
        )
        return f"<table>{rows}</table>{self._cautions()}{self._picture()}"

    def _cautions(self) -> str:
        return ""


@dataclass(frozen=True, repr=False)
class Score(_Scored):
    """A comparison of two networks in both directions (`stir-score`).

    Attributes:
        networks: both networks: `name`, `file`, `layers`, `library` and more.
        directions: the scores; of several lengths or repeats, all of them.
        a_given_b: STIR(a | b): does the first network ignore what the second ignores?
        b_given_a: STIR(b | a).
        differences: of both directions.
        cautions: the reasons for which values should not be trusted.
        folder: the folder of all files.
    """

    _schema: ClassVar[str] = "stir-score/3"
    networks: list[dict[str, Any]]
    directions: list[Direction]
    a_given_b: Direction
    b_given_a: Direction
    differences: list[dict[str, Any]]
    cautions: list[Caution]
    settings: dict[str, Any]
    versions: dict[str, Any]
    folder: Path
    image: Image
    document: dict[str, Any]

    @classmethod
    def of(cls, document: dict[str, Any], folder: Path, image: Image) -> Score:
        """Return the score of a document."""
        directions = [Direction.of(each) for each in document["directions"]]
        first = document["networks"][0]["name"]
        return bind(
            cls,
            document,
            directions=directions,
            a_given_b=next(each for each in directions if each.target == first),
            b_given_a=next(each for each in directions if each.reference == first),
            cautions=[bind(Caution, each) for each in document["cautions"]],
            folder=folder,
            image=image,
            document=document,
        )

    @property
    def invariant_a(self) -> NDArray[np.float32]:
        """The inputs X' that the first network represents as X, mapped from their file."""
        return self._mapped(f"invariant-{self.networks[0]['name']}.npy")

    @property
    def invariant_b(self) -> NDArray[np.float32]:
        """The inputs X' that the second network represents as X, mapped from their file."""
        return self._mapped(f"invariant-{self.networks[1]['name']}.npy")

    def __repr__(self) -> str:
        return f"{self.a_given_b}\n{self.b_given_a}"

    def _cautions(self) -> str:
        cautions = "".join(f"<li>{html.escape(each.text)}</li>" for each in self.cautions)
        return f"<ul>{cautions}</ul>" if cautions else ""


@dataclass(frozen=True, repr=False)
class Inversion(_Stored):
    """Invariant inputs of one network (`stir-inversion`).

    Attributes:
        name: the network's name, that of its file.
        residuals: the relative distance of each input that remains after the search.
        folder: the folder of all files.
    """

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
    folder: Path
    image: Image
    document: dict[str, Any]

    @classmethod
    def of(cls, document: dict[str, Any], folder: Path, image: Image) -> Inversion:
        """Return the search of a document."""
        search = document["search"]
        residual = bind(Summary, search["residual"])
        fields = search | document
        return bind(cls, fields, residual=residual, folder=folder, image=image, document=document)

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
        inconclusive: the inconclusive scores by their reasons.
        differences: of scores on the same inputs.
        folder: the folder of all files.
    """

    _schema: ClassVar[str] = "stir-matrix/2"
    networks: list[dict[str, Any]]
    directions: list[Direction]
    inconclusive: list[dict[str, Any]]
    differences: list[dict[str, Any]]
    folder: Path
    image: Image
    document: dict[str, Any]

    @classmethod
    def of(cls, document: dict[str, Any], folder: Path, image: Image) -> Study:
        """Return the study of a document."""
        directions = [Direction.of(each) for each in document["directions"]]
        return bind(
            cls, document, directions=directions, folder=folder, image=image, document=document
        )

    def matrix(self, measure: str | None = None) -> Any:
        """Return STIR of targets (rows) by references (columns) as a pandas DataFrame.

        Args:
            measure: its id; by default the measure of the verdicts.
        """
        import pandas

        rows = [
            {
                "target": f"{each.target}:{each.target_layer}",
                "reference": f"{each.reference}:{each.reference_layer}",
                "stir": each.measures[measure or each.measure].stir.value,
            }
            for each in self.directions
        ]
        frame = pandas.DataFrame(rows)
        return frame.pivot_table(index="target", columns="reference", values="stir", sort=False)

    def __repr__(self) -> str:
        words: dict[str, int] = {}
        for each in self.directions:
            words[each.verdict.word] = words.get(each.verdict.word, 0) + 1
        counts = ", ".join(f"{count} {word}" for word, count in words.items())
        reasons = "; ".join(
            f"{each['count']} {each['problem']} (to settle it:"
            f" {', '.join(advice['text'] for advice in each['advice'])})"
            for each in self.inconclusive
        )
        return f"{len(self.directions)} scores: {counts}" + (f"\n{reasons}" if reasons else "")
