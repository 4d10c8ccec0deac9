//! Maps the core's errors to the classes of `hanpyo.errors`, and arguments to fixed lengths.

use hanpyo_core::Error;
use pyo3::prelude::*;

mod classes {
    macro_rules! import {
        ($($name:ident),+) => { $(pyo3::import_exception!(hanpyo.errors, $name);)+ };
    }
    import!(
        InvalidQuery,
        InvalidEncoding,
        InvalidPoint,
        InvalidScalar,
        InvalidSignature,
        InvalidKey,
        InvalidProof,
        InvalidPossession,
        InvalidSelection,
        InvalidShape,
        InvalidCeremony,
        InvalidShare,
        InvalidDeal,
        InvalidComplaint,
        InvalidResult
    );
}

/// The Python exception for a failed check: the class of the same name, with the same sentence.
pub(crate) fn raise(error: Error) -> PyErr {
    let why = error.why().to_owned();
    match error {
        Error::InvalidQuery(_) => classes::InvalidQuery::new_err(why),
        Error::InvalidEncoding(_) => classes::InvalidEncoding::new_err(why),
        Error::InvalidPoint(_) => classes::InvalidPoint::new_err(why),
        Error::InvalidScalar(_) => classes::InvalidScalar::new_err(why),
        Error::InvalidSignature(_) => classes::InvalidSignature::new_err(why),
        Error::InvalidKey(_) => classes::InvalidKey::new_err(why),
        Error::InvalidProof(_) => classes::InvalidProof::new_err(why),
        Error::InvalidPossession(_) => classes::InvalidPossession::new_err(why),
        Error::InvalidSelection(_) => classes::InvalidSelection::new_err(why),
        Error::InvalidShape(_) => classes::InvalidShape::new_err(why),
        Error::InvalidCeremony(_) => classes::InvalidCeremony::new_err(why),
        Error::InvalidShare(_) => classes::InvalidShare::new_err(why),
        Error::InvalidDeal(_) => classes::InvalidDeal::new_err(why),
        Error::InvalidComplaint(_) => classes::InvalidComplaint::new_err(why),
        Error::InvalidResult(_) => classes::InvalidResult::new_err(why),
        other => pyo3::exceptions::PyRuntimeError::new_err(other.to_string()),
    }
}

/// Read an argument that must have exactly `N` bytes, without copying it.
pub(crate) fn fixed<'a, const N: usize>(what: &str, bytes: &'a [u8]) -> PyResult<&'a [u8; N]> {
    bytes.try_into().map_err(|_| {
        classes::InvalidQuery::new_err(format!("{what} must be {N} bytes, not {}", bytes.len()))
    })
}
