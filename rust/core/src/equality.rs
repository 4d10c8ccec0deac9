//! Proofs that one secret leads from g to P and from a second base to S (docs/protocol.md 7, 11).
//!
//! A proof is `c || z`. Complaints and shares differ in what their transcript absorbed before.

use curve25519_dalek::traits::VartimeMultiscalarMul;
use curve25519_dalek::{RistrettoPoint, Scalar};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::group::{ELEMENT_BYTES, decode_scalar, encode_point, nonce};
use crate::labels;
use crate::transcript::Transcript;

/// Bytes of a proof.
pub const PROOF_BYTES: usize = 2 * ELEMENT_BYTES;

/// Prove knowledge of `witness` with `P = witness g` and `S = witness base`.
///
/// The transcript has absorbed the statement. `random` is 32 fresh bytes. Constant time.
pub fn prove(
    mut transcript: Transcript,
    base: &RistrettoPoint,
    witness: &Scalar,
    random: &[u8; 32],
) -> [u8; PROOF_BYTES] {
    let rho = Zeroizing::new(nonce(witness, random, &transcript.digest(), 0));
    let c = challenge(
        &mut transcript,
        &RistrettoPoint::mul_base(&rho),
        &(*rho * base),
    );
    let z = *rho + c * witness;
    let mut proof = [0; PROOF_BYTES];
    proof[..ELEMENT_BYTES].copy_from_slice(c.as_bytes());
    proof[ELEMENT_BYTES..].copy_from_slice(z.as_bytes());
    proof
}

/// Check that `z g - c P` and `z base - c S`, as nonces, give the same c.
///
/// # Errors
/// `InvalidProof` for a wrong length, a scalar that is not canonical, and where c differs.
pub fn check(
    mut transcript: Transcript,
    p: &RistrettoPoint,
    base: &RistrettoPoint,
    s: &RistrettoPoint,
    proof: &[u8],
) -> Result<()> {
    if proof.len() != PROOF_BYTES {
        return Err(Error::InvalidProof("a proof c || z is 64 bytes".into()));
    }
    let scalar = |bytes| decode_scalar(bytes).map_err(|error| error.recast(Error::InvalidProof));
    let c = scalar(&proof[..ELEMENT_BYTES])?;
    let z = scalar(&proof[ELEMENT_BYTES..])?;
    let first = RistrettoPoint::vartime_double_scalar_mul_basepoint(&-c, p, &z);
    let second = RistrettoPoint::vartime_multiscalar_mul([z, -c], [base, s]);
    if challenge(&mut transcript, &first, &second) != c {
        return Err(Error::InvalidProof("the proof does not hold".into()));
    }
    Ok(())
}

fn challenge(
    transcript: &mut Transcript,
    first: &RistrettoPoint,
    second: &RistrettoPoint,
) -> Scalar {
    let nonces = [encode_point(first), encode_point(second)];
    transcript.absorb(labels::NONCES, &[&nonces[0], &nonces[1]]);
    transcript.challenge(labels::C)
}
