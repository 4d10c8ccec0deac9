//! A ballot of right form, decoded, and the equations that it must satisfy.

use curve25519_dalek::{RistrettoPoint, Scalar};

use crate::ballot::BallotKit;
use crate::batch::Ciphertexts;
use crate::bulk::CastBallot;
use crate::combination::Combination;
use crate::contest::Contest;
use crate::credential::Cast;
use crate::error::{Error, Result};
use crate::group::decode_nonidentity;
use crate::schnorr::Signature;

/// A ballot whose form is right (docs/protocol.md 10, cast) and whose signature decodes.
pub(crate) struct Opened {
    credential: RistrettoPoint,
    signature: Signature,
    /// The contests of the style in order, with their numbers.
    contests: Vec<(usize, Contest)>,
    /// Whether equation (1) holds for each contest. It costs little, so it is tested exactly.
    pub(crate) is_solved: bool,
}

impl Opened {
    /// Check a ballot's form and decode it.
    ///
    /// # Errors
    /// The first fault of form: `InvalidEncoding`, `InvalidPoint`, `InvalidScalar`; then
    /// `InvalidSignature` where the signature does not decode.
    pub(crate) fn open(kit: &BallotKit, cast: &CastBallot<'_>) -> Result<Self> {
        let parts = kit.split(cast.style, cast.ballot)?;
        let credential = decode_nonidentity(cast.credential)?;
        let mut is_solved = true;
        let mut contests = Vec::new();
        for (number, bytes) in parts {
            let shape = kit.shape(number);
            let contest = Contest::decode(shape, &kit.context(number, cast.credential), bytes)?;
            is_solved &= contest.is_solved(shape);
            contests.push((number, contest));
        }
        // Ledger entries hold integers below 2^63 only.
        if !(1..1 << 63).contains(&cast.sequence) {
            return Err(Error::InvalidEncoding(
                "a sequence number is 1 to 2^63 - 1".into(),
            ));
        }
        let signed = Cast {
            election_id: &kit.election_id,
            style: u32::try_from(cast.style).expect("the style exists, and styles are few"),
            sequence: cast.sequence,
            ballot: cast.ballot,
        };
        Ok(Self {
            credential,
            signature: signed.decode(cast.credential, cast.signature)?,
            contests,
            is_solved,
        })
    }

    /// Number of equations that [`Self::add_equations`] weighs.
    pub(crate) fn equation_count(&self) -> usize {
        1 + 2 * self.contests.len()
    }

    /// Add all equations but (1) to a combination, each with a weight of its own.
    pub(crate) fn add_equations<'p>(
        &'p self,
        weights: &mut impl Iterator<Item = Scalar>,
        sum: &mut Combination<'p>,
    ) {
        let mut weight = || weights.next().expect("one weight for each equation");
        self.add_signature_equation(&weight(), sum);
        for (_, contest) in &self.contests {
            contest.add_bits_equation(&weight(), sum);
            contest.add_scores_equation(&weight(), sum);
        }
    }

    /// Test one equation after the other, without weights.
    ///
    /// # Errors
    /// `InvalidSignature`, else `InvalidProof`.
    pub(crate) fn check_alone_vartime(&self, kit: &BallotKit) -> Result<()> {
        let mut sum = kit.combination(2);
        self.add_signature_equation(&Scalar::ONE, &mut sum);
        if !sum.is_identity_vartime() {
            return Err(Error::InvalidSignature(
                "the signature does not hold for this ballot and credential".into(),
            ));
        }
        self.contests
            .iter()
            .try_for_each(|(number, contest)| check_proof_vartime(kit, *number, contest))
    }

    /// A, B_1, ..., B_n of each contest.
    pub(crate) fn into_ciphertexts(self) -> Ciphertexts {
        let contests = self.contests.into_iter();
        contests
            .map(|(_, contest)| contest.into_ciphertext())
            .collect()
    }

    /// Add `weight` times `R + c X - s g`.
    fn add_signature_equation<'p>(&'p self, weight: &Scalar, sum: &mut Combination<'p>) {
        let Signature { commitment, c, s } = &self.signature;
        sum.add_point(*weight, commitment);
        sum.add_point(weight * c, &self.credential);
        sum.subtract_base(weight * s);
    }
}

fn check_proof_vartime(kit: &BallotKit, number: usize, contest: &Contest) -> Result<()> {
    let shape = kit.shape(number);
    let fail = |what: &str| {
        Err(Error::InvalidProof(
            format!("contest {number}: {what}").into(),
        ))
    };
    if !contest.is_solved(shape) {
        return fail("the responses do not satisfy the limits");
    }
    let mut bits = kit.combination(2);
    contest.add_bits_equation(&Scalar::ONE, &mut bits);
    if !bits.is_identity_vartime() {
        return fail("the equation of the bits does not hold");
    }
    let mut scores = kit.combination(shape.option_count() + 2);
    contest.add_scores_equation(&Scalar::ONE, &mut scores);
    if !scores.is_identity_vartime() {
        return fail("the equation of the scores does not hold");
    }
    Ok(())
}
