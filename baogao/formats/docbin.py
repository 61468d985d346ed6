"""spaCy's ``.spacy`` format: a ``DocBin`` of one ``Doc`` with entities and ``doc._.relations``.

spaCy is imported where it is used: whoever reads the other formats need not load it.
"""

from __future__ import annotations

from pathlib import Path

from .annotated import AnnotatedText, AnnotationError
from .files import read_text, write_content


def read_docbin(path: Path, text_path: Path) -> AnnotatedText:
    """Read the one report of a ``.spacy`` file, and make sure that it annotates exactly the given text.

    Raises ``AnnotationError`` for a file that is no ``DocBin`` of one ``Doc``, and for another text.
    """
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    from .spacy_doc import from_doc

    text = read_text(text_path)
    try:
        docs = list(DocBin().from_disk(path).get_docs(Vocab()))
    except OSError as error:
        raise AnnotationError(f"{path}: {error.strerror}") from error
    except Exception as error:  # a damaged file can fail in any step of unpacking
        raise AnnotationError(f"{path}: not a spaCy DocBin: {error}") from error
    if len(docs) != 1:
        raise AnnotationError(f"{path}: holds {len(docs)} documents, not one report")
    annotated = from_doc(docs[0], path.stem)
    if annotated.text != text:
        raise AnnotationError(f"{path}: annotates another text than {text_path}")
    return annotated


def write_docbin(annotated: AnnotatedText, path: Path) -> None:
    """Write a text with its entities and relations; tokens are characters.

    Raises ``AnnotationError`` for what a ``Doc`` cannot hold: spans that overlap or are out of range, and
    relations of spans that are missing.
    """
    import spacy
    from spacy.tokens import DocBin

    from .spacy_doc import to_doc

    try:
        doc = to_doc(spacy.blank("zh"), annotated)
    except AnnotationError as error:
        raise AnnotationError(f"{path}: cannot write {error}") from error
    write_content(path, DocBin(docs=[doc], store_user_data=True).to_bytes())
