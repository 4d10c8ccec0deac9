//! Whole ceremonies, encrypted sums, and a prover that can leave things out.

use curve25519_dalek::{RistrettoPoint, Scalar};
use hanpyo_core::ceremony::{self, Ceremony, Commit, Seed, Size};
use hanpyo_core::group::{decode_point, encode_point, to_scalar};
use hanpyo_core::shares::{ReceivedDeal, SumId, TrusteeKey};
use hanpyo_core::transcript::Transcript;

pub(crate) const RANDOM: [u8; 32] = [77; 32];
pub(crate) const SUM: SumId = SumId {
    election_id: [200; 32],
    contest: 3,
    group: 5,
};

pub(crate) fn attempt(id: u8, threshold: u32, slots: u32) -> Ceremony {
    Ceremony {
        id: [id; 32],
        size: Size::new(threshold, slots).unwrap(),
    }
}

/// One trustee and all it published.
pub(crate) struct Trustee {
    pub(crate) index: u32,
    pub(crate) seed: Seed,
    pub(crate) commit: Commit,
    pub(crate) points: Vec<u8>,
}

/// A finished ceremony.
pub(crate) struct Held {
    pub(crate) ceremony: Ceremony,
    pub(crate) trustees: Vec<Trustee>,
}

pub(crate) fn seed_of(index: u32) -> Seed {
    Seed::new([index as u8; 32])
}

/// Commit and reveal, checking everything as the ledger does.
pub(crate) fn publish(ceremony: &Ceremony, index: u32) -> Trustee {
    let seed = seed_of(index);
    let commit = ceremony::commit(&seed, ceremony, index, &RANDOM).unwrap();
    ceremony::check_commit(
        &ceremony.id,
        index,
        &commit.transport,
        &commit.proof,
        &commit.commitment,
    )
    .unwrap();
    let mut points = Vec::new();
    for part in 0..ceremony::part_count(ceremony.size) {
        let reveal = ceremony::reveal(&seed, ceremony, index, part, &RANDOM).unwrap();
        ceremony::check_reveal(
            ceremony,
            index,
            &commit.transport,
            &commit.commitment,
            part,
            &reveal.points,
            &reveal.proof,
        )
        .unwrap();
        points.extend(reveal.points);
    }
    ceremony::check_commitment(&ceremony.id, index, &commit.commitment, &points).unwrap();
    Trustee {
        index,
        seed,
        commit,
        points,
    }
}

/// Hold a whole ceremony among these trustees.
pub(crate) fn hold(ceremony: Ceremony, indexes: &[u32]) -> Held {
    let trustees = indexes.iter().map(|i| publish(&ceremony, *i)).collect();
    let held = Held { ceremony, trustees };
    for dealer in indexes {
        for recipient in indexes.iter().filter(|i| *i != dealer) {
            let deal = held.deal(*dealer, *recipient);
            held.check_deal(*dealer, *recipient, &deal).unwrap();
        }
    }
    held
}

impl Held {
    pub(crate) fn trustee(&self, index: u32) -> &Trustee {
        let found = self.trustees.iter().find(|trustee| trustee.index == index);
        found.unwrap()
    }

    pub(crate) fn deal(&self, dealer: u32, recipient: u32) -> Vec<u8> {
        ceremony::deal(
            &self.trustee(dealer).seed,
            &self.ceremony,
            dealer,
            recipient,
            &self.trustee(recipient).commit.transport,
        )
        .unwrap()
    }

    pub(crate) fn check_deal(
        &self,
        dealer: u32,
        recipient: u32,
        deal: &[u8],
    ) -> hanpyo_core::Result<()> {
        ceremony::check_deal(
            &self.trustee(recipient).seed,
            &self.ceremony,
            dealer,
            recipient,
            &self.trustee(dealer).commit.transport,
            &self.trustee(dealer).points,
            deal,
        )
    }

    pub(crate) fn key(&self, index: u32) -> TrusteeKey {
        let others = self.trustees.iter().filter(|other| other.index != index);
        let deals: Vec<(&Trustee, Vec<u8>)> = others
            .map(|other| (other, self.deal(other.index, index)))
            .collect();
        let received: Vec<ReceivedDeal<'_>> = deals
            .iter()
            .map(|(other, deal)| ReceivedDeal {
                dealer: other.index,
                transport: &other.commit.transport,
                deal,
            })
            .collect();
        TrusteeKey::new(&seed_of(index), &self.ceremony, index, &received).unwrap()
    }

    pub(crate) fn all_points(&self) -> Vec<&[u8]> {
        self.trustees.iter().map(|t| &t.points[..]).collect()
    }

    pub(crate) fn joint_keys(&self) -> Vec<[u8; 32]> {
        ceremony::joint_keys(&self.all_points(), self.ceremony.size).unwrap()
    }

    pub(crate) fn verification_keys(&self, index: u32) -> Vec<[u8; 32]> {
        ceremony::verification_keys(&self.all_points(), self.ceremony.size, index).unwrap()
    }

    /// The sum of ballots that add up to these totals, under this ceremony's joint keys.
    pub(crate) fn sum_of(&self, totals: &[u64]) -> Vec<u8> {
        let r = scalar(1000);
        let mut sum = encode_point(&RistrettoPoint::mul_base(&r)).to_vec();
        for (total, key) in totals.iter().zip(self.joint_keys()) {
            let message = RistrettoPoint::mul_base(&Scalar::from(*total));
            let point = r * decode_point(&key).unwrap() + message;
            sum.extend(encode_point(&point));
        }
        sum
    }
}

pub(crate) fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    let pairs = hex.as_bytes().chunks(2);
    let decoded: Vec<u8> = pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    decoded.try_into().unwrap()
}

pub(crate) fn scalar(number: u32) -> Scalar {
    to_scalar("test", &[&number.to_be_bytes()])
}

pub(crate) fn slices<const N: usize>(arrays: &[[u8; N]]) -> Vec<&[u8]> {
    arrays.iter().map(|array| &array[..]).collect()
}

/// Frames that a transcript absorbs: labels with parts.
pub(crate) type Frames = Vec<(&'static str, Vec<Vec<u8>>)>;

pub(crate) fn absorb(transcript: &mut Transcript, frames: &Frames) {
    for (label, parts) in frames {
        let parts: Vec<&[u8]> = parts.iter().map(|part| &part[..]).collect();
        transcript.absorb(label, &parts);
    }
}

/// The same frames once whole, then once without each single part, with a name for each.
pub(crate) fn leaving_out(frames: &Frames) -> Vec<(String, Frames)> {
    let mut all = vec![("nothing".to_owned(), frames.clone())];
    for (i, (label, parts)) in frames.iter().enumerate() {
        for part in 0..parts.len() {
            let mut fewer = frames.clone();
            fewer[i].1.remove(part);
            all.push((format!("part {part} of {label}"), fewer));
        }
    }
    all
}

pub(crate) fn number(value: u32) -> Vec<u8> {
    value.to_be_bytes().to_vec()
}
