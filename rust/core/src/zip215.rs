//! Ed25519 as the consensus engine's validators check it: [ZIP 215](https://zips.z.cash/zip-0215).
//!
//! Unlike our own rule (`ed25519`), it takes any encoding of A and R that decodes, and multiplies
//! by the cofactor, so that every checker agrees. Only the engine's votes are checked by it.

use curve25519_dalek::traits::IsIdentity;
use curve25519_dalek::{EdwardsPoint, edwards::CompressedEdwardsY};
use rayon::prelude::*;
use sha2::{Digest, Sha512};

use crate::ed25519::{Item, KEY_BYTES, SIGNATURE_BYTES};
use crate::error::Result;
use crate::group::{decode_scalar, wide};
use crate::parallel;

/// Whether a signature holds: S is below l, A and R decode, and 8 S B = 8 R + 8 k A.
pub fn holds(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    if key.len() != KEY_BYTES || signature.len() != SIGNATURE_BYTES {
        return false;
    }
    let (r, s) = signature.split_at(KEY_BYTES);
    let (Some(a), Some(r_point), Ok(s)) = (decode(key), decode(r), decode_scalar(s)) else {
        return false;
    };
    let hash = Sha512::new()
        .chain_update(r)
        .chain_update(key)
        .chain_update(message);
    let k = wide(&hash.finalize().into());
    let point = EdwardsPoint::vartime_double_scalar_mul_basepoint(&k, &-a, &s);
    (point - r_point).mul_by_cofactor().is_identity()
}

/// Decode a point; y need not be reduced, and zero may bear a sign.
fn decode(bytes: &[u8]) -> Option<EdwardsPoint> {
    CompressedEdwardsY::from_slice(bytes).ok()?.decompress()
}

/// Say of each item whether [`holds`].
///
/// # Errors
/// `InvalidQuery` where `threads` is out of range.
pub fn hold_many(items: &[Item<'_>], threads: usize) -> Result<Vec<bool>> {
    parallel::run(threads, || {
        items
            .par_iter()
            .map(|(key, message, signature)| holds(key, message, signature))
            .collect()
    })
}
