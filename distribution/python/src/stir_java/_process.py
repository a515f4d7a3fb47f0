"""A run of the program, with its messages."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

from ._errors import StirError, StirLayerError, StirUsageError, warn
from ._image import Image

_LOG = logging.getLogger("stir_java")
_USAGE = 2
_INTERRUPTED = 130
_OPTION = re.compile(
    r"--([a-z]+(?:-[a-z]+)*)"
    r"(?:[ =](\d[\w.]*|published|candidates|fast|thorough|imagenet))?"
)


def run(
    image: Image,
    arguments: list[str],
    progress: bool | None = None,
    names: Mapping[str, str] | None = None,
) -> str:
    """Run Stir and return its standard output.

    Args:
        image: the installation.
        arguments: the command line after the program's name.
        progress: whether progress is shown; by default in notebooks and terminals.
        names: what messages call files of the cache.

    Raises:
        StirUsageError: the request must change.
        StirError: the work failed.
        KeyboardInterrupt: the user stopped it; the same call continues.
    """
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output,
        subprocess.Popen(
            [str(image.launcher), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "STIR_MESSAGES": "json"},
        ) as process,
    ):
        assert process.stderr is not None
        messages = _Messages(_Display(progress), names or {})
        try:
            for line in process.stderr:
                messages.receive(line)
            code = process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            for line in process.stderr:
                messages.receive(line)
            process.wait()
            raise KeyboardInterrupt(messages.error or "Interrupted.") from None
        finally:
            messages.display.close()
        output.seek(0)
        printed = output.read()
    if code == 0 or (printed and not messages.error):  # values that are undefined are results, too
        return printed
    if code == _INTERRUPTED:
        raise KeyboardInterrupt(messages.error)
    text = messages.error or messages.text or f"Stir ended with exit code {code}."
    raise failure(text) if code != _USAGE else refusal(text)


def refusal(text: str) -> StirUsageError:
    """Return the exception of a request that must change."""
    is_layer = re.search(r"[Nn]o layer|[Tt]he layer|layer '", text)
    return (StirLayerError if is_layer else StirUsageError)(text)


def failure(text: str) -> StirError:
    """Return the exception of work that failed."""
    return refusal(text) if text.startswith(("There is no layer", "No layer")) else StirError(text)


def in_python(text: str, names: Mapping[str, str]) -> str:
    """Return a sentence of the command line with the words of this package."""
    for path, name in names.items():
        text = text.replace(path, name)
    text = re.sub(r"`stir (layers|measures)`", r"`stir.\1()`", text)
    text = text.replace("(options: ", "(arguments: ")
    text = text.replace("run the same command again", "repeat the call")
    return _OPTION.sub(_argument, text)


def _argument(option: re.Match[str]) -> str:
    value = option[2] or ""
    return option[1].replace("-", "_") + "=" + (f'"{value}"' if value.isalpha() else value)


@contextlib.contextmanager
def step(text: str, progress: bool | None) -> Iterator[None]:
    """Show what is done, for a step that has no progress of its own."""
    display = _Display(progress)
    display.show(text, {"number": 1, "count": 1})
    try:
        yield
    finally:
        display.close()


class _Messages:
    """The receiver of a run's standard error: one JSON object per line."""

    def __init__(self, display: _Display, names: Mapping[str, str]) -> None:
        self.error = self.text = ""
        self.display, self._names = display, names

    def receive(self, line: str) -> None:
        """Act on a line."""
        try:
            message = json.loads(line)
            kind, text = message["kind"], message["text"]
        except (ValueError, TypeError, KeyError):
            if line.strip():  # native libraries and the launcher write text
                self.text = line.strip().removeprefix("stir: ")
                _LOG.info("%s", self.text)
            return
        text = in_python(text, self._names)
        if kind == "progress":
            if "progress" in message:
                self.display.show(text, message["progress"])
        elif kind == "warning":
            warn(text)
        elif kind == "error":
            self.error = f"{self.error}\n{text}" if self.error else text
        else:
            _LOG.info("%s", text)


class _Display:
    """Progress in a notebook or a terminal: a bar of tqdm, or a line where that is missing."""

    def __init__(self, progress: bool | None) -> None:
        is_seen = "ipykernel" in sys.modules or sys.stderr.isatty()
        self._shows = is_seen if progress is None else progress
        self._bar: Any = None

    def show(self, text: str, progress: dict[str, Any]) -> None:
        """Show the progress."""
        if not self._shows:
            return
        if self._bar is None:
            self._bar = _bar()
        done = progress["number"] - 1 + progress.get("share", 0.0)
        self._bar.n = min(1.0, done / progress["count"])
        self._bar.set_description_str(text)

    def close(self) -> None:
        """End the display."""
        if self._bar is not None:
            self._bar.close()


class _Line:
    """A line of a terminal, with the methods of a bar of tqdm."""

    def set_description_str(self, text: str) -> None:
        """Replace the line."""
        sys.stderr.write("\r\x1b[K" + text[:79])
        sys.stderr.flush()

    def close(self) -> None:
        """Erase the line."""
        self.set_description_str("")


def _bar() -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _Line()
    layout = "{percentage:3.0f} %|{bar}| {elapsed} {desc}"
    return tqdm(total=1.0, leave=False, bar_format=layout)
