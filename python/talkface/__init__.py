"""TalkFace: speech in, face out.

>>> from talkface import TalkFace
>>> face = TalkFace()                               # the bundle that ships with the package
>>> clip = face.animate("line.wav", fps=60)         # doctest: +SKIP
>>> clip.weights.shape, clip.channels[17]           # doctest: +SKIP
((180, 52), 'jawOpen')

Importing this package loads neither the C++ runtime nor ONNX Runtime; the first use does.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from talkface.clip import Clip as Clip
    from talkface.clip import load_clip as load_clip
    from talkface.crowd import Crowd as Crowd
    from talkface.errors import TalkFaceError as TalkFaceError
    from talkface.face import TalkFace as TalkFace
    from talkface.face import animate as animate
    from talkface.stream import Pose as Pose
    from talkface.stream import Stream as Stream
    from talkface.version import __version__ as __version__

_HOMES = {
    "TalkFace": "face",
    "animate": "face",
    "Stream": "stream",
    "Pose": "stream",
    "Clip": "clip",
    "Crowd": "crowd",
    "load_clip": "clip",
    "TalkFaceError": "errors",
    "__version__": "version",
}

__all__ = [
    "Clip", "Crowd", "Pose", "Stream", "TalkFace", "TalkFaceError", "__version__", "animate",
    "load_clip",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'talkface' has no attribute {name!r}")
    return getattr(import_module(f"talkface.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
