"""`talkface compare`: a page that is blind, balanced and complete, and a score that adds up."""

from __future__ import annotations

import csv
import json
import random
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

import talkface
from talkface import compare
from talkface.cli import BAD_INPUT, OK, main
from talkface.clip import Clip
from talkface.compare.page import ASSETS, FRAME_RATE, animations, frames, sides
from talkface.compare.score import COLUMNS, wilson
from talkface.rig import CHANNELS
from talkface.rotation import from_angles

NAMES = ("line_a", "line_b", "line_c", "line_d", "line_e")
SYSTEMS = ("zebrafish", "quokka")
node = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")


def made_clip(jaw: float, seconds: float = 1.0, rate: int = 25) -> Clip:
    count = round(seconds * rate) + 1
    weights = np.zeros((count, 52), dtype=np.float32)
    weights[:, CHANNELS.index("jawOpen")] = jaw * np.linspace(0.0, 1.0, count)
    turn = np.linspace(0.0, 0.2, count)
    return Clip(
        weights=weights,
        timestamps=np.arange(count) / rate,
        head_rotation=from_angles(turn, 0.5 * turn, 0.0 * turn),
        head_translation=np.zeros((count, 3), dtype=np.float32),
        emotion=np.zeros((count, 0), dtype=np.float32),
        visemes=np.zeros((count, 0), dtype=np.float32),
    )


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Two systems, which open the jaw by 0.25 and 0.75, in different formats and rates."""
    for system, suffix, jaw, rate in (
        ("zebrafish", ".csv", 0.25, 50),
        ("quokka", ".json", 0.75, 25),
    ):
        (tmp_path / system).mkdir()
        for name in NAMES:
            made_clip(jaw, rate=rate).save(tmp_path / system / (name + suffix))
    (tmp_path / "sounds").mkdir()
    for number, name in enumerate(NAMES):
        tone = 0.1 * np.sin(np.arange(16000) * (0.05 + 0.01 * number))
        soundfile.write(tmp_path / "sounds" / f"{name}.flac", tone, 16000)
    return tmp_path


def page(study: Path, *options: str, name: str = "page") -> tuple[dict, dict]:
    command = ["compare", *(str(study / system) for system in SYSTEMS), "--audio"]
    command += [str(study / "sounds"), "-o", str(study / name), *options]
    assert main(command) == OK
    text = (study / name / "index.html").read_text("utf-8")
    data = text.split('id="data">')[1].split("</script>")[0]
    return json.loads(data), json.loads((study / f"{name}.key.json").read_text("utf-8"))


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


def run_node(program: str, given: object) -> str:
    code = "\n".join((ASSETS / name).read_text("utf-8") for name in ("face.js", "page.js"))
    script = code + "\nconst given = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n" + program
    done = subprocess.run(
        ["node", "-e", script], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@node
def test_what_the_page_saves_can_be_scored(study: Path) -> None:
    data, key = page(study)
    chosen = {}
    for clip, row in key["clips"].items():
        chosen[f"{clip} lips"] = "left" if row["left"] == "quokka" else "right"
        chosen[f"{clip} whole"] = "same"
    rater = 'O"Hara, ann'
    text = run_node(
        "process.stdout.write(answersCsv(given.data, given.rater, given.answers));",
        {"data": data, "rater": rater, "answers": chosen},
    )
    (study / "saved.csv").write_bytes(text.encode())
    systems, raters, table = compare.score(study / "page.key.json", [study / "saved.csv"])
    assert systems == SYSTEMS
    assert raters == 1
    found = [(line.first, line.second, line.same) for line in table]
    assert found == [(0, 5, 0), (0, 0, 0), (0, 0, 5)]
    with (study / "saved.csv").open(newline="", encoding="utf-8") as handle:
        assert {row["rater"] for row in csv.DictReader(handle)} == {rater}


@node
def test_the_page_draws_between_its_frames(study: Path) -> None:
    data, _ = page(study)
    program = """
    const side = given.trials[0].left;
    const at = (t) => poseAt(side, given.channels, given.rate, t);
    const said = [-1, 0.5, 0.508, 9].map((t) => [at(t)[0].jawOpen, at(t)[1][0]]);
    console.log(JSON.stringify(said));
    """
    found = json.loads(run_node(program, data))
    rows = data["trials"][0]["left"]
    jaw = [row[CHANNELS.index("jawOpen")] / 1000 for row in rows["weights"]]
    turn = [row[0] / 1000 for row in rows["head"]]
    assert found[0] == [jaw[0], turn[0]]
    assert found[1] == pytest.approx([jaw[30], turn[30]])
    assert jaw[30] < found[2][0] < jaw[31]
    assert found[3] == [jaw[-1], turn[-1]]


@node
def test_every_channel_moves_the_face() -> None:
    program = """
    const seen = (weights, head) => {
      const log = [];
      const ctx = new Proxy({}, {
        get: (_, name) => (...numbers) => {
          if (numbers.some((n) => !Number.isFinite(n))) throw new Error(String(name));
          log.push([name, ...numbers]);
        },
        set: (_, name, value) => log.push([name, value]),
      });
      drawFace(ctx, weights, head);
      return JSON.stringify(log);
    };
    const rest = seen({}, [0, 0, 0]);
    const still = given.filter((name) => seen({ [name]: 0.6 }, [0, 0, 0]) === rest);
    const turns = [[0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1]].filter((h) => seen({}, h) === rest);
    seen(Object.fromEntries(given.map((name) => [name, 1])), [1, 1, 1]);
    console.log(JSON.stringify([still, turns]));
    """
    # mouthClose without an open jaw has nothing to close.
    assert json.loads(run_node(program, list(CHANNELS))) == [["mouthClose"], []]


@node
def test_mouth_close_shuts_an_open_jaw() -> None:
    program = """
    const gap = (weights) => {
      const made = mouthShape((name) => weights[name] || 0);
      return made.Left.lower - made.Left.upper;
    };
    console.log(JSON.stringify(given.map(gap)));
    """
    poses = [{}, {"jawOpen": 0.5}, {"jawOpen": 0.5, "mouthClose": 0.5}]
    rest, opened, shut = json.loads(run_node(program, poses))
    assert rest == shut == 0
    assert opened > 15


DOM = """
class Node {
  constructor() { this.children = []; this.on = {}; this.value = ""; this.currentTime = 0; }
  append(...more) { this.children.push(...more); }
  replaceChildren() { this.children = []; }
  addEventListener(name, run) { this.on[name] = run; }
  getContext() { return new Proxy({}, { get: () => () => {}, set: () => true }); }
  pause() { this.paused = true; }
  play() { this.paused = true; this.on.play(); }
  click() { if (this.download) links.push(this.download); else if (!this.disabled) this.on.click(); }
}
const links = [], saved = [], alerts = [], parts = {};
const page = {
  getElementById: (id) => (parts[id] = parts[id] || new Node()), createElement: () => new Node(),
};
const view = {
  addEventListener() {}, requestAnimationFrame() {}, alert: (text) => alerts.push(text),
  Blob: class { constructor([text]) { saved.push(text); } }, URL: { createObjectURL: () => "" },
};
page.getElementById("data").textContent = JSON.stringify(given);
startPage(page, view);
const fields = () => parts.questions.children;
const choose = (row, column) => fields()[row].children[1 + column].children[0].on.change();
"""


@node
def test_a_rater_goes_through_the_page(study: Path) -> None:
    data, _ = page(study)
    program = """
    const before = fields().map((field) => field.disabled);
    parts.play.click();
    parts.sound.on.ended();
    const after = fields().map((field) => field.disabled);
    choose(0, 0); choose(2, 2);
    const left = parts["left-over"].textContent;
    parts.next.click();
    const second = [parts.sound.src, parts.place.textContent, fields()[0].disabled];
    parts.sound.on.ended();
    choose(1, 1);
    parts.back.click();
    choose(0, 2);
    parts.save.click();
    parts.rater.value = "rater 7";
    parts.save.click();
    console.log(JSON.stringify({ before, after, left, second, alerts, links, saved }));
    """
    found = json.loads(run_node(DOM + program, data))
    assert found["before"] == [True] * 3
    assert found["after"] == [False] * 3
    assert found["left"] == "13 of 15 answers to go"
    assert found["second"] == ["media/02.wav", "Clip 2 of 5", True]
    assert len(found["alerts"]) == 1
    assert found["links"] == ["answers-rater-7.csv"]
    rows = list(csv.reader(found["saved"][0].splitlines()))
    assert [row[1:] for row in rows[1:]] == [
        ["rater 7", "01", "lips", "right"],
        ["rater 7", "01", "whole", "right"],
        ["rater 7", "02", "emotion", "same"],
    ]


def test_animations_of_the_command_are_taken(study: Path, default_face) -> None:
    for system in SYSTEMS:
        for path in (study / system).iterdir():
            path.unlink()
        default_face.animate("examples/speech.wav", fps=30).save(study / system / "speech.csv")
    shutil.rmtree(study / "sounds")
    (study / "sounds").mkdir()
    shutil.copy("examples/speech.wav", study / "sounds")
    data, _ = page(study)
    clip = talkface.load_clip(study / "quokka" / "speech.csv")
    [trial] = data["trials"]
    jaw = np.array(trial["left"]["weights"])[::2, CHANNELS.index("jawOpen")] / 1000
    count = min(len(jaw), len(clip))
    assert np.allclose(jaw[:count], clip.channel("jawOpen")[:count], atol=2e-3)
