//! The shape of a contest: options, top score, limits, and the bits that express them
//! (docs/protocol.md 5).

use std::ops::Range as Span;

use curve25519_dalek::Scalar;
use subtle::{Choice, ConstantTimeGreater};
use zeroize::Zeroizing;

use crate::bounds::{check_bounds, refuse};
use crate::equations::{self, Row};
use crate::error::{Error, Result};
use crate::group::ELEMENT_BYTES;
use crate::range::Range;

pub use crate::bounds::{BITS_MAX, LIMIT_END, LIMITS_MAX, OPTIONS_MAX, TOP_END};

/// `low <= sum of coefficient * score <= high`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The least lawful sum.
    pub low: u64,
    /// The greatest lawful sum.
    pub high: u64,
    /// Pairs (option, coefficient), options ascending.
    pub coefficients: Vec<(usize, u64)>,
}

/// Bits and equations of one contest.
#[derive(Debug)]
pub struct Shape {
    option_count: usize,
    bit_count: usize,
    score: Range,
    limits: Vec<Limit>,
    /// One range per limit: `high - sum` lies in 0..high-low.
    slacks: Vec<Range>,
    /// The bits of each range: of the scores, then of the slacks.
    spans: Vec<Span<usize>>,
    rows: Vec<Row>,
}

impl Shape {
    /// Lay out the bits and solve the equations.
    ///
    /// # Errors
    /// `InvalidShape` where a bound of 5.1 is broken or the equations contradict each other.
    pub fn new(option_count: usize, top: u64, limits: Vec<Limit>) -> Result<Self> {
        check_bounds(option_count, top, &limits)?;
        let score = Range::new(top);
        let slacks: Vec<Range> = limits
            .iter()
            .map(|limit| Range::new(limit.high - limit.low))
            .collect();
        let scores = std::iter::repeat_n(&score, option_count);
        let spans = spans(scores.chain(&slacks).map(Range::bit_count));
        let bit_count = spans.last().map_or(0, |span| span.end);
        if bit_count > BITS_MAX {
            return refuse(format!(
                "{bit_count} bits are over the maximum of {BITS_MAX}"
            ));
        }
        let rows = equations::reduce(equations(option_count, &limits, &slacks))?;
        Ok(Self {
            option_count,
            bit_count,
            score,
            limits,
            slacks,
            spans,
            rows,
        })
    }

    /// Number of options n.
    pub fn option_count(&self) -> usize {
        self.option_count
    }

    /// Number of bits b, of scores and slacks together.
    pub fn bit_count(&self) -> usize {
        self.bit_count
    }

    /// Bytes of this contest in a ballot.
    pub fn byte_size(&self) -> usize {
        ELEMENT_BYTES * (self.option_count + self.bit_count + 6)
    }

    /// The range 0..R of each score.
    pub fn score(&self) -> &Range {
        &self.score
    }

    /// The bits of option `option`'s score.
    pub(crate) fn score_span(&self, option: usize) -> Span<usize> {
        self.spans[option].clone()
    }

    /// The bits v of these scores.
    ///
    /// The time depends on the shape and on whether the selection is lawful, not on the scores.
    ///
    /// # Errors
    /// `InvalidSelection` for a wrong number of scores, a score over R, or a broken limit.
    pub fn bits(&self, scores: &[u64]) -> Result<Zeroizing<Vec<u8>>> {
        if scores.len() != self.option_count {
            return Err(Error::InvalidSelection(
                format!(
                    "{} scores are given for {} options",
                    scores.len(),
                    self.option_count
                )
                .into(),
            ));
        }
        let is_over = |score: &u64| score.ct_gt(&self.score.top);
        if any(scores.iter().map(is_over)) {
            return Err(Error::InvalidSelection(
                format!("a score is over the top score {}", self.score.top).into(),
            ));
        }
        // Exact capacity: a vector that grows would leave copies of the bits behind.
        let mut bits = Zeroizing::new(Vec::with_capacity(self.bit_count));
        for score in scores {
            self.score.write(*score, &mut bits);
        }
        for (limit, slack) in self.limits.iter().zip(&self.slacks) {
            slack.write(limit.slack(scores)?, &mut bits);
        }
        Ok(bits)
    }

    /// Each option's `value_i` of the digits at its score's bits.
    pub(crate) fn values<'s>(
        &'s self,
        digits: &'s [Scalar],
    ) -> impl ExactSizeIterator<Item = Scalar> + 's {
        (0..self.option_count).map(|option| self.score.value(&digits[self.score_span(option)]))
    }

    /// Set the pivots among the masks so that M a = 0. Constant time in the masks.
    pub(crate) fn complete(&self, masks: &mut [Scalar]) {
        for row in &self.rows {
            masks[self.spans[row.pivot].start] = Scalar::ZERO;
        }
        for row in &self.rows {
            let mut sum = self.range_value(row.pivot, masks);
            for (range, coefficient) in &row.others {
                sum += coefficient * self.range_value(*range, masks);
            }
            masks[self.spans[row.pivot].start] = -sum;
        }
    }

    /// Whether M f = x u. `values` are the options' values of f. Variable time: all is public.
    pub(crate) fn is_solved_vartime(&self, f: &[Scalar], values: &[Scalar], x: &Scalar) -> bool {
        let slack_spans = &self.spans[self.option_count..];
        let mut sides = self.limits.iter().zip(&self.slacks).zip(slack_spans);
        sides.all(|((limit, slack), span)| {
            let mut sum = slack.value(&f[span.clone()]);
            for (option, coefficient) in &limit.coefficients {
                match coefficient {
                    1 => sum += values[*option],
                    _ => sum += Scalar::from(*coefficient) * values[*option],
                }
            }
            sum == x * Scalar::from(limit.high)
        })
    }

    fn range_value(&self, range: usize, digits: &[Scalar]) -> Scalar {
        let weights = match range.checked_sub(self.option_count) {
            None => &self.score,
            Some(limit) => &self.slacks[limit],
        };
        weights.value(&digits[self.spans[range].clone()])
    }
}

impl Limit {
    /// `high - sum`, which must lie in 0..high-low. The scores are within 0..R already, so no sum
    /// exceeds 64 bits.
    fn slack(&self, scores: &[u64]) -> Result<u64> {
        let sum = self.coefficients.iter().fold(0u64, |sum, (option, c)| {
            sum.wrapping_add(c.wrapping_mul(scores[*option]))
        });
        if any([sum.ct_gt(&self.high), self.low.ct_gt(&sum)].into_iter()) {
            return Err(Error::InvalidSelection(
                format!(
                    "the selection breaks a limit: its sum must be {} to {}",
                    self.low, self.high
                )
                .into(),
            ));
        }
        Ok(self.high - sum)
    }
}

/// Whether any choice is true, looking at all of them.
fn any(choices: impl Iterator<Item = Choice>) -> bool {
    choices
        .fold(Choice::from(0), |some, next| some | next)
        .into()
}

fn spans(lengths: impl Iterator<Item = usize>) -> Vec<Span<usize>> {
    let mut end = 0;
    let next = |length| {
        let start = end;
        end += length;
        start..end
    };
    lengths.map(next).collect()
}

/// Each limit as its coefficient of every range, then its right-hand side u.
fn equations(option_count: usize, limits: &[Limit], slacks: &[Range]) -> Vec<Vec<Scalar>> {
    let equation = |(number, limit): (usize, &Limit)| {
        let mut row = vec![Scalar::ZERO; option_count + limits.len() + 1];
        for (option, c) in &limit.coefficients {
            row[*option] = Scalar::from(*c);
        }
        // A range without bits has no column.
        if slacks[number].bit_count() > 0 {
            row[option_count + number] = Scalar::ONE;
        }
        row[option_count + limits.len()] = Scalar::from(limit.high);
        row
    };
    limits.iter().enumerate().map(equation).collect()
}
