import pytest

from baogao.normalise.places import get_place, lineage, qualified_name, resolve_place, resolve_place_by_text

BANAN, CHENGGUAN, QINGSHAN, HEBEI_DISTRICT = "500113", "620102", "420107", "120105"


@pytest.mark.parametrize(
    "mention, within, code",
    [
        ("重庆市", None, "500000"),
        ("邯郸", None, "130400"),
        ("邯郸市", None, "130400"),
        ("四川省石渠县", None, "513332"),
        ("湖北武汉", None, "420100"),
        ("兰州市城关区", None, "620102"),
        ("西藏", None, "540000"),
        ("延边", None, "222400"),
        ("济源市", None, "419001"),
        ("台湾", None, "710000"),
        ("河北", None, "130000"),
        ("河北", "130400", "130000"),
        ("河北", HEBEI_DISTRICT, HEBEI_DISTRICT),
        ("安宁区", CHENGGUAN, "620105"),
        ("城关区", CHENGGUAN, CHENGGUAN),
        ("青山", QINGSHAN, QINGSHAN),
        ("青山区", "150200", "150204"),
        ("渝北区", None, "500112"),
        (" 巴南区 ", None, BANAN),
    ],
)
def test_names_resolve_to_their_codes(mention, within, code):
    assert resolve_place(mention, within).code == code


@pytest.mark.parametrize(
    "mention, within",
    [
        ("城区", None),  # 阳泉, 晋城 and 汕尾 have one
        ("城区", "140000"),  # two of them in 山西
        ("城关区", None),
        ("青山区", None),
        ("青山区", "330113"),
        ("朝阳", None),
        ("青山", None),
        ("北湖", "330402"),  # a lake in 南湖区, not 北湖区 of 郴州
        ("西湖", "330113"),
        ("大鹏新区", "440307"),
        ("黄河", None),
        ("省", None),
        ("随", "421300"),
        ("城区", "no such code"),
    ],
)
def test_ambiguous_and_other_names_stay_unresolved(mention, within):
    assert resolve_place(mention, within) is None


@pytest.mark.parametrize(
    "mention", ["", " ", "\n", "𠮷", "\x00", "区" * 10_000, "重庆市" * 100, "[(*", "🀄", "\ud800"]
)
def test_hostile_mentions_resolve_to_nothing(mention):
    assert resolve_place(mention) is None
    assert resolve_place(mention, BANAN) is None


def test_a_place_tells_its_level_and_what_it_lies_in():
    place = get_place("330113")
    assert place.level == "county"
    assert [(p.name, p.level) for p in lineage(place)] == [
        ("浙江省", "province"),
        ("杭州市", "prefecture"),
        ("临平区", "county"),
    ]


@pytest.mark.parametrize(
    "code, name",
    [("330113", "杭州市临平区"), ("500113", "重庆市巴南区"), ("421321", "随县"), ("130400", "邯郸市")],
)
def test_only_districts_carry_the_name_of_their_city(code, name):
    assert qualified_name(get_place(code)) == name


def test_a_text_tells_which_of_several_places_is_meant():
    assert resolve_place_by_text("青山区", "武汉百里长江生态廊道").code == QINGSHAN
    assert resolve_place_by_text("青山区", "包头稀土").code == "150204"
    assert resolve_place_by_text("青山区", "武汉与包头") is None
    assert resolve_place_by_text("青山区", "") is None
