//! Round 4: a bad deal is found, and judged the same way by everyone.

use curve25519_dalek::Scalar;
use hanpyo_core::ceremony::{
    Complaint, Statement, check_complaint, complain, deal, is_dealer_at_fault,
};
use hanpyo_core::group::{decode_point, decode_scalar};
use hanpyo_core::transport::{Route, decrypt, encrypt};
use hanpyo_core::{Error, Result};
use zeroize::Zeroizing;

use crate::support::{Held, RANDOM, attempt, hold, seed_of};

const DEALER: u32 = 1;
const TRUSTEE: u32 = 2;

fn held() -> Held {
    hold(attempt(1, 2, 3), &[1, 2, 3])
}

fn complaint(held: &Held) -> Complaint {
    let transport = &held.trustee(DEALER).commit.transport;
    complain(
        &seed_of(TRUSTEE),
        &held.ceremony.id,
        DEALER,
        TRUSTEE,
        transport,
        &RANDOM,
    )
    .unwrap()
}

fn statement<'a>(held: &'a Held, point: &'a [u8]) -> Statement<'a> {
    Statement {
        ceremony_id: &held.ceremony.id,
        dealer: DEALER,
        trustee: TRUSTEE,
        dealer_transport: &held.trustee(DEALER).commit.transport,
        trustee_transport: &held.trustee(TRUSTEE).commit.transport,
        point,
    }
}

/// What everyone decides once the complaint's proof holds.
fn judge(held: &Held, deal: &[u8]) -> Result<bool> {
    let complaint = complaint(held);
    check_complaint(statement(held, &complaint.point), &complaint.proof)?;
    let points = &held.trustee(DEALER).points;
    is_dealer_at_fault(
        &held.ceremony,
        DEALER,
        TRUSTEE,
        &complaint.point,
        points,
        deal,
    )
}

/// Encrypt what a dealer should not have dealt, with the key that only it and the other have.
fn deal_of(held: &Held, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let point = decode_point(&complaint(held).point).unwrap();
    let route = Route {
        ceremony_id: &held.ceremony.id,
        dealer: DEALER,
        recipient: TRUSTEE,
    };
    let mut plaintext = decrypt(route, &point, &held.deal(DEALER, TRUSTEE)).unwrap();
    change(&mut plaintext);
    encrypt(route, &point, Zeroizing::new(plaintext.to_vec()))
}

#[test]
fn a_good_deal_makes_the_complainer_the_culprit() {
    let held = held();
    let good = held.deal(DEALER, TRUSTEE);
    assert_eq!(deal_of(&held, |_| ()), good);
    held.check_deal(DEALER, TRUSTEE, &good).unwrap();
    assert!(!judge(&held, &good).unwrap());
}

#[test]
fn a_wrong_share_in_any_slot_makes_the_dealer_the_culprit() {
    let held = held();
    for slot in 0..3 {
        let bad = deal_of(&held, |plaintext| {
            let place = 32 * slot..32 * (slot + 1);
            let share = decode_scalar(&plaintext[place.clone()]).unwrap() + Scalar::ONE;
            plaintext[place].copy_from_slice(share.as_bytes());
        });
        let found = held.check_deal(DEALER, TRUSTEE, &bad);
        assert!(matches!(found, Err(Error::InvalidDeal(_))));
        assert!(judge(&held, &bad).unwrap(), "slot {slot}");
    }
}

#[test]
fn malformed_deals_make_the_dealer_the_culprit() {
    let held = held();
    let good = held.deal(DEALER, TRUSTEE);
    let mut flipped = good.clone();
    flipped[5] ^= 1;
    let mut bad_tag = good.clone();
    *bad_tag.last_mut().unwrap() ^= 1;
    let bad = [
        ("flipped bit", flipped),
        ("wrong tag", bad_tag),
        ("empty", Vec::new()),
        ("truncated", good[..good.len() - 1].to_vec()),
        (
            "one share too many",
            deal_of(&held, |plaintext| plaintext.extend([0; 32])),
        ),
        (
            "one share too few",
            deal_of(&held, |plaintext| plaintext.truncate(64)),
        ),
        (
            "not canonical",
            deal_of(&held, |plaintext| plaintext[31] = 0xff),
        ),
        ("meant for another", held.deal(DEALER, 3)),
        ("of another dealer", held.deal(3, TRUSTEE)),
        ("the other way round", held.deal(TRUSTEE, DEALER)),
    ];
    for (name, deal) in bad {
        let found = held.check_deal(DEALER, TRUSTEE, &deal);
        assert!(matches!(found, Err(Error::InvalidDeal(_))), "{name}");
        assert!(judge(&held, &deal).unwrap(), "{name}");
    }
}

#[test]
fn the_share_plus_the_order_is_not_canonical() {
    let held = held();
    let bad = deal_of(&held, |plaintext| {
        let order = (-Scalar::ONE).to_bytes();
        let mut carry = 1; // the order is one more than minus one
        for (byte, add) in plaintext[..32].iter_mut().zip(order) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            *byte = sum as u8;
            carry = sum >> 8;
        }
    });
    assert!(judge(&held, &bad).unwrap());
}

#[test]
fn tampered_complaints_are_refused() {
    let held = held();
    let complaint = complaint(&held);
    let refused = |statement: Statement<'_>, proof: &[u8]| {
        matches!(
            check_complaint(statement, proof),
            Err(Error::InvalidComplaint(_))
        )
    };
    let good = statement(&held, &complaint.point);
    assert!(!refused(good, &complaint.proof));

    let third = held.trustee(3).commit.transport;
    let wrong = [
        Statement {
            ceremony_id: &[9; 32],
            ..good
        },
        Statement { dealer: 3, ..good },
        Statement { trustee: 3, ..good },
        Statement {
            dealer_transport: &third,
            ..good
        },
        Statement {
            trustee_transport: &third,
            ..good
        },
        Statement {
            point: &third,
            ..good
        },
        Statement {
            dealer_transport: &[0; 32],
            ..good
        },
        Statement {
            trustee_transport: &[0; 32],
            ..good
        },
        Statement {
            point: &[0; 32],
            ..good
        },
        Statement {
            point: &[0xff; 32],
            ..good
        },
        Statement {
            point: &complaint.point[1..],
            ..good
        },
    ];
    for (number, statement) in wrong.into_iter().enumerate() {
        assert!(refused(statement, &complaint.proof), "statement {number}");
    }
    for start in [0, 32] {
        let mut proof = complaint.proof;
        let scalar = decode_scalar(&proof[start..start + 32]).unwrap() + Scalar::ONE;
        proof[start..start + 32].copy_from_slice(scalar.as_bytes());
        assert!(refused(good, &proof));
        proof[start..start + 32].fill(0xff);
        assert!(refused(good, &proof));
    }
    assert!(refused(good, &complaint.proof[1..]));
}

#[test]
fn judging_with_malformed_public_points_blames_nobody() {
    let held = held();
    let (complaint, good) = (complaint(&held), held.deal(DEALER, TRUSTEE));
    let points = &held.trustee(DEALER).points;
    let judge = |point: &[u8], points: &[u8]| {
        is_dealer_at_fault(&held.ceremony, DEALER, TRUSTEE, point, points, &good)
    };
    assert!(matches!(
        judge(&[0xff; 32], points),
        Err(Error::InvalidPoint(_))
    ));
    assert!(matches!(
        judge(&complaint.point, &points[32..]),
        Err(Error::InvalidEncoding(_))
    ));
    let mut other = points.clone();
    other[..32].fill(0xff);
    assert!(matches!(
        judge(&complaint.point, &other),
        Err(Error::InvalidPoint(_))
    ));
}

#[test]
fn a_complaint_opens_exactly_the_deal_it_names() {
    let held = held();
    let opened = complaint(&held).point;
    let same = complain(
        &seed_of(DEALER),
        &held.ceremony.id,
        TRUSTEE,
        DEALER,
        &held.trustee(TRUSTEE).commit.transport,
        &RANDOM,
    );
    assert_eq!(opened, same.unwrap().point);
    let elsewhere = deal(
        &seed_of(DEALER),
        &attempt(2, 2, 3),
        DEALER,
        TRUSTEE,
        &held.trustee(TRUSTEE).commit.transport,
    );
    assert!(judge(&held, &elsewhere.unwrap()).unwrap());
}

#[test]
fn nobody_complains_of_itself() {
    let held = held();
    let transport = held.trustee(DEALER).commit.transport;
    let id = &held.ceremony.id;
    let complaint = complain(&seed_of(DEALER), id, DEALER, DEALER, &transport, &RANDOM);
    assert!(matches!(complaint, Err(Error::InvalidQuery(_))));
    let judged = is_dealer_at_fault(
        &held.ceremony,
        DEALER,
        DEALER,
        &transport,
        &held.trustee(DEALER).points,
        &held.deal(DEALER, TRUSTEE),
    );
    assert!(matches!(judged, Err(Error::InvalidQuery(_))));
}
