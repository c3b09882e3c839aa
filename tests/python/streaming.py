"""What tests of streams share."""

from __future__ import annotations

LAYERS = ("blink_strength", "gaze_strength", "sway_strength", "brow_strength", "breath_strength")
STILL = dict.fromkeys(LAYERS, 0)


def feed(stream, audio, chunk: int = 1600):
    """Push everything, processing as needed; returns the frames as one list of clips."""
    parts = []
    at = 0
    while at < len(audio):
        at += stream.push(audio[at : at + chunk])
        stream.process()
        parts.append(stream.read())
    return parts
