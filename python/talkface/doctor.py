"""What is installed, what works, and what to install for more."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from typing import Any

from talkface import gpu
from talkface.runtime import (
    ENVIRONMENT,
    installed_wheels,
    load_cuda_libraries,
    onnxruntime_library,
)
from talkface.version import __version__


@dataclass
class Report:
    """One look at this machine. ``problems`` stop TalkFace; ``hints`` say how to get more."""

    talkface: str = __version__
    python: str = ""
    system: str = ""
    core: str = ""
    abi: int = 0
    wheels: dict[str, str] = field(default_factory=dict)
    library: str = ""
    onnxruntime: str = ""
    providers: list[str] = field(default_factory=list)
    bundle: str = ""
    cuda: str = ""
    tensorrt: str = ""
    extras: dict[str, bool] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def examine() -> Report:
    """Look at the machine; never raises for what is missing."""
    report = Report(
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        wheels=installed_wheels(),
        library=onnxruntime_library(),
        extras={
            "align": find_spec("pocketsphinx") is not None,
            "capture": find_spec("mediapipe") is not None,
            "mic": find_spec("sounddevice") is not None,
            "plot": find_spec("matplotlib") is not None,
            "train": find_spec("torch") is not None and find_spec("onnx") is not None,
            "websocket": find_spec("websockets") is not None,
        },
    )
    if len(report.wheels) > 1:
        report.problems.append(
            f"{' and '.join(report.wheels)} are both installed and overwrite each other's files: "
            f"pip uninstall -y {' '.join(report.wheels)}, then install one of them"
        )
    _core(report)
    _providers(report)
    if not report.problems:
        _bundle(report)
    for extra, present in report.extras.items():
        if not present:
            report.hints.append(f'for the [{extra}] extra: pip install "talkface[{extra}]"')
    return report


def _core(report: Report) -> None:
    try:
        from talkface import _core
    except ImportError as error:
        report.problems.append(
            f"the C++ runtime does not load: {error}; pip install talkface again"
        )
        return
    report.core, report.abi = _core.version, _core.abi_version
    if not report.library:
        report.problems.append(
            f"ONNX Runtime was not found: pip install onnxruntime, or set {ENVIRONMENT}"
        )


def _providers(report: Report) -> None:
    try:
        import onnxruntime
    except ImportError:
        return
    report.onnxruntime = onnxruntime.__version__
    report.providers = list(onnxruntime.get_available_providers())
    load_cuda_libraries()
    lacks = gpu.missing(report.providers)
    if lacks:
        report.cuda = f"not usable: {lacks[0].split(':')[0]}"
        report.hints += [f"for CUDA: {text}" for text in lacks]
    else:
        lacks = gpu.missing_tensorrt(report.providers)
        report.tensorrt = "not usable" if lacks else "there"
        report.hints += [f"for TensorRT: {text}" for text in lacks]


def _bundle(report: Report) -> None:
    from talkface.face import TalkFace

    try:
        face = TalkFace()
    except (RuntimeError, OSError) as error:
        report.problems.append(f"the default bundle does not open: {error}")
        return
    info = face.info
    report.bundle = f"{info['name']} {info['version']} ({info['licence']}) at {face.path}"
    if not report.cuda:
        note = TalkFace(provider="cuda").info
        report.cuda = "works" if note["provider"] == "cuda" else note["provider_note"]


def render(report: Report) -> str:
    """The report for people."""
    lines = [
        f"talkface      {report.talkface} (core {report.core or 'missing'}, ABI {report.abi})",
        f"python        {report.python} on {report.system}",
        f"onnxruntime   {report.onnxruntime or 'missing'}"
        + (
            f" (wheels: {', '.join(f'{k} {v}' for k, v in report.wheels.items())})"
            if report.wheels
            else ""
        ),
        f"library       {report.library or 'not found'}",
        f"providers     {', '.join(report.providers) or '-'}",
        f"cuda          {report.cuda or '-'}",
        f"tensorrt      {report.tensorrt or '-'}",
        f"bundle        {report.bundle or '-'}",
        "extras        "
        + ", ".join(f"{k}: {'yes' if v else 'no'}" for k, v in report.extras.items()),
    ]
    lines += [f"PROBLEM       {text}" for text in report.problems]
    lines += [f"hint          {text}" for text in report.hints]
    if not report.problems:
        lines.append("all well")
    return "\n".join(lines)


def main_status(report: Report) -> int:
    """Exit status: 0 when TalkFace works here."""
    return 1 if report.problems else 0
