"""Take the reports out of whatever they were found in: forum page, broken page, compilation, newspaper page.

Each kind of source is a module with two pure functions on paragraphs, ``recognise`` and ``find_reports``. The
kind is chosen by what the text contains. Needs OpenCC (``pip install baogao[train]``).
"""

from __future__ import annotations

from baogao.reading import compilation, forum, newspaper, traditional

# From the most particular mark to the most general: the first kind that recognises the text reads it.
KINDS = (forum, traditional, compilation, newspaper)


def find_reports(text: str) -> list[list[str]]:
    """The reports in a text, each a list of paragraphs that begins with its title.

    text: One paragraph per line, as :func:`baogao.reading.read_report` gives it.
    RETURNS: The reports in the order of the text; none if the text is of no known kind.
    """
    lines = text.split("\n")
    for kind in KINDS:
        if kind.recognise(lines):
            return kind.find_reports(lines)
    return []
