"""Small `.pb` files of our own."""

META = {
    "description": "A budget",
    "country": "Nowhere",
    "unit": "Town",
    "instance": "2030",
    "budget": "100",
    "vote_type": "approval",
    "rule": "greedy",
}
PROJECTS = ["project_id;cost;votes;name", "1;60;2;Trees", "2;50;1;Benches", "3;40;1;Lamps"]
VOTES = ["voter_id;vote", "a;1,2", "b;1", "c;3"]
POINTS = ["voter_id;vote;points", "a;1,2;2,1", "b;1;3", "c;3,2;1,1"]


def pb(
    meta: dict[str, str] | None = None,
    projects: list[str] | None = None,
    votes: list[str] | None = None,
    end: str = "\n",
) -> str:
    """Write a file: `meta` on top of META, without keys that are None; counts fitting the rows."""
    projects = PROJECTS if projects is None else projects
    votes = VOTES if votes is None else votes
    keys = {"num_projects": str(len(projects) - 1), "num_votes": str(len(votes) - 1)}
    given = {**META, **keys, **(meta or {})}
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in given.items())]
    lines += ["PROJECTS", *projects, "VOTES", *votes]
    return "".join(line + end for line in lines)


def line_of(text: str, beginning: str) -> int:
    """Give the number of the first line that begins so."""
    return next(n for n, line in enumerate(text.split("\n"), 1) if line.startswith(beginning))
