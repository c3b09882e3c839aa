"""What raters chose: answers put back to the systems by the key, and counted."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from talkface.compare.page import KEY_FORMAT, QUESTIONS

COLUMNS = ("page", "rater", "clip", "question", "answer")
ANSWERS = ("left", "right", "same")
Z = 1.959964
"""Of the normal distribution, for 95 %."""


@dataclass(frozen=True)
class Preference:
    """Of one question: how often the first and the second system were chosen, and neither.

    ``share``: of the first among choices of one, with its Wilson 95 % interval ``low`` to ``high``;
    not a number where nobody chose.
    """

    question: str
    first: int
    second: int
    same: int

    @property
    def share(self) -> float:
        chosen = self.first + self.second
        return self.first / chosen if chosen else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.first, self.first + self.second)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """95 % interval of a share of ``hits`` in ``count`` (Wilson 1927); (0, 1) for a count of 0."""
    if count == 0:
        return 0.0, 1.0
    share, weight = hits / count, Z * Z / count
    middle = (share + weight / 2) / (1 + weight)
    half = Z * math.sqrt(share * (1 - share) / count + weight / (4 * count)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def score(key: Path, answers: Sequence[Path]) -> tuple[tuple[str, str], int, list[Preference]]:
    """Names of the systems, number of raters, and a preference for each question.

    Raises ValueError where a file is not what it should be, belongs to another page, or answers a
    question twice.
    """
    document = _read_key(key)
    systems = (str(document["systems"][0]), str(document["systems"][1]))
    counts = {question: [0, 0, 0] for question in QUESTIONS}
    seen: set[tuple[str, str, str]] = set()
    for path in answers:
        for row in _read_answers(path):
            if row["page"] != document["page"]:
                raise ValueError(f"{path} answers another page than {key} is for")
            asked = row["rater"], row["clip"], row["question"]
            clip = document["clips"].get(row["clip"])
            if clip is None or row["question"] not in counts or row["answer"] not in ANSWERS:
                raise ValueError(
                    f"{path} has an answer that makes no sense: {', '.join(asked[1:])}"
                )
            if asked in seen:
                raise ValueError(f"{path} answers {', '.join(asked)} a second time")
            seen.add(asked)
            same = row["answer"] == "same"
            counts[row["question"]][2 if same else systems.index(clip[row["answer"]])] += 1
    raters = len({rater for rater, _, _ in seen})
    return systems, raters, [Preference(name, *count) for name, count in counts.items()]


def _read_key(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("format") != KEY_FORMAT:
        raise ValueError(f"{path} is not the key of a comparison")
    return document


def _read_answers(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path} is not a page's answers: its columns are not {COLUMNS}")
        rows = list(reader)
    if any(None in row or None in row.values() for row in rows):
        raise ValueError(f"{path} is damaged: a row has not {len(COLUMNS)} cells")
    return rows


def render(systems: tuple[str, str], raters: int, table: Sequence[Preference]) -> str:
    """The table as text."""
    first, second = systems
    head = ["question", first, second, "same", f"share of {first}", "95 % interval"]
    rows = [head]
    for line in table:
        low, high = line.interval
        chosen = line.first + line.second
        shares = [f"{line.share:.1%}", f"{low:.1%} to {high:.1%}"] if chosen else ["-", "-"]
        rows.append([line.question, str(line.first), str(line.second), str(line.same), *shares])
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([f"{raters} rater{'s' if raters != 1 else ''}", *lines])
