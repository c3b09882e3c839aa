"""Every source of the Unreal plugin compiles against the signatures; what is wrong does not."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import compile as check  # noqa: E402
import knobs  # noqa: E402

from talkface import _core  # noqa: E402

NEGATIVE = sorted((HERE / "negative").glob("*.cpp"))
INSTALLED = [c for c in check.COMPILERS if shutil.which(c)]

pytestmark = pytest.mark.skipif(len(INSTALLED) < 2, reason="needs g++ and clang++")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    check.write_generated(folder, check.sources())
    return folder


def run(path: Path, compiler: str, generated: Path, *extra: str) -> check.Result:
    common = check.arguments(generated, "TalkFaceEditor")
    return check.compile_file(path, compiler, [*common, "-DWITH_EDITOR=1", *extra])


def test_every_source_compiles() -> None:
    results = check.compile_all()
    assert [f"{r.compiler} {r.path}\n{r.output}" for r in results if not r.ok] == []
    seen, files = check.coverage(results)
    assert files - seen == set()
    assert len(files) > 60


@pytest.mark.parametrize("compiler", check.COMPILERS)
def test_what_is_right_compiles(compiler: str, generated: Path, tmp_path: Path) -> None:
    together = tmp_path / "right.cpp"
    together.write_text("".join(f'#include "{p}"\n' for p in NEGATIVE), encoding="utf-8")
    result = run(together, compiler, generated)
    assert result.ok, result.output


@pytest.mark.parametrize("compiler", check.COMPILERS)
@pytest.mark.parametrize("path", NEGATIVE, ids=lambda p: p.stem)
def test_what_is_wrong_does_not(path: Path, compiler: str, generated: Path) -> None:
    result = run(path, compiler, generated, "-DWRONG")
    expected = re.search(r"^// Expect: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert expected is not None
    assert not result.ok
    errors = "\n".join(line for line in result.output.split("\n") if "error:" in line)
    assert re.search(expected.group(1), errors), result.output


def tiny(folder: Path, **files: str) -> Path:
    """A plugin of one module, Tiny."""
    source = folder / "Source"
    for name, text in {"Public/Tiny.h": "#pragma once\n", **files}.items():
        path = source / "Tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return source


def missing(source: Path) -> set[str]:
    results = check.compile_all(source, ("g++", "clang++"))
    seen, files = check.coverage(results, source)
    return {p.name for p in files - seen}


def test_coverage_counts_what_failed(tmp_path: Path) -> None:
    source = tiny(tmp_path, **{"Private/Bad.cpp": '#include "Tiny.h"\nint32 No() { return 1; }\n'})
    assert missing(source) == {"Bad.cpp"}


def test_coverage_counts_what_nothing_includes(tmp_path: Path) -> None:
    assert missing(tiny(tmp_path, **{"Public/Lost.inl": "int Lost();\n"})) == {"Lost.inl"}


def test_coverage_is_whole_for_a_right_plugin(tmp_path: Path) -> None:
    text = '#include "Tiny.h"\n#include "Part.inl"\n'
    files = {"Private/Tiny.cpp": text, "Public/Part.inl": "int Part();\n"}
    assert missing(tiny(tmp_path, **files)) == set()


def test_a_class_that_the_engine_cannot_make_is_noticed(tmp_path: Path) -> None:
    header = '#pragma once\n#include "LiveLinkSourceFactory.h"\n#include "Source.generated.h"\n'
    header += "UCLASS()\nclass USource : public ULiveLinkSourceFactory\n{\n\tGENERATED_BODY()\n};\n"
    source = tiny(tmp_path, **{"Public/Source.h": header})
    results = check.compile_all(source, ("g++",))
    assert [r.path.name for r in results if not r.ok] == ["Concrete.Tiny.cpp"]


def test_headers_stand_alone(tmp_path: Path) -> None:
    header = "#pragma once\nFString Name();\n"
    source = tiny(tmp_path, **{"Public/Needy.h": header})
    assert missing(source) == {"Needy.h"}


def test_generated_body_knows_its_class(tmp_path: Path) -> None:
    header = tmp_path / "Some.h"
    text = '#include "Some.generated.h"\nUCLASS()\nclass X_API USome : public UObject\n'
    text += "{\n\tGENERATED_BODY()\n};\n"
    header.write_text(text, encoding="utf-8")
    made = check.generated_text(header)
    assert "FID_Some_5_GENERATED_BODY" in made
    assert "using Super = UObject;" in made
    assert "UClass* StaticClass()" in made


def test_generated_body_without_a_class_is_an_error(tmp_path: Path) -> None:
    header = tmp_path / "Some.h"
    header.write_text("class USome\n{\n\tGENERATED_BODY()\n};\n", encoding="utf-8")
    with pytest.raises(ValueError, match="without a UCLASS or USTRUCT"):
        check.generated_text(header)


def test_knobs_are_those_of_the_library() -> None:
    assert knobs.HEADER.read_text(encoding="utf-8") == knobs.header()


def test_old_knobs_are_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "TalkFaceKnobs.h"
    old.write_text(knobs.header().replace("lower_strength", "lower_gain"), encoding="utf-8")
    monkeypatch.setattr(knobs, "HEADER", old)
    monkeypatch.setattr(knobs, "ROOT", tmp_path.parent)
    monkeypatch.setattr(knobs, "__file__", str(tmp_path / "knobs.py"))
    monkeypatch.setattr(sys, "argv", ["knobs.py", "--check"])
    assert knobs.main() == 1
    assert "is old" in capsys.readouterr().out


def test_emotions_have_the_librarys_order() -> None:
    text = (check.SOURCE / "TalkFaceRuntime/Public/TalkFaceTypes.h").read_text(encoding="utf-8")
    listed = re.search(r"enum class ETalkFaceEmotion : uint8\s*\{([^}]*)\}", text)
    assert listed is not None
    names = [name.strip().lower() for name in listed.group(1).split(",")]
    assert names == list(_core.emotions)


def test_regions_are_those_of_the_mixer() -> None:
    types = (check.SOURCE / "TalkFaceRuntime/Public/TalkFaceTypes.h").read_text(encoding="utf-8")
    mixer = check.SOURCE / "TalkFaceCore/Public/TalkFaceCore/LayerMixer.h"
    core = dict(re.findall(r"(\w+) = (\d+)[,;]", mixer.read_text(encoding="utf-8")))
    listed = re.search(r"enum class ETalkFaceRegion : uint8\s*\{([^}]*)\}", types)
    assert listed is not None
    ours = dict(re.findall(r"(\w+) = (\d+)", listed.group(1)))
    del ours["None"]
    assert ours == {name: core[name] for name in ours}
    assert len(ours) == 7
