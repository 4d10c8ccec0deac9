//! The bounds on a contest's numbers (docs/protocol.md 5.1).

use crate::error::{Error, Result};
use crate::shape::Limit;

/// Most options of a contest.
pub const OPTIONS_MAX: usize = 512;
/// Most bits of a contest.
pub const BITS_MAX: usize = 4096;
/// Most limits of a contest, besides one for each item of a matrix.
pub const LIMITS_MAX: usize = 64;
/// Costs, and the lows and highs of limits, stay below this.
pub const LIMIT_END: u64 = 1 << 48;
/// Top scores stay below this.
pub const TOP_END: u64 = 1 << 32;

/// An `InvalidShape` with this sentence.
pub(crate) fn refuse<T>(why: impl Into<String>) -> Result<T> {
    Err(Error::InvalidShape(why.into().into()))
}

/// Check a contest's numbers; the bits are counted later.
pub(crate) fn check_bounds(option_count: usize, top: u64, limits: &[Limit]) -> Result<()> {
    if !(1..=OPTIONS_MAX).contains(&option_count) {
        return refuse(format!(
            "{option_count} options: 1 to {OPTIONS_MAX} are allowed"
        ));
    }
    if !(1..TOP_END).contains(&top) {
        return refuse(format!("top score {top} is not in 1 to 2^32 - 1"));
    }
    let is_item =
        |(item, limit): (usize, &Limit)| 2 * item + 1 < option_count && is_item(limit, item);
    let items = limits
        .iter()
        .enumerate()
        .take_while(|l| is_item(*l))
        .count();
    let item_count = if 2 * items == option_count { items } else { 0 };
    if limits.len() - item_count > LIMITS_MAX {
        return refuse(format!(
            "{} limits: {LIMITS_MAX} are allowed, besides one for each item of a matrix",
            limits.len()
        ));
    }
    limits
        .iter()
        .try_for_each(|limit| check_limit(limit, option_count, top))
}

fn check_limit(limit: &Limit, option_count: usize, top: u64) -> Result<()> {
    if limit.low > limit.high || limit.high >= LIMIT_END {
        return refuse(format!(
            "limit {} to {} is not ascending or ends at 2^48 or later",
            limit.low, limit.high
        ));
    }
    let options = || limit.coefficients.iter().map(|(option, _)| *option);
    if limit.coefficients.is_empty() || !options().is_sorted_by(|one, next| one < next) {
        return refuse("a limit's options must be ascending and distinct, at least one");
    }
    if let Some(option) = options().find(|option| *option >= option_count) {
        return refuse(format!("a limit names option {option} of {option_count}"));
    }
    if let Some((_, c)) = limit
        .coefficients
        .iter()
        .find(|(_, c)| !(1..LIMIT_END).contains(c))
    {
        return refuse(format!("coefficient {c} is not in 1 to 2^48 - 1"));
    }
    let sum: u128 = limit.coefficients.iter().map(|(_, c)| u128::from(*c)).sum();
    if sum * u128::from(top) > u128::from(u64::MAX) {
        return refuse("the coefficients times the top score reach 2^64");
    }
    Ok(())
}

/// Whether this is what a matrix demands of its item: accept it or refuse it, not both.
fn is_item(limit: &Limit, item: usize) -> bool {
    (limit.low, limit.high) == (0, 1) && limit.coefficients == [(2 * item, 1), (2 * item + 1, 1)]
}
