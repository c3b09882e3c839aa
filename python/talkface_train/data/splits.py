"""Which clips train and which test, by who speaks and what is said.

No sentence of a test split is in training, and nobody of ``test_unseen`` is: what a system learnt
of words and what it learnt of people are asked about apart. The choice hangs on names and a seed
alone, so it is the same on every machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from talkface_train.data.clips import Clip, ClipError

FILE = "splits.json"
SPLITS = ("train", "dev", "test_seen", "test_unseen", "tune", "left_out")
LEARNT = ("train", "dev", "tune")
"""Splits that a system is made or chosen by."""


@dataclass(frozen=True)
class SplitPlan:
    """Shares of sentences and identities that are held out.

    A share takes one at least, where there are enough: three sentences, or two identities.
    """

    test_sentences: float = 0.2
    dev_sentences: float = 0.1
    test_identities: float = 0.25
    seed: int = 0


def make_splits(clips: Iterable[Clip], plan: SplitPlan | None = None) -> dict[str, list[str]]:
    """Names of clips by split, sorted.

    ``train`` and ``dev`` (chosen by): people and sentences of their own; ``test_seen``: people of
    training, sentences of no training; ``test_unseen``: neither; ``tune``: unseen people with
    sentences of training, to tune on; ``left_out``: what its set keeps for tests but cannot
    test, and the rest. With two sentences, dev holds training's sentence by people of its
    own. Raises ClipError for a single sentence.
    """
    plan = plan or SplitPlan()
    clips = list(clips)
    sentences = _ordered({c.sentence for c in clips}, plan.seed, "sentence")
    identities = _ordered({c.identity for c in clips}, plan.seed, "identity")
    if len(sentences) < 2:
        raise ClipError(f"{len(sentences)} sentence(s): none can be kept out of training")
    tests = _first(sentences, plan.test_sentences, 1)
    unseen = _first(identities, plan.test_identities, int(len(identities) > 1))
    rest = [s for s in sentences if s not in tests]
    devs = _first(rest, plan.dev_sentences, 1) if len(sentences) > 2 else set()
    people = [i for i in identities if i not in unseen]
    listeners = set() if devs or len(people) < 2 else {people[0]}
    found: dict[str, list[Clip]] = {name: [] for name in SPLITS}
    for clip in clips:
        told = clip.sentence in tests
        if clip.identity in unseen:
            trains = clip.sentence not in devs
            split = "test_unseen" if told else "tune" if trains else "left_out"
        elif clip.identity in listeners:
            split = "left_out" if told else "dev"
        else:
            split = "test_seen" if told else "dev" if clip.sentence in devs else "train"
        found[split].append(clip)
    return _with_tests_kept(found)


def _with_tests_kept(found: Mapping[str, Sequence[Clip]]) -> dict[str, list[str]]:
    """Names by split, with no clip that its set keeps for tests in LEARNT: it tests as well, where
    neither training nor dev says its sentence."""
    kept = {name: list(clips) for name, clips in found.items()}
    moved = kept.pop("test_seen")
    for split in (*LEARNT, "left_out"):
        kept[split] = [clip for clip in found[split] if clip.trainable]
        moved += [clip for clip in found[split] if not clip.trainable]
    spoken = {clip.sentence for split in LEARNT for clip in kept[split]}
    trained = {clip.identity for clip in kept["train"]}
    chosen_by = {clip.identity for clip in kept["dev"]}
    kept["test_seen"] = []
    for clip in moved:
        seen = "test_seen" if clip.identity in trained else "test_unseen"
        usable = clip.sentence not in spoken and clip.identity not in chosen_by - trained
        kept[seen if usable else "left_out"].append(clip)
    return {name: sorted(clip.name for clip in kept[name]) for name in SPLITS}


def check_splits(clips: Iterable[Clip], splits: Mapping[str, Collection[str]]) -> None:
    """Raise ClipError where splits share clips, a test's sentence trains, or somebody unseen is
    trained on."""
    by_name = {clip.name: clip for clip in clips}
    where: dict[str, str] = {}
    for split, names in splits.items():
        for name in names:
            if name not in by_name:
                raise ClipError(f"{split} names {name!r}, which is no clip")
            if name in where:
                raise ClipError(f"{name} is in {where[name]} and in {split}")
            where[name] = split
    trained = [by_name[name] for name in splits.get("train", ())]
    spoken, known = {c.sentence for c in trained}, {c.identity for c in trained}
    learnt = (by_name[name] for split in LEARNT for name in splits.get(split, ()))
    held = next((c.name for c in learnt if not c.trainable), None)
    if held:
        raise ClipError(f"{held} is learnt from, but its set keeps it for tests")
    for split in ("test_seen", "test_unseen"):
        for name in splits.get(split, ()):
            clip = by_name[name]
            if clip.sentence in spoken:
                raise ClipError(f"{name} of {split} says {clip.sentence!r}, as training does")
            if split == "test_unseen" and clip.identity in known:
                raise ClipError(f"{name} of {split} is by {clip.identity}, as training is")


def write_splits(folder: Path, splits: Mapping[str, Sequence[str]], plan: SplitPlan) -> Path:
    """Write ``splits.json`` beside the clips; returns its path."""
    path = folder / FILE
    document = {"plan": vars(plan), **splits}
    path.write_text(json.dumps(document, indent=0) + "\n", encoding="utf-8")
    return path


def read_splits(folder: Path, clips: Iterable[Clip]) -> dict[str, list[str]]:
    """The checked splits of a folder of clips."""
    path = folder / FILE
    if not path.is_file():
        raise FileNotFoundError(f"no {FILE} in {folder}")
    try:
        document = json.loads(path.read_text("utf-8"))
        splits = {name: list(document.get(name, ())) for name in SPLITS}
    except (json.JSONDecodeError, AttributeError, TypeError) as error:
        raise ClipError(f"cannot read {path}: {error}") from error
    check_splits(clips, splits)
    return splits


def _ordered(names: Collection[str], seed: int, kind: str) -> list[str]:
    def key(name: str) -> bytes:
        return hashlib.sha256(f"{seed}/{kind}/{name}".encode()).digest()

    return sorted(names, key=key)


def _first(names: Sequence[str], share: float, least: int) -> set[str]:
    """The first ``share`` of names, one left at least, none for a share of 0."""
    count = max(round(share * len(names)), least) if share > 0 else 0
    return set(names[: min(count, len(names) - 1)])
