"""What talkface_import.py calls of the editor's ``unreal`` module, written from its documentation.

Pages: https://dev.epicgames.com/documentation/en-us/unreal-engine/python-api/ and what each class
names. It checks what it is given as strictly as the editor does, and keeps it.
"""
# ruff: noqa: ARG002, ARG004 - parameters have the editor's names, used or not

from __future__ import annotations

from typing import Any

ASSETS: dict[str, Any] = {}
SAVED: list[Any] = []
LOG: list[str] = []
CANCEL_AFTER: list[int] = []


def reset() -> None:
    for kept in (ASSETS, SAVED, LOG, CANCEL_AFTER):
        kept.clear()


def log(text: str) -> None:
    """Module-level function ``unreal.log``."""
    LOG.append(text)


def log_error(text: str) -> None:
    """Module-level function ``unreal.log_error``."""
    LOG.append(f"error: {text}")


def load_asset(path: str) -> Any:
    """Module-level function ``unreal.load_asset``; None for what is not there."""
    return ASSETS.get(path)


class Skeleton:
    """class/Skeleton"""


class FrameRate:
    """class/FrameRate"""

    def __init__(self, numerator: int = 60000, denominator: int = 1001) -> None:
        if type(numerator) is not int or type(denominator) is not int:
            raise TypeError("FrameRate takes whole numbers")
        self.numerator, self.denominator = numerator, denominator


class FrameNumber:
    """class/FrameNumber"""

    def __init__(self, value: int = 0) -> None:
        if type(value) is not int:
            raise TypeError("FrameNumber takes a whole number")
        self.value = value


class RawCurveTrackTypes:
    """class/RawCurveTrackTypes"""

    RCT_FLOAT = "RCT_FLOAT"


class AnimationDataController:
    """class/AnimationDataController"""

    def __init__(self) -> None:
        self.rate, self.frames, self.depth = 30, 1, 0

    def open_bracket(self, title: str, should_transact: bool = True) -> None:
        assert isinstance(title, str)
        self.depth += 1

    def close_bracket(self, should_transact: bool = True) -> None:
        assert self.depth > 0
        self.depth -= 1

    def set_frame_rate(self, frame_rate: FrameRate, should_transact: bool = True) -> None:
        """The engine takes a multiple or a factor of the rate that there is, else it complains."""
        assert self.depth > 0
        assert frame_rate.denominator == 1
        if frame_rate.numerator % self.rate and self.rate % frame_rate.numerator:
            raise RuntimeError(f"{frame_rate.numerator} is no multiple or factor of {self.rate}")
        self.rate = frame_rate.numerator

    def set_number_of_frames(self, number: FrameNumber, should_transact: bool = True) -> None:
        assert self.depth > 0
        if number.value < 1:
            raise RuntimeError("a sequence has at least one frame")
        self.frames = number.value


class AnimSequence:
    """class/AnimSequence, and its base class/AnimSequenceBase"""

    def __init__(self, path: str, skeleton: Skeleton) -> None:
        self.path, self.skeleton = path, skeleton
        self.curves: dict[str, list[tuple[float, float]]] = {}
        self.controller = AnimationDataController()

    def get_editor_property(self, name: str) -> Any:
        if name != "controller":
            raise AttributeError(name)
        return self.controller

    def get_path_name(self) -> str:
        return f"{self.path}.{self.path.rsplit('/', 1)[1]}"


class AnimSequenceFactory:
    """class/AnimSequenceFactory"""

    def __init__(self) -> None:
        self.target_skeleton: Skeleton | None = None

    def set_editor_property(self, name: str, value: Any) -> None:
        if name != "target_skeleton" or not isinstance(value, Skeleton):
            raise TypeError(f"{name} cannot be {value!r}")
        self.target_skeleton = value


class AssetTools:
    """class/AssetTools"""

    def create_asset(
        self, asset_name: str, package_path: str, asset_class: type, factory: AnimSequenceFactory
    ) -> AnimSequence | None:
        path = f"{package_path}/{asset_name}"
        if asset_class is not AnimSequence or not package_path.startswith("/") or path in ASSETS:
            return None
        assert factory.target_skeleton is not None
        ASSETS[path] = AnimSequence(path, factory.target_skeleton)
        made: AnimSequence = ASSETS[path]
        return made


class AssetToolsHelpers:
    """class/AssetToolsHelpers"""

    @staticmethod
    def get_asset_tools() -> AssetTools:
        return AssetTools()


class EditorAssetLibrary:
    """class/EditorAssetLibrary"""

    @staticmethod
    def does_asset_exist(asset_path: str) -> bool:
        return asset_path in ASSETS

    @staticmethod
    def save_loaded_asset(asset: Any, only_if_is_dirty: bool = True) -> bool:
        SAVED.append(asset)
        return True


class AnimationLibrary:
    """class/AnimationLibrary"""

    @staticmethod
    def remove_all_curve_data(animation_sequence: AnimSequence) -> None:
        animation_sequence.curves.clear()

    @staticmethod
    def add_curve(
        animation_sequence: AnimSequence,
        curve_name: str,
        curve_type: str = RawCurveTrackTypes.RCT_FLOAT,
        meta_data_curve: bool = False,
    ) -> None:
        assert curve_type == RawCurveTrackTypes.RCT_FLOAT
        if curve_name in animation_sequence.curves:
            raise RuntimeError(f"{curve_name} is there already")
        animation_sequence.curves[curve_name] = []

    @staticmethod
    def add_float_curve_keys(
        animation_sequence: AnimSequence, curve_name: str, times: list[float], values: list[float]
    ) -> None:
        """Two keys in one frame are what the engine does not forgive."""
        controller = animation_sequence.controller
        frames = [round(time * controller.rate) for time in times]
        if len(set(frames)) != len(frames) or max(frames) > controller.frames:
            raise RuntimeError(f"{curve_name}: keys {frames} in {controller.frames} frames")
        if len(times) != len(values) or not all(isinstance(value, float) for value in values):
            raise TypeError(f"{curve_name}: times and values must be as many numbers")
        animation_sequence.curves[curve_name] = list(zip(times, values, strict=True))


class ScopedSlowTask:
    """class/ScopedSlowTask"""

    def __init__(self, work: float, desc: str = "", enabled: bool = True) -> None:
        self.work, self.done = work, 0.0

    def __enter__(self) -> ScopedSlowTask:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.done <= self.work

    def make_dialog(self, can_cancel: bool = False, allow_in_pie: bool = False) -> None:
        self.can_cancel = can_cancel

    def should_cancel(self) -> bool:
        return bool(CANCEL_AFTER) and self.done >= CANCEL_AFTER[0]

    def enter_progress_frame(self, work: float = 1.0, desc: str = "") -> None:
        self.done += work
