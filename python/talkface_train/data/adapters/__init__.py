"""Adapters from sets as people hold them to clips (docs/data.md)."""

from __future__ import annotations

from talkface_train.data.adapters import acted, captured, meshes, own, tracked
from talkface_train.data.adapters.base import Adapter, LayoutError, Options, Source

__all__ = ["ADAPTERS", "Adapter", "LayoutError", "Options", "Source"]

ADAPTERS: dict[str, Adapter] = {
    adapter.name: adapter
    for part in (own, captured, acted, meshes, tracked)
    for adapter in part.ADAPTERS
}
"""Adapters by name."""
