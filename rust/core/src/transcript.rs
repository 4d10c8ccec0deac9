//! The running hash from which proofs draw their challenges (docs/protocol.md 2.3).

use curve25519_dalek::Scalar;
use sha2::{Digest, Sha512};

use crate::group::{feed_frame, wide};

/// One running SHA-512 over framed messages.
#[derive(Clone)]
pub struct Transcript(Sha512);

impl Transcript {
    /// Start a transcript with `frame(label)`.
    pub fn new(label: &str) -> Self {
        let mut hash = Sha512::new();
        feed_frame(&mut hash, label, &[]);
        Self(hash)
    }

    /// Feed `frame(label, parts...)`.
    pub fn absorb(&mut self, label: &str, parts: &[&[u8]]) {
        feed_frame(&mut self.0, label, parts);
    }

    /// Feed `frame(label)`, then draw a challenge from all that was fed so far and feed it back.
    pub fn challenge(&mut self, label: &str) -> Scalar {
        feed_frame(&mut self.0, label, &[]);
        let digest = self.digest();
        self.0.update(digest);
        wide(&digest)
    }

    /// The SHA-512 of all that was fed so far, as nonces need it (docs/protocol.md 2.4).
    pub fn digest(&self) -> [u8; 64] {
        self.0.clone().finalize().into()
    }
}
