//! What stood on the roll of an organisation from when to when, as a table holds it: six numbers for each span, one behind the
//! other. What is as in the span before is left out, and so is a person's number that is the next one: most members of a
//! cooperative join it on one day, and that halves a nation's rolls.
//!
//! It follows from what was filed about the roll, and is kept because most of what is filed is sealed texts, which a register
//! of figures never looks at: they are nine tenths of a nation's rolls.

use std::collections::HashMap;
use std::fmt::Write as _;

use hoptac_model::date;
use hoptac_model::ids::OrganisationId;
use hoptac_model::member::{MemberClass, MemberEvent, MemberKind};
use hoptac_model::roll::{Rolls, SpanNumbers};
use jiff::civil::Date;
use sqlx::AnyConnection;

use crate::lot::{Whose, each};
use crate::numbers::NOTHING;
use crate::register::columns::MEMBER_EVENT;
use crate::row::Row;
use crate::table::{ROLL, Value, number};
use crate::{Error, member, numbers};

/// How many numbers tell of a span: who, of which kind and class, with how many đồng, from which day, and from which day no more.
const WIDTH: usize = 6;

/// Folds anew what was filed about the roll of an organisation, after the filing at a position.
pub(crate) async fn fold(
    connection: &mut AnyConnection,
    organisation: OrganisationId,
    position: u64,
) -> Result<(), Error> {
    let mut numbers: HashMap<String, i64> = HashMap::new();
    let whose = Whose::one(connection, organisation, &[MEMBER_EVENT]).await?;
    let events = each(connection, &whose, &MEMBER_EVENT, |row| {
        let event = member::event(row)?;
        if let Some(who) = event.who() {
            numbers.insert(who, row.whole("person")?);
        }
        Ok(event)
    })
    .await?;
    let text = written(&events, &numbers)?;
    let row = [Value::from(organisation.to_string()), text.into(), number(position).into()];
    ROLL.put(connection, &[row]).await
}

/// The spans that events come to, by the numbers of those whom they name.
fn written(events: &[MemberEvent], numbers: &HashMap<String, i64>) -> Result<String, Error> {
    let mut text = String::new();
    let mut before = None;
    for span in hoptac_model::member::spans(events).0 {
        let entry = span.entry;
        // Whoever is on a roll was named by an event of it.
        let person = *numbers.get(&entry.who()).ok_or_else(|| {
            let value = entry.member.to_string();
            Error::Stored { table: "member_event", column: "person", value }
        })?;
        let (kind, class) =
            (place(MemberKind::ALL, &entry.kind), place(MemberClass::ALL, &entry.class));
        let all = [person, kind, class, entry.capital, date::number(span.from).into()];
        for (at, number) in all.iter().enumerate() {
            if !text.is_empty() {
                text.push(',');
            }
            let is_expected = before.is_some_and(|before| expected(before).get(at) == Some(number));
            if !is_expected {
                put(&mut text, *number);
            }
        }
        text.push(',');
        if let Some(until) = span.until {
            put(&mut text, date::number(until).into());
        }
        before = Some(all);
    }
    Ok(text)
}

/// What a span says of who, kind, class, capital and first day where it says nothing.
fn expected([person, kind, class, capital, from]: [i64; WIDTH - 1]) -> [i64; WIDTH - 1] {
    [person.saturating_add(1), kind, class, capital, from]
}

fn put(text: &mut String, number: i64) {
    write!(text, "{number}").expect("a text takes all that is written to it");
}

/// Puts the spans that a row holds behind those that are there. `numbers` is where they are read to first.
pub(crate) fn read(
    row: Row<'_>,
    numbers: &mut Vec<i64>,
    spans: &mut Vec<SpanNumbers>,
) -> Result<(), Error> {
    const COLUMN: &str = "spans";
    numbers.clear();
    numbers::read(row, COLUMN, numbers)?;
    let (whole, rest) = numbers.as_chunks::<WIDTH>();
    if !rest.is_empty() {
        return Err(row.wrong(COLUMN, "less than a whole span"));
    }
    // Nothing is expected of the first.
    let mut left_out = [NOTHING; WIDTH - 1];
    for span in whole {
        let [person, kind, class, capital, from, until] = *span;
        let mut all = [person, kind, class, capital, from];
        for (number, expected) in all.iter_mut().zip(left_out) {
            if *number == NOTHING {
                *number = expected;
            }
        }
        let read = of_numbers(all, until).ok_or_else(|| row.wrong(COLUMN, told(span)))?;
        spans.push(read);
        left_out = expected(all);
    }
    Ok(())
}

/// A span as it is written.
fn told(span: &[i64]) -> String {
    let numbers = span.iter().map(|number| match *number {
        NOTHING => String::new(),
        number => number.to_string(),
    });
    numbers.collect::<Vec<_>>().join(",")
}

/// The span that numbers tell of.
fn of_numbers(numbers: [i64; WIDTH - 1], until: i64) -> Option<SpanNumbers> {
    let [person, kind, class, capital, from] = numbers;
    Some(SpanNumbers {
        person: person.try_into().ok()?,
        kind: at(MemberKind::ALL, kind)?,
        class: at(MemberClass::ALL, class)?,
        capital: Some(capital).filter(|capital| *capital != NOTHING)?,
        from: day(from)?,
        until: if until == NOTHING { Rolls::OPEN } else { day(until)? },
    })
}

/// The number of a day; none where it is none of the calendar's.
fn day(number: i64) -> Option<i32> {
    let calendar = date::number(Date::MIN)..=date::number(Date::MAX);
    i32::try_from(number).ok().filter(|day| calendar.contains(day))
}

/// The place of a word among all of them.
fn place<T: PartialEq>(all: &[T], one: &T) -> i64 {
    all.iter().zip(0..).find(|(other, _)| *other == one).map_or(-1, |(_, place)| place)
}

fn at<T: Copy>(all: &[T], place: i64) -> Option<T> {
    all.get(usize::try_from(place).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use hoptac_model::ids::MemberId;
    use hoptac_model::member::{Entry, EntryChange, LeaveCause, What};
    use hoptac_model::roll::RollSpan;
    use hoptac_model::seal::{Key, Pseudonym, Sealed};
    use jiff::civil::date;

    use super::*;
    use crate::row::Cells;

    /// A row that holds a text.
    struct Held<'t>(&'t str);

    impl Cells for Held<'_> {
        fn text(&self, _: &str) -> Result<Option<&str>, String> {
            Ok(Some(self.0))
        }

        fn whole(&self, _: &str) -> Result<Option<i64>, String> {
            Err("a text".to_owned())
        }
    }

    fn read_alone(text: &str) -> Result<Vec<RollSpan>, String> {
        let mut spans = Vec::new();
        match read(Row { table: "roll", row: &Held(text) }, &mut Vec::new(), &mut spans) {
            Ok(()) => Ok(spans.into_iter().map(|span| span.of(7)).collect()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn id(member: u8) -> MemberId {
        format!("01890000-0000-7000-9000-{member:012}").parse().unwrap()
    }

    fn pseudonym(number: &str) -> Pseudonym {
        Key::new([1; 32]).pseudonym(number)
    }

    fn entry(member: u8, kind: MemberKind, number: Option<&str>) -> Entry {
        Entry {
            member: id(member),
            kind,
            class: MemberClass::CapitalAssociate,
            capital: 2_000_000,
            joined: None,
            foreign: None,
            pseudonym: number.map(pseudonym),
            identity: Sealed::new(&Key::new([1; 32]), [2; 24], "here", b"who"),
            marks: None,
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let event = |member, on, number, what| MemberEvent {
            member: id(member),
            on,
            position: 1,
            number,
            what,
        };
        let renamed = EntryChange { pseudonym: Some(pseudonym("2")), ..EntryChange::default() };
        let events = [
            event(1, date(2024, 2, 29), 0, What::Enter(entry(1, MemberKind::Household, Some("1")))),
            event(2, date(1999, 12, 31), 1, What::Enter(entry(2, MemberKind::Organisation, None))),
            event(1, date(2025, 1, 1), 2, What::Share(-500_000)),
            event(1, date(2026, 1, 1), 3, What::Change(renamed)),
            event(2, date(2026, 1, 1), 4, What::Leave(LeaveCause::Resigned)),
        ];
        let without = id(2).to_string();
        let numbers =
            [(String::from(pseudonym("1")), 4), (String::from(pseudonym("2")), 9), (without, 0)];
        let text = written(&events, &numbers.into_iter().collect()).unwrap();
        let first = RollSpan {
            organisation: 7,
            person: 4,
            kind: MemberKind::Household,
            class: MemberClass::CapitalAssociate,
            capital: 2_000_000,
            from: date(2024, 2, 29),
            until: Some(date(2025, 1, 1)),
        };
        let less = RollSpan {
            capital: 1_500_000,
            from: date(2025, 1, 1),
            until: Some(date(2026, 1, 1)),
            ..first
        };
        let renamed = RollSpan { person: 9, from: date(2026, 1, 1), until: None, ..less };
        let other = RollSpan {
            person: 0,
            kind: MemberKind::Organisation,
            from: date(1999, 12, 31),
            until: Some(date(2026, 1, 1)),
            ..first
        };
        assert_eq!(read_alone(&text).unwrap(), [first, less, renamed, other]);
        assert_eq!(read_alone("").unwrap(), []);
    }

    #[test]
    fn what_is_as_before_is_left_out() {
        let event = |member: u8, number| MemberEvent {
            member: id(member),
            on: date(2024, 2, 29),
            position: 1,
            number,
            what: What::Enter(entry(member, MemberKind::Person, None)),
        };
        let (first, second, third) = (event(1, 0), event(2, 1), event(3, 2));
        let numbers = [(id(1), 6), (id(2), 7), (id(3), 3)];
        let numbers = numbers.map(|(id, number)| (id.to_string(), number)).into_iter().collect();
        let text = written(&[first, second, third], &numbers).unwrap();
        assert_eq!(text, "6,0,1,2000000,8987,,,,,,,,3,,,,,");
        let persons: Vec<u32> =
            read_alone(&text).unwrap().into_iter().map(|span| span.person).collect();
        assert_eq!(persons, [6, 7, 3]);
    }

    #[test]
    fn what_is_no_span_is_told_with_its_column() {
        for text in [
            "1,0,0,5,0",
            "1,3,0,5,0,",
            "1,0,0,5,,",
            "-1,0,0,5,0,",
            "1,0,0,x,0,",
            ",0,0,5,0,",
            "1,0,0,5,9999999,",
            "4294967295,0,0,5,0,,,,,,,",
        ] {
            let error = read_alone(text).unwrap_err();
            assert!(error.starts_with("column spans of table roll holds `"), "{text}: {error}");
        }
    }
}
