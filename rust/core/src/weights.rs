//! Random weights for checks in bulk (docs/protocol.md 8.7). No verdict depends on them.

use curve25519_dalek::Scalar;

/// Draw `count` weights of 128 bits from the system.
///
/// # Panics
/// Where the system gives no random bytes; nothing can be checked in bulk then.
pub(crate) fn draw(count: usize) -> impl Iterator<Item = Scalar> {
    let mut bytes = vec![[0; 16]; count];
    getrandom::fill(bytes.as_flattened_mut()).expect("the system gives random bytes");
    bytes
        .into_iter()
        .map(|weight| Scalar::from(u128::from_le_bytes(weight)))
}
