//! Every failure this crate expects; `hanpyo.errors` has one class for each.

use std::borrow::Cow;
use std::fmt;

/// A check that failed, with a sentence that says what is wrong.
///
/// The names and codes are those of `src/hanpyo/errors.py`; the binding raises that class.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The caller asked for something that makes no sense.
    InvalidQuery(Cow<'static, str>),
    /// Bytes are not the one canonical encoding of a value.
    InvalidEncoding(Cow<'static, str>),
    /// 32 bytes are not a canonical point, or the identity where it is refused.
    InvalidPoint(Cow<'static, str>),
    /// 32 bytes are not a scalar below the group order.
    InvalidScalar(Cow<'static, str>),
    /// A signature does not hold.
    InvalidSignature(Cow<'static, str>),
    /// An Ed25519 key is not canonical, is the identity, or has small or mixed order.
    InvalidKey(Cow<'static, str>),
    /// A contest's proof does not hold.
    InvalidProof(Cow<'static, str>),
    /// A credential's proof of possession does not hold.
    InvalidPossession(Cow<'static, str>),
    /// The selections break a limit of the contest.
    InvalidSelection(Cow<'static, str>),
    /// A contest's top score and limits break a bound or contradict each other.
    InvalidShape(Cow<'static, str>),
    /// A trustee's commit or reveal does not hold.
    InvalidCeremony(Cow<'static, str>),
    /// A decryption share whose proof fails.
    InvalidShare(Cow<'static, str>),
    /// A dealt share does not decrypt or does not fit the dealer's points.
    InvalidDeal(Cow<'static, str>),
    /// A complaint's proof fails.
    InvalidComplaint(Cow<'static, str>),
    /// Totals do not follow from the encrypted sums and the shares.
    InvalidResult(Cow<'static, str>),
}

/// What every function of this crate that checks something returns.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The public code of this failure, the same as in `src/hanpyo/errors.py`; never reused.
    pub fn code(&self) -> u8 {
        match self {
            Self::InvalidQuery(_) => 11,
            Self::InvalidEncoding(_) => 13,
            Self::InvalidPoint(_) => 30,
            Self::InvalidScalar(_) => 31,
            Self::InvalidSignature(_) => 32,
            Self::InvalidKey(_) => 33,
            Self::InvalidProof(_) => 34,
            Self::InvalidPossession(_) => 35,
            Self::InvalidSelection(_) => 36,
            Self::InvalidShape(_) => 37,
            Self::InvalidCeremony(_) => 40,
            Self::InvalidShare(_) => 41,
            Self::InvalidDeal(_) => 42,
            Self::InvalidComplaint(_) => 43,
            Self::InvalidResult(_) => 44,
        }
    }

    /// The sentence that says what is wrong.
    pub fn why(&self) -> &str {
        match self {
            Self::InvalidQuery(why)
            | Self::InvalidEncoding(why)
            | Self::InvalidPoint(why)
            | Self::InvalidScalar(why)
            | Self::InvalidSignature(why)
            | Self::InvalidKey(why)
            | Self::InvalidProof(why)
            | Self::InvalidPossession(why)
            | Self::InvalidSelection(why)
            | Self::InvalidShape(why)
            | Self::InvalidCeremony(why)
            | Self::InvalidShare(why)
            | Self::InvalidDeal(why)
            | Self::InvalidComplaint(why)
            | Self::InvalidResult(why) => why,
        }
    }

    /// The same sentence under another class, for a caller that knows what the bytes were for.
    pub fn recast(&self, class: fn(Cow<'static, str>) -> Self) -> Self {
        class(self.why().to_owned().into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.why())
    }
}

impl std::error::Error for Error {}
