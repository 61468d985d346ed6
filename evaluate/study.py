"""Many training runs of one variant: settings, one file of results for all variants, going on after a break."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from rich.console import Console
from spacy.util import load_config
from thinc.api import ConfigValidationError

from baogao.formats.files import write_text
from evaluate.data import BenchmarkError
from evaluate.fit import Job
from evaluate.provenance import environment, files_digest

Json = dict[str, Any]
_LIST_OF_NUMBERS = re.compile(r"\[[\s\d.,]+\]")


def parse_overrides(settings: Iterable[str]) -> Json:
    """``section.key=value`` to overrides of a spaCy config; values are JSON, or else strings.

    Raises ``BenchmarkError``.
    """
    overrides = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or "." not in key:
            raise BenchmarkError(f"{setting}: not of the form section.key=value")
        try:
            overrides[key] = json.loads(value)
        except json.JSONDecodeError:
            overrides[key] = value
    return overrides


def describe_variant(
    config: Path,
    overrides: Json,
    extra: Sequence[Path],
    corpus: Path,
    annotations: Path,
    reports: Iterable[str],
) -> Json:
    """What decides the results of a variant besides seed and held-out reports, as its settings in the results.

    RETURNS (dict): ``config``, ``overrides``, ``extra``, and ``inputs``: the SHA-256 of the files that these
        name, and of the ``reports``. Raises ``BenchmarkError`` for overrides of what is not in the config, and
        for missing files.
    """
    try:
        paths = load_config(config, overrides=overrides, interpolate=False).get("paths", {})
    except (OSError, ConfigValidationError, ValueError) as error:
        raise BenchmarkError(f"{config}: {' '.join(str(error).split())}") from error
    named = [Path(value) for key, value in paths.items() if key not in ("train", "dev") and value]
    files = {path.as_posix(): [path] for path in (config, *extra, *named)}
    files["reports"] = [
        path
        for report in sorted(reports)
        for path in (corpus / "texts" / f"{report}.txt", annotations / f"{report}.ann")
    ]
    try:
        inputs = {name: files_digest(paths) for name, paths in files.items()}
    except OSError as error:
        raise BenchmarkError(f"{error.filename}: {error.strerror}") from error
    return {
        "config": config.as_posix(),
        "overrides": overrides,
        "extra": [path.as_posix() for path in extra],
        "inputs": inputs,
    }


def read_study(path: Path) -> Json:
    """Variant name to its ``settings``, ``environment``, number of ``planned`` runs, and ``runs``; empty if there
    is no such file. Raises ``BenchmarkError`` for a file that is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["variants"]
    except FileNotFoundError:
        return {}
    except (json.JSONDecodeError, KeyError) as error:
        raise BenchmarkError(f"{path}: not the results of training runs ({error!r})") from error


def run_study(
    path: Path,
    name: str,
    settings: Json,
    jobs: Mapping[str, Job],
    run: Callable[[Job], Json],
    *,
    workers: int,
    restart: bool = False,
    console: Console,
) -> bool:
    """Run the jobs that the file has no results of, and write it after each.

    name (str): The variant's; other variants in the file stay as they are.
    jobs (Mapping[str, Job]): By a key that stays the same from call to call.
    run (Callable): Does a job, see :func:`evaluate.fit.fit_in_subprocess`; called from several threads.
    restart (bool): Forget the variant's earlier runs.
    RETURNS (bool): Whether every job has a result. Raises ``BenchmarkError`` if earlier runs of the variant had
        other settings.
    """
    earlier = read_study(path).get(name)
    if restart or earlier is None:
        earlier = {"runs": {}}
    elif changed := sorted(key for key in settings if settings[key] != earlier["settings"].get(key)):
        raise BenchmarkError(
            f"{path}: the runs of {name} had other settings ({', '.join(changed)}); give another --name, "
            "or --restart to run them anew"
        )
    runs = dict(earlier["runs"])
    variant = {
        "settings": settings,
        "environment": environment(),
        "planned": len(runs.keys() | jobs.keys()),
        "runs": runs,
    }
    pending = {key: job for key, job in jobs.items() if key not in runs}
    console.print(f"{name}: {len(jobs) - len(pending)} of {len(jobs)} runs are there", highlight=False)
    pool = ThreadPoolExecutor(workers)
    try:
        futures = {pool.submit(run, job): key for key, job in pending.items()}
        for future in as_completed(futures):
            key = futures[future]
            try:
                runs[key] = future.result()
            except BenchmarkError as error:
                console.print(f"{name}, {key}: {error}", style="red", highlight=False, markup=False)
                continue
            # In the order of the jobs, not of their ends; earlier runs that are not asked for now stay.
            variant["runs"] = runs = {k: runs[k] for k in [*jobs, *runs] if k in runs}
            _write(path, name, variant)
            console.print(f"{name}, {key}: {runs[key]['seconds']:.0f} s", highlight=False, markup=False)
    finally:
        pool.shutdown(cancel_futures=True)
    return all(key in runs for key in jobs)


def _write(path: Path, name: str, variant: Json) -> None:
    """Put a variant into the file as it is now: another process may have added another variant."""
    content = json.dumps({"variants": read_study(path) | {name: variant}}, ensure_ascii=False, indent=1)
    one_line_lists = _LIST_OF_NUMBERS.sub(lambda match: " ".join(match.group().split()), content)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, one_line_lists + "\n")
