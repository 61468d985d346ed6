"""Entities as BIO tags of characters, in the columns of CoNLL-2003 (IOB2).

    常 B-BODY
    委 I-BODY
    会 I-BODY
    召 O

One token a line, its tag last; an empty line ends a paragraph. White space of the text has no line, so the text
file is needed to read offsets back. Relations have no place in the format. Format: Tjong Kim Sang & De Meulder
2003, https://aclanthology.org/W03-0419.
"""

from __future__ import annotations

import re
from pathlib import Path

from .annotated import AnnotatedText, AnnotationError, SpanAnnotation
from .files import read_text, write_text

_TAG = re.compile("O|([BI])-(.+)")
_DOCUMENT_START = "-DOCSTART-"


def read_bio(path: Path, text_path: Path) -> AnnotatedText:
    """Read a BIO file of a text; tokens may be characters or words, columns between token and tag are skipped.

    Raises ``AnnotationError`` for the first line with another tag or another token than the text has there, for
    ``I-`` that continues no entity, and for a file that ends before the text.
    """
    text = read_text(text_path)
    spans: list[SpanAnnotation] = []
    position, in_entity = 0, False
    for number, line in enumerate(read_text(path).split("\n"), 1):
        columns = line.split()
        if not columns or columns[0] == _DOCUMENT_START:
            in_entity = False
            continue
        try:
            start = _find(columns[0], text, position)
            position = start + len(columns[0])
            match = _TAG.fullmatch(columns[-1]) if len(columns) > 1 else None
            if match is None:
                raise ValueError(f"not a token and a BIO tag: {line!r}")
            prefix, label = match.groups()
            if prefix == "I":
                if not in_entity or spans[-1].label != label:
                    raise ValueError(f"{columns[-1]} continues no entity")
                spans[-1] = spans[-1]._replace(end=position)
            elif prefix == "B":
                spans.append(SpanAnnotation(start, position, label))
            in_entity = prefix is not None
        except ValueError as error:
            raise AnnotationError(f"{path}:{number}: {error}") from error
    if rest := text[position:].strip():
        raise AnnotationError(f"{path}: ends before {rest[:20]!r} of {text_path}")
    return AnnotatedText(path.stem, text, spans)


def write_bio(annotated: AnnotatedText, path: Path) -> None:
    """Write the entities of a text, a character a line; its relations are left out.

    Raises ``AnnotationError`` for what tags cannot hold: spans that overlap, are out of range, cross paragraphs,
    or begin or end with white space.
    """
    tags = ["O"] * len(annotated.text)
    for span in annotated.spans:
        start, end, label = span
        covered = annotated.covered(span)
        if not 0 <= start < end <= len(tags) or "\n" in covered or covered != covered.strip():
            cause = "is not within a paragraph, or begins or ends with white space"
        elif any(tag != "O" for tag in tags[start:end]):
            cause = "overlaps the span before it"
        else:
            tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
            continue
        raise AnnotationError(f"{path}: cannot write {annotated.name}: {label} {start} {end} {cause}")
    lines = [
        "" if character == "\n" else f"{character} {tag}"
        for character, tag in zip(annotated.text, tags, strict=True)
        if character == "\n" or not character.isspace()
    ]
    write_text(path, "\n".join(lines) + "\n")


def _find(token: str, text: str, position: int) -> int:
    """Where the token begins: at the next character of the text that is not white space."""
    while position < len(text) and text[position].isspace():
        position += 1
    if not text.startswith(token, position):
        raise ValueError(f"token {token!r}, but the text goes on with {text[position : position + 20]!r}")
    return position
