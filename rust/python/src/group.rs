//! Group and transcript: `hanpyo_core::{group, generators, transcript}`.

use hanpyo_core::transcript::Transcript;
use hanpyo_core::{generators, group};
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};

use crate::errors::raise;

/// One step of a transcript: parts to absorb, or None to draw a challenge.
type Step = (PyBackedStr, Option<Vec<PyBackedBytes>>);

#[pyfunction]
pub(crate) fn to_scalar(label: &str, parts: Vec<PyBackedBytes>) -> [u8; 32] {
    group::to_scalar(label, &slices(&parts)).to_bytes()
}

#[pyfunction]
pub(crate) fn to_point(label: &str, parts: Vec<PyBackedBytes>) -> [u8; 32] {
    group::encode_point(&group::to_point(label, &slices(&parts)))
}

#[pyfunction]
pub(crate) fn base_multiply(scalar: &[u8]) -> PyResult<[u8; 32]> {
    group::base_multiply(scalar).map_err(raise)
}

#[pyfunction]
pub(crate) fn check_point(data: &[u8]) -> PyResult<()> {
    group::decode_point(data).map(drop).map_err(raise)
}

#[pyfunction]
pub(crate) fn check_scalar(data: &[u8]) -> PyResult<()> {
    group::decode_scalar(data).map(drop).map_err(raise)
}

#[pyfunction]
pub(crate) fn generator(name: &str, index: u32) -> PyResult<[u8; 32]> {
    generators::generator(name, index).map_err(raise)
}

#[pyfunction]
pub(crate) fn transcript_challenges(label: &str, steps: Vec<Step>) -> Vec<[u8; 32]> {
    let mut transcript = Transcript::new(label);
    let mut challenges = Vec::new();
    for (label, parts) in &steps {
        match parts {
            Some(parts) => transcript.absorb(label, &slices(parts)),
            None => challenges.push(transcript.challenge(label).to_bytes()),
        }
    }
    challenges
}

fn slices(parts: &[PyBackedBytes]) -> Vec<&[u8]> {
    parts.iter().map(AsRef::as_ref).collect()
}
