"""Sweeps: of a plan's file, or of a plan that is a dict."""

import json
import os
import re
import tempfile
from pathlib import Path

from systol import _systol


def sweep(plan, results=None, *, jobs=1, retry_failed=False, report=None):
    """Runs all points of a plan and returns a pandas.DataFrame with a row for each.

    plan: the plan's file, or a dict with its keys (docs/sweep.md). Paths in a dict are relative to
        the working folder; where they name no file there, to systol.shared_folder().
    results: the SQLite file that keeps the rows. A sweep goes on with what it has, and stops with
        nothing lost. Without, a file that is gone at the end.
    jobs: points at a time: threads, or child processes where the plan's engine has a clock.
    retry_failed: run points again that have failed.
    report: a file for the page of `systol sweep --report`.

    A point that cannot run is a row whose `error` says why. The columns are those of
    `systol sweep --csv`. Ctrl-C ends a sweep after the points that run. Raises InputError for a
    plan or a results' file that is wrong, EnvironmentError for what the system does not give.
    """
    with tempfile.TemporaryDirectory(prefix="systol-") as folder:
        kept = Path(folder, "results.db") if results is None else results
        file = _plan_file(plan, Path(folder)) if isinstance(plan, dict) else plan
        return _systol.run_sweep(file, kept, jobs, retry_failed, report)


def _plan_file(plan, folder):
    """A dict as a file: JSON is YAML."""
    written = dict(plan)
    for key in ("models", "arrays"):
        if isinstance(written.get(key), (list, tuple)):
            written[key] = [_absolute(item) for item in written[key]]
    try:
        text = json.dumps(written, indent=2)
    except (TypeError, ValueError) as error:
        raise _systol.InputError(f"plan: {error}; allowed: str, numbers, bool, lists, dicts") from None
    file = folder / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def _absolute(item):
    """Sizes such as 784x10 are no paths."""
    if not isinstance(item, (str, os.PathLike)) or re.fullmatch("[0-9x]+", os.fspath(item)):
        return item
    here = Path(item).absolute()
    shared = Path(_systol.shared_folder(), item)
    return os.fspath(shared if shared.is_file() and not here.exists() else here)
