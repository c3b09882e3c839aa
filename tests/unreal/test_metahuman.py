"""The tables that the Unreal plugin ships: current, and the MetaHuman map complete."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from loading import load

from talkface.rig import CHANNELS
from talkface.rigs import load_map, rig

tables = load("tests/unreal/tables.py")

SHIPPED = tables.PLUGIN / "Content/Data/metahuman.json"


@pytest.mark.parametrize("path", sorted(tables.tables()), ids=lambda path: path.name)
def test_tables_are_current(path: Path) -> None:
    assert path.read_text("utf-8") == tables.tables()[path], "run tests/unreal/tables.py"


def test_the_shipped_map_is_the_one_of_python() -> None:
    assert load_map(SHIPPED) == rig("metahuman")


@pytest.mark.data
def test_all_251_controls_are_accounted_for(data_root: Path) -> None:
    lines = (data_root / "metahuman_controls.txt").read_text("utf-8").splitlines()
    controls = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    rows = json.loads(SHIPPED.read_text("utf-8"))["rows"]
    assert [row["to"] for row in rows] == [f"CTRL_expressions_{name}" for name in controls]
    assert len(rows) == 251
    for row in rows:
        assert row["why"], row["to"]
        assert bool(row["from"]) != row["why"].startswith("neutral: "), row["to"]


def test_every_channel_drives_a_control_of_its_own_side() -> None:
    rows = rig("metahuman").rows
    for channel in CHANNELS:
        driven = [row.target for row in rows if row.sources.get(channel)]
        assert driven, channel
        side = re.search(r"(Left|Right)$", channel)
        if side and channel not in ("jawLeft", "jawRight", "mouthLeft", "mouthRight"):
            assert {target[-1] for target in driven} == {side[1][0]}, channel


@pytest.mark.parametrize("side", ["Left", "Right"])
def test_in_and_out_of_an_eye_are_left_and_right_of_the_character(side: str) -> None:
    inward = "Right" if side == "Left" else "Left"
    outward = side
    sources = {
        row.target.removeprefix("CTRL_expressions_"): row.sources for row in rig("metahuman").rows
    }
    assert sources[f"eyeLook{inward}{side[0]}"] == {f"eyeLookIn{side}": 1.0}
    assert sources[f"eyeLook{outward}{side[0]}"] == {f"eyeLookOut{side}": 1.0}


def test_a_map_that_the_table_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from talkface.rigs import RigMap

    original = rig("metahuman")
    rows = (replace(original.rows[0], neutral=0.1), *original.rows[1:])
    monkeypatch.setattr(tables, "rig", lambda name: RigMap(name, rows))
    with pytest.raises(SystemExit, match="browDownL"):
        tables.metahuman_inl()
