//! What is packed comes back as it was, in whatever blocks it comes; what ends too soon does not.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::register::{Link, Register, Stage};
use crate::roll::RollSpan;
use crate::whole::Wholes;

fn packed<T: Packed>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut take = |block: &[u8]| bytes.extend_from_slice(block);
    let mut out = Output::new(&mut take);
    value.write(&mut out);
    out.end();
    bytes
}

/// Reads a value that comes in blocks of a size, and says whether that was all.
fn unpacked<T: Packed>(bytes: &[u8], size: usize) -> Option<T> {
    let mut blocks = bytes.chunks(size);
    let mut next = |block: &mut Vec<u8>| {
        blocks.next().is_some_and(|bytes| {
            block.extend_from_slice(bytes);
            true
        })
    };
    let mut input = Input::new(&mut next);
    let value = T::read(&mut input)?;
    input.is_at_end().then_some(value)
}

#[track_caller]
fn check<T: Packed + PartialEq + std::fmt::Debug>(value: &T) {
    let bytes = packed(value);
    for size in [1, 3, 8, 4096] {
        assert_eq!(unpacked::<T>(&bytes, size).as_ref(), Some(value), "in blocks of {size}");
    }
    for end in 0..bytes.len() {
        assert_eq!(unpacked::<T>(&bytes[..end], 7), None, "the first {end} bytes");
    }
}

#[test]
fn values_of_every_kind_come_back() {
    check(&vec![Some(-1_i64), None, Some(i64::MIN)]);
    check(&vec!["Hợp tác xã".to_owned(), String::new()]);
    check(&(date(-9999, 1, 1), date(9999, 12, 31)));
    check(&BTreeMap::from([(3_u32, 1..4_usize), (5, 4..4)]));
    check(&[Stage::Input, Stage::Sale].to_vec());
    check(&vec![Wholes::from_iter([Some(1), None, Some(300)]), Wholes::default()]);
    check(&('Đ', true));
}

#[test]
fn a_register_comes_back() {
    let link = Link { link: "1".to_owned(), to: Some(date(2025, 1, 1)), ..Link::default() };
    let span = RollSpan {
        organisation: 7,
        person: 1,
        kind: crate::member::MemberKind::Household,
        class: crate::member::MemberClass::Associate,
        capital: 5,
        from: date(2020, 2, 29),
        until: None,
    };
    let roll_spans = [span].into_iter().collect();
    check(&Register { position: 9, links: vec![link].into(), roll_spans, ..Register::default() });
}

#[test]
fn no_variant_has_a_number_that_is_too_great() {
    assert_eq!(unpacked::<Stage>(&[4], 1), Some(Stage::Sale));
    assert_eq!(unpacked::<Stage>(&[5], 1), None);
    assert_eq!(unpacked::<Option<u8>>(&[2, 0], 1), None);
}

#[test]
fn a_count_that_nothing_can_hold_is_refused() {
    assert_eq!(unpacked::<Vec<u64>>(&[255; 16], 16), None);
}

#[test]
fn the_shape_tells_the_names_and_types_of_all_parts() {
    let shape = shape_of::<Register>();
    assert!(
        shape.contains("links:Records:*Starts:*u32*Link{organisation:u32,link:text,signed_on:day,"),
        "{shape}"
    );
    assert!(shape.contains("kind:Kind|Group|Cooperative|Union"), "{shape}");
    assert!(
        shape.contains("roll_spans:Rolls:*Block{starts:Starts:*u32,persons:*u32,roles:*u8,"),
        "{shape}"
    );
}

proptest! {
    #[test]
    fn long_lists_lie_over_the_ends_of_blocks(all in prop::collection::vec(any::<u32>(), 0..2000)) {
        prop_assert_eq!(unpacked::<Vec<u32>>(&packed(&all), 97), Some(all));
    }
}
