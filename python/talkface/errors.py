"""Errors of the runtime."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

_INVALID_ARGUMENT = -1
_NOT_FOUND = -2


class TalkFaceError(RuntimeError):
    """The C++ runtime refused or failed. ``status`` is its ``talkface_status`` code."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class MissingExtraError(ImportError):
    """An optional dependency is not installed; the message names the extra that brings it."""


class ToolError(RuntimeError):
    """A program that was run (ffmpeg) failed; the message holds what it said."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of the C++ core into Python's: bad arguments are ValueErrors."""
    from talkface._core import CoreError

    try:
        yield
    except CoreError as error:
        status, message = error.args
        if status == _INVALID_ARGUMENT:
            raise ValueError(message) from None
        if status == _NOT_FOUND:
            raise FileNotFoundError(message) from None
        raise TalkFaceError(status, message) from None


def translate(function: F) -> F:
    """Decorator form of :func:`translated`."""

    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with translated():
            return function(*args, **kwargs)

    return cast("F", wrapper)


def require(module: str, extra: str, purpose: str) -> Any:
    """Import an optional module, or raise MissingExtraError with the command that installs it."""
    from importlib import import_module

    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f'{purpose} needs {module.split(".", maxsplit=1)[0]}: pip install "talkface[{extra}]"'
        ) from error
    except ImportError as error:
        raise MissingExtraError(f"{purpose} needs a library of the system: {error}") from error
