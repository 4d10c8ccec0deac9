//! Numbers 0..N written with bits so that no code word exceeds N (docs/protocol.md 5.2).

use curve25519_dalek::Scalar;
use subtle::{ConditionallySelectable, ConstantTimeGreater};

/// The range 0..N and the weights of its bits: 1, 2, 4, ..., and a last one that fills up to N.
#[derive(Clone, Debug)]
pub struct Range {
    /// N.
    pub top: u64,
    /// One weight per bit; none for N = 0.
    pub weights: Vec<u64>,
    last_weight: Scalar,
}

impl Range {
    /// The range 0..`top`; `top` < 2^63.
    pub fn new(top: u64) -> Self {
        let bits = u64::BITS - top.leading_zeros();
        let mut weights: Vec<u64> = (0..bits).map(|bit| 1 << bit).collect();
        if let Some(last) = weights.last_mut() {
            *last = top - (*last - 1);
        }
        let last_weight = Scalar::from(weights.last().copied().unwrap_or(0));
        Self {
            top,
            weights,
            last_weight,
        }
    }

    /// Number of bits b.
    pub fn bit_count(&self) -> usize {
        self.weights.len()
    }

    /// Write `number` <= N as its code word, a 0 or 1 for each bit. Constant time.
    pub(crate) fn write(&self, number: u64, bits: &mut Vec<u8>) {
        let Some((last_weight, powers)) = self.weights.split_last() else {
            return;
        };
        let powers_sum = (1u64 << powers.len()) - 1;
        let is_over = number.ct_gt(&powers_sum);
        let rest = number.wrapping_sub(u64::conditional_select(&0, last_weight, is_over));
        bits.extend((0..powers.len()).map(|bit| (rest >> bit) as u8 & 1));
        bits.push(is_over.unwrap_u8());
    }

    /// The sum of the weights times `digits`, one digit per bit. Constant time in the digits.
    pub(crate) fn value(&self, digits: &[Scalar]) -> Scalar {
        match digits {
            [] => Scalar::ZERO,
            // A single bit has weight 1.
            [digit] => *digit,
            [powers @ .., last] => {
                let doubled = |sum: Scalar, digit: &Scalar| sum + sum + digit;
                powers.iter().rev().fold(Scalar::ZERO, doubled) + self.last_weight * last
            }
        }
    }
}
