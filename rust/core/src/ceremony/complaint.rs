//! Round 4, complain: open a bad deal to everyone, so that anyone can judge who is at fault.
//!
//! A complaint opens the deals between the two trustees, in both directions. That costs nothing:
//! every judged complaint ends the attempt, and the next one derives everything anew.

use curve25519_dalek::RistrettoPoint;

use super::deal::{check_shares, open_with};
use super::{Ceremony, Seed, check_pair};
use crate::error::{Error, Result};
use crate::group::{ELEMENT_BYTES, decode_nonidentity, decode_point, encode_point};
use crate::transcript::Transcript;
use crate::{equality, labels};

/// What a trustee publishes about a deal that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// D, the Diffie-Hellman point that opens the deal.
    pub point: [u8; ELEMENT_BYTES],
    /// Proof `c || z` that D is right.
    pub proof: [u8; equality::PROOF_BYTES],
}

/// Complain of the deal of `dealer` to `trustee`. `random` is 32 fresh bytes. Constant time.
///
/// # Errors
/// `InvalidQuery` for an index that no trustee has or a complaint of oneself; `InvalidPoint` for
/// the dealer's transport key.
pub fn complain(
    seed: &Seed,
    ceremony_id: &[u8; 32],
    dealer: u32,
    trustee: u32,
    dealer_transport: &[u8],
    random: &[u8; 32],
) -> Result<Complaint> {
    check_pair(dealer, trustee)?;
    let base = decode_nonidentity(dealer_transport)?;
    let secret = seed.transport(ceremony_id);
    let point = encode_point(&(*secret * base));
    let transcript = Statement {
        ceremony_id,
        dealer,
        trustee,
        dealer_transport,
        trustee_transport: &encode_point(&RistrettoPoint::mul_base(&secret)),
        point: &point,
    }
    .transcript();
    let proof = equality::prove(transcript, &base, &secret, random);
    Ok(Complaint { point, proof })
}

/// What a complaint's proof is about.
#[derive(Clone, Copy)]
pub struct Statement<'a> {
    /// The ceremony id.
    pub ceremony_id: &'a [u8; 32],
    /// k, of whom the complaint is.
    pub dealer: u32,
    /// i, who complains.
    pub trustee: u32,
    /// E_k.
    pub dealer_transport: &'a [u8],
    /// E_i.
    pub trustee_transport: &'a [u8],
    /// D.
    pub point: &'a [u8],
}

impl Statement<'_> {
    fn transcript(&self) -> Transcript {
        let mut transcript = Transcript::new(labels::COMPLAINT);
        transcript.absorb(
            labels::STATEMENT,
            &[
                self.ceremony_id,
                &self.trustee.to_be_bytes(),
                &self.dealer.to_be_bytes(),
                self.trustee_transport,
                self.dealer_transport,
                self.point,
            ],
        );
        transcript
    }
}

/// Check that a complaint's point is the one that dealer and complainer share.
///
/// # Errors
/// `InvalidComplaint` for a malformed point or proof, and where the proof does not hold.
pub fn check_complaint(statement: Statement<'_>, proof: &[u8]) -> Result<()> {
    let check = || {
        let base = decode_nonidentity(statement.dealer_transport)?;
        let key = decode_nonidentity(statement.trustee_transport)?;
        let point = decode_point(statement.point)?;
        equality::check(statement.transcript(), &key, &base, &point, proof)
    };
    check().map_err(|error: Error| error.recast(Error::InvalidComplaint))
}

/// Judge a complaint whose proof holds: is the dealer the culprit, or else the complainer?
///
/// # Errors
/// `InvalidEncoding`, `InvalidPoint` and `InvalidQuery` where the arguments are malformed; never
/// because of what the deal holds.
pub fn is_dealer_at_fault(
    ceremony: &Ceremony,
    dealer: u32,
    trustee: u32,
    point: &[u8],
    dealer_points: &[u8],
    deal: &[u8],
) -> Result<bool> {
    let point = decode_point(point)?;
    let points = ceremony.size.decode_points(dealer_points)?;
    let verdict = open_with(ceremony, dealer, trustee, &point, deal)
        .and_then(|shares| check_shares(ceremony, dealer, trustee, &points, &shares));
    match verdict {
        Ok(()) => Ok(false),
        Err(Error::InvalidDeal(_)) => Ok(true),
        Err(error) => Err(error),
    }
}
