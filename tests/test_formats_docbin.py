"""spaCy's ``.spacy`` files."""

from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin

from baogao.formats import (
    AnnotatedText,
    AnnotationError,
    RelationAnnotation,
    SpanAnnotation,
    read_brat,
    read_docbin,
    write_docbin,
)

ROOT = Path(__file__).parent.parent
BODY, ITEM = SpanAnnotation(0, 3, "BODY"), SpanAnnotation(5, 7, "ITEM")
TEXT = "常委会召开会议。"


@pytest.fixture
def text_path(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(TEXT + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["henan-zx-2023", "suizhou-zx-2022"])
def test_committed_gold_survives_with_its_relations(tmp_path, name):
    text_path = ROOT / "corpus" / "texts" / f"{name}.txt"
    gold = read_brat(ROOT / "annotations" / "gold" / f"{name}.ann", text_path)
    write_docbin(gold, tmp_path / f"{name}.spacy")
    assert read_docbin(tmp_path / f"{name}.spacy", text_path) == gold


def test_spacy_reads_entities_and_relations_from_the_file(tmp_path):
    write_docbin(
        AnnotatedText("r", TEXT, [BODY, ITEM], [RelationAnnotation("AGENT", ITEM, BODY)]),
        tmp_path / "r.spacy",
    )
    (doc,) = DocBin().from_disk(tmp_path / "r.spacy").get_docs(spacy.blank("zh").vocab)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("常委会", "BODY"), ("会议", "ITEM")]
    assert [(r.label, r.head.text, r.tail.text) for r in doc._.relations] == [("AGENT", "会议", "常委会")]


@pytest.mark.parametrize(
    ("annotated", "cause"),
    [
        (AnnotatedText("r", TEXT, [BODY, SpanAnnotation(2, 5, "ITEM")]), "overlapping spans"),
        (AnnotatedText("r", TEXT, [SpanAnnotation(5, 99, "ITEM")]), "does not begin and end with a token"),
        (AnnotatedText("r", TEXT, [ITEM], [RelationAnnotation("AGENT", ITEM, BODY)]), "which is not there"),
    ],
)
def test_what_a_doc_cannot_hold_is_refused(tmp_path, annotated, cause):
    with pytest.raises(AnnotationError, match=rf"r\.spacy: cannot write r: .*{cause}"):
        write_docbin(annotated, tmp_path / "r.spacy")
    assert not (tmp_path / "r.spacy").exists()


def test_bad_files_are_named(tmp_path, text_path):
    path = tmp_path / "r.spacy"
    with pytest.raises(AnnotationError, match=r"r\.spacy: No such file"):
        read_docbin(path, text_path)
    path.write_bytes(b"no DocBin")
    with pytest.raises(AnnotationError, match=r"r\.spacy: not a spaCy DocBin"):
        read_docbin(path, text_path)
    nlp = spacy.blank("zh")
    DocBin(docs=[nlp("一"), nlp("二")]).to_disk(path)
    with pytest.raises(AnnotationError, match=r"r\.spacy: holds 2 documents"):
        read_docbin(path, text_path)
    write_docbin(AnnotatedText("r", "另一份报告。"), path)
    with pytest.raises(AnnotationError, match=r"r\.spacy: annotates another text than .*text\.txt"):
        read_docbin(path, text_path)
