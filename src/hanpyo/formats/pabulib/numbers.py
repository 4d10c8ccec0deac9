"""Numbers as Pabulib files write them; money may have decimals, after a point or a comma."""

from __future__ import annotations

import re

from hanpyo.formats.pabulib.model import AMOUNT_DECIMALS_MAX, AMOUNT_DIGITS_MAX

MONEY_WORDS = f"an amount from 0 with at most {AMOUNT_DECIMALS_MAX} decimals"
WHOLE_WORDS = "a whole number from 0"

WHOLE = re.compile(r"([0-9]{1,15})(?:\.0{1,15})?")
DECIMAL = re.compile(rf"([0-9]{{1,{AMOUNT_DIGITS_MAX}}})(?:[.,]([0-9]{{1,15}}))?")
NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def whole(text: str) -> int | None:
    """Read a whole number from 0, such as "12" or "12.0"; None for anything else."""
    match = WHOLE.fullmatch(text)
    return int(match[1]) if match else None


def is_number(text: str) -> bool:
    """Tell whether the text is a number at all, with a sign and decimals or without."""
    return NUMBER.fullmatch(text) is not None


def amount(text: str) -> tuple[int, int] | None:
    """Read an amount of money from 0.

    Returns:
        (digits, decimals) in lowest terms: "12.50" is (125, 1), twelve and a half. None where the
        text is no such number or has more than AMOUNT_DECIMALS_MAX decimals.
    """
    match = DECIMAL.fullmatch(text)
    if match is None:
        return None
    fraction = (match[2] or "").rstrip("0")
    if len(fraction) > AMOUNT_DECIMALS_MAX:
        return None
    return int(match[1] + fraction), len(fraction)


def money(decimals: int, text: str) -> int | None:
    """Read an amount in units of 10^-decimals; `decimals` covers every amount of the file."""
    value = amount(text)
    return None if value is None else value[0] * 10 ** (decimals - value[1])
