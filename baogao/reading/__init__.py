"""From files as they come to clean text: one paragraph per line.

:func:`read_report` and :func:`decode_report` do what every file needs (encoding, line ends, blank lines)
and nothing else. Taking reports out of the web pages they were found in is :mod:`baogao.reading.sources`.
"""

from baogao.reading.files import ReadingError, decode_report, read_report

__all__ = ["ReadingError", "decode_report", "read_report"]
