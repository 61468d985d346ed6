"""Folders are there whole or not at all."""

from __future__ import annotations

import pytest

from baogao.atomic import write_folder


def fill(text):
    def write(folder):
        folder.mkdir()
        (folder / "file").write_text(text, encoding="utf-8")

    return write


def test_a_folder_is_written_and_replaced(tmp_path):
    out = tmp_path / "new" / "folder"
    write_folder(out, fill("one"))
    (out / "left").touch()
    write_folder(out, fill("two"))
    assert [path.name for path in out.iterdir()] == ["file"]
    assert (out / "file").read_text(encoding="utf-8") == "two"
    assert list(out.parent.iterdir()) == [out]


def test_what_was_there_stays_if_writing_fails(tmp_path):
    def fail(folder):
        fill("half")(folder)
        raise OSError("disk full")

    out = tmp_path / "folder"
    write_folder(out, fill("one"))
    with pytest.raises(OSError, match="disk full"):
        write_folder(out, fail)
    assert (out / "file").read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [out]
