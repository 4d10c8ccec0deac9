//! `hanpyo._core`: converts arguments, calls `hanpyo_core` with the GIL released, maps errors.
//!
//! `src/hanpyo/_core.pyi` documents what each name does.

mod ballot;
mod ceremony;
mod credential;
mod ed25519;
mod errors;
mod group;
mod shares;
mod sums;

use pyo3::prelude::*;

/// The Rust core of hanpyo; only `hanpyo.crypto` imports it.
#[pymodule]
mod _core {
    #[pymodule_export]
    use super::ballot::{BallotKit, Batch, Shape};
    #[pymodule_export]
    use super::ceremony::{
        ceremony_commit, ceremony_deal, ceremony_reveal, check_commit, check_commitment,
        check_complaint, check_deal, check_reveal, complain, is_dealer_at_fault, joint_keys,
        reveal_part_count, sum_points, verification_keys,
    };
    #[pymodule_export]
    use super::credential::{
        check_possessions, credential_public, credential_secret, prove_possession, sign_ballot,
    };
    #[pymodule_export]
    use super::ed25519::{
        check_ed25519, check_ed25519_key, check_ed25519_many, check_zip215_many, ed25519_public,
        ed25519_sign, ed25519_sign_many,
    };
    #[pymodule_export]
    use super::group::{
        base_multiply, check_point, check_scalar, generator, to_point, to_scalar,
        transcript_challenges,
    };
    #[pymodule_export]
    use super::shares::{TrusteeKey, check_share, check_totals, find_totals};
    #[pymodule_export]
    use super::sums::Sum;
}
