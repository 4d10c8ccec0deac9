//! Totals: t shares open a sum (docs/protocol.md 11.3). Everything here is public.

use curve25519_dalek::traits::VartimeMultiscalarMul;
use curve25519_dalek::{RistrettoPoint, Scalar};

use crate::error::{Error, Result};
use crate::group::{ELEMENT_BYTES, decode_points};
use crate::shares::{check_distinct, option_count};
use crate::{dlog, parallel};

/// One trustee's index and its D_i1..D_in, joined.
pub type TrusteeShares<'a> = (u32, &'a [u8]);

/// Find the total of each option: the T_j in 0..=maximum with `T_j g = B_j - sum_i lambda_i D_ij`.
///
/// `shares` are exactly t, already checked.
///
/// # Errors
/// `InvalidResult` where an option has no total in this range; `InvalidQuery` where a trustee is
/// repeated, `maximum` is 2^44 or more or `threads` is out of range; `InvalidEncoding` and
/// `InvalidPoint` where sum or shares are malformed.
pub fn find_totals(
    total: &[u8],
    shares: &[TrusteeShares<'_>],
    maximum: u64,
    threads: usize,
) -> Result<Vec<u64>> {
    if maximum >= dlog::END_MAX {
        return Err(Error::InvalidQuery(
            format!("a total up to {maximum} is too large to be searched").into(),
        ));
    }
    let found = parallel::run(threads, || {
        let opened = open_vartime(total, shares)?;
        Ok(dlog::find_vartime(&opened, maximum + 1))
    })??;
    let over = |option| {
        let why = format!("option {option} has no total from 0 to {maximum}");
        Error::InvalidResult(why.into())
    };
    (found.into_iter().enumerate())
        .map(|(option, total)| total.ok_or_else(|| over(option)))
        .collect()
}

/// Check published totals, which needs no search.
///
/// # Errors
/// `InvalidResult` where a total is wrong or their number is; else as [`find_totals`].
pub fn check_totals(total: &[u8], shares: &[TrusteeShares<'_>], totals: &[u64]) -> Result<()> {
    let opened = open_vartime(total, shares)?;
    if totals.len() != opened.len() {
        return Err(Error::InvalidResult(
            format!("{} totals for {} options", totals.len(), opened.len()).into(),
        ));
    }
    for (option, (total, point)) in totals.iter().zip(&opened).enumerate() {
        if RistrettoPoint::mul_base(&Scalar::from(*total)) != *point {
            return Err(Error::InvalidResult(
                format!("option {option} has not the total {total}").into(),
            ));
        }
    }
    Ok(())
}

/// Decrypt a sum to the points `T_j g`.
fn open_vartime(total: &[u8], shares: &[TrusteeShares<'_>]) -> Result<Vec<RistrettoPoint>> {
    let options = option_count(total)?;
    check_distinct(shares.iter().map(|share| share.0))?;
    if shares.is_empty() {
        return Err(Error::InvalidQuery("no share is given".into()));
    }
    let present: Vec<u32> = shares.iter().map(|share| share.0).collect();
    let weights: Vec<Scalar> = (present.iter())
        .map(|&trustee| -share_weight(trustee, &present))
        .collect();
    let ciphertexts = decode_points(&total[ELEMENT_BYTES..], options)?;
    let shares = shares
        .iter()
        .map(|(_, points)| decode_points(points, options))
        .collect::<Result<Vec<_>>>()?;
    Ok((0..options)
        .map(|option| {
            let shares = shares.iter().map(|points| points[option]);
            ciphertexts[option] + RistrettoPoint::vartime_multiscalar_mul(&weights, shares)
        })
        .collect())
}

/// The Lagrange coefficient of one trustee at 0: the product of k / (k - i) over the other present.
///
/// Source: Shamir, "How to Share a Secret" (1979).
fn share_weight(trustee: u32, present: &[u32]) -> Scalar {
    let i = Scalar::from(trustee);
    let (mut numerator, mut denominator) = (Scalar::ONE, Scalar::ONE);
    for k in present.iter().filter(|other| **other != trustee) {
        numerator *= Scalar::from(*k);
        denominator *= Scalar::from(*k) - i;
    }
    numerator * denominator.invert()
}
