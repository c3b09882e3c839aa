"""Every type and function group of tests/unreal/stubs names its page of the public documentation.

`python tests/unreal/stub_docs.py` prints the ones that do not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

STUBS = Path(__file__).resolve().parent / "stubs"
PAGE = re.compile(
    r"^// Docs: https://dev\.epicgames\.com/documentation/en-us/unreal-engine/[\w/.-]+$"
)
TYPE = re.compile(r"^(?:class|struct|enum|enum class|namespace)\s+\w+[^;]*\{?")
FORWARD = re.compile(r"^(?:class|struct)\s+\w+;$")
SKIPPED = ("#pragma", "#include", "namespace Audio", "}  // namespace Audio")
BODY_LIMIT = 3
"""Statements that a function of a stub may have: a signature has none, a template a return."""


def paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """Declarations at the top of a header, with their first line's number; blank lines inside
    braces do not end one."""
    lines: list[str] = []
    start, depth = 0, 0
    for number, line in enumerate([*text.split("\n"), ""], 1):
        inside = line.replace("namespace Audio {", "").replace("}  // namespace Audio", "")
        if not line.strip() and depth == 0:
            if lines:
                yield start, lines
            lines = []
            continue
        if not lines:
            start = number
        lines.append(line)
        depth += inside.count("{") - inside.count("}")


def declarations(lines: list[str]) -> list[str]:
    """Lines of a paragraph that begin something at its top level."""
    found, depth = [], 0
    for line in lines:
        if depth == 0 and line and not line.startswith((" ", "//", "}", *SKIPPED)):
            found.append(line)
        depth += line.count("{") - line.count("}")
    return [line for line in found if not FORWARD.match(line) and not line.endswith(":")]


def problems(name: str, text: str) -> list[str]:
    """Paragraphs without a page, and types that share the page of another."""
    found = []
    for start, lines in paragraphs(text):
        declared = declarations(lines)
        declared = [d for d in declared if not d.startswith("template <")]
        if not declared:
            continue
        pages = [line for line in lines if PAGE.match(line)]
        if not pages or not PAGE.match(next(ln for ln in lines if not ln.startswith(SKIPPED))):
            found.append(f"{name}:{start}: no page of the documentation before: {declared[0]}")
        types = [d for d in declared if TYPE.match(d)]
        if len(types) > max(1, len(pages)):
            found.append(f"{name}:{start}: {len(types)} types with {len(pages)} page")
    for match in re.finditer(r"\{([^{}]*)\}", text):
        if match.group(1).count(";") > BODY_LIMIT and "return" in match.group(1):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{name}:{line}: a stub holds signatures, not code")
    return found


def main() -> int:
    """0 when every declaration has its page."""
    paths = sorted(STUBS.rglob("*.h"))
    found = [
        line
        for path in paths
        for line in problems(path.relative_to(STUBS).as_posix(), path.read_text(encoding="utf-8"))
    ]
    for line in found:
        print(line)
    print(f"{len(paths)} headers, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
