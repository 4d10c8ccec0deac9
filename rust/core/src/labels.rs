//! Every label that separates one hash from another (docs/protocol.md A).
//!
//! A label stands here once and is used for one purpose. `frame` puts [`PREFIX`] before it.

/// Precedes every label: the project and the version of the protocol.
pub const PREFIX: &str = "hanpyo/1/";

// Group (2.2, 8.3)

/// `to_point`: one of the fixed generators K, G_i, Q_i.
pub const GENERATOR: &str = "generator";

// Nonces (2.4)

/// `to_scalar`: a nonce of a proof or signature, except a ballot's.
pub const NONCE: &str = "nonce";

// Credentials (6, 8.5)

/// `to_scalar`: a voter's credential from 32 random bytes; nobody else sees how it was made.
pub const CREDENTIAL: &str = "credential";
/// `to_scalar`: challenge of a credential's proof of possession.
pub const POSSESSION: &str = "possession";
/// `to_scalar`: challenge of the signature that casts a ballot.
pub const CAST: &str = "cast";

// Ballot (8)

/// Frame: where in which election a contest's proof stands.
pub const CONTEST: &str = "contest";
/// Hash: the key from which a ballot's randomness is derived.
pub const BALLOT_SEED: &str = "ballot seed";
/// `to_scalar`: each secret scalar of a ballot.
pub const BALLOT_NONCE: &str = "ballot nonce";
/// Transcript of a contest's proof.
pub const CONTEST_PROOF: &str = "contest proof";
/// Absorbed: the frame [`CONTEST`].
pub const CONTEXT: &str = "context";
/// Absorbed: A, B_1, ..., B_n.
pub const CIPHERTEXT: &str = "ciphertext";
/// Absorbed: V.
pub const BITS: &str = "bits";
/// Challenge: y.
pub const Y: &str = "y";
/// Absorbed: V', W'.
pub const MASKS: &str = "masks";
/// Challenge: x.
pub const X: &str = "x";

// Key ceremony (7)

/// `to_scalar`: challenge of the signature under a trustee's transport key.
pub const TRANSPORT: &str = "transport";
/// Hash: a trustee's commitment to its points.
pub const COMMITMENT: &str = "commitment";
/// Transcript of a trustee's reveal.
pub const REVEAL: &str = "reveal";
/// Absorbed: what a ceremony's proof is about.
pub const STATEMENT: &str = "statement";
/// Absorbed: the points of one part of a reveal.
pub const POINTS: &str = "points";
/// Absorbed: the commitments to the prover's nonces.
pub const NONCES: &str = "nonces";
/// Challenge: c.
pub const C: &str = "c";
/// HKDF info: the key that encrypts a dealt share.
pub const DEAL: &str = "deal";
/// Transcript of a complaint.
pub const COMPLAINT: &str = "complaint";
/// Hash: what a trustee signs when it confirms the ceremony.
pub const JOINT_KEY: &str = "joint key";
/// Hash: a trustee's Ed25519 seed from its one seed.
pub const TRUSTEE_SIGNING_KEY: &str = "trustee signing key";
/// `to_scalar`: a trustee's polynomial coefficient from its one seed.
pub const TRUSTEE_COEFFICIENT: &str = "trustee coefficient";
/// `to_scalar`: a trustee's transport key from its one seed.
pub const TRUSTEE_TRANSPORT: &str = "trustee transport";

// Tally (11.3)

/// Transcript of a trustee's decryption share.
pub const SHARE: &str = "share";
/// Absorbed: a trustee's verification keys.
pub const KEYS: &str = "keys";
/// Absorbed: D_1, ..., D_n.
pub const SHARES: &str = "shares";
/// Challenge: e.
pub const E: &str = "e";
