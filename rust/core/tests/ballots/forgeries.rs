//! E10, E21: dishonest voters with the honest prover's method.

use curve25519_dalek::{RistrettoPoint, Scalar};

use crate::reference::{Omitted, Proof, Secrets, Statement, base};
use crate::support::{
    Contest, Election, Source, Voted, choose_one, limit, sum_limit, verdict, verdict_on_bytes,
};

/// Random secrets for these bits, which need not be lawful.
fn secrets(statement: &Statement, v: Vec<Scalar>, source: &mut Source) -> Secrets {
    let mut a: Vec<Scalar> = v.iter().map(|_| source.scalar()).collect();
    statement.layout.complete(&mut a);
    Secrets {
        v,
        a,
        r: source.scalar(),
        s: source.scalar(),
        r_mask: source.scalar(),
        s_mask: source.scalar(),
    }
}

fn bits(numbers: &[i64]) -> Vec<Scalar> {
    let scalar = |number: &i64| match number {
        0.. => Scalar::from(*number as u64),
        _ => -Scalar::from(number.unsigned_abs()),
    };
    numbers.iter().map(scalar).collect()
}

#[test]
fn e10_bits_out_of_range_are_refused() {
    let election = Election::single(choose_one(3));
    let mut source = Source::new(10);
    let credential = source.credential();
    let statement = election.statement(0, &credential.public());
    let mut attempt = |numbers: &[i64]| {
        let secrets = secrets(&statement, bits(numbers), &mut source);
        verdict_on_bytes(&election, &credential, &statement.prove(&secrets).encode())
    };
    assert_eq!(
        attempt(&[0, 1, 0]),
        0,
        "the forger's method is the honest one"
    );
    // Sums of 1 made of numbers that are no bits.
    assert_eq!(attempt(&[2, -1, 0]), 34);
    assert_eq!(attempt(&[1_000_000, -999_999, 0]), 34);
    assert_eq!(attempt(&[-1, 1, 1]), 34);
    // Bits with a wrong sum.
    assert_eq!(attempt(&[1, 1, 0]), 34);
    assert_eq!(attempt(&[0, 0, 0]), 34);
    assert_eq!(attempt(&[1, 1, 1]), 34);
}

#[test]
fn e10_scores_and_slacks_out_of_range_are_refused() {
    // R = 5: weights 1, 2, 2 twice; sum <= 6: slack 0..6, weights 1, 2, 3.
    let election = Election::single(Contest::new(2, 5, &[sum_limit(2, 0, 6)]));
    let mut source = Source::new(11);
    let credential = source.credential();
    let statement = election.statement(0, &credential.public());
    let mut attempt = |numbers: &[i64]| {
        let secrets = secrets(&statement, bits(numbers), &mut source);
        assert!(
            statement.layout.is_solved(&secrets.v, Scalar::ONE),
            "{numbers:?}"
        );
        verdict_on_bytes(&election, &credential, &statement.prove(&secrets).encode())
    };
    assert_eq!(attempt(&[1, 1, 1, 1, 0, 0, 0, 0, 0]), 0);
    // Another code word of the same scores is lawful: 3 = 1 + 2 by either weight 2.
    assert_eq!(attempt(&[1, 1, 0, 1, 0, 1, 0, 0, 0]), 0);
    // A score of 6 over the top of 5.
    assert_eq!(attempt(&[2, 1, 1, 0, 0, 0, 0, 0, 0]), 34);
    // Both scores 5 with a slack of -4.
    assert_eq!(attempt(&[1, 1, 1, 1, 1, 1, -4, 0, 0]), 34);
    // A negative score with a slack beyond 6.
    assert_eq!(attempt(&[-1, 0, 0, 0, 0, 0, 2, 1, 1]), 34);
}

#[test]
fn e10_ciphertexts_that_differ_from_the_bits_are_refused() {
    let election = Election::single(choose_one(3));
    let mut source = Source::new(12);
    let credential = source.credential();
    let statement = election.statement(0, &credential.public());
    let secrets = secrets(&statement, bits(&[0, 1, 0]), &mut source);
    let (a, b) = statement.encrypt(secrets.r, &secrets.v);
    let attempt = |a: RistrettoPoint, b: Vec<RistrettoPoint>| {
        let proof = statement.prove_for(&secrets, a, b, Omitted::Nothing);
        verdict_on_bytes(&election, &credential, &proof.encode())
    };
    assert_eq!(attempt(a, b.clone()), 0);
    for delta in [Scalar::ONE, -Scalar::ONE, Scalar::from(1_000_000u64)] {
        for option in 0..3 {
            let mut changed = b.clone();
            changed[option] += RistrettoPoint::mul_base(&delta);
            assert_eq!(attempt(a, changed), 34);
        }
    }
    // Moving a vote from one option to another keeps every sum.
    let moved = vec![b[0] + base(), b[1] - base(), b[2]];
    assert_eq!(attempt(a, moved), 34);
    assert_eq!(attempt(a + base(), b), 34);
}

#[test]
fn each_flipped_field_is_refused() {
    let election = Election::single(Contest::new(2, 3, &[limit(0, 5, &[(0, 1), (1, 2)])]));
    let mut source = Source::new(13);
    let credential = source.credential();
    let statement = election.statement(0, &credential.public());
    let secrets = Secrets::derive(&statement, &source.bytes(), &[3, 1]);
    let good = statement.prove(&secrets);
    let judge = |proof: &Proof| verdict_on_bytes(&election, &credential, &proof.encode());
    assert_eq!(judge(&good), 0);
    let changes: [fn(&mut Proof); 15] = [
        |proof| proof.a += base(),
        |proof| proof.b[0] += base(),
        |proof| proof.b[1] = -proof.b[1],
        |proof| proof.b.swap(0, 1),
        |proof| proof.v += base(),
        |proof| proof.v_mask += base(),
        |proof| proof.w_mask += base(),
        |proof| std::mem::swap(&mut proof.v_mask, &mut proof.w_mask),
        |proof| proof.v_mask = RistrettoPoint::default(),
        |proof| proof.w_mask = RistrettoPoint::default(),
        |proof| proof.z += Scalar::ONE,
        |proof| proof.z_s += Scalar::ONE,
        |proof| std::mem::swap(&mut proof.z, &mut proof.z_s),
        |proof| proof.f.reverse(),
        |proof| proof.f.fill(Scalar::ZERO),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut proof = good.clone();
        change(&mut proof);
        assert_eq!(judge(&proof), 34, "change {number}");
    }
    for bit in 0..good.f.len() {
        let mut proof = good.clone();
        proof.f[bit] += Scalar::ONE;
        assert_eq!(judge(&proof), 34, "bit {bit}");
    }
}

/// Two changes of f that cancel out in equation (1) must still fail (2).
#[test]
fn responses_that_solve_the_limits_but_not_the_bits_are_refused() {
    let election = Election::single(choose_one(3));
    let mut source = Source::new(14);
    let credential = source.credential();
    let statement = election.statement(0, &credential.public());
    let secrets = Secrets::derive(&statement, &source.bytes(), &[0, 1, 0]);
    let mut proof = statement.prove(&secrets);
    proof.f[0] += Scalar::ONE;
    proof.f[2] -= Scalar::ONE;
    assert_eq!(
        verdict_on_bytes(&election, &credential, &proof.encode()),
        34
    );
}

/// A false limit alone: all points fit, only M f = x u fails.
#[test]
fn equation_1_is_tested_by_itself() {
    let election = Election::single(choose_one(3));
    let mut source = Source::new(15);
    let credential = source.credential();
    let mut statement = election.statement(0, &credential.public());
    let two = Contest::new(3, 1, &[sum_limit(3, 2, 2)]);
    statement.layout = crate::reference::Layout::new(&two);
    let secrets = secrets(&statement, bits(&[1, 1, 0]), &mut source);
    let proof = statement.prove(&secrets);
    assert!(
        statement.is_accepted(&proof, Omitted::Nothing),
        "lawful where two are chosen"
    );
    assert_eq!(
        verdict_on_bytes(&election, &credential, &proof.encode()),
        34
    );
}

#[test]
fn e21_proofs_of_another_place_are_refused() {
    let contests = [choose_one(3), choose_one(3)];
    let election = Election::new(&contests, &[&[0], &[1]]);
    let mut source = Source::new(16);
    let (mine, other) = (source.credential(), source.credential());
    let (x, seed) = (mine.public(), source.bytes());
    let ballot = election
        .prove(0, &x, &seed, &[vec![1, 0, 0]])
        .expect("lawful");
    assert_eq!(
        verdict(&election.kit, &Voted::sign(&mine, 0, 1, &ballot)),
        0
    );
    // The other contest, of the same shape.
    assert_eq!(
        verdict(&election.kit, &Voted::sign(&mine, 1, 1, &ballot)),
        34
    );
    // Another voter, verbatim.
    assert_eq!(
        verdict(&election.kit, &Voted::sign(&other, 0, 1, &ballot)),
        34
    );
    // Another election, and another key ceremony of this one.
    let statement = election.statement(0, &x);
    for change in [
        |statement: &mut Statement| statement.election_id[0] ^= 1,
        |statement: &mut Statement| statement.joint_key_digest[31] ^= 1,
        |statement: &mut Statement| statement.number += 1,
        |statement: &mut Statement| statement.slots.swap(0, 1),
    ] {
        let mut elsewhere = statement.clone();
        change(&mut elsewhere);
        let proof = elsewhere.prove(&secrets(&elsewhere, bits(&[1, 0, 0]), &mut source));
        assert!(elsewhere.is_accepted(&proof, Omitted::Nothing));
        let voted = Voted::sign(&mine, 0, 1, &proof.encode());
        assert_eq!(verdict(&election.kit, &voted), 34);
    }
}

#[test]
fn contests_of_two_ballots_cannot_be_swapped() {
    let election = Election::new(&[choose_one(2), choose_one(2)], &[&[0, 1]]);
    let mut source = Source::new(17);
    let credential = source.credential();
    let x = credential.public();
    let scores = [vec![1, 0], vec![0, 1]];
    let first = election
        .prove(0, &x, &source.bytes(), &scores)
        .expect("lawful");
    let second = election
        .prove(0, &x, &source.bytes(), &scores)
        .expect("lawful");
    let half = first.len() / 2;
    let judge = |ballot: &[u8]| verdict_on_bytes(&election, &credential, ballot);
    // Two ballots of one credential may be mixed contest by contest: both are its own votes.
    assert_eq!(judge(&[&first[..half], &second[half..]].concat()), 0);
    assert_eq!(judge(&[&first[half..], &first[..half]].concat()), 34);
    assert_eq!(judge(&[&first[..half], &first[..half]].concat()), 34);
}
