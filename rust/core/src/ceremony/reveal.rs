//! Round 2, reveal: the points themselves, in parts, with proof that their secrets are known.

use std::ops::RangeInclusive;

use curve25519_dalek::{RistrettoPoint, Scalar};
use zeroize::Zeroizing;

use super::commit::commitment;
use super::{Ceremony, Seed, Size, check_index};
use crate::error::{Error, Result};
use crate::group::{ELEMENT_BYTES, decode_points, decode_scalar, encode_point, nonce};
use crate::labels;
use crate::transcript::Transcript;

/// A part with its proof has at most this many points and scalars, so that it fits one entry.
const PART_ELEMENTS: usize = 1500;

/// What a trustee publishes in round 2, one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// The points C_kjd of the part's slots.
    pub points: Vec<u8>,
    /// The proof `c || z_j...`.
    pub proof: Vec<u8>,
}

/// In how many parts a trustee reveals its points.
pub fn part_count(size: Size) -> u32 {
    size.slots.div_ceil(part_slots(size)) as u32
}

fn part_slots(size: Size) -> usize {
    PART_ELEMENTS / (size.threshold + 1)
}

/// The slots of one part, or `None` where there is no such part.
fn slots_of(size: Size, part: u32) -> Option<RangeInclusive<usize>> {
    let before = part_slots(size).checked_mul(part as usize)?;
    (before < size.slots).then(|| before + 1..=size.slots.min(before + part_slots(size)))
}

/// Make one part of a trustee's reveal. `random` is 32 fresh bytes. Constant time.
///
/// # Errors
/// `InvalidQuery` for an index that no trustee has, and for a part that does not exist.
pub fn reveal(
    seed: &Seed,
    ceremony: &Ceremony,
    trustee: u32,
    part: u32,
    random: &[u8; 32],
) -> Result<Reveal> {
    check_index(trustee)?;
    let slots = slots_of(ceremony.size, part)
        .ok_or_else(|| Error::InvalidQuery(format!("a reveal has no part {part}").into()))?;
    let all_points = seed.points(ceremony);
    let slot_bytes = ceremony.size.slot_bytes();
    let points = &all_points[(slots.start() - 1) * slot_bytes..slots.end() * slot_bytes];
    let transport = encode_point(&RistrettoPoint::mul_base(&seed.transport(&ceremony.id)));
    let statement = Statement {
        ceremony,
        trustee,
        transport: &transport,
        commitment: &commitment(&ceremony.id, trustee, &all_points),
        part,
        points,
    };
    let mut transcript = statement.transcript();
    let covered = transcript.digest();
    let polynomials: Vec<_> = slots.map(|slot| seed.polynomial(ceremony, slot)).collect();
    let mut rhos = Zeroizing::new(Vec::with_capacity(polynomials.len()));
    for (i, polynomial) in polynomials.iter().enumerate() {
        rhos.push(nonce(polynomial.constant(), random, &covered, i as u32));
    }
    let c = challenge(&mut transcript, rhos.iter().map(RistrettoPoint::mul_base));
    let mut proof = c.to_bytes().to_vec();
    for (rho, polynomial) in rhos.iter().zip(&polynomials) {
        proof.extend_from_slice((rho + c * polynomial.constant()).as_bytes());
    }
    Ok(Reveal {
        points: points.to_vec(),
        proof,
    })
}

/// Check one part of a trustee's reveal against its commit.
///
/// That the parts together are what was committed to is [`super::check_commitment`]'s.
///
/// # Errors
/// `InvalidCeremony` for a part that does not exist, malformed points or scalars, and a proof that
/// does not hold.
pub fn check_reveal(
    ceremony: &Ceremony,
    trustee: u32,
    transport: &[u8],
    commitment: &[u8],
    part: u32,
    points: &[u8],
    proof: &[u8],
) -> Result<()> {
    let refuse = |why: &'static str| Error::InvalidCeremony(why.into());
    let slots = slots_of(ceremony.size, part)
        .ok_or(refuse("a reveal has no such part"))?
        .count();
    let threshold = ceremony.size.threshold;
    let decoded = decode_points(points, slots * threshold)
        .map_err(|error| error.recast(Error::InvalidCeremony))?;
    let constants = decoded.iter().step_by(threshold);
    if proof.len() != (1 + slots) * ELEMENT_BYTES {
        return Err(refuse(
            "a reveal's proof is one scalar and one for each slot",
        ));
    }
    let scalars = proof
        .chunks_exact(ELEMENT_BYTES)
        .map(decode_scalar)
        .collect::<Result<Vec<Scalar>>>()
        .map_err(|error| error.recast(Error::InvalidCeremony))?;
    let (c, responses) = scalars.split_first().expect("a proof begins with c");

    let statement = Statement {
        ceremony,
        trustee,
        transport,
        commitment,
        part,
        points,
    };
    let nonces = responses
        .iter()
        .zip(constants)
        .map(|(z, constant)| RistrettoPoint::vartime_double_scalar_mul_basepoint(&-c, constant, z));
    if challenge(&mut statement.transcript(), nonces) != *c {
        return Err(refuse("the reveal's proof does not hold"));
    }
    Ok(())
}

/// What a reveal's proof is about.
struct Statement<'a> {
    ceremony: &'a Ceremony,
    trustee: u32,
    transport: &'a [u8],
    commitment: &'a [u8],
    part: u32,
    points: &'a [u8],
}

impl Statement<'_> {
    fn transcript(&self) -> Transcript {
        let mut transcript = Transcript::new(labels::REVEAL);
        transcript.absorb(
            labels::STATEMENT,
            &[
                &self.ceremony.id,
                &self.trustee.to_be_bytes(),
                self.transport,
                self.commitment,
                &self.part.to_be_bytes(),
            ],
        );
        transcript.absorb(labels::POINTS, &[self.points]);
        transcript
    }
}

fn challenge(transcript: &mut Transcript, nonces: impl Iterator<Item = RistrettoPoint>) -> Scalar {
    let encoded: Vec<[u8; ELEMENT_BYTES]> = nonces.map(|point| encode_point(&point)).collect();
    let parts: Vec<&[u8]> = encoded.iter().map(|point| point.as_slice()).collect();
    transcript.absorb(labels::NONCES, &parts);
    transcript.challenge(labels::C)
}
