"""Clips on disk and their splits."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from safetensors.numpy import save_file

from talkface_train.data.clips import Clip, ClipError, ClipSet, ClipWriter, Face
from talkface_train.data.phones import Segment
from talkface_train.data.splits import (
    SplitPlan,
    check_splits,
    make_splits,
    read_splits,
    write_splits,
)

AUDIO = np.linspace(-0.5, 0.5, 16000, dtype=np.float32)


def _curves(frames: int = 30, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((frames, 52)).astype(np.float32)


def _clip(name: str = "a/one", **more) -> Clip:
    return Clip(name, **{"identity": "anna", "text": "Good day, you!", "face": True, **more})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    phones = (Segment(0.0, 0.4, "SIL"), Segment(0.4, 0.9, "AA"))
    head = np.zeros((30, 9), np.float32)
    with ClipWriter(tmp_path, "made up") as writer:
        clip = _clip(emotion="happy", level=0.5, phones=phones)
        face = Face(30, _curves(), start=0.02, neutral=_curves(seed=1), head=head)
        writer.add(clip, AUDIO, face)
        writer.add(_clip("b", face=False, text=None, trainable=False), AUDIO)
        writer.add(_clip("c"), AUDIO, Face(25, vertices=np.ones((25, 7, 3), np.float32)))
    return tmp_path


def test_what_is_written_is_read(folder: Path):
    clips = ClipSet(folder)
    assert (clips.source, len(clips), clips.identities) == ("made up", 3, ("anna",))
    first = clips.named("a/one")
    assert (first.emotion, first.level, first.sentence) == ("happy", 0.5, "good day you")
    assert first.phones[1] == Segment(0.4, 0.9, "AA")
    assert clips[1].sentence == "b"
    assert not clips[1].trainable
    np.testing.assert_allclose(clips.audio(first), AUDIO, atol=1e-4)
    face = clips.face(first)
    assert face is not None
    assert (face.fps, face.start, face.seen) == (30, 0.02, None)
    assert np.array_equal(face.target, _curves())
    assert np.array_equal(face.neutral, _curves(seed=1))
    assert clips.face(clips[1]) is None
    assert clips.face(clips[2]).target.shape == (25, 7, 3)


def test_faces_and_sound_in_other_files_are_read(folder: Path):
    (folder / "faces" / "c.npz").unlink()
    arrays = {"curves": _curves(), "fps": np.array(25.0, np.float32)}
    save_file(arrays, folder / "faces" / "c.safetensors")
    (folder / "audio" / "c.flac").unlink()
    soundfile.write(folder / "audio" / "c.wav", AUDIO, 16000)
    clips = ClipSet(folder)
    assert clips.face(clips.named("c")).fps == 25
    assert len(clips.audio(clips.named("c"))) == 16000


def test_faces_at_the_frame_rate_lie_where_they_were():
    times = 0.1 + np.arange(30) / 30
    face = Face(30, np.repeat(times[:, None], 52, axis=1).astype(np.float32), start=0.1)
    at = face.at_frame_rate(30)
    middles = (np.arange(30) + 0.5) / 25
    real = at["mask"] > 0
    assert real.tolist() == ((middles > 0.083) & (middles < 1.083)).tolist()
    inside = (middles >= 0.1) & (middles <= times[-1])
    np.testing.assert_allclose(at["target"][inside, 3], middles[inside], atol=1e-5)
    assert set(at) == {"mask", "target"}


def test_frames_that_were_not_seen_do_not_count():
    seen = np.ones(25, bool)
    seen[10] = False
    mask = Face(25, _curves(25), start=0.02, seen=seen).at_frame_rate(25)["mask"]
    assert np.flatnonzero(mask == 0).tolist() == [10]
    mask = Face(25, _curves(25), seen=seen).at_frame_rate(24)["mask"]
    assert np.flatnonzero(mask == 0).tolist() == [9, 10]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "../x"}, "cannot name"),
        ({"name": "a b"}, "cannot name"),
        ({"identity": ""}, "no identity"),
        ({"emotion": "bored"}, "none of neutral"),
        ({"level": 2.0}, "within 0 and 1"),
        ({"phones": (Segment(1.0, 0.5, "AA"),)}, "no timed phone"),
        ({"phones": (Segment(0.0, 0.5, "Ä"),)}, "no timed phone"),
    ],
)
def test_clips_that_cannot_be_are_refused(wrong, says):
    with pytest.raises(ClipError, match=says):
        replace(_clip(), **wrong)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"curves": None}, "curves or vertices"),
        ({"curves": _curves()[:, :51]}, r"\[frames, 52\], not \[30, 51\]"),
        ({"curves": _curves()[:0]}, "without frames"),
        ({"curves": _curves() * np.nan}, "not finite"),
        ({"curves": None, "vertices": _curves()}, "vertices, 3"),
        ({"head": np.zeros((30, 7), np.float32)}, r"head is \[30, 9\]"),
        ({"seen": np.ones(3, bool)}, r"seen is \[30\]"),
        ({"fps": 0.0}, "frames a second"),
    ],
)
def test_faces_that_cannot_be_are_refused(wrong, says):
    with pytest.raises(ClipError, match=says):
        Face(**{"fps": 30, "curves": _curves(), **wrong})


def test_writers_refuse_what_does_not_fit(folder: Path):
    with pytest.raises(FileExistsError, match="holds clips already"):
        ClipWriter(folder, "again")
    with ClipWriter(folder, "again", replace=True) as writer:
        writer.add(_clip(), AUDIO, Face(30, _curves()))
        with pytest.raises(ClipError, match="two clips are named"):
            writer.add(_clip(), AUDIO, Face(30, _curves()))
        with pytest.raises(ClipError, match="face is True"):
            writer.add(_clip("d"), AUDIO)
        with pytest.raises(ClipError, match="audio is"):
            writer.add(_clip("d"), AUDIO[:0], Face(30, _curves()))
    assert len(ClipSet(folder)) == 1


def test_an_interrupted_writer_leaves_no_index(tmp_path: Path):
    def interrupted() -> None:
        with ClipWriter(tmp_path / "new", "half") as writer:
            writer.add(_clip(), AUDIO, Face(30, _curves()))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pytest.raises(FileNotFoundError, match=r"data\.prepare"):
        ClipSet(tmp_path / "new")


def _changed(folder: Path, **more) -> None:
    document = json.loads((folder / "clips.json").read_text("utf-8"))
    (folder / "clips.json").write_text(json.dumps({**document, **more}))


def test_broken_folders_say_what_is_wrong(folder: Path):
    clips = ClipSet(folder)
    first = clips.named("a/one")
    np.savez(folder / "faces" / "a" / "one.npz", curves=np.array([{}], object), fps=30)
    with pytest.raises(ClipError, match=r"one\.npz"):
        clips.face(first)
    (folder / "faces" / "a" / "one.npz").unlink()
    with pytest.raises(FileNotFoundError, match="no such face"):
        clips.face(first)
    soundfile.write(folder / "audio" / "a" / "one.flac", AUDIO, 8000)
    with pytest.raises(ClipError, match="16000 Hz mono, it has 8000"):
        clips.audio(first)
    (folder / "audio" / "a" / "one.flac").unlink()
    with pytest.raises(FileNotFoundError, match="no such audio"):
        clips.audio(first)
    with pytest.raises(ClipError, match="no clip 'x'"):
        clips.named("x")
    _changed(folder, clips=[{"name": "a", "identity": "b", "voice": 1}])
    with pytest.raises(ClipError, match="voice"):
        ClipSet(folder)
    _changed(folder, clips=[{"name": "a", "identity": "b"}] * 2)
    with pytest.raises(ClipError, match="twice"):
        ClipSet(folder)
    _changed(folder, version=9)
    with pytest.raises(ClipError, match="not version 1"):
        ClipSet(folder)


def _people(people: int, sentences: int, **more) -> list[Clip]:
    return [
        Clip(f"{p}/{s}", f"p{p}", text=f"sentence {s}", **more)
        for p in range(people)
        for s in range(sentences)
    ]


@pytest.mark.parametrize(
    ("people", "sentences"), [(1, 2), (1, 5), (2, 2), (3, 2), (4, 3), (8, 10), (24, 2), (5, 40)]
)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_splits_keep_words_and_people_apart(people, sentences, seed):
    clips = _people(people, sentences)
    splits = make_splits(clips, SplitPlan(seed=seed))
    check_splits(clips, splits)
    assert sorted(name for names in splits.values() for name in names) == sorted(
        c.name for c in clips
    )
    assert splits["train"]
    assert splits["test_seen"]
    assert bool(splits["test_unseen"]) is (people > 1)
    assert bool(splits["dev"]) is (sentences > 2 or people > 2)
    by_name = {c.name: c for c in clips}
    if sentences > 2:
        spoken = {by_name[n].sentence for n in splits["train"] + splits["tune"]}
        assert not spoken & {by_name[n].sentence for n in splits["dev"]}
    unseen = {by_name[n].identity for n in splits["test_unseen"]}
    assert {by_name[n].identity for n in splits["tune"]} <= unseen


def test_splits_hang_on_names_and_seed_alone():
    clips = _people(6, 8)
    assert make_splits(clips) == make_splits(clips[::-1])
    assert make_splits(clips) != make_splits(clips, SplitPlan(seed=5))
    everybody = make_splits(clips, SplitPlan(test_identities=0.0))
    assert not everybody["test_unseen"]


def test_what_a_set_keeps_for_tests_is_never_learnt_from():
    clips = [replace(c, trainable=c.identity != "p1") for c in _people(4, 6)]
    splits = make_splits(clips, SplitPlan(test_identities=0.0))
    learnt = splits["train"] + splits["dev"] + splits["tune"]
    assert not [n for n in learnt if n.startswith("1/")]
    assert [n for n in splits["left_out"] if n.startswith("1/")]
    alone = make_splits(_people(3, 4, trainable=False))
    assert len(alone["test_unseen"]) == 12


def test_one_sentence_cannot_be_split():
    with pytest.raises(ClipError, match=r"1 sentence\(s\)"):
        make_splits(_people(5, 1))


def test_splits_on_disk_are_checked(tmp_path: Path):
    clips = _people(4, 5)
    plan = SplitPlan()
    splits = make_splits(clips, plan)
    write_splits(tmp_path, splits, plan)
    assert read_splits(tmp_path, clips) == splits
    (tmp_path / "splits.json").write_text("[]")
    with pytest.raises(ClipError, match="cannot read"):
        read_splits(tmp_path, clips)
    with pytest.raises(FileNotFoundError, match=r"splits\.json"):
        read_splits(tmp_path / "none", clips)


@pytest.mark.parametrize(
    ("splits", "says"),
    [
        ({"train": ["9/9"]}, "no clip"),
        ({"train": ["0/0"], "dev": ["0/0"]}, "in train and in dev"),
        ({"train": ["0/0"], "test_seen": ["1/0"]}, "as training does"),
        ({"train": ["0/0"], "test_unseen": ["0/1"]}, "by p0, as training is"),
    ],
)
def test_splits_that_leak_are_refused(splits, says):
    with pytest.raises(ClipError, match=says):
        check_splits(_people(2, 2), splits)


def test_learning_from_tests_is_refused():
    with pytest.raises(ClipError, match="keeps it for tests"):
        check_splits(_people(2, 2, trainable=False), {"dev": ["0/0"]})
