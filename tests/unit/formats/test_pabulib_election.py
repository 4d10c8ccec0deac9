"""A Pabulib file as an election: its contest, districts, rows, and what is said about it."""

import unicodedata

import pytest

from hanpyo.election.contests import Limit, Rule, check_scores
from hanpyo.errors import InvalidFile
from hanpyo.formats.pabulib import (
    PabulibElection,
    election_from_pabulib,
    official_totals,
    option_ids,
    parse_pabulib,
)
from tests.unit.formats.pabulib_files import POINTS, PROJECTS, VOTES, pb

ONES = ((0, 1), (1, 1), (2, 1))
COSTS = ((0, 60), (1, 50), (2, 40))
CUMULATIVE = {"vote_type": "cumulative", "max_points": "3", "max_sum_points": "4"}
SCORING = {"vote_type": "scoring", "max_points": "5"}


def election_of(
    meta: dict[str, str] | None = None,
    projects: list[str] | None = None,
    votes: list[str] | None = None,
) -> PabulibElection:
    election = election_from_pabulib(parse_pabulib(pb(meta, projects, votes)))
    for row in election.rows:
        check_scores(election.contest, election.scores(row))
    return election


def named(*names: str) -> list[str]:
    return [PROJECTS[0], *[f"{n};1;0;{name}" for n, name in enumerate(names, 1)]]


def titles_of(*names: str) -> list[str]:
    election = election_of(projects=named(*names), votes=["voter_id;vote", "a;1"])
    return [option.title["en"] for option in election.contest.options]


# The contest


@pytest.mark.parametrize(
    ("meta", "form", "limits"),
    [
        ({}, "approval", ()),
        ({"max_length": "2"}, "approval", (Limit(0, 2, ONES),)),
        ({"max_length": "3"}, "approval", ()),
        ({"max_length": "9"}, "approval", ()),
        ({"min_length": "1"}, "approval", (Limit(1, 3, ONES),)),
        ({"max_sum_cost": "120"}, "budget", (Limit(0, 120, COSTS),)),
        ({"max_sum_cost": "150"}, "budget", ()),
        (
            {"max_length": "2", "min_sum_cost": "40"},
            "budget",
            (Limit(0, 2, ONES), Limit(40, 150, COSTS)),
        ),
    ],
)
def test_limits_of_approvals_become_limits_of_the_contest(
    meta: dict[str, str], form: str, limits: tuple[Limit, ...]
) -> None:
    contest = election_of(meta).contest
    assert (contest.form, contest.top, contest.limits) == (form, 1, limits)


@pytest.mark.parametrize(
    ("meta", "form", "top", "limits"),
    [
        (CUMULATIVE, "cumulative", 3, (Limit(0, 4, ONES),)),
        ({**CUMULATIVE, "max_sum_points": "9"}, "cumulative", 3, ()),
        ({**CUMULATIVE, "max_points": "9"}, "cumulative", 4, (Limit(0, 4, ONES),)),
        ({**CUMULATIVE, "min_sum_points": "1"}, "cumulative", 3, (Limit(1, 4, ONES),)),
        (SCORING, "score", 5, ()),
    ],
)
def test_limits_of_points_become_limits_of_the_contest(
    meta: dict[str, str], form: str, top: int, limits: tuple[Limit, ...]
) -> None:
    contest = election_of(meta, votes=POINTS).contest
    assert (contest.form, contest.top, contest.limits) == (form, top, limits)


def test_choose_1_is_exactly_one() -> None:
    votes = ["voter_id;vote", "a;1", "b;3"]
    contest = election_of({"vote_type": "choose-1"}, votes=votes).contest
    assert (contest.form, contest.limits) == ("one", (Limit(1, 1, ONES),))
    contest = election_of({"vote_type": "choose-1", "min_length": "0"}, votes=votes).contest
    assert contest.limits == (Limit(0, 1, ONES),)


def test_an_example_is_given_only_where_a_limit_asks_for_something() -> None:
    assert election_of({"max_length": "2"}).contest.example is None
    assert election_of({"min_length": "1"}).contest.example == (1, 1, 0)


def test_a_free_project_has_no_part_in_a_limit_on_costs() -> None:
    projects = [*PROJECTS, "4;0;0;Free"]
    election = election_of({"max_sum_cost": "120"}, projects=projects)
    assert election.contest.limits == (Limit(0, 120, COSTS),)


def test_the_rule_is_greedy_with_budget_and_threshold() -> None:
    assert election_of().contest.rule == Rule("budget", seats=0, budget=100)
    threshold = {"rule": "greedy-threshold", "min_project_score_threshold": "2"}
    assert election_of(threshold).contest.rule == Rule("budget", seats=0, minimum=2, budget=100)


def test_scores_are_one_per_option() -> None:
    election = election_of(CUMULATIVE, votes=POINTS)
    assert [election.scores(row) for row in election.rows] == [(2, 1, 0), (3, 0, 0), (0, 1, 1)]


def test_a_default_score_fills_what_is_not_listed() -> None:
    election = election_of({**SCORING, "default_score": "2"}, votes=POINTS)
    assert [election.scores(row) for row in election.rows] == [(2, 1, 2), (3, 2, 2), (2, 1, 1)]


def test_ballots_outside_the_limits_have_no_row() -> None:
    election = election_of({"max_length": "1"})
    assert [(row.reference, row.line) for row in election.rows] == [("b", 21), ("c", 22)]


def test_a_file_without_any_ballot_inside_the_limits_is_refused() -> None:
    with pytest.raises(InvalidFile, match="no ballot of this file keeps the limits in META"):
        election_of({"min_length": "3"})


def test_amounts_fill_a_manifest_and_no_more() -> None:
    assert election_of({"budget": str(2**48 - 1)}).contest.rule.budget == 2**48 - 1
    with pytest.raises(InvalidFile, match="this election is too large to be held"):
        election_of({"budget": str(2**48)})


def test_points_fill_a_ballot_and_no_more() -> None:
    most = {**SCORING, "max_points": str(2**32 - 1)}
    assert election_of(most, votes=POINTS).contest.bit_count == 96
    projects = [PROJECTS[0], *[f"{n};1;0;P" for n in range(1, 130)]]
    with pytest.raises(InvalidFile, match="needs 4128 bits"):
        election_of(most, projects, POINTS)


# Money


def test_money_with_decimals_is_counted_in_a_smaller_unit() -> None:
    projects = ["project_id;cost", "1;60.50", "2;50", "3;40,125"]
    election = election_of({"budget": "100.5", "currency": "EUR"}, projects=projects)
    assert election.contest.rule.budget == 100_500
    assert [option.cost for option in election.contest.options] == [60_500, 50_000, 40_125]
    assert election.notes[0] == "all money is in units of 1/1000 EUR"


def test_limits_on_costs_are_in_the_same_unit() -> None:
    election = election_of({"max_sum_cost": "120.50"})
    assert election.contest.limits[0].high == 1_205
    assert election.contest.options[0].cost == 600


def test_zeros_behind_the_point_change_nothing() -> None:
    election = election_of({"budget": "100.00"})
    assert (election.contest.rule.budget, election.notes) == (100, ())


def test_at_most_four_decimals() -> None:
    assert parse_pabulib(pb({"budget": "0.1234"})).decimals == 4
    with pytest.raises(InvalidFile, match="at most 4 decimals, not '0"):
        parse_pabulib(pb({"budget": "0.12345"}))


# Names


@pytest.mark.parametrize(
    ("language", "tag"),
    [("fr", "fr"), ("gsw", "gsw"), ("FR", "en"), ("french", "en"), ("f", "en"), ("", "en")],
)
def test_texts_are_in_the_language_of_the_file(language: str, tag: str) -> None:
    election = election_of({"language": language})
    assert election.title == {tag: "A budget 2030"}
    assert election.contest.title == election.title
    assert election.contest.options[0].title == {tag: "Trees"}


def test_an_instance_that_the_title_names_is_not_repeated() -> None:
    assert election_of({"description": "Budget 2030"}).title == {"en": "Budget 2030"}


def test_a_comment_becomes_the_description() -> None:
    assert election_of().description == {}
    assert election_of({"comment": "#1: Mind this."}).description == {"en": "#1: Mind this."}


def test_names_are_composed_and_free_of_controls_and_it_is_said() -> None:
    name = unicodedata.normalize("NFD", "Été\x07 \u202egnol\u2066")
    election = election_of(projects=named("Trees", name), votes=["voter_id;vote", "a;1"])
    assert election.contest.options[1].title == {"en": "Été gnol"}
    assert election.notes == (
        "line 15, name: 3 control characters removed, brought to Unicode's composed form (NFC)",
    )


def test_names_are_cut_after_500_characters() -> None:
    election = election_of(projects=named("x" * 500), votes=["voter_id;vote", "a;1"])
    assert election.notes == ()
    assert titles_of("x" * 501) == ["x" * 500]
    election = election_of(projects=named("x" * 501), votes=["voter_id;vote", "a;1"])
    assert election.notes == ("line 14, name: cut after 500 characters",)


def test_a_project_without_a_name_is_called_by_its_id() -> None:
    assert titles_of("", "\x00", "Lamps") == ["1", "2", "Lamps"]
    election = election_of(projects=["project_id;cost", "1;1", "2;1", "3;1"])
    assert [option.title["en"] for option in election.contest.options] == ["1", "2", "3"]


def test_a_flood_of_notes_is_counted() -> None:
    projects = named(*[f"{n}\x00" for n in range(23)])
    election = election_of(projects=projects, votes=["voter_id;vote", "a;1"])
    assert len(election.notes) == 21
    assert election.notes[-1] == "and 3 more texts changed"


def test_ids_that_no_manifest_allows_are_replaced_and_it_is_said() -> None:
    projects = ["project_id;cost", "a b;1", "p001;1", f"{'x' * 64};1", f"{'x' * 65};1", "-1;1"]
    text = pb(projects=projects, votes=["voter_id;vote", "v;a b,-1", f"w;{'x' * 64}"])
    file = parse_pabulib(text)
    assert option_ids(file) == ("p001x", "p001", "x" * 64, "p004", "p005")
    election = election_from_pabulib(file)
    assert [election.scores(row) for row in election.rows] == [(1, 0, 0, 0, 1), (0, 0, 1, 0, 0)]
    assert "line 14: project 'a b' is option p001x" in election.notes


# Districts


def test_neighborhoods_become_districts_in_order_of_appearance() -> None:
    votes = ["voter_id;vote;neighborhood", "a;1;Wola", "b;1;-", "c;2;Wola", "d;3;", "e;3;Ursus"]
    election = election_of(votes=votes)
    assert [(district.id, district.title["en"]) for district in election.districts] == [
        ("d001", "Wola"),
        ("d002", "-"),
        ("d003", "d003"),
        ("d004", "Ursus"),
    ]
    assert [row.district for row in election.rows] == [0, 1, 0, 2, 3]
    assert election.contest.partition == ((0,), (1,), (2,), (3,))


def test_without_neighborhoods_there_is_one_district() -> None:
    election = election_of()
    assert [district.id for district in election.districts] == ["all"]
    assert {row.district for row in election.rows} == {0}
    assert election.contest.partition == ()


def test_at_most_512_neighborhoods() -> None:
    votes = ["voter_id;vote;neighborhood", *[f"{n};1;N{n}" for n in range(513)]]
    assert len(election_of(votes=votes[:-1]).districts) == 512
    with pytest.raises(InvalidFile, match="more than 512 neighborhoods"):
        election_of(votes=votes)


# What the file says itself


def test_official_totals_are_the_score_where_there_is_one() -> None:
    projects = ["project_id;cost;votes;score", "1;1;2;5", "2;1;1;3", "3;1;1;"]
    assert official_totals(parse_pabulib(pb(projects=projects))) == {"1": 5, "2": 3}


def test_official_totals_are_else_the_votes() -> None:
    assert official_totals(parse_pabulib(pb())) == {"1": 2, "2": 1, "3": 1}


def test_a_file_may_have_no_official_totals() -> None:
    projects = ["project_id;cost", "1;1", "2;1", "3;1"]
    assert official_totals(parse_pabulib(pb(projects=projects))) is None


@pytest.mark.parametrize(
    ("meta", "votes", "note"),
    [
        ({"rule": "equalshares"}, VOTES, "rule 'equalshares': counted here by the greedy rule"),
        ({"rule": "unknown"}, VOTES, "rule 'unknown': counted here by the greedy rule"),
        ({"max_sum_points": "9"}, VOTES, "max_sum_points: not used with vote_type approval"),
        ({"max_length_per_category": "3"}, VOTES, "max_length_per_category: not used with"),
        ({**SCORING, "max_sum_points": "9"}, POINTS, "max_sum_points: not used with vote_type"),
        ({**CUMULATIVE, "max_length": "2"}, POINTS, "min_length and max_length: checked in the"),
        ({**CUMULATIVE, "min_points": "2"}, [*POINTS, "d;1;2"], "min_points: checked in the file"),
    ],
)
def test_what_is_not_as_in_the_file_is_said(
    meta: dict[str, str], votes: list[str], note: str
) -> None:
    (said,) = election_of(meta, votes=votes).notes
    assert said.startswith(note)


def test_limits_without_effect_are_not_worth_a_note() -> None:
    meta = {**CUMULATIVE, "min_points": "1", "max_length": "3", "min_length": "0"}
    assert election_of(meta, votes=POINTS).notes == ()
