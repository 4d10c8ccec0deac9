//! Honest proofs of every kind of contest are made as the protocol page says, and hold.

use crate::reference::{Omitted, Secrets};
use crate::shape::random_contest;
use crate::support::{Contest, Election, Source, Voted, choose_one, limit, sum_limit, verdict};

/// The kinds of docs/protocol.md 5, each with lawful selections.
fn kinds() -> Vec<(&'static str, Contest, Vec<Vec<u64>>)> {
    let blank = limit(1, 1, &[(0, 1), (1, 1), (2, 1), (3, 1)]);
    let item = |i: usize| limit(0, 1, &[(2 * i, 1), (2 * i + 1, 1)]);
    let costs = [(0, 500), (1, 300), (2, 450), (3, 120)];
    vec![
        (
            "one of 5",
            choose_one(5),
            vec![vec![0, 0, 1, 0, 0], vec![0, 0, 0, 0, 1]],
        ),
        ("one of 1", choose_one(1), vec![vec![1]]),
        (
            "one or none",
            Contest::new(3, 1, &[sum_limit(3, 0, 1)]),
            vec![vec![0, 0, 0], vec![0, 1, 0]],
        ),
        (
            "with a blank option",
            Contest::new(4, 1, &[blank]),
            vec![vec![0, 0, 0, 1], vec![1, 0, 0, 0]],
        ),
        (
            "blank instead of two of four",
            Contest::new(
                5,
                1,
                &[limit(2, 2, &[(0, 1), (1, 1), (2, 1), (3, 1), (4, 2)])],
            ),
            vec![vec![0, 0, 0, 0, 1], vec![1, 0, 0, 1, 0]],
        ),
        (
            "two to three of five",
            Contest::new(5, 1, &[sum_limit(5, 2, 3)]),
            vec![vec![1, 1, 0, 0, 0], vec![0, 1, 0, 1, 1]],
        ),
        (
            "approval without limits",
            Contest::new(4, 1, &[]),
            vec![vec![0, 0, 0, 0], vec![1, 1, 1, 1], vec![0, 1, 0, 1]],
        ),
        (
            "scores 0 to 10",
            Contest::new(3, 10, &[]),
            vec![vec![10, 0, 7], vec![8, 9, 1]],
        ),
        (
            "top score 2^32 - 1",
            Contest::new(2, (1 << 32) - 1, &[]),
            vec![vec![(1 << 32) - 1, 0], vec![1 << 31, (1 << 31) - 1]],
        ),
        (
            "cumulative, exactly 7 points",
            Contest::new(4, 7, &[sum_limit(4, 7, 7)]),
            vec![vec![7, 0, 0, 0], vec![1, 2, 3, 1]],
        ),
        (
            "cumulative, up to 7 points",
            Contest::new(4, 7, &[sum_limit(4, 0, 7)]),
            vec![vec![0, 0, 0, 0], vec![2, 2, 2, 0]],
        ),
        (
            "budget with a count",
            Contest::new(4, 1, &[limit(0, 1000, &costs), sum_limit(4, 0, 3)]),
            vec![vec![1, 0, 1, 0], vec![0, 1, 1, 1], vec![0, 0, 0, 0]],
        ),
        (
            "matrix of three items",
            Contest::new(6, 1, &[item(0), item(1), item(2)]),
            vec![vec![1, 0, 0, 1, 0, 0]],
        ),
        (
            "several exact limits, one of them redundant",
            Contest::new(
                4,
                3,
                &[
                    sum_limit(4, 4, 4),
                    limit(1, 1, &[(0, 1), (1, 1)]),
                    limit(3, 3, &[(2, 1), (3, 1)]),
                    limit(0, 9, &[(1, 2), (3, 3)]),
                ],
            ),
            vec![vec![1, 0, 2, 1], vec![0, 1, 1, 2]],
        ),
        (
            "a limit that leaves only zero",
            Contest::new(3, 1, &[limit(0, 0, &[(0, 1), (1, 1)])]),
            vec![vec![0, 0, 1], vec![0, 0, 0]],
        ),
    ]
}

#[test]
fn ballots_of_every_kind_hold_and_match_a_plain_reading() {
    let mut source = Source::new(1);
    for (name, contest, selections) in kinds() {
        let election = Election::single(contest);
        for scores in selections {
            let credential = source.credential();
            let (x, seed) = (credential.public(), source.bytes());
            let ballot = election
                .prove(0, &x, &seed, std::slice::from_ref(&scores))
                .expect(name);
            assert_eq!(ballot.len(), election.kit.ballot_size(0).expect("style 0"));
            let statement = election.statement(0, &x);
            let plain = statement.prove(&Secrets::derive(&statement, &seed, &scores));
            assert!(statement.is_accepted(&plain, Omitted::Nothing), "{name}");
            assert_eq!(ballot, plain.encode(), "{name} {scores:?}");
            let voted = Voted::sign(&credential, 0, 1, &ballot);
            assert_eq!(verdict(&election.kit, &voted), 0, "{name} {scores:?}");
        }
    }
}

#[test]
fn random_shapes_prove_and_hold() {
    let seed = 424242;
    let mut source = Source::new(seed);
    for round in 0..60 {
        let (contest, scores) = random_contest(&mut source);
        let note = format!("seed {seed} round {round}: {contest:?} {scores:?}");
        let election = Election::single(contest);
        let credential = source.credential();
        let (x, ballot_seed) = (credential.public(), source.bytes());
        let ballot = election
            .prove(0, &x, &ballot_seed, std::slice::from_ref(&scores))
            .expect(&note);
        let statement = election.statement(0, &x);
        let plain = statement.prove(&Secrets::derive(&statement, &ballot_seed, &scores));
        assert_eq!(ballot, plain.encode(), "{note}");
        let voted = Voted::sign(&credential, 0, 1, &ballot);
        assert_eq!(verdict(&election.kit, &voted), 0, "{note}");
    }
}

#[test]
fn a_ballot_holds_every_contest_of_its_style_in_order() {
    let contests = [choose_one(3), Contest::new(2, 5, &[]), choose_one(2)];
    let election = Election::new(&contests, &[&[0, 1, 2], &[1], &[0, 2]]);
    let mut source = Source::new(2);
    let credential = source.credential();
    let (x, seed) = (credential.public(), source.bytes());
    let scores = [vec![0, 1, 0], vec![5, 2], vec![0, 1]];
    for (style, numbers) in election.styles.iter().enumerate() {
        let chosen: Vec<Vec<u64>> = numbers
            .iter()
            .map(|number| scores[*number].clone())
            .collect();
        let ballot = election
            .prove(style as u64, &x, &seed, &chosen)
            .expect("lawful");
        let plain = numbers.iter().flat_map(|number| {
            let statement = election.statement(*number, &x);
            let secrets = Secrets::derive(&statement, &seed, &scores[*number]);
            statement.prove(&secrets).encode()
        });
        assert_eq!(ballot, plain.collect::<Vec<u8>>());
        let voted = Voted::sign(&credential, style as u64, 3, &ballot);
        assert_eq!(verdict(&election.kit, &voted), 0);
    }
}

#[test]
fn many_at_once_are_the_same_ballots() {
    use hanpyo_core::ballot::{Order, Scores};
    let election = Election::single(choose_one(3));
    let mut source = Source::new(3);
    // Enough of them that the kit makes tables of the slot keys on the way.
    let voters: Vec<([u8; 32], [u8; 32])> = (0..150)
        .map(|_| (source.credential().public(), source.bytes()))
        .collect();
    let scores = [Scores::new(vec![0, 0, 1])];
    let orders: Vec<Order<'_>> = voters
        .iter()
        .map(|(credential, seed)| Order {
            style: 0,
            credential,
            seed,
            scores: &scores,
        })
        .collect();
    let before: Vec<Vec<u8>> = orders
        .iter()
        .map(|order| election.kit.prove(order).expect("lawful"))
        .collect();
    assert_eq!(election.kit.prove_many(&orders, 2).expect("lawful"), before);
}

#[test]
fn unlawful_orders_make_no_ballot() {
    let election = Election::single(choose_one(3));
    let x = Source::new(4).credential().public();
    let code = |style, credential: &[u8; 32], scores: &[Vec<u64>]| {
        let made = election.prove(style, credential, &[1; 32], scores);
        made.expect_err("unlawful").code()
    };
    let lawful = [vec![1, 0, 0]];
    assert_eq!(code(1, &x, &lawful), 11);
    assert_eq!(code(0, &[0; 32], &lawful), 30);
    assert_eq!(code(0, &[0xff; 32], &lawful), 30);
    assert_eq!(code(0, &x, &[]), 36);
    assert_eq!(code(0, &x, &[vec![1, 0, 0], vec![1, 0, 0]]), 36);
    assert_eq!(code(0, &x, &[vec![1, 1, 0]]), 36);
    assert_eq!(code(0, &x, &[vec![0, 0, 0]]), 36);
    assert_eq!(code(0, &x, &[vec![2, 0, 0]]), 36);
}

#[test]
fn seeds_and_scores_and_credentials_all_change_the_ciphertext() {
    let election = Election::single(choose_one(3));
    let mut source = Source::new(5);
    let (x, other) = (source.credential().public(), source.credential().public());
    let ballots = [
        election.prove(0, &x, &[1; 32], &[vec![1, 0, 0]]),
        election.prove(0, &x, &[2; 32], &[vec![1, 0, 0]]),
        election.prove(0, &x, &[1; 32], &[vec![0, 1, 0]]),
        election.prove(0, &other, &[1; 32], &[vec![1, 0, 0]]),
    ];
    let first_points = ballots.map(|ballot| ballot.expect("lawful")[..32].to_vec());
    for (place, one) in first_points.iter().enumerate() {
        assert!(first_points[..place].iter().all(|other| one != other));
    }
}

#[test]
fn unlawful_elections_are_refused() {
    use std::sync::Arc;

    use hanpyo_core::ballot::BallotKit;

    let mut source = Source::new(6);
    let keys: Vec<[u8; 32]> = (0..4).map(|_| source.credential().public()).collect();
    let code = |keys: &[[u8; 32]], styles: &[&[usize]]| {
        let contests = vec![
            Arc::new(choose_one(3).shape()),
            Arc::new(choose_one(2).shape()),
        ];
        let styles = styles.iter().map(|style| style.to_vec()).collect();
        let kit = BallotKit::new([1; 32], [2; 32], keys, contests, styles);
        kit.map_or_else(|error| error.code(), |_| 0)
    };
    let styles: [&[usize]; 2] = [&[0, 1], &[1]];
    assert_eq!(code(&keys, &styles), 0);
    assert_eq!(code(&keys[..3], &styles), 0);
    assert_eq!(code(&keys[..2], &styles), 11);
    assert_eq!(code(&keys, &[&[0, 2]]), 11);
    assert_eq!(code(&keys, &[&[]]), 11);
    for (slot, key) in [(3, keys[0]), (1, [0; 32]), (2, [0xff; 32])] {
        let mut changed = keys.clone();
        changed[slot] = key;
        assert_eq!(code(&changed, &styles), 30, "slot {slot}");
    }
}
