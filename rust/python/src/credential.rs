//! Credentials: `hanpyo_core::credential`.

use hanpyo_core::credential::{self, Cast, Credential, Row};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::errors::{fixed, raise};

#[pyfunction]
pub(crate) fn credential_secret(random: &[u8]) -> PyResult<[u8; 32]> {
    let credential = Credential::from_random(fixed("random", random)?).map_err(raise)?;
    Ok(*credential.secret())
}

#[pyfunction]
pub(crate) fn credential_public(secret: &[u8]) -> PyResult<[u8; 32]> {
    Ok(Credential::decode(secret).map_err(raise)?.public())
}

#[pyfunction]
pub(crate) fn prove_possession(
    secret: &[u8],
    random: &[u8],
    ledger_id: &[u8],
    election_id: &[u8],
    row: u32,
) -> PyResult<[u8; 64]> {
    let row = Row {
        ledger_id: fixed("ledger id", ledger_id)?,
        election_id: fixed("election id", election_id)?,
        number: row,
    };
    let credential = Credential::decode(secret).map_err(raise)?;
    Ok(credential.prove_possession(&row, fixed("random", random)?))
}

#[pyfunction]
pub(crate) fn check_possessions(
    py: Python<'_>,
    items: Vec<(PyBackedBytes, u32, PyBackedBytes)>,
    ledger_id: &[u8],
    election_id: &[u8],
    threads: usize,
) -> PyResult<Vec<bool>> {
    let ledger_id = fixed("ledger id", ledger_id)?;
    let election_id = fixed("election id", election_id)?;
    let items: Vec<(&[u8], u32, &[u8])> =
        items.iter().map(|(x, row, p)| (&**x, *row, &**p)).collect();
    py.detach(|| credential::check_possessions(&items, ledger_id, election_id, threads))
        .map_err(raise)
}

#[pyfunction]
pub(crate) fn sign_ballot(
    secret: &[u8],
    random: &[u8],
    election_id: &[u8],
    style: u32,
    sequence: u64,
    ballot: &[u8],
) -> PyResult<[u8; 64]> {
    let cast = Cast {
        election_id: fixed("election id", election_id)?,
        style,
        sequence,
        ballot,
    };
    let credential = Credential::decode(secret).map_err(raise)?;
    Ok(credential.sign_ballot(&cast, fixed("random", random)?))
}
