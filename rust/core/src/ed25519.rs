//! Ed25519 under one strict rule (docs/protocol.md 2.5, RFC 8032).
//!
//! Libraries disagree on keys of mixed order, on non-canonical encodings and on the cofactor. A
//! ledger cannot afford that, so the rule is written out here: only signing is a library's.

use std::collections::HashMap;

use curve25519_dalek::traits::IsIdentity;
use curve25519_dalek::{EdwardsPoint, Scalar, edwards::CompressedEdwardsY};
use ed25519_dalek::{Signer, SigningKey};
use rayon::prelude::*;
use sha2::{Digest, Sha512};

use crate::error::{Error, Result};
use crate::group::{decode_scalar, wide};
use crate::parallel;

/// Bytes of a key.
pub const KEY_BYTES: usize = 32;
/// Bytes of a signature `R || S`.
pub const SIGNATURE_BYTES: usize = 64;

/// The public key of a 32-byte seed. Constant time.
pub fn public_key(seed: &[u8; 32]) -> [u8; KEY_BYTES] {
    SigningKey::from_bytes(seed).verifying_key().to_bytes()
}

/// Sign a message as RFC 8032 section 5.1.6 says. Constant time in the seed.
pub fn sign(seed: &[u8; 32], message: &[u8]) -> [u8; SIGNATURE_BYTES] {
    SigningKey::from_bytes(seed).sign(message).to_bytes()
}

/// Sign many messages, each as [`sign`] does; the public key in the hash is derived once.
pub fn sign_many<M: AsRef<[u8]>>(seed: &[u8; 32], messages: &[M]) -> Vec<[u8; SIGNATURE_BYTES]> {
    let key = SigningKey::from_bytes(seed);
    let sign = |message: &M| key.sign(message.as_ref()).to_bytes();
    messages.iter().map(sign).collect()
}

/// A public key for which rules 1 and 2 hold.
#[derive(Clone, Copy)]
pub struct PublicKey {
    bytes: [u8; KEY_BYTES],
    minus_a: EdwardsPoint,
}

impl PublicKey {
    /// Decode a key.
    ///
    /// # Errors
    /// `InvalidKey` for a wrong length, no point, another encoding than the canonical one, the
    /// identity, and small or mixed order.
    pub fn decode(key: &[u8]) -> Result<Self> {
        let refuse = |why: &'static str| Error::InvalidKey(why.into());
        let bytes =
            <[u8; KEY_BYTES]>::try_from(key).map_err(|_| refuse("an Ed25519 key is 32 bytes"))?;
        let a = CompressedEdwardsY(bytes)
            .decompress()
            .ok_or(refuse("the key is not a point of the curve"))?;
        // The library reduces y and takes a negative zero: re-encoding finds both.
        if a.compress().to_bytes() != bytes {
            return Err(refuse("the key is not canonically encoded"));
        }
        if a.is_identity() {
            return Err(refuse("the key is the identity"));
        }
        if !is_torsion_free_vartime(&a) {
            return Err(refuse("the key has small or mixed order"));
        }
        Ok(Self { bytes, minus_a: -a })
    }

    /// Check a signature under this key by rules 3 and 4.
    ///
    /// # Errors
    /// `InvalidSignature` for a wrong length, S not below l, and where the equation does not hold.
    pub fn check(&self, message: &[u8], signature: &[u8]) -> Result<()> {
        let refuse = |why: &'static str| Error::InvalidSignature(why.into());
        if signature.len() != SIGNATURE_BYTES {
            return Err(refuse("an Ed25519 signature is 64 bytes"));
        }
        let (r, s) = signature.split_at(KEY_BYTES);
        let s = decode_scalar(s).map_err(|_| refuse("S is not below the group order"))?;
        let hash = Sha512::new()
            .chain_update(r)
            .chain_update(self.bytes)
            .chain_update(message);
        let k = wide(&hash.finalize().into());
        let point = EdwardsPoint::vartime_double_scalar_mul_basepoint(&k, &self.minus_a, &s);
        // R is compared as bytes and never decoded, so a cofactor has no place to hide.
        if point.compress().as_bytes() != r {
            return Err(refuse(
                "the signature does not hold for this key and message",
            ));
        }
        Ok(())
    }
}

/// Whether `l A` is the identity, asked as `(l - 1) A = -A` since `l` itself is no scalar.
fn is_torsion_free_vartime(a: &EdwardsPoint) -> bool {
    EdwardsPoint::vartime_double_scalar_mul_basepoint(&-Scalar::ONE, a, &Scalar::ZERO) == -a
}

/// Check a key by rules 1 and 2.
///
/// # Errors
/// `InvalidKey` as [`PublicKey::decode`].
pub fn check_key(key: &[u8]) -> Result<()> {
    PublicKey::decode(key).map(drop)
}

/// Check a signature by all four rules.
///
/// # Errors
/// `InvalidSignature`, also where it is the key that is refused.
pub fn check(key: &[u8], message: &[u8], signature: &[u8]) -> Result<()> {
    PublicKey::decode(key)
        .map_err(|error| error.recast(Error::InvalidSignature))?
        .check(message, signature)
}

/// One signature of a bulk check: key, message, signature.
pub type Item<'a> = (&'a [u8], &'a [u8], &'a [u8]);

/// Say of each item whether [`check`] holds. A key that occurs often is decoded once.
///
/// # Errors
/// `InvalidQuery` where `threads` is out of range.
pub fn check_many(items: &[Item<'_>], threads: usize) -> Result<Vec<bool>> {
    parallel::run(threads, || {
        let mut keys: HashMap<&[u8], Option<PublicKey>> =
            items.iter().map(|item| (item.0, None)).collect();
        keys.par_iter_mut()
            .for_each(|(bytes, key)| *key = PublicKey::decode(bytes).ok());
        items
            .par_iter()
            .map(|(key, message, signature)| {
                keys[key].is_some_and(|key| key.check(message, signature).is_ok())
            })
            .collect()
    })
}
