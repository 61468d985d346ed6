"""Files to paragraphs, and reports out of the pages they were found in."""

import pytest

from baogao.reading import ReadingError, decode_report, read_report
from baogao.reading.near_duplicates import near_duplicates
from baogao.reading.sources import find_reports

TEXT = "区政协常委会工作报告\n各位委员:\n全年召开常委会会议7次、主席会议12次,办复率100%。"


# Encodings


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312"]
)
@pytest.mark.parametrize("text", [TEXT, "常委会", "2022年", "召开会议3次"])
def test_every_encoding_gives_the_same_text(encoding, text):
    assert decode_report(text.encode(encoding), "report.txt") == text


def test_utf_16_big_endian_with_its_mark():
    assert decode_report("\ufeff常委会".encode("utf-16-be"), "report.txt") == "常委会"


def test_traditional_characters_in_gb18030():
    text = "區政協常委會堅持以人民為中心,全年召開主席會議十二次,反映社情民意信息二百餘篇。"
    assert decode_report(text.encode("gb18030"), "report.txt") == text


def test_latin_text_in_utf_8():
    assert decode_report("Réunion à Genève".encode(), "report.txt") == "Réunion à Genève"


def test_read_report_reads_a_file(tmp_path):
    path = tmp_path / "report.txt"
    path.write_bytes(TEXT.encode("gb18030"))
    assert read_report(path) == read_report(str(path)) == TEXT


# Lines and white space


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\n\n \t\n"])
def test_line_ends_are_normalised_and_blank_lines_dropped(line_end):
    data = line_end.join(["", "一年来", "两会", ""]).encode()
    assert decode_report(data, "report.txt") == "一年来\n两会"


def test_lines_are_stripped_of_ideographic_and_no_break_spaces():
    assert (
        decode_report("\u3000\u3000一年来 \u3000\n\u00a0两会\u00a0".encode(), "report.txt") == "一年来\n两会"
    )


def test_zero_width_characters_are_removed_everywhere():
    assert (
        decode_report("\ufeff常\u200b委\u2060会\n\u200b\n区\ufeff政协\u200d".encode(), "x")
        == "常委会\n区政协"
    )


def test_other_characters_stay_untouched():
    text = "“四个机关”\u3000現(xiàn)代化,达90%\uff0c13?。▍^)政协 - 第1—2項"
    assert decode_report(text.encode(), "report.txt") == text


# Bad input

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "is empty"),
        ("\u3000 \n\ufeff\n".encode(), "nothing but white space"),
        (PNG, "not a text file"),
        (bytes(range(256)) * 4, "not a text file"),
        (b"PK\x03\x04\x14\x00\x08\x00", "control characters"),
        (TEXT.encode()[:-1] + b"\xff\xff", "not valid UTF-8"),
        ("區政協常委會工作報告".encode("big5"), "not a text file"),
        ("Les élèves réunis à la mairie fêtèrent Noël".encode("latin-1"), "not a text file"),
        (b"\xff\xfe" + "常委会".encode("utf-16-le") + b"\x00", "begins as utf-16-le"),
        (b"\xef\xbb\xbf\xff\xff", "begins as utf-8"),
        (b"\xff\xfe\x00\x00" + "常委会".encode("utf-32-le"), "control characters"),
    ],
)
def test_what_is_not_text_is_refused_with_name_and_cause(data, cause):
    with pytest.raises(ReadingError, match=cause) as error:
        decode_report(data, "corpus/bad.txt")
    assert str(error.value).startswith("corpus/bad.txt: ")


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_what_cannot_be_opened_is_a_reading_error(tmp_path, name):
    with pytest.raises(ReadingError, match=r".+: \w+"):
        read_report(tmp_path / name)


# Newspaper pages

NEWSPAPER = """政协某市委员会常务委员会工作报告——2024年1月31日在政协某市第四次会议上
政协某市委员会常务委员会工作报告——2024年1月31日在政协某市第四次会议上
2024-02-22 15:13 某市日报 编辑:张三
政协某市委员会常务委员会工作报告
——2024年1月31日在政协某市第四次会议上
各位委员、同志们:
我代表常务委员会,向大会报告工作,请予审议。
相关阅读
某市两会开幕"""


def test_newspaper_page_keeps_only_the_report():
    assert find_reports(NEWSPAPER) == [NEWSPAPER.split("\n")[3:7]]


def test_newspaper_bullets_are_dropped_but_dashes_of_the_text_stay():
    page = (
        "市政协常委会工作报告 (摘要)\n- 加强平台建设。\n——2024年1月\n-5度\n"
        "市政协提案工作报告 (摘要)\n一是督办"
    )
    assert find_reports(page) == [
        [
            "市政协常委会工作报告 (摘要)",
            "加强平台建设。",
            "——2024年1月",
            "-5度",
            "市政协提案工作报告 (摘要)",
            "一是督办",
        ]
    ]


def test_a_sentence_cut_by_the_layout_is_left_as_it_is():
    page = "市政协常委会工作报告\n开展学习、培训\n2024年工作安排\n和交流,提高质量。"
    assert find_reports(page) == [page.split("\n")]


# Compilations

COMPILATION = """免费资料库请点击:www.example.com
目录
甲区人民代表大会常务委员会工作报告
乙区委员会常务委员会工作报告
甲区人民代表大会常务委员会工作报告
各位代表:
听取专项工作报告。
一、听取工作报告
乙区委员会常务委员会工作报告
各位委员:
请予审议。"""


def test_compilation_is_split_at_titles_above_a_salutation():
    lines = COMPILATION.split("\n")
    assert find_reports(COMPILATION) == [lines[4:8], lines[8:]]


# Forum pages

FORUM = """查看: 134|回复: 0
收起左侧
市政协2022年工作回眸—— 凝心聚力
[复制链接]
发表于 2024-1-25 18:41:12 | 显示全部楼层 |阅读模式
马上注册,结交更多好友,享用更多功能。
您需要 登录 才可以下载或查看,没有账号?注册会员
×
市政协2022年工作回眸—— 凝心聚力市政协,政协工作
市政协开展专题协商。
全年办复提案170件。
市政协2022年工作回眸—— 凝心聚力市政协,政协工作
……
您需要登录后才可以回帖 登录 | 注册会员
本版积分规则
快速回复 返回顶部 返回列表"""


def test_forum_page_keeps_title_post_and_captions():
    assert find_reports(FORUM) == [
        ["市政协2022年工作回眸—— 凝心聚力", "市政协开展专题协商。", "全年办复提案170件。", "……"]
    ]


def test_forum_page_with_an_empty_post_holds_no_report():
    assert find_reports("标题\n[复制链接]\n发表于 2024-1-25\n您需要登录后才可以回帖") == []


# Broken traditional pages


def test_traditional_page_loses_glosses_breadcrumb_and_editor_and_becomes_simplified():
    page = (
        "首頁>築夢現(xiàn)代化\n匯聚強大合力助力現(xiàn)代化建設\n?——省政協(xié)亮點\n"
        "全網(wǎng)點擊量超25億人次(GDP)(app)(試行)。\n13?。▍^(qū))政協(xié)\n編輯:張三"
    )
    assert find_reports(page) == [
        [
            "汇聚强大合力助力现代化建设",
            "——省政协亮点",
            "全网点击量超25亿人次(GDP)(app)(试行)。",
            "13?。▍^)政协",
        ]
    ]


def test_traditional_characters_without_glosses_are_not_touched():
    assert find_reports("走訪民主黨派工作报告\n联系走訪") == [["走訪民主黨派工作报告", "联系走訪"]]


@pytest.mark.parametrize("text", ["你好\n世界", "报告工作。", "首頁>築夢現(xiàn)代化\n編輯:張三"])
def test_text_of_no_known_kind_holds_no_report(text):
    assert find_reports(text) == []


# Near-duplicates

PAGE = "".join(chr(0x4E00 + i * 7) for i in range(400))  # 400 characters, none twice


def test_a_changed_title_does_not_hide_a_near_duplicate():
    (pair,) = near_duplicates({"a": "甲区" + PAGE, "b": "乙市丙区" + PAGE, "c": PAGE[::-1]})
    assert (pair.first, pair.second) == ("a", "b")
    assert pair.similarity > 0.9


def test_white_space_does_not_count():
    (pair,) = near_duplicates({"a": PAGE, "b": " \n".join(PAGE)})
    assert pair.similarity == 1.0


def test_similarity_estimates_the_jaccard_index():
    # 396 n-grams of 5 characters in the whole, 296 in its first three quarters: 296 / 396 = 0.747
    (pair,) = near_duplicates({"whole": PAGE, "part": PAGE[:300]})
    assert pair.similarity == pytest.approx(296 / 396, abs=0.15)


def test_a_shared_quarter_is_no_near_duplicate():
    assert near_duplicates({"a": PAGE[:160], "b": PAGE[120:280]}) == []
