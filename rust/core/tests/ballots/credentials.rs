//! Credentials, proofs of possession, and signatures that cast.

use curve25519_dalek::{RistrettoPoint, Scalar};
use hanpyo_core::credential::{Credential, Row, check_possessions};
use hanpyo_core::group::to_scalar;
use hanpyo_core::schnorr;

use crate::support::{ELECTION_ID, JOINT_KEY_DIGEST, Source, Voted};

const LEDGER_ID: [u8; 32] = [0x1e; 32];

fn prove(credential: &Credential, number: u32, random: &[u8; 32]) -> [u8; 64] {
    let row = Row {
        ledger_id: &LEDGER_ID,
        election_id: &ELECTION_ID,
        number,
    };
    credential.prove_possession(&row, random)
}

fn check(items: &[(&[u8], u32, &[u8])], threads: usize) -> Vec<bool> {
    check_possessions(items, &LEDGER_ID, &ELECTION_ID, threads).expect("lawful threads")
}

#[test]
fn secrets_are_canonical_and_not_zero() {
    let credential = Credential::from_random(&[1; 32]).expect("nonzero");
    let again = Credential::decode(&*credential.secret()).expect("canonical");
    assert_eq!(again.public(), credential.public());
    assert_eq!(Credential::decode(&[0; 32]).err().expect("zero").code(), 31);
    assert_eq!(
        Credential::decode(&[0xff; 32])
            .err()
            .expect("too large")
            .code(),
        31
    );
    assert_ne!(
        Credential::from_random(&[2; 32]).expect("nonzero").public(),
        again.public()
    );
}

/// The equation of docs/protocol.md 6, written out.
#[test]
fn possession_is_the_signature_of_the_protocol_page() {
    let credential = Credential::from_random(&[3; 32]).expect("nonzero");
    let proof = prove(&credential, 258, &[4; 32]);
    let x = credential.public();
    let parts: [&[u8]; 5] = [&proof[..32], &x, &LEDGER_ID, &ELECTION_ID, &[0, 0, 1, 2]];
    let c = to_scalar("possession", &parts);
    let secret = Scalar::from_canonical_bytes(*credential.secret()).expect("canonical");
    let s = Scalar::from_canonical_bytes(proof[32..].try_into().expect("32")).expect("canonical");
    let r = RistrettoPoint::mul_base(&(s - c * secret));
    assert_eq!(r.compress().to_bytes(), proof[..32]);
}

/// The equation of docs/protocol.md 8.5, written out.
#[test]
fn casting_is_the_signature_of_the_protocol_page() {
    let credential = Credential::from_random(&[5; 32]).expect("nonzero");
    let voted = Voted::sign(&credential, 3, 7, b"ballot");
    let (r, s) = voted.signature.split_at(32);
    let (style, sequence) = (3u32.to_be_bytes(), 7u64.to_be_bytes());
    let parts: [&[u8]; 6] = [
        r,
        &voted.credential,
        &ELECTION_ID,
        &style,
        &sequence,
        b"ballot",
    ];
    let c = to_scalar("cast", &parts);
    let secret = Scalar::from_canonical_bytes(*credential.secret()).expect("canonical");
    let s = Scalar::from_canonical_bytes(s.try_into().expect("32")).expect("canonical");
    let expected = RistrettoPoint::mul_base(&(s - c * secret));
    assert_eq!(expected.compress().to_bytes(), r);
    let parts: [&[u8]; 4] = [&ELECTION_ID, &style, &sequence, b"ballot"];
    assert!(schnorr::check("cast", &voted.credential, &parts, &voted.signature).is_ok());
    let other = schnorr::check("possession", &voted.credential, &parts, &voted.signature);
    assert_eq!(other.expect_err("another label").code(), 32);
}

#[test]
fn nonces_never_repeat_for_different_messages() {
    let credential = Credential::from_random(&[6; 32]).expect("nonzero");
    let (one, other) = (
        prove(&credential, 1, &[0; 32]),
        prove(&credential, 2, &[0; 32]),
    );
    assert_ne!(
        one[..32],
        other[..32],
        "even when the system's randomness repeats"
    );
    assert_ne!(one[..32], prove(&credential, 1, &[1; 32])[..32]);
}

#[test]
fn possessions_hold_for_their_own_row_only() {
    let mut source = Source::new(60);
    let credentials: Vec<Credential> = (0..40).map(|_| source.credential()).collect();
    let publics: Vec<[u8; 32]> = credentials.iter().map(Credential::public).collect();
    let rows = 0u32..;
    let proofs: Vec<[u8; 64]> = credentials
        .iter()
        .zip(rows)
        .map(|(credential, row)| prove(credential, row, &source.bytes()))
        .collect();
    let mut items: Vec<(&[u8], u32, &[u8])> = (0..40)
        .map(|place| (&publics[place][..], place as u32, &proofs[place][..]))
        .collect();
    assert_eq!(check(&items, 1), [true; 40]);
    items[3].1 = 4;
    items[10].0 = &publics[11];
    items[20].2 = &proofs[21];
    items[21].2 = &proofs[20][..63];
    items[30].0 = &[0; 32];
    items[31].0 = &[0xff; 32];
    items[39].2 = &[0xff; 64];
    let bad = [3, 10, 20, 21, 30, 31, 39];
    let expected: Vec<bool> = (0..40).map(|place| !bad.contains(&place)).collect();
    for threads in [1, 2] {
        assert_eq!(check(&items, threads), expected);
    }
    let alone: Vec<bool> = items.iter().map(|item| check(&[*item], 1)[0]).collect();
    assert_eq!(alone, expected);
}

#[test]
fn possessions_belong_to_one_ledger_and_election() {
    let credential = Credential::from_random(&[7; 32]).expect("nonzero");
    let (x, proof) = (credential.public(), prove(&credential, 5, &[8; 32]));
    let items: [(&[u8], u32, &[u8]); 1] = [(&x, 5, &proof)];
    let check = |ledger, election| check_possessions(&items, ledger, election, 1).expect("lawful");
    assert_eq!(check(&LEDGER_ID, &ELECTION_ID), [true]);
    assert_eq!(check(&JOINT_KEY_DIGEST, &ELECTION_ID), [false]);
    assert_eq!(check(&LEDGER_ID, &JOINT_KEY_DIGEST), [false]);
    assert!(check_possessions(&items, &LEDGER_ID, &ELECTION_ID, 0).is_err());
}
