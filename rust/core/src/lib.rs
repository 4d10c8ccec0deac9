//! The cryptography of hanpyo: bytes in, bytes out, no input or output of its own.
//!
//! `docs/protocol.md` defines every byte; letters such as `V` and `x` are those of that page.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod ballot;
pub mod batch;
mod bounds;
pub mod bulk;
pub mod ceremony;
mod combination;
mod contest;
pub mod credential;
pub mod dlog;
pub mod ed25519;
pub mod equality;
mod equations;
pub mod error;
pub mod generators;
pub mod group;
mod halving;
pub mod labels;
mod opened;
pub mod parallel;
mod prove;
pub mod range;
pub mod schnorr;
pub mod shape;
pub mod shares;
mod slots;
pub mod sums;
pub mod totals;
pub mod transcript;
pub mod transport;
mod weights;
pub mod zip215;

pub use error::{Error, Result};
