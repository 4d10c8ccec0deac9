//! ZIP 215: what it takes that our own rule refuses, and what both refuse.

use hanpyo_core::{ed25519, zip215};

/// The encodings of the eight points of small order, canonical ones first, as published with the
/// ZIP 215 test vectors (ed25519-zebra, tests/small_order.rs).
const SMALL_ORDER: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex"))
        .collect()
}

#[test]
fn every_published_small_order_signature_holds() {
    let encodings: Vec<Vec<u8>> = SMALL_ORDER.iter().map(|hex| bytes(hex)).collect();
    let mut count = 0;
    for key in &encodings {
        for r in &encodings {
            let signature = [r.as_slice(), &[0; 32]].concat();
            assert!(zip215::holds(key, b"Zcash", &signature));
            count += 1;
        }
    }
    assert_eq!(count, 196);
}

#[test]
fn our_own_rule_refuses_what_small_order_keys_sign() {
    let key = bytes(SMALL_ORDER[1]);
    let signature = [key.as_slice(), &[0; 32]].concat();
    assert!(ed25519::check(&key, b"Zcash", &signature).is_err());
}

#[test]
fn a_signature_holds_for_its_message_and_key_alone() {
    let (seed, other) = ([1; 32], [2; 32]);
    let (key, message) = (ed25519::public_key(&seed), b"vote");
    let signature = ed25519::sign(&seed, message);
    assert!(zip215::holds(&key, message, &signature));
    assert!(!zip215::holds(&key, b"note", &signature));
    assert!(!zip215::holds(
        &ed25519::public_key(&other),
        message,
        &signature
    ));
    for place in [0, 31, 32, 63] {
        let mut changed = signature;
        changed[place] ^= 1;
        assert!(!zip215::holds(&key, message, &changed));
    }
    assert!(!zip215::holds(&key[..31], message, &signature));
    assert!(!zip215::holds(&key, message, &signature[..63]));
}

#[test]
fn s_must_be_below_the_order() {
    let identity = bytes(SMALL_ORDER[0]);
    // l itself, so that S B is the same as for zero.
    let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let signature = [identity.as_slice(), &order].concat();
    assert!(!zip215::holds(&identity, b"Zcash", &signature));
}

#[test]
fn many_are_answered_in_order() {
    let key = ed25519::public_key(&[1; 32]);
    let signature = ed25519::sign(&[1; 32], b"vote");
    let items: [ed25519::Item<'_>; 2] = [(&key, b"vote", &signature), (&key, b"note", &signature)];
    assert_eq!(
        zip215::hold_many(&items, 2).expect("two threads"),
        [true, false]
    );
    assert!(zip215::hold_many(&items, 0).is_err());
}
