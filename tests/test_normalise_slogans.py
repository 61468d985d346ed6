import re

import pytest

from baogao.normalise.slogans import read_slogans, resolve_slogan


@pytest.mark.parametrize(
    "mention, slogan_id",
    [
        ("两个维护", "two_upholds"),
        ("“两个维护”", "two_upholds"),
        ("「兩個維護」", "two_upholds"),
        ("两个 维护", "two_upholds"),
        ("全過程人民民主", "whole_process_democracy"),
        ("習近平新時代中國特色社會主義思想", "xi_thought"),
        ("以人民为中心的发展思想", "people_centred"),
        ("以人民為中心", "people_centred"),
        ("以人民爲中心", "people_centred"),
        ("有事好商量、众人的事情由众人商量", "talk_things_over"),
        ("有事好商量,眾人的事情由眾人商量", "talk_things_over"),
        ("懂政协、会协商、善议政、守纪律、讲规矩、重品行", "conference_members_creed"),
        ("习近平总书记关于坚持和完善人民代表大会制度重要思想", "xi_on_congress"),
        ("两山", "green_mountains"),
    ],
)
def test_spellings_of_one_formula_share_its_id(mention, slogan_id):
    assert resolve_slogan(mention).id == slogan_id


@pytest.mark.parametrize(
    "mention", ["四件大事", "“双核”", "1259", "三化", "", "”", "\x00", "维护" * 10_000, "🀄"]
)
def test_unknown_formulas_are_kept_as_written(mention):
    slogan = resolve_slogan(mention)
    assert slogan.id is None
    assert slogan.canonical == mention


def test_related_formulas_are_told_apart():
    assert resolve_slogan("两个确立").id != resolve_slogan("两个维护").id
    assert resolve_slogan("绿水青山就是金山银山").id != resolve_slogan("冰天雪地也是金山银山").id


def test_every_row_of_the_table_is_complete_and_found_under_its_own_wording():
    slogans = read_slogans()
    assert len(slogans) >= 60
    assert len({slogan.id for slogan in slogans}) == len(slogans)
    for slogan in slogans:
        assert slogan.meaning
        assert resolve_slogan(slogan.canonical) == slogan
        assert bool(slogan.source) == bool(slogan.first_use), slogan.id
        assert slogan.first_use is None or re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", slogan.first_use)
