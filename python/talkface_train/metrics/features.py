"""Metrics of rendered faces through networks that the user brings: VE-FID, LSE-D, LSE-C."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from talkface_train.metrics.checks import Array, Floats, clip
from talkface_train.metrics.head import frechet
from talkface_train.render import FaceMesh, render

BATCH = 32
VIDEO_WINDOW, AUDIO_WINDOW = 5, 20
"""Frames of video at 25 a second and of sound at 100 a second: both 200 ms."""
SOUND_FRAMES = 4
"""Frames of sound in one of video."""
REACH = 15
"""Frames of video by which sound is shifted, both ways (SyncNet)."""
SOUND_RATE = 16000
WINDOW, STEP, POINTS, BANDS, CEPSTRA, LIFTER = 400, 160, 512, 26, 13, 22
"""Of :func:`cepstra`: samples of a window, between windows and of its transform, mel bands."""
TYPES = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(uint8)": np.uint8}


class FrameFeatures:
    """A network in ONNX with one input [N, ...]; its first output is one row for each of N.

    Values pass as they are: scaling and normalising belong into the network.
    """

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or inputs[0].type not in TYPES:
            given = ", ".join(f"{one.name} {one.type}" for one in inputs)
            raise ValueError(f"{path}: one input of pictures is needed, not {given}")
        self.name = Path(path).name
        self.shape: tuple[int | str | None, ...] = tuple(inputs[0].shape)
        self._input, self._type = inputs[0].name, TYPES[inputs[0].type]

    def __call__(self, frames: NDArray[np.generic]) -> Floats:
        """Features [N, D] of ``frames`` [N, H, W], [N, 3, H, W] or whatever the network takes."""
        self._fits(frames)
        batch = self.shape[0] if isinstance(self.shape[0], int) else BATCH
        rows = []
        for start in range(0, len(frames), batch):
            group = clip(frames[start : start + batch].astype(self._type), self.name, frames.ndim)
            short = batch - len(group)
            if short and isinstance(self.shape[0], int):
                group = np.concatenate([group, np.repeat(group[-1:], short, axis=0)])
            out = self._session.run(None, {self._input: group})[0]
            if out.shape[:1] != group.shape[:1]:
                raise ValueError(f"{self.name}: {list(out.shape)} is no row for each input")
            rows.append(out.reshape(len(out), -1)[: batch - short])
        return np.concatenate(rows).astype(np.float64)

    def _fits(self, frames: NDArray[np.generic]) -> None:
        wanted = self.shape[1:]
        fits = len(frames.shape) == len(self.shape) and all(
            not isinstance(size, int) or size == given
            for size, given in zip(wanted, frames.shape[1:], strict=True)
        )
        if not fits:
            sizes = ["N", *(str(size or "any") for size in wanted)]
            raise ValueError(f"{self.name} takes [{', '.join(sizes)}], not {list(frames.shape)}")
        if not len(frames):
            raise ValueError(f"{self.name}: no frames")


@dataclass(frozen=True)
class LipSync:
    """LSE-D, LSE-C and the offset of the best match in frames of video, positive where the mouth
    is late."""

    distance: float
    confidence: float
    offset: int


def rendered(mesh: FaceMesh, curves: Array, size: int = 224) -> NDArray[np.uint8]:
    """Pictures [T, 3, size, size] of curves [T, 52], 0 to 255, the head still."""
    pictures = [render(mesh, frame, width=size, height=size) for frame in clip(curves, "curves")]
    stacked: NDArray[np.uint8] = np.stack(pictures).transpose(0, 3, 1, 2)
    return stacked


def visual_emotion_fid(said: Array, wanted: Array) -> float:
    """VE-FID: Frechet distance of normal fits to features [N, D] of rendered frames of all clips
    (EcoFace). Rows should be many times D: few rows make it large."""
    for rows, what in ((said, "said"), (wanted, "wanted")):
        if len(clip(rows, what)) < 2:
            raise ValueError(f"{what}: a covariance needs two rows")
    if said.shape[1] != wanted.shape[1]:
        raise ValueError(f"features of {said.shape[1]} and {wanted.shape[1]} numbers differ")
    return frechet(said.astype(np.float64), wanted.astype(np.float64))


def video_windows(frames: NDArray[np.generic]) -> NDArray[np.generic]:
    """Five frames each of [T, H, W] or [T, 3, H, W]: [T - 4, 5, H, W] or [T - 4, 3, 5, H, W]."""
    if len(frames) < VIDEO_WINDOW:
        raise ValueError(f"{len(frames)} frames are no window of {VIDEO_WINDOW}")
    windows = sliding_window_view(frames, VIDEO_WINDOW, axis=0)
    return np.moveaxis(windows, -1, frames.ndim - 2)


def sound_windows(features: Array) -> Array:
    """Twenty frames each of sound [F, M] at 100 a second (:func:`cepstra`, log-mel): [N, 1, M, 20].
    Window ``i`` is the 200 ms of window ``i`` of :func:`video_windows`."""
    if len(clip(features, "sound")) < AUDIO_WINDOW:
        raise ValueError(f"{len(features)} frames of sound are no window of {AUDIO_WINDOW}")
    windows = sliding_window_view(features, AUDIO_WINDOW, axis=0)[::SOUND_FRAMES]
    return windows[:, None]


def cepstra(audio: Array) -> Floats:
    """What SyncNet hears: 13 mel cepstra [F, 13] at 100 a second of mono audio [N] at 16 kHz.

    Of 16-bit samples: pre-emphasis 0.97; windows of 25 ms without taper, window ``i`` from
    ``i`` / 100 s; 26 triangular bands between whole bins, orthonormal DCT, liftered by 22; the
    first is the log of the window's energy.
    """
    from scipy.fft import dct

    samples = clip(audio, "audio", 1).astype(np.float64) * 32768.0
    sharp = np.append(samples[0], samples[1:] - 0.97 * samples[:-1])
    count = 1 + max(0, -(-(len(sharp) - WINDOW) // STEP))
    padded = np.pad(sharp, (0, (count - 1) * STEP + WINDOW - len(sharp)))
    windows = sliding_window_view(padded, WINDOW)[::STEP]
    power = np.abs(np.fft.rfft(windows, POINTS)) ** 2 / POINTS
    mel = np.linspace(0.0, np.log10(1.0 + SOUND_RATE / 2 / 700.0), BANDS + 2)
    edges = np.floor((POINTS + 1) * 700.0 * (10.0**mel - 1.0) / SOUND_RATE)
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    bins = np.arange(POINTS // 2 + 1)[:, None]
    rise, fall = (bins - low) / (middle - low), (high - bins) / (high - middle)
    least = np.finfo(np.float64).eps
    bands = np.maximum(power @ np.clip(np.minimum(rise, fall), 0.0, None), least)
    found: Floats = dct(np.log(bands), norm="ortho")[:, :CEPSTRA]
    found *= 1.0 + LIFTER / 2 * np.sin(np.pi * np.arange(CEPSTRA) / LIFTER)
    found[:, 0] = np.log(np.maximum(power.sum(axis=1), least))
    return found


def lip_sync_error(video: Array, audio: Array) -> LipSync:
    """Of embeddings [T, D] of windows that begin together.

    ``d(o)`` is the mean over ``i`` of ``|video_i - audio_i+o|``, ``|o| <= 15``, over the pairs that
    exist (SyncNet's code pads with zeros). LSE-D is the least, LSE-C the median minus the least.
    """
    for rows, what in ((video, "video"), (audio, "audio")):
        clip(rows, what)
    if video.shape[1] != audio.shape[1]:
        raise ValueError(f"embeddings of {video.shape[1]} and {audio.shape[1]} numbers differ")
    length = min(len(video), len(audio))
    if length <= REACH:
        raise ValueError(f"{length} windows are too few: offsets go to {REACH}")
    offsets = range(-REACH, REACH + 1)
    apart = [_apart(video[:length], audio[:length], offset) for offset in offsets]
    best = int(np.argmin(apart))
    return LipSync(apart[best], float(np.median(apart)) - apart[best], -offsets[best])


def lip_sync(
    networks: Sequence[FrameFeatures], frames: NDArray[np.generic], sound: Array
) -> LipSync:
    """:func:`lip_sync_error` of ``frames`` at 25 a second and ``sound`` [F, M] at 100, both from
    the same moment, through ``networks``: for :func:`video_windows`, then :func:`sound_windows`."""
    video, audio = networks
    return lip_sync_error(video(video_windows(frames)), audio(sound_windows(sound)))


def _apart(video: Array, audio: Array, offset: int) -> float:
    seen = video[max(-offset, 0) : len(video) - max(offset, 0)]
    heard = audio[max(offset, 0) : len(audio) - max(-offset, 0)]
    return float(np.linalg.norm(seen - heard, axis=1).mean())
