//! Each proof covers each field of its statement: a prover that leaves one out is refused.
//!
//! The provers here are written anew from docs/protocol.md. With nothing left out they convince
//! the real checkers, so what refuses the others is the missing field.

use curve25519_dalek::{RistrettoPoint, Scalar};
use hanpyo_core::ceremony::{self, Statement, check_commit, check_complaint, check_reveal};
use hanpyo_core::group::{decode_point, encode_point, to_scalar};
use hanpyo_core::shares::{self, check_share};
use hanpyo_core::transcript::Transcript;

use crate::support::{Frames, SUM, absorb, attempt, hold, leaving_out, number, scalar, slices};

fn point(factor: &Scalar) -> Vec<u8> {
    encode_point(&RistrettoPoint::mul_base(factor)).to_vec()
}

/// Prove `P = witness g`, `S = witness base`, the nonces absorbed as `frames` says.
fn prove(transcript: &mut Transcript, frames: &Frames, witness: Scalar, rho: Scalar) -> Vec<u8> {
    absorb(transcript, frames);
    let c = transcript.challenge("c");
    [c.to_bytes(), (rho + c * witness).to_bytes()].concat()
}

/// Only leaving out nothing may convince.
fn assert_convinces(name: &str, convinced: bool) {
    assert_eq!(convinced, name == "nothing", "left out: {name}");
}

#[test]
fn shares_cover_every_field() {
    let (x, base) = ([scalar(1), scalar(2)], RistrettoPoint::mul_base(&scalar(3)));
    let a = encode_point(&base).to_vec();
    let total = [&a[..], &point(&scalar(4)), &point(&scalar(5))].concat();
    let keys: Vec<Vec<u8>> = x.iter().map(point).collect();
    let posted: Vec<Vec<u8>> = x
        .iter()
        .map(|x| encode_point(&(x * base)).to_vec())
        .collect();
    let rho = scalar(6);
    let before: Frames = vec![
        (
            "statement",
            vec![
                SUM.election_id.to_vec(),
                vec![8; 32],
                number(SUM.contest),
                number(SUM.group),
                number(7),
                a,
            ],
        ),
        ("keys", keys.clone()),
        ("shares", posted.clone()),
    ];
    let after: Frames = vec![(
        "nonces",
        vec![point(&rho), encode_point(&(rho * base)).to_vec()],
    )];
    let key_parts: Vec<&[u8]> = keys.iter().map(|key| &key[..]).collect();
    let statement = shares::Statement {
        sum: &SUM,
        ceremony_id: &[8; 32],
        trustee: 7,
        keys: &key_parts,
        total: &total,
        shares: &posted.concat(),
    };
    let convinces = |before: &Frames, after: &Frames| {
        let mut transcript = Transcript::new("share");
        absorb(&mut transcript, before);
        let e = transcript.challenge("e");
        let proof = prove(&mut transcript, after, e * x[0] + e * e * x[1], rho);
        check_share(statement, &proof).is_ok()
    };
    for (name, before) in leaving_out(&before) {
        assert_convinces(&name, convinces(&before, &after));
    }
    for (name, after) in leaving_out(&after) {
        assert_convinces(&name, convinces(&before, &after));
    }
}

#[test]
fn complaints_cover_every_field() {
    let (secret, base) = (scalar(1), RistrettoPoint::mul_base(&scalar(2)));
    let (own, other) = (point(&secret), encode_point(&base).to_vec());
    let shared = encode_point(&(secret * base)).to_vec();
    let rho = scalar(3);
    let frames: Frames = vec![
        (
            "statement",
            vec![
                vec![8; 32],
                number(5),
                number(4),
                own.clone(),
                other.clone(),
                shared.clone(),
            ],
        ),
        (
            "nonces",
            vec![point(&rho), encode_point(&(rho * base)).to_vec()],
        ),
    ];
    for (name, frames) in leaving_out(&frames) {
        let proof = prove(&mut Transcript::new("complaint"), &frames, secret, rho);
        let statement = Statement {
            ceremony_id: &[8; 32],
            dealer: 4,
            trustee: 5,
            dealer_transport: &other,
            trustee_transport: &own,
            point: &shared,
        };
        assert_convinces(&name, check_complaint(statement, &proof).is_ok());
    }
}

#[test]
fn the_identity_is_nobodys_key_in_a_complaint() {
    // With the secret 0 the proof itself holds: E_i and D are both the identity.
    let (base, rho, identity) = (RistrettoPoint::mul_base(&scalar(2)), scalar(3), vec![0; 32]);
    let other = encode_point(&base).to_vec();
    let frames: Frames = vec![
        (
            "statement",
            vec![
                vec![8; 32],
                number(5),
                number(4),
                identity.clone(),
                other.clone(),
                identity.clone(),
            ],
        ),
        (
            "nonces",
            vec![point(&rho), encode_point(&(rho * base)).to_vec()],
        ),
    ];
    let proof = prove(
        &mut Transcript::new("complaint"),
        &frames,
        Scalar::ZERO,
        rho,
    );
    let statement = Statement {
        ceremony_id: &[8; 32],
        dealer: 4,
        trustee: 5,
        dealer_transport: &other,
        trustee_transport: &identity,
        point: &identity,
    };
    let refused = check_complaint(statement, &proof).unwrap_err();
    assert_eq!(refused.why(), "the identity is refused as a point here");
}

#[test]
fn reveals_cover_every_field() {
    let ceremony = attempt(8, 2, 2);
    let (a, rhos) = ([scalar(1), scalar(2)], [scalar(5), scalar(6)]);
    let points = [&a[0], &scalar(3), &a[1], &scalar(4)].map(point).concat();
    let (transport, commitment) = (point(&scalar(7)), vec![9; 32]);
    let frames: Frames = vec![
        (
            "statement",
            vec![
                vec![8; 32],
                number(3),
                transport.clone(),
                commitment.clone(),
                number(0),
            ],
        ),
        ("points", vec![points.clone()]),
        ("nonces", rhos.iter().map(point).collect()),
    ];
    for (name, frames) in leaving_out(&frames) {
        let mut transcript = Transcript::new("reveal");
        absorb(&mut transcript, &frames);
        let c = transcript.challenge("c");
        let answers = [rhos[0] + c * a[0], rhos[1] + c * a[1]];
        let proof = [c, answers[0], answers[1]].map(|s| s.to_bytes()).concat();
        let result = check_reveal(&ceremony, 3, &transport, &commitment, 0, &points, &proof);
        assert_convinces(&name, result.is_ok());
    }
}

#[test]
fn transport_signatures_cover_every_field() {
    let (secret, rho) = (scalar(1), scalar(2));
    let (transport, nonce, commitment) = (point(&secret), point(&rho), vec![9; 32]);
    let parts = vec![
        nonce.clone(),
        transport.clone(),
        vec![8; 32],
        number(3),
        commitment.clone(),
    ];
    for (name, frames) in leaving_out(&vec![("transport", parts)]) {
        let parts: Vec<&[u8]> = frames[0].1.iter().map(|part| &part[..]).collect();
        let c = to_scalar("transport", &parts);
        let proof = [&nonce[..], (rho + c * secret).as_bytes()].concat();
        let result = check_commit(&[8; 32], 3, &transport, &proof, &commitment);
        assert_convinces(&name, result.is_ok());
    }
}

/// What the real prover makes is what this page's prover would accept: both ways meet.
#[test]
fn the_real_share_answers_the_challenge_written_out() {
    let held = hold(attempt(8, 2, 2), &[1, 2, 3]);
    let total = held.sum_of(&[4, 5]);
    let share = held.key(2).share(&SUM, &total, &[1; 32]).unwrap();
    let keys = held.verification_keys(2);
    let frames: Frames = vec![
        (
            "statement",
            vec![
                SUM.election_id.to_vec(),
                vec![8; 32],
                number(SUM.contest),
                number(SUM.group),
                number(2),
                total[..32].to_vec(),
            ],
        ),
        ("keys", keys.iter().map(|key| key.to_vec()).collect()),
        (
            "shares",
            share.points.chunks(32).map(<[u8]>::to_vec).collect(),
        ),
    ];
    let mut transcript = Transcript::new("share");
    absorb(&mut transcript, &frames);
    let e = transcript.challenge("e");
    let read = |bytes: &[u8]| Scalar::from_canonical_bytes(bytes.try_into().unwrap()).unwrap();
    let (c, z) = (read(&share.proof[..32]), read(&share.proof[32..]));
    let sum = |points: Vec<&[u8]>| {
        let points: Vec<_> = points
            .iter()
            .map(|bytes| decode_point(bytes).unwrap())
            .collect();
        e * points[0] + e * e * points[1]
    };
    let p = sum(slices(&keys));
    let s = sum(share.points.chunks(32).collect());
    let base = decode_point(&total[..32]).unwrap();
    let nonces = [RistrettoPoint::mul_base(&z) - c * p, z * base - c * s];
    let parts = nonces.map(|point| encode_point(&point).to_vec()).to_vec();
    absorb(&mut transcript, &vec![("nonces", parts)]);
    assert_eq!(transcript.challenge("c"), c);
    assert_eq!(ceremony::part_count(held.ceremony.size), 1);
}
