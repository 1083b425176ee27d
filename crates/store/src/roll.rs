//! What stood on the roll of an organisation from when to when, as a table holds it: six numbers for each span, one behind the
//! other.
//!
//! It follows from what was filed about the roll, and is kept because most of what is filed is sealed texts, which a register
//! of figures never looks at: they are nine tenths of a nation's rolls.

use std::collections::HashMap;
use std::fmt::Write as _;

use hoptac_model::date;
use hoptac_model::ids::OrganisationId;
use hoptac_model::member::{MemberClass, MemberEvent, MemberKind};
use hoptac_model::roll::RollSpan;
use jiff::civil::Date;
use sqlx::AnyConnection;

use crate::lot::{Whose, each};
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
    let events = each(connection, &Whose::One(organisation), &MEMBER_EVENT, |row| {
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
    for span in hoptac_model::member::spans(events).0 {
        let entry = span.entry;
        // Whoever is on a roll was named by an event of it.
        let person = numbers.get(&entry.who()).ok_or_else(|| {
            let value = entry.member.to_string();
            Error::Stored { table: "member_event", column: "person", value }
        })?;
        let (kind, class) =
            (place(MemberKind::ALL, &entry.kind), place(MemberClass::ALL, &entry.class));
        let until = span.until.map(|until| date::number(until).to_string()).unwrap_or_default();
        let comma = if text.is_empty() { "" } else { "," };
        let (capital, from) = (entry.capital, date::number(span.from));
        let written = write!(text, "{comma}{person},{kind},{class},{capital},{from},{until}");
        written.expect("a text takes all that is written to it");
    }
    Ok(text)
}

/// The spans that a row holds.
pub(crate) fn read(row: Row<'_>, organisation: u32) -> Result<Vec<RollSpan>, Error> {
    const COLUMN: &str = "spans";
    let mut all = Vec::new();
    numbers::read(row, COLUMN, &mut all)?;
    let (whole, rest) = all.as_chunks::<WIDTH>();
    if !rest.is_empty() {
        return Err(row.wrong(COLUMN, "less than a whole span"));
    }
    let spans = whole.iter().map(|span| {
        let read = of_numbers(organisation, *span);
        read.ok_or_else(|| row.wrong(COLUMN, format!("{span:?}")))
    });
    spans.collect()
}

/// The span that six numbers tell of.
fn of_numbers(organisation: u32, numbers: [Option<i64>; WIDTH]) -> Option<RollSpan> {
    let [person, kind, class, capital, from, until] = numbers;
    Some(RollSpan {
        organisation,
        person: person?.try_into().ok()?,
        kind: at(MemberKind::ALL, kind)?,
        class: at(MemberClass::ALL, class)?,
        capital: capital?,
        from: day(from?)?,
        until: match until {
            Some(until) => Some(day(until)?),
            None => None,
        },
    })
}

fn day(number: i64) -> Option<Date> {
    number.try_into().ok().map(date::of_number)
}

/// The place of a word among all of them.
fn place<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter().position(|other| other == one).unwrap_or(all.len())
}

fn at<T: Copy>(all: &[T], place: Option<i64>) -> Option<T> {
    all.get(usize::try_from(place?).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use hoptac_model::ids::MemberId;
    use hoptac_model::member::{Entry, EntryChange, LeaveCause, What};
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
        read(Row { table: "roll", row: &Held(text) }, 7).map_err(|error| error.to_string())
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
    fn what_is_no_span_is_told_with_its_column() {
        for text in ["1,0,0,5,0", "1,3,0,5,0,", "1,0,0,5,,", "-1,0,0,5,0,", "1,0,0,x,0,"] {
            let error = read_alone(text).unwrap_err();
            assert!(error.starts_with("column spans of table roll holds `"), "{text}: {error}");
        }
    }
}
