//! Round 3, deal: each trustee's shares for each other one, encrypted to it.

use curve25519_dalek::{RistrettoPoint, Scalar};
use zeroize::Zeroizing;

use super::{Ceremony, Seed, check_pair, evaluate_vartime};
use crate::error::{Error, Result};
use crate::group::{ELEMENT_BYTES, decode_nonidentity, decode_scalar};
use crate::transport::{Route, TAG_BYTES, decrypt, encrypt};

/// Make the deal of `dealer` for `recipient`: always the same bytes for the same ceremony.
///
/// # Errors
/// `InvalidQuery` for an index that no trustee has or a deal to oneself; `InvalidPoint` for the
/// recipient's transport key.
pub fn deal(
    seed: &Seed,
    ceremony: &Ceremony,
    dealer: u32,
    recipient: u32,
    recipient_transport: &[u8],
) -> Result<Vec<u8>> {
    let route = route(ceremony, dealer, recipient)?;
    let point = shared_point(seed, ceremony, recipient_transport)?;
    let shares = seed.shares(ceremony, recipient);
    let mut plaintext = Zeroizing::new(Vec::with_capacity(shares.len() * ELEMENT_BYTES));
    for share in shares.iter() {
        plaintext.extend_from_slice(share.as_bytes());
    }
    Ok(encrypt(route, &point, plaintext))
}

/// Open a deal as its recipient: decrypts and decodes, and checks no equation.
///
/// # Errors
/// `InvalidDeal` where it does not decrypt or holds other things than canonical scalars;
/// `InvalidQuery` and `InvalidPoint` as [`deal`].
pub fn open_deal(
    seed: &Seed,
    ceremony: &Ceremony,
    dealer: u32,
    recipient: u32,
    dealer_transport: &[u8],
    deal: &[u8],
) -> Result<Zeroizing<Vec<Scalar>>> {
    let point = shared_point(seed, ceremony, dealer_transport)?;
    open_with(ceremony, dealer, recipient, &point, deal)
}

/// Check a deal as its recipient: what decides whether to complain.
///
/// `dealer_points` are the dealer's revealed points, already checked.
///
/// # Errors
/// `InvalidDeal` as [`open_deal`], and where a share does not fit the points; `InvalidEncoding`,
/// `InvalidPoint` and `InvalidQuery` where the public arguments are malformed.
pub fn check_deal(
    seed: &Seed,
    ceremony: &Ceremony,
    dealer: u32,
    recipient: u32,
    dealer_transport: &[u8],
    dealer_points: &[u8],
    deal: &[u8],
) -> Result<()> {
    let points = ceremony.size.decode_points(dealer_points)?;
    let shares = open_deal(seed, ceremony, dealer, recipient, dealer_transport, deal)?;
    check_shares(ceremony, dealer, recipient, &points, &shares)
}

/// Open a deal with the Diffie-Hellman point of dealer and recipient.
pub(super) fn open_with(
    ceremony: &Ceremony,
    dealer: u32,
    recipient: u32,
    point: &RistrettoPoint,
    deal: &[u8],
) -> Result<Zeroizing<Vec<Scalar>>> {
    let refuse =
        |what: &str| Error::InvalidDeal(format!("the deal of trustee {dealer} {what}").into());
    let route = route(ceremony, dealer, recipient)?;
    if deal.len() != ceremony.size.slots * ELEMENT_BYTES + TAG_BYTES {
        return Err(refuse("has the wrong length"));
    }
    let plaintext = decrypt(route, point, deal).ok_or_else(|| refuse("does not decrypt"))?;
    let mut shares = Zeroizing::new(Vec::with_capacity(ceremony.size.slots));
    for bytes in plaintext.chunks_exact(ELEMENT_BYTES) {
        shares.push(decode_scalar(bytes).map_err(|_| refuse("holds a scalar above the order"))?);
    }
    Ok(shares)
}

/// Check `f_kj(i) g = sum_d i^d C_kjd` for every slot.
pub(super) fn check_shares(
    ceremony: &Ceremony,
    dealer: u32,
    recipient: u32,
    points: &[RistrettoPoint],
    shares: &[Scalar],
) -> Result<()> {
    let slots = points.chunks_exact(ceremony.size.threshold);
    for (slot, (share, points)) in shares.iter().zip(slots).enumerate() {
        if RistrettoPoint::mul_base(share) != evaluate_vartime(points, recipient) {
            let why = format!(
                "trustee {dealer}'s share of slot {} does not fit its points",
                slot + 1
            );
            return Err(Error::InvalidDeal(why.into()));
        }
    }
    Ok(())
}

/// The Diffie-Hellman point of one's own transport key and another's. Constant time.
fn shared_point(
    seed: &Seed,
    ceremony: &Ceremony,
    transport: &[u8],
) -> Result<Zeroizing<RistrettoPoint>> {
    let other = decode_nonidentity(transport)?;
    Ok(Zeroizing::new(*seed.transport(&ceremony.id) * other))
}

fn route(ceremony: &Ceremony, dealer: u32, recipient: u32) -> Result<Route<'_>> {
    check_pair(dealer, recipient)?;
    Ok(Route {
        ceremony_id: &ceremony.id,
        dealer,
        recipient,
    })
}
