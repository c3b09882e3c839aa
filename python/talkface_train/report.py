"""Scores as tables: one compact table over all suites, a detailed one a suite, JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

Table = dict[str, dict[str, Any]]
"""System name to column to ``[value, low, high]``, as :func:`evaluate.evaluate` gives it."""

COMPACT = {
    "accuracy": "acc",
    "closure_f1": "seal F1",
    "closure_recall_m": "m",
    "closure_recall_pb": "p b",
    "labiodental_recall": "f v",
    "labiodental_precision": "f v prec",
    "r_jawOpen": "r jaw",
    "rounding_r": "r round",
    "closure_lateness_ms": "late ms",
    "jitter_ratio": "jitter",
    "silence_opening_p99": "open p99",
    "face_r_jawOpen": "face jaw",
    "face_r_mouthPucker": "face pucker",
    "share_of_phone_fit": "of fit",
}
"""Columns of the compact table and their short names."""

PANELS = {
    "accuracy": "viseme accuracy",
    "closure_f1": "closure F1",
    "labiodental_recall": "f, v recall",
    "r_jawOpen": "r of jawOpen",
    "rounding_r": "r of rounding",
    "silence_opening_p99": "opening in silence, p99",
    "face_r_jawOpen": "r with faces, jawOpen",
}
"""Columns of the picture and their titles."""


def _number(key: str, value: float) -> str:
    if key.endswith("_ms"):
        return f"{value:.1f}"
    return f"{value:.3f}" if abs(value) < 9.9995 else f"{value:.1f}"


def compact(tables: dict[str, Table]) -> str:
    """All suites and systems as one Markdown table; ``-`` where a column does not apply."""
    keys = [
        key
        for key in COMPACT
        if any(key in row for table in tables.values() for row in table.values())
    ]
    lines: list[list[str]] = [["suite", "system", *(COMPACT[key] for key in keys)]]
    for suite, table in tables.items():
        for index, (system, row) in enumerate(table.items()):
            values = [row[key][0] if key in row else math.nan for key in keys]
            cells = [
                "-" if math.isnan(value) else _number(key, value)
                for key, value in zip(keys, values, strict=True)
            ]
            lines.append(["" if index else suite, system, *cells])
    return _markdown(lines)


def _markdown(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    drawn = [
        "| "
        + " | ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    ]
    rule = "|".join(
        "-" * (width + 2) if column < 2 else "-" * (width + 1) + ":"
        for column, width in enumerate(widths)
    )
    return "\n".join([drawn[0], f"|{rule}|", *drawn[1:]])


def markdown(suite: str, table: Table) -> str:
    """One suite as a Markdown table: value and 95 % interval."""
    first = next(iter(table.values()))
    keys = [key for key, cell in first.items() if not isinstance(cell, int)]
    lines = [
        f"**{suite}** ({first['files']} files, {first['closures']} closures)",
        "",
        "| metric | " + " | ".join(table) + " |",
        "|---|" + "---|" * len(table),
    ]
    for key in keys:
        cells = []
        for row in table.values():
            value, low, high = row.get(key, (math.nan,) * 3)
            digits = 1 if key.endswith("_ms") else 3
            shown = f"{value:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}]"
            cells.append("-" if math.isnan(value) else shown)
        lines.append(f"| {key} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def as_json(tables: dict[str, Table]) -> str:
    """All suites as JSON; what is undefined is null."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        return None if isinstance(value, float) and not math.isfinite(value) else value

    return json.dumps(plain(tables), indent=1, allow_nan=False)
