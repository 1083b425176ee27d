//! A file as somebody hands it in: of which form it is, what its template says of itself, which columns are which, and all
//! of its rows.

use hoptac_model::filing::import::ImportColumn;
use hoptac_model::sheet::{SheetForm, SheetRow};
use hoptac_model::text::few;

use super::{Ask, Book, BookFault, Reading, Stamp, choose, letters, read};

/// What the one who hands a file in says of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The form; none to go by the stamp of the template or by the heads.
    pub form: Option<String>,
    /// The unit, by code; none to take whatever the template is for.
    pub unit: Option<String>,
    /// The year; none to take whatever the template is for.
    pub year: Option<i16>,
    /// How the sheet is to be read.
    pub ask: Ask,
    /// Heads under which the sender kept columns before: form, head, column.
    pub remembered: Vec<(String, String, String)>,
}

/// A file, read as the rows of a form.
#[derive(Clone, Debug)]
pub struct Handed {
    /// The form.
    pub form: SheetForm,
    /// The year that the template or the sender says.
    pub year: Option<i16>,
    /// What was read of the sheet, its rows aside.
    pub reading: Reading,
    /// Which columns are which, as an import keeps it.
    pub columns: Vec<ImportColumn>,
    /// The rows.
    pub rows: Vec<SheetRow>,
}

/// Reads a file as the rows of one of these forms. `progress` hears how many rows have been read.
///
/// # Errors
/// Where the file is of another form, a later version, another unit or another year than was asked for, or is no table at all.
pub fn take_in(
    book: &Book,
    forms: &[SheetForm],
    asked: &Asked,
    progress: &mut dyn FnMut(usize),
) -> Result<Handed, BookFault> {
    let stamp = Stamp::of(book)?;
    let forms = remembering(forms, &asked.remembered);
    let form = form_of(book, &forms, stamp.as_ref(), asked)?;
    let mut year = asked.year;
    if let Some(stamp) = &stamp {
        fits(stamp, form, &forms, asked)?;
        year = year.or(stamp.year);
    }
    let own = asked.remembered.iter().filter(|(of, ..)| *of == form.id);
    let own = own.map(|(_, head, column)| (column.clone(), head.clone()));
    let ask = Ask { remembered: own.collect(), ..asked.ask.clone() };
    let mut rows = Vec::new();
    let reading = read(book, form, &ask, &mut |row| {
        rows.push(row);
        if rows.len() % 1000 == 0 {
            progress(rows.len());
        }
    })?;
    let columns = reading.columns.iter().map(|found| ImportColumn {
        column: form.columns.get(found.column).map(|column| column.id.clone()).unwrap_or_default(),
        at: letters(found.at),
        head: few(&found.head),
        unit: found.unit,
    });
    Ok(Handed { columns: columns.collect(), form: form.clone(), year, reading, rows })
}

/// The forms, with the heads that a sender used before among their aliases.
fn remembering(forms: &[SheetForm], remembered: &[(String, String, String)]) -> Vec<SheetForm> {
    let mut forms = forms.to_vec();
    for (form, head, id) in remembered {
        let form = forms.iter_mut().find(|known| known.id == *form);
        let column = form.and_then(|form| form.columns.iter_mut().find(|column| column.id == *id));
        if let Some(column) = column {
            column.aliases.push(head.clone());
        }
    }
    forms
}

/// The form that is asked for, else that of the template, else the one whose heads fit best.
fn form_of<'f>(
    book: &Book,
    forms: &'f [SheetForm],
    stamp: Option<&Stamp>,
    asked: &Asked,
) -> Result<&'f SheetForm, BookFault> {
    let named = asked.form.as_deref().or_else(|| stamp.map(|stamp| stamp.form.as_str()));
    if let Some(named) = named {
        let known: Vec<&str> = forms.iter().map(|form| form.id.as_str()).collect();
        let known = known.join(", ");
        return forms.iter().find(|form| form.id == named).ok_or_else(|| {
            BookFault::new(
                "book.no-such-form",
                (&format!("không có biểu “{named}”"), &format!("there is no form `{named}`")),
                (&format!("các biểu: {known}"), &format!("the forms are {known}")),
            )
        });
    }
    let mut best: Option<(u32, &SheetForm)> = None;
    let mut fault = None;
    for form in forms {
        match choose(book, form, &asked.ask) {
            Ok((_, _, score)) if best.is_none_or(|(other, _)| score > other) => {
                best = Some((score, form));
            }
            Ok(_) => {}
            Err(found) => fault = fault.or(Some(found)),
        }
    }
    match (best, fault) {
        (Some((_, form)), _) => Ok(form),
        (None, Some(fault)) => Err(fault),
        (None, None) => Err(BookFault::damaged()),
    }
}

/// Whether a template is the one that is asked for; if not, it says which one it is.
fn fits(
    stamp: &Stamp,
    form: &SheetForm,
    forms: &[SheetForm],
    asked: &Asked,
) -> Result<(), BookFault> {
    if stamp.form != form.id {
        let other = forms.iter().find(|other| other.id == stamp.form);
        let vi = other.map_or(stamp.form.as_str(), |other| other.title.vi.as_str());
        let en = other.map_or(stamp.form.as_str(), |other| other.title.en.as_str());
        return Err(BookFault::new(
            "book.other-form",
            (
                &format!("đây là biểu mẫu “{vi}”, không phải “{}”", form.title.vi),
                &format!("this is the template of `{en}`, not of `{}`", form.title.en),
            ),
            (
                "chọn đúng biểu khi nhập, hoặc tải đúng biểu mẫu về",
                "choose that form, or fetch the right template",
            ),
        ));
    }
    if stamp.version > form.version {
        let (theirs, ours) = (stamp.version, form.version);
        return Err(BookFault::new(
            "book.newer-template",
            (
                &format!("biểu mẫu phiên bản {theirs} mới hơn phiên bản {ours} đang dùng ở đây"),
                &format!("the template has version {theirs}, newer than the {ours} in use here"),
            ),
            (
                "tải lại biểu mẫu từ hệ thống này, hoặc cập nhật hệ thống",
                "fetch the template from here again, or bring the system up to date",
            ),
        ));
    }
    if let (Some(theirs), Some(ours)) = (&stamp.unit, &asked.unit)
        && theirs != ours
    {
        return Err(BookFault::new(
            "book.other-unit",
            (
                &format!("biểu mẫu này phát cho đơn vị {theirs}, không phải {ours}"),
                &format!("the template was made for the unit {theirs}, not for {ours}"),
            ),
            (
                "nhập cho đúng đơn vị, hoặc dùng biểu mẫu của đơn vị mình",
                "import it for that unit, or use the template of the right one",
            ),
        ));
    }
    if let (Some(theirs), Some(ours)) = (stamp.year, asked.year)
        && theirs != ours
    {
        return Err(BookFault::new(
            "book.other-year",
            (
                &format!("biểu mẫu này là của năm {theirs}, không phải năm {ours}"),
                &format!("the template is for the year {theirs}, not for {ours}"),
            ),
            (
                "nhập cho đúng năm, hoặc dùng biểu mẫu của năm cần nhập",
                "import it for that year, or use the template of the right one",
            ),
        ));
    }
    Ok(())
}
