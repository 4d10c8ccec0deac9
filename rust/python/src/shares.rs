//! Shares and totals: `hanpyo_core::{shares, totals}`.

use hanpyo_core::shares::{self, ReceivedDeal, Statement, SumId};
use hanpyo_core::totals::{self, TrusteeShares};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::ceremony::{read_ceremony, read_seed};
use crate::errors::{fixed, raise};

/// A trustee's secret shares of the joint key; wiped when dropped.
#[pyclass(frozen, module = "hanpyo._core")]
pub(crate) struct TrusteeKey(shares::TrusteeKey);

#[pymethods]
impl TrusteeKey {
    #[new]
    fn new(
        py: Python<'_>,
        seed: &[u8],
        ceremony_id: &[u8],
        trustee: u32,
        threshold: u32,
        slots: u32,
        deals: Vec<(u32, PyBackedBytes, PyBackedBytes)>,
    ) -> PyResult<Self> {
        let ceremony = read_ceremony(ceremony_id, threshold, slots)?;
        let seed = read_seed(seed)?;
        let deals: Vec<ReceivedDeal<'_>> = deals
            .iter()
            .map(|(dealer, transport, deal)| ReceivedDeal {
                dealer: *dealer,
                transport,
                deal,
            })
            .collect();
        py.detach(|| shares::TrusteeKey::new(&seed, &ceremony, trustee, &deals))
            .map(Self)
            .map_err(raise)
    }

    fn share(
        &self,
        py: Python<'_>,
        election_id: &[u8],
        contest: u32,
        group: u32,
        total: &[u8],
        random: &[u8],
    ) -> PyResult<(Vec<u8>, [u8; 64])> {
        let sum = read_sum(election_id, contest, group)?;
        let random = fixed("random", random)?;
        let share = py
            .detach(|| self.0.share(&sum, total, random))
            .map_err(raise)?;
        Ok((share.points, share.proof))
    }
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "Python passes them by name")]
pub(crate) fn check_share(
    py: Python<'_>,
    election_id: &[u8],
    ceremony_id: &[u8],
    contest: u32,
    group: u32,
    trustee: u32,
    keys: Vec<PyBackedBytes>,
    total: &[u8],
    shares: &[u8],
    proof: &[u8],
) -> PyResult<()> {
    let keys: Vec<&[u8]> = keys.iter().map(AsRef::as_ref).collect();
    let statement = Statement {
        sum: &read_sum(election_id, contest, group)?,
        ceremony_id: fixed("ceremony id", ceremony_id)?,
        trustee,
        keys: &keys,
        total,
        shares,
    };
    py.detach(|| shares::check_share(statement, proof))
        .map_err(raise)
}

#[pyfunction]
pub(crate) fn find_totals(
    py: Python<'_>,
    total: &[u8],
    shares: Vec<(u32, PyBackedBytes)>,
    maximum: u64,
    threads: usize,
) -> PyResult<Vec<u64>> {
    let shares = borrow(&shares);
    py.detach(|| totals::find_totals(total, &shares, maximum, threads))
        .map_err(raise)
}

#[pyfunction]
pub(crate) fn check_totals(
    py: Python<'_>,
    total: &[u8],
    shares: Vec<(u32, PyBackedBytes)>,
    totals: Vec<u64>,
) -> PyResult<()> {
    let shares = borrow(&shares);
    py.detach(|| totals::check_totals(total, &shares, &totals))
        .map_err(raise)
}

fn read_sum(election_id: &[u8], contest: u32, group: u32) -> PyResult<SumId> {
    Ok(SumId {
        election_id: *fixed("election id", election_id)?,
        contest,
        group,
    })
}

fn borrow(shares: &[(u32, PyBackedBytes)]) -> Vec<TrusteeShares<'_>> {
    shares.iter().map(|(trustee, d)| (*trustee, &**d)).collect()
}
