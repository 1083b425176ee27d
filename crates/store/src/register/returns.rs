//! Accepted returns, read by one reader or shared by two.

use std::ops::Range;
use std::sync::Arc;

use hoptac_model::register::{AnnualReturn, Register, ReturnColumn};
use hoptac_model::whole::Wholes;
use sqlx::AnyConnection;
use tokio::task::{JoinError, JoinSet};

use super::columns::ANNUAL_RETURN;
use super::{Index, of};
use crate::lot::{Side, Turns, Whose, lots};
use crate::numbers::NOTHING;
use crate::row::Row;
use crate::{Error, return_values};

/// How many returns are put into the columns together: so many that what they say stays near the processor.
const TOGETHER: usize = 256;
/// How many columns take theirs at the same time: the numbers of so many lie in one line of the processor's memory.
const NEIGHBOURS: usize = 8;

/// What one reader read of the returns.
pub(super) struct Returns {
    /// What they say, field by field as these are numbered.
    columns: Vec<Wholes>,
    /// The returns in the order of the columns' places.
    filed: Vec<AnnualReturn>,
    /// The numbers of their lots, and where the returns of each begin and end.
    lots: Vec<(usize, Range<usize>)>,
}

impl Returns {
    /// Reads the lots that nobody else reads.
    pub(super) async fn read(
        connection: &mut AnyConnection,
        index: &Index,
        whose: &Whose,
        turns: (&Turns, Side),
        names: &[String],
    ) -> Result<Self, Error> {
        /// What a lot says: with each return its position, and where its values begin.
        #[derive(Default)]
        struct Lot {
            filed: Vec<(u64, AnnualReturn, usize)>,
            values: Vec<i64>,
        }

        let fields = names.len();
        let read = |row: Row<'_>, lot: &mut Lot| {
            let begin = lot.values.len();
            return_values::put(row, "field_values", fields, &mut lot.values)?;
            let filed = AnnualReturn {
                organisation: of(row, "organisation", index)?,
                year: row.whole("year")?,
                on: row.day("on_day")?,
                late: row.flag("late")?,
                row: 0,
            };
            lot.filed.push((row.whole("position")?, filed, begin));
            Ok(())
        };
        let mut columns = vec![Wholes::default(); fields];
        let (mut all, mut lots_read) = (Vec::new(), Vec::new());
        lots(connection, whose, turns, &ANNUAL_RETURN, read, |number, mut lot: Lot| {
            // The last of a year is the one that counts.
            lot.filed.sort_by_key(|(position, filed, _)| {
                (filed.organisation, filed.year, filed.on, *position)
            });
            let rows = lot.filed.iter();
            let rows = rows.map(|(.., begin)| lot.values.get(*begin..).unwrap_or_default());
            let rows: Vec<&[i64]> = rows.collect();
            rows.chunks(TOGETHER).for_each(|rows| fill(&mut columns, rows));
            let begin = all.len();
            all.extend(lot.filed.into_iter().map(|(_, filed, _)| filed));
            lots_read.push((number, begin..all.len()));
            Ok(())
        })
        .await?;
        Ok(Self { columns, filed: all, lots: lots_read })
    }

    /// These and behind them those of later lots, which may have been read in any order.
    pub(super) async fn followed_by(mut self, last: Self) -> Result<Self, JoinError> {
        let mut lots = last.lots;
        lots.sort_by_key(|(number, _)| *number);
        for (_, places) in &lots {
            self.filed.extend_from_slice(last.filed.get(places.clone()).unwrap_or_default());
        }
        // Whoever read them is done with it, so that two have time for this: neighbouring columns mostly are of one width.
        let columns = (0..).zip(self.columns.into_iter().zip(last.columns));
        let (own, others): (Vec<_>, Vec<_>) = columns.partition(|(number, _)| number % 2 == 0);
        let lots = Arc::new(lots);
        let mut aside = JoinSet::new();
        let of_lots = Arc::clone(&lots);
        aside.spawn_blocking(move || joined(others, &of_lots));
        let mut columns = joined(own, &lots);
        if let Some(others) = aside.join_next().await {
            columns.append(&mut others?);
        }
        columns.sort_by_key(|(number, _)| *number);
        self.columns = columns.into_iter().map(|(_, column)| column).collect();
        Ok(self)
    }

    /// Puts them into a register.
    pub(super) fn put(self, names: &[String], register: &mut Register) {
        let mut columns: Vec<ReturnColumn> = names
            .iter()
            .zip(self.columns)
            // What no return says any more, or none of this organisation, is no column.
            .filter(|(_, values)| values.iter().any(|value| value.is_some()))
            .map(|(name, mut values)| {
                values.shrink_to_fit();
                ReturnColumn { name: name.clone(), values: values.into() }
            })
            .collect();
        columns.sort_by(|a, b| a.name.cmp(&b.name));
        register.return_columns = columns;
        let numbered = (0..).zip(self.filed);
        register.returns = numbered.map(|(row, filed)| AnnualReturn { row, ..filed }).collect();
    }
}

/// Numbered columns, each with the lots of another one behind it: column by column, so that they never lie in memory twice.
fn joined(
    columns: Vec<(usize, (Wholes, Wholes))>,
    lots: &[(usize, Range<usize>)],
) -> Vec<(usize, Wholes)> {
    let joined = columns.into_iter().map(|(number, (mut column, last))| {
        if column.is_empty() {
            // As wide as those that come, which then are copied as they lie.
            column = last.gather(&[]);
        }
        for (_, places) in lots {
            column.append(&last, places.clone());
        }
        (number, column)
    });
    joined.collect()
}

/// Puts what at most [`TOGETHER`] returns say into the columns: of each the numbers of all fields, and perhaps more behind them.
fn fill(columns: &mut [Wholes], rows: &[&[i64]]) {
    let mut turned = [[NOTHING; TOGETHER]; NEIGHBOURS];
    for (block, columns) in columns.chunks_mut(NEIGHBOURS).enumerate() {
        for (at, row) in rows.iter().enumerate() {
            let row = row.get(block * NEIGHBOURS..).unwrap_or_default();
            for (column, value) in turned.iter_mut().zip(row) {
                if let Some(place) = column.get_mut(at) {
                    *place = *value;
                }
            }
        }
        for (column, values) in columns.iter_mut().zip(&turned) {
            column.extend_from_slice(values.get(..rows.len()).unwrap_or_default());
        }
    }
}
