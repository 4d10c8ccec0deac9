//! The key ceremony, one file for each round (docs/protocol.md 7).
//!
//! Trustees are numbered from 1, slots from 1, parts of a reveal and powers of a polynomial from 0.
//! A trustee's points `C_k` are all `C_kjd` joined: slot after slot, d ascending in each.

mod commit;
mod complaint;
mod deal;
mod keys;
mod reveal;
mod seed;

pub use commit::{COMMITMENT_BYTES, Commit, check_commit, check_commitment, commit};
pub use complaint::{Complaint, Statement, check_complaint, complain, is_dealer_at_fault};
pub use deal::{check_deal, deal, open_deal};
pub use keys::{joint_keys, sum_points, verification_keys};
pub use reveal::{Reveal, check_reveal, part_count, reveal};
pub use seed::Seed;

use curve25519_dalek::RistrettoPoint;

use crate::error::{Error, Result};
use crate::group::{ELEMENT_BYTES, decode_points};

/// The most trustees, and so the highest index and threshold.
pub const TRUSTEES_MAX: u32 = 64;
/// The most slots: the most options of a contest.
pub const SLOTS_MAX: u32 = 512;

/// How large the polynomials of a ceremony are and how many each trustee has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    threshold: usize,
    slots: usize,
}

impl Size {
    /// Take a threshold of 1..=[`TRUSTEES_MAX`] and 1..=[`SLOTS_MAX`] slots.
    ///
    /// # Errors
    /// `InvalidQuery` outside of these.
    pub fn new(threshold: u32, slots: u32) -> Result<Self> {
        if !(1..=TRUSTEES_MAX).contains(&threshold) || !(1..=SLOTS_MAX).contains(&slots) {
            return Err(Error::InvalidQuery(
                format!("no ceremony has threshold {threshold} and {slots} slots").into(),
            ));
        }
        Ok(Self {
            threshold: threshold as usize,
            slots: slots as usize,
        })
    }

    /// Bytes of all points of one trustee.
    pub fn points_bytes(self) -> usize {
        self.slots * self.slot_bytes()
    }

    /// Bytes of the points of one slot.
    fn slot_bytes(self) -> usize {
        self.threshold * ELEMENT_BYTES
    }

    /// Decode all points of one trustee, slot after slot.
    fn decode_points(self, points: &[u8]) -> Result<Vec<RistrettoPoint>> {
        decode_points(points, self.slots * self.threshold)
    }
}

/// One attempt at making the joint key.
#[derive(Clone, Copy, Debug)]
pub struct Ceremony {
    /// The ceremony id.
    pub id: [u8; 32],
    /// Threshold and slots.
    pub size: Size,
}

/// Refuse what is no trustee's index. Index 0 above all: the share dealt to it is the secret.
pub(crate) fn check_index(trustee: u32) -> Result<()> {
    if !(1..=TRUSTEES_MAX).contains(&trustee) {
        return Err(Error::InvalidQuery(
            format!("{trustee} is no trustee's index: they go from 1 to {TRUSTEES_MAX}").into(),
        ));
    }
    Ok(())
}

/// Refuse a dealer and a recipient that are one trustee or none.
fn check_pair(dealer: u32, recipient: u32) -> Result<()> {
    check_index(dealer)?;
    check_index(recipient)?;
    if dealer == recipient {
        return Err(Error::InvalidQuery(
            format!("trustee {dealer} deals nothing to itself").into(),
        ));
    }
    Ok(())
}

/// Evaluate a polynomial whose coefficients are points: `sum_d i^d C_d`. For public data only.
fn evaluate_vartime(points: &[RistrettoPoint], index: u32) -> RistrettoPoint {
    let mut sum = RistrettoPoint::default();
    for point in points.iter().rev() {
        sum = small_multiple_vartime(&sum, index) + point;
    }
    sum
}

/// Double and add: an index has few bits, so this costs less than any general multiplication.
fn small_multiple_vartime(point: &RistrettoPoint, factor: u32) -> RistrettoPoint {
    let mut product = RistrettoPoint::default();
    for bit in (0..u32::BITS - factor.leading_zeros()).rev() {
        product += product;
        if factor >> bit & 1 == 1 {
            product += point;
        }
    }
    product
}
