//! ristretto255: frames, canonical decoding, hashing into the group (docs/protocol.md 2.1, 2.2).

use curve25519_dalek::RistrettoPoint;
use curve25519_dalek::Scalar;
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::traits::IsIdentity;
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, Result};
use crate::labels;

/// Bytes of an encoded point or scalar.
pub const ELEMENT_BYTES: usize = 32;

/// Join a label and parts so that no two different lists give the same bytes.
///
/// # Panics
/// Where a part is 4 GiB or longer; no caller has one.
pub fn frame(label: &str, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| 4 + part.len()).sum::<usize>();
    let mut bytes = Vec::with_capacity(4 + labels::PREFIX.len() + label.len() + length);
    each_piece(label, parts, |piece| bytes.extend_from_slice(piece));
    bytes
}

/// Feed `frame(label, parts...)` to a hash without building it.
///
/// # Panics
/// As [`frame`].
pub fn feed_frame(hash: &mut impl Digest, label: &str, parts: &[&[u8]]) {
    each_piece(label, parts, |piece| hash.update(piece));
}

fn each_piece(label: &str, parts: &[&[u8]], mut take: impl FnMut(&[u8])) {
    take(&length_bytes(labels::PREFIX.len() + label.len()));
    take(labels::PREFIX.as_bytes());
    take(label.as_bytes());
    for part in parts {
        take(&length_bytes(part.len()));
        take(part);
    }
}

fn length_bytes(length: usize) -> [u8; 4] {
    u32::try_from(length)
        .expect("a part is shorter than 4 GiB")
        .to_be_bytes()
}

/// Read 64 bytes as a little-endian integer modulo the group order.
pub fn wide(digest: &[u8; 64]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(digest)
}

/// Hash a frame to a scalar. Intermediate values are wiped, so `parts` may be secret.
pub fn to_scalar(label: &str, parts: &[&[u8]]) -> Scalar {
    let mut digest = frame_digest(label, parts);
    let scalar = wide(&digest);
    digest.zeroize();
    scalar
}

/// Hash a frame to a point whose discrete logarithm nobody knows.
///
/// Source: RFC 9496 section 4.3.4.
pub fn to_point(label: &str, parts: &[&[u8]]) -> RistrettoPoint {
    RistrettoPoint::from_uniform_bytes(&frame_digest(label, parts))
}

/// SHA-512 of a frame.
pub fn frame_digest(label: &str, parts: &[&[u8]]) -> [u8; 64] {
    let mut hash = Sha512::new();
    feed_frame(&mut hash, label, parts);
    hash.finalize().into()
}

/// Derive the nonce number `index` of one proof or signature (docs/protocol.md 2.4).
///
/// `digest` is the SHA-512 of the frames that the challenge will cover so far. A repeated `random`
/// is harmless as long as the secret or the digest differs.
pub fn nonce(secret: &Scalar, random: &[u8; 32], digest: &[u8; 64], index: u32) -> Scalar {
    let mut covered = [0; 68];
    covered[..64].copy_from_slice(digest);
    covered[64..].copy_from_slice(&index.to_be_bytes());
    to_scalar(labels::NONCE, &[secret.as_bytes(), random, &covered])
}

/// Decode a canonical point; the identity is allowed.
///
/// # Errors
/// `InvalidPoint` for a wrong length or any other encoding.
pub fn decode_point(bytes: &[u8]) -> Result<RistrettoPoint> {
    CompressedRistretto::from_slice(bytes)
        .ok()
        .and_then(|compressed| compressed.decompress())
        .ok_or(Error::InvalidPoint(
            "bytes are not a canonical ristretto255 point".into(),
        ))
}

/// Decode a canonical point that is not the identity.
///
/// # Errors
/// `InvalidPoint` as [`decode_point`], and for the identity.
pub fn decode_nonidentity(bytes: &[u8]) -> Result<RistrettoPoint> {
    let point = decode_point(bytes)?;
    if point.is_identity() {
        return Err(Error::InvalidPoint(
            "the identity is refused as a point here".into(),
        ));
    }
    Ok(point)
}

/// Decode a canonical scalar.
///
/// # Errors
/// `InvalidScalar` for a wrong length or a value not below the group order.
pub fn decode_scalar(bytes: &[u8]) -> Result<Scalar> {
    <[u8; ELEMENT_BYTES]>::try_from(bytes)
        .ok()
        .and_then(|bytes| Scalar::from_canonical_bytes(bytes).into())
        .ok_or(Error::InvalidScalar(
            "bytes are not a scalar below the group order".into(),
        ))
}

/// Multiply the base point g by an encoded scalar. Constant time in the scalar.
///
/// # Errors
/// `InvalidScalar` as [`decode_scalar`].
pub fn base_multiply(scalar: &[u8]) -> Result<[u8; ELEMENT_BYTES]> {
    let scalar = Zeroizing::new(decode_scalar(scalar)?);
    Ok(encode_point(&RistrettoPoint::mul_base(&scalar)))
}

/// Encode a point as its 32 canonical bytes.
pub fn encode_point(point: &RistrettoPoint) -> [u8; ELEMENT_BYTES] {
    point.compress().to_bytes()
}

/// Decode bytes that are canonical points one after the other; the identity is allowed.
///
/// # Errors
/// `InvalidEncoding` where the bytes are not `count` times 32; `InvalidPoint` for a point.
pub fn decode_points(bytes: &[u8], count: usize) -> Result<Vec<RistrettoPoint>> {
    if bytes.len() != count * ELEMENT_BYTES {
        return Err(Error::InvalidEncoding(
            format!("{} bytes are not {count} points of 32 bytes", bytes.len()).into(),
        ));
    }
    bytes
        .chunks_exact(ELEMENT_BYTES)
        .map(decode_point)
        .collect()
}
