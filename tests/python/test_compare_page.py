"""The page of `talkface compare`, run in node: what it draws, asks and saves."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from comparing import SYSTEMS, make_study, page

from talkface import compare
from talkface.compare.page import ASSETS
from talkface.rig import CHANNELS

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_study(tmp_path)


def run_node(program: str, given: object) -> str:
    code = "\n".join((ASSETS / name).read_text("utf-8") for name in ("face.js", "page.js"))
    script = code + "\nconst given = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n" + program
    done = subprocess.run(
        ["node", "-e", script], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


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
  click() { if (this.download) links.push(this.download); else this.on.click(); }
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
