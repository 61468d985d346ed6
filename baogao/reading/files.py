"""Read a text file of unknown encoding into paragraphs.

The encoding is decided in this order: byte order mark (UTF-8, UTF-16); UTF-8; UTF-16 without a mark; GB18030,
which includes GBK and GB2312. The last two accept nearly any bytes: what they give must also read as Chinese.
A general detector (charset-normalizer) was tried and confuses UTF-16 with GB18030 in texts of one line.
"""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
GUESSED_ENCODINGS = ("utf-16-le", "utf-16-be", "gb18030")

# Common ones among the characters beyond ASCII: nearly all in a simplified text, more than half in a
# traditional one, less than half in bytes read in the wrong encoding.
MIN_COMMON_SHARE = 0.5
# GB2312 orders its characters by use: rows 1-9 symbols, 16-55 the common characters, 56-87 the others.
FIRST_UNCOMMON_ROW = 0xA0 + 56

# Every other control character shows that the bytes are not a text, or not in this encoding.
WHITE_SPACE_CONTROLS = frozenset("\t\n\v\f\r\x85")
# Soft hyphen, zero-width space and (non-)joiners, direction marks, invisible operators, byte order mark.
INVISIBLE = dict.fromkeys(
    [0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)


class ReadingError(ValueError):
    """A file that cannot be read as a report. The message names the file and the cause."""


def read_report(path: str | Path) -> str:
    """Read a file into text with one paragraph per line.

    path: A text file in UTF-8, UTF-16 or GB18030.
    RETURNS: As :func:`decode_report`.
    RAISES: ReadingError if the file cannot be opened, is empty or is not text.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ReadingError(f"{path}: {error.strerror or error}") from error
    return decode_report(data, str(path))


def decode_report(data: bytes, name: str) -> str:
    """Turn the bytes of a text file into text with one paragraph per line.

    Line ends become ``\\n``, lines lose white space (ideographic spaces too) at both ends, blank lines and
    zero-width characters are dropped. No other character is changed, added or moved.

    data: The bytes, in UTF-8, UTF-16 or GB18030.
    name: What error messages call the source: a path, or ``<stdin>``.
    RETURNS: The paragraphs, joined by ``\\n``, without a final line break.
    RAISES: ReadingError if there is no text, or the bytes are not text in one of the encodings.
    """
    if not data:
        raise ReadingError(f"{name}: the file is empty")
    text = "\n".join(paragraphs(_decode(data, name)))
    if not text:
        raise ReadingError(f"{name}: the file holds nothing but white space")
    return text


def paragraphs(text: str) -> list[str]:
    """The lines of a text without surrounding white space, zero-width characters and blank lines."""
    lines = (line.strip() for line in text.translate(INVISIBLE).splitlines())
    return [line for line in lines if line]


def _decode(data: bytes, name: str) -> str:
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            try:
                text = data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise ReadingError(f"{name}: begins as {encoding} but is not: {error}") from error
            if _has_controls(text):
                raise ReadingError(f"{name}: begins as {encoding} but holds control characters")
            return text
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        cause = f"byte {error.start} is not valid UTF-8"
    else:
        if not _has_controls(text):
            return text
        cause = "it holds control characters"
    for encoding in GUESSED_ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _has_controls(text) and _reads_as_chinese(text):
            return text
    raise ReadingError(f"{name}: not a text file: {cause}, and it is not Chinese in UTF-16 or GB18030 either")


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(char) == "Cc" for char in set(text) - WHITE_SPACE_CONTROLS)


def _reads_as_chinese(text: str) -> bool:
    beyond_ascii = [char for char in text if not char.isascii()]
    common = sum(map(_is_common, beyond_ascii))
    return common >= MIN_COMMON_SHARE * len(beyond_ascii)


def _is_common(char: str) -> bool:
    try:
        return char.encode("gb2312")[0] < FIRST_UNCOMMON_ROW
    except UnicodeEncodeError:
        return False
