"""The Unity package's engine-free layers, compiled by mcs, run by mono on the real library."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clips import make_clip
from numpy.typing import NDArray

from talkface import TalkFace
from talkface.clip import Clip
from talkface.rigs import ALPHABETICAL, RIGS, channel_name, identify, onto, rig, viseme_name

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/unity"))
import csharp  # noqa: E402

FAMILIES = json.loads((ROOT / "tests/unity/fixtures/families.json").read_text("utf-8"))
SHIPPED = ROOT / "unity_plugin/com.talkface.unity/Runtime/Resources/TalkFace/Rigs"
GROUPS = ("Native", "Stream", "Crowd", "Long", "Clock", "Ring", "Axes", "Layer", "Bake", "Rig")
CORE = ROOT / "unity_plugin/com.talkface.unity/Runtime/Core"
NATIVE = ROOT / "unity_plugin/com.talkface.unity/Runtime/Native"
SLOTS = 52 + 8 + 15 + 4 + 3 + 1
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def given(tmp_path_factory: pytest.TempPathFactory, speech: NDArray[np.float32]) -> dict[str, str]:
    """What the C# tests find in their environment."""
    folder = tmp_path_factory.mktemp("given")
    speech.astype("<f4").tofile(folder / "speech.f32")
    lines = [
        f"{name}\t{family['rig']}\t{family['matched']}\t{family['names'].replace(' ', ',')}"
        for name, family in FAMILIES.items()
    ]
    lines += [_whole_rig(name) for name in RIGS if name != "metahuman-dna"]  # names in DNA files
    (folder / "families.tsv").write_text("\n".join(lines), "utf-8")
    (folder / "spellings.tsv").write_text("\n".join(map(_spelling, sorted(_names()))), "utf-8")
    (folder / "mapped.tsv").write_text("\n".join(_mapped()), "utf-8")
    return {
        "TALKFACE_TEST_BUNDLE": str(TalkFace().path),
        "TALKFACE_TEST_SPEECH": str(folder / "speech.f32"),
        "TALKFACE_TEST_RIGS": str(SHIPPED),
        "TALKFACE_TEST_FAMILIES": str(folder / "families.tsv"),
        "TALKFACE_TEST_SPELLINGS": str(folder / "spellings.tsv"),
        "TALKFACE_TEST_MAPPED": str(folder / "mapped.tsv"),
    }


def _whole_rig(name: str) -> str:
    """All names of a rig that Python knows, as a line of families.tsv."""
    targets = rig(name).targets
    found = identify(targets)
    assert found is not None, name
    known = len(onto(rig(found), targets)[1].matched)
    return f"{name}\t{found}\t{known}\t{','.join(targets)}"


def _names() -> set[str]:
    """Every name of every rig and family, and some that are none."""
    names = {name for family in FAMILIES.values() for name in family["names"].split()}
    names.update(target for name in RIGS for target in rig(name).targets)
    names.update(f"head_blendShapes.BS_{name}" for name in ALPHABETICAL)
    odd = {"jaw", "left", "L", "_", "a25_", " jawOpen ", "Face_ARKit_jaw-Open", "v_v_aa", "x:y|E"}
    return names | odd


def _spelling(name: str) -> str:
    return f"{name}\t{channel_name(name) or ''}\t{viseme_name(name) or ''}"


def _mapped() -> list[str]:
    lines: list[str] = []
    for path in sorted(SHIPPED.glob("*.json")):
        clip = make_clip(2, seed=len(lines))
        targets = rig(path.stem).apply(clip).weights
        for index in range(2):
            sources = np.concatenate([clip.weights[index], clip.visemes[index]])
            lines.append(f"{path.stem}\t{_text(sources)}\t{_text(targets[index])}")
    return lines


def _text(values: NDArray[np.float32]) -> str:
    return " ".join(repr(float(value)) for value in values)


@pytest.mark.parametrize("group", GROUPS)
def test_the_tests_in_csharp_pass(
    group: str, core_tests: Path, mono: Run, given: dict[str, str]
) -> None:
    done = mono(core_tests, f"{group}Tests.", more=given)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)


def test_no_group_is_forgotten() -> None:
    sources = (ROOT / "tests/unity/core").glob("*.cs")
    text = "".join(path.read_text("utf-8") for path in sources)
    found = re.findall(r"\[Tests\]\s+public static class (\w+)Tests", text)
    assert sorted(found) == sorted(GROUPS)


def test_a_run_without_tests_fails(core_tests: Path, mono: Run) -> None:
    done = mono(core_tests, "NoSuchTests.")
    assert done.returncode == 1
    assert "0 passed, 0 failed" in done.stdout


def test_a_failing_test_fails(core_tests: Path, mono: Run, given: dict[str, str]) -> None:
    done = mono(
        core_tests, "RigTests.FamiliesAreKnown", more=given | {"TALKFACE_TEST_FAMILIES": ""}
    )
    assert done.returncode == 1
    assert "FAIL RigTests.FamiliesAreKnown: TALKFACE_TEST_FAMILIES" in done.stdout


@pytest.mark.parametrize(
    ("platform", "problem"), [("UNITY_WEBGL", "no talkface library for WebGL"), ("UNITY_IOS", "")]
)
def test_other_platforms_compile(
    platform: str, problem: str, core: tuple[Path, Path], mono: Run, tmp_path: Path
) -> None:
    del core  # mcs is there
    sources = sorted(NATIVE.glob("*.cs"))
    native = csharp.compile_cs(sources, tmp_path / "TalkFace.Native.dll", define=platform)
    (tmp_path / "Ask.cs").write_text(
        "public static class Ask { public static void Main() {"
        "System.Console.Write(TalkFace.Native.NativeLibrary.Problem); } }"
    )
    ask = csharp.compile_cs([tmp_path / "Ask.cs"], tmp_path / "Ask.exe", [native])
    said = mono(ask)
    assert said.returncode == 0, said.stderr
    assert (problem or "talkface library") in said.stdout


def _poses(clip: Clip) -> NDArray[np.float32]:
    count = len(clip)
    emotion = np.zeros((count, 8), np.float32)
    emotion[:, : clip.emotion.shape[1]] = clip.emotion
    visemes = np.zeros((count, 15), np.float32)
    visemes[:, : clip.visemes.shape[1]] = clip.visemes
    parts = [clip.weights, emotion, visemes, clip.head_rotation, clip.head_translation]
    return np.concatenate([*parts, np.zeros((count, 1), np.float32)], axis=1)


@pytest.mark.parametrize(
    ("rate", "channels", "chunk", "fps", "seed", "kind"),
    [
        (16000, 1, 320, (0, 1), 0, "floats"),
        (16000, 1, 977, (60, 1), 1, "floats"),
        (48000, 2, 1024, (30000, 1001), 2**63, "floats"),
        (44100, 1, 441, (90, 1), 7, "pcm16"),
        (24000, 1, 8000, (24, 1), 3, "pcm16"),
    ],
)
def test_frames_are_bit_equal_to_python(
    rate: int,
    channels: int,
    chunk: int,
    fps: tuple[int, int],
    seed: int,
    kind: str,
    core_tests: Path,
    mono: Run,
    speech: NDArray[np.float32],
    default_face: TalkFace,
    tmp_path: Path,
) -> None:
    audio: NDArray[Any] = np.repeat(speech[:, None], channels, axis=1)
    audio[:, -1] *= np.float32(0.75)
    if kind == "pcm16":
        audio = np.clip(audio * 32768, -32768, 32767).astype("<i2")
    audio.tofile(tmp_path / "audio.raw")
    done = mono(
        core_tests, "poses", str(default_face.path), str(tmp_path / "audio.raw"), str(rate),
        str(channels), str(chunk), str(fps[0]), str(fps[1]), str(seed), kind,
        str(tmp_path / "poses.f32"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    got = np.fromfile(tmp_path / "poses.f32", "<f4").reshape(-1, SLOTS)
    stream = default_face.stream(
        sample_rate=rate, channels=channels, fps=None if fps[0] == 0 else fps[0] / fps[1], seed=seed
    )
    wanted = []
    for start in range(0, len(audio), chunk):
        stream.push(audio[start : start + chunk])
        if start + chunk >= len(audio):
            stream.flush()
        stream.process()
        wanted.append(_poses(stream.read()))
    expected = np.concatenate(wanted)
    assert len(expected) > 50
    assert expected[:, 17].max() > 0.1
    assert got.tobytes() == expected.astype("<f4").tobytes()


def test_samples_are_bit_equal_to_python(
    core_tests: Path, mono: Run, speech: NDArray[np.float32], default_face: TalkFace, tmp_path: Path
) -> None:
    rate = 16000
    speech.astype("<f4").tofile(tmp_path / "audio.raw")
    arguments = [str(rate), "1", "160", "0", "1", "5", "sample", str(tmp_path / "poses.f32")]
    path = str(default_face.path)
    done = mono(core_tests, "poses", path, str(tmp_path / "audio.raw"), *arguments)
    assert done.returncode == 0, done.stderr
    got = np.fromfile(tmp_path / "poses.f32", "<f4").reshape(-1, SLOTS)
    stream = default_face.stream(sample_rate=rate, sampling=True, seed=5, store_ms=30000)
    for start in range(0, len(speech), 160):
        stream.push(speech[start : start + 160])
        if start + 160 >= len(speech):
            stream.flush()
        stream.process()
    flags = set()
    for index, playhead in enumerate(range(0, len(speech) + rate, rate // 90)):
        pose = stream.sample(playhead / rate)
        flags.add(pose.flags)
        parts = [
            pose.weights,
            pose.emotion,
            pose.visemes,
            pose.head_rotation,
            pose.head_translation,
        ]
        row = np.concatenate([*parts, np.array([pose.flags], np.float32)])
        assert got[index].tobytes() == row.astype("<f4").tobytes(), playhead
    assert len(flags) > 1


def _snake(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return words.replace("onnx_runtime", "onnxruntime")


def _header() -> str:
    text = (ROOT / "cpp/include/talkface/talkface.h").read_text("utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def _members() -> set[str]:
    """Structs of the header and their members, as "talkface_pose" and "talkface_pose.weights"."""
    found = set()
    for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\n\}", _header(), flags=re.DOTALL):
        members = re.findall(r"(?:\(\*(\w+)\)\(.*?\)|(\w+)(?:\[\w+\])?);", body, flags=re.DOTALL)
        found |= {name, *(f"{name}.{pointer or plain}" for pointer, plain in members)}
    return found


def test_structs_are_those_of_the_header(core_tests: Path, mono: Run, tmp_path: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler")
    done = mono(core_tests, "layout")
    assert done.returncode == 0, done.stderr
    lines = ['#include "talkface/talkface.h"', "#include <stddef.h>"]
    seen = set()
    for line in done.stdout.splitlines():
        name, value = line.split()
        struct, _, field = name.partition(".")
        struct, field = "talkface_" + _snake(struct.removeprefix("Native")), _snake(field)
        seen.add(f"{struct}.{field}" if field else struct)
        measure = f"offsetof({struct}, {field})" if field else f"sizeof({struct})"
        lines.append(f'_Static_assert({measure} == {value}, "{name}");')
    assert seen == _members()
    source = tmp_path / "layout.c"
    source.write_text("\n".join(lines) + "\n", "utf-8")
    command = [compiler, "-std=c11", "-fsyntax-only", f"-I{ROOT / 'cpp/include'}", str(source)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_the_interface_is_the_headers() -> None:
    limits = (NATIVE / "NativeStructs.cs").read_text("utf-8")
    version = (ROOT / "cpp/include/talkface/version.h").read_text("utf-8")
    [abi] = re.findall(r"TALKFACE_ABI_VERSION (\d+)", version)
    assert f"AbiVersion = {abi};" in limits
    for define, constant in (
        ("CHANNEL_COUNT", "ChannelCount"),
        ("EMOTION_COUNT", "EmotionCount"),
        ("VISEME_COUNT", "VisemeCount"),
        ("MIN_SAMPLE_RATE", "MinSampleRate"),
        ("MAX_SAMPLE_RATE", "MaxSampleRate"),
        ("MAX_CHANNELS", "MaxChannels"),
    ):
        [value] = re.findall(rf"#define TALKFACE_{define} (\d+)", _header())
        assert f"int {constant} = {value};" in limits


def test_statuses_and_flags_are_the_headers() -> None:
    status = (CORE / "TalkFaceException.cs").read_text("utf-8")
    enum = re.search(r"enum \{\s*(TALKFACE_OK.*?)\}", _header(), flags=re.DOTALL)
    assert enum is not None
    values = re.findall(r"TALKFACE_(?:ERROR_)?(\w+) = (-?\d+)", enum[1])
    assert len(values) == 15
    for name, value in values:
        assert f"{name.title().replace('_', '')} = {value}," in status
    flags = (CORE / "FacePose.cs").read_text("utf-8")
    found = re.findall(r"TALKFACE_POSE_(\w+) = (\d)u", _header())
    assert len(found) == 4
    for name, value in found:
        assert f"{name.title()} = {value}," in flags


def test_every_function_of_the_header_is_there() -> None:
    text = (NATIVE / "NativeMethods.cs").read_text("utf-8")
    exported = (ROOT / "tests/abi/exports.txt").read_text().split()
    assert sorted(re.findall(r'EntryPoint = "(\w+)"', text)) == sorted(exported)


def test_generated_files_are_current() -> None:
    script = ROOT / "tests/unity/generate.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_families_are_complete() -> None:
    complete = [name for name, family in FAMILIES.items() if family["matched"] == 52]
    assert len(complete) >= 4
    for name in complete:
        spelled = {channel_name(word) for word in FAMILIES[name]["names"].split()}
        assert len(spelled - {None}) == 52, name
    for name in ("vrm0", "vrm1"):
        assert set(FAMILIES[name]["names"].split()) == set(rig(name).targets)


@pytest.mark.parametrize("name", [n for n in RIGS if (SHIPPED / f"{n}.json").is_file()])
def test_rigs_are_told_apart_as_in_python(name: str) -> None:
    family = FAMILIES.get(name)
    if family is not None:
        assert identify(family["names"].split()) == family["rig"]
    else:
        assert identify(rig(name).targets) in {name, "arkit", "readyplayerme"}
