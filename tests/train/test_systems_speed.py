"""What systems cost: the command makes, exports, streams and tells."""

from __future__ import annotations

from talkface_export import systems_speed


def test_a_system_is_measured_both_ways(capsys):
    assert systems_speed.main(["ecoface", "--seconds", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[2] for line in lines[2:4]] == [
        "stateful",
        "windows of 1 s every 0.96 s",
    ]
    costs = [float(line.split(" | ")[3]) for line in lines[2:4]]
    assert all(cost > 0 for cost in costs)
    assert "21.99" in lines[-1]


def test_a_system_that_is_none_is_named(capsys):
    assert systems_speed.main(["lipsync"]) == 2
    assert "no system lipsync" in capsys.readouterr().err
