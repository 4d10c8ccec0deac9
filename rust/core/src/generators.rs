//! The fixed generators K, G_i and Q_i (docs/protocol.md 8.3).
//!
//! They depend on nothing, so one cache serves the whole process. It grows when a contest with
//! more bits appears, and every user keeps the immutable list it was given.

use std::sync::{Arc, PoisonError, RwLock};

use curve25519_dalek::RistrettoPoint;

use crate::error::{Error, Result};
use crate::group::{encode_point, to_point};
use crate::labels;
use crate::shape::BITS_MAX;

/// K, G_0..G_b and Q_1..Q_b for some number b of bits.
#[derive(Debug)]
pub struct Generators {
    /// K.
    pub k: RistrettoPoint,
    /// G_0.
    pub g0: RistrettoPoint,
    /// G_1..G_b; place 0 holds G_1.
    pub g: Vec<RistrettoPoint>,
    /// Q_1..Q_b; place 0 holds Q_1.
    pub q: Vec<RistrettoPoint>,
}

impl Generators {
    /// The generators for contests of up to `bits` bits (there may be more in the list).
    pub fn for_bits(bits: usize) -> Arc<Self> {
        static CACHE: RwLock<Option<Arc<Generators>>> = RwLock::new(None);
        let read = CACHE.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = read.filter(|known| known.g.len() >= bits) {
            return known;
        }
        let mut cache = CACHE.write().unwrap_or_else(PoisonError::into_inner);
        let known = cache.take();
        // Another thread may have extended the list between the two locks.
        let longer = match known {
            Some(known) if known.g.len() >= bits => known,
            known => Arc::new(Self::extend(known.as_deref(), bits)),
        };
        *cache = Some(Arc::clone(&longer));
        longer
    }

    fn extend(known: Option<&Self>, bits: usize) -> Self {
        let extend = |name, known: Option<&Vec<RistrettoPoint>>| {
            let mut points = known.cloned().unwrap_or_default();
            points.extend((points.len()..bits).map(|place| derive(name, place + 1)));
            points
        };
        Self {
            k: derive("K", 0),
            g0: derive("G", 0),
            g: extend("G", known.map(|known| &known.g)),
            q: extend("Q", known.map(|known| &known.q)),
        }
    }
}

/// One generator as bytes: `name` is K, G or Q.
///
/// # Errors
/// `InvalidQuery` where no generator has this name and index.
pub fn generator(name: &str, index: u32) -> Result<[u8; 32]> {
    let bits_max = BITS_MAX as u32;
    let indexes = match name {
        "K" => 0..=0,
        "G" => 0..=bits_max,
        "Q" => 1..=bits_max,
        _ => return Err(Error::InvalidQuery("a generator is K, G or Q".into())),
    };
    if !indexes.contains(&index) {
        return Err(Error::InvalidQuery(
            format!("there is no generator {name} {index}").into(),
        ));
    }
    Ok(encode_point(&derive(name, index as usize)))
}

fn derive(name: &str, index: usize) -> RistrettoPoint {
    let index = u32::try_from(index).expect("indexes end at BITS_MAX");
    to_point(labels::GENERATOR, &[name.as_bytes(), &index.to_be_bytes()])
}
