"""Writes TalkFaceKnobs.h of the Unreal plugin from the library's knob table: `python knobs.py`.

With --check it writes nothing and fails when the file is not what the table gives.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from talkface import _core

ROOT = Path(__file__).resolve().parents[2]
HEADER = ROOT / "unreal_plugin/TalkFace/Source/TalkFaceRuntime/Public/TalkFaceKnobs.h"

HEAD = """// Made by tests/unreal/knobs.py from the library's table; change that, not this file.
#pragma once

#include "CoreMinimal.h"
#include "UObject/ObjectMacros.h"
#include "TalkFaceKnobs.generated.h"

/** Post-processing of one character. */
USTRUCT(BlueprintType)
struct TALKFACERUNTIME_API FTalkFaceKnobs
{
\tGENERATED_BODY()
"""

FIELD = """
\t/** {doc} */
\tUPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "TalkFace", \
meta = (ClampMin = "{low}", ClampMax = "{high}"))
\tfloat {title} = {default}f;
"""

TAIL = """
\t/** Visit(name in the library, value) for every knob. */
\ttemplate <typename FVisitor>
\tvoid ForEach(FVisitor&& Visit) const
\t{{
{visits}
\t}}

\t/** The field of a knob, or null. */
\tfloat* Find(FName Name)
\t{{
{finds}
\t\treturn nullptr;
\t}}
}};
"""


def number(value: float) -> str:
    """The shortest text that a float reads back as the same value."""
    return str(float(str(np.float32(value))))


def header() -> str:
    """Text of TalkFaceKnobs.h."""
    fields, visits, finds = [], [], []
    for name, default, low, high, doc in _core.knobs():
        title = "".join(part.capitalize() for part in name.split("_"))
        fields.append(
            FIELD.format(
                doc=doc, low=number(low), high=number(high), title=title, default=number(default)
            )
        )
        visits.append(f'\t\tVisit("{name}", {title});')
        finds.append(
            f'\t\tif (Name == FName(TEXT("{name}")))\n\t\t{{\n\t\t\treturn &{title};\n\t\t}}'
        )
    return HEAD + "".join(fields) + TAIL.format(visits="\n".join(visits), finds="\n".join(finds))


def main() -> int:
    """0, or 1 when --check finds another text in the file."""
    text = header()
    if "--check" not in sys.argv[1:]:
        HEADER.write_text(text, encoding="utf-8")
        return 0
    if HEADER.is_file() and HEADER.read_text(encoding="utf-8") == text:
        return 0
    print(f"{HEADER.relative_to(ROOT)} is old: run python {Path(__file__).relative_to(ROOT)}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
