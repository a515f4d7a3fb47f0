"""A run of the program, with its messages."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import warnings
from typing import IO, Any

from ._errors import StirError, StirUsageError, StirWarning
from ._image import Image

_LOG = logging.getLogger("stir_java")
_USAGE = 2
_INTERRUPTED = 130


def run(image: Image, arguments: list[str], progress: bool | None = None) -> str:
    """Run Stir and return its standard output.

    Args:
        image: the installation.
        arguments: the command line after the program's name.
        progress: whether progress is shown; by default in notebooks and terminals.

    Raises:
        StirUsageError: the request must change.
        StirError: the work failed.
        KeyboardInterrupt: the user stopped it; the same call continues.
    """
    with subprocess.Popen(
        [str(image.launcher), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "STIR_MESSAGES": "json"},
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        output: list[str] = []
        reader = threading.Thread(target=_read, args=(process.stdout, output), daemon=True)
        reader.start()
        messages = _Messages(progress)
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
            messages.close()
        reader.join()
    printed = "".join(output)
    if code == 0 or (printed and not messages.error):  # values that are undefined are results, too
        return printed
    if code == _INTERRUPTED:
        raise KeyboardInterrupt(messages.error)
    kind = StirUsageError if code == _USAGE else StirError
    raise kind(messages.error or messages.text or f"Stir ended with exit code {code}.")


def _read(stream: IO[str], into: list[str]) -> None:
    into.append(stream.read())


class _Messages:
    """The receiver of a run's standard error: one JSON object per line."""

    def __init__(self, progress: bool | None) -> None:
        self.error = ""
        self.text = ""
        self._display = _display(progress)

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
        if kind == "progress":
            if "progress" in message:
                self._display.show(text, message["progress"])
        elif kind == "warning":
            warnings.warn(text, StirWarning, stacklevel=5)
        elif kind == "error":
            self.error = f"{self.error}\n{text}" if self.error else text
        else:
            _LOG.info("%s", text)

    def close(self) -> None:
        """End the display of progress."""
        self._display.close()


class _Display:
    """No display of progress."""

    def show(self, text: str, progress: dict[str, Any]) -> None:
        """Show the progress."""

    def close(self) -> None:
        """End the display."""


class _Line(_Display):
    """One line of a terminal."""

    def show(self, text: str, progress: dict[str, Any]) -> None:
        sys.stderr.write("\r\x1b[K" + text[:79])
        sys.stderr.flush()

    def close(self) -> None:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


class _Bar(_Display):
    """A bar of tqdm, in a terminal or a notebook."""

    def __init__(self, tqdm: Any) -> None:
        self._tqdm = tqdm
        self._bar: Any = None

    def show(self, text: str, progress: dict[str, Any]) -> None:
        if self._bar is None:
            self._bar = self._tqdm(
                total=1.0, leave=False, bar_format="{percentage:3.0f} %|{bar}| {elapsed} {desc}"
            )
        done = progress["number"] - 1 + progress.get("share", 0.0)
        self._bar.n = min(1.0, done / progress["count"])
        self._bar.set_description_str(text)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def _display(progress: bool | None) -> _Display:
    in_notebook = "ipykernel" in sys.modules
    if progress is False or (progress is None and not in_notebook and not sys.stderr.isatty()):
        return _Display()
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _Line()
    return _Bar(tqdm)
