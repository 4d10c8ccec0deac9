//! E03: for each absorbed field, an attack on the protocol that leaves it out.
//!
//! Each forgery is a false statement with a proof that the weakened verifier accepts. The real
//! verifier must refuse it; if the crate ever stopped absorbing the field, it would accept.

use curve25519_dalek::{RistrettoPoint, Scalar};

use crate::reference::{Omitted, Proof, Secrets, Statement, base};
use crate::support::{Election, Source, choose_one, verdict_on_bytes};

const OPTIONS: usize = 3;

type Change = fn(&mut Statement);

/// An election, a voter and secrets with which the attacks begin.
struct Scene {
    election: Election,
    credential: hanpyo_core::credential::Credential,
    statement: Statement,
    honest: Secrets,
    source: Source,
}

impl Scene {
    fn new(seed: u64) -> Self {
        let election = Election::single(choose_one(OPTIONS));
        let mut source = Source::new(seed);
        let credential = source.credential();
        let statement = election.statement(0, &credential.public());
        let honest = Secrets::derive(&statement, &source.bytes(), &[0, 1, 0]);
        Self {
            election,
            credential,
            statement,
            honest,
            source,
        }
    }

    fn assert_only_the_weakened_verifier_accepts(&self, proof: &Proof, omitted: Omitted) {
        assert!(
            self.statement.is_accepted(proof, omitted),
            "{omitted:?}: the attack works"
        );
        assert!(
            !self.statement.is_accepted(proof, Omitted::Nothing),
            "{omitted:?}"
        );
        let code = verdict_on_bytes(&self.election, &self.credential, &proof.encode());
        assert_eq!(code, 34, "{omitted:?}");
    }

    /// Secrets with "bits" 2, -1, 0: the sum is right, the vote is not.
    fn overvote(&self) -> Secrets {
        let mut secrets = self.honest.clone();
        secrets.v = vec![Scalar::from(2u64), -Scalar::ONE, Scalar::ZERO];
        secrets
    }
}

#[test]
fn e03_the_scene_is_honest_to_begin_with() {
    let scene = Scene::new(30);
    let proof = scene.statement.prove(&scene.honest);
    assert!(scene.statement.is_accepted(&proof, Omitted::Nothing));
    let code = verdict_on_bytes(&scene.election, &scene.credential, &proof.encode());
    assert_eq!(code, 0);
}

/// Without a field of the context, a proof made elsewhere holds here too.
#[test]
fn e03_context_fields_left_out_would_let_proofs_travel() {
    let mut scene = Scene::new(31);
    let fields: [(Omitted, Change); 4] = [
        (Omitted::ElectionId, |elsewhere| {
            elsewhere.election_id = [7; 32]
        }),
        (Omitted::JointKeyDigest, |elsewhere| {
            elsewhere.joint_key_digest = [7; 32]
        }),
        (Omitted::ContestNumber, |elsewhere| elsewhere.number = 7),
        (Omitted::Credential, |elsewhere| {
            elsewhere.credential = [7; 32]
        }),
    ];
    for (omitted, change) in fields {
        let mut elsewhere = scene.statement.clone();
        change(&mut elsewhere);
        let secrets = Secrets::derive(&elsewhere, &scene.source.bytes(), &[1, 0, 0]);
        let (a, b) = elsewhere.encrypt(secrets.r, &secrets.v);
        let proof = elsewhere.prove_for(&secrets, a, b, omitted);
        scene.assert_only_the_weakened_verifier_accepts(&proof, omitted);
    }
}

/// Without A, the other ciphertexts may hold anything: A is solved for once y is known.
#[test]
fn e03_a_left_out_would_let_a_be_solved_for() {
    let scene = Scene::new(32);
    let (statement, secrets) = (&scene.statement, &scene.honest);
    let (_, mut b) = statement.encrypt(secrets.r, &secrets.v);
    b[0] += RistrettoPoint::mul_base(&Scalar::from(1000u64));
    let unknown = RistrettoPoint::default();
    let (_, y) = statement.draw_y(&unknown, &b, &statement.commit(secrets), Omitted::A);
    let a = what_a_and_b_must_fold_to(statement, secrets, y) - statement.fold(y, &unknown, &b);
    let proof = statement.prove_for(secrets, a, b, Omitted::A);
    scene.assert_only_the_weakened_verifier_accepts(&proof, Omitted::A);
}

/// Without one B_i, that one is solved for, and another holds 1000 votes.
#[test]
fn e03_each_b_left_out_would_let_it_be_solved_for() {
    let scene = Scene::new(33);
    let (statement, secrets) = (&scene.statement, &scene.honest);
    for free in 0..OPTIONS {
        let omitted = Omitted::B(free + 1);
        let (a, mut b) = statement.encrypt(secrets.r, &secrets.v);
        b[(free + 1) % OPTIONS] += RistrettoPoint::mul_base(&Scalar::from(1000u64));
        b[free] = RistrettoPoint::default();
        let (_, y) = statement.draw_y(&a, &b, &statement.commit(secrets), omitted);
        let missing = what_a_and_b_must_fold_to(statement, secrets, y) - statement.fold(y, &a, &b);
        let e = (0..=free).fold(Scalar::ONE, |power, _| power * y);
        b[free] = e.invert() * missing;
        let proof = statement.prove_for(secrets, a, b, omitted);
        scene.assert_only_the_weakened_verifier_accepts(&proof, omitted);
    }
}

/// r H + (sum_i e_i value_i(v)) g: what equation (3) takes A + sum_i e_i B_i to be.
fn what_a_and_b_must_fold_to(
    statement: &Statement,
    secrets: &Secrets,
    y: Scalar,
) -> RistrettoPoint {
    secrets.r * statement.h(y) + statement.fold_values(y, &secrets.v)
}

/// Without V, it is solved for from equation (2) after x, so the bits need not be bits.
#[test]
fn e03_v_left_out_would_let_v_be_solved_for() {
    let mut scene = Scene::new(34);
    let secrets = scene.overvote();
    let v_mask = scene.source.point();
    let z_s = scene.source.scalar();
    let statement = &scene.statement;
    let (a, b) = statement.encrypt(secrets.r, &secrets.v);
    let (transcript, y) = statement.draw_y(&a, &b, &base(), Omitted::V);
    let w_mask = statement.mask_scores(&secrets, y);
    let x = statement.draw_x(transcript, &v_mask, &w_mask, Omitted::V);
    let (f, z) = respond(&secrets, x);
    let v = x.invert() * (statement.open_bits(&f, z, z_s, x) - v_mask);
    let proof = Proof {
        a,
        b,
        v,
        v_mask,
        w_mask,
        f,
        z,
        z_s,
    };
    scene.assert_only_the_weakened_verifier_accepts(&proof, Omitted::V);
}

/// Without V', it is solved for from equation (2) after x.
#[test]
fn e03_v_mask_left_out_would_let_it_be_solved_for() {
    let scene = Scene::new(35);
    let secrets = scene.overvote();
    let statement = &scene.statement;
    let mut proof = statement.prove(&secrets);
    let (transcript, y) = statement.draw_y(&proof.a, &proof.b, &proof.v, Omitted::VMask);
    proof.w_mask = statement.mask_scores(&secrets, y);
    let x = statement.draw_x(transcript, &proof.v_mask, &proof.w_mask, Omitted::VMask);
    (proof.f, proof.z) = respond(&secrets, x);
    proof.z_s = secrets.s_mask + x * secrets.s;
    proof.v_mask = statement.open_bits(&proof.f, proof.z, proof.z_s, x) - x * proof.v;
    scene.assert_only_the_weakened_verifier_accepts(&proof, Omitted::VMask);
}

/// Without W', it is solved for from equation (3) after x: any ciphertext passes.
#[test]
fn e03_w_mask_left_out_would_let_it_be_solved_for() {
    let scene = Scene::new(36);
    let (statement, secrets) = (&scene.statement, &scene.honest);
    let (a, mut b) = statement.encrypt(secrets.r, &secrets.v);
    b[2] += RistrettoPoint::mul_base(&Scalar::from(1000u64));
    let mut proof = statement.prove_for(secrets, a, b, Omitted::WMask);
    let (transcript, y) = statement.draw_y(&proof.a, &proof.b, &proof.v, Omitted::WMask);
    let x = statement.draw_x(transcript, &proof.v_mask, &proof.w_mask, Omitted::WMask);
    proof.w_mask = proof.z * statement.h(y) + statement.fold_values(y, &proof.f)
        - x * statement.fold(y, &proof.a, &proof.b);
    scene.assert_only_the_weakened_verifier_accepts(&proof, Omitted::WMask);
}

fn respond(secrets: &Secrets, x: Scalar) -> (Vec<Scalar>, Scalar) {
    let f = secrets.a.iter().zip(&secrets.v).map(|(a, v)| a + x * v);
    (f.collect(), secrets.r_mask + x * secrets.r)
}
