"""Annotation formats, one module each, all through :class:`AnnotatedText`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from .annotated import AnnotatedText, AnnotationError, RelationAnnotation, SpanAnnotation
from .bio import read_bio, write_bio
from .brat import read_brat, write_brat
from .docbin import read_docbin, write_docbin
from .inline import read_inline, write_inline

__all__ = [
    "AnnotatedText",
    "AnnotationError",
    "RelationAnnotation",
    "SpanAnnotation",
    "holds_relations",
    "read_annotated",
    "read_bio",
    "read_brat",
    "read_docbin",
    "read_inline",
    "write_annotated",
    "write_bio",
    "write_brat",
    "write_docbin",
    "write_inline",
]


class _Format(NamedTuple):
    read: Callable[[Path, Path], AnnotatedText]
    write: Callable[[AnnotatedText, Path], None]
    holds_relations: bool = True


_FORMATS = {
    ".ann": _Format(read_brat, write_brat),
    ".txt": _Format(read_inline, write_inline),
    ".spacy": _Format(read_docbin, write_docbin),
    ".bio": _Format(read_bio, write_bio, holds_relations=False),
    ".conll": _Format(read_bio, write_bio, holds_relations=False),
}


def read_annotated(path: Path, text_path: Path) -> AnnotatedText:
    """Read the annotations of the text in ``text_path``.

    path (Path): brat standoff (``.ann``), the inline form (``.txt``), a spaCy ``DocBin`` (``.spacy``), or BIO
        tags (``.bio``, ``.conll``).
    """
    return _format_of(path).read(path, text_path)


def write_annotated(annotated: AnnotatedText, path: Path) -> None:
    """Write annotations in the format that the suffix names, see :func:`read_annotated`."""
    _format_of(path).write(annotated, path)


def holds_relations(path: Path) -> bool:
    """Whether the format that the suffix names has a place for relations."""
    return _format_of(path).holds_relations


def _format_of(path: Path) -> _Format:
    try:
        return _FORMATS[path.suffix]
    except KeyError:
        raise AnnotationError(
            f"{path}: not an annotation file, does not end in {', '.join(_FORMATS)}"
        ) from None
