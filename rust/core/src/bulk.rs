//! Checking many ballots at once (docs/protocol.md 8.7).
//!
//! A chunk of ballots costs one decompression per point and one multiplication over all of them.

use rayon::prelude::*;

use crate::ballot::BallotKit;
use crate::batch::{Batch, Ciphertexts};
use crate::contest::decode_ciphertext;
use crate::error::{Error, Result};
use crate::group::ELEMENT_BYTES;
use crate::halving::single_out;
use crate::opened::Opened;
use crate::parallel;
use crate::weights;

/// Points of a chunk; a longer multiplication gains nothing and leaves the processor's cache.
const POINTS_AT_ONCE: usize = 6000;
/// Ballots of a chunk that is decoded only.
const DECODED_AT_ONCE: usize = 256;

/// A ballot as its log entry states it.
pub struct CastBallot<'a> {
    /// Number of the ballot style.
    pub style: u64,
    /// The credential's public point X.
    pub credential: &'a [u8],
    /// The voter's sequence number.
    pub sequence: u64,
    /// The ballot bytes of 8.5.
    pub ballot: &'a [u8],
    /// The signature that casts them, `R || s`.
    pub signature: &'a [u8],
}

impl BallotKit {
    /// Check form, signature and proofs of many ballots.
    ///
    /// # Errors
    /// `InvalidQuery` for a lawless number of threads. Faults of ballots are in the batch.
    pub fn check(&self, ballots: &[CastBallot<'_>], threads: usize) -> Result<Batch> {
        let bytes: usize = ballots.iter().map(|cast| cast.ballot.len()).sum();
        let points_each = bytes / ELEMENT_BYTES / ballots.len().max(1);
        // The fixed points enter each chunk's multiplication once: a chunk should dwarf them.
        let points = POINTS_AT_ONCE.max(4 * self.fixed_point_count());
        let at_once = points / points_each.max(1);
        each_chunk(ballots, at_once, threads, |chunk| self.check_chunk(chunk))
    }

    /// Decode ballots `(style, ballot bytes)` whose proofs were checked before: A and B only.
    ///
    /// # Errors
    /// `InvalidQuery` for a lawless number of threads. Faults of form are in the batch.
    pub fn decode(&self, ballots: &[(u64, &[u8])], threads: usize) -> Result<Batch> {
        each_chunk(ballots, DECODED_AT_ONCE, threads, |chunk| {
            let decode = |(style, ballot): &(u64, &[u8])| self.decode_ciphertexts(*style, ballot);
            chunk.iter().map(decode).collect()
        })
    }

    /// Cut a ballot into its contests: their numbers and bytes.
    ///
    /// # Errors
    /// `InvalidEncoding` for an unknown style or a wrong length.
    pub(crate) fn split<'a>(
        &'a self,
        style: u64,
        mut ballot: &'a [u8],
    ) -> Result<impl Iterator<Item = (usize, &'a [u8])>> {
        let refuse = |why: String| Error::InvalidEncoding(why.into());
        let contests = self
            .style(style)
            .ok_or_else(|| refuse(format!("there is no style {style}")))?;
        let size = self.size(contests);
        if ballot.len() != size {
            let found = ballot.len();
            return Err(refuse(format!(
                "a ballot of style {style} is {size} bytes, not {found}"
            )));
        }
        Ok(contests.iter().map(move |number| {
            let bytes;
            (bytes, ballot) = ballot.split_at(self.shape(*number).byte_size());
            (*number, bytes)
        }))
    }

    fn decode_ciphertexts(&self, style: u64, ballot: &[u8]) -> Result<Ciphertexts> {
        let decode = |(number, bytes): (usize, &[u8])| {
            let points = self.shape(number).option_count() + 1;
            decode_ciphertext(&bytes[..points * ELEMENT_BYTES])
        };
        self.split(style, ballot)?.map(decode).collect()
    }

    fn check_chunk(&self, chunk: &[CastBallot<'_>]) -> Vec<Result<Ciphertexts>> {
        let opened = chunk.iter().map(|cast| Opened::open(self, cast));
        let opened: Vec<Result<Opened>> = opened.collect();
        let sound = opened.iter().enumerate();
        let sound = sound.filter_map(|(place, ballot)| Some((place, ballot.as_ref().ok()?)));
        let (solved, unsolved): (Vec<_>, Vec<_>) = sound.partition(|(_, ballot)| ballot.is_solved);
        let mut faults = Vec::new();
        let mut decide = |(place, ballot): &(usize, &Opened)| {
            let fault = ballot.check_alone_vartime(self).err();
            faults.extend(fault.map(|fault| (*place, fault)));
        };
        unsolved.iter().for_each(&mut decide);
        let hold_together = |some: &[(usize, &Opened)]| self.hold_together_vartime(some);
        single_out(&solved, &hold_together, &mut decide);
        let ciphertexts = |ballot: Result<Opened>| ballot.map(Opened::into_ciphertexts);
        let mut verdicts: Vec<_> = opened.into_iter().map(ciphertexts).collect();
        for (place, fault) in faults {
            verdicts[place] = Err(fault);
        }
        verdicts
    }

    /// Whether all equations of these ballots but (1), summed up with random weights, hold.
    fn hold_together_vartime(&self, ballots: &[(usize, &Opened)]) -> bool {
        let equations = ballots.iter().map(|(_, ballot)| ballot.equation_count());
        let mut weights = weights::draw(equations.sum());
        let mut sum = self.combination(ballots.len() * 16);
        for (_, ballot) in ballots {
            ballot.add_equations(&mut weights, &mut sum);
        }
        sum.is_identity_vartime()
    }
}

fn each_chunk<T: Sync>(
    ballots: &[T],
    size_max: usize,
    threads: usize,
    check: impl Fn(&[T]) -> Vec<Result<Ciphertexts>> + Sync + Send,
) -> Result<Batch> {
    let size = parallel::chunk_size(ballots.len(), size_max, threads);
    let check_all = || ballots.par_chunks(size).flat_map_iter(check).collect();
    parallel::run(threads, check_all).map(Batch::new)
}
