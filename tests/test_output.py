"""Content of the formats that ``baogao extract`` and ``baogao compare`` write."""

import csv
import io
import re

import pytest
import spacy
from rich.console import Console

from baogao.ledger.record import CountValue, Record
from baogao.output import encode, table
from baogao.output.csv import encode_rows


def make_doc(item: str, text: str = "召开会议7次。"):
    """With one record about the item, whose value is negative."""
    doc = spacy.blank("zh").make_doc(text)
    count = CountValue(text="-7%", value=-7.0, lower=-7.0, upper=-7.0, unit="%", kind="percent")
    doc._.ledger = [
        Record(
            id="r1", kind="activity", item=item, count=count, start=0, end=2, sentence=text, sentence_start=0
        )
    ]
    return doc


@pytest.mark.parametrize("item", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_text_that_a_spreadsheet_would_run_gets_an_apostrophe(item):
    (row,) = csv.DictReader(io.StringIO(encode("csv", "a", make_doc(item)).decode(), newline=""))
    assert (row["item"], row["count"], row["value"]) == (f"'{item}", "'-7%", "-7.0")


def test_csv_text_that_only_contains_such_characters_is_kept():
    (row,) = csv.DictReader(io.StringIO(encode_rows(["item"], [{"item": "线上+线下"}]).decode(), newline=""))
    assert row["item"] == "线上+线下"


@pytest.mark.parametrize("item", ["=1+1", "#N/A", "-1", "7"])
def test_xlsx_text_stays_text(item):
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(io.BytesIO(encode("xlsx", "a", make_doc(item)))).active
    cells = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert (cells["item"].value, cells["item"].data_type) == (item, "s")
    assert (cells["value"].value, cells["value"].data_type) == (-7, "n")


@pytest.mark.parametrize(("width", "shows_sentence"), [(80, False), (120, True)])
def test_table_shows_sentences_where_there_is_room(width, shows_sentence):
    sentence = "在主任会议上"
    console = Console(file=io.StringIO(), width=width)
    console.print(table.render("a", make_doc("会议", sentence)))
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    (row,) = [line for line in lines if "会议" in line and "%" in line]
    assert (sentence in row) is shows_sentence
    assert ("--format" in console.file.getvalue()) is not shows_sentence


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("区政协工作报告\n召开会议7次。", "区政协工作报告"),
        ("召开会议7次。" * 20, "report-1"),
        ("", "report-1"),
    ],
    ids=["first paragraph", "text without a title", "empty"],
)
def test_page_has_the_title_of_the_report(text, title):
    doc = spacy.blank("zh").make_doc(text)
    page = encode("html", "report-1", doc).decode()
    assert re.findall("<title>(.*?)</title>", page) == [title]


@pytest.mark.parametrize(("options", "tag"), [({}, "zh-CN"), ({"language": "en"}, "en")])
def test_page_opens_in_the_language_that_is_asked_for(options, tag):
    page = encode("html", "a", spacy.blank("zh").make_doc("报告"), **options).decode()
    assert re.findall('<html lang="(.*?)"', page) == [tag]
