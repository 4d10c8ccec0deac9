//! The joint key's slots h_1..h_m, one for each option (docs/protocol.md 7, 8.4).

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use curve25519_dalek::ristretto::RistrettoBasepointTable;
use curve25519_dalek::{RistrettoPoint, Scalar};

use crate::error::{Error, Result};
use crate::group::decode_nonidentity;

/// A table costs as much as it saves in about this many multiplications.
const TABLES_AFTER: usize = 128;

/// The slot keys, with tables for whoever makes many ballots.
pub(crate) struct Slots {
    points: Vec<RistrettoPoint>,
    used: AtomicUsize,
    tables: OnceLock<Vec<RistrettoBasepointTable>>,
}

impl Slots {
    /// Decode h_1..h_m.
    ///
    /// # Errors
    /// `InvalidPoint` where one is not canonical, is the identity, or occurs twice: a ballot uses
    /// one randomness for all slots, so equal keys would show which options have equal scores.
    pub(crate) fn decode(keys: &[impl AsRef<[u8]>]) -> Result<Self> {
        let distinct: BTreeSet<&[u8]> = keys.iter().map(AsRef::as_ref).collect();
        if distinct.len() != keys.len() {
            return Err(Error::InvalidPoint("two slot keys are equal".into()));
        }
        let points = keys.iter().map(|key| decode_nonidentity(key.as_ref()));
        Ok(Self {
            points: points.collect::<Result<_>>()?,
            used: AtomicUsize::new(0),
            tables: OnceLock::new(),
        })
    }

    /// h_1..h_m; place 0 holds h_1.
    pub(crate) fn points(&self) -> &[RistrettoPoint] {
        &self.points
    }

    /// Multiply h_1..h_count by one secret scalar. Constant time in it.
    pub(crate) fn multiply(&self, scalar: &Scalar, count: usize) -> Vec<RistrettoPoint> {
        if let Some(tables) = self.tables.get() {
            return tables[..count].iter().map(|table| table * scalar).collect();
        }
        self.points[..count].iter().map(|h| h * scalar).collect()
    }

    /// Announce that `count` ballots will be made, and make the tables once that pays.
    pub(crate) fn expect_ballots(&self, count: usize) {
        let before = self.used.fetch_add(count, Ordering::Relaxed);
        if before.saturating_add(count) >= TABLES_AFTER {
            let make = || self.points.iter().map(RistrettoBasepointTable::create);
            self.tables.get_or_init(|| make().collect());
        }
    }
}
