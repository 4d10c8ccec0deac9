//! E07: the form of a cast ballot, and which fault counts first.

use crate::support::{Contest, Election, Source, Voted, choose_one, sum_limit, unhex, verdict};

const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
const NOT_CANONICAL: [u8; 32] = [0xff; 32];

fn good_vote() -> (Election, Voted) {
    let election = Election::single(Contest::new(3, 1, &[sum_limit(3, 0, 2)]));
    let mut source = Source::new(40);
    let credential = source.credential();
    let ballot = election.prove(0, &credential.public(), &source.bytes(), &[vec![0, 1, 1]]);
    let voted = Voted::sign(&credential, 0, 1, &ballot.expect("lawful"));
    (election, voted)
}

#[test]
fn e07_every_point_and_scalar_must_be_canonical() {
    let (election, voted) = good_vote();
    assert_eq!(verdict(&election.kit, &voted), 0);
    // A, B_1..B_3, V, V', W', then five bits, z, z_s.
    let point_count = 7;
    for place in 0..voted.ballot.len() / 32 {
        let mut changed = voted.clone();
        let element = &mut changed.ballot[32 * place..32 * place + 32];
        let expected = if place < point_count {
            element.copy_from_slice(&NOT_CANONICAL);
            30
        } else {
            element.copy_from_slice(&unhex::<32>(ORDER));
            31
        };
        assert_eq!(
            verdict(&election.kit, &changed),
            expected,
            "element {place}"
        );
    }
}

#[test]
fn e07_a_v_and_x_are_not_the_identity() {
    let (election, voted) = good_vote();
    for (place, expected) in [(0, 30), (1, 32), (4, 30), (5, 32), (6, 32)] {
        let mut changed = voted.clone();
        changed.ballot[32 * place..32 * place + 32].fill(0);
        // Where the identity may stand, the signature no longer holds for the changed bytes.
        assert_eq!(
            verdict(&election.kit, &changed),
            expected,
            "element {place}"
        );
    }
    let mut changed = voted.clone();
    changed.credential = vec![0; 32];
    assert_eq!(verdict(&election.kit, &changed), 30);
    changed.credential = NOT_CANONICAL.to_vec();
    assert_eq!(verdict(&election.kit, &changed), 30);
    changed.credential = voted.credential[..31].to_vec();
    assert_eq!(verdict(&election.kit, &changed), 30);
}

#[test]
fn style_length_and_sequence_must_fit() {
    let (election, voted) = good_vote();
    let judge = |change: &dyn Fn(&mut Voted)| {
        let mut changed = voted.clone();
        change(&mut changed);
        verdict(&election.kit, &changed)
    };
    assert_eq!(judge(&|voted| voted.style = 1), 13);
    assert_eq!(judge(&|voted| voted.style = u64::MAX), 13);
    assert_eq!(judge(&|voted| voted.ballot.push(0)), 13);
    assert_eq!(judge(&|voted| voted.ballot.truncate(32)), 13);
    assert_eq!(judge(&|voted| voted.ballot.clear()), 13);
    assert_eq!(judge(&|voted| voted.sequence = 0), 13);
    assert_eq!(judge(&|voted| voted.sequence = 1 << 63), 13);
    assert_eq!(judge(&|voted| voted.sequence = (1 << 63) - 1), 32);
}

#[test]
fn the_largest_sequence_number_can_be_cast() {
    let election = Election::single(choose_one(2));
    let mut source = Source::new(41);
    let credential = source.credential();
    let ballot = election.prove(0, &credential.public(), &source.bytes(), &[vec![1, 0]]);
    let voted = Voted::sign(&credential, 0, (1 << 63) - 1, &ballot.expect("lawful"));
    assert_eq!(verdict(&election.kit, &voted), 0);
}

#[test]
fn signatures_cover_every_field_of_the_ballot() {
    let (election, voted) = good_vote();
    let stranger = Source::new(42).credential().public().to_vec();
    let changes: [&dyn Fn(&mut Voted); 8] = [
        &|voted| voted.sequence += 1,
        &|voted| voted.ballot[32 * 13] ^= 1,
        &|voted| voted.credential = stranger.clone(),
        &|voted| voted.signature[..32].copy_from_slice(&NOT_CANONICAL),
        &|voted| voted.signature[..32].fill(0),
        &|voted| voted.signature[32..].copy_from_slice(&unhex::<32>(ORDER)),
        &|voted| voted.signature[32] ^= 1,
        &|voted| voted.signature.truncate(63),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut changed = voted.clone();
        change(&mut changed);
        assert_eq!(verdict(&election.kit, &changed), 32, "change {number}");
    }
}

#[test]
fn form_comes_before_signature_and_signature_before_proof() {
    let (election, voted) = good_vote();
    let last = voted.ballot.len() - 32;
    let mut false_proof = voted.clone();
    false_proof.ballot[last] ^= 1;
    assert_eq!(verdict(&election.kit, &false_proof), 32);
    let mut all_wrong = false_proof.clone();
    all_wrong.ballot[last..].copy_from_slice(&unhex::<32>(ORDER));
    assert_eq!(verdict(&election.kit, &all_wrong), 31);
    // Of two faults of form, the one that stands first in the bytes counts.
    all_wrong.ballot[32..64].copy_from_slice(&NOT_CANONICAL);
    assert_eq!(verdict(&election.kit, &all_wrong), 30);
    all_wrong.ballot.pop();
    assert_eq!(verdict(&election.kit, &all_wrong), 13);
    // Equation (1) fails here, and the signature still counts first.
    let mut unsolved = voted;
    unsolved.ballot[32 * 7] ^= 1;
    assert_eq!(verdict(&election.kit, &unsolved), 32);
}
