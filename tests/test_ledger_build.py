"""Records from entities and relations. What the sentences of the reports say was read, not computed."""

import json
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from baogao.formats import read_brat, read_inline
from baogao.formats.spacy_doc import to_doc
from baogao.ledger import component  # noqa: F401
from baogao.ledger.comparison import compare_reports
from baogao.ledger.record import Record, read_records, record_schema, row_key
from baogao.ledger.report import Report, report_of
from baogao.relations import Relation, set_relations
from baogao.typography import create_typography_lookups

ROOT = Path(__file__).parent.parent
CONTEXT = {"place": "浙江省杭州市临平区", "organ": "rd", "year": 2022}


@pytest.fixture(scope="module")
def nlp():
    nlp = spacy.blank("zh")
    nlp.add_pipe("ledger")
    return nlp


@pytest.fixture
def ledger(nlp, tmp_path):
    """From the inline form to records."""

    def build(inline: str, report: dict | None = CONTEXT) -> list[Record]:
        path = tmp_path / "report.txt"
        path.write_text(inline, encoding="utf-8")
        doc = to_doc(nlp, read_inline(path))
        doc._.report = report
        return nlp(doc)._.ledger

    return build


def gold_ledger(nlp, name):
    return nlp(
        to_doc(nlp, read_brat(ROOT / f"annotations/gold/{name}.ann", ROOT / f"corpus/texts/{name}.txt"))
    )


def rows(records):
    """Action, item, figure, unit, start and end of the period of what is counted."""
    return [
        (
            r.action,
            r.item,
            r.count.value,
            r.count.unit,
            r.period and r.period.start,
            r.period and r.period.end,
        )
        for r in records
        if r.count
    ]


def test_summary_of_linping(nlp):
    doc = gold_ledger(nlp, "linping-rd-2022")
    year = ("2022-01-01", "2022-12-31")
    assert rows(r for r in doc._.ledger if r.sentence.startswith("一年来,共召开")) == [
        ("召开", "常委会会议", 7, "次", *year),
        ("审议", "议题", 54, "项", *year),
        (None, "主任会议", 13, "次", *year),
        ("讨论", "议题", 110, "个", *year),
        ("任免", "国家机关工作人员", 46, "人次", *year),
        ("开展", "执法检查、视察、评议等活动", 14, "次", *year),
        ("提出", "意见建议函", 16, "件", *year),
    ]


def test_parts_of_the_appointments_of_banan(nlp):
    found = [r for r in gold_ledger(nlp, "banan-rd-2022")._.ledger if r.item == "任免"]
    total, *parts = found
    assert (total.count.value, total.share_of, total.period.text) == (148, None, "全年")
    assert [part.count.value for part in parts] == [59, 38, 1, 7, 2, 41]
    assert {part.share_of for part in parts} == {total.id}


def test_rates_of_linping_conference(nlp):
    records = {r.item: r for r in gold_ledger(nlp, "linping-zx-2022")._.ledger if r.count}
    assert row_key(records["办理结果满意率"]) == (
        99.6, 99.6, 99.6, "%", "办理结果满意率", "2022-01-01", "2022-12-31",
    )  # fmt: skip
    assert records["办理结果满意率"].share_of == records["提案"].id


def test_five_years_of_ningxia(nlp):
    records = {r.count.text: r for r in gold_ledger(nlp, "ningxia-zx-2022")._.ledger if r.count}
    record = records["3042件"]
    assert (record.action, record.item, record.count.value) == ("立案", "提案", 3042)
    assert (record.period.start, record.period.end) == ("2018-01-01", "2022-12-31")


def test_periodical_of_handan_is_a_counted_document(nlp):
    (record,) = (r for r in gold_ledger(nlp, "handan-zx-2023")._.ledger if r.kind == "document" and r.count)
    assert (record.item, record.document, record.action) == ("邯郸文史", "邯郸文史", "辑印")
    assert (record.count.value, record.count.unit, record.period.start) == (2, "期", "2023-01-01")


def test_anchor_and_sentence_are_where_they_say(nlp):
    for name in ("xinzhou-zx-2023", "xizang-zx-2022"):
        doc = gold_ledger(nlp, name)
        for record in doc._.ledger:
            anchor = record.count.text if record.count else record.item
            assert doc.text[record.start : record.end] == anchor
            end = record.sentence_start + len(record.sentence)
            assert doc.text[record.sentence_start : end] == record.sentence
            assert record.sentence_start <= record.start < record.end <= end


def test_every_count_with_item_gives_one_record_and_ids_are_unique(nlp):
    doc = gold_ledger(nlp, "banan-rd-2022")
    pairs = [r for r in doc._.relations if r.label == "QUANTITY_OF"]
    assert len([r for r in doc._.ledger if r.count]) == len(pairs)
    assert len({r.id for r in doc._.ledger}) == len(doc._.ledger)


def test_count_without_item_gives_no_record(ledger):
    assert ledger("连续⟦两年|COUNT⟧围绕发展网络货运议政建言。") == []


def test_explicit_agent_is_resolved_and_not_inferred(ledger):
    (record,) = ledger(
        "对⟦区政府|BODY:3⟧报送的⟦58件|COUNT:1⟧⟦规范性文件|ITEM:2⟧进行备案审查。\n@ QUANTITY_OF 1>2; AGENT 2>3"
    )
    assert (record.body.text, record.body.name, record.body.inferred) == (
        "区政府",
        "杭州市临平区人民政府",
        False,
    )
    assert (record.action, record.inferred, record.confidence) == ("报送", (), 1.0)


def test_body_is_inferred_where_the_sentence_names_none(ledger):
    (record,) = ledger("组建⟦8个|COUNT:1⟧⟦小组|ITEM:2⟧开展专项监督。\n@ QUANTITY_OF 1>2")
    assert record.body.name == "杭州市临平区人民代表大会常务委员会"
    assert record.body.text is None
    assert record.inferred == ("body",)


@pytest.mark.parametrize(
    "sentence",
    [
        "⟦习近平|PERSON⟧总书记⟦两次|COUNT:1⟧⟦视察|ITEM:2⟧⟦河北|PLACE⟧。",
        "⟦区委|BODY⟧领导⟦两次|COUNT:1⟧⟦批示|ITEM:2⟧。",
    ],
)
def test_body_is_not_inferred_where_someone_else_is_the_subject(ledger, sentence):
    (record,) = (r for r in ledger(f"{sentence}\n@ QUANTITY_OF 1>2") if r.count)
    assert record.body is None


def test_own_office_as_subject_does_not_prevent_inference(ledger):
    (record,) = ledger("⟦常委会|BODY⟧工作中收到⟦建议|ITEM:1⟧⟦3件|COUNT:2⟧。\n@ QUANTITY_OF 2>1")
    assert record.body.inferred


def test_no_body_without_context(ledger):
    (record,) = ledger("组建⟦8个|COUNT:1⟧⟦小组|ITEM:2⟧。\n@ QUANTITY_OF 1>2", report=None)
    assert (record.body, record.period) == (None, None)


@pytest.mark.parametrize(
    ("heading", "start", "end"),
    [
        ("一、2022年工作回顾", "2022-01-01", "2022-12-31"),
        ("过去一年的主要工作", "2022-01-01", "2022-12-31"),
        ("二、过去五年工作回顾", "2018-01-01", "2022-12-31"),
        ("2023年主要任务", "2023-01-01", "2023-12-31"),
    ],
)
def test_period_of_the_section_is_inferred(ledger, heading, start, end):
    (record,) = ledger(f"{heading}\n组建⟦8个|COUNT:1⟧⟦小组|ITEM:2⟧。\n@ QUANTITY_OF 1>2")
    assert (record.period.start, record.period.end, record.period.inferred) == (start, end, True)
    assert record.period.text == heading
    assert "period" in record.inferred


@pytest.mark.parametrize("heading", ["三、今后工作的建议", "一、坚持党的领导", "2023年工作报告", "各位代表:"])
def test_heading_without_a_settled_time_gives_no_period(ledger, heading):
    (record,) = ledger(f"{heading}\n组建⟦8个|COUNT:1⟧⟦小组|ITEM:2⟧。\n@ QUANTITY_OF 1>2")
    assert record.period is None


@pytest.mark.parametrize(
    "sentence",
    [
        "换届以来,共召开⟦常委会会议|ITEM:1⟧⟦10次|COUNT:2⟧。",
        "累计收到⟦提案|ITEM:1⟧⟦4022件|COUNT:2⟧。",
        "⟦2018年|DATE⟧启动,组建⟦小组|ITEM:1⟧⟦8个|COUNT:2⟧。",
        "⟦每年|DATE⟧选择⟦部门|ITEM:1⟧⟦6个|COUNT:2⟧。",
        "历年收到⟦提案|ITEM:1⟧⟦4022件|COUNT:2⟧。",
        "历年来收到⟦提案|ITEM:1⟧⟦4022件|COUNT:2⟧。",
    ],
)
def test_period_is_not_inferred_where_the_sentence_speaks_of_another_time(ledger, sentence):
    (record,) = ledger(f"2022年主要工作\n{sentence}\n@ QUANTITY_OF 2>1")
    assert record.period is None


@pytest.mark.parametrize("comparison", ["创历年新高", "为历年最高", "为历年来最多", "居历年之最"])
def test_comparison_with_other_years_is_no_other_time(ledger, comparison):
    (record,) = ledger(f"2022年主要工作\n⟦提案|ITEM:1⟧⟦402件|COUNT:2⟧,{comparison}。\n@ QUANTITY_OF 2>1")
    assert (record.period.start, record.period.inferred) == ("2022-01-01", True)


def test_period_of_a_review_without_dated_headings_is_that_of_its_title(ledger):
    (record,) = ledger("市政协2022年工作回眸\n组建⟦8个|COUNT:1⟧⟦小组|ITEM:2⟧。\n@ QUANTITY_OF 1>2")
    assert (record.period.start, record.period.end) == ("2022-01-01", "2022-12-31")
    assert (record.period.text, record.period.inferred) == ("市政协2022年工作回眸", True)


def test_explicit_period_wins_over_the_section(ledger):
    (record,) = ledger(
        "2022年主要工作\n⟦2020年度|DATE:3⟧⟦审计整改率|ITEM:1⟧达⟦90%|COUNT:2⟧。\n@ QUANTITY_OF 2>1; TIME 1>3"
    )
    assert (record.period.start, record.period.inferred) == ("2020-01-01", False)


def test_verb_is_carried_along_a_list_but_not_into_a_new_clause(ledger):
    records = ledger(
        "召开⟦常委会会议|ITEM:1⟧⟦7次|COUNT:2⟧、⟦主任会议|ITEM:3⟧⟦12次|COUNT:4⟧,⟦立案|ITEM:5⟧⟦9件|COUNT:6⟧。\n"
        "@ QUANTITY_OF 2>1; QUANTITY_OF 4>3; QUANTITY_OF 6>5"
    )
    assert [r.action for r in records] == ["召开", "召开", None]


def test_noun_that_looks_like_a_verb_is_no_action(ledger):
    (record,) = ledger("加强自身建设⟦三个|COUNT:1⟧⟦板块|ITEM:2⟧。\n@ QUANTITY_OF 1>2")
    assert record.action is None


def test_place_is_taken_only_where_it_scopes_the_clause(ledger):
    here, elsewhere = ledger(
        "在⟦杭州市|PLACE⟧召开⟦研讨会|ITEM:1⟧⟦2次|COUNT:2⟧,推动⟦临平|PLACE⟧⟦项目|ITEM:3⟧⟦5个|COUNT:4⟧。\n"
        "@ QUANTITY_OF 2>1; QUANTITY_OF 4>3"
    )
    assert (here.place, here.place_code) == ("杭州市", "330100")
    assert (elsewhere.place, elsewhere.place_code) == (None, None)


def test_document_slogan_meeting_and_programme_records(ledger):
    records = ledger(
        "⟦区委|BODY:1⟧印发《⟦意见|DOCUMENT:2⟧》,⟦4月26日|DATE:3⟧⟦区委人大工作会议|MEETING:4⟧召开,"
        "深化“⟦数智人大|PROGRAM⟧”,做到“⟦两个维护|SLOGAN⟧”。\n@ ISSUED_BY 2>1; TIME 4>3"
    )
    assert [(r.kind, r.item) for r in records] == [
        ("document", "意见"),
        ("meeting", "区委人大工作会议"),
        ("programme", "数智人大"),
        ("slogan", "两个维护"),
    ]
    document, meeting, programme, slogan = records
    assert (document.body.name, document.document) == ("中共杭州市临平区委员会", "意见")
    assert (meeting.period.start, meeting.body) == ("2022-04-26", None)
    assert (programme.body, programme.confidence) == (None, None)
    assert slogan.slogan_id is not None


def test_count_over_several_items_gives_a_record_each(ledger):
    records = ledger("开展⟦宣讲|ITEM:1⟧、⟦培训|ITEM:2⟧共⟦25次|COUNT:3⟧。\n@ QUANTITY_OF 3>1; QUANTITY_OF 3>2")
    assert [(r.item, r.count.value) for r in records] == [("宣讲", 25), ("培训", 25)]
    assert records[0].start == records[1].start


def test_part_above_its_total_and_circles_are_not_believed(ledger):
    text = "收到⟦提案|ITEM:1⟧⟦{}|COUNT:2⟧,⟦立案|ITEM:3⟧⟦{}|COUNT:4⟧。\n@ QUANTITY_OF 2>1; QUANTITY_OF 4>3; {}"
    assert [r.share_of for r in ledger(text.format("5件", "9件", "SUBSET_OF 4>2"))] == [None, None]
    circle = ledger(text.format("5件", "5件", "SUBSET_OF 4>2; SUBSET_OF 2>4"))
    assert [r.share_of for r in circle] == [None, circle[0].id]


def test_confidence_is_the_lowest_score(nlp):
    doc = nlp.make_doc("全年召开常委会会议7次。")
    doc.ents = [
        doc.char_span(0, 2, label="DATE"),
        doc.char_span(4, 9, label="ITEM"),
        doc.char_span(9, 11, label="COUNT"),
    ]
    date, item, count = doc.ents
    set_relations(doc, [Relation("QUANTITY_OF", count, item, 0.9), Relation("TIME", item, date, 0.6)])
    (record,) = nlp(doc)._.ledger
    assert record.confidence == pytest.approx(0.6)


@pytest.mark.parametrize("text", ["", " ", "\n", "。", "没有任何实体的文本"])
def test_text_without_entities_has_an_empty_ledger(nlp, text):
    assert nlp(text)._.ledger == []


def test_wrong_report_metadata_is_refused(nlp):
    doc = nlp.make_doc("报告")
    doc._.report = {"organ": "court"}
    with pytest.raises(ValueError, match="organ"):
        nlp(doc)


def test_caller_fills_in_what_the_text_does_not_say(nlp):
    doc = nlp.make_doc("城区人民代表大会常务委员会工作报告\n2022年是不平凡的一年。")
    doc._.report = {"place": "城区(山西省)"}
    report = report_of(doc)
    assert (report.place, report.organ, report.year) == ("城区(山西省)", "rd", 2022)


def test_ledger_survives_bytes_docbin_and_json(nlp):
    doc = gold_ledger(nlp, "henan-zx-2023")
    ledger = doc._.ledger
    assert len(ledger) == 68
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.ledger == ledger
    (again,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    assert again._.ledger == ledger
    data = json.loads(json.dumps(doc.to_json(underscore=["ledger"])))
    assert read_records(data["_"]["ledger"]) == ledger
    assert Doc(nlp.vocab).from_json(data)._.ledger == ledger


def test_record_is_frozen_and_has_a_schema(ledger):
    (record,) = ledger("组建⟦8个|COUNT:1⟧⟦小组|ITEM:2⟧。\n@ QUANTITY_OF 1>2")
    with pytest.raises(AttributeError):
        record.item = "other"
    assert set(record) == set(record_schema()["properties"])


def test_traditional_reports_have_the_ledger_of_simplified_ones(tmp_path):
    opencc = pytest.importorskip("opencc")
    inline = (
        "河南省政协常委会工作报告\n一年来,⟦省政府|BODY⟧领导到会祝贺。\n在⟦郑州|PLACE⟧召开⟦专题协商会|ITEM:1⟧⟦7次|COUNT:2⟧,完成造林⟦3万公顷|COUNT⟧。\n"
        "@ QUANTITY_OF 2>1\n"
    )
    found = {}
    for script, text in (("simplified", inline), ("traditional", opencc.OpenCC("s2t").convert(inline))):
        nlp = spacy.blank("zh")
        nlp.vocab.lookups = create_typography_lookups()
        nlp.add_pipe("ledger")
        path = tmp_path / f"{script}.txt"
        path.write_text(text, encoding="utf-8")
        doc = nlp(to_doc(nlp, read_inline(path)))
        (record,) = [record for record in doc._.ledger if record.count]
        assert record.sentence in doc.text
        found[script] = (record.action, record.body, record.place_code, record.count.value, report_of(doc))
    assert found["traditional"] == found["simplified"]
    assert found["simplified"][0] == "召开" and found["simplified"][2]


def test_a_blank_first_line_loses_neither_year_nor_place(nlp):
    text = "邯郸市政协2022年工作回眸\n召开常委会会议7次。"
    assert report_of(nlp.make_doc("\n\u3000\n" + text)) == report_of(nlp.make_doc(text))
    assert report_of(nlp.make_doc(text)).year == 2022


def test_national_bodies_are_not_the_reports_own_where_its_place_is_ambiguous():
    report = Report(place="青山区", organ="rd")
    assert report.is_own("区人大常委会") and not report.is_own("全国人大常委会")


def test_indicators_of_traditional_reports_are_those_of_simplified_ones(tmp_path):
    opencc = pytest.importorskip("opencc")
    inline = "常委会工作报告\n⟦全年|DATE⟧召开⟦常委会会议|ITEM:1⟧⟦7次|COUNT:2⟧。\n@ QUANTITY_OF 2>1\n"
    found = []
    for text in (inline, opencc.OpenCC("s2t").convert(inline)):
        nlp = spacy.blank("zh")
        nlp.vocab.lookups = create_typography_lookups()
        nlp.add_pipe("ledger")
        path = tmp_path / "report.txt"
        path.write_text(text, encoding="utf-8")
        doc = to_doc(nlp, read_inline(path))
        doc._.report = CONTEXT
        (report,) = compare_reports([("report", nlp(doc))])
        found.append([figure.indicator.id for figure in report.figures])
    assert found[0] == found[1] != []
