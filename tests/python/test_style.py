"""Style files: whose face, gains, rests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from streaming import feed

from talkface import TalkFace, TalkFaceError

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests" / "golden" / "tiny"
EMOTION = ROOT / "tests" / "golden" / "tiny_emotion"


def style(**members) -> dict:
    return {"talkface_style": 1, **members}


def test_a_style_is_a_path_text_or_a_mapping(tmp_path: Path, bursts) -> None:
    made = style(identities={"ben": 1})
    path = tmp_path / "ben.json"
    path.write_text(json.dumps(made), "utf-8")
    clips = [
        TalkFace(EMOTION, style=given).animate(bursts)
        for given in (path, str(path), json.dumps(made), made)
    ]
    for clip in clips[1:]:
        assert np.array_equal(clip.weights, clips[0].weights)
    ada = TalkFace(EMOTION).animate(bursts)
    assert not np.array_equal(ada.weights, clips[0].weights)
    same = TalkFace(EMOTION, style=style(identities={"ada": 1})).animate(bursts)
    assert np.array_equal(ada.weights, same.weights)


def test_gain_rest_and_expression(bursts) -> None:
    plain = TalkFace(EMOTION).animate(bursts, emotion="happy")
    wide = TalkFace(EMOTION, style=style(gain={"mouthPucker": 2})).animate(bursts, emotion="happy")
    calm = TalkFace(EMOTION, style=style(expression=0)).animate(bursts, emotion="happy")
    rest = TalkFace(EMOTION, style=style(rest={"mouthDimpleLeft": 0.2})).animate(bursts)
    assert wide.channel("mouthPucker").mean() > 1.3 * plain.channel("mouthPucker").mean()
    assert plain.channel("mouthSmileRight").max() > 0.2
    assert calm.channel("mouthSmileRight").max() == 0
    assert np.allclose(rest.channel("mouthDimpleLeft"), 0.2, atol=1e-5)


def test_a_style_without_identities_fits_any_bundle(bursts) -> None:
    clip = TalkFace(TINY, style=style(rest={"mouthDimpleLeft": 0.2})).animate(bursts)
    assert np.allclose(clip.channel("mouthDimpleLeft"), 0.2, atol=1e-5)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({}, "talkface_style"),
        (style(colour=1), "unknown key"),
        (style(gain={"jawOpen": 9}), "0 to 4"),
        (style(rest={"jawOpen": 0.1}), "must not hold jawOpen"),
        (style(identities={"dan": 1}), "no identity"),
        (style(identities={"ada": 0.2}), "sum to 1"),
        ("{", "style: "),
        ("{" + " " * 70000, "64 KiB"),
    ],
)
def test_bad_styles_are_refused_with_a_reason(bad, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        TalkFace(EMOTION, style=bad)


def test_bad_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        TalkFace(EMOTION, style=tmp_path / "no.json")
    path = tmp_path / "style.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="UTF-8"):
        TalkFace(EMOTION, style=path)
    path.write_bytes(b" " * 70000)
    with pytest.raises(ValueError, match="64 KiB"):
        TalkFace(EMOTION, style=path)
    with pytest.raises(ValueError, match="no identities"):
        TalkFace(TINY, style=style(identities={"ada": 1}))
    with pytest.raises(TalkFaceError, match="update TalkFace"):
        TalkFace(TINY, style={"talkface_style": 2})


def test_a_stream_changes_its_style_between_utterances(emotion_face: TalkFace, bursts) -> None:
    stream = emotion_face.stream()
    stream.set_style(style(rest={"mouthDimpleLeft": 0.2}))
    feed(stream, bursts[:8000])
    with pytest.raises(TalkFaceError, match="not inside"):
        stream.set_style(None)
    stream.flush()
    stream.process()
    stream.set_style(None)
    stream.read()
    parts = feed(stream, bursts[:8000])
    # The first utterance's last frame lies past its end and is read with the second.
    assert max(part.channel("mouthDimpleLeft").max() for part in parts[1:]) == 0


def test_a_saved_state_belongs_to_its_style(emotion_face: TalkFace, bursts) -> None:
    stream = emotion_face.stream()
    stream.set_style(style(expression=0.5))
    feed(stream, bursts[:8000])
    blob = stream.save()
    with pytest.raises(TalkFaceError, match="style"):
        emotion_face.stream().load(blob)
    other = emotion_face.stream()
    other.set_style(style(expression=0.5))
    other.load(blob)
    assert other.save() == blob
