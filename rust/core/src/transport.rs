//! How dealt shares travel: encrypted under a Diffie-Hellman point (docs/protocol.md 7, round 3).

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use curve25519_dalek::RistrettoPoint;
use hkdf::Hkdf;
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::group::{encode_point, frame};
use crate::labels;

/// Bytes by which a ciphertext is longer than its plaintext.
pub const TAG_BYTES: usize = 16;

/// From whom to whom, in which ceremony: no two deals have the same key.
#[derive(Clone, Copy)]
pub struct Route<'a> {
    /// The ceremony id.
    pub ceremony_id: &'a [u8; 32],
    /// Index of the trustee who encrypts.
    pub dealer: u32,
    /// Index of the trustee who decrypts.
    pub recipient: u32,
}

/// Encrypt in place, `plaintext` becoming the ciphertext and its tag.
///
/// `point` is the dealer's secret times the recipient's transport key.
pub fn encrypt(
    route: Route<'_>,
    point: &RistrettoPoint,
    mut plaintext: Zeroizing<Vec<u8>>,
) -> Vec<u8> {
    // Without room for the tag the vector would move and leave a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(plaintext.len() + TAG_BYTES));
    bytes.append(&mut plaintext);
    cipher(route, point)
        .encrypt_in_place(&Nonce::default(), b"", &mut *bytes)
        .expect("a deal is far below the cipher's limit");
    std::mem::take(&mut *bytes)
}

/// Decrypt, or `None` where the tag does not fit.
pub fn decrypt(
    route: Route<'_>,
    point: &RistrettoPoint,
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(ciphertext.to_vec());
    cipher(route, point)
        .decrypt_in_place(&Nonce::default(), b"", &mut *bytes)
        .ok()?;
    Some(bytes)
}

/// The nonce is fixed because the key serves one message only.
fn cipher(route: Route<'_>, point: &RistrettoPoint) -> ChaCha20Poly1305 {
    let shared = Zeroizing::new(encode_point(point));
    let info = frame(
        labels::DEAL,
        &[
            route.ceremony_id,
            &route.dealer.to_be_bytes(),
            &route.recipient.to_be_bytes(),
        ],
    );
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha512>::new(None, &*shared)
        .expand(&info, &mut *key)
        .expect("32 bytes are fewer than HKDF's limit");
    ChaCha20Poly1305::new((&*key).into())
}
