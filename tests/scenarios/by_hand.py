"""An election by hand: every party with its own folder, every act a command of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from hanpyo.cli import run

HANPYO = str(Path(sys.executable).parent / "hanpyo")
PATIENCE_S = 60
COMMON = """
title = {{ en = "Council 2026", ko = "평의회 2026" }}
smallest_tally = 2
registrar = "registrar/public.json"
{top}
[organizers]
quorum = {quorum}
parties = [{organizers}]
[trustees]
threshold = 2
parties = ["trustee-1/public.json", "trustee-2/public.json", "trustee-3/public.json"]

[[contests]]
id = "chair"
title = "Who shall chair?"
kind = "one"
options = ["Anna", "Bo", "Chris"]
blank = true

[[contests]]
id = "surplus"
title = "What shall the surplus buy?"
kind = "budget"
amount = 100
options = [
    {{ id = "garden", title = "A garden", cost = 60 }},
    {{ id = "library", title = "Books", cost = 50 }},
    {{ id = "feast", title = "A feast", cost = 40 }},
]
"""


@dataclass(frozen=True)
class Done:
    """What a command printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return json.loads(self.out)


def run_apart(words: list[str], path: Path, env: dict[str, str], stdin: str) -> Done:
    """Run a command in a process of its own."""
    ended = subprocess.run(
        [HANPYO, *words],
        cwd=path,
        env=env,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Done(ended.returncode, ended.stdout, ended.stderr)


def run_here(words: list[str], path: Path, env: dict[str, str], stdin: str) -> Done:
    """Run a command in this process."""
    out, err = StringIO(), StringIO()
    typed = TextIOWrapper(BytesIO(stdin.encode()), encoding="utf-8")
    with ExitStack() as stack:
        stack.enter_context(patch.dict(os.environ, env))
        stack.enter_context(patch.object(sys, "stdin", typed))
        stack.enter_context(chdir(path))
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(err))
        status = run(words)
    return Done(status, out.getvalue(), err.getvalue())


class Table:
    """A folder in which all parties sit, and a ledger that one of them serves.

    Attributes:
        spoken: every argument, and everything that any command or the server has printed.
    """

    def __init__(self, path: Path, *, here: bool = False) -> None:
        """Set the table.

        Args:
            path: where all folders go.
            here: run commands in this process: faster, and as good where argv does not matter.
        """
        self.path = path
        self._here = here
        self.spoken: list[str] = []
        self.address = ""
        self.election = ""
        self._server: subprocess.Popen[str] | None = None

    def run(self, *args: object, stdin: str = "", expect: int = 0) -> Done:
        """Run a command and see that it ends as it should."""
        words = [str(arg) for arg in args]
        env = {**os.environ, "HANPYO_LEDGER": self.address, "HANPYO_ELECTION": self.election}
        done = (run_here if self._here else run_apart)(words, self.path, env, stdin)
        self.spoken += [*words, done.out, done.err]
        assert done.status == expect, f"hanpyo {' '.join(words)}: {done}"
        assert "Traceback" not in done.err
        return done

    def serve(self) -> None:
        """Found a ledger, or go on with it."""
        with (self.path / "serve.log").open("a") as log:
            self._server = subprocess.Popen(
                [HANPYO, "serve", "ledger", "--port", "0", "--name", "Association"],
                cwd=self.path,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._server.stdout is not None
        self.address = self._server.stdout.readline().strip()
        log_text = (self.path / "serve.log").read_text()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", self.address), log_text

    def stop(self) -> None:
        """Stop the server."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.send_signal(signal.SIGTERM)
        rest, _ = server.communicate(timeout=PATIENCE_S)
        self.spoken += [rest, (self.path / "serve.log").read_text()]
        assert server.returncode == 0, self.spoken[-1]

    def parties(self, organizers: int) -> None:
        """Make everybody's folder."""
        for n in range(1, organizers + 1):
            self.run("organizer", "init", f"organizer-{n}", "--name", f"Organizer {n}")
        self.run("registrar", "init", "registrar", "--name", "Registrar")
        for n in (1, 2, 3):
            self.run("trustee", "init", f"trustee-{n}", "--name", f"Trustee {n}")

    def write_election(self, organizers: int, quorum: int, top: str = "") -> None:
        """Write the election file."""
        listed = ", ".join(f'"organizer-{n}/public.json"' for n in range(1, organizers + 1))
        text = COMMON.format(organizers=listed, quorum=quorum, top=top)
        (self.path / "council.toml").write_text(text, encoding="utf-8")

    def write_members(self, *references: str, name: str = "members.csv") -> str:
        """Write a list of members."""
        lines = ["reference", *(f'"{each}"' for each in references)]
        (self.path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return name

    def trustee(self, step: str, *numbers: int, expect: int = 0) -> None:
        """Let trustees do a step."""
        for n in numbers:
            self.run("trustee", step, "--trustee", f"trustee-{n}", expect=expect)

    def invitation(self, row: int) -> Path:
        """Give the path of an invitation."""
        folder = self.path / "registrar" / "elections" / self.election / "invitations"
        return folder / f"{row}.json"

    def join(self, row: int, device: str = "") -> str:
        """Let a voter's device join; gives its folder."""
        folder = f"voter-{row}{device}"
        self.run("voter", "join", self.invitation(row), "--voter", folder)
        return folder

    def vote(self, row: int, ballot: object, *args: str, device: str = "", expect: int = 0) -> Done:
        """Cast a ballot; the selections go in by stdin."""
        folder = f"voter-{row}{device}"
        text = json.dumps(ballot)
        more = args or ("--yes",)
        return self.run(
            "vote", "--voter", folder, "--ballot", "-", *more, stdin=text, expect=expect
        )

    def status(self) -> dict[str, object]:
        """Read how the election stands."""
        value = self.run("status", "--json").json
        assert isinstance(value, dict)
        return value

    def wait_for(self, word: str) -> None:
        """Wait until the clerk has brought the election there."""
        for _ in range(200):
            if self.status()["word"] == word:
                return
            time.sleep(0.1)
        raise AssertionError(self.status())

    def secrets(self) -> dict[str, str]:
        """Give every secret that lies in a party's folder, as it is written there."""
        found = {}
        for path in sorted(self.path.rglob("*")):
            if path.is_file() and path.suffix in {".json", ".csv"}:
                text = path.read_text(encoding="utf-8")
                for name in re.findall(r'"(?:secret|salt|seed|\w+_seed)":"([0-9a-f]{64})"', text):
                    found[f"{path.relative_to(self.path)} {len(found)}"] = name
                if path.name == "roll.csv":
                    for name in re.findall(r",([0-9a-f]{64}),", text):
                        found[f"{path.relative_to(self.path)} {len(found)}"] = name
        return found
