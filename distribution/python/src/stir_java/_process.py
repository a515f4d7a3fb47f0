"""A run of the program, with its messages."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ._errors import StirError, StirLayerError, StirUsageError, warn
from ._image import Image

_LOG = logging.getLogger("stir_java")
_Names = Mapping[str, str] | None
_OPTION = re.compile(
    r"(?:Invalid value for option ')?--([a-z]+(?:-[a-z]+)*)"
    r"(?:'?(?: \([A-Z]+\))?(: )|[ =](\d[\w.]*|published|candidates|fast|thorough|imagenet))?"
)


def run(image: Image, arguments: list[str], progress: bool | None, names: _Names = None) -> str:
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
    text: dict[str, Any] = {"encoding": "utf-8", "errors": "replace"}
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    environment = {**os.environ, "STIR_MESSAGES": "json"}
    words = [str(image.launcher), *arguments]
    with (
        tempfile.TemporaryFile("w+", **text) as output,
        subprocess.Popen(words, stdout=output, env=environment, **pipes, **text) as process,
    ):
        assert process.stderr is not None
        found: dict[str, list[str]] = {}  # by kind; native libraries and the launcher write text
        display = _Display(progress)

        def receive(lines: Iterable[str]) -> None:
            for line in filter(str.strip, lines):
                try:
                    message = json.loads(line)
                    kind, sentence = message["kind"], in_python(message["text"], names or {})
                except (ValueError, TypeError, KeyError):
                    kind, sentence = "text", line.strip().removeprefix("stir: ")
                found.setdefault(kind, []).append(sentence)
                if kind == "progress" and "progress" in message:
                    display.show(sentence, message["progress"])
                elif kind == "warning":
                    warn(sentence)
                elif kind not in ("error", "progress"):
                    _LOG.info("%s", sentence)

        try:
            receive(process.stderr)
            code = process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            receive(process.stderr)
            process.wait()
            raise KeyboardInterrupt("\n".join(found.get("error", ["Interrupted."]))) from None
        finally:
            display.close()
        output.seek(0)
        printed = str(output.read())
    errors = found.get("error", [])
    if code == 0 or (printed and not errors):  # values that are undefined are results, too
        return printed
    last = found.get("text", [f"Stir ended with exit code {code}."])[-1]
    sentence = "\n".join(errors) or last
    if code == 130:  # interrupted
        raise KeyboardInterrupt(sentence)
    raise refusal(sentence) if code == 2 else failure(sentence)  # 2: of usage


def refusal(text: str) -> StirUsageError:
    """Return the exception of a request that must change."""
    is_layer = re.search(r"[Nn]o layer|[Tt]he layer|layer '", text)
    return (StirLayerError if is_layer else StirUsageError)(text)


def failure(text: str) -> StirError:
    """Return the exception of work that failed; that of a caller's array is the request's."""
    is_refused = text.startswith(("There is no layer", "No layer", "The array "))
    return refusal(text) if is_refused else StirError(text)


def in_python(text: str, names: Mapping[str, str]) -> str:
    """Return a sentence of the command line with the words of this package."""
    for path, name in names.items():
        text = text.replace(path, name)
    text = "T" + text[1:] if text.startswith("the array ") else text
    text = re.sub(r"`stir (layers|measures)`", r"`stir.\1()`", text)
    text = re.sub(r" \(`stir [a-z]+ --help` explains\)", "", text)
    text = re.sub(r"There is no key .*", lambda found: found[0].replace("-", "_"), text)
    text = text.replace("(options: ", "(arguments: ")
    text = text.replace("run the same command again", "repeat the call")
    return _OPTION.sub(_argument, text)


def _argument(option: re.Match[str]) -> str:
    name, colon, value = option[1].replace("-", "_"), option[2], option[3] or ""
    return name + (colon or "=" + (f'"{value}"' if value.isalpha() else value))


@contextlib.contextmanager
def step(text: str, progress: bool | None) -> Iterator[None]:
    """Show what is done, for a step that has no progress of its own."""
    display = _Display(progress)
    display.show(text, {"number": 1, "count": 1})
    try:
        yield
    finally:
        display.close()


class _Display:
    """Progress in a notebook or a terminal: a bar of tqdm, or a line where that is missing."""

    def __init__(self, progress: bool | None) -> None:
        is_seen = "ipykernel" in sys.modules or sys.stderr.isatty()
        self._shows = is_seen if progress is None else progress
        self._ended = threading.Event()
        self._text, self._begun = "", time.monotonic()
        self._bar: Any = None

    def show(self, text: str, progress: dict[str, Any]) -> None:
        """Show the progress, and its time, which goes on until the end."""
        if not self._shows:
            return
        if not self._text:
            with contextlib.suppress(ImportError):
                from tqdm.auto import tqdm

                layout = "{percentage:3.0f} %|{bar}| {elapsed} {desc}"
                # tqdm shows nothing on terminals that state no width
                width: dict[str, Any] = (
                    {}
                    if "ipykernel" in sys.modules
                    else {"ncols": shutil.get_terminal_size().columns}
                )
                self._bar = tqdm(total=1.0, leave=False, bar_format=layout, **width)
            threading.Thread(target=self._tick, daemon=True).start()
        self._text = text
        done = progress["number"] - 1 + progress.get("share", 0.0)
        if self._bar is not None:
            self._bar.n = min(1.0, done / progress["count"])
            self._bar.set_description_str(text, refresh=False)
        self._refresh()

    def close(self) -> None:
        """End the display."""
        self._ended.set()
        if self._bar is not None:
            self._bar.close()
        elif self._text:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _tick(self) -> None:
        while not self._ended.wait(1):
            self._refresh()

    def _refresh(self) -> None:
        if self._bar is not None:
            self._bar.refresh()
        else:
            line = f"{time.monotonic() - self._begun:.0f} s {self._text}"
            print("\r\x1b[K" + line[:79], end="", file=sys.stderr, flush=True)
