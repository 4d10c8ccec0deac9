//! Ed25519: `hanpyo_core::ed25519`.

use hanpyo_core::{ed25519, zip215};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::errors::{fixed, raise};

#[pyfunction]
pub(crate) fn ed25519_public(seed: &[u8]) -> PyResult<[u8; 32]> {
    Ok(ed25519::public_key(fixed("seed", seed)?))
}

#[pyfunction]
pub(crate) fn ed25519_sign(py: Python<'_>, seed: &[u8], message: &[u8]) -> PyResult<[u8; 64]> {
    let seed = fixed("seed", seed)?;
    Ok(py.detach(|| ed25519::sign(seed, message)))
}

#[pyfunction]
pub(crate) fn ed25519_sign_many(
    py: Python<'_>,
    seed: &[u8],
    messages: Vec<PyBackedBytes>,
) -> PyResult<Vec<[u8; 64]>> {
    let seed = fixed("seed", seed)?;
    Ok(py.detach(|| ed25519::sign_many(seed, &messages)))
}

#[pyfunction]
pub(crate) fn check_ed25519_key(key: &[u8]) -> PyResult<()> {
    ed25519::check_key(key).map_err(raise)
}

#[pyfunction]
pub(crate) fn check_ed25519(
    py: Python<'_>,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> PyResult<()> {
    py.detach(|| ed25519::check(key, message, signature))
        .map_err(raise)
}

#[pyfunction]
pub(crate) fn check_ed25519_many(
    py: Python<'_>,
    items: Vec<(PyBackedBytes, PyBackedBytes, PyBackedBytes)>,
    threads: usize,
) -> PyResult<Vec<bool>> {
    let items: Vec<ed25519::Item<'_>> = items
        .iter()
        .map(|(key, m, s)| (&**key, &**m, &**s))
        .collect();
    py.detach(|| ed25519::check_many(&items, threads))
        .map_err(raise)
}

#[pyfunction]
pub(crate) fn check_zip215_many(
    py: Python<'_>,
    items: Vec<(PyBackedBytes, PyBackedBytes, PyBackedBytes)>,
    threads: usize,
) -> PyResult<Vec<bool>> {
    let items: Vec<ed25519::Item<'_>> = items
        .iter()
        .map(|(key, m, s)| (&**key, &**m, &**s))
        .collect();
    py.detach(|| zip215::hold_many(&items, threads))
        .map_err(raise)
}
