//! An election's frozen facts, from which its ballots are made and checked (docs/protocol.md 8).

use std::sync::Arc;

use curve25519_dalek::RistrettoPoint;
use rayon::prelude::*;
use zeroize::Zeroizing;

use crate::combination::Combination;
use crate::error::{Error, Result};
use crate::generators::Generators;
use crate::group::{decode_nonidentity, frame};
use crate::labels;
use crate::parallel;
use crate::prove::{self, Public};
use crate::shape::Shape;
use crate::slots::Slots;

/// Makes and checks the ballots of one election; everything in it is decoded once.
pub struct BallotKit {
    pub(crate) election_id: [u8; 32],
    joint_key_digest: [u8; 32],
    contests: Vec<Contest>,
    styles: Vec<Vec<usize>>,
    bits_max: usize,
    slots: Slots,
    generators: Arc<Generators>,
}

struct Contest {
    shape: Arc<Shape>,
    half_weights: Vec<RistrettoPoint>,
}

/// What is needed to make one ballot.
pub struct Order<'a> {
    /// Number of the ballot style.
    pub style: u64,
    /// The credential's public point X.
    pub credential: &'a [u8],
    /// A fresh seed, for this ballot only.
    pub seed: &'a [u8; 32],
    /// The scores, for each contest of the style in order.
    pub scores: &'a [Scores],
}

/// One contest's scores; wiped when dropped.
pub type Scores = Zeroizing<Vec<u64>>;

impl BallotKit {
    /// Decode an election's facts.
    ///
    /// # Errors
    /// `InvalidPoint` for a slot key that is not canonical, the identity, or there twice;
    /// `InvalidQuery` where slots are missing or a style is empty or names an unknown contest.
    pub fn new(
        election_id: [u8; 32],
        joint_key_digest: [u8; 32],
        slot_keys: &[impl AsRef<[u8]>],
        contests: Vec<Arc<Shape>>,
        styles: Vec<Vec<usize>>,
    ) -> Result<Self> {
        let is_known = |style: &Vec<usize>| {
            !style.is_empty() && style.iter().all(|contest| *contest < contests.len())
        };
        if !styles.iter().all(is_known) {
            return Err(Error::InvalidQuery(
                "a style is empty or names an unknown contest".into(),
            ));
        }
        let slots_needed = contests.iter().map(|shape| shape.option_count()).max();
        if slot_keys.len() < slots_needed.unwrap_or(0) {
            return Err(Error::InvalidQuery(
                "there are fewer slot keys than options of a contest".into(),
            ));
        }
        let bits_max = contests.iter().map(|shape| shape.bit_count()).max();
        let bits_max = bits_max.unwrap_or(0);
        let with_weights = |shape: Arc<Shape>| Contest {
            half_weights: prove::half_weights(&shape),
            shape,
        };
        Ok(Self {
            election_id,
            joint_key_digest,
            bits_max,
            slots: Slots::decode(slot_keys)?,
            generators: Generators::for_bits(bits_max),
            contests: contests.into_iter().map(with_weights).collect(),
            styles,
        })
    }

    /// Bytes of a ballot of this style.
    ///
    /// # Errors
    /// `InvalidQuery` for an unknown style.
    pub fn ballot_size(&self, style: u64) -> Result<usize> {
        let contests = self.style(style).ok_or_else(unknown_style)?;
        Ok(self.size(contests))
    }

    /// Make one ballot: its bytes of 8.5. Constant time in the seed and in lawful scores.
    ///
    /// # Errors
    /// `InvalidQuery` for an unknown style, `InvalidPoint` for a credential that is no canonical
    /// point or the identity, `InvalidSelection` for scores that are not lawful.
    pub fn prove(&self, order: &Order<'_>) -> Result<Vec<u8>> {
        self.slots.expect_ballots(1);
        self.prove_one(order)
    }

    /// Make many ballots; the first error in their order ends the work.
    ///
    /// # Errors
    /// As [`Self::prove`]; `InvalidQuery` for a lawless number of threads.
    pub fn prove_many(&self, orders: &[Order<'_>], threads: usize) -> Result<Vec<Vec<u8>>> {
        self.slots.expect_ballots(orders.len());
        let prove_all = || {
            orders
                .par_iter()
                .map(|order| self.prove_one(order))
                .collect()
        };
        let ballots: Vec<Result<Vec<u8>>> = parallel::run(threads, prove_all)?;
        ballots.into_iter().collect()
    }

    fn prove_one(&self, order: &Order<'_>) -> Result<Vec<u8>> {
        let contests = self.style(order.style).ok_or_else(unknown_style)?;
        decode_nonidentity(order.credential)?;
        if order.scores.len() != contests.len() {
            return Err(Error::InvalidSelection(
                format!(
                    "selections are given for {} contests, the style has {}",
                    order.scores.len(),
                    contests.len()
                )
                .into(),
            ));
        }
        let mut ballot = Vec::with_capacity(self.size(contests));
        for (number, scores) in contests.iter().zip(order.scores) {
            let contest = &self.contests[*number];
            let public = Public {
                shape: &contest.shape,
                half_weights: &contest.half_weights,
                generators: &self.generators,
                slots: &self.slots,
                context: &self.context(*number, order.credential),
            };
            prove::prove(&public, order.seed, scores, &mut ballot)?;
        }
        Ok(ballot)
    }

    /// The contest numbers of a style.
    pub(crate) fn style(&self, style: u64) -> Option<&[usize]> {
        let style = usize::try_from(style).ok()?;
        self.styles.get(style).map(Vec::as_slice)
    }

    /// The contest with this number, which exists.
    pub(crate) fn shape(&self, number: usize) -> &Shape {
        &self.contests[number].shape
    }

    /// Where one contest's proof of one credential stands (8.2).
    pub(crate) fn context(&self, number: usize, credential: &[u8]) -> Vec<u8> {
        let number = u32::try_from(number).expect("a manifest has at most 64 contests");
        let parts = [
            &self.election_id[..],
            &self.joint_key_digest,
            &number.to_be_bytes(),
            credential,
        ];
        frame(labels::CONTEST, &parts)
    }

    /// An empty combination over this election's fixed points.
    pub(crate) fn combination(&self, points_expected: usize) -> Combination<'_> {
        let slots = self.slots.points();
        Combination::new(&self.generators, self.bits_max, slots, points_expected)
    }

    /// How many fixed points a combination has.
    pub(crate) fn fixed_point_count(&self) -> usize {
        2 * self.bits_max + self.slots.points().len() + 3
    }

    /// Bytes of a ballot with these contests.
    pub(crate) fn size(&self, contests: &[usize]) -> usize {
        let sizes = contests
            .iter()
            .map(|number| self.shape(*number).byte_size());
        sizes.sum()
    }
}

fn unknown_style() -> Error {
    Error::InvalidQuery("there is no such ballot style".into())
}
