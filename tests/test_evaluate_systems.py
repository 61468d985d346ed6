"""The systems of the benchmark: spaCy pipelines and baselines."""

from __future__ import annotations

from itertools import pairwise

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

import baogao.relations  # noqa: F401  (registers doc._.relations)
from baogao.formats.annotated import RelationAnnotation, SpanAnnotation
from baogao.relations import Relation
from baogao.schema import ENTITY_LABELS, RELATION_LABELS
from evaluate.baselines import BASELINES
from evaluate.spacy_system import SpacySystem

TEXT = "一年来,区委组织视察12次。\n习近平总书记强调,要建设《法治中国》。"


def spans(text: str, *expected: tuple[str, str]) -> list[SpanAnnotation]:
    """Spans as (covered text, label); the covered text stands once in the text."""
    return [SpanAnnotation(text.index(c), text.index(c) + len(c), label) for c, label in expected]


@Language.component("relations_between_neighbours", assigns=["doc._.relations"])
def relations_between_neighbours(doc: Doc) -> Doc:
    """Stands for the relation component: joins every ITEM to the entity before it."""
    doc._.relations = [Relation("AGENT", b, a) for a, b in pairwise(doc.ents) if b.label_ == "ITEM"]
    return doc


@pytest.fixture
def pipeline_path(tmp_path):
    nlp = spacy.blank("zh", meta={"name": "toy", "version": "1.2.3"})
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "BODY", "pattern": "区委"}])
    nlp.add_pipe("relations_between_neighbours")
    nlp.to_disk(tmp_path / "toy")
    return tmp_path / "toy"


def test_a_pipeline_predicts_character_offsets(pipeline_path):
    system = SpacySystem(str(pipeline_path))
    assert system.predict(TEXT).entities == spans(TEXT, ("区委", "BODY"))
    assert system.name == "zh_toy"
    assert system.entity_labels == set(ENTITY_LABELS)
    assert system.relation_labels == set(RELATION_LABELS)


def test_a_pipeline_may_have_a_title_of_its_own(pipeline_path):
    system = SpacySystem(str(pipeline_path), "a title")
    assert system.name == "a title"
    assert system.provenance["name"] == "zh_toy"


def test_relations_between_given_entities_ignore_the_entities_the_pipeline_would_set(pipeline_path):
    # 视察 is no entity of the pipeline's, and 区委 would be one: only the given ones may count.
    given = spans(TEXT, ("一年来", "DATE"), ("视察", "ITEM"))
    relations = SpacySystem(str(pipeline_path)).predict_relations(TEXT, given)
    assert relations == [RelationAnnotation("AGENT", given[1], given[0])]


def test_entities_that_tokens_cannot_represent_are_refused(tmp_path):
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "BODY", "pattern": "x"}])
    nlp.to_disk(tmp_path / "words")
    with pytest.raises(ValueError, match=r"BODY 'bc' at 1 does not begin and end with a token"):
        SpacySystem(str(tmp_path / "words")).predict_relations("abcd", [SpanAnnotation(1, 3, "BODY")])


def test_a_general_purpose_pipeline_is_scored_on_translated_labels_only(tmp_path):
    nlp = spacy.blank("zh")
    patterns = [("GPE", "邯郸"), ("ORG", "区委"), ("MONEY", "12元")]
    nlp.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": p} for label, p in patterns])
    nlp.to_disk(tmp_path / "general")
    system = SpacySystem(str(tmp_path / "general"))
    text = "邯郸区委花12元"
    assert system.predict(text).entities == spans(text, ("邯郸", "PLACE"), ("区委", "BODY"))
    assert system.entity_labels == {"PERSON", "BODY", "PLACE", "DATE"}
    assert system.relation_labels == frozenset()


def test_provenance_changes_with_the_files_but_not_with_card_and_meta(pipeline_path):
    before = SpacySystem(str(pipeline_path)).provenance
    assert before["name"] == "zh_toy"
    assert before["version"] == "1.2.3"
    assert before["seed"] == 0
    (pipeline_path / "README.md").write_text("card", encoding="utf-8")
    assert SpacySystem(str(pipeline_path)).provenance == before
    patterns = pipeline_path / "entity_ruler" / "patterns.jsonl"
    patterns.write_text(patterns.read_text(encoding="utf-8").replace("BODY", "PLACE"), encoding="utf-8")
    assert SpacySystem(str(pipeline_path)).provenance["sha256"] != before["sha256"]


@pytest.fixture(scope="module")
def rules():
    return BASELINES["rules"]()


def test_rules_find_entities_of_every_kind(rules):
    text = (
        "2022年,区委落实“第一议题”制度,践行“两个维护”,召开区委人大工作会议,出台《实施意见》,"
        "举办专题培训12次。习近平总书记视察北京。"
    )
    expected = spans(
        text,
        ("2022年", "DATE"),
        ("第一议题", "PROGRAM"),
        ("两个维护", "SLOGAN"),
        ("区委人大工作会议", "MEETING"),
        ("实施意见", "DOCUMENT"),
        ("专题培训", "ITEM"),
        ("12次", "COUNT"),
        ("习近平", "PERSON"),
        ("北京", "PLACE"),
    )
    assert rules.predict(text).entities == sorted([*expected, SpanAnnotation(6, 8, "BODY")])


def test_rules_leave_bodies_before_people_and_structural_numbers_alone(rules):
    assert rules.predict("区政协委员联系三级代表,第十四次参加。").entities == []


@pytest.mark.parametrize(
    ("text", "count", "item"),
    [
        ("召开常委会会议7次。", "7次", "常委会会议"),
        ("由6位市政协副主席带领。", "6位", "市政协副主席"),
        ("对140家委员领办的企业走访。", "140家", "企业"),
        ("提出提案,立案374件。", "374件", "立案"),
        ("办复率达100%。", "100%", "办复率"),
    ],
)
def test_rules_find_what_a_count_measures(rules, text, count, item):
    prediction = rules.predict(text)
    count_span, item_span = spans(text, (count, "COUNT"), (item, "ITEM"))
    assert RelationAnnotation("QUANTITY_OF", count_span, item_span) in prediction.relations


def test_rules_join_given_entities(rules):
    text = "全年常委会召开会议7次、座谈会和论坛12场,出台《规则》。收到提案88件,其中立案6件。"
    given = spans(
        text,
        ("全年", "DATE"),
        ("常委会", "BODY"),
        ("会议", "ITEM"),
        ("7次", "COUNT"),
        ("座谈会", "ITEM"),
        ("论坛", "ITEM"),
        ("12场", "COUNT"),
        ("提案", "ITEM"),
        ("88件", "COUNT"),
        ("6件", "COUNT"),
    )
    date, body, session, seven, forum, debate, twelve, proposal, total, part = given
    assert sorted(rules.predict_relations(text, given)) == sorted(
        [
            RelationAnnotation("QUANTITY_OF", seven, session),
            RelationAnnotation("QUANTITY_OF", twelve, debate),
            RelationAnnotation("QUANTITY_OF", twelve, forum),
            RelationAnnotation("QUANTITY_OF", total, proposal),
            *(RelationAnnotation("AGENT", item, body) for item in (session, forum, debate)),
            *(RelationAnnotation("TIME", item, date) for item in (session, forum, debate)),
            RelationAnnotation("SUBSET_OF", part, total),
        ]
    )


def test_rules_find_who_issued_a_document(rules):
    text = "区政府制定《规则》,学习市委《意见》。"
    government, rule, committee, opinion = spans(
        text, ("区政府", "BODY"), ("规则", "DOCUMENT"), ("市委", "BODY"), ("意见", "DOCUMENT")
    )
    assert rules.predict_relations(text, [government, rule, committee, opinion]) == [
        RelationAnnotation("ISSUED_BY", rule, government),
        RelationAnnotation("ISSUED_BY", opinion, committee),
    ]


@pytest.mark.parametrize("name", list(BASELINES))
def test_baselines_give_flat_spans_of_their_labels_inside_paragraphs(name):
    system = BASELINES[name]()
    entities = sorted(system.predict(TEXT).entities)
    assert SpanAnnotation(15, 18, "PERSON") in entities  # 习近平, in the second paragraph
    assert {entity.label for entity in entities} <= system.entity_labels
    assert all("\n" not in TEXT[entity.start : entity.end] for entity in entities)
    assert all(a.end <= b.start for a, b in pairwise(entities))


def test_lac_names_are_translated():
    text = "王磊在北京市政府工作。"
    labels = {text[e.start : e.end]: e.label for e in BASELINES["lac"]().predict(text).entities}
    assert labels["王磊"] == "PERSON"
    assert "BODY" in labels.values()
