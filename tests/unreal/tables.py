"""Tables of the Unreal plugin, made from talkface's own: ``python tests/unreal/tables.py``.

Names and the MetaHuman map live in python/talkface; here they become C++ that the plugin compiles,
and the JSON that it ships. A test makes them again and compares.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from talkface.live.livelink import VALUE_NAMES
from talkface.rig import CHANNELS
from talkface.rigs import rig
from talkface.rigs.names import PREFIXES, pascal
from talkface.sinks.csv_sink import EYE_RADIANS_AT_ONE

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "unreal_plugin/TalkFace"
CORE = PLUGIN / "Source/TalkFaceCore/Public/TalkFaceCore"
HEAD = "// Made by tests/unreal/tables.py; change its sources, not this file.\n"


def names_inl() -> str:
    """The 61 values of an ARKit subject as Unreal spells them, and what the matcher knows."""
    shipped = [
        r"bs",
        r"blend_?shapes?\d*",
        r"arkit",
        r"face",
        r"head",
        r"shape",
        r"morph",
        r"a\d\d",
    ]
    if list(PREFIXES) != shipped:
        raise SystemExit("prefixes of talkface.rigs.names changed: adapt Names.h, then this list")
    lines = [f'    "{pascal(name)}",' for name in VALUE_NAMES]
    return (
        HEAD
        + "inline constexpr std::array<const char*, ValueCount> ArkitNames = {{\n"
        + "\n".join(lines)
        + "\n}};\n"
        + f"inline constexpr double EyeRadiansAtOne = {EYE_RADIANS_AT_ONE};\n"
    )


def metahuman_inl() -> str:
    """The MetaHuman map: control names, and a term for each weight."""
    rows = rig("metahuman").rows
    terms = []
    for target, row in enumerate(rows):
        if row.neutral or (row.sources and row.span != (0.0, 1.0)):
            raise SystemExit(f"{row.target}: MetaHumanMap.h expects range [0, 1] and neutral 0")
        for source, weight in row.sources.items():
            terms.append(f"    {{{target}, {CHANNELS.index(source)}, {weight}}},")
    names = "\n".join(f'    "{row.target}",' for row in rows)
    return (
        HEAD
        + f"inline constexpr std::size_t ControlCount = {len(rows)};\n"
        + "inline constexpr std::array<const char*, ControlCount> ControlNames = {{\n"
        + f"{names}\n}}}};\n"
        + f"inline constexpr std::array<MapTerm, {len(terms)}> MetaHumanTerms = {{{{\n"
        + "\n".join(terms)
        + "\n}};\n"
    )


def tables() -> dict[Path, str]:
    """Every made file and its text."""
    stored = (files("talkface.rigs") / "data" / "metahuman.json").read_text("utf-8")
    return {
        CORE / "ArkitNames.inl": names_inl(),
        CORE / "MetaHumanTable.inl": metahuman_inl(),
        PLUGIN / "Content/Data/metahuman.json": stored,
    }


def main() -> None:
    for path, text in tables().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
