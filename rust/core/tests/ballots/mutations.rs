//! E01, E02: ballots made of somebody else's ballots.

use curve25519_dalek::{RistrettoPoint, Scalar};
use hanpyo_core::credential::Credential;
use hanpyo_core::group::decode_point;

use crate::support::{Contest, Election, Source, Voted, sum_limit, verdicts};

const OPTIONS: usize = 4;
const POINTS: usize = OPTIONS + 4;

#[test]
fn e02_mutated_ballots_are_refused() {
    mutate(3_000);
}

#[test]
#[ignore = "takes minutes: cargo test --release -- --ignored"]
fn e02_many_mutated_ballots_are_refused() {
    mutate(100_000);
}

fn mutate(count: usize) {
    let seed = 2_000;
    let mut source = Source::new(seed);
    let election = Election::single(Contest::new(OPTIONS, 1, &[sum_limit(OPTIONS, 0, 2)]));
    let voters: Vec<Credential> = (0..6).map(|_| source.credential()).collect();
    let ballots: Vec<Vec<u8>> = voters
        .iter()
        .enumerate()
        .map(|(number, voter)| {
            let mut scores = vec![0; OPTIONS];
            scores[number % OPTIONS] = 1;
            let seed = source.bytes();
            election
                .prove(0, &voter.public(), &seed, &[scores])
                .expect("lawful")
        })
        .collect();
    let mut made = 0;
    while made < count {
        let mut voted = Vec::new();
        while voted.len() < 500.min(count - made) {
            let (victim, other) = (source.place(6), source.place(6));
            let mut ballot = ballots[victim].clone();
            mutate_one(&election, &mut ballot, &ballots[other], &mut source);
            // The attacker signs with a credential of its own; or a device with its voter's.
            let signer = if source.below(2) == 0 { victim } else { other };
            if ballot != ballots[signer] {
                voted.push(Voted::sign(&voters[signer], 0, 1, &ballot));
            }
        }
        for verdict in verdicts(&election.kit, &voted, 2) {
            assert_ne!(verdict, 0, "seed {seed}, ballots {made} and following");
        }
        made += voted.len();
    }
}

/// Change a ballot in one of the ways that keep some structure, and sometimes in two.
fn mutate_one(election: &Election, ballot: &mut [u8], other: &[u8], source: &mut Source) {
    match source.below(8) {
        0 => rerandomize(election, ballot, source),
        1 => swap(ballot, 1 + source.place(OPTIONS), 1 + source.place(OPTIONS)),
        2 => {
            let place = source.place(POINTS);
            change_point(ballot, place, |point| -point);
        }
        3 => {
            let place = source.place(POINTS);
            let added = point(other, place);
            change_point(ballot, place, |point| point + added);
        }
        4 => {
            let place = source.place(POINTS);
            let added = source.point();
            change_point(ballot, place, |point| point + added);
        }
        5 => {
            let (from, to) = (
                source.place(ballot.len() / 32),
                source.place(ballot.len() / 32),
            );
            let part = 32 * from.min(to)..32 * from.max(to);
            ballot[part.clone()].copy_from_slice(&other[part]);
        }
        6 => {
            let bit = source.place(8 * ballot.len());
            ballot[bit / 8] ^= 1 << (bit % 8);
        }
        _ => {} // verbatim
    }
}

/// A + rho g, B_i + rho h_i: the same vote under other randomness.
fn rerandomize(election: &Election, ballot: &mut [u8], source: &mut Source) {
    let rho = source.scalar();
    change_point(ballot, 0, |a| a + RistrettoPoint::mul_base(&rho));
    for (option, secret) in election.slot_secrets.iter().enumerate() {
        let shift: Scalar = rho * secret;
        change_point(ballot, option + 1, |b| b + RistrettoPoint::mul_base(&shift));
    }
}

fn point(ballot: &[u8], place: usize) -> RistrettoPoint {
    decode_point(&ballot[32 * place..32 * place + 32]).expect("a point")
}

fn change_point(
    ballot: &mut [u8],
    place: usize,
    change: impl Fn(RistrettoPoint) -> RistrettoPoint,
) {
    let changed = change(point(ballot, place)).compress().to_bytes();
    ballot[32 * place..32 * place + 32].copy_from_slice(&changed);
}

fn swap(ballot: &mut [u8], one: usize, other: usize) {
    let (one, other) = (one.min(other), one.max(other));
    if one < other {
        let (left, right) = ballot.split_at_mut(32 * other);
        left[32 * one..32 * one + 32].swap_with_slice(&mut right[..32]);
    }
}
