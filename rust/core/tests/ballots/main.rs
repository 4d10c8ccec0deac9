//! Group, transcript, contests, ballots, credentials and sums, tested from outside the crate.

mod bulk;
mod credentials;
mod fiat_shamir;
mod forgeries;
mod form;
mod group;
mod layout;
mod mutations;
mod proofs;
mod reference;
mod shape;
mod sums;
mod support;
mod transcript;
