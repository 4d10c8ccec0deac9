"""Both verifiers over one record in memory: what each says failed, as (check, entry)."""

import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path

from hanpyo.errors import DamagedRecord
from tests.unit.verify.records import Files, verified

VERIFIER = Path(__file__).resolve().parents[2] / "verifier"
Found = set[tuple[str, int | None]]


def product(files: Files) -> Found:
    """Ask `hanpyo verify`; without a checkpoint nothing can be reported but that."""
    try:
        return set(verified(files).failures())
    except DamagedRecord as error:
        return {(error.check, None)}


def stranger(files: Files, *arguments: str) -> Found:
    """Ask the independent verifier, in this process and on real files."""
    sys.path.insert(0, str(VERIFIER))
    try:
        from hanpyo_verifier import cli
    finally:
        sys.path.remove(str(VERIFIER))
    with tempfile.TemporaryDirectory() as folder:
        for path, data in files.items():
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = cli.main([folder, "--json", "--processes", "1", *arguments])
    report = json.loads(out.getvalue())
    assert (status == 0) == report["valid"]
    return {
        (check["id"], failure["entry"])
        for check in report["checks"]
        for failure in check["failures"]
    }


def both(files: Files) -> Found:
    """Ask both and see that they agree on every fault."""
    ours, theirs = product(files), stranger(files)
    assert ours == theirs
    return ours
