//! Reads tables in lots: what a table says of some hundred organisations, or of one, comes as one text that the database writes.
//!
//! Handed over by itself, a row takes ten microseconds, most of which goes into waking who waits for it; a nation has
//! millions of rows.

use std::future::{Future as _, poll_fn};
use std::ops::Range;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use hoptac_model::ids::OrganisationId;
use memchr::memchr2_iter;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::Error;
use crate::database::failure;
use crate::row::{Cells, Row};

/// Stands between two rows of a lot.
const BETWEEN_ROWS: u8 = 0x1e;
/// Stands between two fields of a row.
const BETWEEN_FIELDS: u8 = 0x1f;
/// How many organisations a lot is about: so few that its text stays near the processor, and as many as the register keeps
/// together. In tests two, so that there are several.
const LOT: usize = if cfg!(debug_assertions) { 2 } else { 256 };
/// A text behind every identity, which are written with digits and the letters up to `f`.
const BEHIND_ALL: &str = "g";
/// What is done, for errors.
const DOING: &str = "reading the register";

/// What is read of a table that says something of organisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    /// The table's name.
    pub(crate) name: &'static str,
    /// From where it is read: its name, unless it is joined with another one.
    pub(crate) from: &'static str,
    /// The column that says which organisation.
    pub(crate) who: &'static str,
    /// The columns that are read and always hold something, `who` among them.
    pub(crate) given: &'static [&'static str],
    /// The columns that are read and may be empty.
    pub(crate) perhaps: &'static [&'static str],
}

/// Of whom tables are read.
#[derive(Clone, Debug)]
pub(crate) enum Whose {
    /// Of one organisation.
    One(One),
    /// Of all.
    All(All),
}

/// All organisations.
#[derive(Clone, Debug)]
pub(crate) struct All {
    /// Their identities, in order.
    pub(crate) ids: Vec<String>,
    /// Up to which identity each lot goes.
    ends: Vec<String>,
}

/// An organisation, and what tables said of it when they were asked together.
#[derive(Clone, Debug)]
pub(crate) struct One {
    /// Its identity.
    pub(crate) id: OrganisationId,
    said: Vec<Said>,
}

/// What a table said: of so many rows, the lines.
#[derive(Clone, Debug)]
struct Said {
    of: Columns,
    lines: String,
    count: usize,
}

impl Whose {
    /// One organisation, of which tables are asked in one statement: whoever follows the ledger asks twenty of them after
    /// each filing, most of which say nothing.
    pub(crate) async fn one(
        connection: &mut AnyConnection,
        id: OrganisationId,
        tables: &[Columns],
    ) -> Result<Self, Error> {
        let asked = tables.iter().zip(0..).map(|(columns, place)| {
            let lot = columns.lot("= $1");
            format!("SELECT {place} AS place, {lot}")
        });
        let sql = asked.collect::<Vec<_>>().join(" UNION ALL ");
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_all(connection)
            .await
            .map_err(failure(DOING))?;
        let said = rows.iter().map(|row| {
            let place: usize = Row { table: "organisation", row }.whole("place")?;
            let of = tables.get(place).copied();
            let of = of.ok_or_else(|| failure(DOING)(sqlx::Error::RowNotFound))?;
            let (lines, count) = of.of_lot(row)?;
            Ok(Said { of, lines: lines.to_owned(), count })
        });
        Ok(Self::One(One { id, said: said.collect::<Result<_, Error>>()? }))
    }

    /// All organisations.
    pub(crate) async fn all(connection: &mut AnyConnection) -> Result<Self, Error> {
        let row = sqlx::query("SELECT string_agg(id, ' ') AS id FROM organisation")
            .fetch_one(connection)
            .await
            .map_err(failure(DOING))?;
        let ids = Row { table: "organisation", row: &row }.word_or_none("id")?.unwrap_or_default();
        let mut ids: Vec<String> = ids.split_whitespace().map(str::to_owned).collect();
        ids.sort_unstable();
        let mut ends: Vec<String> = ids.chunks(LOT).filter_map(<[String]>::last).cloned().collect();
        // Whatever stands behind the last one is read too, so that it is found to be of nobody.
        ends.pop();
        ends.push(BEHIND_ALL.to_owned());
        Ok(Self::All(All { ids, ends }))
    }
}

/// How many lots are read together of a table that says little of an organisation: whoever waits is woken so much less often. In
/// tests two, so that there are several.
const SEVERAL: usize = if cfg!(debug_assertions) { 2 } else { 4 };

/// Hands out lots, each of them once: from the front to one reader, and from the back to another who helps.
#[derive(Debug)]
pub(crate) struct Turns {
    left: Mutex<Range<usize>>,
    /// How many are handed out together.
    at_once: usize,
}

/// From where a reader takes lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The first ones, one behind the other.
    Front,
    /// The last ones, one before the other.
    Back,
}

impl Turns {
    /// All lots of a table, one by one.
    pub(crate) fn new(whose: &Whose) -> Self {
        let lots = match whose {
            Whose::One(_) => 1,
            Whose::All(all) => all.ends.len(),
        };
        Self { left: Mutex::new(0..lots), at_once: 1 }
    }

    /// All lots of a table, several together.
    fn of_several(whose: &Whose) -> Self {
        Self { at_once: SEVERAL, ..Self::new(whose) }
    }

    /// The numbers of lots that nobody took; none where there are no more.
    fn next(&self, side: Side) -> Option<Range<usize>> {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let count = left.len().min(self.at_once);
        let taken = match side {
            Side::Front => left.start..left.start + count,
            Side::Back => left.end - count..left.end,
        };
        match side {
            Side::Front => left.start = taken.end,
            Side::Back => left.end = taken.start,
        }
        (!taken.is_empty()).then_some(taken)
    }
}

/// The records of a table, in no order.
pub(crate) async fn each<T>(
    connection: &mut AnyConnection,
    whose: &Whose,
    columns: &Columns,
    mut read: impl FnMut(Row<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut all = Vec::new();
    let read = |row: Row<'_>, records: &mut Vec<T>| {
        records.push(read(row)?);
        Ok(())
    };
    let take = |_, mut records: Vec<T>| {
        all.append(&mut records);
        Ok(())
    };
    let turns = Turns::of_several(whose);
    lots(connection, whose, (&turns, Side::Front), columns, read, take).await?;
    Ok(all)
}

/// Takes what a table says turn by turn, each with the number of its first lot, so that a nation's rows never lie in memory
/// together: `read` puts a row into what there is of its turn. Within a turn they are in no order; those of a later one are about
/// organisations behind.
/// Two readers share the lots by taking turns.
pub(crate) async fn lots<L: Default>(
    connection: &mut AnyConnection,
    whose: &Whose,
    (turns, side): (&Turns, Side),
    columns: &Columns,
    mut read: impl FnMut(Row<'_>, &mut L) -> Result<(), Error>,
    mut take: impl FnMut(usize, L) -> Result<(), Error>,
) -> Result<(), Error> {
    let ends = match whose {
        Whose::One(one) => {
            let Some(Range { start: number, .. }) = turns.next(side) else { return Ok(()) };
            let said = one.said.iter().find(|said| said.of == *columns);
            debug_assert!(said.is_some(), "{} was not asked", columns.name);
            if let Some(Said { lines, count, .. }) = said
                && let Some(taken) = columns.of_lines(lines, *count, &mut read)?
            {
                return take(number, taken);
            }
            let rows = sqlx::query(AssertSqlSafe(columns.rows("= $1"))).bind(one.id.to_string());
            let rows = rows.fetch_all(connection).await.map_err(failure(DOING))?;
            return take(number, columns.of_rows(&rows, &mut read)?);
        }
        Whose::All(all) => &all.ends,
    };
    let between = |lots: Range<usize>| {
        let end = |lot: Option<usize>| ends.get(lot?).map(String::as_str);
        let (before, last) = (lots.start.checked_sub(1), lots.end.checked_sub(1));
        Some((lots.start, end(before).unwrap_or_default(), end(last)?))
    };
    // Most tables of most registers are empty.
    let sql = format!("SELECT 1 FROM {} LIMIT 1", columns.name);
    let first = sqlx::query(AssertSqlSafe(sql)).fetch_optional(&mut *connection);
    if first.await.map_err(failure(DOING))?.is_none() {
        return Ok(());
    }
    let within = format!("> $1 AND {} <= $2", columns.who);
    let lot = format!("SELECT {}", columns.lot(&within));
    let mut turn = turns.next(side).and_then(between);
    let mut ahead = ask(connection, &lot, turn).await?;
    while let (Some((number, after, end)), Some(now)) = (turn, ahead) {
        turn = turns.next(side).and_then(between);
        let (lines, count) = columns.of_lot(&now)?;
        let taken = {
            // The database writes the next lot while this one is read: to be asked once is enough for it to begin.
            let mut next = pin!(ask(connection, &lot, turn));
            let begun = poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await;
            let taken = columns.of_lines(lines, count, &mut read)?;
            ahead = match begun {
                Poll::Ready(next) => next?,
                Poll::Pending => next.await?,
            };
            taken
        };
        if let Some(taken) = taken {
            take(number, taken)?;
        } else {
            let rows = sqlx::query(AssertSqlSafe(columns.rows(&within)))
                .bind(after)
                .bind(end)
                .fetch_all(&mut *connection)
                .await
                .map_err(failure(DOING))?;
            take(number, columns.of_rows(&rows, &mut read)?)?;
        }
    }
    Ok(())
}

/// The lot of a turn; none where there is none.
async fn ask(
    connection: &mut AnyConnection,
    lot: &str,
    turn: Option<(usize, &str, &str)>,
) -> Result<Option<AnyRow>, Error> {
    let Some((_, after, end)) = turn else { return Ok(None) };
    let query = sqlx::query(AssertSqlSafe(lot)).bind(after).bind(end);
    query.fetch_one(connection).await.map(Some).map_err(failure(DOING))
}

impl Columns {
    /// The statement that reads row by row of whom a condition tells.
    fn rows(&self, condition: &str) -> String {
        let columns = [self.given, self.perhaps].concat().join(", ");
        format!("SELECT {columns} FROM {} WHERE {} {condition}", self.from, self.who)
    }

    /// The statement that reads a lot of whom a condition tells, but for its first word. What may be empty has a sign before it,
    /// so that it is told from an empty text.
    fn lot(&self, condition: &str) -> String {
        let Self { from, who, given, perhaps, .. } = self;
        let perhaps = perhaps.iter().map(|column| format!("COALESCE('+' || {column}, '')"));
        let fields: Vec<String> =
            given.iter().map(|&column| column.to_owned()).chain(perhaps).collect();
        let (fields, row, field) =
            (fields.join(", "), char::from(BETWEEN_ROWS), char::from(BETWEEN_FIELDS));
        format!(
            "COUNT(*) AS count, string_agg(concat_ws('{field}', {fields}), '{row}') AS lines \
             FROM {from} WHERE {who} {condition}"
        )
    }

    /// The lines of a lot, and of how many rows they are.
    fn of_lot<'r>(&self, row: &'r AnyRow) -> Result<(&'r str, usize), Error> {
        let row = Row { table: self.name, row };
        Ok((row.word_or_none("lines")?.unwrap_or_default(), row.whole("count")?))
    }

    /// What rows come to.
    fn of_rows<L: Default>(
        &self,
        rows: &[AnyRow],
        read: &mut impl FnMut(Row<'_>, &mut L) -> Result<(), Error>,
    ) -> Result<L, Error> {
        let mut lot = L::default();
        for row in rows {
            read(Row { table: self.name, row }, &mut lot)?;
        }
        Ok(lot)
    }

    /// What the lines of so many rows come to; nothing where a text has a sign in it that stands between rows or fields: then there
    /// are more of them than the rows account for.
    fn of_lines<L: Default>(
        &self,
        lines: &str,
        count: usize,
        read: &mut impl FnMut(Row<'_>, &mut L) -> Result<(), Error>,
    ) -> Result<Option<L>, Error> {
        let mut lot = L::default();
        let Some(between) = count.checked_sub(1) else { return Ok(Some(lot)) };
        let width = self.given.len() + self.perhaps.len();
        let signs = |sign| {
            // By as many as a byte can count, so that the processor compares many at once.
            let some = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(*byte == sign)).sum::<u8>();
            lines.as_bytes().chunks(255).map(|bytes| usize::from(some(bytes))).sum::<usize>()
        };
        if signs(BETWEEN_ROWS) != between || signs(BETWEEN_FIELDS) != count * (width - 1) {
            return Ok(None);
        }
        let (mut fields, mut begin) = (Vec::with_capacity(width), 0);
        let ends = memchr2_iter(BETWEEN_ROWS, BETWEEN_FIELDS, lines.as_bytes());
        for end in ends.chain([lines.len()]) {
            fields.push(lines.get(begin..end).unwrap_or_default());
            begin = end + 1;
            if fields.len() == width {
                let line = Line { of: self, fields: &fields, next: AtomicUsize::new(0) };
                read(Row { table: self.name, row: &line }, &mut lot)?;
                fields.clear();
            }
        }
        Ok(Some(lot))
    }
}

/// A row of a lot.
struct Line<'l> {
    of: &'l Columns,
    fields: &'l [&'l str],
    /// The field behind the one that was asked for last, which mostly is the one that is asked for next.
    next: AtomicUsize,
}

impl Line<'_> {
    /// Where a column stands among the fields.
    fn place(&self, column: &str) -> Option<usize> {
        let Columns { given, perhaps, .. } = self.of;
        let mut columns = given.iter().chain(*perhaps);
        let guess = self.next.load(Ordering::Relaxed);
        // Most names are the same text in memory.
        let is_it = |known: &&str| std::ptr::eq(*known, column) || *known == column;
        let is_guess = columns.clone().nth(guess).is_some_and(is_it);
        let at = if is_guess { guess } else { columns.position(|known| *known == column)? };
        self.next.store(at + 1, Ordering::Relaxed);
        Some(at)
    }
}

impl Cells for Line<'_> {
    fn text(&self, column: &str) -> Result<Option<&str>, String> {
        let at = self.place(column).ok_or_else(|| "not asked for".to_owned())?;
        let field = self.fields.get(at).copied();
        let is_given = at < self.of.given.len();
        Ok(if is_given { field } else { field.and_then(|field| field.strip_prefix('+')) })
    }

    fn whole(&self, column: &str) -> Result<Option<i64>, String> {
        let text = self.text(column)?;
        text.map(|text| text.parse().map_err(|_| text.to_owned())).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: Columns = Columns {
        name: "one",
        from: "one",
        who: "id",
        given: &["id", "name"],
        perhaps: &["code", "count"],
    };

    type Read = (String, String, Option<String>, Option<i64>);

    fn read(row: Row<'_>, lot: &mut Vec<Read>) -> Result<(), Error> {
        let (id, name) = (row.text("id")?, row.text("name")?);
        lot.push((id, name, row.text_or_none("code")?, row.whole_or_none("count")?));
        Ok(())
    }

    fn taken(lines: &str, count: usize) -> Option<Vec<Read>> {
        COLUMNS.of_lines(lines, count, &mut read).unwrap()
    }

    #[test]
    fn nothing_is_told_from_an_empty_text() {
        let (id, name) = (|id: &str| id.to_owned(), String::new);
        let read = taken("a\u{1f}\u{1f}+\u{1f}+-5\u{1e}b\u{1f}\u{1f}\u{1f}", 2).unwrap();
        assert_eq!(
            read,
            [(id("a"), name(), Some(name()), Some(-5)), (id("b"), name(), None, None)]
        );
    }

    #[test]
    fn no_rows_are_no_lines() {
        assert_eq!(taken("", 0), Some(vec![]));
    }

    #[test]
    fn a_text_that_looks_like_several_fields_or_rows_is_noticed() {
        assert_eq!(taken("a\u{1f}x\u{1f}y\u{1f}\u{1f}", 1), None);
        // A name that would pass for the end of its row and a whole row behind it.
        assert_eq!(taken("a\u{1f}x\u{1f}\u{1f}\u{1e}b\u{1f}y\u{1f}\u{1f}", 1), None);
    }

    #[test]
    fn a_number_that_is_none_is_told_with_its_column() {
        let error = COLUMNS.of_lines("a\u{1f}x\u{1f}\u{1f}+many", 1, &mut read);
        let error = error.unwrap_err().to_string();
        assert_eq!(
            error,
            "column count of table one holds `many`, which cannot be read; run `hoptac verify` to \
             see what else is damaged, then `hoptac restore` from a backup"
        );
    }
}
