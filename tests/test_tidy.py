"""The house style, where a machine can judge it, over every file that git tracks or would track.

A rule takes a path and its text and yields the faults it finds. Each rule is tried on the whole
tree, and on a sample that breaks it: a rule that cannot fail is a defect.
"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ("*.py", "*.pyi")
CODE = (*PYTHON, "*.rs", "*.ts", "*.svelte")
SETTINGS = ("*.lock", "*.json", "*.toml", "*.yaml", "*.yml", "*.npmrc", "*.conf", "*.ini")
ANY = ("*",)
EFFECTS = tuple(f"src/hanpyo/{room}*" for room in ("cli", "node", "office", "rehearsal"))

LINE_COLUMNS_MAX = 100
# Sentences of the pages stand whole, as who translates them reads them; drawn paths are long.
LONG_LINES = ("web/src/*/words/*.ts", "web/src/words/shared/*.ts", "web/src/parts/icons.ts")
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
# Exceptions, each with its reason: a path, or a path and a function as "path:name".
LONG_FILES = {
    "src/hanpyo/_core.pyi": "the one page that describes the door to the Rust core",
    "tests/unit/ledger/test_rules_membership.py": "one short claim a rule",
    "tests/verifier/record_maker.py": "a stranger's own prover: some fifty short acts of one actor",
    "tests/verifier/test_refusals.py": "flat lists of refused entries, one line each",
}
LONG_FUNCTIONS = {
    "rust/core/tests/ballots/proofs.rs:kinds": "a table",
    **dict.fromkeys(
        (
            "tests/verifier/test_refusals.py:test_what_is_refused_of_ballots",
            "tests/verifier/test_refusals.py:test_what_is_refused_of_roll_and_enrollment",
            "tests/verifier/test_refusals.py:test_what_is_refused_of_the_ceremony",
            "tests/verifier/test_refusals.py:test_what_is_refused_of_the_tally",
        ),
        "one election, in which every refused entry stands in its turn",
    ),
}

BANNED_WORDS = {
    "board": "ledger",
    "candidate": "option",
    "guardian": "trustee",
    "question": "contest",
    "receipt": "tracker",
    "spoil": "challenge",
    "spoiled": "challenged",
    "transaction": "entry",
    "tx": "entry",
}
FOREIGN_WORDS = {  # a foreign word stays in the module that meets it
    "src/hanpyo/formats/*": {"candidate", "question"},  # in other people's files
    # The consensus engine's words, where it is met.
    "src/hanpyo/node/abci/server.py": {"tx"},
    "src/hanpyo/node/chain/application.py": {"tx"},
    "src/hanpyo/node/engine/home.py": {"tx"},
    "src/hanpyo/node/engine/rpc.py": {"tx"},
    "src/hanpyo/node/storage/store.py": {"transaction"},  # the database's
}
BRITISH = re.compile(
    r"behaviour|centre|colour|defence|enrolment|favour|honour|licence|neighbour|organis[ei]|"
    r"(?:initial|normal|optim|recogn|serial|summar|util)is(?:e|ing|ation)",
    re.IGNORECASE,
)
LEFT_OVER = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b|\b(?:todo|unimplemented)!")
MACHINE_PATH = re.compile(r"(?<![\w.\-/])/(?:home|root|work|Users)/")
REGISTRY = re.compile(
    r'registry = "http|files\.[a-z]+hosted|"resolved"|index-url|^\s*registry\s*=', re.MULTILINE
)
RUST_COMMENT_OR_STRING = re.compile(
    r'//[^\n]*|/\*.*?\*/|r(#*)".*?"\1|"(?:\\.|[^"\\])*"|' r"'(?:\\.[^']*|[^'\\])'", re.DOTALL
)

Check = Callable[[str, str], Iterator[str]]


@dataclass(frozen=True)
class Rule:
    """A check, the files it reads, and samples (path and text) that it must refuse."""

    check: Check
    patterns: tuple[str, ...]
    samples: tuple[tuple[str, str], ...]

    def faults(self, path: str, text: str) -> list[str]:
        if any(fnmatch(path, pattern) for pattern in self.patterns):
            return [f"{path}: {fault}" for fault in self.check(path, text)]
        return []


RULES: list[Rule] = []


def rule(patterns: tuple[str, ...], *samples: tuple[str, str]) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        RULES.append(Rule(check, patterns, samples))
        return check

    return register


@rule(CODE, ("a.py", "x" * 101), ("a.rs", "ok\n" + "한" * 101))
def lines_are_short(path: str, text: str) -> Iterator[str]:
    if any(fnmatch(path, pattern) for pattern in LONG_LINES):
        return
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LINE_COLUMNS_MAX:
            yield f"line {number} has {len(line)} columns, at most {LINE_COLUMNS_MAX}"


@rule(("*.py",), ("a.py", "class A(threading.Thread):\n    self._is_stopped = True\n"))
def threads_leave_the_librarys_own_fields_alone(_path: str, text: str) -> Iterator[str]:
    for name in ("_is_stopped", "_started", "_tstate_lock"):
        if "(threading.Thread)" in text and f"self.{name} =" in text:
            yield f"threading.Thread has a field {name} of its own"


@rule(CODE, ("a.ts", "\n" * 401))
def files_hold_one_subject(path: str, text: str) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines > FILE_LINES_MAX and path not in LONG_FILES:
        yield f"{lines} lines, at most {FILE_LINES_MAX}"


@rule(
    (*PYTHON, "*.rs"),
    ("a.py", "def f():\n" + "    g()\n" * 70),
    ("a.rs", "impl A {\n    fn f(x: [u8; 2]) -> u8 {\n" + "'{'; {}\n" * 70 + "}}"),
)
def functions_fit_a_screen(path: str, text: str) -> Iterator[str]:
    for name, lines in (rust_functions if path.endswith(".rs") else python_functions)(text):
        if lines > FUNCTION_LINES_MAX and f"{path}:{name}" not in LONG_FUNCTIONS:
            yield f"{name} has {lines} lines, at most {FUNCTION_LINES_MAX}"


@rule(
    (*PYTHON, "*.rs"),
    ("src/board.py", ""),
    ("a.py", "class CandidateList: ..."),
    ("a.py", "def f(tx): ..."),
    ("a.py", "self.questions = 1"),
    ("a.rs", "let spoiled_ballot = 1;"),
)
def concepts_have_one_word(path: str, text: str) -> Iterator[str]:
    names = rust_names(text) if path.endswith(".rs") else python_names(text)
    foreign = {
        word for pattern, words in FOREIGN_WORDS.items() if fnmatch(path, pattern) for word in words
    }
    for name in sorted({*names, *path.split("/")}):
        for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name):
            single = word.lower().removesuffix("s")
            if single in BANNED_WORDS and single not in foreign:
                yield f"{name!r} says {single!r}: our word is {BANNED_WORDS[single]!r}"


@rule((*CODE, "*.md"), ("a.md", "Organisers choose the colour."))
def spelling_is_american(_path: str, text: str) -> Iterator[str]:
    yield from found(BRITISH, text)


@rule(
    (*CODE, *SETTINGS, "*.sh", "Makefile", ".ci/run"),
    ("a.py", "x = 1  # TODO: more"),
    ("a.rs", "todo!()"),
    ("a.py", "raise NotImplementedError"),
)
def nothing_is_left_over(_path: str, text: str) -> Iterator[str]:
    yield from found(LEFT_OVER, text)


@rule(ANY, ("a.md", "see /home/me/notes"), ("Makefile", "A=/root/x"))
def no_path_of_a_machine(_path: str, text: str) -> Iterator[str]:
    yield from found(MACHINE_PATH, text)


@rule(
    SETTINGS,
    ("uv.lock", 'source = { registry = "https://a" }'),
    ("package-lock.json", '"resolved": "https://a"'),
    (".npmrc", "registry=https://a"),
)
def no_address_of_a_registry(_path: str, text: str) -> Iterator[str]:
    yield from found(REGISTRY, text)


@rule(("requirements/*",), ("requirements/a.lock", "a @ https://a/a.whl"))
def python_locks_hold_no_address(_path: str, text: str) -> Iterator[str]:
    yield from found(re.compile("https?:"), text)


@rule(
    PYTHON,
    ("src/hanpyo/node/a.py", "from hanpyo import _core"),
    ("tests/a.py", "import hanpyo._core"),
    ("src/hanpyo/voter.py", "from hanpyo._core import prove"),
)
def rust_is_behind_crypto(path: str, text: str) -> Iterator[str]:
    for name in imports(text):
        if path != "src/hanpyo/crypto.py" and f"{name}.".startswith("hanpyo._core."):
            yield f"imports {name}: only hanpyo.crypto may"


@rule(("src/*.py", "verifier/*.py"), ("src/hanpyo/node/storage/store.py", "import cbor2"))
def cbor_is_behind_encoding(path: str, text: str) -> Iterator[str]:
    for name in imports(text):
        if path != "src/hanpyo/encoding.py" and name.startswith("cbor2"):
            yield f"imports {name}: only hanpyo.encoding may"


@rule(
    ("src/*.py", "verifier/*.py"),
    ("src/hanpyo/voter.py", "import attrs"),
    ("verifier/check.py", "from hanpyo import voter"),
)
def pure_rooms_use_the_standard_library(path: str, text: str) -> Iterator[str]:
    own = "hanpyo_verifier" if path.startswith("verifier/") else "hanpyo"
    allowed = sys.stdlib_module_names | {own}
    if path == "src/hanpyo/encoding.py":
        allowed |= {"cbor2"}
    if any(fnmatch(path, pattern) for pattern in EFFECTS):
        return
    for name in imports(text):
        if name.split(".")[0] not in allowed:
            yield f"imports {name}"


def found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """Say where `pattern` stands in the text."""
    for match in pattern.finditer(text):
        yield f"line {text.count(chr(10), 0, match.start()) + 1} has {match[0].strip()!r}"


def imports(text: str) -> Iterator[str]:
    """Name what a Python file imports, with the names taken out of a module as its children."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def python_names(text: str) -> Iterator[str]:
    """Name what a Python file itself names; what it calls by another's name is not its own."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.arg(arg=name) | ast.alias(asname=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.ExceptHandler(name=str(name)):
                yield name


def python_functions(text: str) -> Iterator[tuple[str, int]]:
    """Give each function of a Python file and its number of lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def rust_code(text: str) -> str:
    """Blank out comments, strings and characters, keeping the lines."""
    return RUST_COMMENT_OR_STRING.sub(lambda match: "\n" * match[0].count("\n"), text)


def rust_names(text: str) -> list[str]:
    """Name every identifier of a Rust file, except what it calls on another's value."""
    return re.findall(r"(?<![\w.])[A-Za-z_]\w*", rust_code(text))


def rust_functions(text: str) -> Iterator[tuple[str, int]]:
    """Give each function of a Rust file and its number of lines."""
    code = rust_code(text)
    for function in re.finditer(r"\bfn\s+(\w+)", code):
        depth = 0
        for place in range(function.end(), len(code)):
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(code[place], 0)
            if depth == 0 and code[place] in ";}":
                yield function[1], code.count("\n", function.start(), place) + 1
                break


@cache
def tree() -> dict[str, str]:
    """Read every text file that git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    texts = {}
    for name in sorted(set(names.decode().split("\0"))):
        if (ROOT / name).is_file() and b"\0" not in (ROOT / name).read_bytes():
            texts[name] = (ROOT / name).read_text(encoding="utf-8")
    return texts


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.check.__name__)
def test_the_tree_keeps(rule: Rule) -> None:
    # This file spells out what the rules refuse.
    texts = {path: text for path, text in tree().items() if path != "tests/test_tidy.py"}
    faults = [fault for path, text in texts.items() for fault in rule.faults(path, text)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.check.__name__)
def test_broken_samples_break(rule: Rule) -> None:
    for path, text in rule.samples:
        assert rule.faults(path, text), f"{path} passes: {text!r}"


def test_exceptions_are_still_needed() -> None:
    paths = {*LONG_FILES, *(place.split(":")[0] for place in LONG_FUNCTIONS)}
    assert paths <= tree().keys()


def test_one_version_everywhere() -> None:
    project = tomllib.loads(tree()["pyproject.toml"])["project"]
    cargo = tomllib.loads(tree()["Cargo.toml"])["workspace"]["package"]
    assert project["version"] == cargo["version"]
    assert f'__version__ = "{project["version"]}"' in tree()["src/hanpyo/__init__.py"]


def test_locks_hold_every_direct_dependency() -> None:
    settings = tomllib.loads(tree()["pyproject.toml"])
    groups = settings["dependency-groups"]
    run = settings["project"]["dependencies"]
    for lock, wanted in {"run": run, **groups, "dev": run + groups["dev"]}.items():
        text = tree()[f"requirements/{lock}.lock"]
        for requirement in wanted:
            name = re.split(r"[^\w.-]", requirement)[0]
            assert re.search(rf"^{name}==", text, re.MULTILINE), f"run make lock: {name}, {lock}"
