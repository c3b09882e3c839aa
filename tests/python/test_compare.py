"""`talkface compare`: a page that is blind, balanced and complete, and a score that adds up."""

from __future__ import annotations

import csv
import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from comparing import NAMES, SYSTEMS, made_clip, make_study, page

import talkface
from talkface import compare
from talkface.cli import BAD_INPUT, OK, main
from talkface.compare.page import FRAME_RATE, animations, frames, sides
from talkface.compare.score import COLUMNS, wilson
from talkface.rig import CHANNELS

SPEECH = Path(__file__).resolve().parents[2] / "examples" / "speech.wav"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_study(tmp_path)


def test_nothing_in_the_page_names_a_system_or_a_clip(study: Path) -> None:
    page(study)
    files = [path for path in (study / "page").rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"index.html", *(f"0{n}.wav" for n in range(1, 6))}
    for path in files:
        said = path.read_bytes().lower() + str(path.relative_to(study / "page")).encode()
        for name in (*SYSTEMS, *NAMES):
            assert name.encode() not in said, (path, name)
    assert "key" not in {path.stem for path in files}
    key = (study / "page.key.json").read_text("utf-8")
    assert all(name in key for name in (*SYSTEMS, *NAMES))


def test_both_sides_have_the_same_form(study: Path) -> None:
    data, _ = page(study)
    for trial in data["trials"]:
        for part, width in (("weights", 52), ("head", 3)):
            rows = [np.array(trial[side][part]) for side in ("left", "right")]
            assert rows[0].shape == rows[1].shape == (FRAME_RATE + 1, width)


def test_the_key_tells_what_is_where(study: Path) -> None:
    data, key = page(study)
    jaw = {"zebrafish": 250, "quokka": 750}
    assert key["page"] == data["page"]
    assert sorted(row["name"] for row in key["clips"].values()) == sorted(NAMES)
    for trial in data["trials"]:
        row = key["clips"][trial["clip"]]
        for side in ("left", "right"):
            assert trial[side]["weights"][-1][CHANNELS.index("jawOpen")] == jaw[row[side]]
        given, rate = soundfile.read(study / "sounds" / f"{row['name']}.flac")
        heard, written = soundfile.read(study / "page" / "media" / f"{trial['clip']}.wav")
        assert rate == written
        assert np.abs(given - heard).max() < 1e-4


def test_sides_are_balanced_and_seeded(study: Path) -> None:
    for count in (1, 2, 7, 20):
        drawn = [sides(count, random.Random(seed)) for seed in range(40)]
        assert all(abs(2 * sum(sided) - count) <= 1 for sided in drawn)
        assert len({tuple(sided) for sided in drawn}) > 1
    one, again, other = (
        page(study, "--seed", seed, name=name)[1]
        for seed, name in (("3", "a"), ("3", "b"), ("4", "c"))
    )
    assert one == again
    assert one["clips"] != other["clips"]
    lefts = [row["left"] for row in one["clips"].values()]
    assert sorted(map(lefts.count, SYSTEMS)) == [2, 3]


def test_frames_lie_between_those_of_the_file() -> None:
    rows = frames(made_clip(0.8, rate=25), 1.0, Path("x"))
    jaw = [row[CHANNELS.index("jawOpen")] for row in rows["weights"]]
    assert jaw == [round(800 * k / FRAME_RATE) for k in range(FRAME_RATE + 1)]
    assert rows["head"][-1] == [200, 100, 0]
    held = frames(made_clip(0.8, seconds=0.6), 1.0, Path("x"))["weights"]
    assert held[-1] == held[-20]
    with pytest.raises(ValueError, match=r"x lasts 0\.40 s, its sound 1\.00 s"):
        frames(made_clip(0.8, seconds=0.4), 1.0, Path("x"))


def test_what_is_missing_is_named(study: Path, capsys) -> None:
    def complaint(*changes: str) -> str:
        command = ["compare", *(str(study / system) for system in SYSTEMS), "--audio"]
        assert (
            main([*command, str(study / "sounds"), "-o", str(study / "page"), *changes])
            == BAD_INPUT
        )
        assert not (study / "page").exists()
        return capsys.readouterr().err

    (study / "sounds" / "line_c.flac").unlink()
    assert "sounds has no sound of line_c" in complaint()
    (study / "quokka" / "line_b.json").unlink()
    assert "quokka has no animation of line_b" in complaint()
    shutil.copy(study / "quokka" / "line_a.json", study / "quokka" / "line_b.json")
    (study / "zebrafish" / "line_d.csv").rename(study / "zebrafish" / "other.csv")
    assert "quokka has no animation of other" in complaint()
    (study / "zebrafish" / "other.csv").unlink()
    assert "zebrafish has no animation of line_d" in complaint()
    shutil.copy(study / "quokka" / "line_a.json", study / "zebrafish" / "line_a.json")
    assert "zebrafish has two animations of line_a" in complaint()
    assert "raters see it" in complaint("--key", str(study / "page" / "key.json"))


def test_other_misuse_is_refused(study: Path, capsys) -> None:
    quokka, sounds = str(study / "quokka"), str(study / "sounds")
    for command, said in (
        ([quokka, quokka, "--audio", sounds, "-o", str(study / "p")], "with itself"),
        ([quokka, str(study / "zebrafish"), "-o", str(study / "p")], "--audio"),
        ([quokka, str(study / "zebrafish"), "--audio", sounds, "-o", sounds], "in the way"),
        ([quokka, sounds, "--audio", sounds, "-o", str(study / "p")], "no animations"),
        ([quokka, str(study / "no"), "--audio", sounds, "-o", str(study / "p")], "no such"),
        ([quokka, "--score", "key.json", "--audio", sounds], "nothing else"),
    ):
        assert main(["compare", *command]) == BAD_INPUT
        assert said in capsys.readouterr().err


def test_lists_do_for_folders(study: Path) -> None:
    (study / "some.txt").write_text("quokka/line_b.json\n\nquokka/line_d.json\n", "utf-8")
    found = animations(study / "some.txt")
    assert {name: path.resolve() for name, path in found.items()} == {
        name: (study / "quokka" / f"{name}.json").resolve() for name in ("line_b", "line_d")
    }


def test_wilson_intervals_have_known_values() -> None:
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for hits, count, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
    ):  # fmt: skip
        assert wilson(hits, count) == pytest.approx((low, high), abs=6e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def answers(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([COLUMNS, *rows])
    return path


@pytest.fixture
def key(tmp_path: Path) -> Path:
    clips = {
        "01": {"name": "x", "left": "one", "right": "two"},
        "02": {"name": "y", "left": "two", "right": "one"},
    }
    document = {
        "format": "talkface-compare-key",
        "version": 1,
        "page": "p",
        "systems": ["one", "two"],
    }
    path = tmp_path / "key.json"
    path.write_text(json.dumps({**document, "clips": clips}), "utf-8")
    return path


def test_scores_are_those_counted_by_hand(tmp_path: Path, key: Path, capsys) -> None:
    ann = answers(tmp_path / "ann.csv", [
        ("p", "ann", "01", "lips", "left"), ("p", "ann", "02", "lips", "left"),
        ("p", "ann", "01", "whole", "right"),
    ])  # fmt: skip
    bob = answers(tmp_path / "bob.csv", [
        ("p", "bob", "01", "lips", "left"), ("p", "bob", "02", "lips", "right"),
        ("p", "bob", "01", "whole", "same"),
    ])  # fmt: skip
    systems, raters, table = compare.score(key, [ann, bob])
    assert (systems, raters) == (("one", "two"), 2)
    counted = {line.question: (line.first, line.second, line.same) for line in table}
    assert counted == {"lips": (3, 1, 0), "emotion": (0, 0, 0), "whole": (0, 1, 1)}
    assert table[0].share == 0.75
    assert table[0].interval == pytest.approx((0.3006, 0.9544), abs=1e-4)
    assert main(["compare", "--score", str(key), str(ann), str(bob)]) == OK
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "2 raters"
    assert said[2].split() == ["lips", "3", "1", "0", "75.0%", "30.1%", "to", "95.4%"]
    assert said[3].split() == ["emotion", "0", "0", "0", "-", "-"]


def test_answers_that_do_not_fit_are_refused(tmp_path: Path, key: Path) -> None:
    good = ("p", "ann", "01", "lips", "left")
    for row, said in (
        (("q", *good[1:]), "another page"),
        (("p", "ann", "09", "lips", "left"), "no sense"),
        (("p", "ann", "01", "nose", "left"), "no sense"),
        (("p", "ann", "01", "lips", "up"), "no sense"),
        (("p", "ann", "01", "lips"), "damaged"),
        (good, "second time"),
    ):
        with pytest.raises(ValueError, match=said):
            compare.score(key, [answers(tmp_path / "a.csv", [good, row])])
    (tmp_path / "b.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(ValueError, match="columns"):
        compare.score(key, [tmp_path / "b.csv"])
    (tmp_path / "other.json").write_text("{}", "utf-8")
    with pytest.raises(ValueError, match="not the key"):
        compare.score(tmp_path / "other.json", [tmp_path / "b.csv"])


def test_animations_of_the_command_are_taken(study: Path, default_face) -> None:
    for system in SYSTEMS:
        for path in (study / system).iterdir():
            path.unlink()
        default_face.animate(SPEECH, fps=30).save(study / system / "speech.csv")
    shutil.rmtree(study / "sounds")
    (study / "sounds").mkdir()
    shutil.copy(SPEECH, study / "sounds")
    data, _ = page(study)
    clip = talkface.load_clip(study / "quokka" / "speech.csv")
    [trial] = data["trials"]
    jaw = np.array(trial["left"]["weights"])[::2, CHANNELS.index("jawOpen")] / 1000
    count = min(len(jaw), len(clip))
    assert np.allclose(jaw[:count], clip.channel("jawOpen")[:count], atol=2e-3)
