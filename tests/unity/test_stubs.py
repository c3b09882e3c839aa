"""Signatures of the engine: each names its page, and the script that says so can fail."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

STUBS = Path(__file__).parent / "stubs"
spec = importlib.util.spec_from_file_location("stub_pages", STUBS / "pages.py")
assert spec is not None
assert spec.loader is not None
pages = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pages)

HEAD = "// Pages: https://docs.unity3d.com/ScriptReference/\nnamespace UnityEngine\n{\n"


def found(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "Stub.cs"
    path.write_text(text, encoding="utf-8")
    missing = pages.missing(path)
    assert isinstance(missing, list)
    return missing


@pytest.mark.parametrize("path", sorted(STUBS.glob("*.cs")), ids=lambda path: path.name)
def test_every_stub_names_its_page(path: Path) -> None:
    assert pages.missing(path) == []


def test_the_script_counts_what_is_there() -> None:
    """It reads declarations, so a form that it cannot read must not pass as none at all."""
    seen = 0
    public = 0
    for path in STUBS.glob("*.cs"):
        text = path.read_text(encoding="utf-8")
        seen += sum(1 for _ in pages.declarations(text))
        public += sum(line.strip().startswith("public ") for line in text.splitlines())
    assert public > 400
    assert seen >= public


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("class none\n{\n}\n", "says where its pages are"),
        (HEAD + "    public class Light\n    {\n    }\n}\n", "type Light names no page"),
        (HEAD + "    public class Light // Lamp.html\n    {\n    }\n}\n", "not the page of Light"),
        (
            HEAD + "    public class Light // Light.html\n    {\n"
            "        public float range { get; set; }\n    }\n}\n",
            "range names no page",
        ),
        (
            HEAD + "    public class Light // Light.html\n    {\n"
            "        public float range { get; set; } // Light-color.html\n    }\n}\n",
            "range should name Light-range.html",
        ),
        (
            HEAD + "    public class Light // Light.html\n    {\n"
            "        public void Reset() { } // Light-color.html Light-range.html\n    }\n}\n",
            "Reset should name",
        ),
        (
            HEAD + "    public struct Vector4 // Vector4.html\n    {\n"
            "        public float x, y; // Vector4-x.html\n    }\n}\n",
            "y should name Vector4-y.html",
        ),
        (
            HEAD + "    public interface IBake // IBake.html\n    {\n"
            "        void Bake();\n    }\n}\n",
            "Bake names no page",
        ),
    ],
    ids=[
        "no base", "type", "wrong type", "member", "wrong member", "method", "second field",
        "interface",
    ],
)  # fmt: skip
def test_a_stub_without_its_page_is_found(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in line for line in found(tmp_path, text)), found(tmp_path, text)


def test_a_page_may_stand_on_the_line_above(tmp_path: Path) -> None:
    text = (
        HEAD + "    public class Light // Light.html\n    {\n        // Light.Reset.html\n"
        "        public void Reset()\n        {\n            int x = 1;\n        }\n    }\n}\n"
    )
    assert found(tmp_path, text) == []


def test_a_library_without_a_reference_is_named_by_its_source(tmp_path: Path) -> None:
    head = "// Pages: https://github.com/vrm-c/UniVRM/blob/master/\n"
    named = "public class Lamp // Runtime/Lamp.cs\n{\n    public int Watt; // docs/lamp.md\n}\n"
    assert found(tmp_path, head + named) == []
    assert found(tmp_path, head + named.replace(" // docs/lamp.md", " // of a lamp")) != []


def test_the_command_fails_on_a_bad_folder(tmp_path: Path) -> None:
    (tmp_path / "Stub.cs").write_text(HEAD + "    public class Light\n    {\n    }\n}\n")
    command = [sys.executable, str(STUBS / "pages.py")]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    bad = subprocess.run([*command, str(tmp_path)], check=False, capture_output=True, text=True)
    assert bad.returncode == 1
    assert "Stub.cs:4: type Light names no page" in bad.stdout
