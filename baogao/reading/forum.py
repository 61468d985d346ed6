"""A report posted on a Discuz! forum, where login boxes and buttons stand around and inside the post."""

from __future__ import annotations

import re

COPY_LINK = "[复制链接]"
REPLY_BOX = "您需要登录后才可以回帖"
CHROME = re.compile(r"发表于 \d{4}-|马上注册|您需要 登录 才可以|×$")


def recognise(lines: list[str]) -> bool:
    """Whether the page has the button that Discuz! puts after the title of a thread."""
    return COPY_LINK in lines[1:]


def find_reports(lines: list[str]) -> list[list[str]]:
    """The post of the thread: its title, then everything from the button to the reply box that is not chrome.

    The forum repeats the title, with the keywords of the thread, over every picture; these lines are dropped,
    while the captions below the pictures are part of the post.
    """
    button = lines.index(COPY_LINK, 1)
    title = lines[button - 1]
    end = next((i for i, line in enumerate(lines) if line.startswith(REPLY_BOX)), len(lines))
    body = [line for line in lines[button + 1 : end] if not line.startswith(title) and not CHROME.match(line)]
    return [[title, *body]] if body else []
