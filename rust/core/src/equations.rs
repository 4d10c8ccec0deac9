//! The equations M v = u of a contest in reduced row echelon form (docs/protocol.md 5.2, 8.3).
//!
//! All bits of one range enter an equation together: bit j with its weight times one coefficient,
//! and the first bit's weight is 1. So elimination works on ranges instead of bits. The pivot of a
//! row is always the first bit of a range, and no other bit of that range is a pivot.

use curve25519_dalek::Scalar;

use crate::error::{Error, Result};

/// One row: the first bit of range `pivot` is determined by all other bits of the row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The range whose first bit is the pivot; its coefficient is 1.
    pub(crate) pivot: usize,
    /// The other ranges of this row with their coefficients.
    pub(crate) others: Vec<(usize, Scalar)>,
}

/// Bring equations into reduced row echelon form.
///
/// Each equation lists its coefficient of every range (the same number in each) and then its
/// right-hand side. Equations that follow from others vanish. Variable time: all is public.
///
/// # Errors
/// `InvalidShape` where the equations contradict each other.
pub(crate) fn reduce(equations: Vec<Vec<Scalar>>) -> Result<Vec<Row>> {
    // Invariant: `reduced` is in reduced row echelon form, rows as (pivot, entries).
    let mut reduced: Vec<(usize, Vec<Scalar>)> = Vec::with_capacity(equations.len());
    for mut row in equations {
        for (pivot, other) in &reduced {
            subtract(&mut row, *pivot, other);
        }
        let Some(pivot) = row.iter().position(|entry| *entry != Scalar::ZERO) else {
            continue;
        };
        if pivot + 1 == row.len() {
            return Err(Error::InvalidShape(
                "the limits contradict each other: no selection can satisfy them all".into(),
            ));
        }
        let inverse = row[pivot].invert();
        row.iter_mut().for_each(|entry| *entry *= inverse);
        for (_, other) in &mut reduced {
            subtract(other, pivot, &row);
        }
        reduced.push((pivot, row));
    }
    Ok(reduced.into_iter().map(without_zeros).collect())
}

/// Make `row` zero at column `pivot`, where `other` has a 1.
fn subtract(row: &mut [Scalar], pivot: usize, other: &[Scalar]) {
    let factor = row[pivot];
    if factor == Scalar::ZERO {
        return;
    }
    for (entry, other) in row.iter_mut().zip(other) {
        if *other != Scalar::ZERO {
            *entry -= factor * other;
        }
    }
}

fn without_zeros((pivot, row): (usize, Vec<Scalar>)) -> Row {
    // The right-hand side is left out: masks solve M a = 0.
    let range_count = row.len() - 1;
    let others = (0..range_count)
        .filter(|range| *range != pivot && row[*range] != Scalar::ZERO)
        .map(|range| (range, row[range]))
        .collect();
    Row { pivot, others }
}
