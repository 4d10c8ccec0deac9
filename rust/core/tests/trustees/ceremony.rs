//! Rounds 1 to 3 and what comes out of them.

use std::collections::HashSet;

use curve25519_dalek::{RistrettoPoint, Scalar};
use hanpyo_core::ceremony::{
    self, Ceremony, Size, check_commit, check_commitment, check_reveal, part_count,
};
use hanpyo_core::group::{decode_point, decode_scalar, encode_point};
use hanpyo_core::shares::{ReceivedDeal, TrusteeKey};
use hanpyo_core::{Error, Result, schnorr};

use crate::support::{RANDOM, Trustee, attempt, hold, publish, scalar, seed_of};

fn is_invalid_ceremony(result: Result<()>) -> bool {
    matches!(result, Err(Error::InvalidCeremony(_)))
}

fn commit_of(ceremony: &Ceremony, trustee: &Trustee) -> Result<()> {
    let commit = &trustee.commit;
    check_commit(
        &ceremony.id,
        trustee.index,
        &commit.transport,
        &commit.proof,
        &commit.commitment,
    )
}

fn reveal_of(ceremony: &Ceremony, trustee: &Trustee, points: &[u8], proof: &[u8]) -> Result<()> {
    let commit = &trustee.commit;
    let (transport, commitment) = (&commit.transport, &commit.commitment);
    check_reveal(
        ceremony,
        trustee.index,
        transport,
        commitment,
        0,
        points,
        proof,
    )
}

#[test]
fn secrets_fit_the_verification_keys() {
    for (threshold, indexes) in [(1, &[1][..]), (2, &[1, 2, 3]), (3, &[1, 2, 3, 4, 5])] {
        let held = hold(attempt(9, threshold, 4), indexes);
        for index in indexes {
            let key = held.key(*index);
            assert_eq!(key.verification_keys(), held.verification_keys(*index));
        }
        let keys: HashSet<[u8; 32]> = held.joint_keys().into_iter().collect();
        assert_eq!(keys.len(), 4);
    }
}

#[test]
fn summed_points_give_the_same_keys() {
    let held = hold(attempt(9, 2, 3), &[1, 2, 5]);
    let sum = ceremony::sum_points(&held.all_points(), held.ceremony.size).unwrap();
    let joint = ceremony::joint_keys(&[&sum], held.ceremony.size).unwrap();
    assert_eq!(joint, held.joint_keys());
    let keys = ceremony::verification_keys(&[&sum], held.ceremony.size, 5).unwrap();
    assert_eq!(keys, held.verification_keys(5));
}

#[test]
fn verification_keys_interpolate_to_the_joint_keys() {
    let held = hold(attempt(9, 2, 3), &[2, 7, 64]);
    let of = |index| held.verification_keys(index);
    for (slot, joint) in held.joint_keys().iter().enumerate() {
        let at = |index| decode_point(&of(index)[slot]).unwrap();
        // f(0) = (64 f(2) - 2 f(64)) / 62
        let inverse = Scalar::from(62u8).invert();
        let zero = Scalar::from(64u8) * inverse * at(2) - Scalar::from(2u8) * inverse * at(64);
        assert_eq!(encode_point(&zero), *joint);
    }
}

#[test]
fn the_next_attempt_goes_on_without_a_trustee_and_shares_nothing() {
    let first = hold(attempt(1, 2, 2), &[1, 2, 3]);
    let second = hold(attempt(2, 2, 2), &[1, 3]);
    let before: HashSet<[u8; 32]> = first.joint_keys().into_iter().collect();
    assert!(second.joint_keys().iter().all(|key| !before.contains(key)));
    for trustee in &second.trustees {
        let former = first.trustee(trustee.index);
        assert_ne!(former.commit.transport, trustee.commit.transport);
        assert_ne!(former.points, trustee.points);
        assert!(is_invalid_ceremony(commit_of(&second.ceremony, former)));
    }
    let stale = first.deal(1, 3);
    assert!(matches!(
        second.check_deal(1, 3, &stale),
        Err(Error::InvalidDeal(_))
    ));
}

#[test]
fn everything_but_the_proofs_follows_from_the_seed() {
    let ceremony = attempt(4, 2, 2);
    let one = ceremony::commit(&seed_of(1), &ceremony, 1, &[1; 32]).unwrap();
    let two = ceremony::commit(&seed_of(1), &ceremony, 1, &[2; 32]).unwrap();
    assert_eq!(
        (one.transport, one.commitment),
        (two.transport, two.commitment)
    );
    assert_ne!(one.proof, two.proof);
    let held = hold(ceremony, &[1, 2]);
    assert_eq!(held.deal(1, 2), held.deal(1, 2));
}

#[test]
fn commits_are_bound_to_ceremony_trustee_and_hash() {
    let ceremony = attempt(1, 2, 2);
    let mut trustee = publish(&ceremony, 1);
    commit_of(&ceremony, &trustee).unwrap();
    assert!(is_invalid_ceremony(commit_of(&attempt(2, 2, 2), &trustee)));
    trustee.index = 2;
    assert!(is_invalid_ceremony(commit_of(&ceremony, &trustee)));
    trustee.index = 1;
    trustee.commit.commitment[0] ^= 1;
    assert!(is_invalid_ceremony(commit_of(&ceremony, &trustee)));
    trustee.commit.commitment[0] ^= 1;
    trustee.commit.transport = publish(&ceremony, 2).commit.transport;
    assert!(is_invalid_ceremony(commit_of(&ceremony, &trustee)));
}

#[test]
fn malformed_commits_are_refused() {
    let ceremony = attempt(1, 2, 2);
    let commit = publish(&ceremony, 1).commit;
    let check = |transport: &[u8], proof: &[u8], commitment: &[u8]| {
        is_invalid_ceremony(check_commit(&ceremony.id, 1, transport, proof, commitment))
    };
    let (transport, proof, hash) = (&commit.transport, &commit.proof, &commit.commitment);
    assert!(!check(transport, proof, hash));
    assert!(check(&transport[..31], proof, hash));
    assert!(check(transport, &proof[..63], hash));
    assert!(check(transport, proof, &hash[..31]));
    assert!(check(&[0xff; 32], proof, hash));
    // A hash of another length, though its trustee signed it.
    let (secret, parts) = (
        scalar(1),
        [&ceremony.id[..], &1u32.to_be_bytes(), &hash[..31]],
    );
    let public = encode_point(&RistrettoPoint::mul_base(&secret));
    let signed = schnorr::sign("transport", &secret, &public, &parts, &RANDOM);
    assert!(check(&public, &signed, &hash[..31]));
    // The identity as transport key, for which anyone can sign: R = g, s = 1.
    let mut forged = encode_point(&RistrettoPoint::mul_base(&Scalar::ONE)).to_vec();
    forged.extend(Scalar::ONE.to_bytes());
    assert!(check(&[0; 32], &forged, hash));
}

#[test]
fn parts_cover_all_slots_in_order() {
    let size = |threshold, slots| Size::new(threshold, slots).unwrap();
    // floor(1500 / (t + 1)) slots a part: 750, 500 and 23.
    let cases = [
        (1, 512, 1),
        (2, 500, 1),
        (2, 501, 2),
        (2, 512, 2),
        (64, 23, 1),
        (64, 24, 2),
    ];
    for (threshold, slots, parts) in cases {
        assert_eq!(part_count(size(threshold, slots)), parts);
    }
    assert_eq!(part_count(size(64, 512)), 23);

    let ceremony = attempt(1, 64, 50);
    let trustee = publish(&ceremony, 1); // 3 parts, of 23, 23 and 4 slots
    assert_eq!(trustee.points.len(), 32 * 64 * 50);
    let reveal = |part| ceremony::reveal(&trustee.seed, &ceremony, 1, part, &RANDOM);
    assert_eq!(reveal(0).unwrap().points, trustee.points[..32 * 64 * 23]);
    assert_eq!(reveal(2).unwrap().points, trustee.points[32 * 64 * 46..]);
    assert!(matches!(reveal(3), Err(Error::InvalidQuery(_))));
    assert!(matches!(reveal(u32::MAX), Err(Error::InvalidQuery(_))));
    let (first, second) = (reveal(0).unwrap(), reveal(1).unwrap());
    let check = |part, points: &[u8], proof: &[u8]| {
        let commit = &trustee.commit;
        let (transport, commitment) = (&commit.transport, &commit.commitment);
        check_reveal(&ceremony, 1, transport, commitment, part, points, proof)
    };
    check(1, &second.points, &second.proof).unwrap();
    assert!(is_invalid_ceremony(check(0, &second.points, &second.proof)));
    assert!(is_invalid_ceremony(check(1, &first.points, &first.proof)));
    for part in [2, 3, u32::MAX] {
        assert!(is_invalid_ceremony(check(
            part,
            &first.points,
            &first.proof
        )));
    }
}

#[test]
fn tampered_reveals_are_refused() {
    let ceremony = attempt(1, 2, 3);
    let trustee = publish(&ceremony, 1);
    let other = publish(&ceremony, 2);
    let reveal = ceremony::reveal(&trustee.seed, &ceremony, 1, 0, &RANDOM).unwrap();
    let check = |points: &[u8], proof: &[u8]| {
        is_invalid_ceremony(reveal_of(&ceremony, &trustee, points, proof))
    };
    assert!(!check(&reveal.points, &reveal.proof));
    for place in 0..6 {
        let mut points = reveal.points.clone();
        points[32 * place..32 * (place + 1)].copy_from_slice(&other.points[..32]);
        assert!(check(&points, &reveal.proof), "another point at {place}");
        points[32 * place..32 * (place + 1)].fill(0xff);
        assert!(check(&points, &reveal.proof), "no point at {place}");
    }
    for place in 0..4 {
        let mut proof = reveal.proof.clone();
        let scalar = decode_scalar(&proof[32 * place..32 * (place + 1)]).unwrap() + Scalar::ONE;
        proof[32 * place..32 * (place + 1)].copy_from_slice(scalar.as_bytes());
        assert!(check(&reveal.points, &proof), "another scalar at {place}");
        proof[32 * place..32 * (place + 1)].fill(0xff);
        assert!(check(&reveal.points, &proof), "no scalar at {place}");
    }
    assert!(check(&reveal.points[32..], &reveal.proof));
    assert!(check(&reveal.points, &reveal.proof[32..]));
    assert!(check(&[], &[]));
    assert!(is_invalid_ceremony(reveal_of(
        &ceremony,
        &other,
        &reveal.points,
        &reveal.proof
    )));
}

#[test]
fn a_trustee_who_waits_for_others_cannot_change_its_points() {
    let ceremony = attempt(1, 2, 2);
    let honest = publish(&ceremony, 1);
    let rushing = publish(&ceremony, 2);
    // It wants h_1 to be a key of its own: its C less that of the other.
    let own = decode_point(&rushing.points[..32]).unwrap();
    let biased = own - decode_point(&honest.points[..32]).unwrap();
    let mut points = rushing.points.clone();
    points[..32].copy_from_slice(&encode_point(&biased));
    let result = check_commitment(&ceremony.id, 2, &rushing.commit.commitment, &points);
    assert!(is_invalid_ceremony(result));
    // Nor can it repeat what the other committed to as its own.
    let copied = check_commitment(&ceremony.id, 2, &honest.commit.commitment, &honest.points);
    assert!(is_invalid_ceremony(copied));
}

#[test]
fn joint_keys_that_are_the_identity_or_equal_are_refused() {
    let size = Size::new(1, 2).unwrap();
    let point = |number: u8| encode_point(&RistrettoPoint::mul_base(&Scalar::from(number)));
    let minus = |number: u8| encode_point(&-RistrettoPoint::mul_base(&Scalar::from(number)));
    let keys = |one: [u8; 32], two: [u8; 32], three: [u8; 32], four: [u8; 32]| {
        ceremony::joint_keys(&[&[one, two].concat(), &[three, four].concat()], size)
    };
    assert_eq!(
        keys(point(1), point(2), point(3), point(4)).unwrap(),
        [point(4), point(6)]
    );
    let opposite = keys(point(1), point(2), minus(1), point(4));
    assert!(matches!(opposite, Err(Error::InvalidCeremony(_))));
    let equal = keys(point(1), point(2), point(3), point(2));
    assert!(matches!(equal, Err(Error::InvalidCeremony(_))));
    assert!(matches!(
        ceremony::joint_keys(&[], size),
        Err(Error::InvalidQuery(_))
    ));
    let short = ceremony::joint_keys(&[&point(1)], size);
    assert!(matches!(short, Err(Error::InvalidEncoding(_))));
    let malformed = keys(point(1), point(2), [0xff; 32], point(4));
    assert!(matches!(malformed, Err(Error::InvalidPoint(_))));
}

#[test]
fn impossible_sizes_and_indexes_are_refused() {
    for (threshold, slots) in [(0, 1), (65, 1), (1, 0), (1, 513)] {
        assert!(matches!(
            Size::new(threshold, slots),
            Err(Error::InvalidQuery(_))
        ));
    }
    Size::new(64, 512).unwrap();
    let ceremony = attempt(1, 2, 1);
    let transport = publish(&ceremony, 2).commit.transport;
    // The deal to index 0 would be the secret itself.
    for (dealer, recipient) in [(1, 0), (1, 65), (0, 1), (1, 1)] {
        let deal = ceremony::deal(&seed_of(1), &ceremony, dealer, recipient, &transport);
        assert!(matches!(deal, Err(Error::InvalidQuery(_))));
    }
    let deal = ceremony::deal(&seed_of(1), &ceremony, 1, 2, &[0; 32]);
    assert!(matches!(deal, Err(Error::InvalidPoint(_))));
}

#[test]
fn a_key_from_a_bad_deal_is_refused() {
    let held = hold(attempt(1, 2, 2), &[1, 2, 3]);
    let transport = |index| &held.trustee(index).commit.transport[..];
    let make = |deals: &[(u32, &[u8])]| {
        let deals: Vec<ReceivedDeal<'_>> = deals
            .iter()
            .map(|(dealer, deal)| ReceivedDeal {
                dealer: *dealer,
                transport: transport(*dealer),
                deal,
            })
            .collect();
        TrusteeKey::new(&seed_of(1), &held.ceremony, 1, &deals).map(drop)
    };
    let (two, three) = (held.deal(2, 1), held.deal(3, 1));
    make(&[(2, &two), (3, &three)]).unwrap();
    let mut tampered = two.clone();
    tampered[0] ^= 1;
    let is_invalid_deal = |result| matches!(result, Err(Error::InvalidDeal(_)));
    assert!(is_invalid_deal(make(&[(2, &tampered), (3, &three)])));
    assert!(is_invalid_deal(make(&[(2, &two[1..]), (3, &three)])));
    assert!(is_invalid_deal(make(&[(2, &three), (3, &two)])));
    let is_invalid_query = |result| matches!(result, Err(Error::InvalidQuery(_)));
    assert!(is_invalid_query(make(&[(2, &two), (2, &two)])));
    assert!(is_invalid_query(make(&[(1, &two), (3, &three)])));
}
