//! Ceremony, shares and totals.

use hanpyo_core::ceremony::{self, Ceremony, Seed, Size};
use hanpyo_core::shares::{self, ReceivedDeal, SumId, TrusteeKey};
use hanpyo_core::totals::{check_totals, find_totals};

use crate::loading::{Vector, code, each, slices, unhex};

fn size_of(vector: &Vector) -> Size {
    Size::new(vector.index("threshold"), vector.index("slots")).unwrap()
}

fn ceremony_of(vector: &Vector) -> Ceremony {
    Ceremony {
        id: vector.array("ceremony_id"),
        size: size_of(vector),
    }
}

fn seed_of(vector: &Vector, name: &str) -> Seed {
    Seed::new(vector.array(name))
}

#[test]
fn commits() {
    each("ceremony", &["commit"], |vector| {
        let (now, trustee) = (ceremony_of(vector), vector.index("trustee"));
        let (transport, proof) = (vector.bytes("transport"), vector.bytes("proof"));
        let commitment = vector.bytes("commitment");
        let found = ceremony::check_commit(&now.id, trustee, &transport, &proof, &commitment);
        assert_eq!(code(found), vector.code());
        if vector.has("seed") {
            let seed = seed_of(vector, "seed");
            let random = vector.array("random");
            let made = ceremony::commit(&seed, &now, trustee, &random).unwrap();
            assert_eq!(made.transport.to_vec(), transport);
            assert_eq!(made.proof.to_vec(), proof);
            assert_eq!(made.commitment.to_vec(), commitment);
        }
    });
}

#[test]
fn reveals() {
    each("ceremony", &["reveal"], |vector| {
        let (now, trustee) = (ceremony_of(vector), vector.index("trustee"));
        let (points, proof) = (vector.bytes("points"), vector.bytes("proof"));
        let part = vector.index("part");
        let found = ceremony::check_reveal(
            &now,
            trustee,
            &vector.bytes("transport"),
            &vector.bytes("commitment"),
            part,
            &points,
            &proof,
        );
        assert_eq!(code(found), vector.code());
        if vector.has("seed") {
            let seed = seed_of(vector, "seed");
            let random = vector.array("random");
            let made = ceremony::reveal(&seed, &now, trustee, part, &random).unwrap();
            assert_eq!((made.points, made.proof), (points, proof));
        }
    });
    each("ceremony", &["commitment"], |vector| {
        let found = ceremony::check_commitment(
            &vector.array("ceremony_id"),
            vector.index("trustee"),
            &vector.bytes("commitment"),
            &vector.bytes("points"),
        );
        assert_eq!(code(found), vector.code());
    });
    each("ceremony", &["parts"], |vector| {
        let found = ceremony::part_count(size_of(vector));
        assert_eq!(found, vector.index("parts"));
    });
}

#[test]
fn deals() {
    each("ceremony", &["deal"], |vector| {
        let now = ceremony_of(vector);
        let (dealer, recipient) = (vector.index("dealer"), vector.index("recipient"));
        let deal = vector.bytes("deal");
        let found = ceremony::check_deal(
            &seed_of(vector, "recipient_seed"),
            &now,
            dealer,
            recipient,
            &vector.bytes("dealer_transport"),
            &vector.bytes("dealer_points"),
            &deal,
        );
        assert_eq!(code(found), vector.code());
        if vector.code() == 0 {
            let seed = seed_of(vector, "dealer_seed");
            let transport = vector.bytes("recipient_transport");
            let made = ceremony::deal(&seed, &now, dealer, recipient, &transport).unwrap();
            assert_eq!(made, deal);
        }
    });
}

#[test]
fn complaints() {
    each("ceremony", &["complaint"], |vector| {
        let now = ceremony_of(vector);
        let (dealer, trustee) = (vector.index("dealer"), vector.index("trustee"));
        let dealer_transport = vector.bytes("dealer_transport");
        let (point, proof) = (vector.bytes("point"), vector.bytes("proof"));
        let statement = ceremony::Statement {
            ceremony_id: &now.id,
            dealer,
            trustee,
            dealer_transport: &dealer_transport,
            trustee_transport: &vector.bytes("trustee_transport"),
            point: &point,
        };
        let found = ceremony::check_complaint(statement, &proof);
        assert_eq!(code(found), vector.code());
        if vector.has("culprit") {
            let points = vector.bytes("dealer_points");
            let deal = vector.bytes("deal");
            let is_dealer =
                ceremony::is_dealer_at_fault(&now, dealer, trustee, &point, &points, &deal);
            assert_eq!(is_dealer.unwrap(), vector.index("culprit") == dealer);
        }
        if vector.has("seed") {
            let (seed, random) = (seed_of(vector, "seed"), vector.array("random"));
            let made =
                ceremony::complain(&seed, &now.id, dealer, trustee, &dealer_transport, &random)
                    .unwrap();
            assert_eq!((made.point.to_vec(), made.proof.to_vec()), (point, proof));
        }
    });
}

#[test]
fn keys() {
    each("ceremony", &["joint keys"], |vector| {
        let points = vector.bytes_list("points");
        let found = ceremony::joint_keys(&slices(&points), size_of(vector));
        assert_eq!(code(found.clone()), vector.code());
        if let Ok(keys) = found {
            assert_eq!(keys.map_to_lists(), vector.bytes_list("keys"));
        }
    });
    each("ceremony", &["verification keys"], |vector| {
        let points = vector.bytes_list("points");
        let trustee = vector.index("trustee");
        let found = ceremony::verification_keys(&slices(&points), size_of(vector), trustee);
        assert_eq!(found.unwrap().map_to_lists(), vector.bytes_list("keys"));
    });
}

trait Lists {
    fn map_to_lists(&self) -> Vec<Vec<u8>>;
}

impl Lists for Vec<[u8; 32]> {
    fn map_to_lists(&self) -> Vec<Vec<u8>> {
        self.iter().map(|key| key.to_vec()).collect()
    }
}

#[test]
fn shares_of_sums() {
    each("shares", &["share"], |vector| {
        let now = ceremony_of(vector);
        let sum = SumId {
            election_id: vector.array("election_id"),
            contest: vector.index("contest"),
            group: vector.index("group"),
        };
        let (keys, total) = (vector.bytes_list("keys"), vector.bytes("total"));
        let (points, proof) = (vector.bytes("shares"), vector.bytes("proof"));
        let trustee = vector.index("trustee");
        let statement = shares::Statement {
            sum: &sum,
            ceremony_id: &now.id,
            trustee,
            keys: &slices(&keys),
            total: &total,
            shares: &points,
        };
        assert_eq!(code(shares::check_share(statement, &proof)), vector.code());
        if vector.has("deals") {
            let dealt: Vec<(u32, Vec<u8>, Vec<u8>)> = (vector.list("deals").iter())
                .map(|deal| {
                    let bytes = |at: usize| unhex(deal[at].as_str().unwrap());
                    (deal[0].as_u64().unwrap() as u32, bytes(1), bytes(2))
                })
                .collect();
            let received: Vec<ReceivedDeal<'_>> = (dealt.iter())
                .map(|(dealer, transport, deal)| ReceivedDeal {
                    dealer: *dealer,
                    transport,
                    deal,
                })
                .collect();
            let seed = seed_of(vector, "seed");
            let key = TrusteeKey::new(&seed, &now, trustee, &received).unwrap();
            let made = key.share(&sum, &total, &vector.array("random")).unwrap();
            assert_eq!((made.points, made.proof.to_vec()), (points, proof));
        }
    });
}

#[test]
fn totals() {
    each("shares", &["totals"], |vector| {
        let given: Vec<(u32, Vec<u8>)> = (vector.list("shares").iter())
            .map(|pair| {
                let trustee = pair[0].as_u64().unwrap() as u32;
                (trustee, unhex(pair[1].as_str().unwrap()))
            })
            .collect();
        let given: Vec<(u32, &[u8])> = (given.iter())
            .map(|(trustee, points)| (*trustee, &points[..]))
            .collect();
        let (total, totals) = (vector.bytes("total"), vector.numbers("totals"));
        let found = check_totals(&total, &given, &totals);
        assert_eq!(code(found), vector.code());
        if vector.code() == 0 {
            let maximum = *totals.iter().max().unwrap();
            assert_eq!(find_totals(&total, &given, maximum, 1).unwrap(), totals);
        }
    });
}
