from baogao.ledger.scope import TextScope


def cut(text, extent):
    return text[extent.start : extent.end]


def test_sentence_ends_at_marks_and_lines_and_keeps_closing_quotes():
    text = "甲说:“好!”乙来。\n丙去"
    scope = TextScope(text)
    assert [cut(text, scope.sentence(i)) for i in (0, 7, 11)] == ["甲说:“好!”", "乙来。", "丙去"]


def test_semicolon_ends_a_clause_but_no_sentence():
    text = "召开会议7次;开展检查5项。"
    scope = TextScope(text)
    assert cut(text, scope.sentence(8)) == text
    assert cut(text, scope.clause(8)) == "开展检查5项。"


def test_punctuation_inside_an_entity_ends_nothing():
    text = "学习《干部好!干部行》和1,200件"
    scope = TextScope(text, [(3, 10), (12, 18)])
    assert cut(text, scope.sentence(0)) == text
    assert cut(text, scope.clause(15)) == text


def test_section_lasts_until_the_next_heading():
    text = "一、2022年工作回顾\n做了。\n(一)强化监督\n也做了。\n二、今后工作的建议\n要做。"
    scope = TextScope(text)
    headings = [scope.section(text.index(part)).heading for part in ("做了", "也做了", "要做")]
    assert headings == ["一、2022年工作回顾", "一、2022年工作回顾", "二、今后工作的建议"]


def test_sentences_that_begin_like_headings_are_none():
    assert TextScope("2022年工作报告\n2022年是不平凡的一年,工作很多。").section(10) is None


def test_report_without_dated_headings_is_one_section_under_the_title_of_a_review():
    text = "随州市政协2022年工作回眸\n围绕中心履职\n做了。"
    section = TextScope(text).section(text.index("做了"))
    assert (section.start, section.heading, section.frame) == (0, "随州市政协2022年工作回眸", "2022年")


def test_dated_headings_win_over_the_title():
    scope = TextScope("市政协2022年工作回眸\n前言。\n2021年工作回顾\n做了。")
    assert scope.section(12) is None
    assert scope.section(25).frame == "2021年"


def test_year_in_the_title_of_a_work_report_is_no_time_frame():
    assert TextScope("市政协2022年工作报告\n做了。").section(12) is None


def test_empty_text():
    scope = TextScope("")
    assert scope.sentence(0) == (0, 0)
    assert scope.section(0) is None


def test_full_width_marks_end_what_ascii_marks_end():
    text = "在临平区开展调研,召开会议12次;成绩如何?我们要说:7次!听取18项。"
    wide = text.translate({ord(ascii_): ord(ascii_) + 0xFEE0 for ascii_ in ",;:?!"})
    for i in range(len(text)):
        assert TextScope(wide).sentence(i) == TextScope(text).sentence(i)
        assert TextScope(wide).clause(i) == TextScope(text).clause(i)


def test_blank_lines_before_the_title_and_indented_headings():
    assert TextScope("\n随州市政协2022年工作回眸\n做了。").section(20).heading == "随州市政协2022年工作回眸"
    assert (
        TextScope("报告\n\u3000\u3000一、2022年工作回顾\n做了。").section(16).heading == "一、2022年工作回顾"
    )
