//! Key ceremony: `hanpyo_core::ceremony`.

use hanpyo_core::ceremony::{self, Ceremony, Seed, Size, Statement};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::errors::{fixed, raise};

#[pyfunction]
pub(crate) fn ceremony_commit(
    py: Python<'_>,
    seed: &[u8],
    ceremony_id: &[u8],
    trustee: u32,
    threshold: u32,
    slots: u32,
    random: &[u8],
) -> PyResult<([u8; 32], [u8; 64], [u8; 32])> {
    let ceremony = read_ceremony(ceremony_id, threshold, slots)?;
    let (seed, random) = (read_seed(seed)?, fixed("random", random)?);
    let commit = py
        .detach(|| ceremony::commit(&seed, &ceremony, trustee, random))
        .map_err(raise)?;
    Ok((commit.transport, commit.proof, commit.commitment))
}

#[pyfunction]
pub(crate) fn check_commit(
    ceremony_id: &[u8],
    trustee: u32,
    transport: &[u8],
    proof: &[u8],
    commitment: &[u8],
) -> PyResult<()> {
    let ceremony_id = fixed("ceremony id", ceremony_id)?;
    ceremony::check_commit(ceremony_id, trustee, transport, proof, commitment).map_err(raise)
}

#[pyfunction]
pub(crate) fn reveal_part_count(threshold: u32, slots: u32) -> PyResult<u32> {
    Ok(ceremony::part_count(
        Size::new(threshold, slots).map_err(raise)?,
    ))
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "Python passes them by name")]
pub(crate) fn ceremony_reveal(
    py: Python<'_>,
    seed: &[u8],
    ceremony_id: &[u8],
    trustee: u32,
    threshold: u32,
    slots: u32,
    part: u32,
    random: &[u8],
) -> PyResult<(Vec<u8>, Vec<u8>)> {
    let ceremony = read_ceremony(ceremony_id, threshold, slots)?;
    let (seed, random) = (read_seed(seed)?, fixed("random", random)?);
    let reveal = py
        .detach(|| ceremony::reveal(&seed, &ceremony, trustee, part, random))
        .map_err(raise)?;
    Ok((reveal.points, reveal.proof))
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "Python passes them by name")]
pub(crate) fn check_reveal(
    py: Python<'_>,
    ceremony_id: &[u8],
    trustee: u32,
    transport: &[u8],
    commitment: &[u8],
    threshold: u32,
    slots: u32,
    part: u32,
    points: &[u8],
    proof: &[u8],
) -> PyResult<()> {
    let ceremony = read_ceremony(ceremony_id, threshold, slots)?;
    py.detach(|| {
        ceremony::check_reveal(
            &ceremony, trustee, transport, commitment, part, points, proof,
        )
    })
    .map_err(raise)
}

#[pyfunction]
pub(crate) fn check_commitment(
    py: Python<'_>,
    ceremony_id: &[u8],
    trustee: u32,
    commitment: &[u8],
    points: &[u8],
) -> PyResult<()> {
    let ceremony_id = fixed("ceremony id", ceremony_id)?;
    py.detach(|| ceremony::check_commitment(ceremony_id, trustee, commitment, points))
        .map_err(raise)
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "Python passes them by name")]
pub(crate) fn ceremony_deal(
    py: Python<'_>,
    seed: &[u8],
    ceremony_id: &[u8],
    trustee: u32,
    recipient: u32,
    recipient_transport: &[u8],
    threshold: u32,
    slots: u32,
) -> PyResult<Vec<u8>> {
    let ceremony = read_ceremony(ceremony_id, threshold, slots)?;
    let seed = read_seed(seed)?;
    py.detach(|| ceremony::deal(&seed, &ceremony, trustee, recipient, recipient_transport))
        .map_err(raise)
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "Python passes them by name")]
pub(crate) fn check_deal(
    py: Python<'_>,
    seed: &[u8],
    ceremony_id: &[u8],
    dealer: u32,
    trustee: u32,
    dealer_transport: &[u8],
    dealer_points: &[u8],
    threshold: u32,
    slots: u32,
    deal: &[u8],
) -> PyResult<()> {
    let ceremony = read_ceremony(ceremony_id, threshold, slots)?;
    let seed = read_seed(seed)?;
    py.detach(|| {
        ceremony::check_deal(
            &seed,
            &ceremony,
            dealer,
            trustee,
            dealer_transport,
            dealer_points,
            deal,
        )
    })
    .map_err(raise)
}

#[pyfunction]
pub(crate) fn complain(
    seed: &[u8],
    ceremony_id: &[u8],
    dealer: u32,
    trustee: u32,
    dealer_transport: &[u8],
    random: &[u8],
) -> PyResult<([u8; 32], [u8; 64])> {
    let complaint = ceremony::complain(
        &read_seed(seed)?,
        fixed("ceremony id", ceremony_id)?,
        dealer,
        trustee,
        dealer_transport,
        fixed("random", random)?,
    )
    .map_err(raise)?;
    Ok((complaint.point, complaint.proof))
}

#[pyfunction]
pub(crate) fn check_complaint(
    ceremony_id: &[u8],
    dealer: u32,
    trustee: u32,
    dealer_transport: &[u8],
    trustee_transport: &[u8],
    point: &[u8],
    proof: &[u8],
) -> PyResult<()> {
    let statement = Statement {
        ceremony_id: fixed("ceremony id", ceremony_id)?,
        dealer,
        trustee,
        dealer_transport,
        trustee_transport,
        point,
    };
    ceremony::check_complaint(statement, proof).map_err(raise)
}

#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "Python passes them by name")]
pub(crate) fn is_dealer_at_fault(
    py: Python<'_>,
    ceremony_id: &[u8],
    dealer: u32,
    trustee: u32,
    point: &[u8],
    dealer_points: &[u8],
    threshold: u32,
    slots: u32,
    deal: &[u8],
) -> PyResult<bool> {
    let ceremony = read_ceremony(ceremony_id, threshold, slots)?;
    py.detach(|| {
        ceremony::is_dealer_at_fault(&ceremony, dealer, trustee, point, dealer_points, deal)
    })
    .map_err(raise)
}

#[pyfunction]
pub(crate) fn sum_points(
    py: Python<'_>,
    points: Vec<PyBackedBytes>,
    threshold: u32,
    slots: u32,
) -> PyResult<Vec<u8>> {
    let size = Size::new(threshold, slots).map_err(raise)?;
    let points = slices(&points);
    py.detach(|| ceremony::sum_points(&points, size))
        .map_err(raise)
}

#[pyfunction]
pub(crate) fn joint_keys(
    py: Python<'_>,
    points: Vec<PyBackedBytes>,
    threshold: u32,
    slots: u32,
) -> PyResult<Vec<[u8; 32]>> {
    let size = Size::new(threshold, slots).map_err(raise)?;
    let points = slices(&points);
    py.detach(|| ceremony::joint_keys(&points, size))
        .map_err(raise)
}

#[pyfunction]
pub(crate) fn verification_keys(
    py: Python<'_>,
    points: Vec<PyBackedBytes>,
    threshold: u32,
    slots: u32,
    trustee: u32,
) -> PyResult<Vec<[u8; 32]>> {
    let size = Size::new(threshold, slots).map_err(raise)?;
    let points = slices(&points);
    py.detach(|| ceremony::verification_keys(&points, size, trustee))
        .map_err(raise)
}

pub(crate) fn read_ceremony(ceremony_id: &[u8], threshold: u32, slots: u32) -> PyResult<Ceremony> {
    Ok(Ceremony {
        id: *fixed("ceremony id", ceremony_id)?,
        size: Size::new(threshold, slots).map_err(raise)?,
    })
}

pub(crate) fn read_seed(seed: &[u8]) -> PyResult<Seed> {
    Ok(Seed::new(*fixed("seed", seed)?))
}

fn slices(points: &[PyBackedBytes]) -> Vec<&[u8]> {
    points.iter().map(AsRef::as_ref).collect()
}
