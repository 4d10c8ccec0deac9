//! A voter's credential: its key, proof of possession, and the signature that casts a ballot
//! (docs/protocol.md 6, 8.5).

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::traits::{IsIdentity, VartimeMultiscalarMul};
use curve25519_dalek::{RistrettoPoint, Scalar};
use rayon::prelude::*;
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::group::{decode_nonidentity, decode_scalar, encode_point, to_scalar};
use crate::halving::single_out;
use crate::labels;
use crate::parallel;
use crate::schnorr::{self, SIGNATURE_BYTES, Signature};
use crate::weights;

/// Proofs tested with one multiplication; two points each.
const PROOFS_AT_ONCE: usize = 2048;

/// A voter's secret scalar x with X = x g; wiped when dropped.
pub struct Credential {
    secret: Zeroizing<Scalar>,
    public: [u8; 32],
}

impl Credential {
    /// Make a credential from 32 fresh random bytes.
    ///
    /// # Errors
    /// `InvalidScalar` where the bytes happen to give zero, which nobody will ever see.
    pub fn from_random(random: &[u8; 32]) -> Result<Self> {
        Self::from_scalar(to_scalar(labels::CREDENTIAL, &[random]))
    }

    /// Read a stored secret.
    ///
    /// # Errors
    /// `InvalidScalar` where the bytes are not canonical or zero.
    pub fn decode(secret: &[u8]) -> Result<Self> {
        Self::from_scalar(decode_scalar(secret)?)
    }

    fn from_scalar(secret: Scalar) -> Result<Self> {
        let secret = Zeroizing::new(secret);
        if *secret == Scalar::ZERO {
            return Err(Error::InvalidScalar("a credential is not zero".into()));
        }
        let public = encode_point(&RistrettoPoint::mul_base(&secret));
        Ok(Self { secret, public })
    }

    /// The secret scalar's bytes, to be stored on the voter's device only.
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes())
    }

    /// The public point X.
    pub fn public(&self) -> [u8; 32] {
        self.public
    }

    /// Prove that this credential's secret is known, for one row of one roll.
    pub fn prove_possession(&self, row: &Row<'_>, random: &[u8; 32]) -> [u8; SIGNATURE_BYTES] {
        let number = row.number.to_be_bytes();
        let parts = row.parts(&number);
        schnorr::sign(
            labels::POSSESSION,
            &self.secret,
            &self.public,
            &parts,
            random,
        )
    }

    /// Sign a ballot, which casts it.
    pub fn sign_ballot(&self, cast: &Cast<'_>, random: &[u8; 32]) -> [u8; SIGNATURE_BYTES] {
        let numbers = cast.numbers();
        let parts = cast.parts(&numbers);
        schnorr::sign(labels::CAST, &self.secret, &self.public, &parts, random)
    }
}

/// The row of the roll that a proof of possession is for.
pub struct Row<'a> {
    /// The ledger's id.
    pub ledger_id: &'a [u8; 32],
    /// The election's id.
    pub election_id: &'a [u8; 32],
    /// The row's number.
    pub number: u32,
}

impl<'a> Row<'a> {
    fn parts(&self, number: &'a [u8; 4]) -> [&'a [u8]; 3] {
        [self.ledger_id, self.election_id, number]
    }
}

/// What the signature on a ballot covers.
pub struct Cast<'a> {
    /// The election's id.
    pub election_id: &'a [u8; 32],
    /// Number of the ballot style.
    pub style: u32,
    /// The voter's sequence number.
    pub sequence: u64,
    /// The ballot bytes.
    pub ballot: &'a [u8],
}

impl<'a> Cast<'a> {
    fn numbers(&self) -> ([u8; 4], [u8; 8]) {
        (self.style.to_be_bytes(), self.sequence.to_be_bytes())
    }

    fn parts(&self, (style, sequence): &'a ([u8; 4], [u8; 8])) -> [&'a [u8]; 4] {
        [self.election_id, style, sequence, self.ballot]
    }

    /// Decode the signature that casts this ballot; the equation is the caller's.
    ///
    /// # Errors
    /// `InvalidSignature` as [`schnorr::decode`].
    pub(crate) fn decode(&self, credential: &[u8], signature: &[u8]) -> Result<Signature> {
        let numbers = self.numbers();
        schnorr::decode(labels::CAST, credential, &self.parts(&numbers), signature)
    }
}

/// Check proofs of possession `(X, row number, proof)`, all for one election.
///
/// # Errors
/// `InvalidQuery` for a lawless number of threads.
pub fn check_possessions(
    items: &[(&[u8], u32, &[u8])],
    ledger_id: &[u8; 32],
    election_id: &[u8; 32],
    threads: usize,
) -> Result<Vec<bool>> {
    let decode = |(x, number, proof): &(&[u8], u32, &[u8])| -> Result<Possession> {
        let row = Row {
            ledger_id,
            election_id,
            number: *number,
        };
        let number = row.number.to_be_bytes();
        Ok(Possession {
            x: decode_nonidentity(x)?,
            signature: schnorr::decode(labels::POSSESSION, x, &row.parts(&number), proof)?,
        })
    };
    parallel::run(threads, || {
        let size = parallel::chunk_size(items.len(), PROOFS_AT_ONCE, threads);
        items
            .par_chunks(size)
            .flat_map_iter(|chunk| check_chunk(&chunk.iter().map(decode).collect::<Vec<_>>()))
            .collect()
    })
}

struct Possession {
    x: RistrettoPoint,
    signature: Signature,
}

impl Possession {
    fn holds(&self) -> bool {
        let Signature { commitment, c, s } = &self.signature;
        let expected = RistrettoPoint::vartime_double_scalar_mul_basepoint(&-c, &self.x, s);
        expected == *commitment
    }
}

fn check_chunk(proofs: &[Result<Possession>]) -> Vec<bool> {
    let mut verdicts = vec![false; proofs.len()];
    let decoded = proofs.iter().enumerate();
    let decoded: Vec<(usize, &Possession)> = decoded
        .filter_map(|(place, proof)| Some((place, proof.as_ref().ok()?)))
        .collect();
    decoded
        .iter()
        .for_each(|(place, _)| verdicts[*place] = true);
    single_out(&decoded, &hold_together_vartime, &mut |(place, proof)| {
        verdicts[*place] = proof.holds();
    });
    verdicts
}

/// Whether `R + c X - s g`, summed up with random weights, is the identity.
fn hold_together_vartime(proofs: &[(usize, &Possession)]) -> bool {
    let mut scalars = Vec::with_capacity(2 * proofs.len() + 1);
    let mut points = Vec::with_capacity(2 * proofs.len() + 1);
    let mut base = Scalar::ZERO;
    for ((_, proof), weight) in proofs.iter().zip(weights::draw(proofs.len())) {
        let Signature { commitment, c, s } = &proof.signature;
        scalars.extend([weight, weight * c]);
        points.extend([commitment, &proof.x]);
        base -= weight * s;
    }
    scalars.push(base);
    points.push(&RISTRETTO_BASEPOINT_POINT);
    RistrettoPoint::vartime_multiscalar_mul(scalars, points).is_identity()
}
