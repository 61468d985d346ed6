"""The page of a report in a browser: Playwright with the system's Chromium."""

import csv
import io
import shutil
from pathlib import Path

import pytest
import spacy

from baogao.formats.brat import read_brat
from baogao.formats.spacy_doc import to_doc
from baogao.ledger.record import BodyRef, CountValue, Period, Record
from baogao.output.rows import COLUMNS
from baogao.page import render_page

playwright = pytest.importorskip("playwright.sync_api", reason="needs pip install baogao[browser]")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a chromium on the PATH")

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
ROOT = Path(__file__).parents[1]
REPORT = "handan-zx-2023"
WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
MEETINGS = "专题议政性常委会议"
YEAR = Period(text="全年", start="2023-01-01", end="2023-12-31", precision="year", kind="relative")


def make_record(number, text, sentence, anchor, **fields):
    """A record of the sentence that begins with ``sentence``, anchored in it at ``anchor``."""
    start = text.index(sentence)
    end = min(text.index("。", start) + 1, len(text))
    at = text.index(anchor, start)
    return Record(
        **{
            "id": f"r{number}",
            "kind": "activity",
            "start": at,
            "end": at + len(anchor),
            "sentence": text[start:end],
            "sentence_start": start,
            **fields,
        }
    )


def count(text, value, unit):
    return CountValue(text=text, value=value, lower=value, upper=value, unit=unit, kind="count")


@pytest.fixture(scope="module")
def doc():
    gold = ROOT / "annotations" / "gold" / f"{REPORT}.ann"
    doc = to_doc(spacy.blank("zh"), read_brat(gold, ROOT / "corpus" / "texts" / f"{REPORT}.txt"))
    year, trip = "全年共组织专题议政性常委会议2次", "先后到区县30余个点位"
    surveys, proposals = count("20次", 20, "次"), count("886件", 886, "件")
    inferred = BodyRef(name="市政协", inferred=True)
    former = Period(text="去年", start="2022-01-01", end="2022-12-31")
    doc._.ledger = [
        make_record(1, doc.text, year, "2次", item=MEETINGS, count=count("2次", 2, "次"), period=YEAR),
        make_record(2, doc.text, year, "20次", item="重点调研", count=surveys, body=inferred),
        make_record(3, doc.text, year, "886件", item="提案", action="办结", count=proposals, period=YEAR),
        make_record(4, doc.text, trip, "武汉市", kind="meeting", item='考察"学习"', period=former),
    ]
    return doc


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, tmp_path):
    """Opens a Doc's page. What goes wrong in it (errors, refused scripts, dialogs) fails the test."""
    problems, contexts = [], []

    def open_page(doc, *, title="报告", viewport=WIDE, **kwargs):
        path = tmp_path / "page.html"
        path.write_text(render_page(doc, title=title, **kwargs), encoding="utf-8")
        context = browser.new_context(viewport=viewport, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: message.type == "error" and problems.append(message.text))
        page.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: request.url == path.as_uri() or problems.append(request.url))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def lit_text(page):
    return "".join(page.locator(".piece.lit").all_text_contents())


def items(page):
    """The items in the order of the table."""
    cells = page.locator("#ledger tbody td.item > span")
    return cells.evaluate_all("cells => cells.map((cell) => cell.lastChild.data)")


def test_report_shows_its_text_unchanged(open_page, doc):
    page = open_page(doc)
    assert page.locator("#text p").all_text_contents() == doc.text.split("\n")
    assert page.locator("#text .entity").count() == len(doc.ents)


def test_sentences_are_found_behind_wide_characters_and_through_an_entity_that_crosses_their_end(open_page):
    text = "𠮷😀。有事好商量。众人的事情由众人商量。完。"
    doc = spacy.blank("zh")(text)
    start, end = text.index("有事"), text.index("完")
    doc.ents = [doc.char_span(start, end - 1, label="SLOGAN")]
    doc._.ledger = [make_record(1, text, "完。", "完")]
    page = open_page(doc)
    assert page.locator("#text").text_content() == text
    assert page.locator(".entity").text_content() == "有事好商量。众人的事情由众人商量"
    page.locator("#ledger tbody tr").click()
    assert lit_text(page) == "完。"


def test_click_on_a_row_highlights_its_sentence_and_anchor(open_page, doc):
    page = open_page(doc)
    page.locator("#ledger tbody tr").nth(2).click()
    assert lit_text(page) == doc._.ledger[2]["sentence"]
    assert page.locator(".entity.lit").all_text_contents() == ["886件"]
    playwright.expect(page.locator(".entity.lit")).to_be_in_viewport()


def test_enter_on_a_row_highlights_its_sentence_and_escape_leads_back(open_page, doc):
    page = open_page(doc)
    page.locator("#ledger tbody tr").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert lit_text(page) == doc._.ledger[3]["sentence"]
    playwright.expect(page.locator(".piece.lit").first).to_be_focused()
    page.keyboard.press("Escape")
    playwright.expect(page.locator("#ledger tbody tr").nth(3)).to_be_focused()


def test_tab_key_reaches_skip_link_views_legend_one_entity_and_one_row(open_page, doc):
    page = open_page(doc)
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement")
        stops.append(focused.evaluate("node => node.id || node.className || node.tagName"))
    assert stops[0] == "skip"
    assert "tab-ledger" in stops
    assert sum(stop.startswith("entity-") for stop in stops) == 1
    assert stops.count("TR") == 1


def test_filter_hides_a_label_and_shows_it_again(open_page, doc):
    page = open_page(doc)
    bodies = sum(ent.label_ == "BODY" for ent in doc.ents)
    assert page.locator(".chip", has_text="机构").text_content().endswith(str(bodies))
    page.uncheck("#legend input[value=BODY]")
    assert page.locator(".entity.off").count() == bodies
    assert page.locator(".entity[data-label=BODY][role=button]").count() == 0
    plain = page.locator(".entity[data-label=BODY]").first
    assert plain.evaluate("node => getComputedStyle(node).textDecorationLine") == "none"
    page.check("#legend input[value=BODY]")
    assert page.locator(".entity.off").count() == 0


def test_relations_of_an_entity_show_on_hover_focus_and_click(open_page, doc):
    page = open_page(doc)
    proposals = page.locator(".entity", has_text="886件")
    proposals.hover()
    assert page.locator(".entity.related").all_text_contents() == ["提案"]
    page.mouse.move(1, 1)
    assert page.locator(".entity.related").count() == 0
    proposals.focus()
    assert page.locator(".entity.related").all_text_contents() == ["提案"]
    page.keyboard.press("Enter")
    links = page.locator("#inspector li").all_text_contents()
    assert links == ["计量对象提案", "台账:办结 提案 886件"]
    page.locator("#inspector li button").first.click()
    assert page.locator(".entity.active").all_text_contents() == ["提案"]
    page.keyboard.press("Escape")
    assert page.locator(".entity.active").count() == 0


def test_inspector_leads_to_the_row_of_a_record_that_the_search_had_hidden(open_page, doc):
    page = open_page(doc)
    page.fill("#search", "调研")
    page.locator(".entity", has_text="886件").click()
    page.locator("#inspector li button").last.click()
    playwright.expect(page.locator("#ledger tbody tr[aria-current]")).to_contain_text("提案")
    playwright.expect(page.locator("#ledger tbody tr[aria-current]")).to_be_focused()


def test_search_and_kind_narrow_the_table(open_page, doc):
    page = open_page(doc)
    page.fill("#search", "议政 2次")
    assert items(page) == [MEETINGS]
    page.fill("#search", "没有的词")
    assert items(page) == []
    playwright.expect(page.locator("#no-rows")).to_be_visible()
    page.fill("#search", "")
    page.select_option("#kind", "meeting")
    assert items(page) == ['考察"学习"']


def test_table_sorts_by_figure_and_by_period_with_empty_cells_last(open_page, doc):
    page = open_page(doc)
    by_count = page.locator("th.count button")
    by_count.click()
    assert items(page) == [MEETINGS, "重点调研", "提案", '考察"学习"']
    by_count.click()
    assert items(page) == ["提案", "重点调研", MEETINGS, '考察"学习"']
    assert page.locator("th.count").get_attribute("aria-sort") == "descending"
    page.locator("th.period button").click()
    assert items(page) == ['考察"学习"', MEETINGS, "提案", "重点调研"]


def read_download(page):
    with page.expect_download() as download:
        page.click("#download")
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = io.StringIO(content.decode("utf-8-sig"), newline="")
    return download.value.suggested_filename, list(csv.DictReader(lines))


def test_csv_download_has_the_rows_that_are_shown(open_page, doc):
    page = open_page(doc, title="报告/2023")
    name, rows = read_download(page)
    assert name == "报告 2023.csv"
    assert list(rows[0]) == list(COLUMNS)
    assert [row["id"] for row in rows] == ["r1", "r2", "r3", "r4"]
    assert (rows[2]["value"], rows[2]["period_end"], rows[2]["inferred"]) == ("886", "2023-12-31", "")
    assert rows[3]["item"] == '考察"学习"'
    page.fill("#search", "提案")
    page.locator("th.count button").click()
    assert [row["item"] for row in read_download(page)[1]][-1] == "提案"


def test_csv_download_disarms_text_that_a_spreadsheet_would_run(open_page):
    doc = spacy.blank("zh")("会议。")
    figure = count("-5,5", -5, "度")
    doc._.ledger = [make_record(1, doc.text, "会议", "会议", item="=HYPERLINK(1)", count=figure)]
    (row,) = read_download(open_page(doc))[1]
    assert (row["item"], row["count"], row["value"]) == ("'=HYPERLINK(1)", "'-5,5", "-5")


def test_timeline_lists_dated_records_by_period_and_leads_to_the_sentence(open_page, doc):
    page = open_page(doc)
    page.click("#tab-timeline")
    assert page.locator(".periods h3 time").all_text_contents() == ["2022", "2023"]
    assert page.locator("#panel-timeline svg a").count() == 2
    playwright.expect(page.locator("#panel-timeline")).to_contain_text("另有 1 条记录没有日期")
    page.locator(".periods button", has_text="提案").click()
    assert lit_text(page) == doc._.ledger[2]["sentence"]


def test_charts_show_labels_counts_and_slogans(open_page, doc):
    page = open_page(doc)
    page.click("#tab-charts")
    labels, counts, slogans = (figure.text_content() for figure in page.locator("#panel-charts figure").all())
    assert "机构" in labels
    assert counts.index("提案") < counts.index("重点调研") < counts.index(MEETINGS)
    assert "两个确立" in slogans
    page.locator("#panel-charts svg a", has_text="两个确立").first.click()
    assert page.locator(".entity.active").all_text_contents() == ["两个确立"]


def test_language_switch_changes_every_word_of_the_page_but_not_the_report(open_page, doc):
    page = open_page(doc)
    before = page.locator("#text").text_content()
    page.click("[data-language=en]")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("[role=tab]").all_text_contents() == ["Report", "Ledger", "Timeline", "Charts"]
    assert page.locator("#ledger th").all_text_contents() == ["No.", "Item", "Count", "Body", "Period"]
    playwright.expect(page.locator(".chip").first).to_contain_text("Body")
    assert page.locator("#text").text_content() == before


def test_phone_shows_one_view_at_a_time_without_scrolling_sideways(open_page, doc):
    page = open_page(doc, viewport=PHONE)
    playwright.expect(page.locator("#text")).to_be_visible()
    page.click("#tab-ledger")
    playwright.expect(page.locator("#text")).to_be_hidden()
    for view in ("ledger", "timeline", "charts", "report"):
        page.click(f"#tab-{view}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.click("#tab-ledger")
    page.locator("#ledger tbody tr").nth(2).click()
    playwright.expect(page.locator(".entity.lit")).to_be_in_viewport()


def test_print_has_the_report_and_the_ledger_but_no_controls(open_page, doc):
    page = open_page(doc)
    page.click("#tab-charts")
    page.emulate_media(media="print")
    playwright.expect(page.locator("#text")).to_be_visible()
    playwright.expect(page.locator("#ledger")).to_be_visible()
    for control in ("#search", "[role=tablist]", "#inspector", "#panel-charts", ".legend-actions"):
        playwright.expect(page.locator(control)).to_be_hidden()


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_hostile_report_stays_inert(open_page, viewport):
    doc = spacy.blank("zh")(f"召开{HOSTILE}会议7次。")
    start, end = doc.text.index(HOSTILE), doc.text.index("会议")
    doc.ents = [doc.char_span(start, end, label="SLOGAN")]
    period = Period(text=HOSTILE, start="2023-01-01", end="2023-01-01")
    fields = {"item": HOSTILE, "action": HOSTILE, "document": HOSTILE, "place": HOSTILE, "period": period}
    doc._.ledger = [
        make_record(1, doc.text, "召开", "7次", body=BodyRef(text=HOSTILE), **fields),
    ]
    page = open_page(doc, title=HOSTILE, viewport=viewport)
    for language in ("en", "zh"):
        page.click(f"[data-language={language}]")
        for view in ("timeline", "charts", "ledger"):
            page.click(f"#tab-{view}")
            assert HOSTILE in page.locator(f"#panel-{view}").text_content()
    page.locator("#ledger tbody tr").click()
    page.locator(".entity").first.click()
    page.wait_for_timeout(100)
    assert page.locator("#inspector h2").text_content().count(HOSTILE) == 1
    assert page.locator("#text").text_content() == doc.text
    assert page.locator("h1").text_content() == HOSTILE
    assert page.locator("img").count() == 0
    assert "alert(1)" not in page.locator("script:not([type])").all_text_contents()
