"""Reads a whole `.pb` file: every fault at once, and every ballot outside the limits by line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hanpyo.errors import InvalidFile
from hanpyo.formats.pabulib.lines import Faults, Table, read_sections
from hanpyo.formats.pabulib.meta import NO_RANKS, MetaReader, read_meta
from hanpyo.formats.pabulib.model import POINTS_TYPES, PabulibFile
from hanpyo.formats.pabulib.numbers import amount, money
from hanpyo.formats.pabulib.projects import read_projects
from hanpyo.formats.pabulib.votes import read_votes

PREFLIB_BEGINNING = "# FILE NAME:"


def parse_pabulib(text: str) -> PabulibFile:
    """Read a `.pb` file.

    Args:
        text: the whole file; the caller has read at most FILE_BYTES_MAX bytes of UTF-8.

    Raises:
        InvalidFile: the message lists the faults by line, or says why such a file is not read.
    """
    if text.removeprefix("\ufeff").startswith(PREFLIB_BEGINNING):
        raise InvalidFile(f"this is a PrefLib file, and {NO_RANKS}")
    faults = Faults()
    sections = read_sections(text, faults)
    meta, lines = read_meta(sections["META"], faults)
    decimals = _decimals(meta, sections["PROJECTS"])
    reader = MetaReader(meta, lines, partial(money, decimals), faults)
    limits = reader.limits()
    top = reader.top(limits)
    projects = read_projects(sections["PROJECTS"], reader.money, faults)
    with_points = meta["vote_type"] in POINTS_TYPES
    voters, outside = read_votes(sections["VOTES"], with_points, limits, projects, faults)
    file = PabulibFile(
        meta=meta,
        vote_type=meta["vote_type"],
        limits=limits,
        top=top,
        minimum=reader.minimum(),
        decimals=decimals,
        budget=reader.budget(),
        projects=projects,
        voters=voters,
        outside=outside,
    )
    faults.check()  # a line that cannot be read is missing below: one fault is enough
    reader.check_count("num_projects", "PROJECTS", len(sections["PROJECTS"].rows))
    reader.check_count("num_votes", "VOTES", len(sections["VOTES"].rows))
    faults.check()
    return file


def _decimals(meta: Mapping[str, str], projects: Table) -> int:
    """Find how many decimals the amounts of this file have at most."""
    place = projects.required("cost")
    texts = [fields[place] for _, fields in projects.rows]
    texts += [meta[key] for key in ("budget", "min_sum_cost", "max_sum_cost") if key in meta]
    return max((value[1] for value in map(amount, texts) if value is not None), default=0)
