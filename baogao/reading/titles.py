"""What the title of a work report looks like."""

from __future__ import annotations

import re

# Full-width forms are written as escapes: in most fonts they look like their ASCII twins.
PUNCTUATION = ",。;:!?\uff0c\uff1b\uff1a\uff01\uff1f"
# "…常委会工作报告", also of an abstract: "…常委会工作报告 (摘要)". A sentence about a report has punctuation.
TITLE = re.compile(rf"[^{PUNCTUATION}]*工作报告\s*(?:[(\uff08]摘要[)\uff09])?")
# What the body of a report opens with: the people addressed, on a line of their own.
SALUTATION = re.compile(rf"(?:各位|同志)[^{PUNCTUATION}]{{0,20}}[:\uff1a]")


def is_title(line: str) -> bool:
    """Whether a line is the title of a work report and nothing else."""
    return TITLE.fullmatch(line) is not None


def is_salutation(line: str) -> bool:
    """Whether a line addresses the meeting (``各位代表:``) and nothing else."""
    return SALUTATION.fullmatch(line) is not None
