"""The pages of the documentation and the blocks of code in them.

A comment on the line before a fence says how a block is treated:

``<!-- not run: REASON -->``  it cannot run here, and why
``<!-- run -->``              a shell block whose commands are executed, not only checked
``<!-- prints: TEXT -->``     what the block's output holds

A page's blocks run in one folder, in which lie examples/, a recording line.wav and a head mine.glb.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", *sorted(
    str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")
))  # fmt: skip
SHELL = ("", "bash", "sh", "console")
COMPILED = {"c": "c", "cpp": "cpp", "c++": "cpp"}

_FENCE = re.compile(r"^```([\w+]*)[^\n]*\n(.*?)^```$", flags=re.S | re.M)
_NOTES = re.compile(r"(?:^<!--[^\n]*-->\n)+\Z", flags=re.M)
_NOTE = re.compile(r"<!-- *(not run|run|prints)(?:: *(.*?))? *-->")
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_COMMAND = re.compile(r"(?:talkface|python -m) ")


@dataclass(frozen=True)
class Block:
    """One fenced block: ``line`` is that of the fence, ``notes`` the comments before it."""

    page: str
    line: int
    language: str
    code: str
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def reason(self) -> str | None:
        """Why it is not run; None when it is."""
        return self.notes.get("not run")

    @property
    def commands(self) -> list[str]:
        """Lines of a shell block that call a program of ours, joined where they go on."""
        lines = re.sub(r"\\?\n +", " ", self.code).splitlines()
        return [line for line in lines if _COMMAND.match(line)]

    @property
    def is_program(self) -> bool:
        return re.search(r"^int main\(", self.code, flags=re.M) is not None


@cache
def blocks(page: str) -> tuple[Block, ...]:
    text = (ROOT / page).read_text("utf-8")
    found = []
    for fence in _FENCE.finditer(text):
        above = _NOTES.search(text[: fence.start()])
        notes = dict(_NOTE.findall(above[0])) if above else {}
        line = text.count("\n", 0, fence.start()) + 1
        found.append(Block(page, line, fence[1].lower(), fence[2], notes))
    return tuple(found)


def spans(page: str) -> list[str]:
    """Commands with options that stand inside sentences."""
    text = _FENCE.sub("", (ROOT / page).read_text("utf-8"))
    return [span for span in _SPAN.findall(text) if _COMMAND.match(span) and " -" in span[10:]]


def of(*languages: str, page: str | None = None) -> list[Block]:
    pages = PAGES if page is None else (page,)
    return [block for name in pages for block in blocks(name) if block.language in languages]
