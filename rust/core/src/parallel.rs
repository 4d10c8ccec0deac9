//! Threads for work that takes long: always as many as the caller says, never a global pool.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::{Error, Result};

/// More threads than this are refused as a mistake.
pub const THREADS_MAX: usize = 1024;

/// Run `job` so that rayon inside it uses exactly `threads` threads.
///
/// # Errors
/// `InvalidQuery` for 0 or more than [`THREADS_MAX`] threads, or where the system gives no more.
pub fn run<R: Send>(threads: usize, job: impl FnOnce() -> R + Send) -> Result<R> {
    Ok(pool(threads)?.install(job))
}

/// Fetch the pool of this size, or start it. Pools live as long as the process.
fn pool(threads: usize) -> Result<Arc<ThreadPool>> {
    // A forked child has none of its parent's threads, so the key includes the process.
    static POOLS: Mutex<BTreeMap<(u32, usize), Arc<ThreadPool>>> = Mutex::new(BTreeMap::new());
    if threads == 0 || threads > THREADS_MAX {
        return Err(Error::InvalidQuery(
            format!("threads must be 1 to {THREADS_MAX}, not {threads}").into(),
        ));
    }
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    let key = (std::process::id(), threads);
    if let Some(pool) = pools.get(&key) {
        return Ok(Arc::clone(pool));
    }
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|number| format!("hanpyo-{number}"))
        .build()
        .map_err(|error| Error::InvalidQuery(format!("no {threads} threads: {error}").into()))?;
    let pool = Arc::new(pool);
    pools.insert(key, Arc::clone(&pool));
    Ok(pool)
}

/// The size of chunks, at most `size_max`, that gives every thread equally many of equal size.
pub fn chunk_size(items: usize, size_max: usize, threads: usize) -> usize {
    let threads = threads.max(1);
    let rounds = items.div_ceil(size_max.max(1) * threads).max(1);
    items.div_ceil(rounds * threads).max(1)
}
