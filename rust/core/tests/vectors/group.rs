//! Group, frames, transcripts and generators.

use curve25519_dalek::RistrettoPoint;
use hanpyo_core::generators::generator;
use hanpyo_core::group::{
    base_multiply, decode_point, decode_scalar, encode_point, frame, to_point, to_scalar, wide,
};
use hanpyo_core::transcript::Transcript;

use crate::loading::{Vector, code, each, slices};

#[test]
fn ristretto255() {
    each("ristretto255", &[], |vector| match vector.text("kind") {
        "multiple" => {
            let point = base_multiply(&vector.bytes("scalar")).unwrap();
            assert_eq!(point, vector.array("point"));
        }
        "point" => assert_eq!(code(decode_point(&vector.bytes("bytes"))), vector.code()),
        "scalar" => assert_eq!(code(decode_scalar(&vector.bytes("bytes"))), vector.code()),
        "one-way map" => {
            let point = RistrettoPoint::from_uniform_bytes(&vector.array("bytes"));
            assert_eq!(encode_point(&point), vector.array("point"));
        }
        "wide" => {
            let scalar = wide(&vector.array("bytes"));
            assert_eq!(scalar.to_bytes(), vector.array("scalar"));
        }
        kind => panic!("unknown kind {kind}"),
    });
}

#[test]
fn frames_and_transcript() {
    each("frames_and_transcript", &[], |vector| {
        let label = vector.text("label");
        if vector.text("kind") == "transcript" {
            return run_transcript(vector);
        }
        let parts = vector.bytes_list("parts");
        let parts = slices(&parts);
        match vector.text("kind") {
            "frame" => assert_eq!(frame(label, &parts), vector.bytes("frame")),
            "to_scalar" => {
                let scalar = to_scalar(label, &parts);
                assert_eq!(scalar.to_bytes(), vector.array("scalar"));
            }
            "to_point" => {
                let point = to_point(label, &parts);
                assert_eq!(encode_point(&point), vector.array("point"));
            }
            kind => panic!("unknown kind {kind}"),
        }
    });
}

fn run_transcript(vector: &Vector) {
    let mut transcript = Transcript::new(vector.text("label"));
    let mut drawn = Vec::new();
    for step in vector.list("steps").iter().map(Vector::of) {
        if step.has("challenge") {
            let challenge = transcript.challenge(step.text("challenge"));
            drawn.push(challenge.to_bytes().to_vec());
        } else {
            transcript.absorb(step.text("absorb"), &slices(&step.bytes_list("parts")));
        }
    }
    assert_eq!(drawn, vector.bytes_list("challenges"));
}

#[test]
fn generators() {
    each("generators", &[], |vector| {
        let found = generator(vector.text("generator"), vector.index("index")).unwrap();
        assert_eq!(found, vector.array("point"));
    });
}
