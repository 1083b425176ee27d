//! What is kept between filings equals what is computed from scratch, after any filings.

use hoptac_model::pack::{Indicator, Measure, Pack};
use hoptac_model::packed::{Input, Output};
use hoptac_model::register::{Link, Partner, Register};
use hoptac_model::target::{Constraint, Scope};
use hoptac_model::unit::{Level, Places};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::properties::{ANY_SEAT, AS_OF, Sketch, days, formulas, register_of, sketches, text_of};
use super::world::*;
use crate::board::{Board, Question};
use crate::kept::Kept;

/// Formulas of every kind, whatever the drawn one is.
const FORMULAS: &[&str] = &[
    "COUNT(*) FILTER (WHERE registered)",
    "COUNT(DISTINCT organisation) FILTER (WHERE linked)",
    "SUM(revenue)",
    "SUM(revenue) / NULLIF(COUNT(*) FILTER (WHERE return_filed), 0)",
    "AVG(revenue) FILTER (WHERE registered)",
    "AVG(revenue / 3)",
    "MIN(members)",
    "MAX(age) FILTER (WHERE operating)",
    "MEDIAN(revenue)",
    "MEDIAN(revenue / 7) FILTER (WHERE registered)",
    "COUNT(DISTINCT sector) FILTER (WHERE registered)",
    "COUNT(DISTINCT commune) FILTER (WHERE registered)",
    "COUNT(DISTINCT main_partner)",
    "COUNT(DISTINCT revenue / 2)",
    "COUNT(DISTINCT roll_persons) FILTER (WHERE registered)",
    "COUNT(DISTINCT roll_persons)",
    "COUNT(DISTINCT link_partners) FILTER (WHERE kind = 'HTX' AND registered)",
];

/// An organisation with its roll and the partners of its contracts: who, from when, until when.
type Whole = (Sketch, Vec<(u32, i32, Option<i32>)>);

fn wholes() -> impl Strategy<Value = Vec<Whole>> {
    let spans = || prop::collection::vec((0..6_u32, days(), prop::option::of(days())), 0..6);
    sketches(ANY_SEAT).prop_flat_map(move |sketches| {
        let each = sketches.into_iter().map(|sketch| (Just(sketch), spans()));
        each.collect::<Vec<_>>()
    })
}

fn register(wholes: &[Whole], position: u64) -> Register {
    let sketches: Vec<Sketch> = wholes.iter().map(|(sketch, _)| sketch.clone()).collect();
    let mut register = register_of(&sketches);
    for (organisation, (sketch, spans)) in (0..).zip(wholes) {
        for (person, from, until) in spans {
            let from = day(&text_of(*(from.max(&sketch.founded))));
            let until = until.map(|until| day(&text_of(until)));
            enrol(&mut register, organisation, *person, from, until);
            let partner = Partner::enterprise(format!("b{person}")).into();
            let contract = Link { organisation, partner, from, to: until, ..Link::default() };
            register.links.push(contract);
        }
    }
    register.links.sort_by_key(|link| link.organisation);
    register.position = position;
    register
}

fn pack_of(formula: &str) -> Pack {
    let all = FORMULAS.iter().copied().chain([formula]).enumerate();
    let mut indicators: Vec<Indicator> =
        all.map(|(at, text)| indicator(&format!("f{at}"), Measure::Stock, text)).collect();
    indicators.push(share("share", "COUNT(*) FILTER (WHERE operating)", "COUNT(*)"));
    let mut each = target("t", "f0", Constraint::AtLeast { value: 2.0, expected_up_to: None });
    each.scope = Scope::Each(Level::District);
    pack(indicators, vec![each])
}

/// Whether two boards are the same in every cell, row and record.
#[track_caller]
fn equal(kept: &Board, anew: &Board) {
    assert_eq!(kept.position(), anew.position());
    assert_eq!(kept.unplaced(), anew.unplaced());
    assert_eq!(kept.unplaced_of_plan(), anew.unplaced_of_plan());
    for unit in anew.unit_ids() {
        assert_eq!(kept.scoreboard(unit), anew.scoreboard(unit), "{unit}");
        for indicator in &anew.frame.pack.indicators {
            for year in anew.years() {
                let cell = |board: &Board| board.cell(&indicator.id, unit, *year);
                let told = |board: &Board| board.explain(&indicator.id, unit, *year);
                let what = format!("{} in {unit} in {year}", indicator.numerator);
                assert_eq!(cell(kept), cell(anew), "{what}");
                assert_eq!(told(kept), told(anew), "{what}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_equals_what_is_computed_from_scratch(
        mut all in wholes(),
        filings in prop::collection::vec((any::<Index>(), wholes()), 1..5),
        formula in formulas(),
        geography in select(vec![OLD, NEW]),
    ) {
        let (places, pack) = (places(), pack_of(&formula));
        let question = Question { as_of: day(AS_OF), geography: day(geography) };
        let mut kept = Kept::lay_out(&register(&all, 1), &places, &pack, question);
        let mut before = kept.board();
        for (position, (about, drawn)) in (2..).zip(filings) {
            // Whoever stands behind all that were there is new.
            let first = about.index(all.len() + 1);
            let mut about = Vec::new();
            for (at, whole) in (first..).zip(drawn) {
                match all.get_mut(at) {
                    Some(place) => *place = whole,
                    None => all.push(whole),
                }
                about.push(u32::try_from(at).unwrap());
            }
            let register = register(&all, position);
            kept.file(&register, &about);
            let anew = Board::compute(&register, &places, &pack, question);
            equal(&kept.board(), &anew);
            // A board that somebody still reads stays what it was.
            prop_assert_eq!(before.position(), position - 1);
            let (root, last) = ("20".into(), *before.years().last().unwrap());
            let count = |board: &Board| board.cell(&"f0".into(), &root, last);
            let shown = count(&before);
            before = kept.board();
            prop_assert_eq!(count(&before), count(&anew));
            prop_assert!(shown.is_some());
        }
    }
}

/// What is kept, written and read again where the same is asked, in blocks of a size.
fn reread(
    kept: &Kept,
    register: &Register,
    places: &Places,
    pack: &Pack,
    question: Question,
) -> Option<Kept> {
    let mut bytes = Vec::new();
    let mut take = |block: &[u8]| bytes.extend_from_slice(block);
    let mut out = Output::new(&mut take);
    kept.write(&mut out);
    out.end();
    let mut blocks = bytes.chunks(1000);
    let mut next = |block: &mut Vec<u8>| {
        blocks.next().is_some_and(|bytes| {
            block.extend_from_slice(bytes);
            true
        })
    };
    let mut input = Input::new(&mut next);
    let read = Kept::read(&mut input, places, pack, question)?;
    input.is_at_end().then_some(read)?.lie_on(register)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_goes_on_where_it_stood(
        mut all in wholes(),
        filings in prop::collection::vec((any::<Index>(), wholes()), 0..4),
        read_before in any::<Index>(),
        is_prepared in any::<bool>(),
        formula in formulas(),
        geography in select(vec![OLD, NEW]),
    ) {
        let (places, pack) = (places(), pack_of(&formula));
        let question = Question { as_of: day(AS_OF), geography: day(geography) };
        let mut kept = Kept::lay_out(&register(&all, 1), &places, &pack, question);
        if is_prepared {
            kept.prepare();
        }
        let read_before = read_before.index(filings.len() + 1);
        let mut now = register(&all, 1);
        let mut last = Board::compute(&now, &places, &pack, question);
        for (at, (about, drawn)) in filings.into_iter().enumerate() {
            if at == read_before {
                kept = reread(&kept, &now, &places, &pack, question).unwrap();
            }
            let first = about.index(all.len() + 1);
            let mut about = Vec::new();
            for (at, whole) in (first..).zip(drawn) {
                match all.get_mut(at) {
                    Some(place) => *place = whole,
                    None => all.push(whole),
                }
                about.push(u32::try_from(at).unwrap());
            }
            now = register(&all, u64::try_from(at).unwrap() + 2);
            kept.file(&now, &about);
            last = Board::compute(&now, &places, &pack, question);
        }
        equal(&kept.board(), &last);
        equal(&reread(&kept, &now, &places, &pack, question).unwrap().board(), &last);
        // Facts of one plan are none of another, nor of another register.
        let later = Register { position: now.position + 1, ..now.clone() };
        prop_assert!(reread(&kept, &later, &places, &pack, question).is_none());
        let mut other = pack.clone();
        other.indicators.pop();
        other.indicators.pop();
        prop_assert!(reread(&kept, &now, &places, &other, question).is_none());
    }
}

#[test]
fn a_board_that_somebody_reads_does_not_change_under_them() {
    let mut register = Register::default();
    establish(&mut register, hoptac_model::organisation::Kind::Group, "c1", "2023-01-01", Some(9));
    let (places, pack) = (places(), pack_of("SUM(members)"));
    let question = Question { as_of: day(AS_OF), geography: day(OLD) };
    let mut kept = Kept::lay_out(&register, &places, &pack, question);
    let members = |board: &Board| {
        let formula = format!("f{}", FORMULAS.len());
        ["20", "d1", "c1"].map(|unit| {
            let cell = board.cell(&formula.as_str().into(), &unit.into(), 2025);
            cell.and_then(|cell| cell.value)
        })
    };
    let read = kept.board();
    then(&mut register, 0, "2024-05-01", |state| state.members = Some(12));
    kept.file(&register, &[0]);
    assert_eq!(members(&read), [Some(9.0); 3]);
    assert_eq!(members(&kept.board()), [Some(12.0); 3]);
}
