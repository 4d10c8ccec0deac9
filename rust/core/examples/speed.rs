//! Measures the costly steps and prints ratios taken in one run, since absolute times say little
//! on a shared machine: `cargo run --release -p hanpyo-core --example speed`. With `-- --json` it
//! measures ballots of 5 options only, and prints the figures for `make bench` to read.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::traits::VartimeMultiscalarMul;
use curve25519_dalek::{RistrettoPoint, Scalar};
use hanpyo_core::ballot::{BallotKit, Order, Scores};
use hanpyo_core::bulk::CastBallot;
use hanpyo_core::credential::{Cast, Credential};
use hanpyo_core::group::{to_point, to_scalar};
use hanpyo_core::shape::{Limit, Shape};

const ELECTION: [u8; 32] = [1; 32];
const ROUNDS: usize = 7;

/// A ballot with what its entry needs.
struct Voted {
    credential: [u8; 32],
    ballot: Vec<u8>,
    signature: [u8; 64],
}

fn main() {
    if std::env::args().any(|argument| argument == "--json") {
        let (proven, checked) = measure(choose_one(5), 2048);
        let figures = serde_json::json!({
            "check_to_bare": checked.one / checked.bare,
            "one_to_two_threads": checked.one / checked.two,
            "bare_one_to_two_threads": checked.bare / checked.bare_two,
            "prove_ms": 1e3 * proven.first,
        });
        println!("{figures}");
        return;
    }
    let kinds = [
        ("one of 5", choose_one(5), 2048),
        ("one of 20", choose_one(20), 512),
        ("175 projects, at most 10", choose_at_most(175, 10), 128),
    ];
    for (name, shape, count) in kinds {
        let (proven, checked) = measure(shape, count);
        proven.print(name);
        checked.print(name);
    }
}

fn measure(shape: Shape, count: usize) -> (Proven, Checked) {
    let option_count = shape.option_count();
    let kit = kit(shape);
    let proven = Proven::measure(&kit, option_count);
    (proven, Checked::measure(&kit, option_count, count))
}

fn choose_one(options: usize) -> Shape {
    let coefficients = (0..options).map(|option| (option, 1)).collect();
    shape(options, 1, 1, coefficients)
}

fn choose_at_most(options: usize, high: u64) -> Shape {
    let coefficients = (0..options).map(|option| (option, 1)).collect();
    shape(options, 0, high, coefficients)
}

fn shape(options: usize, low: u64, high: u64, coefficients: Vec<(usize, u64)>) -> Shape {
    let limit = Limit {
        low,
        high,
        coefficients,
    };
    Shape::new(options, 1, vec![limit]).expect("the shape is lawful")
}

fn kit(shape: Shape) -> BallotKit {
    let slot = |j: usize| to_point("speed", &[&j.to_be_bytes()]).compress().0;
    let slots: Vec<[u8; 32]> = (0..shape.option_count()).map(slot).collect();
    BallotKit::new(
        ELECTION,
        [2; 32],
        &slots,
        vec![Arc::new(shape)],
        vec![vec![0]],
    )
    .expect("lawful")
}

/// Seconds of proving one ballot, before and after the kit makes tables of the slot keys.
struct Proven {
    first: f64,
    with_tables: f64,
}

impl Proven {
    fn measure(kit: &BallotKit, option_count: usize) -> Self {
        let mut scores = vec![0; option_count];
        scores[1] = 1;
        let credential = Credential::from_random(&[3; 32]).expect("nonzero").public();
        let prove = || {
            let order = Order {
                style: 0,
                credential: &credential,
                seed: &[4; 32],
                scores: &[Scores::new(scores.clone())],
            };
            kit.prove(&order).expect("the selection is lawful")
        };
        let first = best(3, prove);
        (0..200).for_each(|_| drop(prove()));
        let with_tables = best(20, prove);
        Self { first, with_tables }
    }

    fn print(&self, name: &str) {
        println!("{name}: prove {:.3} ms at first", 1e3 * self.first);
        println!("{name}: prove {:.3} ms with tables", 1e3 * self.with_tables);
    }
}

/// Seconds of checking `count` ballots on one thread and on two, and of the bare work for them.
struct Checked {
    count: usize,
    bare: f64,
    bare_two: f64,
    one: f64,
    two: f64,
}

impl Checked {
    fn measure(kit: &BallotKit, option_count: usize, count: usize) -> Self {
        let voted = vote(kit, option_count, count);
        let cast: Vec<CastBallot<'_>> = voted.iter().map(Voted::cast).collect();
        let points = points(&voted, option_count);
        let scalars = (0..points.len()).map(|i| to_scalar("speed", &[&i.to_be_bytes()]));
        let scalars: Vec<Scalar> = scalars.collect();
        let per_chunk = (6000 / (option_count + 6)).clamp(1, count) * (option_count + 6);
        let chunks = || points.chunks(per_chunk).zip(scalars.chunks(per_chunk));
        let check = |threads| {
            let batch = kit.check(&cast, threads).expect("threads are lawful");
            assert!(batch.faults().all(|fault| fault.is_none()));
        };
        let [mut bare, mut bare_two, mut one, mut two] = [f64::MAX; 4];
        for _ in 0..ROUNDS {
            bare = bare.min(best(1, || chunks().for_each(bare_work)));
            bare_two = bare_two.min(best(1, || on_two_threads(&chunks().collect::<Vec<_>>())));
            one = one.min(best(1, || check(1)));
            two = two.min(best(1, || check(2)));
        }
        Self {
            count,
            bare,
            bare_two,
            one,
            two,
        }
    }

    fn print(&self, name: &str) {
        let micro = 1e6 / self.count as f64;
        println!(
            "{name}: check {:.1} us a ballot, bare work {:.1} us, ratio {:.3}",
            self.one * micro,
            self.bare * micro,
            self.one / self.bare
        );
        // A machine that is busy with other things gives bare work no second processor either.
        println!(
            "{name}: two threads check {:.2} times as fast as one, bare work {:.2} times as fast",
            self.one / self.two,
            self.bare / self.bare_two
        );
    }
}

impl Voted {
    fn cast(&self) -> CastBallot<'_> {
        CastBallot {
            style: 0,
            credential: &self.credential,
            sequence: 1,
            ballot: &self.ballot,
            signature: &self.signature,
        }
    }
}

fn vote(kit: &BallotKit, option_count: usize, count: usize) -> Vec<Voted> {
    let credentials: Vec<Credential> = (0..count)
        .map(|voter| {
            let mut random = [5; 32];
            random[..8].copy_from_slice(&voter.to_be_bytes());
            Credential::from_random(&random).expect("nonzero")
        })
        .collect();
    let publics: Vec<[u8; 32]> = credentials.iter().map(Credential::public).collect();
    let mut scores = vec![0; option_count];
    scores[1] = 1;
    let scores = [Scores::new(scores)];
    let orders: Vec<Order<'_>> = publics
        .iter()
        .map(|public| Order {
            style: 0,
            credential: public,
            seed: &[6; 32],
            scores: &scores,
        })
        .collect();
    let ballots = kit.prove_many(&orders, 2).expect("lawful");
    let sign = |(credential, ballot): (&Credential, Vec<u8>)| {
        let cast = Cast {
            election_id: &ELECTION,
            style: 0,
            sequence: 1,
            ballot: &ballot,
        };
        Voted {
            credential: credential.public(),
            signature: credential.sign_ballot(&cast, &[7; 32]),
            ballot,
        }
    };
    credentials.iter().zip(ballots).map(sign).collect()
}

/// All points of the ballots and signatures, encoded.
fn points(voted: &[Voted], option_count: usize) -> Vec<CompressedRistretto> {
    let ballot_points = 32 * (option_count + 4);
    let of_ballot = |voted: &Voted| -> Vec<CompressedRistretto> {
        let bytes = voted.ballot[..ballot_points].chunks_exact(32);
        bytes
            .chain([&voted.credential[..], &voted.signature[..32]])
            .map(|bytes| CompressedRistretto::from_slice(bytes).expect("32 bytes"))
            .collect()
    };
    voted.iter().flat_map(of_ballot).collect()
}

/// Decompress points and multiply them once, all scalars of full length.
fn bare_work((points, scalars): (&[CompressedRistretto], &[Scalar])) {
    let points = points.iter().map(|point| point.decompress());
    black_box(RistrettoPoint::optional_multiscalar_mul(scalars, points));
}

fn on_two_threads(chunks: &[(&[CompressedRistretto], &[Scalar])]) {
    let (left, right) = chunks.split_at(chunks.len() / 2);
    std::thread::scope(|scope| {
        scope.spawn(|| left.iter().copied().for_each(bare_work));
        right.iter().copied().for_each(bare_work);
    });
}

/// Seconds of the fastest of `rounds` runs.
fn best<R>(rounds: usize, mut run: impl FnMut() -> R) -> f64 {
    let timed = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64()
    };
    (0..rounds).map(timed).fold(f64::MAX, f64::min)
}
