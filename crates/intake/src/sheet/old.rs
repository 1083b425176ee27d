//! The older and other formats, `.xls` and `.ods`, which are read as a whole by a library.

use std::io::Cursor;
use std::ops::ControlFlow;

use calamine::{Data, Ods, OdsError, Reader as _, SheetVisible, Xls, XlsError};

use super::book::{BookFault, COLUMNS_MAX, Owned, Row, SheetName, hear_all};
use super::cell::day_of_serial;

/// Beyond this many cells a sheet of these formats is not taken: they are held in memory as a whole.
const CELLS_MAX: usize = 8_000_000;

/// Reads with the library. On a file that is broken in a way it did not foresee it panics (a sector beyond the end of the
/// container, say); that is a damaged file like others, and ends here.
fn guarded<T>(read: impl FnOnce() -> Result<T, BookFault>) -> Result<T, BookFault> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(BookFault::damaged()))
}

/// The sheets of a file, each read as a whole.
#[derive(Debug)]
pub(crate) struct OldBook(Vec<Vec<Vec<Owned>>>);

impl OldBook {
    pub(crate) fn xls(bytes: Vec<u8>) -> Result<(Self, Vec<SheetName>), BookFault> {
        // Excel keeps an encrypted .xlsx in the container of the old format.
        let marker: Vec<u8> =
            "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if bytes.windows(marker.len()).take(1 << 20).any(|window| window == marker) {
            return Err(BookFault::password());
        }
        guarded(|| {
            let book = Xls::new(Cursor::new(bytes)).map_err(|error| {
                let locked = matches!(error, XlsError::Password);
                if locked { BookFault::password() } else { BookFault::damaged() }
            })?;
            Self::whole(book)
        })
    }

    pub(crate) fn ods(bytes: Vec<u8>) -> Result<(Self, Vec<SheetName>), BookFault> {
        guarded(|| {
            let book = Ods::new(Cursor::new(bytes)).map_err(|error| {
                let locked = matches!(error, OdsError::Password);
                if locked { BookFault::password() } else { BookFault::damaged() }
            })?;
            Self::whole(book)
        })
    }

    fn whole<B>(mut book: B) -> Result<(Self, Vec<SheetName>), BookFault>
    where
        B: calamine::Reader<Cursor<Vec<u8>>>,
    {
        let names: Vec<SheetName> = book
            .sheets_metadata()
            .iter()
            .map(|sheet| SheetName {
                name: sheet.name.clone(),
                hidden: sheet.visible != SheetVisible::Visible,
            })
            .collect();
        let mut sheets = Vec::with_capacity(names.len());
        for name in &names {
            let Ok(range) = book.worksheet_range(&name.name) else {
                sheets.push(Vec::new());
                continue;
            };
            let (height, width) = range.get_size();
            if height.saturating_mul(width) > CELLS_MAX {
                return Err(BookFault::too_large());
            }
            let (above, left) = range.start().unwrap_or((0, 0));
            let left = usize::try_from(left).unwrap_or(0).min(COLUMNS_MAX);
            let mut rows: Vec<Vec<Owned>> = (0..above).map(|_| Vec::new()).collect();
            rows.extend(range.rows().map(|row| {
                let before = (0..left).map(|_| Owned::Empty);
                before.chain(row.iter().map(cell)).take(COLUMNS_MAX).collect()
            }));
            sheets.push(rows);
        }
        Ok((Self(sheets), names))
    }

    pub(crate) fn rows(&self, sheet: usize, hear: &mut dyn FnMut(Row<'_>) -> ControlFlow<()>) {
        hear_all(self.0.get(sheet).map(Vec::as_slice).unwrap_or_default(), hear);
    }
}

fn cell(data: &Data) -> Owned {
    match data {
        Data::Empty => Owned::Empty,
        Data::String(text) => Owned::Text(text.clone()),
        Data::Float(number) => Owned::Number(*number),
        #[expect(
            clippy::cast_precision_loss,
            reason = "spreadsheets hold numbers as floats anyway"
        )]
        Data::Int(number) => Owned::Number(*number as f64),
        Data::Bool(truth) => Owned::Truth(*truth),
        Data::DateTime(moment) => {
            let serial = moment.as_f64();
            day_of_serial(serial).map_or(Owned::Number(serial), Owned::Day)
        }
        Data::DateTimeIso(text) | Data::DurationIso(text) => {
            let day = text.get(..10).and_then(|day| day.parse().ok());
            day.map_or_else(|| Owned::Text(text.clone()), Owned::Day)
        }
        Data::Error(error) => Owned::Fault(error.to_string()),
    }
}
