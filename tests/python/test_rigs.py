"""Rigs: names matched in any order and spelling, and linear maps by name."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from clips import make_clip, seeds
from hypothesis import given, settings
from hypothesis import strategies as st

from talkface import Clip
from talkface.rig import CHANNELS, VISEMES
from talkface.rigs import (
    MEDIAPIPE,
    RIGS,
    RigMap,
    Row,
    arkit_clip,
    channel_name,
    identify,
    load_map,
    match,
    onto,
    rig,
    to_arkit,
    viseme_name,
)
from talkface.rigs.names import pascal, sided

SPELLINGS = {
    "camel": str,
    "pascal": pascal,
    "lower": str.lower,
    "upper": str.upper,
    "sided": sided,
    "maya": lambda name: f"blendShape1.{sided(name)}",
    "namespaced": lambda name: f"hero:head_blendShapes.{name}",
    "bs": lambda name: f"BS_{name}",
    "numbered": lambda name: f"A25_{sided(pascal(name))}",
}
ARKIT_RIGS = [name for name in RIGS if name.startswith("arkit")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("eyeBlinkLeft", "eyeBlinkLeft"),
        ("EyeBlinkLeft", "eyeBlinkLeft"),
        ("eyeBlink_L", "eyeBlinkLeft"),
        ("Eye_Blink_L", "eyeBlinkLeft"),
        ("blendShape2.eyeBlink_R", "eyeBlinkRight"),
        ("head_blendShapes_mouthSmileLeft", "mouthSmileLeft"),
        ("A25_Jaw_Open", "jawOpen"),
        ("Jaw_L", "jawLeft"),
        ("jaw open", "jawOpen"),
        ("_neutral", None),
        ("CTRL_expressions_jawOpen", None),
        ("Eye_L_Look_Up", None),
        ("mouthSmile", None),
        ("", None),
    ],
)
def test_spellings(text: str, name: str | None) -> None:
    assert channel_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("viseme_PP", "PP"), ("vrc.v_aa", "aa"), ("ih", "I"), ("OU", "U"), ("oh", "O"),
     ("viseme_sil", "sil"), ("jawOpen", None)],
)  # fmt: skip
def test_viseme_spellings(text: str, name: str | None) -> None:
    assert viseme_name(text) == name


def test_no_two_channels_share_a_spelling() -> None:
    for spell in SPELLINGS.values():
        assert len({channel_name(spell(name)) for name in CHANNELS}) == 52


@settings(max_examples=60, deadline=None)
@given(seed=seeds, count=st.integers(1, 52), strangers=st.integers(0, 3))
def test_columns_in_any_order_and_spelling_come_by_name(seed, count, strangers) -> None:
    """52 named weights in, the same 52 out, whatever their order, spelling and company."""
    shuffle = random.Random(seed)
    names = shuffle.sample(CHANNELS, count)
    spelled = [SPELLINGS[shuffle.choice(sorted(SPELLINGS))](name) for name in names]
    spelled += [f"stranger{i}" for i in range(strangers)]
    order = shuffle.sample(range(len(spelled)), len(spelled))
    clip = make_clip(3, seed=seed, channels=tuple(spelled[i] for i in order))
    back, found = to_arkit(clip)
    assert back.channels == CHANNELS
    for name, given_name in zip(names, spelled, strict=False):
        assert np.array_equal(back.channel(name), clip.channel(given_name))
    assert set(found.unmatched) == {f"stranger{i}" for i in range(strangers)}
    assert set(found.missing) == set(CHANNELS) - set(names)
    assert not back.weights[:, [CHANNELS.index(name) for name in found.missing]].any()


def test_two_columns_of_one_channel_are_refused() -> None:
    with pytest.raises(ValueError, match="both name jawOpen"):
        match(["jawOpen", "JawOpen"])
    with pytest.raises(ValueError, match="none of the 2 channels"):
        to_arkit(make_clip(1, channels=("left", "right")))


def test_mediapipe_is_neutral_first_and_has_no_tongue() -> None:
    assert MEDIAPIPE[0] == "_neutral"
    assert len(MEDIAPIPE) == 52
    assert "tongueOut" not in MEDIAPIPE
    assert MEDIAPIPE[1:4] == ("browDownLeft", "browDownRight", "browInnerUp")
    assert not rig("mediapipe").apply(make_clip(2)).channel("_neutral").any()


@pytest.mark.parametrize("name", [*ARKIT_RIGS, "mediapipe", "readyplayerme"])
def test_arkit_rigs_carry_the_values_and_come_back(name: str) -> None:
    clip = make_clip(4, seed=3)
    made = rig(name).apply(clip)
    assert identify(made.channels) == "arkit"
    back, found = to_arkit(made)
    lost = {"tongueOut"} if name == "mediapipe" else set()
    assert set(found.missing) == lost
    for channel in set(CHANNELS) - lost:
        assert np.array_equal(back.channel(channel), clip.channel(channel))


@settings(max_examples=30, deadline=None)
@given(seed=seeds, name=st.sampled_from(RIGS))
def test_a_map_is_linear_by_name(seed: int, name: str) -> None:
    """Against a sum written out by hand, with the clip's columns permuted."""
    shuffle = random.Random(seed)
    order = shuffle.sample(range(52), 52)
    plain = make_clip(3, seed=seed)
    clip = make_clip(3, seed=seed, channels=tuple(CHANNELS[i] for i in order))
    clip.weights[:] = plain.weights[:, order]
    made = rig(name).apply(clip)
    assert made.weights.dtype == np.float32
    assert np.array_equal(made.weights, rig(name).apply(plain).weights)
    sources = {n: plain.channel(n) for n in CHANNELS}
    sources |= {f"viseme_{n}": plain.visemes[:, i] for i, n in enumerate(VISEMES)}
    row = shuffle.choice(rig(name).rows)
    expected = sum((w * sources[n] for n, w in row.sources.items()), np.zeros(3)) + row.neutral
    if row.span:
        expected = np.clip(expected, *row.span)
    assert np.allclose(made.channel(row.target), expected, atol=1e-6)
    assert np.array_equal(made.head_rotation, clip.head_rotation)


@pytest.mark.data
def test_every_metahuman_control_is_mapped_or_neutral_with_a_reason(data_root: Path) -> None:
    lines = (data_root / "metahuman_controls.txt").read_text("utf-8").splitlines()
    controls = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    assert len(controls) == 251
    rows = rig("metahuman").rows
    assert [row.target for row in rows] == [f"CTRL_expressions_{name}" for name in controls]
    for row in rows:
        assert row.why, row.target
        assert bool(row.sources) != row.why.startswith("neutral"), row.target
    assert {name for row in rows for name in row.sources} == set(CHANNELS)


def one(name: str, value: float = 1.0) -> Clip:
    clip = make_clip(1)
    clip.weights[:] = 0
    clip.weights[:, CHANNELS.index(name)] = value
    return clip


def driven(rig_name: str, channel: str) -> set[str]:
    made = rig(rig_name).apply(one(channel))
    return {name for name in made.channels if made.channel(name)[0] > 0}


@pytest.mark.parametrize(
    ("channel", "metahuman", "cc4"),
    [
        ("eyeLookOutLeft", "eyeLookLeftL", "Eye_L_Look_L"),
        ("eyeLookInLeft", "eyeLookRightL", "Eye_L_Look_R"),
        ("eyeLookInRight", "eyeLookLeftR", "Eye_R_Look_L"),
        ("eyeLookOutRight", "eyeLookRightR", "Eye_R_Look_R"),
    ],
)
def test_eyes_in_and_out_become_left_and_right(channel, metahuman, cc4) -> None:
    assert driven("metahuman", channel) == {f"CTRL_expressions_{metahuman}"}
    assert driven("cc4", channel) == {cc4}


@pytest.mark.parametrize("name", ["vrm0", "vrm1"])
def test_vrm_gaze_and_lids(name: str) -> None:
    looks = {"eyeLookOutLeft": "lookleft", "eyeLookInRight": "lookleft",
             "eyeLookInLeft": "lookright", "eyeLookUpRight": "lookup"}  # fmt: skip
    for channel, look in looks.items():
        assert {target.lower() for target in driven(name, channel)} == {look}
    blink = "Blink_L" if name == "vrm0" else "blinkLeft"
    assert driven(name, "eyeBlinkLeft") == {blink}


def test_sealed_lips_close_every_vrm_vowel() -> None:
    clip = one("jawOpen", 0.3)
    clip.weights[:, [CHANNELS.index(n) for n in ("mouthPressLeft", "mouthPressRight")]] = 0.4
    clip.weights[:, CHANNELS.index("mouthClose")] = 0.3
    made = rig("vrm1").apply(clip)
    assert max(made.channel(name)[0] for name in ("aa", "ih", "ou", "ee", "oh")) == 0
    assert rig("vrm1").apply(one("jawOpen", 0.4)).channel("aa")[0] == pytest.approx(0.8)


@pytest.mark.parametrize(
    "name", ["metahuman", "metahuman-dna", "cc4", "oculus15", *ARKIT_RIGS, "readyplayerme"]
)
def test_a_map_that_loses_nothing_can_be_turned_round(name: str) -> None:
    clip = make_clip(5, seed=9)
    back = rig(name).inverse().apply(rig(name).apply(clip))
    if name == "oculus15":
        assert np.allclose(back.weights, clip.visemes, atol=1e-6)
        return
    assert np.allclose(to_arkit(back)[0].weights, clip.weights, atol=1e-6)


def test_a_map_that_merges_cannot() -> None:
    for name in ("vrm0", "vrm1", "readyplayerme-extras"):
        with pytest.raises(ValueError, match="cannot be turned round"):
            rig(name).inverse()


@pytest.mark.parametrize("name", RIGS)
def test_rigs_are_told_by_their_names(name: str) -> None:
    expected = name
    if name.startswith("arkit") or name in ("mediapipe", "readyplayerme"):
        expected = "arkit"
    targets = list(rig(name).targets)
    random.Random(1).shuffle(targets)
    assert identify(targets) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("sil PP FF TH DD kk CH SS nn RR aa E ih oh ou", "oculus15"),
        (" ".join(f"vrc.v_{name.lower()}" for name in VISEMES), "oculus15"),
        ("A I U E O", "vrm0"),
        ("aa ih ou ee oh", "vrm1"),
    ],
)
def test_visemes_are_told_in_any_spelling(names: str, expected: str) -> None:
    assert identify(names.split()) == expected


def test_an_avatar_with_the_52_and_much_else_is_an_arkit_one() -> None:
    names = [*(f"Fcl_{i}" for i in range(100)), *CHANNELS]
    assert identify(names) == "arkit"
    assert identify(names[:120]) is None


def test_strange_names_are_no_rig() -> None:
    assert identify(["alpha", "beta"]) is None
    assert identify([]) is None
    with pytest.raises(ValueError, match="metahuman"):
        rig("metahumans")


def test_a_report_says_what_was_used() -> None:
    rig_map = RigMap(
        "m", (Row("a", {"jawOpen": 1.0}), Row("b", {"purr": 1.0}), Row("c", {}, neutral=0.5))
    )
    clip = make_clip(2, channels=("JawOpen", "tail"))
    report = rig_map.report(clip)
    assert report.matched == ("JawOpen",)
    assert report.unmatched == ("tail",)
    assert report.missing == ("purr",)
    assert report.driven == ("a",)
    assert report.neutral == ("b", "c")
    made = rig_map.apply(clip)
    assert np.array_equal(made.channel("a"), clip.channel("JawOpen"))
    assert not made.channel("b").any()
    assert (made.channel("c") == 0.5).all()


def test_visemes_are_asked_for_when_absent() -> None:
    clip = to_arkit(make_clip(2))[0]
    object.__setattr__(clip, "visemes", np.zeros((2, 0), dtype=np.float32))
    with pytest.raises(ValueError, match="keeps no visemes"):
        rig("oculus15").apply(clip)
    report = rig("oculus15").report(make_clip(2))
    assert report.matched == tuple(f"viseme_{name}" for name in VISEMES)


def test_an_avatars_own_names() -> None:
    mine = ["BS_jawOpen", "BS_eyeBlink_L", "hat", "BS_mouthSmile_R"]
    rig_map, found = onto(rig("arkit"), mine)
    assert found.unmatched == ("hat",)
    clip = make_clip(3)
    made = rig_map.apply(clip)
    assert made.channels == tuple(mine)
    assert np.array_equal(made.channel("BS_eyeBlink_L"), clip.channel("eyeBlinkLeft"))
    assert not made.channel("hat").any()
    visemes, _ = onto(rig("oculus15"), ["vrc.v_pp", "vrc.v_oh"])
    assert np.array_equal(visemes.apply(clip).channel("vrc.v_oh"), clip.visemes[:, 13])
    with pytest.raises(ValueError, match="none of the 1 targets"):
        onto(rig("arkit"), ["hat"])


def test_clips_that_must_be_arkit() -> None:
    clip = make_clip(2)
    assert arkit_clip(clip, "x") is clip
    assert arkit_clip(rig("arkit-app").apply(clip), "x").channels == CHANNELS
    with pytest.raises(ValueError, match=r"x needs ARKit.*lacks 51"):
        arkit_clip(rig("vrm1").apply(clip), "x")


def test_a_users_map_survives_its_file(tmp_path: Path) -> None:
    for name in RIGS:
        path = rig(name).save(tmp_path / f"{name}.json")
        assert load_map(path) == rig(name)


GOOD = {
    "format": "talkface-rig-map", "version": 1, "name": "mine",
    "rows": [{"to": "Jaw", "from": {"JawOpen": 0.8, "mouthClose": -0.3}, "range": [0, 1]}],
}  # fmt: skip


def test_a_users_map(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(GOOD))
    clip = make_clip(4)
    made = load_map(path).apply(clip)
    expected = np.clip(0.8 * clip.channel("jawOpen") - 0.3 * clip.channel("mouthClose"), 0, 1)
    assert np.allclose(made.channel("Jaw"), expected, atol=1e-6)


def changed(**changes: object) -> str:
    document = json.loads(json.dumps(GOOD))
    row = {k: changes.pop(k) for k in list(changes) if k in ("to", "from", "range", "neutral")}
    document["rows"][0] |= row
    return json.dumps(document | changes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", 'needs "format"'),
        (changed(format="other"), 'needs "format"'),
        (changed(version="one"), 'needs "version"'),
        (changed(version=9), "newer"),
        (changed(name=""), 'needs a "name"'),
        (changed(rows={}), 'needs "rows"'),
        (changed(rows=[]), "no rows"),
        (changed(rows=[1]), "row 1 must be an object"),
        (changed(rules=[]), "unknown rules"),
        (changed(to=3), 'needs "to"'),
        (changed(**{"from": ["jawOpen"]}), 'needs "from"'),
        (changed(**{"from": {"jawOpen": "much"}}), "'much' is not a number"),
        (changed(**{"from": {"jawOpen": True}}), "is not a number"),
        (changed(**{"from": {"jawOpen": 1, "JawOpen": 1}}), "names jawOpen twice"),
        (changed(**{"from": {"jawOpen": 1}}).replace("1}", "NaN}", 1), "'nan' is not a number"),
        (changed(range=[1]), "lowest, highest"),
        (changed(range=[1, 0]), "below its start"),
        (changed(neutral=None), "is not a number"),
        (changed(rows=[*GOOD["rows"], *GOOD["rows"]]), "names a target twice: Jaw"),
    ],
)
def test_bad_maps_are_refused_with_a_reason(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=words) as caught:
        load_map(path)
    assert str(path) in str(caught.value)


def test_a_map_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_map(tmp_path / "none.json")
