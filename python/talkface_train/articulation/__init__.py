"""Timed phones to ARKit curves: the versioned coarticulation model."""

from talkface_train.articulation.aperture import aperture, sealed
from talkface_train.articulation.model import Articulation, load_articulation

__all__ = ["Articulation", "aperture", "load_articulation", "sealed"]
