//! The files in `vectors/` that this crate knows about; `vectors/README.md` describes them.

mod contests;
mod group;
mod loading;
mod signatures;
mod trustees;
