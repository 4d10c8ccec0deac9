//! Bounds, bits and equations of contests.

use std::time::{Duration, Instant};

use hanpyo_core::shape::{Limit, Shape};

use crate::reference::Layout;
use crate::support::{Contest, Source, limit, sum_limit};

fn code(options: usize, top: u64, limits: &[Limit]) -> u8 {
    Shape::new(options, top, limits.to_vec()).map_or_else(|error| error.code(), |_| 0)
}

#[test]
fn bounds_are_held_on_both_sides() {
    let full = sum_limit(2, 0, 1);
    let cases = [
        (0, 1, vec![], 37),
        (1, 1, vec![], 0),
        (512, 1, vec![], 0),
        (513, 1, vec![], 37),
        (1, 0, vec![], 37),
        (1, (1 << 32) - 1, vec![], 0),
        (1, 1 << 32, vec![], 37),
        (1, u64::MAX, vec![], 37),
        (2, 1, vec![limit(1, 0, &[(0, 1)])], 37),
        (2, 1, vec![limit(0, 0, &[(0, 1)])], 0),
        (2, 1, vec![limit(0, (1 << 48) - 1, &[(0, 1)])], 0),
        (2, 1, vec![limit(0, 1 << 48, &[(0, 1)])], 37),
        (2, 1, vec![limit(0, 1, &[])], 37),
        (2, 1, vec![limit(0, 1, &[(0, 0)])], 37),
        (2, 1, vec![limit(0, 1, &[(0, (1 << 48) - 1)])], 0),
        (2, 1, vec![limit(0, 1, &[(0, 1 << 48)])], 37),
        (2, 1, vec![limit(0, 1, &[(1, 1), (0, 1)])], 37),
        (2, 1, vec![limit(0, 1, &[(1, 1), (1, 1)])], 37),
        (2, 1, vec![limit(0, 1, &[(2, 1)])], 37),
        (
            2,
            1 << 16,
            vec![limit(0, 1, &[(0, 1 << 47), (1, 1 << 47)])],
            37,
        ),
        (
            2,
            (1 << 16) - 1,
            vec![limit(0, 1, &[(0, 1 << 47), (1, 1 << 47)])],
            0,
        ),
        (2, 1, vec![full.clone(); 64], 0),
        (2, 1, vec![full.clone(); 65], 0), // the first is a matrix's item
        (2, 1, vec![full; 66], 37),
        (3, 1, vec![sum_limit(3, 0, 1); 64], 0),
        (3, 1, vec![sum_limit(3, 0, 1); 65], 37),
    ];
    for (options, top, limits, expected) in cases {
        assert_eq!(
            code(options, top, &limits),
            expected,
            "{options} {top} {limits:?}"
        );
    }
}

#[test]
fn bits_number_at_most_4096() {
    assert_eq!(code(512, 255, &[]), 0);
    assert_eq!(code(512, 256, &[]), 37);
    assert_eq!(code(512, 255, &[limit(0, 1, &[(0, 1)])]), 37);
    assert_eq!(code(512, 255, &[limit(1, 1, &[(0, 1)])]), 0);
}

#[test]
fn contradicting_limits_are_refused_and_redundant_ones_are_not() {
    let one = limit(1, 1, &[(0, 1), (1, 1)]);
    let double = |high| limit(high, high, &[(0, 2), (1, 2)]);
    assert_eq!(code(2, 3, &[one.clone(), double(2)]), 0);
    assert_eq!(code(2, 3, &[one.clone(), double(3)]), 37);
    assert_eq!(code(2, 3, &[one.clone(), one]), 0);
    // Three limits that contradict each other only together.
    let pairs = |high| {
        [
            limit(1, 1, &[(0, 1), (1, 1)]),
            limit(1, 1, &[(1, 1), (2, 1)]),
            limit(high, high, &[(0, 1), (1, 2), (2, 1)]),
        ]
    };
    assert_eq!(code(3, 1, &pairs(2)), 0);
    assert_eq!(code(3, 1, &pairs(3)), 37);
}

#[test]
fn code_words_cover_the_range_and_nothing_beyond() {
    for top in (1..=70).chain([127, 128, 1000, (1 << 32) - 1]) {
        let shape = Shape::new(1, top, vec![]).expect("lawful");
        let weights = &shape.score().weights;
        assert_eq!(weights.iter().sum::<u64>(), top);
        for score in (0..=top.min(70)).chain([top / 2, top / 2 + 1, top - 1, top]) {
            let bits = shape.bits(&[score]).expect("in range");
            let products = bits.iter().zip(weights).map(|(bit, w)| u64::from(*bit) * w);
            assert_eq!(products.sum::<u64>(), score);
            let powers_sum = (1 << (weights.len() - 1)) - 1;
            assert_eq!(bits[weights.len() - 1] == 1, score > powers_sum);
        }
        assert_eq!(shape.bits(&[top + 1]).expect_err("over").code(), 36);
    }
}

#[test]
fn bits_are_those_of_the_protocol_page() {
    // R = 5: weights 1, 2, 2. One limit, 2 s_1 + s_2 <= 9: slack 0..9, weights 1, 2, 4, 2.
    let limits = vec![limit(0, 9, &[(0, 2), (1, 1)])];
    let shape = Shape::new(2, 5, limits).expect("lawful");
    assert_eq!(shape.bit_count(), 10);
    assert_eq!(shape.byte_size(), 32 * (2 + 10 + 6));
    let bits = shape.bits(&[4, 1]).expect("lawful");
    assert_eq!(bits[..], [0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    let bits = shape.bits(&[0, 0]).expect("lawful");
    assert_eq!(bits[..], [0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
}

#[test]
fn unlawful_selections_are_refused() {
    let limits = vec![sum_limit(3, 1, 2)];
    let shape = Shape::new(3, 1, limits).expect("lawful");
    for (scores, expected) in [
        (&[1, 0, 0][..], 0),
        (&[1, 1, 0], 0),
        (&[0, 0, 0], 36),
        (&[1, 1, 1], 36),
        (&[2, 0, 0], 36),
        (&[u64::MAX, 2, 0], 36),
        (&[1, 0], 36),
        (&[1, 0, 0, 0], 36),
    ] {
        let found = shape.bits(scores).map_or_else(|error| error.code(), |_| 0);
        assert_eq!(found, expected, "{scores:?}");
    }
}

#[test]
fn random_shapes_have_the_bits_of_a_plain_reading() {
    let seed = 20261123;
    let mut source = Source::new(seed);
    for round in 0..200 {
        let (contest, scores) = random_contest(&mut source);
        let layout = Layout::new(&contest);
        let shape = contest.shape();
        let bits = shape.bits(&scores).expect("lawful");
        let bits: Vec<u64> = bits.iter().map(|bit| u64::from(*bit)).collect();
        assert_eq!(
            bits,
            layout.write(&scores),
            "seed {seed} round {round}: {contest:?}"
        );
    }
}

/// A contest of up to 6 options with up to 4 limits, and a selection that satisfies them.
pub(crate) fn random_contest(source: &mut Source) -> (Contest, Vec<u64>) {
    let options = 1 + source.place(6);
    let magnitude = source.below(8);
    let top = 1 + source.below(1 << magnitude);
    let scores: Vec<u64> = (0..options).map(|_| source.below(top + 1)).collect();
    let mut limits = Vec::new();
    for _ in 0..source.below(5) {
        let first = source.place(options);
        let chosen = (first..options).filter(|i| *i == first || source.below(2) == 1);
        let chosen: Vec<usize> = chosen.collect();
        let coefficients: Vec<(usize, u64)> = chosen
            .iter()
            .map(|option| (*option, 1 + source.below(9)))
            .collect();
        let sum: u64 = coefficients.iter().map(|(i, c)| c * scores[*i]).sum();
        let low = sum - source.below(sum.min(3) + 1);
        limits.push(limit(low, sum + source.below(3), &coefficients));
    }
    (Contest::new(options, top, &limits), scores)
}

#[test]
fn the_largest_shapes_are_laid_out_in_seconds() {
    let start = Instant::now();
    // A matrix of 256 items with 64 more limits over all options.
    let items = (0..256).map(|i| limit(0, 1, &[(2 * i, 1), (2 * i + 1, 1)]));
    let dense = (0..64u64).map(|number| {
        let coefficient = |option| 1 + (option * (number + 1) + number * number) % 1009;
        let coefficients: Vec<(usize, u64)> = (0..512)
            .map(|option| (option as usize, coefficient(option)))
            .collect();
        limit(0, (1 << 48) - 1, &coefficients)
    });
    let shape = Shape::new(512, 1, items.chain(dense).collect()).expect("lawful");
    assert_eq!(shape.bit_count(), 512 + 256 + 64 * 48);
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
}
