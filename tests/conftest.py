"""What every test may ask for: long runs, other people's data, other people's counting."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# A machine under load is no reason to fail; CI looks at the same examples every time.
settings.register_profile("test", deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.register_profile("nightly", deadline=None, print_blob=True, max_examples=2_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="also run the tests marked `nightly`")


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("nightly" if config.getoption("--nightly") else "test")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--nightly"):
        return
    skip = pytest.mark.skip(reason="a long run: pass --nightly, or use `make nightly`")
    for item in items:
        if item.get_closest_marker("nightly"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real ballots of Pabulib and PrefLib, kept beside the repository and not part of it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the real ballots in ../shared/data, which is absent")
    return folder


@pytest.fixture(scope="session")
def crosscheck_python() -> Path:
    """The Python that has other people's vote counting (`requirements/crosscheck.lock`)."""
    python = ROOT / ".venv-crosscheck" / "bin" / "python"
    if not python.exists():
        pytest.skip("needs .venv-crosscheck, which `make nightly` installs")
    return python
