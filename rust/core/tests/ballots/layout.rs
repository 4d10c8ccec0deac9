//! Bits and equations once more, written down plainly from docs/protocol.md 5.2 and 8.3: dense, and
//! bit by bit.

use curve25519_dalek::Scalar;

use crate::support::Contest;

/// Bits and equations M v = u of a contest.
#[derive(Clone)]
pub(crate) struct Layout {
    pub(crate) options: usize,
    /// Each option's bits: (bit's number, weight).
    pub(crate) scores: Vec<Vec<(usize, u64)>>,
    /// Each limit's slack bits: (bit's number, weight).
    slacks: Vec<Vec<(usize, u64)>>,
    pub(crate) bits: usize,
    /// Rows of [M | u].
    rows: Vec<Vec<Scalar>>,
    contest: Contest,
}

fn weights(top: u64) -> Vec<u64> {
    let bits = (0..64).filter(|bit| top >> bit > 0).count();
    let mut weights: Vec<u64> = (0..bits).map(|bit| 1 << bit).collect();
    if bits > 0 {
        weights[bits - 1] = top - ((1 << (bits - 1)) - 1);
    }
    weights
}

impl Layout {
    pub(crate) fn new(contest: &Contest) -> Self {
        let mut bits = 0;
        let mut take = |top| {
            let numbered = |weight| {
                bits += 1;
                (bits - 1, weight)
            };
            weights(top).into_iter().map(numbered).collect()
        };
        let scores: Vec<Vec<_>> = (0..contest.options).map(|_| take(contest.top)).collect();
        let slacks: Vec<Vec<_>> = contest
            .limits
            .iter()
            .map(|limit| take(limit.high - limit.low))
            .collect();
        let mut rows = Vec::new();
        for (limit, slack) in contest.limits.iter().zip(&slacks) {
            let mut row = vec![Scalar::ZERO; bits + 1];
            for (option, c) in &limit.coefficients {
                for (bit, weight) in &scores[*option] {
                    row[*bit] = Scalar::from(*c) * Scalar::from(*weight);
                }
            }
            for (bit, weight) in slack {
                row[*bit] = Scalar::from(*weight);
            }
            row[bits] = Scalar::from(limit.high);
            rows.push(row);
        }
        Self {
            options: contest.options,
            scores,
            slacks,
            bits,
            rows,
            contest: contest.clone(),
        }
    }

    /// Code words of the scores and of the slacks.
    pub(crate) fn write(&self, scores: &[u64]) -> Vec<u64> {
        let mut v = vec![0; self.bits];
        for (score, places) in scores.iter().zip(&self.scores) {
            write_code_word(*score, places, &mut v);
        }
        for (limit, places) in self.contest.limits.iter().zip(&self.slacks) {
            let products = limit.coefficients.iter().map(|(i, c)| c * scores[*i]);
            write_code_word(limit.high - products.sum::<u64>(), places, &mut v);
        }
        v
    }

    pub(crate) fn value(&self, option: usize, digits: &[Scalar]) -> Scalar {
        let products = self.scores[option]
            .iter()
            .map(|(bit, weight)| Scalar::from(*weight) * digits[*bit]);
        products.sum()
    }

    /// Whether M v = x u.
    pub(crate) fn is_solved(&self, v: &[Scalar], x: Scalar) -> bool {
        let sum = |row: &Vec<Scalar>| -> Scalar { row.iter().zip(v).map(|(m, v)| m * v).sum() };
        self.rows.iter().all(|row| sum(row) == x * row[self.bits])
    }

    /// Set the pivots of a so that M a = 0, by textbook elimination on the dense matrix.
    pub(crate) fn complete(&self, a: &mut [Scalar]) {
        let mut rows = self.rows.clone();
        let mut pivots = Vec::new();
        for column in 0..self.bits {
            let rank = pivots.len();
            let Some(found) = (rank..rows.len()).find(|row| rows[*row][column] != Scalar::ZERO)
            else {
                continue;
            };
            rows.swap(rank, found);
            let inverse = rows[rank][column].invert();
            rows[rank].iter_mut().for_each(|entry| *entry *= inverse);
            let pivot_row = rows[rank].clone();
            for (number, row) in rows.iter_mut().enumerate() {
                let factor = row[column];
                if number != rank {
                    let pairs = row.iter_mut().zip(&pivot_row);
                    pairs.for_each(|(entry, pivot)| *entry -= factor * pivot);
                }
            }
            pivots.push(column);
        }
        let inconsistent = |row: &Vec<Scalar>| row[self.bits] != Scalar::ZERO;
        assert!(!rows[pivots.len()..].iter().any(inconsistent));
        for (row, pivot) in rows.iter().zip(&pivots) {
            let free = (0..self.bits).filter(|column| !pivots.contains(column));
            a[*pivot] = -free.map(|column| row[column] * a[column]).sum::<Scalar>();
        }
    }
}

fn write_code_word(number: u64, places: &[(usize, u64)], v: &mut [u64]) {
    let Some(((last, last_weight), powers)) = places.split_last() else {
        return;
    };
    let powers_sum: u64 = powers.iter().map(|(_, weight)| weight).sum();
    let is_over = number > powers_sum;
    v[*last] = u64::from(is_over);
    let rest = if is_over {
        number - last_weight
    } else {
        number
    };
    for (exponent, (bit, _)) in powers.iter().enumerate() {
        v[*bit] = rest >> exponent & 1;
    }
}
