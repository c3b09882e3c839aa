"""The core of the Unreal plugin: compiled as Unreal does it, with the real library, against what
Python sends and writes."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from loading import load
from numpy.typing import NDArray

from talkface import TalkFace
from talkface.clip import Clip
from talkface.live.livelink import VALUE_NAMES, values_of
from talkface.rig import CHANNELS, VISEMES
from talkface.rigs import rig
from talkface.rigs.names import channel_name, pascal, sided
from talkface.rotation import from_angles, to_angles

make = load("tests/unreal/make.py")

SPEECH = make.ROOT / "examples/speech.wav"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("unreal")


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    return make.environment(folder)


def compiler(name: str) -> str:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    return name


@pytest.fixture(scope="module")
def tool(folder: Path) -> Path:
    program = folder / "tool"
    make.build(compiler("g++"), [make.TESTS / "tool.cpp"], program)
    return program


def asked(tool: Path, environment: dict[str, str], words: list[str], data: bytes = b"") -> bytes:
    done = subprocess.run(
        [tool, *words], input=data, capture_output=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("name", ["g++", "clang++"])
def test_core_does_what_it_says(name: str, folder: Path, environment: dict[str, str]) -> None:
    program = folder / f"core-{name}"
    make.build(compiler(name), make.test_sources(), program)
    done = subprocess.run([program], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "0 failed checks" in done.stdout


def test_every_header_stands_alone(folder: Path) -> None:
    for header in sorted(make.CORE.glob("TalkFaceCore/*.h")):
        source = folder / "alone.cpp"
        source.write_text(f'#include "TalkFaceCore/{header.name}"\nint main() {{}}\n')
        make.build(compiler("g++"), [source], folder / "alone", "-fsyntax-only")


def poses(clip: Clip) -> bytes:
    table = np.concatenate([clip.weights, clip.head_rotation, clip.head_translation], axis=1)
    return table.astype("<f4").tobytes()


def floats(data: bytes, width: int) -> NDArray[np.float32]:
    return np.frombuffer(data, dtype="<f4").reshape(-1, width)


@pytest.fixture(scope="module")
def recorded() -> Clip:
    return TalkFace().animate(SPEECH, fps=60)


def wild(frames: int) -> Clip:
    """Poses that no speech has: any weight, any turn of a head."""
    random = np.random.default_rng(3)
    angles = random.uniform(-1.4, 1.4, (3, frames))
    return Clip(
        weights=random.uniform(0, 1, (frames, len(CHANNELS))).astype(np.float32),
        timestamps=np.arange(frames) / 60,
        head_rotation=from_angles(*angles),
        head_translation=random.normal(0, 0.05, (frames, 3)).astype(np.float32),
        emotion=np.zeros((frames, 0), np.float32),
        visemes=np.zeros((frames, 0), np.float32),
    )


def test_a_recorded_stream_gives_the_61_values_that_python_sends(
    tool: Path, environment: dict[str, str], recorded: Clip
) -> None:
    moving = values_of(recorded)
    assert np.count_nonzero(np.ptp(moving, axis=0) > 1e-3) > 40
    for clip in (recorded, wild(500)):
        made = floats(asked(tool, environment, ["arkit"], poses(clip)), len(VALUE_NAMES))
        sent = values_of(clip)
        assert np.array_equal(made[:, :52], sent[:, :52])
        # libm and numpy may differ in the last bit of an angle.
        np.testing.assert_array_max_ulp(made, sent, maxulp=1)


def test_the_two_arkit_conventions_turn_the_same_head(
    tool: Path, environment: dict[str, str]
) -> None:
    """The engine's angles of a head are the app's by pi, turned round, and of eyes the app's."""
    still = np.zeros(1)
    for axis in range(3):
        angles = [still, still, still]
        angles[axis] = np.array([0.3])
        clip = replace(wild(1), head_rotation=from_angles(*angles))
        app = floats(asked(tool, environment, ["arkit"], poses(clip)), 61)[0, 52:] / np.pi
        engine = floats(asked(tool, environment, ["unreal"], poses(clip)), 61)[0, 52:]
        assert abs(app[axis]) > 0.09
        assert np.abs(app[3:]).max() > 0.01
        np.testing.assert_allclose(engine, np.concatenate([-app[:3], app[3:]]), atol=1e-6)


def test_a_metahuman_frame_is_the_rig_map_and_the_head_bone(
    tool: Path, environment: dict[str, str], recorded: Clip
) -> None:
    for clip in (recorded, wild(200)):
        made = floats(asked(tool, environment, ["metahuman"], poses(clip)), 260)
        mapped = rig("metahuman").apply(clip)
        assert np.array_equal(made[:, :251], mapped.weights)
        assert (made[:, [251, 258, 259]] == 1).all()
        assert (made[:, 255:258] == 0).all()
    turn, nod, tilt = (np.rad2deg(each) for each in to_angles(recorded.head_rotation))
    made = floats(asked(tool, environment, ["metahuman"], poses(recorded)), 260)
    # A speaker's head turns by little, so that the order of angles matters by less than a degree.
    for column, angle in ((252, turn), (253, tilt), (254, nod)):
        assert np.ptp(angle) > 0.5
        np.testing.assert_allclose(made[:, column], angle, atol=0.5)


@pytest.mark.parametrize("fps", [(30, 1), (60, 1), (30000, 1001)])
def test_a_bake_is_what_animate_writes(
    tool: Path, environment: dict[str, str], fps: tuple[int, int]
) -> None:
    from fractions import Fraction

    baked = asked(tool, environment, ["bake", str(fps[0]), str(fps[1])])
    clip = TalkFace().animate(SPEECH, fps=Fraction(*fps))
    assert len(floats(baked, 59)) == len(clip)
    assert baked == poses(clip)


def test_names_are_read_as_python_reads_them(tool: Path, environment: dict[str, str]) -> None:
    names = [
        spelled
        for name in CHANNELS
        for spelled in (
            name, pascal(name), sided(name), name.lower(), name.upper(), f"BS_{pascal(name)}",
            f"head_blendShapes.{sided(name)}", f"blendShape12_{name}", f"blend_shapes_{name}",
            f"A25_{sided(name)}", f"a|b:ARKit_face_{name}", f" \t{name} ", f"morph_shape_{name}",
            f"{name}_corrective", name[:-1], f"x{name}", f"A2_{name}", f"blendshape_x_{name}",
        )
    ]  # fmt: skip
    names += [
        "", ".", "_", "left", "Hat", "browInnerUpLeft", "jawOpenL", "mouthL", "mouth_R", "jaw-left",
        "jaw l", "bs_", "blend", "blendshape", "blendshape1", "a00_", *VISEMES,
    ]  # fmt: skip
    answer = asked(tool, environment, ["names"], "".join(f"{n}\n" for n in names).encode())
    found = [int(line) for line in answer.split()]
    wanted = [channel_name(name) for name in names]
    assert found == [-1 if name is None else CHANNELS.index(name) for name in wanted]
    assert set(found) == set(range(-1, 52))
