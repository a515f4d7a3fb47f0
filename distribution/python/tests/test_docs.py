"""The Python of the documentation: run where NumPy suffices, else compiled."""

import contextlib
import io
import os
import re
from pathlib import Path

import pytest
from conftest import ROOT

FENCE = re.compile(r"^```python *(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = re.compile(r"(^|/)(target|test|node_modules|\.[^/]*)(/|$)")


def pages() -> list[str]:
    names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*.md")]
    return sorted(name for name in names if not LEFT_OUT.search(name))


def blocks(name: str) -> list[tuple[str, str]]:
    """Returns the framework that a block names and its text, at its lines of the page."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return [
        (block.group(1), "\n" * (text[: block.start()].count("\n") + 1) + block.group(2))
        for block in FENCE.finditer(text)
    ]


def run(name: str, found: list[tuple[str, str]]) -> str:
    """Runs the blocks of a page as one program, and returns what it prints."""
    names: dict[str, object] = {"__name__": "__main__"}
    printed = io.StringIO()
    for framework, block in found:
        code = compile(block, name, "exec")
        if not framework:
            with contextlib.redirect_stdout(printed):
                exec(code, names)
    return printed.getvalue()


@pytest.mark.parametrize("name", [name for name in pages() if blocks(name)])
def test_the_python_of_a_page_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    home = Path(os.environ["STIR_HOME"])
    for folder in ("demo", "examples"):
        (tmp_path / folder).symlink_to(home / folder)
    monkeypatch.chdir(tmp_path)
    run(name, blocks(name))


def test_blocks_of_a_page_are_one_program():
    assert run("a.md", [("", "a = 2"), ("torch", "import no_such"), ("", "print(a + 1)")]) == "3\n"


def test_a_block_that_fails_names_the_page_and_its_line():
    with pytest.raises(SyntaxError, match=r"a\.md, line 3"):
        run("a.md", [("torch", "\n\nimport import")])
    with pytest.raises(ModuleNotFoundError):
        run("a.md", [("", "import no_such")])
