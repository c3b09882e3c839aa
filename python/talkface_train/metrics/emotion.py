"""How often an emotion is found: unweighted average recall and the confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Answers:
    """One a clip: who spoke, the emotion that was acted and the one that was heard."""

    speakers: tuple[str, ...]
    acted: tuple[str, ...]
    heard: tuple[str, ...]

    @staticmethod
    def joined(parts: Sequence[Answers]) -> Answers:
        return Answers(
            tuple(name for part in parts for name in part.speakers),
            tuple(name for part in parts for name in part.acted),
            tuple(name for part in parts for name in part.heard),
        )

    def of(self, speaker: str) -> Answers:
        """Those of one speaker."""
        rows = [i for i, name in enumerate(self.speakers) if name == speaker]
        return Answers(
            tuple(self.speakers[i] for i in rows),
            tuple(self.acted[i] for i in rows),
            tuple(self.heard[i] for i in rows),
        )


def confusion(answers: Answers, names: Sequence[str]) -> NDArray[np.int64]:
    """Counts [acted, heard] in the order of ``names``."""
    table = np.zeros((len(names), len(names)), dtype=np.int64)
    for acted, heard in zip(answers.acted, answers.heard, strict=True):
        table[names.index(acted), names.index(heard)] += 1
    return table


def unweighted_recall(answers: Answers) -> float:
    """Mean over the emotions that occur of the share of their clips that were recognised."""
    right: dict[str, list[bool]] = {}
    for acted, heard in zip(answers.acted, answers.heard, strict=True):
        right.setdefault(acted, []).append(acted == heard)
    return float(np.mean([np.mean(row) for row in right.values()])) if right else float("nan")


def recall_by_speaker(answers: Answers) -> dict[str, float]:
    """:func:`unweighted_recall` of each speaker."""
    return {name: unweighted_recall(answers.of(name)) for name in sorted(set(answers.speakers))}


def render(answers: Answers, names: Sequence[str]) -> str:
    """The confusion matrix as a Markdown table, rows acted, columns heard."""
    lines = ["| acted \\ heard | " + " | ".join(names) + " | recall |"]
    lines.append("|---|" + "---|" * (len(names) + 1))
    for name, row in zip(names, confusion(answers, names), strict=True):
        recall = row[names.index(name)] / max(row.sum(), 1)
        lines.append(f"| {name} | " + " | ".join(str(n) for n in row) + f" | {recall:.2f} |")
    return "\n".join(lines)
