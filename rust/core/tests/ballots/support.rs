//! A seeded source of test data, and an election to vote in.

use std::sync::Arc;

use curve25519_dalek::{RistrettoPoint, Scalar};
use hanpyo_core::ballot::{BallotKit, Order, Scores};
use hanpyo_core::bulk::CastBallot;
use hanpyo_core::credential::{Cast, Credential};
use hanpyo_core::group::to_scalar;
use hanpyo_core::shape::{Limit, Shape};

use crate::reference::{Layout, Statement};

pub(crate) const ELECTION_ID: [u8; 32] = [0xe1; 32];
pub(crate) const JOINT_KEY_DIGEST: [u8; 32] = [0x1d; 32];

/// Pseudo-random test data; the same seed gives the same data.
pub(crate) struct Source {
    seed: u64,
    count: u64,
}

impl Source {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, count: 0 }
    }

    pub(crate) fn scalar(&mut self) -> Scalar {
        self.count += 1;
        to_scalar(
            "test",
            &[&self.seed.to_be_bytes(), &self.count.to_be_bytes()],
        )
    }

    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        self.scalar().to_bytes()
    }

    pub(crate) fn point(&mut self) -> RistrettoPoint {
        RistrettoPoint::mul_base(&self.scalar())
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let bytes = self.bytes();
        u64::from_le_bytes(bytes[..8].try_into().expect("8 bytes")) % end
    }

    pub(crate) fn place(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    pub(crate) fn credential(&mut self) -> Credential {
        Credential::from_random(&self.bytes()).expect("nonzero")
    }
}

/// One contest as its manifest gives it.
#[derive(Clone, Debug)]
pub(crate) struct Contest {
    pub(crate) options: usize,
    pub(crate) top: u64,
    pub(crate) limits: Vec<Limit>,
}

impl Contest {
    pub(crate) fn new(options: usize, top: u64, limits: &[Limit]) -> Self {
        Self {
            options,
            top,
            limits: limits.to_vec(),
        }
    }

    pub(crate) fn shape(&self) -> Shape {
        Shape::new(self.options, self.top, self.limits.clone()).expect("a lawful shape")
    }
}

pub(crate) fn limit(low: u64, high: u64, coefficients: &[(usize, u64)]) -> Limit {
    Limit {
        low,
        high,
        coefficients: coefficients.to_vec(),
    }
}

/// A limit on the plain sum of the first `options` scores.
pub(crate) fn sum_limit(options: usize, low: u64, high: u64) -> Limit {
    let coefficients: Vec<(usize, u64)> = (0..options).map(|option| (option, 1)).collect();
    limit(low, high, &coefficients)
}

pub(crate) fn choose_one(options: usize) -> Contest {
    Contest::new(options, 1, &[sum_limit(options, 1, 1)])
}

/// An election whose slot secrets are known to the test.
pub(crate) struct Election {
    pub(crate) kit: BallotKit,
    pub(crate) contests: Vec<Contest>,
    pub(crate) styles: Vec<Vec<usize>>,
    pub(crate) slot_secrets: Vec<Scalar>,
}

impl Election {
    pub(crate) fn new(contests: &[Contest], styles: &[&[usize]]) -> Self {
        let slot_count = contests.iter().map(|contest| contest.options).max();
        let mut source = Source::new(77);
        let secrets: Vec<Scalar> = (0..slot_count.unwrap_or(0))
            .map(|_| source.scalar())
            .collect();
        let keys = secrets
            .iter()
            .map(|k| RistrettoPoint::mul_base(k).compress().to_bytes());
        let keys: Vec<[u8; 32]> = keys.collect();
        let shapes = contests.iter().map(|contest| Arc::new(contest.shape()));
        let styles: Vec<Vec<usize>> = styles.iter().map(|style| style.to_vec()).collect();
        let kit = BallotKit::new(
            ELECTION_ID,
            JOINT_KEY_DIGEST,
            &keys,
            shapes.collect(),
            styles.clone(),
        );
        Self {
            kit: kit.expect("a lawful election"),
            contests: contests.to_vec(),
            styles,
            slot_secrets: secrets,
        }
    }

    /// An election with one contest.
    pub(crate) fn single(contest: Contest) -> Self {
        Self::new(&[contest], &[&[0]])
    }

    pub(crate) fn prove(
        &self,
        style: u64,
        credential: &[u8; 32],
        seed: &[u8; 32],
        scores: &[Vec<u64>],
    ) -> hanpyo_core::Result<Vec<u8>> {
        let scores: Vec<Scores> = scores.iter().cloned().map(Scores::new).collect();
        self.kit.prove(&Order {
            style,
            credential,
            seed,
            scores: &scores,
        })
    }

    /// What the plain reading of the protocol page needs to know of one contest.
    pub(crate) fn statement(&self, number: usize, credential: &[u8; 32]) -> Statement {
        Statement {
            election_id: ELECTION_ID,
            joint_key_digest: JOINT_KEY_DIGEST,
            number: number as u32,
            credential: *credential,
            slots: self
                .slot_secrets
                .iter()
                .map(RistrettoPoint::mul_base)
                .collect(),
            layout: Layout::new(&self.contests[number]),
        }
    }
}

/// A signed ballot, every field open to tampering.
#[derive(Clone)]
pub(crate) struct Voted {
    pub(crate) style: u64,
    pub(crate) credential: Vec<u8>,
    pub(crate) sequence: u64,
    pub(crate) ballot: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl Voted {
    pub(crate) fn sign(credential: &Credential, style: u64, sequence: u64, ballot: &[u8]) -> Self {
        let cast = Cast {
            election_id: &ELECTION_ID,
            style: style as u32,
            sequence,
            ballot,
        };
        Self {
            style,
            credential: credential.public().to_vec(),
            sequence,
            ballot: ballot.to_vec(),
            signature: credential.sign_ballot(&cast, &[9; 32]).to_vec(),
        }
    }

    pub(crate) fn as_cast(&self) -> CastBallot<'_> {
        CastBallot {
            style: self.style,
            credential: &self.credential,
            sequence: self.sequence,
            ballot: &self.ballot,
            signature: &self.signature,
        }
    }
}

/// The codes of each ballot's first fault, 0 for none.
pub(crate) fn verdicts(kit: &BallotKit, voted: &[Voted], threads: usize) -> Vec<u8> {
    let cast: Vec<CastBallot<'_>> = voted.iter().map(Voted::as_cast).collect();
    let batch = kit.check(&cast, threads).expect("lawful threads");
    batch
        .faults()
        .map(|fault| fault.map_or(0, |fault| fault.code()))
        .collect()
}

/// The verdict on one ballot, which must be the same in bulk: single ballots are tested without
/// weights, two ballots with them.
pub(crate) fn verdict(kit: &BallotKit, voted: &Voted) -> u8 {
    let alone = verdicts(kit, std::slice::from_ref(voted), 1)[0];
    let twice = verdicts(kit, &[voted.clone(), voted.clone()], 1);
    assert_eq!(twice, [alone; 2], "bulk and single check differ");
    alone
}

/// The verdict on ballot bytes that the holder of `credential` signs properly.
pub(crate) fn verdict_on_bytes(election: &Election, credential: &Credential, ballot: &[u8]) -> u8 {
    verdict(&election.kit, &Voted::sign(credential, 0, 1, ballot))
}

pub(crate) fn unhex<const N: usize>(hex: &str) -> [u8; N] {
    assert_eq!(hex.len(), 2 * N);
    let byte = |place| u8::from_str_radix(&hex[2 * place..2 * place + 2], 16).expect("hex");
    std::array::from_fn(byte)
}
