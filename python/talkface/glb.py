"""The GLB container and accessors of glTF 2.0 (anchors-sdk.md 7e): just what faces need.

Little-endian; chunks are padded to 4 bytes, JSON with spaces and binary with zeros.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC, _VERSION, _JSON, _BIN = 0x46546C67, 2, 0x4E4F534A, 0x004E4942
_TYPES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
_DTYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_CODES = {np.dtype(code).newbyteorder("<"): number for number, code in _DTYPES.items()}
VERTICES, INDICES = 34962, 34963
"""Targets of buffer views."""


class Glb:
    """A glTF document and its one binary buffer. ``document``: the JSON as Python objects."""

    def __init__(self, document: dict[str, Any], binary: bytes = b"") -> None:
        self.document = document
        self._binary = bytearray(binary)

    @classmethod
    def read(cls, path: Path) -> Glb:
        """Read a ``.glb``. Raises ValueError when it is not one, or keeps data in other files."""
        data = path.read_bytes()
        if len(data) < 20 or struct.unpack_from("<II", data) != (_MAGIC, _VERSION):
            raise ValueError(f"{path} is not a GLB of glTF 2.0; export it as .glb (binary)")
        chunks: dict[int, bytes] = {}
        at = 12
        while at + 8 <= len(data):
            size, kind = struct.unpack_from("<II", data, at)
            if at + 8 + size > len(data):
                raise ValueError(f"{path} is damaged: it ends within a chunk")
            chunks.setdefault(kind, data[at + 8 : at + 8 + size])
            at += 8 + size
        try:
            document = json.loads(chunks[_JSON])
        except (KeyError, ValueError) as error:
            raise ValueError(f"{path} is damaged: {error}") from error
        if any("uri" in buffer for buffer in document.get("buffers", [])):
            raise ValueError(f"{path} keeps its data in other files; export it as one .glb")
        return cls(document, chunks.get(_BIN, b""))

    def write(self, path: Path) -> None:
        """Write the document and its buffer."""
        if self._binary:
            self._pad()
            self.document["buffers"] = [{"byteLength": len(self._binary)}]
        text = json.dumps(self.document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        parts = [struct.pack("<II", len(text), _JSON), text]
        if self._binary:
            parts += [struct.pack("<II", len(self._binary), _BIN), bytes(self._binary)]
        size = 12 + sum(len(part) for part in parts)
        path.write_bytes(struct.pack("<III", _MAGIC, _VERSION, size) + b"".join(parts))

    def add(self, kind: str, item: dict[str, Any]) -> int:
        """Append an item to one of the document's lists; returns its index."""
        items: list[dict[str, Any]] = self.document.setdefault(kind, [])
        items.append(item)
        return len(items) - 1

    def _pad(self) -> None:
        self._binary += b"\0" * (-len(self._binary) % 4)

    def view(self, values: NDArray[Any], target: int | None = None) -> int:
        """Append an array to the buffer; returns its buffer view."""
        self._pad()
        data = values.tobytes()
        view: dict[str, Any] = {
            "buffer": 0,
            "byteOffset": len(self._binary),
            "byteLength": len(data),
        }
        if target is not None:
            view["target"] = target
        self._binary += data
        return self.add("bufferViews", view)

    def _describe(self, values: NDArray[Any], normalized: bool) -> dict[str, Any]:
        width = 1 if values.ndim == 1 else values.shape[1]
        kind = {size: name for name, size in _TYPES.items()}[width]
        item: dict[str, Any] = {
            "componentType": _CODES[values.dtype.newbyteorder("<")],
            "count": len(values),
            "type": kind,
        }
        if normalized:
            item["normalized"] = True
        return item

    def accessor(
        self,
        values: NDArray[Any],
        target: int | None = None,
        bounds: bool = False,
        normalized: bool = False,
    ) -> int:
        """Append an array [N] or [N, width]; ``bounds`` writes min and max."""
        item = {"bufferView": self.view(values, target), **self._describe(values, normalized)}
        if bounds:
            rows = values.reshape(len(values), -1)
            item["min"], item["max"] = _numbers(rows.min(axis=0)), _numbers(rows.max(axis=0))
        return self.add("accessors", item)

    def sparse(self, values: NDArray[np.float32], kept: NDArray[np.int64]) -> int:
        """Append float32 rows [N, 3] of which only ``kept`` are not zero."""
        item = self._describe(values, False)
        rows = values[kept]
        low, high = np.zeros(3, np.float32), np.zeros(3, np.float32)
        if len(kept):
            low, high = rows.min(axis=0), rows.max(axis=0)
            if len(kept) < len(values):
                low, high = np.minimum(low, 0), np.maximum(high, 0)
            index = kept.astype("<u2" if len(values) < 65536 else "<u4")
            item["sparse"] = {
                "count": len(kept),
                "indices": {"bufferView": self.view(index), "componentType": _CODES[index.dtype]},
                "values": {"bufferView": self.view(rows)},
            }
        item["min"], item["max"] = _numbers(low), _numbers(high)
        return self.add("accessors", item)

    def array(self, index: int) -> NDArray[Any]:
        """An accessor's values [N] or [N, width], float32 where it is normalized.

        Raises ValueError when the accessor does not fit its buffer, or holds NaN or infinity, which
        glTF 2.0 forbids (section 3.6.2.2).
        """
        item = self.document["accessors"][index]
        dtype, width = np.dtype(_DTYPES[item["componentType"]]), _TYPES[item["type"]]
        count = int(item["count"])
        if "bufferView" in item:
            values = self._strided(item, dtype, width, count)
        else:
            values = np.zeros((count, width), dtype)
        if "sparse" in item:
            sparse = item["sparse"]
            kept = self._strided(
                sparse["indices"],
                np.dtype(_DTYPES[sparse["indices"]["componentType"]]),
                1,
                sparse["count"],
            )[:, 0]
            values[kept] = self._strided(sparse["values"], dtype, width, sparse["count"])
        if not np.isfinite(values).all():
            raise ValueError("the GLB is damaged: a value of an accessor is not finite")
        if item.get("normalized"):
            values = np.maximum(values.astype(np.float32) / np.iinfo(dtype).max, -1.0)
        flat: NDArray[Any] = values[:, 0] if width == 1 else values
        return flat

    def _strided(
        self, item: dict[str, Any], dtype: np.dtype[Any], width: int, count: int
    ) -> NDArray[Any]:
        view = self.document["bufferViews"][item["bufferView"]]
        start = view.get("byteOffset", 0) + item.get("byteOffset", 0)
        step = view.get("byteStride") or dtype.itemsize * width
        end = start + step * (count - 1) + dtype.itemsize * width
        if count and end > len(self._binary):
            raise ValueError("the GLB is damaged: an accessor lies outside its buffer")
        steps = (step, dtype.itemsize)
        values: NDArray[Any] = np.ndarray((count, width), dtype, self._binary, start, steps).copy()
        return values


def _numbers(values: Sequence[Any] | NDArray[Any]) -> list[float]:
    return [float(value) for value in values]
