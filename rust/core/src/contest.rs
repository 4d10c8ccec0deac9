//! A contest's bytes, its transcript, and the equations of its proof (docs/protocol.md 8.4, 8.5).

use curve25519_dalek::traits::IsIdentity;
use curve25519_dalek::{RistrettoPoint, Scalar};

use crate::combination::Combination;
use crate::error::{Error, Result};
use crate::group::{ELEMENT_BYTES, decode_point, decode_scalar};
use crate::labels;
use crate::shape::Shape;
use crate::transcript::Transcript;

/// The transcript up to the challenge y. `ciphertext` is A, B_1, ..., B_n joined.
pub(crate) fn begin(context: &[u8], ciphertext: &[u8], v: &[u8]) -> Transcript {
    let mut transcript = Transcript::new(labels::CONTEST_PROOF);
    transcript.absorb(labels::CONTEXT, &[context]);
    let parts: Vec<&[u8]> = ciphertext.chunks_exact(ELEMENT_BYTES).collect();
    transcript.absorb(labels::CIPHERTEXT, &parts);
    transcript.absorb(labels::BITS, &[v]);
    transcript
}

/// Go on to the challenge x.
pub(crate) fn draw_x(transcript: &mut Transcript, v_mask: &[u8], w_mask: &[u8]) -> Scalar {
    transcript.absorb(labels::MASKS, &[v_mask, w_mask]);
    transcript.challenge(labels::X)
}

/// A decoded contest with its challenges.
pub(crate) struct Contest {
    /// A, B_1, ..., B_n.
    ciphertext: Vec<RistrettoPoint>,
    v: RistrettoPoint,
    v_mask: RistrettoPoint,
    w_mask: RistrettoPoint,
    f: Vec<Scalar>,
    z: Scalar,
    z_s: Scalar,
    y: Scalar,
    x: Scalar,
    /// Each option's value_i(f).
    values: Vec<Scalar>,
}

impl Contest {
    /// Decode a contest of the right length and draw its challenges.
    ///
    /// # Errors
    /// `InvalidPoint` or `InvalidScalar` for the first element in the bytes' order that is not
    /// canonical, or is the identity where that is refused.
    pub(crate) fn decode(shape: &Shape, context: &[u8], bytes: &[u8]) -> Result<Self> {
        let points_end = (shape.option_count() + 1) * ELEMENT_BYTES;
        let (ciphertext_bytes, proof) = bytes.split_at(points_end);
        let ciphertext = decode_ciphertext(ciphertext_bytes)?;
        let mut elements = proof.chunks_exact(ELEMENT_BYTES);
        let mut next = || elements.next().expect("the caller checked the length");
        let (v_bytes, v_mask_bytes, w_mask_bytes) = (next(), next(), next());
        let v = decode_named(v_bytes, "V")?;
        let v_mask = decode_point(v_mask_bytes)?;
        let w_mask = decode_point(w_mask_bytes)?;
        let f = (0..shape.bit_count())
            .map(|_| decode_scalar(next()))
            .collect::<Result<Vec<Scalar>>>()?;
        let (z, z_s) = (decode_scalar(next())?, decode_scalar(next())?);
        let mut transcript = begin(context, ciphertext_bytes, v_bytes);
        let y = transcript.challenge(labels::Y);
        let x = draw_x(&mut transcript, v_mask_bytes, w_mask_bytes);
        let values = shape.values(&f).collect();
        Ok(Self {
            ciphertext,
            v,
            v_mask,
            w_mask,
            f,
            z,
            z_s,
            y,
            x,
            values,
        })
    }

    /// Equation (1), exactly.
    pub(crate) fn is_solved(&self, shape: &Shape) -> bool {
        shape.is_solved_vartime(&self.f, &self.values, &self.x)
    }

    /// Add `weight` times equation (2).
    pub(crate) fn add_bits_equation<'p>(&'p self, weight: &Scalar, sum: &mut Combination<'p>) {
        sum.add_point(*weight, &self.v_mask);
        sum.add_point(weight * self.x, &self.v);
        sum.subtract_k(weight * self.z_s);
        sum.subtract_g0(weight * self.z);
        for (bit, f) in self.f.iter().enumerate() {
            let weighted = weight * f;
            sum.subtract_bit(bit, weighted, weighted * (self.x - f));
        }
    }

    /// Add `weight` times equation (3).
    pub(crate) fn add_scores_equation<'p>(&'p self, weight: &Scalar, sum: &mut Combination<'p>) {
        sum.add_point(*weight, &self.w_mask);
        // e_i = y^i for B_i; A counts as i = 0.
        let mut power = weight * self.x;
        for (place, point) in self.ciphertext.iter().enumerate() {
            if place > 0 {
                power *= self.y;
            }
            sum.add_point(power, point);
        }
        // z H = z g + sum_i z e_i h_i.
        let mut power = weight * self.z;
        for slot in 0..self.values.len() {
            power *= self.y;
            sum.subtract_slot(slot, power);
        }
        let horner = |sum: Scalar, value: &Scalar| (sum + value) * self.y;
        let value = self.values.iter().rev().fold(Scalar::ZERO, horner);
        sum.subtract_base(weight * (self.z + value));
    }

    /// A, B_1, ..., B_n.
    pub(crate) fn into_ciphertext(self) -> Vec<RistrettoPoint> {
        self.ciphertext
    }
}

/// Decode A, B_1, ..., B_n; A is nonidentity.
pub(crate) fn decode_ciphertext(bytes: &[u8]) -> Result<Vec<RistrettoPoint>> {
    let mut points = Vec::with_capacity(bytes.len() / ELEMENT_BYTES);
    for (place, element) in bytes.chunks_exact(ELEMENT_BYTES).enumerate() {
        points.push(match place {
            0 => decode_named(element, "A")?,
            _ => decode_point(element)?,
        });
    }
    Ok(points)
}

fn decode_named(bytes: &[u8], name: &str) -> Result<RistrettoPoint> {
    let point = decode_point(bytes)?;
    if point.is_identity() {
        return Err(Error::InvalidPoint(
            format!("{name} is the identity").into(),
        ));
    }
    Ok(point)
}
