//! Ed25519, credentials, and the signatures that cast.

use hanpyo_core::credential::{Cast, Credential, Row, check_possessions};
use hanpyo_core::group::decode_nonidentity;
use hanpyo_core::{ed25519, labels, schnorr};

use crate::loading::{code, each};

#[test]
fn ed25519_vectors() {
    each("ed25519", &[], |vector| {
        let key = vector.bytes("key");
        match vector.text("kind") {
            "sign" => {
                let seed = vector.array("seed");
                assert_eq!(ed25519::public_key(&seed).to_vec(), key);
                let signature = ed25519::sign(&seed, &vector.bytes("message"));
                assert_eq!(signature, vector.array("signature"));
            }
            "key" => assert_eq!(code(ed25519::check_key(&key)), vector.code()),
            "signature" => {
                let (message, signature) = (vector.bytes("message"), vector.bytes("signature"));
                let found = code(ed25519::check(&key, &message, &signature));
                assert_eq!(found, vector.code());
            }
            kind => panic!("unknown kind {kind}"),
        }
    });
}

#[test]
fn credentials() {
    each("credentials", &["credential"], |vector| {
        let credential = Credential::from_random(&vector.array("random")).unwrap();
        assert_eq!(*credential.secret(), vector.array("secret"));
        assert_eq!(credential.public(), vector.array("credential"));
    });
}

#[test]
fn possessions() {
    each("credentials", &["possession"], |vector| {
        let (ledger_id, election_id) = (vector.array("ledger_id"), vector.array("election_id"));
        let (public, proof) = (vector.bytes("credential"), vector.bytes("proof"));
        let number = vector.index("row");
        let items = [(&public[..], number, &proof[..])];
        let found = check_possessions(&items, &ledger_id, &election_id, 1).unwrap();
        assert_eq!(found, [vector.code() == 0]);
        if vector.has("secret") {
            let credential = Credential::decode(&vector.bytes("secret")).unwrap();
            let row = Row {
                ledger_id: &ledger_id,
                election_id: &election_id,
                number,
            };
            let made = credential.prove_possession(&row, &vector.array("random"));
            assert_eq!(made.to_vec(), proof);
        }
    });
}

#[test]
fn cast_signatures() {
    each("credentials", &["cast"], |vector| {
        let (style, sequence) = (vector.index("style"), vector.number("sequence"));
        let (election_id, ballot) = (vector.array("election_id"), vector.bytes("ballot"));
        let (public, signature) = (vector.bytes("credential"), vector.bytes("signature"));
        decode_nonidentity(&public).unwrap();
        let (style_bytes, sequence_bytes) = (style.to_be_bytes(), sequence.to_be_bytes());
        let parts: [&[u8]; 4] = [&election_id, &style_bytes, &sequence_bytes, &ballot];
        let found = schnorr::check(labels::CAST, &public, &parts, &signature);
        assert_eq!(code(found), vector.code());
        if vector.has("secret") {
            let cast = Cast {
                election_id: &election_id,
                style,
                sequence,
                ballot: &ballot,
            };
            let credential = Credential::decode(&vector.bytes("secret")).unwrap();
            let made = credential.sign_ballot(&cast, &vector.array("random"));
            assert_eq!(made.to_vec(), signature);
        }
    });
}
