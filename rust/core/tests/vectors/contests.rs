//! Shapes and ballots.

use std::sync::Arc;

use hanpyo_core::ballot::{BallotKit, Order, Scores};
use hanpyo_core::bulk::CastBallot;
use hanpyo_core::shape::{Limit, Shape};

use crate::loading::{Vector, code, each};

fn shape_of(vector: &Vector) -> hanpyo_core::Result<Shape> {
    let pair = |pair: &serde_json::Value| {
        let number = |at: usize| pair[at].as_u64().unwrap();
        (number(0) as usize, number(1))
    };
    let limit = |limit: Vector| Limit {
        low: limit.number("low"),
        high: limit.number("high"),
        coefficients: limit.list("coefficients").iter().map(pair).collect(),
    };
    let limits = vector.list("limits").iter().map(Vector::of).map(limit);
    let options = vector.number("options") as usize;
    Shape::new(options, vector.number("top"), limits.collect())
}

#[test]
fn shapes() {
    each("shapes", &["shape"], |vector| {
        let shape = shape_of(vector);
        if vector.code() != 0 {
            return assert_eq!(code(shape), vector.code());
        }
        let shape = shape.unwrap();
        assert_eq!(shape.bit_count() as u64, vector.number("bit_count"));
        assert_eq!(shape.byte_size() as u64, vector.number("byte_size"));
        for example in vector.list("examples").iter().map(Vector::of) {
            let bits = shape.bits(&example.numbers("scores")).unwrap();
            let bits: Vec<u64> = bits.iter().map(|bit| u64::from(*bit)).collect();
            assert_eq!(bits, example.numbers("bits"));
        }
    });
    each("shapes", &["scores"], |vector| {
        let shape = shape_of(vector).unwrap();
        let found = shape.bits(&vector.numbers("scores"));
        assert_eq!(code(found), vector.code());
    });
}

/// The election of one ballot; contests that are not in it are filler.
fn kit_of(vector: &Vector) -> BallotKit {
    let contests: Vec<Vector> = vector.list("contests").iter().map(Vector::of).collect();
    let style: Vec<usize> = (contests.iter())
        .map(|contest| contest.number("number") as usize)
        .collect();
    let filler = Arc::new(Shape::new(1, 1, Vec::new()).unwrap());
    let mut shapes = vec![filler; style.iter().max().unwrap() + 1];
    for (number, contest) in style.iter().zip(&contests) {
        shapes[*number] = Arc::new(shape_of(contest).unwrap());
    }
    let slot_keys = vector.bytes_list("slot_keys");
    let (election_id, digest) = (
        vector.array("election_id"),
        vector.array("joint_key_digest"),
    );
    BallotKit::new(election_id, digest, &slot_keys, shapes, vec![style]).unwrap()
}

fn verdict(kit: &BallotKit, vector: &Vector) -> u64 {
    let cast = CastBallot {
        style: vector.number("style"),
        credential: &vector.bytes("credential"),
        sequence: vector.number("sequence"),
        ballot: &vector.bytes("ballot"),
        signature: &vector.bytes("signature"),
    };
    let batch = kit.check(&[cast], 1).unwrap();
    let fault = batch.faults().next().unwrap();
    fault.map_or(0, |error| u64::from(error.code()))
}

#[test]
fn contests() {
    each("contests", &[], |vector| {
        let kit = kit_of(vector);
        assert_eq!(verdict(&kit, vector), 0);
        let scores = vector.list("scores").iter().map(|scores| {
            let scores = scores.as_array().unwrap().iter();
            Scores::new(scores.map(|score| score.as_u64().unwrap()).collect())
        });
        let order = Order {
            style: 0,
            credential: &vector.bytes("credential"),
            seed: &vector.array("seed"),
            scores: &scores.collect::<Vec<_>>(),
        };
        assert_eq!(kit.prove(&order).unwrap(), vector.bytes("ballot"));
    });
}

#[test]
fn contests_bad() {
    each("contests_bad", &[], |vector| {
        assert_eq!(verdict(&kit_of(vector), vector), vector.code());
    });
}
