"""From annotated texts to training documents."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.tokens import DocBin

from baogao.formats import AnnotatedText, AnnotationError, SpanAnnotation
from baogao.formats.brat import read_brat
from baogao.formats.slicing import paragraph_groups
from baogao.formats.spacy_doc import from_doc, to_doc
from training.make_docbins import main, make_docbin, names_by_split

ROOT = Path(__file__).parents[1]
GOLD, TEXTS = ROOT / "annotations" / "gold", ROOT / "corpus" / "texts"


def test_a_report_goes_into_a_doc_and_comes_back(nlp):
    annotated = read_brat(GOLD / "handan-zx-2023.ann", TEXTS / "handan-zx-2023.txt")
    back = from_doc(to_doc(nlp, annotated))
    assert back.text == annotated.text.rstrip("\n")
    assert (back.spans, back.relations) == (annotated.spans, annotated.relations)


@pytest.mark.parametrize("characters", [1, 600, 10**6])
def test_groups_of_paragraphs_lose_nothing(characters):
    annotated = read_brat(GOLD / "handan-zx-2023.ann", TEXTS / "handan-zx-2023.txt")
    groups = list(paragraph_groups(annotated, characters))
    assert "\n".join(group.text for group in groups) == annotated.text.rstrip("\n")
    assert sum(len(group.spans) for group in groups) == len(annotated.spans)
    assert sum(len(group.relations) for group in groups) == len(annotated.relations)
    for group in groups:
        assert all(group.covered(s) == group.text[s.start : s.end].strip() for s in group.spans)


def test_docbins_hold_the_gold():
    nlp = spacy.blank("zh")
    docbin, counts = make_docbin(["handan-zx-2023", "henan-zx-2023"], GOLD, TEXTS, group=600)
    docs = list(docbin.get_docs(nlp.vocab))
    annotated = [
        read_brat(GOLD / f"{n}-zx-2023.ann", TEXTS / f"{n}-zx-2023.txt") for n in ("handan", "henan")
    ]
    assert sum(len(doc.ents) for doc in docs) == sum(len(a.spans) for a in annotated)
    assert sum(len(doc._.relations) for doc in docs) == sum(len(a.relations) for a in annotated)
    assert counts["documents"] == len(docs) and counts["COUNT"] == sum(
        ent.label_ == "COUNT" for doc in docs for ent in doc.ents
    )


@pytest.mark.parametrize(
    ("text", "spans", "cause"),
    [
        ("区 委", [SpanAnnotation(0, 2, "BODY")], "does not begin and end with a token"),
        ("常委会", [SpanAnnotation(0, 3, "BODY"), SpanAnnotation(1, 3, "BODY")], "overlapping"),
    ],
)
def test_spans_that_cannot_be_represented_are_named(nlp, text, spans, cause):
    with pytest.raises(AnnotationError, match=f"report-x.*{cause}"):
        to_doc(nlp, AnnotatedText("report-x", text, spans))


def make(folder, nlp, excerpts, excerpts_gold, repeat_reports, reviewed=None, paragraph_group=1):
    """Run the command on three reports, one a split; the documents of each file it wrote."""
    (folder / "reports.csv").write_text(
        "report,split\nhandan-zx-2023,train\nhenan-zx-2023,dev\nsuizhou-zx-2022,test\n", encoding="utf-8"
    )
    main(
        reports=folder / "reports.csv",
        texts=TEXTS,
        gold=GOLD,
        excerpts=excerpts,
        excerpts_gold=excerpts_gold,
        reviewed=reviewed or folder / "absent",
        reviewed_gold=reviewed or folder / "absent",
        repeat_reports=repeat_reports,
        paragraph_group=paragraph_group,
        out=folder / "out",
    )
    return {
        path.stem: list(DocBin().from_disk(path).get_docs(nlp.vocab)) for path in (folder / "out").iterdir()
    }


def annotate(folder, *splits):
    """Texts of two paragraphs, one for each split, with two entities in the first paragraph, and their table."""
    folder.mkdir()
    rows = ["excerpt,split"]
    for number, split in enumerate(splits):
        (folder / f"{number:03}.txt").write_text("办理提案10件。\n召开会议2次。\n", encoding="utf-8")
        (folder / f"{number:03}.ann").write_text(
            "T1\tITEM 2 4\t提案\nT2\tCOUNT 4 7\t10件\n", encoding="utf-8"
        )
        rows.append(f"{number:03},{split}")
    (folder / "sources.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_excerpts_are_training_documents_beside_the_repeated_reports(tmp_path, nlp):
    folder = annotate(tmp_path / "excerpts", "train", "dev")
    docs = make(tmp_path, nlp, folder, folder, repeat_reports=2)
    assert [doc.text for doc in docs["excerpts"]] == ["办理提案10件。", "召开会议2次。"]
    assert [doc.text for doc in docs["dev_excerpts"]] == ["办理提案10件。", "召开会议2次。"]
    assert len(docs["train"]) == 2 * len(docs["reports"]) + 2
    assert len(docs["dev"]) == len(docs["test"]) == 1 and not docs["reviewed"]


def test_reviewed_paragraphs_are_training_documents_too(tmp_path, nlp):
    folder = annotate(tmp_path / "reviewed", "train")
    docs = make(tmp_path, nlp, tmp_path / "absent", tmp_path / "absent", repeat_reports=2, reviewed=folder)
    assert [doc.text for doc in docs["reviewed"]] == ["办理提案10件。", "召开会议2次。"]
    assert [e.text for e in docs["reviewed"][0].ents] == ["提案", "10件"]
    assert len(docs["train"]) == 2 * len(docs["reports"]) + 2


def test_all_official_text_is_also_there_without_the_reports(tmp_path, nlp):
    excerpts = annotate(tmp_path / "excerpts", "train", "dev")
    reviewed = annotate(tmp_path / "reviewed", "train", "train")
    docs = make(tmp_path, nlp, excerpts, excerpts, repeat_reports=2, reviewed=reviewed)
    expected = [doc.text for doc in docs["excerpts"] + docs["reviewed"]]
    assert len(expected) == 2 + 4
    assert [doc.text for doc in docs["official"]] == expected


def test_without_excerpts_there_are_the_reports(tmp_path, nlp):
    docs = make(tmp_path, nlp, tmp_path / "absent", tmp_path / "absent", repeat_reports=1)
    assert docs["reports"] and not docs["excerpts"]
    assert [doc.text for doc in docs["train"]] == [doc.text for doc in docs["reports"]]


@pytest.mark.parametrize("content", ["excerpt,line\n000,1\n", "excerpt,split\n000,held\n", "split\ntrain\n"])
def test_a_table_without_splits_is_named(tmp_path, content):
    (tmp_path / "sources.csv").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"sources\.csv: needs columns excerpt and split"):
        names_by_split(tmp_path / "sources.csv", "excerpt")


def test_paragraphs_of_excerpts_can_stand_in_groups(tmp_path, nlp):
    folder = annotate(tmp_path / "excerpts", "train", "dev")
    docs = make(tmp_path, nlp, folder, folder, repeat_reports=1, paragraph_group=12)
    assert [doc.text for doc in docs["excerpts"]] == ["办理提案10件。\n召开会议2次。"]
    assert [e.text for e in docs["excerpts"][0].ents] == ["提案", "10件"]
    assert len(docs["dev_excerpts"]) == 2
