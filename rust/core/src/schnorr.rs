//! Schnorr signatures over ristretto255 with base point g (docs/protocol.md 2.5).
//!
//! A signature is `R || s` and holds when `s g = R + c X`, where
//! `c = to_scalar(label, R, X, parts...)`.

use curve25519_dalek::traits::VartimeMultiscalarMul;
use curve25519_dalek::{RistrettoPoint, Scalar};
use zeroize::Zeroize;

use crate::error::{Error, Result};
use crate::group::{
    ELEMENT_BYTES, decode_nonidentity, decode_point, decode_scalar, encode_point, frame_digest,
    nonce, to_scalar,
};

/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 2 * ELEMENT_BYTES;

/// Sign `parts` under `label` with a secret whose public point encodes as `public`.
///
/// `random` is 32 fresh bytes. Constant time in the secret.
pub fn sign(
    label: &str,
    secret: &Scalar,
    public: &[u8; ELEMENT_BYTES],
    parts: &[&[u8]],
    random: &[u8; 32],
) -> [u8; SIGNATURE_BYTES] {
    let covered = frame_digest(label, &with_first(public, parts));
    let mut rho = nonce(secret, random, &covered, 0);
    let commitment = encode_point(&RistrettoPoint::mul_base(&rho));
    let c = challenge(label, &commitment, public, parts);
    let response = rho + c * secret;
    rho.zeroize();
    let mut signature = [0; SIGNATURE_BYTES];
    signature[..ELEMENT_BYTES].copy_from_slice(&commitment);
    signature[ELEMENT_BYTES..].copy_from_slice(response.as_bytes());
    signature
}

/// Check one signature.
///
/// # Errors
/// `InvalidPoint` where `public` is no canonical point or the identity; `InvalidSignature` where
/// the signature's form is wrong or its equation does not hold.
pub fn check(label: &str, public: &[u8], parts: &[&[u8]], signature: &[u8]) -> Result<()> {
    let point = decode_nonidentity(public)?;
    let Signature { commitment, c, s } = decode(label, public, parts, signature)?;
    // R + c X - s g
    let rest = RistrettoPoint::vartime_multiscalar_mul(
        [c, -s],
        [
            point,
            curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT,
        ],
    );
    if commitment + rest != RistrettoPoint::default() {
        return Err(Error::InvalidSignature(
            "the signature does not hold for this key and these bytes".into(),
        ));
    }
    Ok(())
}

/// A decoded signature with its challenge, ready for the equation `s g = R + c X`.
pub struct Signature {
    /// R.
    pub commitment: RistrettoPoint,
    /// c.
    pub c: Scalar,
    /// s.
    pub s: Scalar,
}

/// Decode a signature and compute its challenge; the equation is the caller's.
///
/// # Errors
/// `InvalidSignature` where the length is wrong, R is no canonical point or s no canonical scalar.
pub fn decode(label: &str, public: &[u8], parts: &[&[u8]], signature: &[u8]) -> Result<Signature> {
    let malformed = |what| move |_| Error::InvalidSignature(what);
    if signature.len() != SIGNATURE_BYTES {
        return Err(Error::InvalidSignature("a signature is 64 bytes".into()));
    }
    let (commitment, response) = signature.split_at(ELEMENT_BYTES);
    Ok(Signature {
        commitment: decode_point(commitment).map_err(malformed(
            "the signature's R is not a canonical point".into(),
        ))?,
        c: challenge(label, commitment, public, parts),
        s: decode_scalar(response).map_err(malformed(
            "the signature's s is not a canonical scalar".into(),
        ))?,
    })
}

fn challenge(label: &str, commitment: &[u8], public: &[u8], parts: &[&[u8]]) -> Scalar {
    to_scalar(label, &with_first(commitment, &with_first(public, parts)))
}

fn with_first<'a>(first: &'a [u8], parts: &[&'a [u8]]) -> Vec<&'a [u8]> {
    let mut all = Vec::with_capacity(1 + parts.len());
    all.push(first);
    all.extend_from_slice(parts);
    all
}
