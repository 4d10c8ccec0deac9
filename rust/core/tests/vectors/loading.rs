//! Reads the vectors.

use std::path::Path;

use hanpyo_core::Result;
use serde_json::Value;

/// One vector.
pub(crate) struct Vector(Value);

/// Run a test with each vector of a file, or of some kinds where any are given.
pub(crate) fn each(name: &str, kinds: &[&str], test: impl Fn(&Vector)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors");
    let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    let vectors: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut count = 0;
    for vector in vectors.into_iter().map(Vector) {
        if kinds.is_empty() || kinds.contains(&vector.text("kind")) {
            println!("{name}: {}", vector.text("name")); // shown where the test fails
            test(&vector);
            count += 1;
        }
    }
    assert!(count > 0, "{name} has no vector of {kinds:?}");
}

/// The code with which a check refuses, 0 where it accepts.
pub(crate) fn code<T>(result: Result<T>) -> u64 {
    result.err().map_or(0, |error| u64::from(error.code()))
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

impl Vector {
    pub(crate) fn of(value: &Value) -> Self {
        Self(value.clone())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some()
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.0[name].as_str().unwrap()
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.0[name].as_u64().unwrap()
    }

    pub(crate) fn index(&self, name: &str) -> u32 {
        self.number(name).try_into().unwrap()
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        unhex(self.text(name))
    }

    pub(crate) fn array<const N: usize>(&self, name: &str) -> [u8; N] {
        self.bytes(name).try_into().unwrap()
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.0[name].as_array().unwrap()
    }

    pub(crate) fn bytes_list(&self, name: &str) -> Vec<Vec<u8>> {
        let items = self.list(name).iter();
        items.map(|item| unhex(item.as_str().unwrap())).collect()
    }

    pub(crate) fn numbers(&self, name: &str) -> Vec<u64> {
        let items = self.list(name).iter();
        items.map(|item| item.as_u64().unwrap()).collect()
    }

    pub(crate) fn code(&self) -> u64 {
        self.number("code")
    }
}

/// Slices of byte strings.
pub(crate) fn slices(items: &[Vec<u8>]) -> Vec<&[u8]> {
    items.iter().map(Vec::as_slice).collect()
}
