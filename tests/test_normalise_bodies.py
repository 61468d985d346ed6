from pathlib import Path

import pytest

from baogao.formats.annotated import AnnotationError
from baogao.normalise.bodies import BodyResolver, ReportContext, context_from_text
from baogao.normalise.bodies_gold import COLUMNS, read_body_gold, read_contexts, score_bodies

ROOT = Path(__file__).parent.parent
BANAN = ReportContext("重庆市巴南区", "rd")
LINPING = ReportContext("浙江省杭州市临平区", "zx")
HANDAN = ReportContext("河北省邯郸市", "zx")
NINGXIA = ReportContext("宁夏回族自治区", "zx")
CHENGQU = ReportContext("城区(山西省)", "rd")
NOTHING = ReportContext()


@pytest.mark.parametrize(
    "context, mention, name",
    [
        (BANAN, "区委", "中共重庆市巴南区委员会"),
        (BANAN, "市委", "中共重庆市委员会"),
        (BANAN, "区人大常委会", "重庆市巴南区人民代表大会常务委员会"),
        (BANAN, "巴南人大", "重庆市巴南区人民代表大会"),
        (BANAN, "主任会议", "重庆市巴南区人民代表大会常务委员会主任会议"),
        (BANAN, "区人力社保局", "重庆市巴南区人力资源和社会保障局"),
        (BANAN, "我区法院", "重庆市巴南区人民法院"),
        (BANAN, "党中央", "中国共产党中央委员会"),
        (BANAN, "全国人大常委会", "全国人民代表大会常务委员会"),
        (LINPING, "市委", "中共杭州市委员会"),
        (LINPING, "省委", "中共浙江省委员会"),
        (LINPING, "党组", "中国人民政治协商会议杭州市临平区委员会党组"),
        (LINPING, "区政府", "杭州市临平区人民政府"),
        (LINPING, "临平区委员会常务委员会", "中国人民政治协商会议杭州市临平区委员会常务委员会"),
        (HANDAN, "市委", "中共邯郸市委员会"),
        (HANDAN, "省委", "中共河北省委员会"),
        (HANDAN, "中共邯郸市委", "中共邯郸市委员会"),
        (HANDAN, "保定市政协", "中国人民政治协商会议保定市委员会"),
        (HANDAN, "团市委", "中国共产主义青年团邯郸市委员会"),
        (NINGXIA, "自治区党委", "中共宁夏回族自治区委员会"),
        (NINGXIA, "十二届宁夏政协", "中国人民政治协商会议宁夏回族自治区委员会"),
        (ReportContext("江苏省苏州市昆山市", "rd"), "市委", "中共昆山市委员会"),
        (CHENGQU, "省委", "中共山西省委员会"),
        (CHENGQU, "区委", "中共城区委员会"),
    ],
)
def test_short_forms_get_their_full_names(context, mention, name):
    assert BodyResolver(context).resolve(mention).name == name


@pytest.mark.parametrize(
    "context, mentions",
    [
        (
            BANAN,
            [
                "常委会",
                "区人大常委会",
                "人大常委会",
                "我们",
                "区十九届人大常委会",
                "巴南区人民代表大会常务委员会",
            ],
        ),
        (
            ReportContext("浙江省舟山市定海区", "zx"),
            ["常委会", "区政协常委会", "七届区政协常委会", "政协第七届舟山市定海区委员会常务委员会", "我们"],
        ),
        (
            ReportContext("天津市河北区", "zx"),
            [
                "常委会",
                "中国人民政治协商会议天津市河北区第十五届委员会常务委员会",
                "河北区政协常委会",
                "河北区委员会常务委员会",
            ],
        ),
    ],
)
def test_the_reporting_body_is_one_body_however_it_is_named(context, mentions):
    resolver = BodyResolver(context)
    assert resolver.reporting_body.id is not None
    assert {resolver.resolve(mention) for mention in mentions} == {resolver.reporting_body}


def test_a_resolved_body_tells_where_it_belongs():
    body = BodyResolver(BANAN).resolve("市委")
    assert (body.id, body.level, body.place_code, body.kind) == (
        "500000:party_committee",
        "province",
        "500000",
        "party_committee",
    )


@pytest.mark.parametrize(
    "context, mention, names",
    [
        (LINPING, "省市区委", ["中共浙江省委员会", "中共杭州市委员会", "中共杭州市临平区委员会"]),
        (LINPING, "省、市政协", ["中国人民政治协商会议浙江省委员会", "中国人民政治协商会议杭州市委员会"]),
        (BANAN, "市、区人大常委会", ["重庆市人民代表大会常务委员会", "重庆市巴南区人民代表大会常务委员会"]),
        (NINGXIA, "自治区党委、政府", ["中共宁夏回族自治区委员会", "宁夏回族自治区人民政府"]),
        (BANAN, "区“一府两院”", ["重庆市巴南区人民政府", "重庆市巴南区人民法院", "重庆市巴南区人民检察院"]),
        (BANAN, "区纪委监委", ["中共重庆市巴南区纪律检查委员会", "重庆市巴南区监察委员会"]),
    ],
)
def test_enumerations_resolve_to_all_their_members(context, mention, names):
    body = BodyResolver(context).resolve(mention)
    assert [member.name for member in body.members] == names
    assert body.name == "、".join(names)
    assert body.id == "+".join(member.id for member in body.members)


@pytest.mark.parametrize(
    "context, mention",
    [
        (BANAN, "省委"),  # 重庆 is no province
        (NINGXIA, "市委"),
        (HANDAN, "区委"),
        (HANDAN, "市县政协"),
        (LINPING, "区、县(市)政协"),
        (CHENGQU, "市委"),  # which city is not known
        (CHENGQU, "省、市人大"),
        (BANAN, "镇街人大"),
        (BANAN, "专门委员会"),
        (BANAN, "上级人大"),
        (BANAN, "全区人大"),
        (BANAN, "主席会议"),  # a conference has one, a congress has not
        (LINPING, "民主党派"),
        (BANAN, "南投集团"),
        (ReportContext("重庆市巴南区", None), "常委会"),
        (NOTHING, "常委会"),
        (NOTHING, "区委"),
        (NOTHING, "我们"),
    ],
)
def test_what_the_report_does_not_tell_stays_unresolved(context, mention):
    body = BodyResolver(context).resolve(mention)
    assert (body.name, body.id, body.members) == (None, None, ())


def test_without_context_only_names_that_say_all_resolve():
    resolver = BodyResolver(NOTHING)
    assert resolver.reporting_body.name is None
    assert resolver.resolve("国务院").name == "中华人民共和国国务院"
    assert resolver.resolve("中共河北省委").id == "130000:party_committee"


HOSTILE = [
    "",
    " ",
    "\n",
    "\x00",
    "、",
    "省",
    "市市市",
    "中共",
    "政协",
    "团委",
    "第一届",
    "(",
    "[*",
    "🀄",
    "\ud800",
]


@pytest.mark.parametrize("mention", [*HOSTILE, "区" * 100_000, "人大、" * 20, "政府" * 30, "﷽" * 60])
@pytest.mark.parametrize("context", [BANAN, NOTHING, ReportContext("?(((", "zx", "我受\x00委托")])
def test_hostile_mentions_never_raise(context, mention):
    BodyResolver(context).resolve(mention)


@pytest.mark.parametrize("text", ["", "\n\n", "委员会" * 2000, "我受", "区人大", "\x00" * 100])
def test_hostile_texts_never_raise(text):
    assert BodyResolver(context_from_text(text)).reporting_body.id is None


@pytest.mark.parametrize(
    "text, place, organ",
    [
        (
            "巴南区人民代表大会常务委员会工作报告\n我受区十九届人大常委会委托,向大会报告工作。",
            "重庆市巴南区",
            "rd",
        ),
        (
            "城关区委员会常务委员会工作报告\n我代表政协兰州市城关区第十届委员会常务委员会,向大会报告工作。",
            "甘肃省兰州市城关区",
            "zx",
        ),
        ("青山区人民代表大会常务委员会工作报告\n视察武汉化工区。", "湖北省武汉市青山区", "rd"),
        ("城区人民代表大会常务委员会工作报告\n我受区十届人大常委会委托。", "城区", "rd"),
        ("随州市政协2022年工作回眸", "湖北省随州市", "zx"),
        ("关于天气的短文", None, None),
    ],
)
def test_place_and_organ_are_read_from_the_text(text, place, organ):
    context = context_from_text(text)
    assert (context.place, context.organ) == (place, organ)


def test_an_opening_formula_is_context_enough():
    opening = "我代表政协第七届舟山市定海区委员会常务委员会,向大会报告工作"
    resolver = BodyResolver(ReportContext(opening=opening))
    assert resolver.resolve("常委会").id == "330902:conference_committee"
    assert resolver.resolve("省委").name == "中共浙江省委员会"


def test_names_agree_with_the_gold():
    score = score_bodies(
        read_body_gold(ROOT / "annotations/normalisation/bodies.csv"),
        read_contexts(ROOT / "corpus/reports.csv"),
    )
    assert score.total >= 300
    assert score.accuracy >= 0.95


def test_gold_mentions_are_where_the_table_says():
    for row in read_body_gold(ROOT / "annotations/normalisation/bodies.csv"):
        text = (ROOT / "corpus/texts" / f"{row.report}.txt").read_text(encoding="utf8")
        assert text[row.start : row.end] == row.mention
        assert row.context in text


def test_scores_count_empty_names_as_answers(tmp_path):
    path = tmp_path / "bodies.csv"
    path.write_text(
        f"{','.join(COLUMNS)}\nx,0,2,区委,,中共重庆市巴南区委员会\nx,3,5,省委,,\nx,6,8,市委,,\n",
        encoding="utf8",
    )
    score = score_bodies(read_body_gold(path), {"x": BANAN})
    assert (score.correct, score.total) == (2, 3)
    assert [(row.mention, name) for row, name in score.wrong] == [("市委", "中共重庆市委员会")]


@pytest.mark.parametrize("row", ["x,0,2,区委", "x,zero,2,区委,,"])
def test_a_broken_gold_row_is_named_with_its_line(tmp_path, row):
    path = tmp_path / "bodies.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf8")
    with pytest.raises(AnnotationError, match=r"bodies\.csv, line 2"):
        read_body_gold(path)


def test_gold_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "bodies.csv"
    path.write_text("report,mention\n", encoding="utf8")
    with pytest.raises(AnnotationError, match="columns"):
        read_body_gold(path)


def test_a_report_table_without_places_is_refused(tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text("report,title,organ\nx,y,rd\n", encoding="utf8")
    with pytest.raises(AnnotationError, match=r"reports\.csv.*place"):
        read_contexts(path)
