"""The demonstration in a terminal: a running platform, links for people, and keys to press."""

import select
import shutil
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import segno
from mnemonic import Mnemonic

from hanpyo.cli.options import thread_count
from hanpyo.cli.output import print_result
from hanpyo.errors import ElectionError, InvalidQuery
from hanpyo.node.http.pages import read_pages
from hanpyo.rehearsal.platform import MARK, Platform, open_platform

FOLDER = Path("demo-platform")
LOOK_SECONDS = 0.5


def is_interactive() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def hold_platform(folder: Path, host: str, port: int) -> None:
    """Open the platform until somebody ends it.

    Raises:
        InvalidQuery: the pages are not built, or something else stands in the folder.
    """
    read_pages()
    if folder.exists():
        if not (folder / MARK).is_file():
            raise InvalidQuery(f"{folder} holds something else: move it away")
        shutil.rmtree(folder)  # of a demonstration that was interrupted
    folder.mkdir()
    (folder / MARK).touch()
    print_result("A town of 200 opens its vote on this machine. One moment.")
    try:
        with open_platform(folder, thread_count(), host=host, port=port) as platform:
            _show_links(platform)
            platform.start_town()
            with _single_keys():
                _answer_keys(platform, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _show_links(platform: Platform) -> None:
    print_result("\nVote as a resident (each link is one person's):")
    segno.make(platform.voter_link(0)).terminal(sys.stdout, compact=True, border=2)
    for number in range(3):
        print_result(f"   {platform.voter_link(number)}")
        print_result(f"   row {platform.visitors[number].row}, for testing a device")
    print_result(f"\nObserve, without an account:\n   {platform.link('observe')}")
    print_result(
        f"\nOpen the result as key holder 1, after closing:\n   {platform.link('trustee')}"
    )
    print_result("   the key's 24 words (a real key holder's never leave the paper):")
    words = Mnemonic("english").to_mnemonic(platform.player.parties.trustee_seeds[0]).split()
    for at in range(0, len(words), 8):
        print_result("   " + " ".join(words[at : at + 8]))
    print_result("\nAttack it from another terminal: hanpyo attack flip-ballot")
    print_result("\nKeys: c closes voting, t lets another key holder open the result, q ends.\n")


@contextmanager
def _single_keys() -> Iterator[None]:
    """Read keys as they are pressed, without Enter."""
    terminal = sys.stdin.fileno()
    former = termios.tcgetattr(terminal)
    tty.setcbreak(terminal)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, former)


def _answer_keys(platform: Platform, folder: Path) -> None:
    is_closed = has_given = is_open = False
    while True:
        ready, _, _ = select.select([sys.stdin], [], [], LOOK_SECONDS)
        key = sys.stdin.read(1) if ready else " "
        if key in {"q", ""}:
            return
        try:
            if key == "c" and not is_closed:
                print_result("Closing. The other two key holders verify everything and seal it.")
                platform.close(folder / "closed")
                is_closed = True
                print_result(f"Closed. Key holder 1 seals it here:\n   {platform.link('trustee')}")
                print_result("Or press t: a simulated one does it.")
            elif key == "t" and is_closed and not is_open:
                platform.finish()
                is_open = has_given = True
                print_result(f"The result is there:\n   {platform.link('result')}")
            elif is_closed and not has_given and platform.tend():
                has_given = True
                print_result("All have sealed, and one has given its share. One more is needed.")
        except ElectionError as error:
            print_result(f"The ledger says: {error}")
