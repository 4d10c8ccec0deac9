//! Decryption shares: good ones hold, and nothing else does.

use curve25519_dalek::Scalar;
use hanpyo_core::group::decode_scalar;
use hanpyo_core::shares::{Share, Statement, SumId, check_share};
use hanpyo_core::{Error, Result};

use crate::support::{Held, RANDOM, SUM, attempt, hold, slices};

const TOTALS: [u64; 3] = [0, 7, 1];

/// A ceremony of five slots and a contest of three options.
fn held() -> Held {
    hold(attempt(8, 2, 5), &[1, 2, 3])
}

/// One share in all its parts, each of which a test can exchange.
struct Posted {
    sum: SumId,
    ceremony_id: [u8; 32],
    trustee: u32,
    keys: Vec<[u8; 32]>,
    total: Vec<u8>,
    share: Share,
}

impl Posted {
    fn of(held: &Held, trustee: u32) -> Self {
        let total = held.sum_of(&TOTALS);
        Self {
            sum: SUM,
            ceremony_id: held.ceremony.id,
            trustee,
            keys: held.verification_keys(trustee)[..3].to_vec(),
            share: held.key(trustee).share(&SUM, &total, &RANDOM).unwrap(),
            total,
        }
    }

    fn check(&self) -> Result<()> {
        let statement = Statement {
            sum: &self.sum,
            ceremony_id: &self.ceremony_id,
            trustee: self.trustee,
            keys: &slices(&self.keys),
            total: &self.total,
            shares: &self.share.points,
        };
        check_share(statement, &self.share.proof)
    }

    fn is_invalid(&self) -> bool {
        matches!(self.check(), Err(Error::InvalidShare(_)))
    }
}

#[test]
fn every_trustees_share_holds() {
    let held = held();
    for trustee in [1, 2, 3] {
        Posted::of(&held, trustee).check().unwrap();
    }
}

#[test]
fn a_share_belongs_to_one_sum_of_one_election() {
    let held = held();
    let change = |change: fn(&mut Posted)| {
        let mut posted = Posted::of(&held, 1);
        change(&mut posted);
        posted.is_invalid()
    };
    assert!(change(|posted| posted.sum.election_id[31] ^= 1));
    assert!(change(|posted| posted.sum.contest += 1));
    assert!(change(|posted| posted.sum.group += 1));
    assert!(change(|posted| posted.ceremony_id[0] ^= 1));
    assert!(change(|posted| posted.trustee = 2));
    assert!(change(|posted| posted.keys.swap(0, 1)));
    assert!(change(|posted| posted.total.copy_within(32..64, 0)));
}

#[test]
fn a_share_of_another_trustee_is_refused() {
    let held = held();
    let mut posted = Posted::of(&held, 1);
    posted.share = Posted::of(&held, 2).share;
    assert!(posted.is_invalid());
    posted.trustee = 2;
    assert!(posted.is_invalid());
    posted.keys = Posted::of(&held, 2).keys;
    posted.check().unwrap();
}

#[test]
fn a_wrong_share_in_any_slot_is_refused() {
    let held = held();
    for slot in 0..3 {
        let place = 32 * slot..32 * (slot + 1);
        for bytes in [[0; 32], [0xff; 32], Posted::of(&held, 2).keys[0]] {
            let mut posted = Posted::of(&held, 1);
            posted.share.points[place.clone()].copy_from_slice(&bytes);
            assert!(posted.is_invalid(), "slot {slot}");
        }
    }
    let mut posted = Posted::of(&held, 1);
    posted.share.points.truncate(64);
    assert!(posted.is_invalid());
    posted.share.points.extend([0; 64]);
    assert!(posted.is_invalid());
}

#[test]
fn errors_that_cancel_out_are_refused() {
    // Two slots exchanged: the plain sum of the shares stays the same.
    let mut posted = Posted::of(&held(), 1);
    let (first, second) = posted.share.points[..64].split_at_mut(32);
    first.swap_with_slice(second);
    assert!(posted.is_invalid());
}

#[test]
fn tampered_proofs_are_refused() {
    let held = held();
    for start in [0, 32] {
        let mut posted = Posted::of(&held, 1);
        let place = start..start + 32;
        let proof = &mut posted.share.proof[place.clone()];
        let scalar = decode_scalar(proof).unwrap() + Scalar::ONE;
        proof.copy_from_slice(scalar.as_bytes());
        assert!(posted.is_invalid());
        posted.share.proof[place].fill(0xff);
        assert!(posted.is_invalid());
    }
}

#[test]
fn malformed_sums_and_keys_are_the_callers_fault() {
    let held = held();
    let mut posted = Posted::of(&held, 1);
    posted.total[..32].fill(0xff);
    assert!(matches!(posted.check(), Err(Error::InvalidPoint(_))));
    posted.total.truncate(96);
    assert!(matches!(posted.check(), Err(Error::InvalidEncoding(_))));
    let mut posted = Posted::of(&held, 1);
    posted.keys[2] = [0xff; 32];
    assert!(matches!(posted.check(), Err(Error::InvalidPoint(_))));

    let key = held.key(1);
    for bytes in [0, 31, 32, 65, 32 * 7] {
        let share = key.share(&SUM, &vec![0; bytes], &RANDOM);
        assert!(
            matches!(share, Err(Error::InvalidEncoding(_))),
            "{bytes} bytes"
        );
    }
    let share = key.share(&SUM, &[0xff; 64], &RANDOM);
    assert!(matches!(share, Err(Error::InvalidPoint(_))));
}

#[test]
fn nonces_differ_with_sum_and_randomness() {
    let held = held();
    let (key, total) = (held.key(1), held.sum_of(&TOTALS));
    let other = SumId { group: 6, ..SUM };
    let proofs = [
        key.share(&SUM, &total, &[1; 32]).unwrap().proof,
        key.share(&SUM, &total, &[2; 32]).unwrap().proof,
        key.share(&other, &total, &[1; 32]).unwrap().proof,
    ];
    // z = rho + c w with the same rho and two c would give the witness away.
    for (i, one) in proofs.iter().enumerate() {
        for other in &proofs[..i] {
            assert_ne!(one[..32], other[..32]);
            assert_ne!(one[32..], other[32..]);
        }
    }
    assert_eq!(proofs[0], key.share(&SUM, &total, &[1; 32]).unwrap().proof);
}

#[test]
fn an_empty_sum_is_decrypted_too() {
    // Ballots whose randomness adds up to nothing must not block a tally.
    let mut posted = Posted::of(&held(), 1);
    posted.total[..32].fill(0);
    posted.share = held().key(1).share(&SUM, &posted.total, &RANDOM).unwrap();
    assert_eq!(posted.share.points, [0; 96]);
    posted.check().unwrap();
    posted.share.points[..32].copy_from_slice(&posted.keys[0]);
    assert!(posted.is_invalid());
}
