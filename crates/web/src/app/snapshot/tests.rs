//! A file that is not to the byte what was written, by this program, is not used.

use hoptac_model::filing::event::Way;
use hoptac_model::ids::OrganisationId;
use hoptac_model::member::{MemberClass, MemberKind};
use hoptac_model::register::{Promotion, RollCount};
use hoptac_model::roll::SpanNumbers;
use hoptac_store::LineageStep;
use jiff::civil::date;
use uuid::Uuid;

use super::*;

const STAMP: Stamp = Stamp { position: 3, hash: Hash([7; 32]) };

fn register() -> Register {
    let promotions = vec![Promotion { organisation: 1, on: date(2024, 5, 6) }; 40].into();
    let span = SpanNumbers {
        person: 5,
        kind: MemberKind::Household,
        class: MemberClass::Official,
        capital: 1_000_000,
        from: 9000,
        until: Rolls::OPEN,
    };
    let tally = hoptac_model::member::Tally::default();
    let roll_counts = vec![RollCount { organisation: 1, on: date(2024, 5, 6), tally }].into();
    let mut roll_spans = Rolls::default();
    roll_spans.append(1, &[span]);
    Register {
        position: STAMP.position,
        promotions,
        roll_counts,
        roll_spans,
        ..Register::default()
    }
}

/// A folder with a snapshot, and its bytes.
fn written() -> (tempfile::TempDir, Snapshots, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(&folder.path().join("new"));
    snapshots.write(STAMP, &register(), None, None).unwrap();
    let bytes = fs::read(snapshots.register()).unwrap();
    (folder, snapshots, bytes)
}

#[test]
fn what_was_written_is_read() {
    let (_folder, snapshots, _) = written();
    let (_, rest) = read_register(open(&snapshots.register())).unwrap();
    assert_ne!(rest, register());
    let (stamp, long) = read_plain::<Long>(open(&snapshots.long())).unwrap();
    assert_eq!((stamp, long.put(rest)), (STAMP, register()));
    let left: Vec<_> = fs::read_dir(&snapshots.folder).unwrap().collect();
    assert_eq!(left.len(), 2, "nothing is left beside them");
}

#[test]
fn histories_are_read_as_they_were_written() {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots::new(folder.path());
    let id = |number| OrganisationId(Uuid::from_u128(number));
    let step = LineageStep {
        source: id(1),
        result: id(2),
        way: Way::Divided,
        on: date(2024, 5, 6),
        position: 3,
    };
    let histories = Histories::new(vec![1, 2], [(id(1), vec![step.clone()]), (id(2), vec![step])]);
    snapshots.write(STAMP, &register(), Some(&histories), None).unwrap();
    assert_eq!(read_plain::<Histories>(open(&snapshots.histories())), Ok((STAMP, histories)));
    let of_a_register = read_plain::<Histories>(open(&snapshots.register()));
    assert_eq!(of_a_register, Err(Refusal::Other));
}

#[test]
fn every_byte_counts() {
    let (_folder, _, bytes) = written();
    for at in 0..bytes.len() {
        for bit in [1, 0x80] {
            let mut damaged = bytes.clone();
            damaged[at] ^= bit;
            let read = read_register(Ok(&*damaged));
            assert_eq!(read, Err(Refusal::Damaged), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn what_is_cut_off_or_too_long_is_refused() {
    let (_folder, _, bytes) = written();
    for end in 0..bytes.len() {
        let read = read_register(Ok(&bytes[..end]));
        assert_eq!(read, Err(Refusal::Damaged), "the first {end} bytes");
    }
    for behind in [&bytes[..], &[0]] {
        let read = read_register(Ok(&*[&bytes, behind].concat()));
        assert_eq!(read, Err(Refusal::Damaged));
    }
}

#[test]
fn blocks_in_another_order_are_refused() {
    let (_folder, _, bytes) = written();
    // The mark, then the head, then the register, then the end.
    let length =
        |at: usize| 12 + u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let head = 8..8 + length(8);
    let second = head.end..head.end + length(head.end);
    let (mark, rest) = (&bytes[..8], &bytes[second.end..]);
    let turned = [mark, &bytes[second], &bytes[head], rest].concat();
    assert_eq!(read_register(Ok(&*turned)), Err(Refusal::Damaged));
}

#[test]
fn the_file_of_another_program_or_shape_is_refused() {
    let (_folder, snapshots, _) = written();
    let head = || Head::new(shape_of::<Register>(), String::new(), STAMP);
    let others = [
        Head { program: "0.0.9".to_owned(), ..head() },
        Head { shape: "Register{}".to_owned(), ..head() },
        Head { asked: "2025-01-01".to_owned(), ..head() },
    ];
    for other in others {
        write(&snapshots.register(), &other, &|out| register().write(out)).unwrap();
        assert_eq!(read_register(open(&snapshots.register())), Err(Refusal::Other), "{other:?}");
    }
    fs::remove_file(snapshots.register()).unwrap();
    assert_eq!(read_register(open(&snapshots.register())), Err(Refusal::Missing));
}

#[test]
fn a_file_that_contradicts_its_head_is_refused() {
    let (_folder, snapshots, _) = written();
    let later = Stamp { position: STAMP.position + 1, ..STAMP };
    let head = Head::new(shape_of::<Register>(), String::new(), later);
    write(&snapshots.register(), &head, &|out| register().write(out)).unwrap();
    assert_eq!(read_register(open(&snapshots.register())), Err(Refusal::Damaged));
}

#[test]
fn what_cannot_be_written_leaves_the_last_one() {
    let (_folder, snapshots, bytes) = written();
    // Nobody can write where a folder stands.
    fs::create_dir(snapshots.register().with_extension("part")).unwrap();
    assert!(snapshots.write(STAMP, &Register::default(), None, None).is_err());
    assert_eq!(fs::read(snapshots.register()).unwrap(), bytes);
}
