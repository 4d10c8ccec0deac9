//! Running sums of encrypted ballots (docs/protocol.md 11).

use curve25519_dalek::RistrettoPoint;
use curve25519_dalek::traits::Identity;

use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::group::encode_point;
use crate::shape::OPTIONS_MAX;

/// One contest of one ballot, counted with a weight.
pub struct Counted {
    /// The ballot's place in its batch.
    pub ballot: usize,
    /// The contest's place in the ballot's style.
    pub contest: usize,
    /// The row's weight.
    pub weight: u32,
}

/// The sum of `weight * (A, B_1, ..., B_n)` over the counted ballots of one contest.
#[derive(Clone)]
pub struct Sum {
    points: Vec<RistrettoPoint>,
}

impl Sum {
    /// The sum of no ballots of a contest with this many options.
    ///
    /// # Errors
    /// `InvalidQuery` where no contest has so many options.
    pub fn new(options: usize) -> Result<Self> {
        if !(1..=OPTIONS_MAX).contains(&options) {
            return Err(Error::InvalidQuery(
                format!("a contest has 1 to {OPTIONS_MAX} options, not {options}").into(),
            ));
        }
        Ok(Self {
            points: vec![RistrettoPoint::identity(); options + 1],
        })
    }

    /// Count ballots. Either all of them are counted or, where one is refused, none.
    ///
    /// # Errors
    /// `InvalidQuery` for a ballot with a fault, or that is not in the batch, or a contest that is
    /// not in the ballot or has another number of options.
    pub fn add(&mut self, batch: &Batch, items: &[Counted]) -> Result<()> {
        self.change(batch, items, |sum, term| *sum += term)
    }

    /// Take ballots out again.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn subtract(&mut self, batch: &Batch, items: &[Counted]) -> Result<()> {
        self.change(batch, items, |sum, term| *sum -= term)
    }

    /// Add another sum of the same contest.
    ///
    /// # Errors
    /// `InvalidQuery` where the other has another number of options.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.check_length(other.points.len())?;
        for (sum, term) in self.points.iter_mut().zip(&other.points) {
            *sum += term;
        }
        Ok(())
    }

    /// A, B_1, ..., B_n as bytes.
    pub fn encode(&self) -> Vec<u8> {
        self.points.iter().flat_map(encode_point).collect()
    }

    fn change(
        &mut self,
        batch: &Batch,
        items: &[Counted],
        apply: impl Fn(&mut RistrettoPoint, &RistrettoPoint),
    ) -> Result<()> {
        let ciphertext = |item: &Counted| {
            let points = batch.ciphertext(item.ballot, item.contest)?;
            self.check_length(points.len())?;
            Ok((points, item.weight))
        };
        // All lookups come before the first change.
        let terms = items.iter().map(ciphertext).collect::<Result<Vec<_>>>()?;
        for (points, weight) in terms {
            for (sum, point) in self.points.iter_mut().zip(points) {
                match weight {
                    1 => apply(sum, point),
                    _ => apply(sum, &multiply_vartime(point, weight)),
                }
            }
        }
        Ok(())
    }

    fn check_length(&self, points: usize) -> Result<()> {
        if points != self.points.len() {
            return Err(Error::InvalidQuery(
                format!(
                    "a contest of {} options does not fit a sum of {}",
                    points - 1,
                    self.points.len() - 1
                )
                .into(),
            ));
        }
        Ok(())
    }
}

/// Multiply by a small public number, by doubling and adding.
fn multiply_vartime(point: &RistrettoPoint, weight: u32) -> RistrettoPoint {
    let bits = (0..u32::BITS - weight.leading_zeros()).rev();
    bits.fold(RistrettoPoint::identity(), |sum, bit| {
        let doubled = sum + sum;
        match weight >> bit & 1 {
            1 => doubled + point,
            _ => doubled,
        }
    })
}
