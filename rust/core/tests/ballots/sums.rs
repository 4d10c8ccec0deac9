//! Running sums of ciphertexts.

use curve25519_dalek::{RistrettoPoint, Scalar};
use hanpyo_core::batch::Batch;
use hanpyo_core::group::decode_points;
use hanpyo_core::sums::{Counted, Sum};

use crate::support::{Contest, Election, Source, Voted, choose_one};

const SCORES: [[u64; 2]; 4] = [[5, 0], [1, 2], [0, 0], [3, 3]];

/// Four ballots of two contests; the first contest is always for its second option.
fn vote(election: &Election) -> Vec<Voted> {
    let mut source = Source::new(70);
    let vote = |scores: &[u64; 2]| {
        let credential = source.credential();
        let scores = [vec![0, 1, 0], scores.to_vec()];
        let ballot = election.prove(0, &credential.public(), &source.bytes(), &scores);
        Voted::sign(&credential, 0, 1, &ballot.expect("lawful"))
    };
    SCORES.iter().map(vote).collect()
}

fn election() -> Election {
    Election::new(&[choose_one(3), Contest::new(2, 5, &[])], &[&[0, 1]])
}

fn check(election: &Election, voted: &[Voted]) -> Batch {
    let cast: Vec<_> = voted.iter().map(Voted::as_cast).collect();
    election.kit.check(&cast, 1).expect("lawful threads")
}

fn counted(ballot: usize, contest: usize, weight: u32) -> Counted {
    Counted {
        ballot,
        contest,
        weight,
    }
}

/// Decrypt a sum with the slot secrets and compare with `totals`.
fn assert_totals(election: &Election, sum: &Sum, totals: &[u64]) {
    let points = decode_points(&sum.encode(), totals.len() + 1).expect("points");
    for (option, total) in totals.iter().enumerate() {
        let plain = points[option + 1] - election.slot_secrets[option] * points[0];
        assert_eq!(
            plain,
            RistrettoPoint::mul_base(&Scalar::from(*total)),
            "option {option}"
        );
    }
}

#[test]
fn sums_decrypt_to_weighted_totals() {
    let election = election();
    let batch = check(&election, &vote(&election));
    let mut sum = Sum::new(2).expect("lawful");
    assert_eq!(sum.encode(), [0; 96]);
    let items = [counted(0, 1, 1), counted(1, 1, 10), counted(3, 1, u32::MAX)];
    sum.add(&batch, &items).expect("lawful");
    let heavy = 3 * u64::from(u32::MAX);
    assert_totals(&election, &sum, &[5 + 10 + heavy, 20 + heavy]);
    sum.subtract(&batch, &[counted(1, 1, 9), counted(3, 1, u32::MAX)])
        .expect("lawful");
    assert_totals(&election, &sum, &[6, 2]);
    sum.subtract(&batch, &[counted(0, 1, 1), counted(1, 1, 1)])
        .expect("lawful");
    assert_eq!(sum.encode(), [0; 96]);
    sum.add(&batch, &[counted(0, 1, 0)])
        .expect("weight 0 counts nothing");
    assert_eq!(sum.encode(), [0; 96]);
}

#[test]
fn sums_merge() {
    let election = election();
    let batch = check(&election, &vote(&election));
    let mut one = Sum::new(3).expect("lawful");
    one.add(&batch, &[counted(0, 0, 2), counted(1, 0, 1)])
        .expect("lawful");
    let mut other = one.clone();
    other.add(&batch, &[counted(2, 0, 1)]).expect("lawful");
    assert_totals(&election, &one, &[0, 3, 0]);
    one.merge(&other).expect("lawful");
    assert_totals(&election, &one, &[0, 7, 0]);
    assert_totals(&election, &other, &[0, 4, 0]);
}

#[test]
fn decoded_ballots_sum_up_like_checked_ones() {
    let election = election();
    let voted = vote(&election);
    let checked = check(&election, &voted);
    let bytes: Vec<(u64, &[u8])> = voted.iter().map(|v| (v.style, &v.ballot[..])).collect();
    let decoded = election.kit.decode(&bytes, 2).expect("lawful threads");
    let items: Vec<Counted> = (0..4).map(|ballot| counted(ballot, 1, 1)).collect();
    let sum = |batch| {
        let mut sum = Sum::new(2).expect("lawful");
        sum.add(batch, &items).expect("lawful");
        sum.encode()
    };
    assert_eq!(sum(&checked), sum(&decoded));
}

#[test]
fn decoding_finds_faults_of_form() {
    let election = election();
    let good = vote(&election).remove(0).ballot;
    let mut no_point = good.clone();
    no_point[32..64].fill(0xff);
    let mut identity = good.clone();
    identity[..32].fill(0);
    let ballots: [(u64, &[u8]); 5] = [
        (0, &good),
        (1, &good),
        (0, &good[1..]),
        (0, &no_point),
        (0, &identity),
    ];
    let batch = election.kit.decode(&ballots, 1).expect("lawful threads");
    let codes: Vec<u8> = batch
        .faults()
        .map(|fault| fault.map_or(0, |f| f.code()))
        .collect();
    assert_eq!(codes, [0, 13, 13, 30, 30]);
}

#[test]
fn what_cannot_be_counted_changes_nothing() {
    let election = election();
    let mut voted = vote(&election);
    voted[2].sequence += 1;
    let batch = check(&election, &voted);
    let mut sum = Sum::new(2).expect("lawful");
    // A good ballot first: the refusal of the second must undo nothing half-done.
    for bad in [
        counted(2, 1, 1),
        counted(4, 1, 1),
        counted(0, 2, 1),
        counted(0, 0, 1),
    ] {
        let refused = sum.add(&batch, &[counted(0, 1, 1), bad]);
        assert_eq!(refused.expect_err("refused").code(), 11);
        assert_eq!(sum.encode(), [0; 96]);
    }
    assert_eq!(
        sum.merge(&Sum::new(3).expect("lawful"))
            .expect_err("other")
            .code(),
        11
    );
    assert!(Sum::new(0).is_err() && Sum::new(513).is_err() && Sum::new(512).is_ok());
}
