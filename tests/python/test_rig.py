"""Names and orders: Python, C and the tables agree."""

from __future__ import annotations

from talkface import _core, knobs
from talkface.rig import CHANNELS, EMOTIONS, LIVE_LINK_CSV_COLUMNS, VISEMES


def test_python_and_c_agree_about_names() -> None:
    assert _core.channels == CHANNELS
    assert _core.emotions == EMOTIONS
    assert _core.visemes == VISEMES


def test_the_order_is_live_links() -> None:
    """Spot checks against the UDP order of Unreal's enum (anchors-sdk.md 7b)."""
    expected = {0: "eyeBlinkLeft", 7: "eyeBlinkRight", 14: "jawForward", 15: "jawLeft",
                17: "jawOpen", 18: "mouthClose",
                21: "mouthLeft", 31: "mouthRollLower", 35: "mouthPressLeft",
                43: "browInnerUp", 46: "cheekPuff", 51: "tongueOut"}  # fmt: skip
    assert len(CHANNELS) == len(set(CHANNELS)) == 52
    for index, name in expected.items():
        assert CHANNELS[index] == name


def test_csv_columns_are_the_channels_and_nine_angles() -> None:
    assert len(LIVE_LINK_CSV_COLUMNS) == 61
    names = {name[0].lower() + name[1:] for name in LIVE_LINK_CSV_COLUMNS[:52]}
    assert names == set(CHANNELS)


def test_knobs_are_described() -> None:
    table = knobs.table()
    assert len(table) >= 10
    for knob in table:
        assert knob.minimum <= knob.default <= knob.maximum
        assert knob.doc.endswith(".")
        assert knob.name == knob.name.lower()
