//! Checked ballots, as sums need them.

use curve25519_dalek::RistrettoPoint;

use crate::error::{Error, Result};

/// A, B_1, ..., B_n of each contest of one ballot, in the style's order.
pub(crate) type Ciphertexts = Vec<Vec<RistrettoPoint>>;

/// Ballots with their verdicts, and the decoded ciphertexts of the good ones.
pub struct Batch {
    ballots: Vec<Result<Ciphertexts>>,
}

impl Batch {
    pub(crate) fn new(ballots: Vec<Result<Ciphertexts>>) -> Self {
        Self { ballots }
    }

    /// Number of ballots.
    pub fn len(&self) -> usize {
        self.ballots.len()
    }

    /// Whether it holds no ballot.
    pub fn is_empty(&self) -> bool {
        self.ballots.is_empty()
    }

    /// Each ballot's first fault in the order of docs/protocol.md 10 (cast), or nothing.
    pub fn faults(&self) -> impl ExactSizeIterator<Item = Option<&Error>> {
        self.ballots.iter().map(|ballot| ballot.as_ref().err())
    }

    /// The ciphertexts at place `contest` of the style of ballot `ballot`.
    ///
    /// # Errors
    /// `InvalidQuery` where there is no such ballot or contest, or the ballot has a fault.
    pub(crate) fn ciphertext(&self, ballot: usize, contest: usize) -> Result<&[RistrettoPoint]> {
        let refuse = |why: String| Error::InvalidQuery(why.into());
        let ciphertexts = self
            .ballots
            .get(ballot)
            .ok_or_else(|| refuse(format!("the batch has no ballot {ballot}")))?
            .as_ref()
            .map_err(|fault| refuse(format!("ballot {ballot} has a fault: {fault}")))?;
        ciphertexts
            .get(contest)
            .map(Vec::as_slice)
            .ok_or_else(|| refuse(format!("ballot {ballot} has no contest at place {contest}")))
    }
}
