"""Where results come from: machine, versions, revision, and the digest of a pipeline's files."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any


def environment() -> dict[str, Any]:
    """Machine, Python and revision, as the results record them."""
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "revision": git_revision(),
    }


def files_digest(paths: Iterable[Path]) -> str:
    """SHA-256 over the names and the content of files, and of those in folders, in the given order."""
    return _digest(
        (file.relative_to(path.parent), file)
        for path in paths
        for file in (_files_below(path) if path.is_dir() else [path])
    )


def pipeline_digest(directory: Path) -> str:
    """SHA-256 over the files that decide a pipeline's predictions: all but ``meta.json`` and the card."""
    files = (path for path in _files_below(directory) if path.name != "meta.json" and path.suffix != ".md")
    return _digest((file.relative_to(directory), file) for file in files)


def _files_below(directory: Path) -> list[Path]:
    return [path for path in sorted(directory.rglob("*")) if path.is_file()]


def _digest(files: Iterable[tuple[Path, Path]]) -> str:
    digest = hashlib.sha256()
    for name, file in files:
        digest.update(name.as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _cpu_model() -> str:
    """``platform.processor()`` is empty or no model name on Linux, so the kernel is asked first."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"


def git_revision() -> str:
    """The commit, with ``-dirty`` if tracked files other than the results differ from it; ``unknown`` outside a
    repository."""
    here = Path(__file__).parent
    changed = ["git", "diff", "--quiet", "HEAD", "--", ":/", ":(exclude)results"]
    try:
        commit = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True, cwd=here
        )
        clean = subprocess.run(changed, capture_output=True, cwd=here).returncode == 0
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit.stdout.strip() + ("" if clean else "-dirty")
