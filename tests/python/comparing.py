"""A study of two made systems, and the page that `talkface compare` makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import soundfile

from talkface.cli import OK, main
from talkface.clip import Clip
from talkface.rig import CHANNELS
from talkface.rotation import from_angles

NAMES = ("line_a", "line_b", "line_c", "line_d", "line_e")
SYSTEMS = ("zebrafish", "quokka")


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


def make_study(folder: Path) -> Path:
    """Two systems, which open the jaw by 0.25 and 0.75, in different formats and rates."""
    for system, suffix, jaw, rate in (
        ("zebrafish", ".csv", 0.25, 50),
        ("quokka", ".json", 0.75, 25),
    ):
        (folder / system).mkdir()
        for name in NAMES:
            made_clip(jaw, rate=rate).save(folder / system / (name + suffix))
    (folder / "sounds").mkdir()
    for number, name in enumerate(NAMES):
        tone = 0.1 * np.sin(np.arange(16000) * (0.05 + 0.01 * number))
        soundfile.write(folder / "sounds" / f"{name}.flac", tone, 16000)
    return folder


def page(study: Path, *options: str, name: str = "page") -> tuple[dict, dict]:
    command = ["compare", *(str(study / system) for system in SYSTEMS), "--audio"]
    command += [str(study / "sounds"), "-o", str(study / name), *options]
    assert main(command) == OK
    text = (study / name / "index.html").read_text("utf-8")
    data = text.split('id="data">')[1].split("</script>")[0]
    return json.loads(data), json.loads((study / f"{name}.key.json").read_text("utf-8"))
