//! How deals are encrypted: the exact bytes, and that each route has its own key.

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use hanpyo_core::transport::{Route, decrypt, encrypt};
use zeroize::Zeroizing;

use crate::support::bytes;

const ROUTE: Route<'_> = Route {
    ceremony_id: &[8; 32],
    dealer: 1,
    recipient: 2,
};

#[test]
fn the_ciphertext_is_that_of_the_standards() {
    // Made with Python's cryptography: HKDF (RFC 5869) and ChaCha20-Poly1305 (RFC 8439).
    let expected: [u8; 48] = bytes(
        "13ec066354670ffaff48a9e0311aeba87f28bd92cfb9545a2426495e59d787fa\
         748cc41a1390eb05a9ac619cda166a16",
    );
    let plaintext = Zeroizing::new(vec![0; 32]);
    assert_eq!(
        encrypt(ROUTE, &RISTRETTO_BASEPOINT_POINT, plaintext),
        expected
    );
}

#[test]
fn a_deal_opens_only_on_its_own_route() {
    let point = RISTRETTO_BASEPOINT_POINT;
    let ciphertext = encrypt(ROUTE, &point, Zeroizing::new(b"share".to_vec()));
    let opened = |route, point| decrypt(route, point, &ciphertext);
    assert_eq!(opened(ROUTE, &point).unwrap().to_vec(), b"share");
    let others = [
        Route {
            ceremony_id: &[9; 32],
            ..ROUTE
        },
        Route { dealer: 3, ..ROUTE },
        Route {
            recipient: 3,
            ..ROUTE
        },
        Route {
            dealer: 2,
            recipient: 1,
            ..ROUTE
        },
    ];
    assert!(
        others
            .into_iter()
            .all(|route| opened(route, &point).is_none())
    );
    assert!(opened(ROUTE, &(point + point)).is_none());
    assert!(decrypt(ROUTE, &point, &ciphertext[..15]).is_none());
    assert!(decrypt(ROUTE, &point, &[]).is_none());
}
