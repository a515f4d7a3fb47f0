"""Results: the documents that Stir writes, with the names of their JSON schemas."""

from __future__ import annotations

import base64
import dataclasses
import html
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from . import _process
from ._image import Image

_T = TypeVar("_T")


def bind(kind: type[_T], found_in: Mapping[str, Any], **others: Any) -> _T:
    """Return a dataclass whose fields are those of a document; hyphens become underscores."""
    names = {each.name for each in dataclasses.fields(kind)}  # type: ignore[arg-type]
    found = {key.replace("-", "_"): value for key, value in found_in.items()}
    return kind(**{key: value for key, value in found.items() if key in names} | others)


@dataclass(frozen=True)
class Value:
    """A value of a measure, with its 95 % interval; `None` where it is not defined."""

    value: float | None
    ci: list[float] | None = None
    prediction: list[float] | None = None
    baseline_corrected: float | None = None
    baseline_corrected_ci: list[float] | None = None


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
        word: `nothing-to-ignore`, `few-accepted`, `undefined`, `low-ceiling`, `wide-interval`,
            `chance`, `near-inputs`, `partly` or `nearly-all`.
        measure: the measure that decides.
        rule: the rule that applied, a sentence.
    """

    word: str
    measure: str
    rule: str


@dataclass(frozen=True)
class Direction:
    """STIR of one direction, on inputs that the reference represents alike.

    Attributes:
        target: the network that is scored: `a` or `b`.
        reference: the network whose invariant inputs were searched.
        values: STIR by measure.
        verdict: the answer.
        residual: the relative distances that remain after the search.
        distance_from_input: the relative distances of X' from X.
        converged: the share of inputs found within `converged_within`.
        accepted: the share of inputs that are accepted.
        baseline: the ceiling `self` and the floors `seed-only`, `shuffled` and `inputs-only`, by
            measure.
        document: all of it, as in the schema.
    """

    target: str
    reference: str
    values: dict[str, Value]
    verdict: Verdict | None
    residual: Summary
    distance_from_input: Summary | None
    moved: float
    passes: float
    converged: float
    converged_within: float
    accepted: float | None
    baseline: dict[str, Any]
    document: dict[str, Any] = field(repr=False)

    @classmethod
    def of(cls, name: str, document: dict[str, Any]) -> Direction:
        """Return the direction `a|b` or `b|a` of a score's document."""
        target, _, reference = name.partition("|")
        found = document["stir"][name]
        return cls(
            target=target,
            reference=reference,
            values=_values(found),
            verdict=_bound(Verdict, found.get("verdict")),
            residual=bind(Summary, found["residual"]),
            distance_from_input=_bound(Summary, found.get("distance-from-input")),
            moved=found["moved"],
            passes=found["passes"],
            converged=found["converged"],
            converged_within=found["converged-within"],
            accepted=(found.get("acceptance") or {}).get("share"),
            baseline=document["baseline"][name],
            document=found,
        )


def _values(found: Mapping[str, Any]) -> dict[str, Value]:
    return {
        key: bind(Value, each)
        for key, each in found.items()
        if isinstance(each, dict) and "value" in each
    }


def _bound(kind: type[_T], document: Mapping[str, Any] | None) -> _T | None:
    return None if document is None else bind(kind, document)


@dataclass(frozen=True)
class Caution:
    """A reason why a value should not be trusted."""

    kind: str
    text: str
    measure: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


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

    def _mapped(self, name: str) -> NDArray[np.float32]:
        found: NDArray[np.float32] = np.load(self.folder / name, mmap_mode="r")
        return found

    def _picture(self) -> str:
        file = self.folder / "picture.png"
        if not file.exists():
            return ""
        data = base64.b64encode(file.read_bytes()).decode()
        return f'<img alt="Inputs and their invariant inputs" src="data:image/png;base64,{data}">'


@dataclass(frozen=True, repr=False)
class Score(_Stored):
    """A comparison of two networks in both directions (`stir-score`).

    Attributes:
        a: the first network: its `model`, `layer`, `representation` and more.
        b: the second network.
        similarity: of both networks' representations of X, by measure.
        a_given_b: STIR(a | b): does a ignore what b ignores?
        b_given_a: STIR(b | a).
        differences: of both directions.
        cautions: the reasons for which values should not be trusted.
        folder: the folder of all files.
    """

    a: dict[str, Any]
    b: dict[str, Any]
    similarity: dict[str, float | None]
    a_given_b: Direction
    b_given_a: Direction
    differences: dict[str, Any]
    cautions: list[Caution]
    settings: dict[str, Any]
    versions: dict[str, Any]
    folder: Path
    image: Image
    document: dict[str, Any]

    @classmethod
    def of(cls, document: dict[str, Any], folder: Path, image: Image) -> Score:
        """Return the score of a document."""
        return bind(
            cls,
            document,
            a_given_b=Direction.of("a|b", document),
            b_given_a=Direction.of("b|a", document),
            differences=document.get("differences", {}),
            cautions=[bind(Caution, each) for each in document.get("cautions", [])],
            folder=folder,
            image=image,
            document=document,
        )

    @property
    def invariant_a(self) -> NDArray[np.float32]:
        """The inputs X' that a represents as it represents X, mapped from their file."""
        return self._mapped("invariant-a.npy")

    @property
    def invariant_b(self) -> NDArray[np.float32]:
        """The inputs X' that b represents as it represents X, mapped from their file."""
        return self._mapped("invariant-b.npy")

    def _rows(self) -> list[dict[str, Any]]:
        rows = []
        for way in (self.a_given_b, self.b_given_a):
            for measure, found in way.values.items():
                ends: list[Any] = found.ci or [None, None]
                permuted = way.baseline.get("permutations", {}).get(measure, {})
                rows.append(
                    {
                        "target": way.target,
                        "reference": way.reference,
                        "measure": measure,
                        "stir": found.value,
                        "ci_low": ends[0],
                        "ci_high": ends[1],
                        "baseline_corrected": found.baseline_corrected,
                        "self": way.baseline["self"].get(measure),
                        "seed_only": way.baseline["seed-only"].get(measure),
                        "shuffled": way.baseline["shuffled"].get(measure),
                        "inputs_only": way.baseline.get("inputs-only", {}).get(measure),
                        "p_value": permuted.get("p-value"),
                        "verdict": way.verdict.word if way.verdict else None,
                    }
                )
        return rows

    def to_frame(self) -> Any:
        """Return a pandas DataFrame with a row per direction and measure."""
        import pandas

        return pandas.DataFrame(self._rows())

    def _name(self, network: str) -> str:
        return Path(getattr(self, network)["model"]).name.rpartition(".")[0] or network

    def __repr__(self) -> str:
        return "\n".join(f"{question}  {answer}" for question, answer in self._answers())

    def _answers(self) -> list[tuple[str, str]]:
        answers = []
        for way in (self.a_given_b, self.b_given_a):
            names = self._name(way.target), self._name(way.reference)
            question = f"Does {names[0]} ignore what {names[1]} ignores?"
            if way.verdict is None:
                answers.append((question, "no verdict"))
                continue
            found = way.values[way.verdict.measure]
            value = "STIR -" if found.value is None else f"STIR {found.value:.2f}"
            interval = f" [{found.ci[0]:.2f}, {found.ci[1]:.2f}]" if found.ci else ""
            word = way.verdict.word.replace("-", " ").upper()
            answers.append((question, f"{value}{interval}  {word}: {way.verdict.rule}"))
        return answers

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(question)}</td><td>{html.escape(answer)}</td></tr>"
            for question, answer in self._answers()
        )
        cautions = "".join(f"<li>{html.escape(each.text)}</li>" for each in self.cautions)
        return f"<table>{rows}</table><ul>{cautions}</ul>{self._picture()}"


@dataclass(frozen=True, repr=False)
class Inversion(_Stored):
    """Invariant inputs of one network (`stir-inversion`).

    Attributes:
        residuals: the relative distance of each input that remains after the search.
        folder: the folder of all files.
    """

    model: str
    layer: str
    residual: Summary
    residuals: list[float | None]
    converged: float
    converged_within: float
    passes: float
    moved: float
    settings: dict[str, Any]
    folder: Path
    image: Image
    document: dict[str, Any]

    @classmethod
    def of(cls, document: dict[str, Any], folder: Path, image: Image) -> Inversion:
        """Return the search of a document."""
        residual = bind(Summary, document["residual"])
        return bind(cls, document, residual=residual, folder=folder, image=image, document=document)

    @property
    def invariant(self) -> NDArray[np.float32]:
        """The invariant inputs X', mapped from their file."""
        return self._mapped("invariant.npy")

    def __repr__(self) -> str:
        return (
            f"{Path(self.model).name} at {self.layer}: {len(self.residuals)} invariant inputs,"
            f" residual {self.residual.mean:.3g}, {self.converged:.0%} within"
            f" {self.converged_within:g}, moved {self.moved:.3g}"
        )

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>{self._picture()}"


@dataclass(frozen=True, repr=False)
class Study(_Stored):
    """A study of many networks and layers (`stir-matrix`).

    Attributes:
        scores: one document per reference, target, search and repeat.
        differences: of scores on the same inputs.
        folder: the folder of all files.
    """

    scores: list[dict[str, Any]]
    differences: list[dict[str, Any]]
    folder: Path
    image: Image
    document: dict[str, Any]

    @classmethod
    def of(cls, document: dict[str, Any], folder: Path, image: Image) -> Study:
        """Return the study of a document."""
        return bind(cls, document, folder=folder, image=image, document=document)

    def to_frame(self) -> Any:
        """Return `results.csv` as a pandas DataFrame: a row per value."""
        import pandas

        return pandas.read_csv(self.folder / "results.csv")

    def matrix(self, measure: str | None = None) -> Any:
        """Return STIR of targets (rows) by references (columns) as a pandas DataFrame.

        Args:
            measure: its id; by default the measure of the verdicts.
        """
        import pandas

        rows = []
        for each in self.scores:
            name = measure or (each.get("verdict") or {}).get("measure")
            found = each["stir"].get(name) or {}
            rows.append(
                {
                    "target": each["target"],
                    "reference": each["reference"],
                    "stir": found.get("value"),
                }
            )
        frame = pandas.DataFrame(rows)
        return frame.pivot_table(index="target", columns="reference", values="stir", sort=False)

    def __repr__(self) -> str:
        words: dict[str, int] = {}
        for each in self.scores:
            word = (each.get("verdict") or {}).get("word", "no verdict")
            words[word] = words.get(word, 0) + 1
        counts = ", ".join(f"{count} {word}" for word, count in words.items())
        return f"{len(self.scores)} scores: {counts}"
