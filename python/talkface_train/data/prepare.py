"""Prepare a set for training: ``python -m talkface_train.data.prepare SET FOLDER --out CLIPS``.

Reads a copy that you hold, in its own layout, and writes clips and splits (docs/data.md). Nothing
is downloaded and the copy is not changed, but ``made``, which speaks its voices into its folder.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from talkface.progress import Progress
from talkface_train.data.adapters import ADAPTERS, LayoutError, Options, Source
from talkface_train.data.adapters.base import read_audio
from talkface_train.data.clips import SAMPLE_RATE, ClipError, ClipWriter
from talkface_train.data.splits import SplitPlan, check_splits, make_splits, write_splits


def prepare(
    sources: Iterable[Source],
    out: Path,
    name: str,
    limit: int | None = None,
    replaced: bool = False,
    skip: bool = False,
) -> tuple[ClipWriter, list[str]]:
    """Write sources as clips into ``out``; returns the writer and what was skipped, with reasons.

    ``limit``: so many of them, drawn by their names. ``skip``: go on past clips that cannot be
    read.
    """
    chosen = list(sources)
    if limit is not None:
        chosen = sorted(chosen, key=_lot)[:limit]
    skipped = []
    with ClipWriter(out, name, replaced) as writer, Progress(f"preparing {name}") as progress:
        for done, source in enumerate(chosen, 1):
            try:
                face = source.face() if source.face else None
                writer.add(source.clip, read_audio(source.audio), face)
            except (OSError, ValueError) as error:
                reason = f"{source.clip.name}: {error}"
                if not skip:
                    raise ClipError(f"{reason} (--skip leaves such clips out)") from error
                skipped.append(reason)
            progress.update(done, len(chosen))
        if not writer.clips:
            raise ClipError(f"no clip of {name} could be prepared: {'; '.join(skipped[:3])}")
    return writer, skipped


def _lot(source: Source) -> bytes:
    return hashlib.sha256(source.clip.name.encode()).digest()


def with_texts(sources: Iterable[Source], path: Path) -> Iterable[Source]:
    """Sources with texts from a CSV of ``name`` and ``text``; same text, same sentence."""
    if not path.is_file():
        raise FileNotFoundError(f"no such table of texts: {path}")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        if not {"name", "text"} <= set(reader.fieldnames or ()):
            raise LayoutError(f"{path} needs the columns name and text")
        texts = {row["name"]: row["text"] for row in reader}
    for source in sources:
        text = texts.get(source.clip.name)
        if text is None:
            raise LayoutError(f"{path} has no text for {source.clip.name}")
        yield replace(source, clip=replace(source.clip, text=text, sentence=""))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m talkface_train.data.prepare",
        description="Prepare a set that you hold as clips and splits for training.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="sets and what is read of them:\n"
        + "\n".join(f"  {name:10} {adapter.layout}" for name, adapter in ADAPTERS.items())
        + "\n\ndocs/data.md has the whole of it.",
    )
    parser.add_argument("set", choices=ADAPTERS, metavar="SET", help="which set, see below")
    parser.add_argument("folder", type=Path, help="your copy of it")
    parser.add_argument("--out", type=Path, required=True, help="folder to write clips to")
    parser.add_argument("--limit", type=_count, help="only so many clips, drawn by their names")
    parser.add_argument("--replace", action="store_true", help="write over clips in OUT")
    parser.add_argument("--skip", action="store_true", help="leave out clips that cannot be read")
    parser.add_argument("--faces", type=Path, help="curves that were captured from a set's films")
    parser.add_argument("--texts", type=Path, help="CSV of name and text, where a set has none")
    parser.add_argument("--fps", type=_positive, help="frames a second of arrays that do not say")
    parser.add_argument("--metres-per-unit", type=_positive, help="scale of vertices")
    parser.add_argument("--hours", type=float, default=Options.hours, help="made: hours of speech")
    parser.add_argument(
        "--takes", type=_count, default=Options.takes, help="made: faces for each recording"
    )
    parser.add_argument("--seed", type=int, default=0, help="of splits and of what is made")
    for name, what in (
        ("test_sentences", "sentences that are kept for tests"),
        ("dev_sentences", "the other sentences that training is chosen by"),
        ("test_identities", "people that are kept for tests"),
    ):
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=_share, default=getattr(SplitPlan, name),
            metavar="SHARE", help=f"of {what}, 0 to 1 (default: %(default)g)",
        )  # fmt: skip
    return parser


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return value


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to less than 1")
    return value


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    given = _parser().parse_args(arguments)
    options = Options(
        given.faces, given.fps, given.metres_per_unit, given.hours, given.takes, given.seed
    )
    plan = SplitPlan(given.test_sentences, given.dev_sentences, given.test_identities, given.seed)
    try:
        sources: Iterable[Source] = ADAPTERS[given.set].scan(given.folder, options)
        if given.texts:
            sources = with_texts(sources, given.texts)
        writer, skipped = prepare(
            sources, given.out, given.set, given.limit, given.replace, given.skip
        )
        splits = make_splits(writer.clips, plan)
        check_splits(writer.clips, splits)
        write_splits(given.out, splits, plan)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for reason in skipped:
        print(f"left out {reason}", file=sys.stderr)
    if writer.uneven:
        print(
            f"{len(writer.uneven)} clips have frames that end elsewhere than their sound "
            f"({writer.uneven[0]}): is --fps right?",
            file=sys.stderr,
        )
    faces = sum(clip.face for clip in writer.clips)
    people = len({clip.identity for clip in writer.clips})
    hours = writer.samples / SAMPLE_RATE / 3600
    print(
        f"{len(writer.clips)} clips ({hours:.2f} h, {faces} with a face, {people} identities) in "
        f"{given.out}: " + ", ".join(f"{len(names)} {split}" for split, names in splits.items())
    )
    if not faces:
        print(
            "no clip has a face: capture the films with `talkface capture` and name the folder "
            "with --faces",
            file=sys.stderr,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
