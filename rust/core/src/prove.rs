//! Making a contest's ciphertexts and proof (docs/protocol.md 8.2, 8.4).
//!
//! Scores, bits, randomness and masks are secret here: they steer no branch and no memory access.
//! Whether a selection is lawful is not secret: nothing is made from an unlawful one.

use curve25519_dalek::traits::{Identity, MultiscalarMul};
use curve25519_dalek::{RistrettoPoint, Scalar};
use subtle::{Choice, ConditionallyNegatable, ConditionallySelectable};
use zeroize::Zeroizing;

use crate::contest::{begin, draw_x};
use crate::error::Result;
use crate::generators::Generators;
use crate::group::{encode_point, frame_digest, to_scalar};
use crate::labels;
use crate::shape::Shape;
use crate::slots::Slots;

/// Terms of one constant-time multiplication: its tables of 1.4 kB a term should stay in the cache.
const TERMS_AT_ONCE: usize = 256;

/// What is public about a contest before anything is encrypted.
pub(crate) struct Public<'a> {
    pub(crate) shape: &'a Shape,
    /// Half of each score bit's weight times g; see [`Secrets::ciphertext`].
    pub(crate) half_weights: &'a [RistrettoPoint],
    pub(crate) generators: &'a Generators,
    pub(crate) slots: &'a Slots,
    pub(crate) context: &'a [u8],
}

/// Half of each score bit's weight times g.
pub(crate) fn half_weights(shape: &Shape) -> Vec<RistrettoPoint> {
    let half = |weight: &u64| RistrettoPoint::mul_base(&Scalar::from(*weight).div_by_2());
    shape.score().weights.iter().map(half).collect()
}

/// Everything secret about one contest of one ballot; wiped when dropped.
struct Secrets {
    v: Zeroizing<Vec<u8>>,
    a: Zeroizing<Vec<Scalar>>,
    r: Zeroizing<Scalar>,
    s: Zeroizing<Scalar>,
    r_mask: Zeroizing<Scalar>,
    s_mask: Zeroizing<Scalar>,
}

/// Encrypt and prove: the contest's bytes are appended to `ballot`.
///
/// # Errors
/// `InvalidSelection` as [`Shape::bits`].
pub(crate) fn prove(
    public: &Public<'_>,
    seed: &[u8; 32],
    scores: &[u64],
    ballot: &mut Vec<u8>,
) -> Result<()> {
    let secrets = Secrets::derive(public, seed, scores)?;
    let ciphertext = secrets.ciphertext(public);
    let v = encode_point(&secrets.commit(public));
    let mut transcript = begin(public.context, &ciphertext, &v);
    let y = transcript.challenge(labels::Y);
    let v_mask = encode_point(&secrets.mask_bits(public));
    let w_mask = encode_point(&secrets.mask_scores(public, &y));
    let x = draw_x(&mut transcript, &v_mask, &w_mask);
    for bytes in [&ciphertext[..], &v, &v_mask, &w_mask] {
        ballot.extend_from_slice(bytes);
    }
    secrets.respond(&x, ballot);
    Ok(())
}

impl Secrets {
    fn derive(public: &Public<'_>, seed: &[u8; 32], scores: &[u64]) -> Result<Self> {
        let v = public.shape.bits(scores)?;
        let joined = Zeroizing::new(join(scores));
        let key = Zeroizing::new(frame_digest(
            labels::BALLOT_SEED,
            &[seed, public.context, &joined],
        ));
        let scalar = |name: &str, index: usize| {
            let index = u32::try_from(index).expect("at most BITS_MAX bits");
            let parts: [&[u8]; 3] = [&*key, name.as_bytes(), &index.to_be_bytes()];
            to_scalar(labels::BALLOT_NONCE, &parts)
        };
        let masks = (0..v.len()).map(|bit| scalar("a", bit));
        let mut a = Zeroizing::new(masks.collect::<Vec<Scalar>>());
        public.shape.complete(&mut a);
        Ok(Self {
            v,
            a,
            r: Zeroizing::new(scalar("r", 0)),
            s: Zeroizing::new(scalar("s", 0)),
            r_mask: Zeroizing::new(scalar("r'", 0)),
            s_mask: Zeroizing::new(scalar("s'", 0)),
        })
    }

    /// A, B_1, ..., B_n encoded. Half of each point is computed, because doubling and encoding
    /// many points at once is cheaper than encoding them one by one.
    fn ciphertext(&self, public: &Public<'_>) -> Vec<u8> {
        let half_r = Zeroizing::new(self.r.div_by_2());
        let option_count = public.shape.option_count();
        // Without its score, r h_i tells the score of B_i: it is wiped like r.
        let blinds = Zeroizing::new(public.slots.multiply(&half_r, option_count));
        let mut halves = Zeroizing::new(Vec::with_capacity(option_count + 1));
        halves.push(RistrettoPoint::mul_base(&half_r));
        for (option, blind) in blinds.iter().enumerate() {
            let bits = &self.v[public.shape.score_span(option)];
            halves.push(blind + select_sum(bits, public.half_weights));
        }
        let encoded = RistrettoPoint::double_and_compress_batch(halves.iter());
        encoded.iter().flat_map(|point| point.to_bytes()).collect()
    }

    /// V = s K + r G_0 + sum_i v_i G_i + sum_i a_i (1 - 2 v_i) Q_i.
    fn commit(&self, public: &Public<'_>) -> RistrettoPoint {
        let Generators { k, g0, g, q } = public.generators;
        let signed = |(a, v): (&Scalar, &u8)| {
            let mut a = *a;
            a.conditional_negate(Choice::from(*v));
            a
        };
        let mut scalars = Zeroizing::new(Vec::with_capacity(self.a.len() + 2));
        scalars.extend([*self.s, *self.r]);
        scalars.extend(self.a.iter().zip(self.v.iter()).map(signed));
        multiply(&scalars, &[[*k, *g0].as_slice(), &q[..self.a.len()]]) + select_sum(&self.v, g)
    }

    /// V' = s' K + r' G_0 + sum_i a_i G_i - sum_i a_i^2 Q_i.
    fn mask_bits(&self, public: &Public<'_>) -> RistrettoPoint {
        let Generators { k, g0, g, q } = public.generators;
        let bits = self.a.len();
        let mut scalars = Zeroizing::new(Vec::with_capacity(2 * bits + 2));
        scalars.extend([*self.s_mask, *self.r_mask]);
        scalars.extend(self.a.iter());
        scalars.extend(self.a.iter().map(|a| -(a * a)));
        multiply(&scalars, &[[*k, *g0].as_slice(), &g[..bits], &q[..bits]])
    }

    /// W' = r' H + (sum_i e_i value_i(a)) g, where H = g + sum_i e_i h_i and e_i = y^i.
    fn mask_scores(&self, public: &Public<'_>, y: &Scalar) -> RistrettoPoint {
        let mut base = Zeroizing::new(*self.r_mask);
        let mut e = Scalar::ONE;
        let mut scalars = Zeroizing::new(Vec::with_capacity(public.shape.option_count()));
        for value in public.shape.values(&self.a) {
            e *= y;
            *base += e * value;
            scalars.push(e * *self.r_mask);
        }
        let slots = &public.slots.points()[..scalars.len()];
        multiply(&scalars, &[slots]) + RistrettoPoint::mul_base(&base)
    }

    /// f_i = a_i + x v_i, z = r' + x r, z_s = s' + x s.
    fn respond(&self, x: &Scalar, ballot: &mut Vec<u8>) {
        for (a, v) in self.a.iter().zip(self.v.iter()) {
            let x_or_0 = Scalar::conditional_select(&Scalar::ZERO, x, Choice::from(*v));
            ballot.extend_from_slice((a + x_or_0).as_bytes());
        }
        ballot.extend_from_slice((*self.r_mask + x * *self.r).as_bytes());
        ballot.extend_from_slice((*self.s_mask + x * *self.s).as_bytes());
    }
}

fn join(scores: &[u64]) -> Vec<u8> {
    // Exact capacity: a vector that grows would leave copies behind.
    let mut joined = Vec::with_capacity(8 * scores.len());
    scores
        .iter()
        .for_each(|score| joined.extend_from_slice(&score.to_be_bytes()));
    joined
}

/// The sum of the points whose bit is 1. Constant time in the bits.
fn select_sum(bits: &[u8], points: &[RistrettoPoint]) -> RistrettoPoint {
    let none = RistrettoPoint::identity();
    bits.iter()
        .zip(points)
        .map(|(bit, point)| RistrettoPoint::conditional_select(&none, point, Choice::from(*bit)))
        .sum()
}

/// Sum of scalars times points, the points given as several lists. Constant time in the scalars.
fn multiply(scalars: &[Scalar], points: &[&[RistrettoPoint]]) -> RistrettoPoint {
    let points: Vec<&RistrettoPoint> = points.iter().copied().flatten().collect();
    scalars
        .chunks(TERMS_AT_ONCE)
        .zip(points.chunks(TERMS_AT_ONCE))
        .map(|(scalars, points)| RistrettoPoint::multiscalar_mul(scalars, points.iter().copied()))
        .sum()
}
