//! Contests and ballots: `hanpyo_core::{shape, ballot, bulk, batch}`.

use std::sync::Arc;

use hanpyo_core::ballot::{self, Order, Scores};
use hanpyo_core::bulk::CastBallot;
use hanpyo_core::shape::{self, Limit};
use hanpyo_core::{Error, batch};
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use crate::errors::{fixed, raise};

/// Low, high, and pairs of option and coefficient.
type LimitArguments = (u64, u64, Vec<(usize, u64)>);
/// Style, X, seed, and the scores of each contest.
type OrderArguments = (u64, PyBackedBytes, PyBackedBytes, Vec<Vec<Score>>);
/// Style, X, sequence number, ballot bytes, signature.
type CastArguments = (u64, PyBackedBytes, u64, PyBackedBytes, PyBackedBytes);

/// Bits and equations of one contest.
#[pyclass(frozen, module = "hanpyo._core")]
pub(crate) struct Shape(Arc<shape::Shape>);

#[pymethods]
impl Shape {
    #[new]
    fn new(options: usize, top: u64, limits: Vec<LimitArguments>) -> PyResult<Self> {
        let limit = |(low, high, coefficients)| Limit {
            low,
            high,
            coefficients,
        };
        let limits = limits.into_iter().map(limit).collect();
        let shape = shape::Shape::new(options, top, limits).map_err(raise)?;
        Ok(Self(Arc::new(shape)))
    }

    #[getter]
    fn option_count(&self) -> usize {
        self.0.option_count()
    }

    #[getter]
    fn bit_count(&self) -> usize {
        self.0.bit_count()
    }

    #[getter]
    fn byte_size(&self) -> usize {
        self.0.byte_size()
    }

    fn bits(&self, scores: Vec<Score>) -> PyResult<Vec<u32>> {
        let bits = self.0.bits(&plain(&scores)).map_err(raise)?;
        Ok(bits.iter().map(|bit| u32::from(*bit)).collect())
    }
}

/// An election's frozen facts, decoded once: makes and checks its ballots.
#[pyclass(frozen, module = "hanpyo._core")]
pub(crate) struct BallotKit(ballot::BallotKit);

#[pymethods]
impl BallotKit {
    #[new]
    fn new(
        election_id: &[u8],
        joint_key_digest: &[u8],
        slot_keys: Vec<PyBackedBytes>,
        contests: Vec<Py<Shape>>,
        styles: Vec<Vec<usize>>,
    ) -> PyResult<Self> {
        let election_id = fixed("election id", election_id)?;
        let joint_key_digest = fixed("joint key digest", joint_key_digest)?;
        let contests = contests.iter().map(|contest| Arc::clone(&contest.get().0));
        ballot::BallotKit::new(
            *election_id,
            *joint_key_digest,
            &slot_keys,
            contests.collect(),
            styles,
        )
        .map(Self)
        .map_err(raise)
    }

    fn ballot_size(&self, style: u64) -> PyResult<usize> {
        self.0.ballot_size(style).map_err(raise)
    }

    fn prove(
        &self,
        py: Python<'_>,
        style: u64,
        credential: &[u8],
        seed: &[u8],
        scores: Vec<Vec<Score>>,
    ) -> PyResult<Vec<u8>> {
        let scores = all_plain(&scores);
        let order = Order {
            style,
            credential,
            seed: fixed("seed", seed)?,
            scores: &scores,
        };
        py.detach(|| self.0.prove(&order)).map_err(raise)
    }

    fn prove_many(
        &self,
        py: Python<'_>,
        items: Vec<OrderArguments>,
        threads: usize,
    ) -> PyResult<Vec<Vec<u8>>> {
        let scores: Vec<Vec<Scores>> = items.iter().map(|item| all_plain(&item.3)).collect();
        let mut orders = Vec::with_capacity(items.len());
        for ((style, credential, seed, _), scores) in items.iter().zip(&scores) {
            orders.push(Order {
                style: *style,
                credential,
                seed: fixed("seed", seed)?,
                scores,
            });
        }
        py.detach(|| self.0.prove_many(&orders, threads))
            .map_err(raise)
    }

    fn check(
        &self,
        py: Python<'_>,
        ballots: Vec<CastArguments>,
        threads: usize,
    ) -> PyResult<Batch> {
        let cast: Vec<CastBallot<'_>> = ballots.iter().map(cast).collect();
        py.detach(|| self.0.check(&cast, threads))
            .map(Batch)
            .map_err(raise)
    }

    fn decode(
        &self,
        py: Python<'_>,
        ballots: Vec<(u64, PyBackedBytes)>,
        threads: usize,
    ) -> PyResult<Batch> {
        let ballots: Vec<(u64, &[u8])> = ballots.iter().map(|(style, b)| (*style, &**b)).collect();
        py.detach(|| self.0.decode(&ballots, threads))
            .map(Batch)
            .map_err(raise)
    }
}

/// Ballots with their verdicts and the points that sums need.
#[pyclass(frozen, module = "hanpyo._core")]
pub(crate) struct Batch(pub(crate) batch::Batch);

#[pymethods]
impl Batch {
    #[getter]
    fn verdicts(&self) -> Vec<u32> {
        let code = |fault: Option<&Error>| fault.map_or(0, |fault| u32::from(fault.code()));
        self.0.faults().map(code).collect()
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }
}

/// A number given to an option. One that fits no u64 is unlawful, not a programming error.
pub(crate) struct Score(u64);

impl FromPyObject<'_, '_> for Score {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let unlawful = |error: PyErr| match error.is_instance_of::<PyOverflowError>(object.py()) {
            true => raise(Error::InvalidSelection(
                "a score is negative or far over any top score".into(),
            )),
            false => error,
        };
        object.extract().map(Self).map_err(unlawful)
    }
}

fn cast((style, credential, sequence, ballot, signature): &CastArguments) -> CastBallot<'_> {
    CastBallot {
        style: *style,
        credential,
        sequence: *sequence,
        ballot,
        signature,
    }
}

fn plain(scores: &[Score]) -> Scores {
    Scores::new(scores.iter().map(|score| score.0).collect())
}

fn all_plain(contests: &[Vec<Score>]) -> Vec<Scores> {
    contests.iter().map(|scores| plain(scores)).collect()
}
