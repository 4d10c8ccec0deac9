//! Finding the bad items of a batch whose equations do not hold together (docs/protocol.md 8.7).

/// Call `decide` for every item that a batch cannot vouch for.
///
/// `hold_together` tests many items at once; where it fails, the batch is halved. Single items are
/// never tested by it, so a verdict depends on its own item only.
pub(crate) fn single_out<T>(
    items: &[T],
    hold_together: &impl Fn(&[T]) -> bool,
    decide: &mut impl FnMut(&T),
) {
    match items {
        [] => {}
        [item] => decide(item),
        _ if hold_together(items) => {}
        _ => {
            let (left, right) = items.split_at(items.len() / 2);
            single_out(left, hold_together, decide);
            single_out(right, hold_together, decide);
        }
    }
}
