//! The contest proof once more, written down plainly from docs/protocol.md 8.2-8.4.
//!
//! It shares the frame, the transcript and the group with the crate, nothing else: every sum is a
//! loop, nothing is secret. Tests compare the crate with it, and attackers are made of it.

use curve25519_dalek::{RistrettoPoint, Scalar};
use hanpyo_core::group::{frame, frame_digest, to_point, to_scalar};
use hanpyo_core::transcript::Transcript;

pub(crate) use crate::layout::Layout;

/// What a proof is about.
#[derive(Clone)]
pub(crate) struct Statement {
    pub(crate) election_id: [u8; 32],
    pub(crate) joint_key_digest: [u8; 32],
    pub(crate) number: u32,
    pub(crate) credential: [u8; 32],
    pub(crate) slots: Vec<RistrettoPoint>,
    pub(crate) layout: Layout,
}

/// A field of the transcript that a weakened protocol leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Omitted {
    Nothing,
    ElectionId,
    JointKeyDigest,
    ContestNumber,
    Credential,
    A,
    B(usize),
    V,
    VMask,
    WMask,
}

/// Everything the prover chooses. Nothing here has to be lawful.
#[derive(Clone)]
pub(crate) struct Secrets {
    pub(crate) v: Vec<Scalar>,
    pub(crate) a: Vec<Scalar>,
    pub(crate) r: Scalar,
    pub(crate) s: Scalar,
    pub(crate) r_mask: Scalar,
    pub(crate) s_mask: Scalar,
}

/// A contest of a ballot.
#[derive(Clone)]
pub(crate) struct Proof {
    pub(crate) a: RistrettoPoint,
    pub(crate) b: Vec<RistrettoPoint>,
    pub(crate) v: RistrettoPoint,
    pub(crate) v_mask: RistrettoPoint,
    pub(crate) w_mask: RistrettoPoint,
    pub(crate) f: Vec<Scalar>,
    pub(crate) z: Scalar,
    pub(crate) z_s: Scalar,
}

pub(crate) fn base() -> RistrettoPoint {
    RistrettoPoint::mul_base(&Scalar::ONE)
}

pub(crate) fn generator(name: &str, index: usize) -> RistrettoPoint {
    let index = (index as u32).to_be_bytes();
    to_point("generator", &[name.as_bytes(), &index])
}

impl Secrets {
    /// The randomness of 8.2 for lawful scores.
    pub(crate) fn derive(statement: &Statement, seed: &[u8; 32], scores: &[u64]) -> Self {
        let context = statement.context(Omitted::Nothing);
        let joined: Vec<u8> = scores
            .iter()
            .flat_map(|score| score.to_be_bytes())
            .collect();
        let key = frame_digest("ballot seed", &[seed, &context, &joined]);
        let scalar = |name: &str, index: usize| {
            let index = (index as u32).to_be_bytes();
            to_scalar("ballot nonce", &[&key, name.as_bytes(), &index])
        };
        let layout = &statement.layout;
        let mut a: Vec<Scalar> = (0..layout.bits).map(|bit| scalar("a", bit)).collect();
        layout.complete(&mut a);
        Self {
            v: layout.write(scores).into_iter().map(Scalar::from).collect(),
            a,
            r: scalar("r", 0),
            s: scalar("s", 0),
            r_mask: scalar("r'", 0),
            s_mask: scalar("s'", 0),
        }
    }
}

impl Statement {
    pub(crate) fn context(&self, omitted: Omitted) -> Vec<u8> {
        let number = self.number.to_be_bytes();
        let parts: [(Omitted, &[u8]); 4] = [
            (Omitted::ElectionId, &self.election_id),
            (Omitted::JointKeyDigest, &self.joint_key_digest),
            (Omitted::ContestNumber, &number),
            (Omitted::Credential, &self.credential),
        ];
        let parts = parts.iter().filter(|(name, _)| *name != omitted);
        frame("contest", &parts.map(|(_, part)| *part).collect::<Vec<_>>())
    }

    /// The transcript up to y.
    pub(crate) fn draw_y(
        &self,
        a: &RistrettoPoint,
        b: &[RistrettoPoint],
        v: &RistrettoPoint,
        omitted: Omitted,
    ) -> (Transcript, Scalar) {
        let mut transcript = Transcript::new("contest proof");
        transcript.absorb("context", &[&self.context(omitted)]);
        let numbered = b.iter().enumerate().map(|(i, b)| (Omitted::B(i + 1), b));
        absorb(
            &mut transcript,
            "ciphertext",
            [(Omitted::A, a)].into_iter().chain(numbered),
            omitted,
        );
        absorb(&mut transcript, "bits", [(Omitted::V, v)], omitted);
        let y = transcript.challenge("y");
        (transcript, y)
    }

    /// The transcript's last part.
    pub(crate) fn draw_x(
        &self,
        mut transcript: Transcript,
        v_mask: &RistrettoPoint,
        w_mask: &RistrettoPoint,
        omitted: Omitted,
    ) -> Scalar {
        let masks = [(Omitted::VMask, v_mask), (Omitted::WMask, w_mask)];
        absorb(&mut transcript, "masks", masks, omitted);
        transcript.challenge("x")
    }

    /// H = g + sum_i y^i h_i.
    pub(crate) fn h(&self, y: Scalar) -> RistrettoPoint {
        let mut e = Scalar::ONE;
        let mut h = base();
        for slot in &self.slots[..self.layout.options] {
            e *= y;
            h += e * slot;
        }
        h
    }

    /// A + sum_i y^i B_i.
    pub(crate) fn fold(
        &self,
        y: Scalar,
        a: &RistrettoPoint,
        b: &[RistrettoPoint],
    ) -> RistrettoPoint {
        let mut e = Scalar::ONE;
        let mut sum = *a;
        for b in b {
            e *= y;
            sum += e * b;
        }
        sum
    }

    /// (sum_i y^i value_i(digits)) g.
    pub(crate) fn fold_values(&self, y: Scalar, digits: &[Scalar]) -> RistrettoPoint {
        let mut e = Scalar::ONE;
        let mut sum = Scalar::ZERO;
        for option in 0..self.layout.options {
            e *= y;
            sum += e * self.layout.value(option, digits);
        }
        RistrettoPoint::mul_base(&sum)
    }

    /// A, B_1..B_n for the values of v.
    pub(crate) fn encrypt(&self, r: Scalar, v: &[Scalar]) -> (RistrettoPoint, Vec<RistrettoPoint>) {
        let b = |option: usize| {
            r * self.slots[option] + RistrettoPoint::mul_base(&self.layout.value(option, v))
        };
        (
            RistrettoPoint::mul_base(&r),
            (0..self.layout.options).map(b).collect(),
        )
    }

    /// V of 8.4.
    pub(crate) fn commit(&self, secrets: &Secrets) -> RistrettoPoint {
        let mut sum = secrets.s * generator("K", 0) + secrets.r * generator("G", 0);
        for (i, (v, a)) in secrets.v.iter().zip(&secrets.a).enumerate() {
            sum += v * generator("G", i + 1) + a * (Scalar::ONE - v - v) * generator("Q", i + 1);
        }
        sum
    }

    /// V' of 8.4.
    pub(crate) fn mask_bits(&self, secrets: &Secrets) -> RistrettoPoint {
        let mut sum = secrets.s_mask * generator("K", 0) + secrets.r_mask * generator("G", 0);
        for (i, a) in secrets.a.iter().enumerate() {
            sum += a * generator("G", i + 1) - a * a * generator("Q", i + 1);
        }
        sum
    }

    /// W' of 8.4.
    pub(crate) fn mask_scores(&self, secrets: &Secrets, y: Scalar) -> RistrettoPoint {
        secrets.r_mask * self.h(y) + self.fold_values(y, &secrets.a)
    }

    /// Follow the prover's part of 8.4, whatever the secrets are.
    pub(crate) fn prove(&self, secrets: &Secrets) -> Proof {
        let (a, b) = self.encrypt(secrets.r, &secrets.v);
        self.prove_for(secrets, a, b, Omitted::Nothing)
    }

    /// The same for a given ciphertext and a weakened transcript.
    pub(crate) fn prove_for(
        &self,
        secrets: &Secrets,
        a: RistrettoPoint,
        b: Vec<RistrettoPoint>,
        omitted: Omitted,
    ) -> Proof {
        let v = self.commit(secrets);
        let (transcript, y) = self.draw_y(&a, &b, &v, omitted);
        let v_mask = self.mask_bits(secrets);
        let w_mask = self.mask_scores(secrets, y);
        let x = self.draw_x(transcript, &v_mask, &w_mask, omitted);
        let f = secrets.a.iter().zip(&secrets.v).map(|(a, v)| a + x * v);
        Proof {
            a,
            b,
            v,
            v_mask,
            w_mask,
            f: f.collect(),
            z: secrets.r_mask + x * secrets.r,
            z_s: secrets.s_mask + x * secrets.s,
        }
    }

    /// The right side of equation (2).
    pub(crate) fn open_bits(
        &self,
        f: &[Scalar],
        z: Scalar,
        z_s: Scalar,
        x: Scalar,
    ) -> RistrettoPoint {
        let mut sum = z_s * generator("K", 0) + z * generator("G", 0);
        for (i, f) in f.iter().enumerate() {
            sum += f * generator("G", i + 1) + f * (x - f) * generator("Q", i + 1);
        }
        sum
    }

    /// The verifier's part of 8.4, for the weakened transcript.
    pub(crate) fn is_accepted(&self, proof: &Proof, omitted: Omitted) -> bool {
        let Proof {
            a,
            b,
            v,
            v_mask,
            w_mask,
            f,
            z,
            z_s,
        } = proof;
        let (transcript, y) = self.draw_y(a, b, v, omitted);
        let x = self.draw_x(transcript, v_mask, w_mask, omitted);
        self.layout.is_solved(f, x)
            && v_mask + x * v == self.open_bits(f, *z, *z_s, x)
            && w_mask + x * self.fold(y, a, b) == z * self.h(y) + self.fold_values(y, f)
    }
}

impl Proof {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let points =
            [&self.a]
                .into_iter()
                .chain(&self.b)
                .chain([&self.v, &self.v_mask, &self.w_mask]);
        let points = points.flat_map(|point| point.compress().to_bytes());
        let scalars = self
            .f
            .iter()
            .chain([&self.z, &self.z_s])
            .flat_map(|scalar| scalar.to_bytes());
        points.chain(scalars).collect()
    }
}

fn absorb<'a>(
    transcript: &mut Transcript,
    label: &str,
    fields: impl IntoIterator<Item = (Omitted, &'a RistrettoPoint)>,
    omitted: Omitted,
) {
    let kept = fields.into_iter().filter(|(name, _)| *name != omitted);
    let parts: Vec<[u8; 32]> = kept.map(|(_, point)| point.compress().to_bytes()).collect();
    transcript.absorb(
        label,
        &parts.iter().map(|part| &part[..]).collect::<Vec<_>>(),
    );
}
