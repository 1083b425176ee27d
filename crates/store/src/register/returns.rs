//! Accepted returns, read by one reader or shared by two.

use std::ops::Range;

use hoptac_model::register::{AnnualReturn, Register, ReturnColumn};
use hoptac_model::whole::Wholes;
use sqlx::AnyConnection;

use super::columns::ANNUAL_RETURN;
use super::{Index, of};
use crate::lot::{Side, Turns, Whose, lots};
use crate::numbers::NOTHING;
use crate::row::Row;
use crate::{Error, return_values};

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
            // As many at a time as stay near the processor while column after column takes its own.
            for some in lot.filed.chunks(256) {
                for (at, column) in columns.iter_mut().enumerate() {
                    column.extend(some.iter().map(|(.., begin)| {
                        let value = lot.values.get(begin + at).copied();
                        value.filter(|value| *value != NOTHING)
                    }));
                }
            }
            let begin = all.len();
            all.extend(lot.filed.into_iter().map(|(_, filed, _)| filed));
            lots_read.push((number, begin..all.len()));
            Ok(())
        })
        .await?;
        Ok(Self { columns, filed: all, lots: lots_read })
    }

    /// These and behind them those of later lots, which may have been read in any order.
    pub(super) fn followed_by(mut self, last: Self) -> Self {
        let mut lots = last.lots;
        lots.sort_by_key(|(number, _)| *number);
        // Column by column, so that they never lie in memory twice.
        for (column, last) in self.columns.iter_mut().zip(last.columns) {
            if column.is_empty() {
                // As wide as those that come, which then are copied as they lie.
                *column = last.gather(&[]);
            }
            for (_, places) in &lots {
                column.append(&last, places.clone());
            }
        }
        for (_, places) in lots {
            self.filed.extend_from_slice(last.filed.get(places).unwrap_or_default());
        }
        self
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
