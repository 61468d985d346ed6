"""``render_page``: a report as one self-contained HTML file.

The text of a report is data, never markup: it reaches the page as JSON in a script element of that type, and
the page's scripts write it as text nodes and attribute values alone. The content security policy allows just
the scripts that stand in the page, by their SHA-256, and no connection to anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, Literal, get_args

from spacy.tokens import Doc

from .data import page_data

Language = Literal["zh", "en"]
LANGUAGES: tuple[str, ...] = get_args(Language)

# In the order in which they are run: each may use what stands before it.
_SCRIPTS = (
    "vendor/plot.min.js",
    "js/dom.js",
    "js/strings.js",
    "js/records.js",
    "js/report.js",
    "js/inspector.js",
    "js/ledger.js",
    "js/csv.js",
    "js/figures.js",
    "js/timeline.js",
    "js/charts.js",
    "js/main.js",
)
_HTML_LANGUAGE = {"zh": "zh-CN", "en": "en"}
_JSON_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def render_page(doc: Doc, *, title: str, language: Language = "zh") -> str:
    """The page of a report, as the text of an HTML file to be written in UTF-8.

    doc (Doc): Its text, ``ents``, ``_.relations`` and ``_.ledger`` are shown.
    title (str): The heading of the page.
    language (str): The language in which the page opens; the reader can switch. "zh" or "en".
    RETURNS (str): HTML that loads nothing from outside.
    Raises ``ValueError`` for another language, and for relations between spans that are not entities.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {language!r}")
    scripts = [_resource(name) for name in _SCRIPTS]
    return Template(_resource("template.html")).substitute(
        policy=content_security_policy(scripts),
        language=_HTML_LANGUAGE[language],
        title=html.escape(title),
        style=_resource("style.css"),
        licences=_resource("vendor/LICENSES.txt"),
        strings=json_for_script(json.loads(_resource("strings.json"))),
        data=json_for_script({**page_data(doc), "title": title}),
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


@cache
def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def json_for_script(value: Any) -> str:
    """JSON that cannot end the script element it stands in, nor open a comment in it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).translate(_JSON_ESCAPES)


def content_security_policy(scripts: list[str]) -> str:
    """A policy that allows just these inline scripts and no connection to anywhere.

    scripts (list[str]): The contents of the script elements, to the character.
    RETURNS (str): For the ``content`` of a ``<meta http-equiv="Content-Security-Policy">``.
    """
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {hashes}",
            "style-src 'unsafe-inline'",  # Observable Plot writes a <style> into each figure
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",  # innerHTML and its kin throw
            "trusted-types 'none'",
        )
    )


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
