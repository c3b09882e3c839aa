"""What docs/rigs.md and docs/formats.md list is what there is."""

from __future__ import annotations

import re

from clips import make_clip
from pages import ROOT

from talkface.rigs import RIGS, onto, rig
from talkface.sinks import FORMATS


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def test_the_pages_list_what_there_is() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| (\d+) \|", page("rigs.md"), flags=re.M)
    assert {name: int(count) for name, count in rows} == {n: len(rig(n).targets) for n in RIGS}
    sections = re.findall(r"^## (.+)$", page("formats.md"), flags=re.M)
    linked = re.findall(r"^\| \[([\w-]+)\]\(#\1\) \| (\.\w+) \|", page("formats.md"), flags=re.M)
    assert sorted(linked) == sorted((entry.name, entry.suffix) for entry in FORMATS)
    assert sorted(sections) == sorted(dict(linked))


def test_metahumans_counts_are_those_of_the_page() -> None:
    driven = sum(bool(row.sources) for row in rig("metahuman").rows)
    assert f"{driven} of the 251 controls are driven, the other {251 - driven} rest" in page(
        "rigs.md"
    )


def test_an_avatars_names_are_matched_as_the_page_says() -> None:
    mine, found = onto(rig("arkit"), ["BS_jawOpen", "BS_eyeBlink_L", "Hat"])
    assert found.matched == {"BS_jawOpen": "jawOpen", "BS_eyeBlink_L": "eyeBlinkLeft"}
    assert found.unmatched == ("Hat",)
    assert len(found.missing) == 50
    assert mine.apply(make_clip(3)).channels == ("BS_jawOpen", "BS_eyeBlink_L", "Hat")
