//! What trustees do, and Ed25519: docs/protocol.md 2.5, 7 and 11.

mod ceremony;
mod complaints;
mod ed25519;
mod shares;
mod statements;
mod support;
mod totals;
mod transport;
