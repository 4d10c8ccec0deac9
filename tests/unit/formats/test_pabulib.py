"""Pabulib files: what is read, what is set aside, what is refused and where."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanpyo.election.counting import DECIDED, Counted, count
from hanpyo.errors import InvalidFile
from hanpyo.formats.pabulib import (
    PabulibFile,
    Range,
    election_from_pabulib,
    official_totals,
    parse_pabulib,
)
from hanpyo.formats.pabulib import lines as lines_module
from tests.unit.formats.pabulib_files import META, POINTS, PROJECTS, VOTES, line_of, pb

CUMULATIVE = {"vote_type": "cumulative", "max_points": "3", "max_sum_points": "4"}
SCORING = {"vote_type": "scoring", "max_points": "5"}


def faults_of(text: str) -> list[str]:
    with pytest.raises(InvalidFile) as caught:
        parse_pabulib(text)
    return str(caught.value).split("\n")


def outside_of(meta: dict[str, str], votes: list[str]) -> list[tuple[str, str]]:
    """Give (beginning of the line, why) of the ballots that are set aside."""
    text = pb(meta, votes=votes)
    return [(text.split("\n")[line - 1], why) for line, why in parse_pabulib(text).outside]


def voters_of(file: PabulibFile) -> dict[str, tuple[tuple[int, int], ...]]:
    return {voter.id: voter.selections for voter in file.voters}


# What is read


def test_a_file_is_read() -> None:
    file = parse_pabulib(pb())
    assert file.meta["unit"] == "Town"
    assert (file.vote_type, file.top, file.budget, file.decimals) == ("approval", 1, 100, 0)
    assert [(p.id, p.name, p.cost, p.votes, p.score) for p in file.projects] == [
        ("1", "Trees", 60, 2, None),
        ("2", "Benches", 50, 1, None),
        ("3", "Lamps", 40, 1, None),
    ]
    assert voters_of(file) == {"a": ((0, 1), (1, 1)), "b": ((0, 1),), "c": ((2, 1),)}
    assert file.outside == ()
    assert [voter.line for voter in file.voters] == [19, 20, 21]


@pytest.mark.parametrize("end", ["\n", "\r\n", " \r\n", "\n\n"])
def test_line_ends_of_every_kind_are_read(end: str) -> None:
    assert voters_of(parse_pabulib(pb(end=end))) == voters_of(parse_pabulib(pb()))


def test_spaces_and_a_byte_order_mark_mean_nothing() -> None:
    text = "\ufeff" + pb().replace(";", " ; ").replace(",", " , ")
    assert voters_of(parse_pabulib(text)) == voters_of(parse_pabulib(pb()))


def test_quoted_fields_hold_semicolons_and_quotes() -> None:
    names = ['"Trees; and more"', '"""Konik"""', 'the "old" mill']
    projects = PROJECTS[:1] + [f"{n};1;0;{name}" for n, name in enumerate(names, 1)]
    file = parse_pabulib(pb(projects=projects))
    assert [p.name for p in file.projects] == ["Trees; and more", '"Konik"', 'the "old" mill']


def test_a_quoted_vote_is_read() -> None:
    assert voters_of(parse_pabulib(pb(votes=[*VOTES, 'd;"1,3"'])))["d"] == ((0, 1), (2, 1))


def test_an_empty_vote_is_a_ballot() -> None:
    assert voters_of(parse_pabulib(pb(votes=[*VOTES, "d;"])))["d"] == ()


def test_columns_stand_in_any_order_and_others_are_left_alone() -> None:
    projects = ["name;city;cost;project_id", "Trees;X;60;1", "Lamps;X;40;3", "Benches;Y;50;2"]
    votes = ["age;vote;voter_id", "30;2,1;a", ";3;b"]
    file = parse_pabulib(pb(projects=projects, votes=votes))
    assert [p.id for p in file.projects] == ["1", "3", "2"]
    assert voters_of(file) == {"a": ((2, 1), (0, 1)), "b": ((1, 1),)}


def test_points_are_read_as_they_are_given() -> None:
    file = parse_pabulib(pb(CUMULATIVE, votes=POINTS))
    assert file.top == 3
    assert voters_of(file) == {"a": ((0, 2), (1, 1)), "b": ((0, 3),), "c": ((2, 1), (1, 1))}


# What is set aside: outside the limits, by line, never changed


@pytest.mark.parametrize(
    ("meta", "votes", "last"),
    [
        ({"max_length": "2"}, ["v;1,2", "w;1,2,3"], "3 projects, where META allows at most 2"),
        ({"min_length": "1"}, ["v;1", "w;"], "0 projects, where META allows at least 1"),
        (
            {"min_length": "2", "max_length": "2"},
            ["v;1,3", "w;1"],
            "1 projects, where META allows at least 2 and at most 2",
        ),
        (
            {"max_sum_cost": "100"},
            ["v;1,3", "w;1,2"],
            "projects for 110 together, where META allows at most 100",
        ),
        (
            {"min_sum_cost": "50"},
            ["v;2", "w;3"],
            "projects for 40 together, where META allows at least 50",
        ),
        ({"vote_type": "choose-1"}, ["v;1", "w;1,2"], None),
        ({"vote_type": "choose-1"}, ["v;1", "w;"], None),
        ({"vote_type": "choose-1", "min_length": "0"}, ["v;", "w;2,1"], None),
        ({}, ["v;1,2,3", "w;1,4"], "no project '4' in this file"),
        ({}, ["v;1,2,3", "w;1,2,2"], "project '2' stands more than once"),
    ],
)
def test_limits_on_approvals_have_two_sides(
    meta: dict[str, str], votes: list[str], last: str | None
) -> None:
    ((line, why),) = outside_of(meta, [VOTES[0], *votes])
    assert line == votes[-1]
    assert last is None or why == last


@pytest.mark.parametrize(
    ("meta", "votes", "last"),
    [
        ({}, ["v;1,2;3,1", "w;1,2;3,2"], "5 points together, where META allows at most 4"),
        ({}, ["v;1;3", "w;1;4"], "4 points for one project, where META allows at most 3"),
        ({"min_points": "1"}, ["v;1;1", "w;1,2;1,0"], None),
        ({"min_sum_points": "2"}, ["v;1;2", "w;1;1"], None),
        ({"max_length": "2"}, ["v;1,2;1,1", "w;1,2,3;1,1,1"], None),
        (SCORING, ["v;1,2,3;5,5,5", "w;1;6"], None),
        ({**SCORING, "min_points": "1"}, ["v;1;1", "w;1;0"], None),
        ({}, ["v;1;2.0", "w;1;1.5"], "only whole points from 0 to 4294967295"),
        (
            {**SCORING, "max_points": str(2**32 - 1)},
            [f"v;1;{2**32 - 1}", f"w;1;{2**32}"],
            "only whole points from 0 to 4294967295",
        ),
        ({}, ["v;1;0", "w;1;-1"], "only whole points from 0 to 4294967295"),
    ],
)
def test_limits_on_points_have_two_sides(
    meta: dict[str, str], votes: list[str], last: str | None
) -> None:
    ((line, why),) = outside_of({**CUMULATIVE, **meta}, [POINTS[0], *votes])
    assert line == votes[-1]
    assert last is None or why.startswith(last)


def test_only_meta_limits_a_ballot() -> None:
    comment = {"comment": "#1: at most one project each"}
    assert outside_of(comment, [VOTES[0], "a;1,2,3", "b;"]) == []


def test_the_first_ballot_of_a_voter_is_the_one_to_cast() -> None:
    text = pb(votes=[*VOTES, "a;3", "b;9"])
    file = parse_pabulib(text)
    assert voters_of(file)["a"] == ((0, 1), (1, 1))
    first, second = line_of(text, "a;"), line_of(text, "b;")
    assert file.outside == (
        (22, f"voter 'a' stands on line {first} already"),
        (23, f"voter 'b' stands on line {second} already"),
    )


# What is refused


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the section META is missing or has no columns"),
        ("# FILE NAME: 1.soi\n", "ranked ballots do not exist here yet"),
        ("key;value\n", "line 1: a Pabulib file begins with META"),
        ("META\nPROJECTS\n", "line 2: PROJECTS out of order"),
        ("PROJECTS\n", "line 1: PROJECTS out of order"),
        (pb().split("PROJECTS")[0], "the section PROJECTS is missing"),
        (pb().split("VOTES")[0] + "VOTES\n", "the section VOTES is missing or has no columns"),
        (pb() + "VOTES\n", "line 22: VOTES out of order"),
        (pb().replace("key;value", "key;text"), "line 2: the columns of META must be key;value"),
        (pb({"vote_type": "ordinal"}), "line 8: vote_type is 'ordinal', and ranked ballots do not"),
        (pb({"vote_type": "fancy"}), "line 8: vote_type is 'fancy', not one of approval"),
        (pb().replace("budget;100\n", ""), "the key budget is missing in META"),
        (pb(projects=["project_id;name", "1;A"]), "the column cost is missing"),
        (pb(projects=["cost;name", "1;A"]), "the column project_id is missing"),
        (pb(votes=["voter_id", "1"]), "the column vote is missing"),
        (pb(votes=["vote", "1"]), "the column voter_id is missing"),
        (pb(CUMULATIVE), "the column points is missing"),
        (pb(projects=["project_id;cost;cost", "1;1;1"]), "line 13: a column without a name, or"),
        (pb(projects=["project_id;cost;", "1;1;"]), "line 13: a column without a name, or"),
        (pb(projects=['project_id;"cost', "1;1"]), "line 13: unexpected end of data"),
        (pb(projects=PROJECTS[:1]), "the file has 0 projects, but 1 to 512 fit"),
        (pb(votes=VOTES[:1]), "line 18: no vote follows"),
    ],
)
def test_what_is_no_pabulib_file_is_refused(text: str, why: str) -> None:
    assert any(why in fault for fault in faults_of(text)), faults_of(text)


@pytest.mark.parametrize(
    ("meta", "why"),
    [
        (
            {"budget": "lots"},
            "line 7: budget must be an amount from 0 with at most 4 decimals, not 'lots'",
        ),
        (
            {"budget": "-1"},
            "line 7: budget must be an amount from 0 with at most 4 decimals, not '-1'",
        ),
        (
            {"budget": "1e6"},
            "line 7: budget must be an amount from 0 with at most 4 decimals, not '1e6'",
        ),
        ({"num_projects": "4"}, "line 10: num_projects is '4', but PROJECTS has 3 lines"),
        ({"num_votes": "2"}, "line 11: num_votes is '2', but VOTES has 3 lines"),
        ({"max_length": "many"}, "line 12: max_length must be a whole number from 0, not 'many'"),
        ({"min_length": "2", "max_length": "1"}, "line 12: min_length is more than max_length"),
        ({"rule": "greedy-threshold"}, "line 9: rule greedy-threshold needs the key min_project"),
        ({"vote_type": "choose-1", "max_length": "2"}, "line 8: choose-1 allows no other length"),
        ({"unit": "A\nunit;B"}, "line 6: the key 'unit' stands on line 5 already"),
    ],
)
def test_faults_of_meta_name_their_line(meta: dict[str, str], why: str) -> None:
    assert any(why in fault for fault in faults_of(pb(meta)))


@pytest.mark.parametrize(
    ("meta", "why"),
    [
        ({"vote_type": "cumulative"}, "max_points or max_sum_points must tell the top score"),
        ({"vote_type": "scoring"}, "max_points or max_sum_points must tell the top score"),
        ({**SCORING, "max_points": "0"}, "the top score must be 1 to 4294967295, not 0"),
        ({**SCORING, "max_points": "4294967296"}, "the top score must be 1 to 4294967295"),
        ({**SCORING, "default_score": "6"}, "default_score is more than max_points"),
    ],
)
def test_points_need_a_top_score(meta: dict[str, str], why: str) -> None:
    assert any(why in fault for fault in faults_of(pb(meta, votes=POINTS)))


def test_every_malformed_line_is_listed_at_once() -> None:
    projects = [*PROJECTS, "1;5;0;Again", "4;much;0;X", ";5;0;X", "5;5;-1;X", "6;5;0", "7,8;5;0;X"]
    votes = [*VOTES, "d;1,,2", ";1", "e", 'f;"1']
    assert faults_of(pb(projects=projects, votes=votes)) == [
        "line 17: project '1' stands on line 14 already",
        "line 18: cost must be an amount from 0 with at most 4 decimals, not 'much'",
        "line 19: project_id '' cannot be an id",
        "line 20: votes must be a whole number from 0, not '-1'",
        "line 21: 3 fields for 4 columns",
        "line 22: project_id '7,8' cannot be an id",
        "line 28: vote has an empty place between commas",
        "line 29: voter_id '' cannot be an id",
        "line 30: 1 fields for 2 columns",
        "line 31: unexpected end of data",
    ]


def test_malformed_points_are_listed() -> None:
    votes = [*POINTS, "d;1,2;1", "e;1;x", "f;;1", "g;1;"]
    assert faults_of(pb(CUMULATIVE, votes=votes)) == [
        "line 24: 2 projects in vote, but 1 numbers in points",
        "line 25: points must be numbers, not 'x'",
        "line 26: 0 projects in vote, but 1 numbers in points",
        "line 27: 1 projects in vote, but 0 numbers in points",
    ]


def test_ids_have_at_most_200_characters() -> None:
    assert "x" * 200 in voters_of(parse_pabulib(pb(votes=[VOTES[0], "x" * 200 + ";1"])))
    (fault,) = faults_of(pb(votes=[VOTES[0], "x" * 201 + ";1"]))
    assert fault == f"line 19: voter_id '{'x' * 50}' cannot be an id"


def test_the_least_that_points_and_choose_1_need() -> None:
    scoring = {**SCORING, "max_points": "1", "default_score": "1"}
    assert parse_pabulib(pb(scoring, votes=[POINTS[0], "a;1;1"])).top == 1
    choose = {"vote_type": "choose-1", "min_length": "1", "max_length": "1"}
    assert parse_pabulib(pb(choose)).limits.length == Range(1, 1)


def test_a_flood_of_faults_is_counted() -> None:
    shown = lines_module.FAULTS_SHOWN_MAX
    just = faults_of(pb(votes=[*VOTES, *[f"{n};," for n in range(shown)]]))
    over = faults_of(pb(votes=[*VOTES, *[f"{n};," for n in range(shown + 3)]]))
    assert len(just) == shown
    assert over == [*just, "and 3 more"]


def test_faults_show_nothing_unprintable_and_nothing_long() -> None:
    fault = faults_of(pb(votes=[VOTES[0], "\x1b[2Ja\u202e" + "x" * 500 + ";1"]))[0]
    assert re.fullmatch(r"line 19: voter_id '\\x1b\[2Ja\\u202ex{44}' cannot be an id", fault)


@pytest.mark.parametrize(
    ("name", "most", "why"),
    [
        ("FILE_BYTES_MAX", len(pb()), "the file is larger than"),
        ("LINES_MAX", pb().count("\n") + 1, "the file has more than"),
        ("LINE_CHARACTERS_MAX", max(map(len, pb().split("\n"))), "longer than"),
        ("COLUMNS_MAX", 4, "more than 3 columns"),
    ],
)
def test_maxima_have_two_sides(
    monkeypatch: pytest.MonkeyPatch, name: str, most: int, why: str
) -> None:
    monkeypatch.setattr(lines_module, name, most)
    parse_pabulib(pb())
    monkeypatch.setattr(lines_module, name, most - 1)
    assert why in faults_of(pb())[0]


def test_at_most_512_projects() -> None:
    projects = [PROJECTS[0], *[f"{n};1;0;P" for n in range(513)]]
    assert len(parse_pabulib(pb(projects=projects[:-1])).projects) == 512
    assert faults_of(pb(projects=projects)) == ["the file has 513 projects, but 1 to 512 fit"]


def test_meta_has_at_most_200_keys() -> None:
    more = {f"key{n}": "x" for n in range(200 - len(META) - 2)}
    assert len(parse_pabulib(pb(more)).meta) == 200
    assert faults_of(pb({**more, "one": "more"})) == ["META has more than 200 lines"]


@given(st.text(max_size=300) | st.text("META\nPROJECTS;VOTES,1\"'", max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, pb() + text, pb().replace("Trees", text), pb({"budget": text})):
        try:
            parse_pabulib(whole)
        except InvalidFile as refused:
            assert str(refused)  # noqa: PT017


# Real files


@pytest.mark.parametrize(
    ("name", "ballots", "projects", "districts"),
    [
        ("Canada_Stanford_Dataset_PB_Dieppe_2018_vote_approvals.pb", 378, 16, 1),
        ("France_Toulouse_2019.pb", 1_494, 30, 1),
        ("Hungary_Budapest_2024.pb", 28_943, 175, 1),
        ("Poland_Warszawa_2026.pb", 61_668, 83, 19),
    ],
)
def test_plain_ballots_of_real_files_add_up_to_their_official_totals(
    name: str, ballots: int, projects: int, districts: int, shared_data: Path
) -> None:
    text = (shared_data / "pabulib" / name).read_bytes().decode()
    file = parse_pabulib(text)
    election = election_from_pabulib(file)
    assert file.outside == ()
    assert len(election.rows) == ballots
    assert len(election.contest.options) == projects
    assert len(election.districts) == districts
    totals = [0] * projects
    for row in election.rows:
        for option, score in row.selections:
            totals[option] += score
    ids = [option.id for option in election.contest.options]
    assert dict(zip(ids, totals, strict=True)) == official_totals(file)
    if file.meta["rule"].startswith("greedy") and file.projects[0].selected is not None:
        outcome = count(election.contest, Counted(tuple(totals), ballots, ballots, ballots))
        assert outcome.status == DECIDED
        selected = {number for number, p in enumerate(file.projects) if p.selected}
        assert set(outcome.winners) == selected


def test_ranked_files_are_refused_with_a_sentence(shared_data: Path) -> None:
    paths = sorted((shared_data / "preflib").glob("*.[st]oi"))
    assert paths
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert faults_of(text) == [
            "this is a PrefLib file, and ranked ballots do not exist here yet"
        ]
