//! The running hash behind every challenge.

use hanpyo_core::transcript::Transcript;

use crate::support::unhex;

/// Computed with Python's hashlib and integers.
#[test]
fn challenges_match_an_independent_computation() {
    let mut transcript = Transcript::new("test");
    transcript.absorb("first", &[b"one", b"two"]);
    assert_eq!(transcript.challenge("y").to_bytes(), unhex::<32>(FIRST));
    assert_eq!(transcript.challenge("y").to_bytes(), unhex::<32>(SECOND));
    transcript.absorb("second", &[]);
    assert_eq!(transcript.challenge("x").to_bytes(), unhex::<32>(THIRD));
}

#[test]
fn every_step_changes_the_next_challenge() {
    let draw = |steps: &[(&str, &[&[u8]])], label| {
        let mut transcript = Transcript::new("test");
        steps
            .iter()
            .for_each(|(label, parts)| transcript.absorb(label, parts));
        transcript.challenge(label)
    };
    let drawn = [
        draw(&[("m", &[b"ab"])], "c"),
        draw(&[("m", &[b"ab"])], "d"),
        draw(&[("n", &[b"ab"])], "c"),
        draw(&[("m", &[b"a", b"b"])], "c"),
        draw(&[("m", &[b"a"]), ("m", &[b"b"])], "c"),
        draw(&[], "c"),
    ];
    for (place, one) in drawn.iter().enumerate() {
        assert!(drawn[..place].iter().all(|other| one != other));
    }
}

#[test]
fn the_digest_covers_what_was_fed_and_feeds_nothing() {
    let mut transcript = Transcript::new("test");
    transcript.absorb("m", &[b"ab"]);
    let before = transcript.digest();
    assert_eq!(transcript.digest(), before);
    transcript.challenge("c");
    assert_ne!(transcript.digest(), before);
}

const FIRST: &str = "bf884df887d8c021fb436c54e61ac906c9061a2d8d08e9a2981514cd9ef06200";
const SECOND: &str = "55aaf101f00ed8d011a10abd8a52bd047531e73a9541ccae4f2e6d1c2a7ba20c";
const THIRD: &str = "fd74d9a97eedf3be583c3260be282d4132710867e7a7febe1433709c6741850b";
