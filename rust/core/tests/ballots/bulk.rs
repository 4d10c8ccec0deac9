//! Verdicts in bulk are those of single ballots, whatever their neighbors.

use crate::support::{Contest, Election, Source, Voted, choose_one, sum_limit, verdict, verdicts};

fn election() -> Election {
    let contests = [choose_one(3), Contest::new(2, 5, &[sum_limit(2, 0, 7)])];
    Election::new(&contests, &[&[0], &[0, 1]])
}

fn vote(election: &Election, source: &mut Source) -> Voted {
    let credential = source.credential();
    let style = source.below(2);
    let scores = [vec![0, 1, 0], vec![source.below(4), source.below(4)]];
    let scores = &scores[..=style as usize];
    let ballot = election.prove(style, &credential.public(), &source.bytes(), scores);
    Voted::sign(
        &credential,
        style,
        1 + source.below(5),
        &ballot.expect("lawful"),
    )
}

/// Put one of ten faults into a vote; the code that must come out.
fn damage(election: &Election, voted: &mut Voted, kind: u64, source: &mut Source) -> u8 {
    let last = voted.ballot.len() - 1;
    match kind {
        0 => voted.style = 9,
        1 => voted.ballot.truncate(last),
        2 => voted.credential.fill(0),
        3 => voted.ballot[..32].fill(0xff),
        4 => voted.ballot[last] = 0xff,
        5 => voted.sequence = 0,
        6 => voted.sequence += 1,
        7 => voted.signature.fill(0xff),
        // Changed and signed anew: only the proof fails, by equation (1) or by (2).
        _ => {
            let credential = source.credential();
            let (style, place) = (voted.style, if kind == 8 { 7 * 32 } else { last - 31 });
            let scores = [vec![0, 1, 0], vec![1, 1]];
            let scores = &scores[..=style as usize];
            let made = election.prove(style, &credential.public(), &source.bytes(), scores);
            let mut ballot = made.expect("lawful");
            ballot[place] ^= 1;
            *voted = Voted::sign(&credential, style, 1, &ballot);
        }
    }
    [13, 13, 30, 30, 31, 13, 32, 32, 34, 34][kind as usize]
}

#[test]
fn mixed_batches_give_each_ballot_its_own_verdict() {
    let seed = 50;
    let mut source = Source::new(seed);
    let election = election();
    let mut voted: Vec<Voted> = (0..180).map(|_| vote(&election, &mut source)).collect();
    let mut expected = vec![0; voted.len()];
    for kind in (0..10).chain(0..10) {
        let place = source.place(voted.len());
        if expected[place] == 0 {
            expected[place] = damage(&election, &mut voted[place], kind, &mut source);
        }
    }
    for threads in [1, 2, 3] {
        assert_eq!(
            verdicts(&election.kit, &voted, threads),
            expected,
            "seed {seed}"
        );
    }
    let alone: Vec<u8> = voted
        .iter()
        .map(|voted| verdict(&election.kit, voted))
        .collect();
    assert_eq!(alone, expected, "seed {seed}");
}

#[test]
fn faults_cannot_cancel_out_between_neighbors() {
    let election = Election::single(choose_one(3));
    let mut source = Source::new(51);
    let credential = source.credential();
    let statement = election.statement(0, &credential.public());
    let secrets = crate::reference::Secrets::derive(&statement, &source.bytes(), &[1, 0, 0]);
    let shift = source.point();
    let (mut plus, mut minus) = (statement.prove(&secrets), statement.prove(&secrets));
    // W' enters equation (3) with factor 1; but it is hashed, so x changes as well.
    plus.w_mask += shift;
    minus.w_mask -= shift;
    let voted = [plus, minus].map(|proof| Voted::sign(&credential, 0, 1, &proof.encode()));
    assert_eq!(verdicts(&election.kit, &voted, 1), [34, 34]);
    // Signature scalars shifted against each other cancel out in a sum without weights.
    let good = statement.prove(&secrets).encode();
    let mut voted = [1, 2].map(|sequence| Voted::sign(&credential, 0, sequence, &good));
    for (voted, shift) in voted.iter_mut().zip([1i8, -1]) {
        voted.signature[32] = voted.signature[32].wrapping_add_signed(shift);
    }
    assert_eq!(verdicts(&election.kit, &voted, 1), [32, 32]);
}

#[test]
fn batches_of_any_size_are_checked_whole() {
    let election = election();
    let mut source = Source::new(52);
    let voted: Vec<Voted> = (0..9).map(|_| vote(&election, &mut source)).collect();
    for size in 0..voted.len() {
        for threads in [1, 4] {
            assert_eq!(
                verdicts(&election.kit, &voted[..size], threads),
                vec![0; size]
            );
        }
    }
}

#[test]
fn a_batch_of_bad_ballots_only() {
    let election = election();
    let mut source = Source::new(53);
    let mut voted: Vec<Voted> = (0..20).map(|_| vote(&election, &mut source)).collect();
    for voted in &mut voted {
        damage(&election, voted, 9, &mut source);
    }
    assert_eq!(verdicts(&election.kit, &voted, 2), [34; 20]);
}

#[test]
fn threads_must_be_sane() {
    let election = election();
    for threads in [0, 1025] {
        let refused = election.kit.check(&[], threads).err().expect("refused");
        assert_eq!(refused.code(), 11);
    }
}
