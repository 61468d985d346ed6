"""Annotation formats, one module each, all through :class:`AnnotatedText`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from .annotated import AnnotatedText, AnnotationError, RelationAnnotation, SpanAnnotation
from .brat import read_brat, write_brat
from .inline import read_inline, write_inline

__all__ = [
    "AnnotatedText",
    "AnnotationError",
    "RelationAnnotation",
    "SpanAnnotation",
    "read_annotated",
    "read_brat",
    "read_inline",
    "write_annotated",
    "write_brat",
    "write_inline",
]


class _Format(NamedTuple):
    read: Callable[[Path, Path], AnnotatedText]
    write: Callable[[AnnotatedText, Path], None]


_FORMATS = {".ann": _Format(read_brat, write_brat), ".txt": _Format(read_inline, write_inline)}


def read_annotated(path: Path, text_path: Path) -> AnnotatedText:
    """Read brat standoff (``.ann``) or the inline form (``.txt``) of the text in ``text_path``."""
    return _format_of(path).read(path, text_path)


def write_annotated(annotated: AnnotatedText, path: Path) -> None:
    """Write annotations as brat standoff (``.ann``) or in the inline form (``.txt``)."""
    _format_of(path).write(annotated, path)


def _format_of(path: Path) -> _Format:
    try:
        return _FORMATS[path.suffix]
    except KeyError:
        raise AnnotationError(
            f"{path}: not an annotation file, ends in neither {' nor '.join(_FORMATS)}"
        ) from None
