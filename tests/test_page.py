"""The page of a report, as far as it can be told without a browser (see test_page_browser.py)."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import spacy

import baogao.page
from baogao.ledger.record import CountValue, Record
from baogao.output.rows import COLUMNS
from baogao.page import render_page
from baogao.relations import Relation
from baogao.schema import ENTITY_LABELS, RELATION_LABELS

PAGE = Path(baogao.page.__file__).parent
TEXT = "常委会召开会议7次。\n坚持“两个维护”,两个维护。"
HOSTILE = '</script><script>alert(1)</script><!--"><img src=x onerror=alert(1)>&amp;\u2028'


class Elements(HTMLParser):
    """Start tags with their attributes; contents of the script elements, those that hold data by their id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.texts: dict[str, str] = {}
        self.scripts: list[str] = []
        self._parts: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._parts = [] if tag == "script" else None

    def handle_data(self, data):
        if self._parts is not None:
            self._parts.append(data)

    def handle_endtag(self, tag):
        if self._parts is None:
            return
        content, (_, attributes) = "".join(self._parts), self.tags[-1]
        if "type" in attributes:
            self.texts[attributes["id"]] = content
        else:
            self.scripts.append(content)
        self._parts = None

    def policy(self) -> str:
        return next(a["content"] for _, a in self.tags if a.get("http-equiv") == "Content-Security-Policy")


def make_doc(text: str = TEXT, sentence: str = "常委会召开会议7次。"):
    doc = spacy.blank("zh")(text)
    doc.ents = [
        doc.char_span(text.index(words), text.index(words) + len(words), label=label)
        for words, label in (("常委会", "BODY"), ("会议", "ITEM"), ("7次", "COUNT"))
    ]
    body, item, count = doc.ents
    doc._.relations = [Relation("QUANTITY_OF", count, item), Relation("AGENT", item, body, 0.75)]
    doc._.ledger = [
        Record(
            id="r1",
            kind="activity",
            item="会议",
            count=CountValue(text="7次", value=7, lower=7, upper=7, unit="次", kind="count"),
            start=count.start_char,
            end=count.end_char,
            sentence=sentence,
            sentence_start=text.index("常委会"),
        )
    ]
    return doc


def data_of(page: str) -> dict:
    return json.loads(Elements(page).texts["data"])


def test_data_holds_text_entities_relations_and_records():
    doc = make_doc()
    data = data_of(render_page(doc, title="报告"))
    assert data["text"] == TEXT
    assert data["title"] == "报告"
    assert data["entities"] == [
        {"start": 0, "end": 3, "label": "BODY"},
        {"start": 5, "end": 7, "label": "ITEM"},
        {"start": 7, "end": 9, "label": "COUNT"},
    ]
    assert data["relations"] == [
        {"label": "QUANTITY_OF", "head": 2, "tail": 1, "score": 1.0},
        {"label": "AGENT", "head": 1, "tail": 0, "score": 0.75},
    ]
    assert data["records"] == [doc._.ledger[0].model_dump(mode="json")]


def test_offsets_count_code_points_outside_the_basic_plane_too():
    data = data_of(render_page(make_doc("𠮷😀" + TEXT), title=""))
    entity = data["entities"][0]
    assert data["text"][entity["start"] : entity["end"]] == "常委会"


def test_mentions_of_a_slogan_are_gathered_under_its_usual_wording():
    doc = spacy.blank("zh")("坚决做到两个维护,两个维护,三化。")
    doc.ents = [doc.char_span(start, end, label="SLOGAN") for start, end in ((14, 16), (0, 8), (9, 13))]
    assert data_of(render_page(doc, title=""))["slogans"] == [
        {"name": "两个维护", "mentions": [0, 1]},
        {"name": "三化", "mentions": [2]},
    ]


def test_a_document_without_annotations_gives_a_page():
    data = data_of(render_page(spacy.blank("zh")("没有标注。"), title="空"))
    assert (data["entities"], data["relations"], data["records"]) == ([], [], [])


def test_a_relation_to_a_span_that_is_no_entity_is_an_error():
    doc = make_doc()
    doc.ents = doc.ents[:2]
    with pytest.raises(ValueError, match="QUANTITY_OF"):
        render_page(doc, title="")


def test_an_unknown_language_is_an_error():
    with pytest.raises(ValueError, match="language must be one of zh, en"):
        render_page(make_doc(), title="", language="fr")


@pytest.mark.parametrize(("language", "expected"), [("zh", "zh-CN"), ("en", "en")])
def test_page_opens_in_the_language_asked_for(language, expected):
    tags = Elements(render_page(make_doc(), title="", language=language)).tags
    assert dict(tags)["html"]["lang"] == expected


def test_hostile_text_adds_no_element_and_comes_back_unchanged():
    hostile = render_page(make_doc(HOSTILE + TEXT, sentence=HOSTILE), title=HOSTILE)
    tame = render_page(make_doc(), title="报告")
    assert [tag for tag, _ in Elements(hostile).tags] == [tag for tag, _ in Elements(tame).tags]
    data = data_of(hostile)
    assert data["title"] == HOSTILE
    assert data["text"] == HOSTILE + TEXT
    assert data["records"][0]["sentence"] == HOSTILE


def test_json_in_the_page_holds_no_character_that_html_or_script_gives_a_meaning():
    page = render_page(make_doc(HOSTILE + TEXT), title=HOSTILE)
    block = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
    assert not set("<>&\u2028\u2029") & set(block)


def test_policy_allows_exactly_the_scripts_of_the_page():
    page = Elements(render_page(make_doc(), title=""))
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in page.scripts]
    directives = dict(directive.split(" ", 1) for directive in page.policy().split("; "))
    assert len(hashes) > 1
    assert directives["script-src"].split() == [f"'sha256-{value}'" for value in hashes]
    assert directives["default-src"] == "'none'"
    assert not {"connect-src", "img-src", "font-src", "frame-src"} & set(directives)


def test_scripts_cannot_end_early_and_need_no_eval():
    for script in Elements(render_page(make_doc(), title="")).scripts:
        assert not re.search(r"</script|<!--|\beval\(|new Function", script, re.IGNORECASE)


def test_page_loads_nothing_from_outside():
    page = render_page(make_doc(), title="")
    for tag, attributes in Elements(page).tags:
        assert not {"src", "srcset", "data", "action", "poster"} & set(attributes), tag
        assert tag not in {"link", "base", "iframe", "object", "embed"}
        assert attributes.get("href", "#").startswith("#")
    style = (PAGE / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import", style)


def test_own_scripts_never_parse_markup():
    for script in (PAGE / "js").glob("*.js"):
        source = script.read_text(encoding="utf-8")
        found = re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser", source)
        assert not found, script


def test_page_carries_the_licence_of_the_bundled_library():
    page = render_page(make_doc(), title="")
    assert (PAGE / "vendor" / "LICENSES.txt").read_text(encoding="utf-8").strip() in page


def read_strings() -> dict[str, dict[str, str]]:
    return json.loads((PAGE / "strings.json").read_text(encoding="utf-8"))


def test_both_languages_have_the_same_strings_with_the_same_values_to_fill_in():
    strings = read_strings()
    assert list(strings["zh"]) == list(strings["en"])
    for key, text in strings["zh"].items():
        assert set(re.findall(r"{(\w+)}", text)) >= set(re.findall(r"{(\w+)}", strings["en"][key])), key
        assert text and strings["en"][key]


def test_every_string_that_the_page_asks_for_exists():
    scripts = "".join(path.read_text(encoding="utf-8") for path in (PAGE / "js").glob("*.js"))
    template = (PAGE / "template.html").read_text(encoding="utf-8")
    asked = set(re.findall(r'\bt\("([^"]+)"', scripts))
    asked |= set(re.findall(r'data-i18n(?:-\w+)?="([^"]+)"', template))
    asked |= {f"label.{label}" for label in ENTITY_LABELS}
    asked |= {f"relation.{label}.{side}" for label in RELATION_LABELS for side in ("out", "in")}
    asked |= {f"kind.{kind}" for kind in ("activity", "document", "programme", "meeting", "slogan")}
    assert asked <= set(read_strings()["en"])


def test_csv_of_the_page_has_the_columns_of_the_csv_output():
    source = (PAGE / "js" / "csv.js").read_text(encoding="utf-8")
    table = source[source.index("CSV_COLUMNS = {") : source.index("};")]
    assert re.findall(r"^  (\w+):", table, re.MULTILINE) == list(COLUMNS)
