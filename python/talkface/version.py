"""The package's version, from its metadata; typed once, in cpp/include/talkface/version.h."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("talkface")
except PackageNotFoundError:  # a source tree on the path, not installed
    __version__ = "0+uninstalled"
