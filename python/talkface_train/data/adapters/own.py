"""The project's own corpora: GRID with captured faces, EmoDB, and the made corpus.

The first three are folders of the shared data; what it holds out is marked so.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from talkface.rig import CHANNELS, EMOTIONS
from talkface_train.articulation.captured import read_face
from talkface_train.data import corpus, real
from talkface_train.data.acting import act
from talkface_train.data.adapters.base import (
    Adapter,
    AudioReader,
    LayoutError,
    Options,
    Source,
    by_name,
    evenly,
    head_columns,
    read_audio,
)
from talkface_train.data.clips import Clip, Face, Floats
from talkface_train.data.emotion import ACTED
from talkface_train.data.expressions import Person
from talkface_train.data.head_captured import LAG_SECONDS, read_pose
from talkface_train.data.made import WEIGHTS, FaceMaker, person_of
from talkface_train.data.phones import SILENCE
from talkface_train.data.real import Recording
from talkface_train.data.voices import VoiceError

SHARED_LAYOUT = "the shared data folder, with splits.json"


def read_captured(path: Path) -> Face:
    """Curves and head of one captured clip, in the time of its audio."""
    table = read_face(path)
    names = [name for name in CHANNELS if name in table]
    curves = by_name(np.stack([table[n] for n in names], axis=1).astype(np.float32), names)
    pose = read_pose(path)
    head = head_columns(pose.rotation.astype(np.float32), pose.translation.astype(np.float32))
    return evenly(table["time"] - LAG_SECONDS, curves, head)


def _shared(root: Path) -> Path:
    if not (root / "splits.json").is_file():
        raise LayoutError(f"{root} has no splits.json: name {SHARED_LAYOUT}")
    return root


def _texts(root: Path, dataset: str) -> dict[str, str]:
    """Texts by the clip's name."""
    path = root / dataset / "transcripts.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {Path(row.get("file") or row["utt"]).stem: row["text"] for row in rows}


def _grid(dataset: str) -> Callable[[Path, Options], Iterator[Source]]:
    def scan(root: Path, _: Options) -> Iterator[Source]:
        texts = _texts(_shared(root), dataset)
        for recording in real.load(root, dataset):
            path = real.face_path(recording)
            # The speakers of grid_face are not named: each clip is somebody of its own.
            one = dataset == "grid_s1"
            clip = Clip(
                f"{dataset}/{recording.name}",
                dataset if one else f"{dataset}/{recording.name}",
                "neutral",
                text=texts.get(recording.name),
                phones=recording.segments,
                trainable=real.split_of(root, dataset, recording.path.name) == "train",
                face=path is not None,
            )
            yield Source(clip, recording.path, _captured_reader(path) if path else None)

    return scan


def _captured_reader(path: Path) -> Callable[[], Face]:
    return lambda: read_captured(path)


def _emodb(root: Path, _: Options) -> Iterator[Source]:
    with (_shared(root) / "emodb" / "labels.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    labelled = {recording.path.name: recording for recording in real.load(root, "emodb")}
    maker = FaceMaker()
    for row in rows:
        if row["emotion"] not in ACTED:
            continue
        emotion = ACTED[row["emotion"]]
        recording = labelled.get(row["file"])
        level = float(emotion != "neutral")
        clip = Clip(
            f"emodb/{Path(row['file']).stem}",
            f"emodb/{row['speaker']}",
            emotion,
            level,
            row["text"],
            phones=recording.segments if recording else (),
            trainable=real.split_of(root, "emodb", row["file"]) == "train",
            face=recording is not None,
        )
        who = person_of(clip.identity)
        made = _made_reader(maker, recording, emotion, level, who) if recording else None
        yield Source(clip, root / "emodb" / "audio" / row["file"], made)


def _made_reader(
    maker: FaceMaker, recording: Recording, emotion: str, level: float, person: Person
) -> Callable[[], Face]:
    def read() -> Face:
        audio, segments = read_audio(recording.path), recording.segments
        # One head for all takes of a recording at one arousal: it is the words' and the voice's.
        seed = _key(f"head/{person.name}/{recording.name}")
        return maker.face(audio, segments, emotion, level, person, recording.effort, seed)

    return read


def _acted_reader(recording: Recording, emotion: str, level: float, seed: int) -> AudioReader:
    def read() -> Floats:
        share = float(np.interp(level, (0.0, 1.0), WEIGHTS))
        return act(read_audio(recording.path), emotion, share, np.random.default_rng(seed))

    return read


def _key(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def made_sources(recordings: Sequence[Recording], options: Options) -> Iterator[Source]:
    """Labelled recordings, each ``takes`` times in another emotion, drawn by its name. A voice has
    one face, and acts what the face shows."""
    maker = FaceMaker()
    people = {r.dataset: person_of(f"made/{r.dataset}") for r in recordings}
    for recording in recordings:
        spoken = [s.phone for s in recording.segments if s.phone != SILENCE]
        key = _key(f"{options.seed}/{recording.dataset}/{recording.name}")
        person, drawn = people[recording.dataset], np.random.default_rng(key)
        ways = [("neutral", 0.0), *((e, level) for e in EMOTIONS[1:] for level in (0.0, 1.0))]
        for choice in drawn.permutation(len(ways))[: options.takes]:
            emotion, level = ways[choice]
            clip = Clip(
                f"{recording.dataset}/{recording.name}_{emotion}_{level:.0f}",
                person.name,
                emotion,
                level,
                sentence=" ".join(spoken),
                phones=recording.segments,
                face=True,
            )
            reader = _made_reader(maker, recording, emotion, level, person)
            acted = _acted_reader(recording, emotion, level, key + int(choice))
            yield Source(clip, acted, reader)


def _made(root: Path, options: Options) -> Iterator[Source]:
    try:
        recordings = corpus.speak(root, options.hours, options.seed)
    except VoiceError as error:
        raise LayoutError(str(error)) from error
    yield from made_sources(recordings, options)


ADAPTERS = (
    Adapter("grid_s1", SHARED_LAYOUT, _grid("grid_s1")),
    Adapter("grid_face", SHARED_LAYOUT, _grid("grid_face")),
    Adapter("emodb", SHARED_LAYOUT, _emodb),
    Adapter("made", "any folder: voices are spoken into it, or found there", _made),
)
