//! Small discrete logarithms, many at once: baby-step giant-step with one table for all.
//!
//! Points are compared by the encodings of their doubles: the library makes those in bulk with one
//! inversion, and in a group of odd order doubling loses nothing. Everything here is public.
//!
//! Source: Shanks, "Class number, a theory of factorization and genera" (1971).

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::{RistrettoPoint, Scalar};
use rayon::prelude::*;

/// No search goes to this number or beyond.
pub const END_MAX: u64 = 1 << 44;

/// Most elections end in the first rung. Each is 16 times the one before, so that all rungs before
/// the one that finds the last total cost a third of it.
const FIRST_RUNG: u64 = 1 << 16;
const RUNG_FACTOR: u64 = 16;

/// A table of 2^22 baby steps takes 64 MiB.
const TABLE_STEPS_MAX: u64 = 1 << 22;

/// How many steps go into one bulk encoding.
const BLOCK_STEPS: u64 = 1024;

/// How many blocks a round has at least, so that all threads have work with few points open.
const ROUND_BLOCKS_MIN: usize = 64;

/// For each point find its logarithm to base g in `0..end`, or `None` where it has none there.
///
/// Runs in the current rayon pool.
pub fn find_vartime(points: &[RistrettoPoint], end: u64) -> Vec<Option<u64>> {
    assert!(end <= END_MAX, "callers bound the search");
    let mut found = vec![None; points.len()];
    let mut table = Table::new(0);
    let (mut start, mut rung) = (0, FIRST_RUNG);
    while start < end {
        let open: Vec<usize> = (0..points.len()).filter(|i| found[*i].is_none()).collect();
        if open.is_empty() {
            break;
        }
        let stop = rung.min(end);
        let steps = table_steps(stop - start, open.len());
        if table.steps < steps {
            table = Table::new(steps);
        }
        search(&table, points, open, start..stop, &mut found);
        (start, rung) = (stop, rung * RUNG_FACTOR);
    }
    found
}

/// Balance the table's cost against that of all giant steps.
fn table_steps(range: u64, open: usize) -> u64 {
    (range * open as u64).isqrt().clamp(1, TABLE_STEPS_MAX)
}

/// Search one rung for all points still open, in rounds.
fn search(
    table: &Table,
    points: &[RistrettoPoint],
    mut open: Vec<usize>,
    range: std::ops::Range<u64>,
    found: &mut [Option<u64>],
) {
    let giants = (range.end - range.start).div_ceil(table.steps);
    let blocks = giants.div_ceil(BLOCK_STEPS);
    let mut next = 0;
    while next < blocks && !open.is_empty() {
        let width = ROUND_BLOCKS_MIN.div_ceil(open.len()) as u64;
        let round = next..blocks.min(next + width);
        let tasks: Vec<(usize, u64)> = (open.iter())
            .flat_map(|point| round.clone().map(|block| (*point, block)))
            .collect();
        let hits: Vec<(usize, u64)> = tasks
            .into_par_iter()
            .filter_map(|(point, block)| {
                let first = block * BLOCK_STEPS;
                let count = BLOCK_STEPS.min(giants - first);
                let from = range.start + first * table.steps;
                Some((point, table.find(&points[point], from, count)?))
            })
            .collect();
        for (point, total) in hits {
            // The last giant step reaches beyond the range.
            if total < range.end {
                found[point] = Some(total);
            }
        }
        open.retain(|point| found[*point].is_none());
        next = round.end;
    }
}

/// The multiples 0 g, 1 g, ..., each findable by its point.
struct Table {
    /// How many multiples there are.
    steps: u64,
    /// Open addressing, at most half full: 40 bits of a point's key and 24 of its number plus 1.
    places: Vec<u64>,
}

const NUMBER_BITS: u32 = 24;

impl Table {
    fn new(steps: u64) -> Self {
        let keys: Vec<u64> = (0..steps.div_ceil(BLOCK_STEPS))
            .into_par_iter()
            .flat_map_iter(|block| {
                let first = block * BLOCK_STEPS;
                let start = multiple(first);
                keys(
                    start,
                    &RISTRETTO_BASEPOINT_POINT,
                    BLOCK_STEPS.min(steps - first),
                )
            })
            .collect();
        let mut table = Self {
            steps,
            places: vec![0; (2 * keys.len()).next_power_of_two()],
        };
        for (number, key) in keys.into_iter().enumerate() {
            table.insert(key, number as u64);
        }
        table
    }

    fn insert(&mut self, key: u64, number: u64) {
        let mut place = self.home(key);
        while self.places[place] != 0 {
            place = self.after(place);
        }
        self.places[place] = (key >> NUMBER_BITS << NUMBER_BITS) | (number + 1);
    }

    /// Look for `point - from g` and `count - 1` giant steps further down; return the logarithm.
    fn find(&self, point: &RistrettoPoint, from: u64, count: u64) -> Option<u64> {
        let giant = -multiple(self.steps);
        for (step, key) in keys(point - multiple(from), &giant, count).enumerate() {
            let mut place = self.home(key);
            while self.places[place] != 0 {
                let entry = self.places[place];
                if (entry ^ key) >> NUMBER_BITS == 0 {
                    let number = (entry & ((1 << NUMBER_BITS) - 1)) - 1;
                    let total = from + step as u64 * self.steps + number;
                    // A key is a part of a point's encoding: only this decides.
                    if multiple(total) == *point {
                        return Some(total);
                    }
                }
                place = self.after(place);
            }
        }
        None
    }

    fn home(&self, key: u64) -> usize {
        key as usize & (self.places.len() - 1)
    }

    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.places.len() - 1)
    }
}

fn multiple(number: u64) -> RistrettoPoint {
    RistrettoPoint::mul_base(&Scalar::from(number))
}

/// The keys of `start`, `start + step`, ..., `count` points.
fn keys(
    start: RistrettoPoint,
    step: &RistrettoPoint,
    count: u64,
) -> impl Iterator<Item = u64> + use<> {
    let step = *step;
    let points: Vec<RistrettoPoint> =
        std::iter::successors(Some(start), |point| Some(point + step))
            .take(count as usize)
            .collect();
    RistrettoPoint::double_and_compress_batch(&points)
        .into_iter()
        .map(|encoding| {
            // Not the first bytes: an encoding is an even number, its lowest bit always 0.
            let bytes = encoding.as_bytes()[8..16].try_into();
            u64::from_le_bytes(bytes.expect("8 bytes are 8 bytes"))
        })
}
