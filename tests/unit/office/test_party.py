"""A party's folder: its two halves, and a secret that nobody is shown."""

from pathlib import Path

import pytest

from hanpyo.errors import InvalidFile, InvalidQuery
from hanpyo.office.party import create_signer, load_signer, read_public


def test_a_party_is_made_and_opened(tmp_path: Path) -> None:
    made = create_signer(tmp_path / "anna", "organizer", "Anna 김")
    assert load_signer(tmp_path / "anna", "organizer") == made
    role, party = read_public(tmp_path / "anna" / "public.json")
    assert (role, party.name, party.key) == ("organizer", "Anna 김", made.key)
    assert made.secret.hex() not in repr(made)
    assert repr(made.secret) not in repr(made)
    assert made.secret.hex() not in (tmp_path / "anna" / "public.json").read_text()


def test_every_key_is_another(tmp_path: Path) -> None:
    parties = [create_signer(tmp_path / str(n), "organizer", "Same") for n in range(3)]
    assert len({party.key for party in parties}) == 3


@pytest.mark.parametrize("name", ["", "x" * 201, "a\nb", "a\u202eb"])
def test_names_that_no_manifest_holds_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidQuery, match="name"):
        create_signer(tmp_path / "p", "organizer", name)
    assert not (tmp_path / "p").exists()


def test_a_decomposed_name_is_composed(tmp_path: Path) -> None:
    assert create_signer(tmp_path / "p", "organizer", "A\u030a").name == "\u00c5"


def test_roles_are_not_mixed_up(tmp_path: Path) -> None:
    create_signer(tmp_path / "p", "organizer", "Anna")
    with pytest.raises(InvalidFile, match="role organizer, not registrar"):
        load_signer(tmp_path / "p", "registrar")


def test_halves_of_two_parties_do_not_fit(tmp_path: Path) -> None:
    create_signer(tmp_path / "a", "organizer", "Anna")
    create_signer(tmp_path / "b", "organizer", "Bo")
    (tmp_path / "a" / "public.json").replace(tmp_path / "b" / "public.json")
    with pytest.raises(InvalidFile, match="does not belong to this folder's secret"):
        load_signer(tmp_path / "b", "organizer")


def test_w17_a_damaged_secret_is_not_quoted(tmp_path: Path) -> None:
    made = create_signer(tmp_path / "p", "organizer", "Anna")
    path = tmp_path / "p" / "secret.json"
    for damaged in (
        path.read_text() + "x",
        path.read_text().replace('"secret"', '"secrets"'),
        path.read_text().replace("organizer", "A\u030a" + made.secret.hex()),
        made.secret.hex(),
    ):
        path.write_text(damaged)
        with pytest.raises(InvalidFile) as caught:
            load_signer(tmp_path / "p", "organizer")
        chain = [caught.value, caught.value.__cause__, caught.value.__context__]
        shown = [str(each) for each in chain if each is not None and each is not caught.value]
        assert made.secret.hex()[:16] not in str(caught.value)
        assert caught.value.__cause__ is None
        assert not shown or caught.value.__suppress_context__


def test_loose_rights_are_refused(tmp_path: Path) -> None:
    create_signer(tmp_path / "p", "organizer", "Anna")
    (tmp_path / "p" / "secret.json").chmod(0o644)
    with pytest.raises(InvalidFile, match="others may read this secret"):
        load_signer(tmp_path / "p", "organizer")


def test_a_folder_without_a_party_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match=r"nowhere.secret\.json: there is no such file"):
        load_signer(tmp_path / "nowhere", "organizer")
