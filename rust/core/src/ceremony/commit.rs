//! Round 1, commit: a transport key, and a hash that binds the points before any is seen.

use curve25519_dalek::RistrettoPoint;
use sha2::{Digest, Sha256};

use super::{Ceremony, Seed, check_index};
use crate::error::{Error, Result};
use crate::group::{ELEMENT_BYTES, encode_point, feed_frame};
use crate::{labels, schnorr};

/// Bytes of the hash H_k.
pub const COMMITMENT_BYTES: usize = 32;

/// What a trustee publishes in round 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// E_k.
    pub transport: [u8; ELEMENT_BYTES],
    /// Schnorr signature under E_k over ceremony, trustee and H_k.
    pub proof: [u8; schnorr::SIGNATURE_BYTES],
    /// H_k.
    pub commitment: [u8; COMMITMENT_BYTES],
}

/// Make a trustee's commit. `random` is 32 fresh bytes.
///
/// # Errors
/// `InvalidQuery` for an index that no trustee has.
pub fn commit(seed: &Seed, ceremony: &Ceremony, trustee: u32, random: &[u8; 32]) -> Result<Commit> {
    check_index(trustee)?;
    let commitment = commitment(&ceremony.id, trustee, &seed.points(ceremony));
    let secret = seed.transport(&ceremony.id);
    let transport = encode_point(&RistrettoPoint::mul_base(&secret));
    let index = trustee.to_be_bytes();
    let proof = schnorr::sign(
        labels::TRANSPORT,
        &secret,
        &transport,
        &[&ceremony.id, &index, &commitment],
        random,
    );
    Ok(Commit {
        transport,
        proof,
        commitment,
    })
}

/// Check that a commit's transport key is lawful and known to its trustee.
///
/// # Errors
/// `InvalidCeremony` for a malformed part, the identity as E_k, and a signature that does not hold.
pub fn check_commit(
    ceremony_id: &[u8; 32],
    trustee: u32,
    transport: &[u8],
    proof: &[u8],
    commitment: &[u8],
) -> Result<()> {
    if commitment.len() != COMMITMENT_BYTES {
        return Err(Error::InvalidCeremony("a commitment is 32 bytes".into()));
    }
    let parts: &[&[u8]] = &[ceremony_id, &trustee.to_be_bytes(), commitment];
    schnorr::check(labels::TRANSPORT, transport, parts, proof)
        .map_err(|error| error.recast(Error::InvalidCeremony))
}

/// Check that all points a trustee revealed, joined, are those it committed to.
///
/// # Errors
/// `InvalidCeremony` where they are not.
pub fn check_commitment(
    ceremony_id: &[u8; 32],
    trustee: u32,
    committed: &[u8],
    points: &[u8],
) -> Result<()> {
    if commitment(ceremony_id, trustee, points) != committed {
        return Err(Error::InvalidCeremony(
            format!("trustee {trustee} revealed other points than it committed to").into(),
        ));
    }
    Ok(())
}

/// H_k of all points, joined.
pub(super) fn commitment(
    ceremony_id: &[u8; 32],
    trustee: u32,
    points: &[u8],
) -> [u8; COMMITMENT_BYTES] {
    let mut hash = Sha256::new();
    let parts: &[&[u8]] = &[ceremony_id, &trustee.to_be_bytes(), points];
    feed_frame(&mut hash, labels::COMMITMENT, parts);
    hash.finalize().into()
}
