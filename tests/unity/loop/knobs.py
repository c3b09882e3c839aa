"""Write the knobs' C# class from the library's own table.

python tests/unity/loop/knobs.py          writes Runtime/Components/TalkFaceKnobs.cs
python tests/unity/loop/knobs.py --check  exit code 1 when it is not up to date
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np

from talkface.knobs import table

PACKAGE = Path(__file__).resolve().parents[3] / "unity_plugin" / "com.talkface.unity"
TARGET = PACKAGE / "Runtime" / "Components" / "TalkFaceKnobs.cs"

HEAD = """\
// Written by tests/unity/loop/knobs.py from the library's table of knobs; do not edit.
using System;
using UnityEngine;

namespace TalkFace.Unity
{
    /// <summary>Post-processing of a voice; the ranges are the library's.</summary>
    [Serializable]
    public sealed class TalkFaceKnobs
    {
"""
MIDDLE = """\
        [NonSerialized]
        private KnobInfo[] knobs;

        [NonSerialized]
        private float[] given;

        [NonSerialized]
        private FaceStream stream;

        /// <summary>Hands on what has changed; to a new stream, all.</summary>
        public void Apply(FaceStream to)
        {
            if (to != stream)
            {
                knobs = KnobInfo.All;
                given = new float[knobs.Length];
                for (int i = 0; i < given.Length; i++)
                {
                    given[i] = knobs[i].Default;
                }
                stream = to;
            }
"""
TAIL = """\
        }

        private void Give(int index, float value)
        {
            if (given[index] != value)
            {
                stream.SetKnob(knobs[index], value);
                given[index] = value;
            }
        }
    }
}
"""


def camel(name: str) -> str:
    """``head_scale`` as ``headScale``."""
    return re.sub(r"_(\w)", lambda match: match.group(1).upper(), name)


def number(value: float) -> str:
    """The shortest literal of C# that gives the same float."""
    return np.format_float_positional(np.float32(value), trim="-") + "f"


def source() -> str:
    """The class as C#."""
    fields = []
    calls = []
    for index, knob in enumerate(table()):
        low, high, default = (number(v) for v in (knob.minimum, knob.maximum, knob.default))
        doc = knob.doc.replace("\\", "\\\\").replace('"', '\\"')
        fields.append(
            f'        [Range({low}, {high}), Tooltip("{doc}")]\n'
            f"        public float {camel(knob.name)} = {default};\n"
        )
        calls.append(f"            Give({index}, {camel(knob.name)});\n")
    return HEAD + "\n".join(fields) + "\n" + MIDDLE + "".join(calls) + TAIL


def main(argv: list[str]) -> int:
    """Write or check the file."""
    text = source()
    if "--check" in argv:
        current = TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text
        if not current:
            print(f"{TARGET.name} is not what the library's table says; run {Path(__file__).name}")
        return 0 if current else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
