"""The demonstration's election: a town of 200, two contests, and how its people vote."""

from collections.abc import Sequence

from hanpyo.election import contests
from hanpyo.election.ballot import PlaintextBallot
from hanpyo.election.contests import Option, Rule
from hanpyo.election.manifest import District, Manifest, Party
from hanpyo.rehearsal.parties import Parties, Voter

ROLL_SIZE = 200
VOTERS = 168  # the others stay at home
CHANGED = 14  # the first of them vote again, and for something else
CHALLENGES = 6
SMALLEST_TALLY = 5
BALLOTS_PER_ROW = 8

_PARK = (
    ("Leave it as it is", "그대로 두기", "そのままにする"),
    ("Make a playground", "놀이터 만들기", "遊び場を作る"),
    ("Make a garden for all", "모두의 정원 만들기", "みんなの庭を作る"),
)
_PROJECTS = (
    ("Bicycle lane", "자전거 도로", "自転車道"),
    ("Longer library hours", "도서관 연장 운영", "図書館の開館延長"),
    ("Repair café", "수리 카페", "修理カフェ"),
    ("Trees on Main Street", "큰길 가로수", "大通りの並木"),
)


def demo_manifest(parties: Parties) -> Manifest:
    """Fix the election."""
    park = contests.one(
        "park",
        _texts("The old park", "오래된 공원", "古い公園"),
        _options("park", _PARK),
        Rule("plurality"),
    )
    projects = contests.approval(
        "projects",
        _texts("Projects for the town", "마을 사업", "町の事業"),
        _options("project", _PROJECTS),
        Rule("approval"),
    )
    return Manifest(
        kind="election",
        title=_texts("A vote in a town of 200", "주민 200명의 마을 투표", "住民200人の町の投票"),
        description={},
        nonce=parties.secret("nonce"),
        organizers=parties.organizers(),
        registrar=Party(parties.registrar.name, parties.registrar.key),
        trustees=parties.trustees(),
        contests=(park, projects),
        districts=(District("town", _texts("The town", "마을", "町")),),
        styles=((0, 1),),
        smallest_tally=SMALLEST_TALLY,
        ballots_per_row=BALLOTS_PER_ROW,
    )


def demo_voters() -> list[Voter]:
    """List the people."""
    return [Voter(number, f"resident {number + 1}") for number in range(ROLL_SIZE)]


def wish(parties: Parties, voter: Voter, turn: int = 1) -> PlaintextBallot:
    """Make up what somebody wants; at a second turn another option for the park."""
    chance = parties.secret("wish", voter.number)
    park = (0, 1, 1, 2, 2, 2)[chance[0] % 6]
    marks = [int(chance[n + 1] % 7 < n + 2) for n in range(len(_PROJECTS))]
    return _one_of(len(_PARK), (park + turn - 1) % len(_PARK)), tuple(marks)


def _one_of(count: int, marked: int) -> tuple[int, ...]:
    return tuple(int(option == marked) for option in range(count))


def _options(name: str, titles: Sequence[tuple[str, str, str]]) -> list[Option]:
    return [Option(f"{name}-{n}", _texts(*title)) for n, title in enumerate(titles, 1)]


def _texts(english: str, korean: str, japanese: str) -> dict[str, str]:
    return {"en": english, "ja": japanese, "ko": korean}
