"""Reading and writing the text files of the annotation formats."""

from __future__ import annotations

from pathlib import Path

from ..atomic import write_bytes
from .annotated import AnnotationError


def read_text(path: Path) -> str:
    """The content of a UTF-8 file without its final line break; every other character is kept.

    Line breaks are not translated, because annotations count code points.
    Raises ``AnnotationError`` for a file that is missing, unreadable or not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8").removesuffix("\n")
    except OSError as error:
        raise AnnotationError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise AnnotationError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from error


def write_text(path: Path, content: str) -> None:
    """Write a UTF-8 file whole or not at all. Raises ``AnnotationError`` as :func:`write_content` does."""
    write_content(path, content.encode("utf-8"))


def write_content(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises ``AnnotationError`` if the folder is missing or cannot be written to.
    """
    try:
        write_bytes(path, content)
    except OSError as error:
        raise AnnotationError(f"{path}: {error.strerror}") from error
