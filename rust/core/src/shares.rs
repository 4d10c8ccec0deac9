//! Decryption shares: what a trustee posts of a sum, and its proof (docs/protocol.md 11.3).
//!
//! A *sum* of a contest with n options is `A || B_1..B_n`. Trustee i posts `D_ij = x_ij A` of each
//! slot j, and one proof for the pair `(sum_j e^j Y_ij, sum_j e^j D_ij)`.

use curve25519_dalek::traits::VartimeMultiscalarMul;
use curve25519_dalek::{RistrettoPoint, Scalar};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::ceremony::{Ceremony, SLOTS_MAX, Seed, check_index, open_deal};
use crate::error::{Error, Result};
use crate::group::{ELEMENT_BYTES, decode_point, encode_point};
use crate::transcript::Transcript;
use crate::{equality, labels};

/// Which of an election's sums a share belongs to.
#[derive(Clone, Copy, Debug)]
pub struct SumId {
    /// The election id.
    pub election_id: [u8; 32],
    /// The contest's number in the manifest.
    pub contest: u32,
    /// The group's number in the contest.
    pub group: u32,
}

/// One dealer's deal to the trustee who makes its key.
#[derive(Clone, Copy, Debug)]
pub struct ReceivedDeal<'a> {
    /// The dealer's index.
    pub dealer: u32,
    /// The dealer's transport key E.
    pub transport: &'a [u8],
    /// The encrypted shares.
    pub deal: &'a [u8],
}

/// A trustee's secret shares x_i1..x_im of the joint key; wiped when dropped.
#[derive(ZeroizeOnDrop)]
pub struct TrusteeKey {
    #[zeroize(skip)]
    ceremony_id: [u8; 32],
    #[zeroize(skip)]
    trustee: u32,
    secrets: Zeroizing<Vec<Scalar>>,
    /// Y_i1..Y_im, which every share's transcript covers.
    #[zeroize(skip)]
    keys: Vec<[u8; ELEMENT_BYTES]>,
}

/// What a trustee posts of one sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// D_i1..D_in, joined.
    pub points: Vec<u8>,
    /// The proof `c || z`.
    pub proof: [u8; equality::PROOF_BYTES],
}

impl TrusteeKey {
    /// Add up what all others dealt to this trustee and what it dealt itself.
    ///
    /// The deals were checked in the ceremony. One that was exchanged since then for another that
    /// decrypts gives keys that nobody takes shares of.
    ///
    /// # Errors
    /// `InvalidDeal` where a deal does not open; `InvalidQuery` where a dealer is repeated or no
    /// trustee's index; `InvalidPoint` for a dealer's transport key.
    pub fn new(
        seed: &Seed,
        ceremony: &Ceremony,
        trustee: u32,
        deals: &[ReceivedDeal<'_>],
    ) -> Result<Self> {
        check_index(trustee)?;
        check_distinct(deals.iter().map(|deal| deal.dealer))?;
        let mut secrets = seed.shares(ceremony, trustee);
        for ReceivedDeal {
            dealer,
            transport,
            deal,
        } in deals
        {
            let dealt = open_deal(seed, ceremony, *dealer, trustee, transport, deal)?;
            for (secret, share) in secrets.iter_mut().zip(dealt.iter()) {
                *secret += share;
            }
        }
        let keys = secrets
            .iter()
            .map(|secret| encode_point(&RistrettoPoint::mul_base(secret)))
            .collect();
        Ok(Self {
            ceremony_id: ceremony.id,
            trustee,
            secrets,
            keys,
        })
    }

    /// The verification keys Y_i1..Y_im of these secrets.
    pub fn verification_keys(&self) -> &[[u8; ELEMENT_BYTES]] {
        &self.keys
    }

    /// Make this trustee's share of one sum. `random` is 32 fresh bytes. Constant time.
    ///
    /// # Errors
    /// `InvalidEncoding` where the sum has no option or more than the ceremony has slots;
    /// `InvalidPoint` where its A is not canonical.
    pub fn share(&self, sum: &SumId, total: &[u8], random: &[u8; 32]) -> Result<Share> {
        let options = option_count(total)?;
        if options > self.secrets.len() {
            return Err(Error::InvalidEncoding(
                format!("a sum of {options} options exceeds the ceremony's slots").into(),
            ));
        }
        let base = decode_point(&total[..ELEMENT_BYTES])?;
        let secrets = &self.secrets[..options];
        let points: Vec<u8> = secrets
            .iter()
            .flat_map(|secret| encode_point(&(secret * base)))
            .collect();
        let keys: Vec<&[u8]> = self.keys[..options].iter().map(|key| &key[..]).collect();
        let (transcript, weights) = Statement {
            sum,
            ceremony_id: &self.ceremony_id,
            trustee: self.trustee,
            keys: &keys,
            total,
            shares: &points,
        }
        .transcript();
        let mut witness = Zeroizing::new(Scalar::ZERO);
        for (weight, secret) in weights.iter().zip(secrets) {
            *witness += weight * secret;
        }
        let proof = equality::prove(transcript, &base, &witness, random);
        Ok(Share { points, proof })
    }
}

/// What a share's proof is about.
#[derive(Clone, Copy)]
pub struct Statement<'a> {
    /// Which sum.
    pub sum: &'a SumId,
    /// The ceremony id.
    pub ceremony_id: &'a [u8; 32],
    /// i, whose share it is.
    pub trustee: u32,
    /// Y_i1..Y_in of the contest's slots.
    pub keys: &'a [&'a [u8]],
    /// The sum, of which A matters.
    pub total: &'a [u8],
    /// D_i1..D_in, joined.
    pub shares: &'a [u8],
}

impl Statement<'_> {
    /// Absorb the statement and draw the weights e, e^2, ..., e^n.
    fn transcript(&self) -> (Transcript, Vec<Scalar>) {
        let mut transcript = Transcript::new(labels::SHARE);
        transcript.absorb(
            labels::STATEMENT,
            &[
                &self.sum.election_id,
                self.ceremony_id,
                &self.sum.contest.to_be_bytes(),
                &self.sum.group.to_be_bytes(),
                &self.trustee.to_be_bytes(),
                &self.total[..ELEMENT_BYTES],
            ],
        );
        transcript.absorb(labels::KEYS, self.keys);
        let shares: Vec<&[u8]> = self.shares.chunks(ELEMENT_BYTES).collect();
        transcript.absorb(labels::SHARES, &shares);
        let e = transcript.challenge(labels::E);
        let powers = std::iter::successors(Some(e), |power| Some(power * e));
        (transcript, powers.take(self.keys.len()).collect())
    }
}

/// Check a trustee's share of one sum.
///
/// # Errors
/// `InvalidShare` for malformed shares or a malformed proof, and where the proof does not hold;
/// `InvalidEncoding` and `InvalidPoint` where sum or keys are malformed, which is the caller's
/// fault.
pub fn check_share(statement: Statement<'_>, proof: &[u8]) -> Result<()> {
    let options = option_count(statement.total)?;
    if statement.keys.len() != options {
        return Err(Error::InvalidEncoding(
            format!("{} keys for {options} options", statement.keys.len()).into(),
        ));
    }
    let base = decode_point(&statement.total[..ELEMENT_BYTES])?;
    let keys = statement
        .keys
        .iter()
        .map(|key| decode_point(key))
        .collect::<Result<Vec<_>>>()?;
    let why_not = |error: Error| {
        let why = format!("trustee {}'s share: {error}", statement.trustee);
        Error::InvalidShare(why.into())
    };
    let shares = crate::group::decode_points(statement.shares, options).map_err(why_not)?;
    let (transcript, weights) = statement.transcript();
    let p = RistrettoPoint::vartime_multiscalar_mul(&weights, &keys);
    let s = RistrettoPoint::vartime_multiscalar_mul(&weights, &shares);
    equality::check(transcript, &p, &base, &s, proof).map_err(why_not)
}

/// The number of options of an encoded sum.
pub(crate) fn option_count(total: &[u8]) -> Result<usize> {
    let points = total.len() / ELEMENT_BYTES;
    if !total.len().is_multiple_of(ELEMENT_BYTES) || !(2..=SLOTS_MAX as usize + 1).contains(&points)
    {
        return Err(Error::InvalidEncoding(
            format!("{} bytes are not a contest's sum", total.len()).into(),
        ));
    }
    Ok(points - 1)
}

/// Refuse a trustee that occurs twice, and what is no trustee's index.
pub(crate) fn check_distinct(trustees: impl Iterator<Item = u32>) -> Result<()> {
    let mut seen = 0u64;
    for trustee in trustees {
        check_index(trustee)?;
        let bit = 1u64 << (trustee - 1);
        if seen & bit != 0 {
            return Err(Error::InvalidQuery(
                format!("trustee {trustee} occurs twice").into(),
            ));
        }
        seen |= bit;
    }
    Ok(())
}
