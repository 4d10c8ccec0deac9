//! What a finished ceremony gives: the joint keys and each trustee's verification keys.

use std::collections::HashSet;

use curve25519_dalek::RistrettoPoint;
use curve25519_dalek::traits::IsIdentity;

use super::{Size, check_index, evaluate_vartime};
use crate::error::{Error, Result};
use crate::group::{ELEMENT_BYTES, decode_point, encode_point};

/// Add up the points of all trustees taking part.
///
/// The sum serves [`joint_keys`] and [`verification_keys`] like one trustee's points. Whoever needs
/// the keys of many trustees decodes all points once this way.
///
/// # Errors
/// `InvalidEncoding`, `InvalidPoint` and `InvalidQuery` for malformed points or none.
pub fn sum_points(points: &[&[u8]], size: Size) -> Result<Vec<u8>> {
    Ok(decode_sum(points, size)?
        .iter()
        .flat_map(encode_point)
        .collect())
}

/// The joint key h_j of each slot, from the points of each trustee taking part.
///
/// # Errors
/// `InvalidCeremony` where a key is the identity or two are equal: a ballot uses its randomness
/// under all of them. `InvalidEncoding`, `InvalidPoint` and `InvalidQuery` for malformed points.
pub fn joint_keys(points: &[&[u8]], size: Size) -> Result<Vec<[u8; ELEMENT_BYTES]>> {
    check_lengths(points, size)?;
    let mut keys = Vec::with_capacity(size.slots);
    let mut seen = HashSet::with_capacity(size.slots);
    for slot in 0..size.slots {
        let constant = |points: &&[u8]| {
            let start = slot * size.slot_bytes();
            decode_point(&points[start..start + ELEMENT_BYTES])
        };
        let key: RistrettoPoint = points.iter().map(constant).sum::<Result<_>>()?;
        let encoded = encode_point(&key);
        if key.is_identity() || !seen.insert(encoded) {
            let why = format!(
                "the joint key of slot {} is the identity or repeated",
                slot + 1
            );
            return Err(Error::InvalidCeremony(why.into()));
        }
        keys.push(encoded);
    }
    Ok(keys)
}

/// A trustee's verification key Y_ij of each slot, from the points of each trustee taking part.
///
/// # Errors
/// `InvalidEncoding`, `InvalidPoint` and `InvalidQuery` for malformed points or an index that no
/// trustee has.
pub fn verification_keys(
    points: &[&[u8]],
    size: Size,
    trustee: u32,
) -> Result<Vec<[u8; ELEMENT_BYTES]>> {
    check_index(trustee)?;
    Ok(decode_sum(points, size)?
        .chunks_exact(size.threshold)
        .map(|points| encode_point(&evaluate_vartime(points, trustee)))
        .collect())
}

fn decode_sum(points: &[&[u8]], size: Size) -> Result<Vec<RistrettoPoint>> {
    check_lengths(points, size)?;
    let mut sums = vec![RistrettoPoint::default(); size.slots * size.threshold];
    for points in points {
        for (sum, bytes) in sums.iter_mut().zip(points.chunks_exact(ELEMENT_BYTES)) {
            *sum += decode_point(bytes)?;
        }
    }
    Ok(sums)
}

fn check_lengths(points: &[&[u8]], size: Size) -> Result<()> {
    if points.is_empty() {
        return Err(Error::InvalidQuery("no trustee's points are given".into()));
    }
    if points
        .iter()
        .any(|points| points.len() != size.points_bytes())
    {
        return Err(Error::InvalidEncoding(
            format!("a trustee's points are not {} bytes", size.points_bytes()).into(),
        ));
    }
    Ok(())
}
