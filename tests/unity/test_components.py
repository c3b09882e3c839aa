"""The package's components, editor code, samples and tests, compiled against the stubs and run in
simulated play loops."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
LOOP = HERE / "loop"
NEGATIVE = HERE / "negative"
sys.path[:0] = [str(HERE), str(LOOP)]
import assemblies  # noqa: E402
from assemblies import PACKAGE  # noqa: E402
from csharp import CompileError  # noqa: E402

OVERLOAD = "CS1502"
"""What mcs says beside CS1503: no overload takes the argument."""

GROUPS = (
    "FamilyCases", "SpeechCases", "PushCases", "ChangeCases", "LoadCases", "LayerCases",
    "LifeCases", "VrmCases", "TimelineCases", "EditorCases", "SampleCases", "RigMapTests",
    "VoiceTests",
    "CrowdCases.TheMeasure", "CrowdCases.AMember", "CrowdCases.ALimit",
)  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lacking = assemblies.tools()
    if lacking:
        pytest.skip(lacking)
    out = tmp_path_factory.mktemp("components")
    assemblies.build(out)
    return out


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    from talkface import _core
    from talkface.runtime import onnxruntime_library

    library = Path(_core.__file__).parent
    if not list(library.glob("libtalkface.*")):
        pytest.skip("libtalkface does not lie beside _core: a development build")
    made = tmp_path_factory.mktemp("made")
    assemblies.prepare(made)
    return assemblies.environment(library, onnxruntime_library(), made)


def ran(result: subprocess.CompletedProcess[str]) -> list[str]:
    """Names of the cases that passed; the whole output where one did not."""
    assert result.returncode == 0, result.stdout + result.stderr
    return re.findall(r"^ok   (\S+)$", result.stdout, re.MULTILINE)


def test_every_source_of_the_package_is_compiled(built: Path) -> None:
    compiled = {path for one in assemblies.package() for path in one.sources}
    assert compiled == set(PACKAGE.rglob("*.cs"))
    for one in assemblies.package():
        assert (built / f"{one.name}.dll").is_file() == bool(one.sources), one.name
    folders = {path.relative_to(PACKAGE).parts[0] for path in compiled}
    assert folders == {"Runtime", "Editor", "Samples~", "Tests"}


@pytest.mark.parametrize(
    ("installed", "compiled"),
    [
        ([], []),
        (["com.vrmc.univrm"], ["TalkFace.Vrm0"]),
        (["com.vrmc.vrm"], ["TalkFace.Vrm1"]),
        (["com.vrmc.univrm", "com.vrmc.vrm"], ["TalkFace.Vrm0", "TalkFace.Vrm1"]),
    ],
)
def test_what_needs_univrm_is_compiled_where_it_is(
    installed: list[str], compiled: list[str]
) -> None:
    there = assemblies.package(frozenset(installed))
    assert sorted(one.name for one in there if "Vrm" in one.name) == compiled
    assert not any("Vrm" in name for one in there for name in one.references)
    assert {"TalkFace.Runtime", "TalkFace.Editor", "TalkFace.Tests"} <= {one.name for one in there}


def test_only_the_native_layer_and_the_core_use_pointers() -> None:
    assert {one.name for one in assemblies.package() if one.unsafe} == {
        "TalkFace.Native",
        "TalkFace.Core",
    }


def test_nothing_newer_than_unitys_older_profile_is_used() -> None:
    """Mono's library has Span, that of Unity 2021 with .NET 4.x has not."""
    for path in PACKAGE.rglob("*.cs"):
        assert not re.search(r"\b(ReadOnly)?(Span|Memory)<", path.read_text("utf-8")), path.name


def test_an_assembly_that_refers_to_nothing_known_is_refused(built: Path) -> None:
    lost = assemblies.Assembly("Lost", [LOOP / "cases" / "Program.cs"], ["TalkFace.Nowhere"])
    with pytest.raises(CompileError, match=r"TalkFace\.Nowhere, which nothing makes"):
        assemblies.compile_one(lost, built)


def test_knobs_are_the_librarys() -> None:
    checked = subprocess.run(
        [sys.executable, str(LOOP / "knobs.py"), "--check"], check=False, capture_output=True
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("group", GROUPS)
def test_loop(built: Path, environment: dict[str, str], group: str) -> None:
    assert ran(assemblies.run(built, environment, group))


def test_no_managed_memory_in_a_frame_of_32(built: Path, environment: dict[str, str]) -> None:
    result = assemblies.run(built, environment, "CrowdCases.ThirtyTwo")
    assert "32 voices, 600 frames: 0 bytes of managed memory" in result.stdout, result.stdout


def test_ten_minutes_with_an_audio_thread(built: Path, environment: dict[str, str]) -> None:
    assert ran(assemblies.run(built, environment, "CrowdCases.TenMinutes")) == [
        "CrowdCases.TenMinutesWithAnAudioThread"
    ]


def test_every_case_runs() -> None:
    """A case that no group names would never run."""
    alone = ("CrowdCases.ThirtyTwo", "CrowdCases.TenMinutes")
    case = re.compile(r"\[(?:Unity)?Test\]\s+public \w+ (\w+)\(")
    there = [
        f"{path.stem}.{name}"
        for folder in (LOOP / "cases", PACKAGE / "Tests")
        for path in folder.rglob("*.cs")
        for name in case.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(there) > 70
    assert [name for name in there if not name.startswith((*GROUPS, *alone))] == []


def test_a_failing_case_fails_the_run(built: Path, environment: dict[str, str]) -> None:
    broken = environment | {"TALKFACE_TEST_STREAMING_ASSETS": "/nowhere"}
    result = assemblies.run(built, broken, "SpeechCases.TheFaceShows")
    assert result.returncode == 1
    assert "FAIL SpeechCases.TheFaceShowsTheCoresPoses" in result.stdout
    assert assemblies.run(built, environment, "NoSuchCase").returncode == 1


def described(path: Path, what: str) -> list[str]:
    """Words of a line ``// what: ...`` of a negative test."""
    line = re.search(rf"^// {what}: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert line is not None, f"{path.name} does not say what it {what}"
    return re.findall(r"[\w.-]+", line[1])


@pytest.mark.parametrize("path", sorted(NEGATIVE.glob("*.cs")), ids=lambda path: path.stem)
def test_misuse_does_not_compile(built: Path, path: Path) -> None:
    references = described(path, "references")
    engine = "-engine" not in references
    one = assemblies.Assembly(
        path.stem, [path], [name for name in references if name != "-engine"], engine=engine
    )
    assemblies.compile_one(one, built)
    wrong = assemblies.Assembly(f"{path.stem}Wrong", [path], one.references, engine=engine)
    with pytest.raises(CompileError) as refused:
        assemblies.compile_one(wrong, built, defines="WRONG")
    codes = set(re.findall(r"error (CS\d+)", str(refused.value))) - {OVERLOAD}
    assert codes == set(described(path, "fails with")), str(refused.value)
