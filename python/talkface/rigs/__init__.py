"""Rigs: the names of a face's channels, and named linear maps between them (docs/rigs.md).

>>> from talkface.rigs import rig
>>> rig("metahuman").targets[0]
'CTRL_expressions_browDownL'
>>> on_metahuman = rig("metahuman").apply(clip)      # doctest: +SKIP
"""

from talkface.rigs.catalogue import RIGS, arkit_clip, identify, onto, rig, to_arkit
from talkface.rigs.names import (
    ALPHABETICAL,
    APP_ORDER,
    MEDIAPIPE,
    Match,
    channel_name,
    match,
    viseme_name,
)
from talkface.rigs.rig_map import Report, RigMap, Row, load_map

__all__ = [
    "ALPHABETICAL", "APP_ORDER", "MEDIAPIPE", "RIGS", "Match", "Report", "RigMap", "Row",
    "arkit_clip", "channel_name", "identify", "load_map", "match", "onto", "rig",
    "to_arkit", "viseme_name",
]  # fmt: skip
