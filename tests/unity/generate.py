"""Writes what the Unity package takes from the Python sources: names and rig maps.

``python tests/unity/generate.py`` writes, ``--check`` only compares (exit status 1: out of date).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from talkface import rig as arkit
from talkface.rigs import names, rig

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "unity_plugin" / "com.talkface.unity"
RIGS = (
    "arkit", "cc4", "metahuman", "oculus15", "vrm0", "vrm1", "readyplayerme",
    "readyplayerme-extras",
)  # fmt: skip
"""Shipped maps; ARKit's other spellings need none, as names are matched in any of them."""

NAMES = """\
// Written by tests/unity/generate.py from python/talkface; do not edit.
using System.Collections.Generic;

namespace TalkFace
{{
    /// <summary>ARKit's 52 channels in the order of a pose's weights.</summary>
    public enum Channel
    {{
{enum}
    }}

    /// <summary>The library's names, and spellings under which others are known.</summary>
    public static class Names
    {{
        public static readonly string[] Channels =
        {{
{channels}
        }};

        public static readonly string[] Emotions = {{ {emotions} }};

        /// <summary>The 15 of Oculus.</summary>
        public static readonly string[] Visemes = {{ {visemes} }};

        /// <summary>Patterns before an underscore that are taken off a name, of any case.</summary>
        internal static readonly string[] PrefixPatterns = {{ {prefixes} }};

        /// <summary>Lower-case spellings of visemes beside their own names.</summary>
        internal static readonly Dictionary<string, string> VisemeSpellings =
            new Dictionary<string, string>
        {{
{spellings}
        }};
    }}
}}
"""


def quoted(items: Iterable[str], verbatim: bool = False) -> str:
    return ", ".join(f'{"@" if verbatim else ""}"{item}"' for item in items)


def lines(items: Iterable[str]) -> str:
    return "\n".join(items)


def files() -> dict[Path, str]:
    """Every generated file by its path."""
    pascal = [names.pascal(name) for name in arkit.CHANNELS]
    own = {name.lower() for name in arkit.VISEMES}
    spelled = {key: value for key, value in names._VISEME.items() if key not in own}
    made = {
        PACKAGE / "Runtime/Core/Names.cs": NAMES.format(
            enum=lines(f"        {name} = {index}," for index, name in enumerate(pascal)),
            channels=lines(f'            "{name}",' for name in arkit.CHANNELS),
            emotions=quoted(arkit.EMOTIONS),
            visemes=quoted(arkit.VISEMES),
            prefixes=quoted(names.PREFIXES, verbatim=True),
            spellings=lines(f'            {{ "{k}", "{v}" }},' for k, v in spelled.items()),
        )
    }
    for name in RIGS:
        document = rig(name).as_dict()
        rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in document.pop("rows"))
        head = json.dumps(document, ensure_ascii=False)[:-1]
        made[PACKAGE / f"Runtime/Resources/TalkFace/Rigs/{name}.json"] = (
            f'{head},\n "rows": [\n  {rows}\n]}}\n'
        )
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args().check
    stale = 0
    for path, text in files().items():
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if check:
            print(f"{path.relative_to(ROOT)} is out of date: run tests/unity/generate.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
