"""The ARKit face rig: channel names, emotion names, visemes and their fixed orders.

Order of :data:`CHANNELS` is that of Live Link Face UDP values 0-51 (Unreal's
``EARFaceBlendShape``); the phone app writes its CSV in :data:`LIVE_LINK_CSV_COLUMNS`
order, which swaps left and right of the jaw and the mouth. Code addresses channels
by name, never by position.
"""

from __future__ import annotations

_EYE = ("Blink", "LookDown", "LookIn", "LookOut", "LookUp", "Squint", "Wide")


def _pair(name: str) -> tuple[str, str]:
    return f"{name}Left", f"{name}Right"


CHANNELS: tuple[str, ...] = (
    *(f"eye{part}Left" for part in _EYE),
    *(f"eye{part}Right" for part in _EYE),
    "jawForward",
    "jawLeft",
    "jawRight",
    "jawOpen",
    "mouthClose",
    "mouthFunnel",
    "mouthPucker",
    "mouthLeft",
    "mouthRight",
    *_pair("mouthSmile"),
    *_pair("mouthFrown"),
    *_pair("mouthDimple"),
    *_pair("mouthStretch"),
    "mouthRollLower",
    "mouthRollUpper",
    "mouthShrugLower",
    "mouthShrugUpper",
    *_pair("mouthPress"),
    *_pair("mouthLowerDown"),
    *_pair("mouthUpperUp"),
    *_pair("browDown"),
    "browInnerUp",
    *_pair("browOuterUp"),
    "cheekPuff",
    *_pair("cheekSquint"),
    *_pair("noseSneer"),
    "tongueOut",
)
"""The 52 ARKit blendshape names in canonical (Live Link UDP) order."""

CHANNEL_INDEX: dict[str, int] = {name: index for index, name in enumerate(CHANNELS)}

EMOTIONS: tuple[str, ...] = (
    "neutral",
    "happy",
    "sad",
    "angry",
    "fearful",
    "disgusted",
    "surprised",
    "contempt",
)

VISEMES: tuple[str, ...] = (
    "sil",
    "PP",
    "FF",
    "TH",
    "DD",
    "kk",
    "CH",
    "SS",
    "nn",
    "RR",
    "aa",
    "E",
    "I",
    "O",
    "U",
)
"""The 15 Oculus visemes in their usual order."""

ROTATION_COLUMNS: tuple[str, ...] = (
    "HeadYaw",
    "HeadPitch",
    "HeadRoll",
    "LeftEyeYaw",
    "LeftEyePitch",
    "LeftEyeRoll",
    "RightEyeYaw",
    "RightEyePitch",
    "RightEyeRoll",
)


def _csv_columns() -> tuple[str, ...]:
    order = list(CHANNELS)
    for left, right in (("jawLeft", "jawRight"), ("mouthLeft", "mouthRight")):
        i, j = order.index(left), order.index(right)
        order[i], order[j] = order[j], order[i]
    return tuple(name[0].upper() + name[1:] for name in order) + ROTATION_COLUMNS


LIVE_LINK_CSV_COLUMNS: tuple[str, ...] = _csv_columns()
"""The 61 value columns of a Live Link Face app CSV, in the app's own order."""
