"""Parts of the Unreal plugin run, over a small engine and the library."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import compile as check  # noqa: E402
import make  # noqa: E402

from talkface import TalkFace, runtime  # noqa: E402

MODULES = ("TalkFaceRuntime", "TalkFaceLiveLink", "TalkFaceEditor")
GAME_HEADERS = (
    *("Animation/MorphTarget.h", "Audio.h", "AudioCaptureCore.h", "AudioDevice.h"),
    *("AudioDeviceHandle.h", "Components/ActorComponent.h", "Components/AudioComponent.h"),
    *("Components/SkeletalMeshComponent.h", "Engine/DeveloperSettings.h", "Engine/SkeletalMesh.h"),
    *("Engine/AssetManager.h", "Engine/StreamableManager.h"),
    *("Engine/World.h", "GameFramework/Actor.h", "ISubmixBufferListener.h"),
    *("Kismet/BlueprintAsyncActionBase.h", "Misc/CoreMisc.h", "SampleBuffer.h"),
    "Sound/SampleBufferIO.h",
    *("Sound/SoundBase.h", "Sound/SoundSubmix.h", "Sound/SoundWave.h"),
    *("Sound/SoundWaveProcedural.h", "Subsystems/WorldSubsystem.h", "UObject/ObjectPtr.h"),
    *("Templates/UniquePtr.h", "UObject/SoftObjectPtr.h"),
    "UObject/WeakObjectPtrTemplates.h",
)
LIVE_LINK_HEADERS = (
    *("Features/IModularFeatures.h", "ILiveLinkClient.h", "ILiveLinkSource.h"),
    *("Kismet/BlueprintFunctionLibrary.h", "LiveLinkSourceFactory.h", "Roles/LiveLinkBasicRole.h"),
)
EDITOR_HEADERS = (
    *("EditorFramework/AssetImportData.h", "EditorReimportHandler.h", "Factories/Factory.h"),
    *("HAL/FileManager.h", "Interfaces/IPluginManager.h", "Misc/FeedbackContext.h"),
    *("Misc/FileHelper.h", "Misc/Paths.h", "Modules/ModuleInterface.h"),
    *("Modules/ModuleManager.h", "ScopedTransaction.h", "Serialization/Archive.h"),
    *("Templates/Casts.h", "UObject/AssetRegistryTagsContext.h"),
)
MOVIE_SCENE_HEADERS = (
    *("Evaluation/MovieSceneEvalTemplate.h", "Evaluation/MovieSceneExecutionTokens.h"),
    *("Evaluation/MovieScenePlayback.h", "Evaluation/PersistentEvaluationData.h"),
    *("IMovieScenePlayer.h", "MovieSceneSection.h", "UObject/UnrealType.h"),
)
ENGINE = {
    "Game.h": GAME_HEADERS,
    "LiveLink.h": LIVE_LINK_HEADERS,
    "Editor.h": EDITOR_HEADERS,
    "MovieScene.h": MOVIE_SCENE_HEADERS,
}
SPEAKER = ("Crowd", "Sound", "Speaker", "Types", "Voice")
COMPONENT = (
    *("Async", "Component", "ComponentInput", "ComponentSettings", "Ear", "Hearing"),
    *("ComponentSound", "Subsystem"),
)
BUNDLE = ("Bundle", "BundleFactory", "Module")
LIVE_LINK = ("LiveLinkLibrary", "LiveLinkSource", "LiveLinkSourceFactory", "PoseSink")


def build(folder: Path, test: str, sources: tuple[str, ...], *defines: str) -> Path:
    """A program of a test and sources of the plugin, over the small engine."""
    if shutil.which("g++") is None:
        pytest.skip("needs g++")
    folders = [check.SOURCE / module / part for module in MODULES for part in ("Public", "Private")]
    for source in (path for part in folders for path in part.glob("*.h")):
        (folder / f"{source.stem}.generated.h").write_text("", encoding="utf-8")
    for engine, headers in ENGINE.items():
        for header in headers:
            (folder / header).parent.mkdir(parents=True, exist_ok=True)
            (folder / header).write_text(f'#include "{engine}"\n', encoding="utf-8")
    for library in ("libtalkface.so", "libtalkface.so.0"):  # installed, and as CMake builds it
        (folder / library).symlink_to(make.library())
    built = folder / test
    command = [
        *("g++", "-std=c++20", "-O1", "-pthread", "-Wall", "-Wextra", "-Werror", "-o", str(built)),
        *(f"-D{define}" for define in defines),
        f"-I{folder}",
        *(f"-I{part}" for part in folders),
        *(f"-I{check.SOURCE / 'TalkFaceCore/Public'}", f"-I{check.SDK}"),
        f"-I{HERE / 'glue/engine'}",
        str(HERE / f"glue/{test}.cpp"),
        *(str(path) for n in sources for p in folders for path in p.glob(f"TalkFace{n}.cpp")),
        *(str(make.library()), "-Wl,-rpath,$ORIGIN"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return built


def run(program: Path, *words: str) -> None:
    environment = {**os.environ, "TALKFACE_ONNXRUNTIME": str(runtime.onnxruntime_library())}
    command = [str(program), str(TalkFace().path), *words]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment, timeout=150
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_speaker_speaks(tmp_path: Path) -> None:
    samples, rate = soundfile.read(check.ROOT / "examples/speech.wav", dtype="int16")
    audio = tmp_path / "speech.raw"
    audio.write_bytes(np.ascontiguousarray(samples[: 3 * rate]).tobytes())
    run(build(tmp_path, "test_speaker", SPEAKER), str(audio), str(rate))


def test_the_component_tells_how_lines_end(tmp_path: Path) -> None:
    run(build(tmp_path, "test_component", (*SPEAKER, *COMPONENT)))


def test_live_link_publishes(tmp_path: Path) -> None:
    run(build(tmp_path, "test_livelink", LIVE_LINK))


def packaged(folder: Path) -> Path:
    """A folder with what the plugin's module looks for beside itself, on Linux."""
    libraries = folder / "Binaries/ThirdParty/TalkFaceSDK/Linux"
    libraries.mkdir(parents=True)
    (libraries / "libtalkface.so").symlink_to(make.library())
    (libraries / "libtalkface_onnxruntime.so").symlink_to(runtime.onnxruntime_library())
    (folder / "Content/Bundles").mkdir(parents=True)
    (folder / "Content/Bundles/default").symlink_to(TalkFace().path)
    return folder


def test_a_bundle_is_imported_anew_and_that_undone(tmp_path: Path) -> None:
    program = build(tmp_path, "test_bundle", BUNDLE, "WITH_EDITORONLY_DATA=1")
    run(program, str(packaged(tmp_path / "TalkFace")), str(TalkFace("low_latency").path))


def test_a_section_shows_its_face(tmp_path: Path) -> None:
    run(build(tmp_path, "test_section", (*SPEAKER, *COMPONENT, "Section", "SectionTemplate")))
