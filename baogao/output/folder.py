"""A folder with one file per report, in which a second run writes only what is new or has changed."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ..atomic import write_bytes

STATE_FILE = ".baogao-state.jsonl"


class OutputFolder:
    """Files and, beside them, from what each was made.

    The state file is only ever appended to, a line per file after the file itself is whole; a run that breaks
    off costs at most the line of the file it was at, which is then written again.

    path (Path): The folder; made if it is not there.
    made_by (str): What wrote it: the pipeline and the format. Files made by another are written again.
    """

    def __init__(self, path: Path, made_by: str) -> None:
        self.path = path
        self.made_by = made_by
        path.mkdir(parents=True, exist_ok=True)
        self._state = _read_state(path / STATE_FILE)

    def is_current(self, name: str, digest: str) -> bool:
        """Whether the file is there and was made of just this input by just this pipeline and format."""
        return self._state.get(name) == (digest, self.made_by) and (self.path / name).is_file()

    def write(self, name: str, digest: str, data: bytes) -> Path:
        """Write a file whole or not at all. Raises OSError."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, data)
        line = json.dumps({"file": name, "input": digest, "made_by": self.made_by}, ensure_ascii=False)
        with (self.path / STATE_FILE).open("a", encoding="utf-8") as file:
            # Begins with a line break, too: the line before may have been cut off.
            file.write(f"\n{line}\n")
            file.flush()
            os.fsync(file.fileno())
        self._state[name] = (digest, self.made_by)
        return path


def _read_state(path: Path) -> dict[str, tuple[str, str]]:
    """Fingerprint and maker by file; the last line of a file wins, lines cut off or foreign are skipped."""
    state = {}
    if path.is_file():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                entry = json.loads(line)
                state[entry["file"]] = (entry["input"], entry["made_by"])
            except (ValueError, KeyError, TypeError):
                continue
    return state
