//! What a trustee derives from its one seed (docs/protocol.md 7, "From one seed").

use curve25519_dalek::{RistrettoPoint, Scalar};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::Ceremony;
use crate::group::{encode_point, to_scalar};
use crate::labels;

/// A trustee's 32-byte secret, wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Seed([u8; 32]);

/// One secret polynomial, the constant coefficient first; wiped when dropped.
pub(super) struct Polynomial(Zeroizing<Vec<Scalar>>);

impl Seed {
    /// Take the secret's bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The transport key e_k of one ceremony.
    pub(super) fn transport(&self, ceremony_id: &[u8; 32]) -> Zeroizing<Scalar> {
        Zeroizing::new(to_scalar(
            labels::TRUSTEE_TRANSPORT,
            &[&self.0, ceremony_id],
        ))
    }

    /// The polynomial f_kj of one slot, counted from 1.
    pub(super) fn polynomial(&self, ceremony: &Ceremony, slot: usize) -> Polynomial {
        let degrees = 0..ceremony.size.threshold as u32;
        let mut coefficients = Zeroizing::new(Vec::with_capacity(ceremony.size.threshold));
        coefficients.extend(degrees.map(|degree| {
            to_scalar(
                labels::TRUSTEE_COEFFICIENT,
                &[
                    &self.0,
                    &ceremony.id,
                    &(slot as u32).to_be_bytes(),
                    &degree.to_be_bytes(),
                ],
            )
        }));
        Polynomial(coefficients)
    }

    /// All public points C_k, joined. Constant time.
    pub(super) fn points(&self, ceremony: &Ceremony) -> Vec<u8> {
        let mut points = Vec::with_capacity(ceremony.size.points_bytes());
        for slot in 1..=ceremony.size.slots {
            points.extend(self.polynomial(ceremony, slot).points());
        }
        points
    }

    /// The shares f_k1(i), ..., f_km(i) of trustee i. Constant time.
    pub(crate) fn shares(&self, ceremony: &Ceremony, recipient: u32) -> Zeroizing<Vec<Scalar>> {
        let mut shares = Zeroizing::new(Vec::with_capacity(ceremony.size.slots));
        for slot in 1..=ceremony.size.slots {
            shares.push(self.polynomial(ceremony, slot).evaluate(recipient));
        }
        shares
    }
}

impl Polynomial {
    /// The secret that this polynomial shares.
    pub(super) fn constant(&self) -> &Scalar {
        &self.0[0]
    }

    /// The public points of the coefficients, in their order.
    fn points(&self) -> impl Iterator<Item = u8> {
        let point = |coefficient| encode_point(&RistrettoPoint::mul_base(coefficient));
        self.0.iter().flat_map(point)
    }

    fn evaluate(&self, index: u32) -> Scalar {
        let index = Scalar::from(index);
        self.0
            .iter()
            .rev()
            .fold(Scalar::ZERO, |sum, coefficient| sum * index + coefficient)
    }
}
