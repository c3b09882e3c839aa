"""The articulation model: laws, timing, languages; and the aperture."""

from __future__ import annotations

import numpy as np
import pytest

from talkface.rig import CHANNELS
from talkface_train.articulation import aperture, load_articulation, sealed
from talkface_train.articulation.model import expansion
from talkface_train.data.phones import (
    PHONES,
    VISEME_OF,
    Segment,
    from_arpabet,
    from_emodb,
    from_festival,
    from_ipa,
)

FPS = 200
MODEL = load_articulation()


def say(*phones: tuple[str, float], lead: float = 0.3) -> list[Segment]:
    segments = [Segment(0, lead, "SIL")]
    for phone, length in (*phones, ("SIL", 0.4)):
        start = segments[-1].end
        segments.append(Segment(start, start + length, phone))
    return segments


def curves(segments) -> dict[str, np.ndarray]:
    table = MODEL.curves(segments, int(segments[-1].end * FPS), FPS)
    return dict(zip(MODEL.channels, table.T, strict=True))


def at(values: np.ndarray, seconds: float) -> float:
    return float(values[round(seconds * FPS)])


@pytest.mark.parametrize("phone", ["P", "B", "M"])
def test_bilabials_seal_between_vowels(phone: str) -> None:
    c = curves(say(("AA", 0.15), (phone, 0.08), ("AA", 0.15)))
    closed = sealed(c)
    [(start, end)] = MODEL.closures(say(("AA", 0.15), (phone, 0.08), ("AA", 0.15)))
    inside = np.arange(len(closed)) / FPS
    assert closed[(inside > start) & (inside < end)].all()
    assert not closed[(inside > 0.36) & (inside < start - 0.05)].any()
    assert (c["mouthClose"] <= c["jawOpen"] + 1e-6).all()


@pytest.mark.parametrize("phone", ["AA", "S", "F", "UW", "TH", "L", "K", "SH"])
def test_nothing_else_seals(phone: str) -> None:
    c = curves(say(("AA", 0.15), (phone, 0.1), ("AA", 0.15)))
    assert not sealed(c)[round(0.36 * FPS) : round(0.66 * FPS)].any()


def test_shapes_go_to_their_channels() -> None:
    def peak(phone: str, channel: str) -> float:
        return float(curves(say(("AH", 0.1), (phone, 0.14), ("AH", 0.1)))[channel].max())

    assert peak("UW", "mouthPucker") > 0.25 > 4 * peak("IY", "mouthPucker")
    assert peak("IY", "mouthStretch") > 0.15 > peak("UW", "mouthStretch")
    assert peak("F", "mouthRollLower") > 0.2 > peak("S", "mouthRollLower")
    assert peak("TH", "tongueOut") > 0.2 > peak("S", "tongueOut")
    assert peak("AA", "jawOpen") > peak("IH", "jawOpen") > peak("S", "jawOpen") - 0.12
    assert peak("SH", "mouthFunnel") > 0.15 > peak("S", "mouthFunnel")


def test_the_mouth_rests_in_silence() -> None:
    c = curves(say(("AA", 0.3), lead=0.5))
    table = np.stack(list(c.values()))
    assert table[:, : round(0.4 * FPS)].max() < 1e-6
    assert table[:, round(0.9 * FPS) :].max() < 1e-6


def test_strength_scales_and_closures_survive_it() -> None:
    segments = say(("AA", 0.15), ("M", 0.1), ("AA", 0.15))
    weak = MODEL.curves(segments, 200, FPS, strength=0.5)
    full = MODEL.curves(segments, 200, FPS)
    jaw = MODEL.channels.index("jawOpen")
    assert weak[80, jaw] == pytest.approx(full[80, jaw] / 2, abs=1e-3)
    assert sealed(dict(zip(MODEL.channels, weak.T, strict=True))).any()


def test_hand_labelled_closures_win() -> None:
    segment = Segment(1.0, 1.2, "P", closed=(1.02, 1.09))
    assert MODEL.closures([segment]) == [(1.02, 1.09)]
    [(start, end)] = MODEL.closures([Segment(1.0, 1.2, "P")])
    assert (start, end) == (pytest.approx(1.016), pytest.approx(1.15))


def test_touching_closures_are_one() -> None:
    assert len(MODEL.closures([Segment(0, 0.1, "M"), Segment(0.1, 0.2, "B")])) == 1
    assert len(MODEL.closures([Segment(0, 0.1, "M"), Segment(0.3, 0.4, "B")])) == 2


def test_every_phone_has_a_shape_a_viseme_and_smooth_curves() -> None:
    for phone in PHONES:
        assert phone in VISEME_OF
        assert MODEL.target(phone).shape == (len(MODEL.channels),)
        c = np.stack(list(curves(say(("AA", 0.1), (phone, 0.09), ("IY", 0.1))).values()))
        assert c.min() >= 0
        assert c.max() <= 1
        assert np.abs(np.diff(c, axis=1)).max() < 0.09  # per 5 ms


def test_the_aperture_is_defined_once() -> None:
    # fmt: off
    channels = {"jawOpen": [0.3, 0.3, 0.02, 0.5, 0.5], "mouthClose": [0.0, 0.29, 0.0, 0.0, 0.0],
                "mouthPressLeft": [0, 0, 0, 0.4, 0], "mouthPressRight": [0, 0, 0, 0.2, 0],
                "mouthRollLower": [0, 0, 0, 0, 0.5], "mouthRollUpper": [0, 0, 0, 0, 0.1]}
    # fmt: on
    arrays = {name: np.float32(values) for name, values in channels.items()}
    assert np.allclose(aperture(arrays), [0.3, 0.01, 0.02, 0.5, 0.5])
    assert sealed(arrays).tolist() == [False, True, True, True, False]


def test_channels_expand_to_both_sides() -> None:
    names, matrix = expansion(MODEL.channels)
    assert set(names) <= set(CHANNELS)
    assert list(names) == sorted(names, key=CHANNELS.index)
    row = np.zeros(len(MODEL.channels))
    row[MODEL.channels.index("mouthPress")] = 0.7
    out = dict(zip(names, row @ matrix, strict=True))
    assert out["mouthPressLeft"] == out["mouthPressRight"] == pytest.approx(0.7)
    assert sum(out.values()) == pytest.approx(1.4)


def test_an_unknown_version_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        load_articulation("v999")


@pytest.mark.parametrize(
    ("convert", "pairs"),
    [
        (from_festival, {"ax": "AH", "pau": "SIL", "dh": "DH", "zz": "UNK"}),
        (from_arpabet, {"AA1": "AA", "SIL": "SIL", "UNK": "UNK", "b": "B"}),
        (from_ipa, {"\u02c8a\u026a": "AY", "t\u0283": "CH", "y\u02d0": "UE", "\u00f8": "OE",
                    "\u02c8w": "W", "SIL": "SIL", "x": "XX", "@@": "UNK"}),
        (from_emodb, {"aI": "AY", "9": "OE", "C": "XX", "": "UNK", "?": "SIL"}),
    ],
)  # fmt: skip
def test_phone_sets_map_onto_ours(convert, pairs) -> None:
    for symbol, phone in pairs.items():
        assert convert(symbol) == phone, symbol
