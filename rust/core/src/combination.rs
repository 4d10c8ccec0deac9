//! A linear combination of the fixed generators, the slot keys, and a batch's own points.
//!
//! Every equation of a batch is added to one combination, each with its weight; the equations hold
//! when the combination is the identity. Variable time: all of it is public.

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::traits::{IsIdentity, VartimeMultiscalarMul};
use curve25519_dalek::{RistrettoPoint, Scalar};

use crate::generators::Generators;

/// Sums up scalars per fixed point, and lists the other points with theirs.
pub(crate) struct Combination<'p> {
    generators: &'p Generators,
    slots: &'p [RistrettoPoint],
    base: Scalar,
    k: Scalar,
    g0: Scalar,
    g: Vec<Scalar>,
    q: Vec<Scalar>,
    h: Vec<Scalar>,
    scalars: Vec<Scalar>,
    points: Vec<&'p RistrettoPoint>,
}

impl<'p> Combination<'p> {
    /// An empty combination over contests of up to `bits` bits and these slot keys.
    pub(crate) fn new(
        generators: &'p Generators,
        bits: usize,
        slots: &'p [RistrettoPoint],
        points_expected: usize,
    ) -> Self {
        Self {
            generators,
            slots,
            base: Scalar::ZERO,
            k: Scalar::ZERO,
            g0: Scalar::ZERO,
            g: vec![Scalar::ZERO; bits],
            q: vec![Scalar::ZERO; bits],
            h: vec![Scalar::ZERO; slots.len()],
            scalars: Vec::with_capacity(points_expected),
            points: Vec::with_capacity(points_expected),
        }
    }

    /// Add `scalar` times a point of the batch.
    pub(crate) fn add_point(&mut self, scalar: Scalar, point: &'p RistrettoPoint) {
        self.scalars.push(scalar);
        self.points.push(point);
    }

    /// Subtract `scalar` times g.
    pub(crate) fn subtract_base(&mut self, scalar: Scalar) {
        self.base += scalar;
    }

    /// Subtract `scalar` times K.
    pub(crate) fn subtract_k(&mut self, scalar: Scalar) {
        self.k += scalar;
    }

    /// Subtract `scalar` times G_0.
    pub(crate) fn subtract_g0(&mut self, scalar: Scalar) {
        self.g0 += scalar;
    }

    /// Subtract `g` times G_i and `q` times Q_i, where `bit` = i - 1.
    pub(crate) fn subtract_bit(&mut self, bit: usize, g: Scalar, q: Scalar) {
        self.g[bit] += g;
        self.q[bit] += q;
    }

    /// Subtract `scalar` times h_j, where `slot` = j - 1.
    pub(crate) fn subtract_slot(&mut self, slot: usize, scalar: Scalar) {
        self.h[slot] += scalar;
    }

    /// Whether everything added and subtracted cancels out. One multiplication decides.
    pub(crate) fn is_identity_vartime(&self) -> bool {
        let (mut scalars, mut points) = (self.scalars.clone(), self.points.clone());
        let Generators { k, g0, g, q } = self.generators;
        let lists = self.g.iter().zip(g).chain(self.q.iter().zip(q));
        let singles = [
            (&self.base, &RISTRETTO_BASEPOINT_POINT),
            (&self.k, k),
            (&self.g0, g0),
        ];
        let fixed = lists.chain(self.h.iter().zip(self.slots)).chain(singles);
        for (scalar, point) in fixed {
            if *scalar != Scalar::ZERO {
                scalars.push(-scalar);
                points.push(point);
            }
        }
        RistrettoPoint::vartime_multiscalar_mul(scalars, points).is_identity()
    }
}
