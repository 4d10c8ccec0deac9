//! Totals: any t shares give the same, and searches end at their borders.

use curve25519_dalek::{RistrettoPoint, Scalar};
use hanpyo_core::group::encode_point;
use hanpyo_core::totals::{check_totals, find_totals};
use hanpyo_core::{Error, Result, dlog};

use crate::support::{Held, RANDOM, SUM, attempt, hold, scalar};

fn shares_of(held: &Held, total: &[u8], trustees: &[u32]) -> Vec<(u32, Vec<u8>)> {
    let share = |index: &u32| held.key(*index).share(&SUM, total, &RANDOM).unwrap().points;
    trustees
        .iter()
        .map(|index| (*index, share(index)))
        .collect()
}

fn find(total: &[u8], shares: &[(u32, Vec<u8>)], maximum: u64) -> Result<Vec<u64>> {
    find_totals(total, &borrow(shares), maximum, 2)
}

fn borrow(shares: &[(u32, Vec<u8>)]) -> Vec<(u32, &[u8])> {
    shares
        .iter()
        .map(|(index, points)| (*index, &points[..]))
        .collect()
}

/// A sum that anyone can open: A is the identity, so shares are too.
fn open_sum(totals: &[u64]) -> (Vec<u8>, Vec<(u32, Vec<u8>)>) {
    let mut sum = vec![0; 32];
    for total in totals {
        sum.extend(encode_point(&RistrettoPoint::mul_base(&Scalar::from(
            *total,
        ))));
    }
    (sum, vec![(1, vec![0; 32 * totals.len()])])
}

#[test]
fn any_threshold_of_trustees_finds_the_same_totals() {
    let find_with = |threshold, indexes: &[u32], subsets: &[&[u32]]| {
        let totals = [0, 30_000, 12];
        let held = hold(attempt(8, threshold, 3), indexes);
        let sum = held.sum_of(&totals);
        for subset in subsets {
            let shares = shares_of(&held, &sum, subset);
            assert_eq!(find(&sum, &shares, 30_000).unwrap(), totals);
            check_totals(&sum, &borrow(&shares), &totals).unwrap();
        }
    };
    find_with(1, &[1], &[&[1]]);
    find_with(2, &[1, 2, 3], &[&[1, 2], &[1, 3], &[2, 3], &[3, 1]]);
    find_with(
        3,
        &[2, 3, 30, 63, 64],
        &[&[2, 3, 30], &[64, 3, 63], &[30, 2, 64]],
    );
}

#[test]
fn fewer_than_the_threshold_find_nothing() {
    let held = hold(attempt(8, 3, 1), &[1, 2, 3]);
    let sum = held.sum_of(&[5]);
    let shares = shares_of(&held, &sum, &[1, 3]);
    assert!(matches!(
        find(&sum, &shares, 1000),
        Err(Error::InvalidResult(_))
    ));
    let checked = check_totals(&sum, &borrow(&shares), &[5]);
    assert!(matches!(checked, Err(Error::InvalidResult(_))));
}

#[test]
fn wrong_totals_are_refused() {
    let held = hold(attempt(8, 2, 3), &[1, 2]);
    let sum = held.sum_of(&[4, 0, 9]);
    let shares = shares_of(&held, &sum, &[1, 2]);
    let check = |totals: &[u64]| check_totals(&sum, &borrow(&shares), totals);
    check(&[4, 0, 9]).unwrap();
    let wrong: [&[u64]; 6] = [
        &[5, 0, 9],
        &[4, 1, 9],
        &[4, 0, u64::MAX],
        &[0, 4, 9],
        &[4, 0],
        &[4, 0, 9, 0],
    ];
    for totals in wrong {
        assert!(
            matches!(check(totals), Err(Error::InvalidResult(_))),
            "{totals:?}"
        );
    }
}

#[test]
fn searches_end_exactly_at_the_maximum() {
    let borders = [
        0,
        1,
        2,
        1000,
        65_534,
        65_535,
        65_536,
        65_537,
        1 << 20,
        (1 << 24) + 1,
    ];
    for maximum in borders {
        let (sum, shares) = open_sum(&[0, maximum / 2, maximum]);
        assert_eq!(
            find(&sum, &shares, maximum).unwrap(),
            [0, maximum / 2, maximum]
        );
        let (sum, shares) = open_sum(&[0, maximum + 1]);
        let found = find(&sum, &shares, maximum);
        assert!(matches!(found, Err(Error::InvalidResult(_))), "{maximum}");
        assert_eq!(find(&sum, &shares, maximum + 1).unwrap(), [0, maximum + 1]);
    }
}

#[test]
fn every_small_total_is_found() {
    let totals: Vec<u64> = (0..512).collect();
    let (sum, shares) = open_sum(&totals);
    assert_eq!(find(&sum, &shares, 511).unwrap(), totals);
    assert_eq!(find(&sum, &shares, 1 << 30).unwrap(), totals);
}

#[test]
fn one_large_total_among_small_ones_is_found() {
    let totals = [3, (1 << 37) + 12_345, 0, 70_000];
    let (sum, shares) = open_sum(&totals);
    assert_eq!(find(&sum, &shares, dlog::END_MAX - 1).unwrap(), totals);
}

#[test]
fn a_total_that_is_no_small_number_is_not_found() {
    let point = RistrettoPoint::mul_base(&scalar(1));
    assert_eq!(dlog::find_vartime(&[point, -point], 1 << 20), [None, None]);
    let minus_one = RistrettoPoint::mul_base(&-Scalar::ONE);
    assert_eq!(dlog::find_vartime(&[minus_one], 1 << 20), [None]);
    assert_eq!(dlog::find_vartime(&[], 1 << 20), []);
    assert_eq!(dlog::find_vartime(&[RistrettoPoint::default()], 0), [None]);
}

#[test]
fn senseless_queries_are_refused() {
    let (sum, shares) = open_sum(&[1]);
    let twice = [shares.clone(), shares.clone()].concat();
    let zero = vec![(0, shares[0].1.clone())];
    let is_invalid_query = |result| matches!(result, Err(Error::InvalidQuery(_)));
    assert!(is_invalid_query(find(&sum, &twice, 9)));
    assert!(is_invalid_query(find(&sum, &zero, 9)));
    assert!(is_invalid_query(find(&sum, &[], 9)));
    assert!(is_invalid_query(find(&sum, &shares, dlog::END_MAX)));
    assert!(is_invalid_query(find(&sum, &shares, u64::MAX)));
    assert!(is_invalid_query(find_totals(&sum, &borrow(&shares), 9, 0)));
    let short = vec![(1, vec![0; 31])];
    assert!(matches!(
        find(&sum, &short, 9),
        Err(Error::InvalidEncoding(_))
    ));
    assert!(matches!(
        find(&sum[..32], &shares, 9),
        Err(Error::InvalidEncoding(_))
    ));
    let malformed = vec![(1, vec![0xff; 32])];
    assert!(matches!(
        find(&sum, &malformed, 9),
        Err(Error::InvalidPoint(_))
    ));
}
