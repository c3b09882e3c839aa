"""Each signature of the engine names its page; the checker notices one that does not."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import lint_modules  # noqa: E402
import stub_docs  # noqa: E402

PAGE = "https://dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Core/FText"
GOOD = f"#pragma once\n\n// Docs: {PAGE}\nclass FText {{\n public:\n  bool IsEmpty() const;\n}};\n"


def test_every_signature_has_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert stub_docs.main() == 0, capsys.readouterr().out


def test_a_right_header_passes() -> None:
    assert stub_docs.problems("Text.h", GOOD) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace(f"// Docs: {PAGE}\n", ""), "no page"),
        (GOOD.replace(f"Docs: {PAGE}", "a string"), "no page"),
        (GOOD.replace("https://dev.epicgames.com", "https://example.com"), "no page"),
        (GOOD + "\nvoid Free();\n", "no page"),
        (GOOD + "\n#define CHECK(X) X\n", "no page"),
        (GOOD + "\ntemplate <typename T>\nT Make();\n", "no page"),
        (GOOD + "\nusing FOther = FText;\n", "no page"),
        (GOOD + "struct FSecond {\n  int A;\n};\n", "2 types with 1 page"),
        (
            GOOD + f"\n// Docs: {PAGE}\nint Sum() {{ int A = 1; int B = 2; A += B; return A; }}\n",
            "signatures, not code",
        ),
    ],
)  # fmt: skip
def test_a_wrong_header_is_noticed(text: str, says: str) -> None:
    found = stub_docs.problems("Text.h", text)
    assert len(found) == 1
    assert says in found[0]


def test_forward_declarations_need_no_page() -> None:
    assert stub_docs.problems("Text.h", GOOD + "\nclass FOther;\n") == []


def test_stubs_that_nothing_needs_are_gone() -> None:
    sources = HERE.parents[1] / "unreal_plugin/TalkFace/Source"
    texts = [
        p.read_text(encoding="utf-8") for p in sources.rglob("*") if p.suffix in (".h", ".cpp")
    ]
    texts += [p.read_text(encoding="utf-8") for p in stub_docs.STUBS.rglob("*.h")]
    texts += [p.read_text(encoding="utf-8") for p in (HERE / "negative").glob("*.cpp")]
    included = {path for text in texts for _, path in lint_modules.INCLUDE.findall(text)}
    assert set(lint_modules.engine_headers()) - included == set()
