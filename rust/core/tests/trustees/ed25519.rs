//! The one rule for Ed25519, against signatures on which libraries disagree.

use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::traits::Identity;
use curve25519_dalek::{EdwardsPoint, Scalar};
use hanpyo_core::Error;
use hanpyo_core::ed25519::{check, check_key, check_many, public_key, sign, sign_many};
use sha2::{Digest, Sha512};

use crate::support::bytes;

fn challenge(r: &[u8], key: &[u8], message: &[u8]) -> Scalar {
    let hash = Sha512::new().chain_update(r).chain_update(key);
    Scalar::from_bytes_mod_order_wide(&hash.chain_update(message).finalize().into())
}

/// Sign with a chosen R and key encoding, so that `S B = r B + k a B`.
fn forge(r: Scalar, r_bytes: [u8; 32], a: Scalar, key: &[u8; 32], message: &[u8]) -> [u8; 64] {
    let s = r + challenge(&r_bytes, key, message) * a;
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r_bytes);
    signature[32..].copy_from_slice(s.as_bytes());
    signature
}

fn encode(point: EdwardsPoint) -> [u8; 32] {
    point.compress().to_bytes()
}

fn is_invalid_key(key: &[u8]) -> bool {
    matches!(check_key(key), Err(Error::InvalidKey(_)))
}

fn is_refused(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    matches!(
        check(key, message, signature),
        Err(Error::InvalidSignature(_))
    )
}

/// The four rules without rules 1 and 2, to show that those are what refuses.
fn equation_holds(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let a = CompressedEdwardsY(*key).decompress().unwrap();
    let (r, s) = signature.split_at(32);
    let s = Scalar::from_canonical_bytes(s.try_into().unwrap()).unwrap();
    encode(EdwardsPoint::mul_base(&s) - challenge(r, key, message) * a) == r
}

const A: Scalar = Scalar::ONE;

#[test]
fn rfc_8032_vectors_hold() {
    // RFC 8032 section 7.1, TEST 1 to TEST 3: seed, key, message, signature.
    let vectors: [(&str, &str, &[u8], &str); 3] = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            b"",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
             5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            b"\x72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            b"\xaf\x82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
             18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ];
    for (seed, key, message, signature) in vectors {
        let (seed, key, signature) = (bytes(seed), bytes::<32>(key), bytes::<64>(signature));
        assert_eq!(public_key(&seed), key);
        assert_eq!(sign(&seed, message), signature);
        check(&key, message, &signature).unwrap();
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    let (key, signature) = (public_key(&[1; 32]), sign(&[1; 32], b"message"));
    check(&key, b"message", &signature).unwrap();
    for bit in 0..512 {
        let mut other = signature;
        other[bit / 8] ^= 1 << (bit % 8);
        assert!(is_refused(&key, b"message", &other), "bit {bit}");
    }
    assert!(is_refused(&key, b"massage", &signature));
    assert!(is_refused(&public_key(&[2; 32]), b"message", &signature));
}

#[test]
fn wrong_lengths_are_refused() {
    let (key, signature) = (public_key(&[1; 32]), sign(&[1; 32], b""));
    assert!(is_refused(&key, b"", &signature[..63]));
    assert!(is_refused(&key, b"", &[&signature[..], &[0]].concat()));
    assert!(is_refused(&key[..31], b"", &signature));
    assert!(is_invalid_key(&key[..31]));
    assert!(is_invalid_key(&[&key[..], &[0]].concat()));
}

#[test]
fn s_that_is_not_below_the_order_is_refused() {
    let (key, mut signature) = (public_key(&[1; 32]), sign(&[1; 32], b""));
    let order = (-Scalar::ONE).to_bytes();
    let mut carry = 1; // the order is one more than minus one
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
    assert!(is_refused(&key, b"", &signature));
}

#[test]
fn keys_of_small_order_are_refused() {
    for torsion in EIGHT_TORSION {
        let key = encode(torsion);
        assert!(is_invalid_key(&key));
        // Some message makes the equation hold: the owner would have signed anything.
        let found = (0..100u8).find_map(|byte| {
            let signature = forge(
                A,
                encode(EdwardsPoint::mul_base(&A)),
                Scalar::ZERO,
                &key,
                &[byte],
            );
            equation_holds(&key, &[byte], &signature).then_some((byte, signature))
        });
        let (byte, signature) = found.unwrap();
        assert!(is_refused(&key, &[byte], &signature));
    }
}

#[test]
fn keys_of_mixed_order_are_refused_even_where_the_equation_holds() {
    for torsion in &EIGHT_TORSION[1..] {
        let key = encode(EdwardsPoint::mul_base(&A) + torsion);
        assert!(is_invalid_key(&key));
        let found = (0..200u8).find_map(|byte| {
            let r = Scalar::from(5u8);
            let signature = forge(r, encode(EdwardsPoint::mul_base(&r)), A, &key, &[byte]);
            equation_holds(&key, &[byte], &signature).then_some((byte, signature))
        });
        let (byte, signature) = found.unwrap();
        assert!(is_refused(&key, &[byte], &signature));
    }
}

#[test]
fn nonces_of_mixed_order_are_refused() {
    // Eight times both sides agree, so a check with the cofactor would accept.
    let (key, r) = (encode(EdwardsPoint::mul_base(&A)), Scalar::from(5u8));
    for torsion in &EIGHT_TORSION[1..] {
        let r_bytes = encode(EdwardsPoint::mul_base(&r) + torsion);
        assert!(is_refused(&key, b"", &forge(r, r_bytes, A, &key, b"")));
    }
    let r_bytes = encode(EdwardsPoint::mul_base(&r));
    check(&key, b"", &forge(r, r_bytes, A, &key, b"")).unwrap();
}

#[test]
fn r_is_compared_as_bytes() {
    let key = encode(EdwardsPoint::mul_base(&A));
    let identity = encode(EdwardsPoint::identity());
    check(&key, b"", &forge(Scalar::ZERO, identity, A, &key, b"")).unwrap();
    let mut above = [0xff; 32]; // p + 1, the identity's y once more
    (above[0], above[31]) = (0xee, 0x7f);
    let mut negative_zero = identity;
    negative_zero[31] |= 0x80;
    for r_bytes in [above, negative_zero] {
        let point = CompressedEdwardsY(r_bytes).decompress().unwrap();
        assert_eq!(point, EdwardsPoint::identity());
        assert!(is_refused(
            &key,
            b"",
            &forge(Scalar::ZERO, r_bytes, A, &key, b"")
        ));
    }
}

/// Every encoding of a point that is not the canonical one: y + p for y < 19, and "negative zero".
fn other_encodings() -> Vec<[u8; 32]> {
    let mut encodings = Vec::new();
    for sign in [0, 0x80] {
        for y in 0..19 {
            let mut above = [0xff; 32];
            (above[0], above[31]) = (0xed + y, 0x7f | sign);
            encodings.push(above);
        }
    }
    let mut one = [0; 32];
    (one[0], one[31]) = (1, 0x80);
    let mut minus_one = [0xff; 32];
    minus_one[0] = 0xec;
    encodings.extend([one, minus_one]);
    encodings.retain(|bytes| CompressedEdwardsY(*bytes).decompress().is_some());
    encodings
}

#[test]
fn keys_that_are_not_canonical_are_refused() {
    let encodings = other_encodings();
    assert_eq!(encodings.len(), 26);
    for bytes in encodings {
        let refused = check_key(&bytes).unwrap_err();
        assert_eq!(refused.why(), "the key is not canonically encoded");
        assert!(matches!(refused, Error::InvalidKey(_)));
        // Rule 2 alone would do as well: none of these points has the order l.
        let point = CompressedEdwardsY(bytes).decompress().unwrap();
        assert!(is_invalid_key(&encode(point)));
    }
}

#[test]
fn bulk_and_single_checks_agree() {
    let keys = [public_key(&[1; 32]), public_key(&[2; 32]), [0xff; 32]];
    let messages: Vec<Vec<u8>> = (0..40).map(|number| vec![number]).collect();
    let mut signatures: Vec<[u8; 64]> = messages.iter().map(|m| sign(&[1; 32], m)).collect();
    signatures[7][0] ^= 1;
    let items: Vec<(&[u8], &[u8], &[u8])> = (0..40)
        .map(|i| {
            (
                &keys[usize::from(i % 5 == 0) + usize::from(i % 10 == 0)][..],
                i,
            )
        })
        .map(|(key, i)| (key, &messages[i][..], &signatures[i][..]))
        .collect();
    let single: Vec<bool> = items
        .iter()
        .map(|(k, m, s)| check(k, m, s).is_ok())
        .collect();
    assert_eq!(single.iter().filter(|holds| **holds).count(), 31);
    for threads in [1, 2] {
        assert_eq!(check_many(&items, threads).unwrap(), single);
    }
    assert_eq!(check_many(&[], 1).unwrap(), [false; 0]);
    assert!(matches!(check_many(&items, 0), Err(Error::InvalidQuery(_))));
}

#[test]
fn many_signatures_are_those_made_one_by_one() {
    let messages: [&[u8]; 3] = [b"", b"one", &[7; 1000]];
    let each = messages.map(|message| sign(&[9; 32], message));
    assert_eq!(sign_many(&[9; 32], &messages), each);
    assert!(sign_many::<&[u8]>(&[9; 32], &[]).is_empty());
}
