//! `hoptac template` and `hoptac export`: forms to fill in, and tables to take away.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use hoptac_intake::sheet::{Stamp, table_csv, table_xlsx, template};
use hoptac_model::filing::member::DiscloseWay;
use hoptac_model::sheet::SheetForm;
use hoptac_model::sheet::member::Whose;
use hoptac_model::sheet::table::{self, SheetTable, TABLES};
use hoptac_model::text::Language;
use hoptac_office::Refusal;
use hoptac_office::member::{Disclosure, disclose, masked_table, opened_table};
use hoptac_report::open_data::{Export, Shown};
use hoptac_store::Store;
use jiff::civil::Date;

use crate::cli::Place;
use crate::cli::export::{ExportArguments, Format, TemplateArguments};
use crate::sentence::{Sentence, refuse, said};
use crate::view::{self, Asked, View};
use crate::{Outcome, clock, filing, import, member, output};

/// Writes the template of a form.
pub(crate) async fn write_template(
    place: &Place,
    arguments: &TemplateArguments,
) -> Result<Outcome> {
    let language: Language = arguments.lang.into();
    let store = place.open().await?;
    let forms = import::forms(&store).await?;
    let Some(form) = forms.iter().find(|form| form.id == arguments.form) else {
        refuse!(
            "không có biểu mẫu `{form}`; các biểu mẫu gồm {forms}",
            "there is no form `{form}`; the forms are {forms}",
            form = &arguments.form,
            forms = import::names(&forms)
        );
    };
    must_be_unit(&store, arguments.unit.as_deref()).await?;
    let stamp = stamp(form, arguments.unit.clone(), arguments.period);
    write(&arguments.out, &template(form, &stamp, language)?)?;
    output::say(&format!("{}", arguments.out.display()))?;
    Ok(Outcome::Done)
}

/// Refuses a unit that is not there today.
pub(crate) async fn must_be_unit(store: &Store, unit: Option<&str>) -> Result<()> {
    if let Some(code) = unit
        && store.places().await?.find(code, clock::today()).is_none()
    {
        refuse!(
            "không có đơn vị `{code}`; `hoptac unit list` liệt kê tất cả",
            "there is no unit `{code}`; `hoptac unit list` has them all",
            code
        );
    }
    Ok(())
}

fn stamp(form: &SheetForm, unit: Option<String>, year: Option<i16>) -> Stamp {
    Stamp { form: form.id.clone(), version: form.version, unit, year }
}

/// Writes a table of the application.
pub(crate) async fn export(place: &Place, arguments: &ExportArguments) -> Result<Outcome> {
    let day = arguments.as_of.unwrap_or_else(clock::today);
    if arguments.table == "members" {
        return members(place, arguments, day).await;
    }
    let table = table(place, arguments, day).await?;
    let bytes = bytes_of(&table, arguments)?;
    write(&arguments.out, &bytes)?;
    if is_csv(arguments) {
        describe(place, arguments, &table, day).await?;
    }
    output::say(&format!("{} · {}", arguments.out.display(), table.rows.len()))?;
    Ok(Outcome::Done)
}

/// The file of a table.
fn bytes_of(table: &SheetTable, arguments: &ExportArguments) -> Result<Vec<u8>> {
    let language: Language = arguments.lang.into();
    if is_csv(arguments) {
        return Ok(table_csv(table, language));
    }
    let form = &table.form;
    let year = arguments.year.filter(|_| form.yearly);
    Ok(table_xlsx(table, &stamp(form, None, year), language)?)
}

fn is_csv(arguments: &ExportArguments) -> bool {
    match arguments.format {
        Some(format) => format == Format::Csv,
        None => arguments.out.extension().is_some_and(|ending| ending == "csv"),
    }
}

/// Writes what the columns of a CSV file mean beside it, under the name by which programs look for it (CSVW).
async fn describe(
    place: &Place,
    arguments: &ExportArguments,
    table: &SheetTable,
    day: Date,
) -> Result<()> {
    let name = arguments.out.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let store = place.open().await?;
    let shown = Shown {
        // What an address reads otherwise is written as its signs.
        url: [("%", "%25"), (" ", "%20"), ("#", "%23"), ("?", "%3F")]
            .into_iter()
            .fold(name, |name, (sign, written)| name.replace(sign, written)),
        as_of: day,
        position: store.position().await?,
        synthetic: store.register().await?.has_synthetic(),
    };
    let metadata = Export::of_table(table, arguments.lang.into(), shown).metadata();
    let mut beside = arguments.out.as_os_str().to_owned();
    beside.push("-metadata.json");
    write(Path::new(&beside), &metadata.bytes)
}

/// Writes the roll of an organisation: masked, or in clear for a purpose, which is filed first.
async fn members(place: &Place, arguments: &ExportArguments, day: Date) -> Result<Outcome> {
    let language: Language = arguments.lang.into();
    let Some(name) = &arguments.org else {
        refuse!(
            "hãy nêu tổ chức có sổ thành viên cần xuất: --org 4900123450",
            "name the organisation whose roll is written: --org 4900123450"
        );
    };
    let store = place.open().await?;
    let id = member::must_find(&store, name).await?;
    let card = store.find_organisation(id).await?;
    let (code, called) = card.map(|card| (card.code, card.name)).unwrap_or_default();
    let written = id.to_string();
    let whose = Whose { code: code.as_deref(), name: &called, id: &written };
    let master = place.master_key(&store).await?;
    let Some(purpose) = &arguments.purpose else {
        let roll = hoptac_office::member::masked(&store, &master, id, day, None).await;
        let table = masked_table(&whose, &roll.map_err(member::refused)?);
        write(&arguments.out, &bytes_of(&table, arguments)?)?;
        output::say(&format!("{} · {}", arguments.out.display(), table.rows.len()))?;
        return Ok(Outcome::Done);
    };
    let actor = filing::actor(&arguments.who)?;
    // The file is made first: nothing is read that could not be written.
    let file = Private::new(&arguments.out)?;
    let recorded_at = clock::now();
    let disclosure = Disclosure {
        id: clock::filing_id(recorded_at),
        recorded_at,
        organisation: id,
        day,
        members: None,
        way: DiscloseWay::Export,
        purpose: purpose.clone(),
    };
    let (accepted, opened) = match disclose(&store, &actor, &master, disclosure).await {
        Ok(read) => read,
        Err(Refusal::Invalid(findings)) => {
            return filing::report(&findings, None, false, arguments.lang);
        }
        Err(refusal) => return Err(member::refused(refusal)),
    };
    let table = opened_table(&whose, &opened);
    file.write(&bytes_of(&table, arguments)?)?;
    let (file, rows) = (arguments.out.display(), table.rows.len());
    let position = accepted.filing.position;
    output::say(&match language {
        Language::Vi => {
            format!("{file} · {rows}; việc xuất dữ liệu đã được ghi vào sổ cái, số {position}")
        }
        Language::En => format!(
            "{file} · {rows}; that it was exported stands in the ledger, at position {position}"
        ),
    })?;
    Ok(Outcome::Done)
}

async fn table(place: &Place, arguments: &ExportArguments, day: Date) -> Result<SheetTable> {
    if arguments.table == "scoreboard" {
        let asked = Asked {
            unit: arguments.unit.as_deref(),
            as_of: Some(day),
            geography: None,
            known_on: None,
            position: None,
        };
        let view = View::open(place, asked).await?;
        let board = view.board.scoreboard(&view.unit.id).context(said!(
            "bảng chỉ tiêu không có đơn vị này; `hoptac unit list` liệt kê tất cả",
            "the board has no such unit; `hoptac unit list` has them all"
        ))?;
        return Ok(table::scoreboard(&board, &view.plan.pack));
    }
    let store = place.open().await?;
    let plan = view::must_have_plan(&store).await?;
    let register = store.register().await?;
    // Whoever runs the machine sees all of the register.
    let all: table::Sees<'_> = &|_| true;
    Ok(match arguments.table.as_str() {
        "organisations" => table::organisations(&register, all, &store.places().await?, day),
        "returns" => {
            let Some(form) = plan.pack.annual_return() else {
                refuse!(
                    "kế hoạch không có biểu báo cáo năm; hãy thông qua một gói có biểu này",
                    "the plan has no form of the yearly return; adopt a pack that has one"
                );
            };
            let Some(year) = arguments.year else {
                refuse!(
                    "hãy nêu năm của báo cáo: --year 2025",
                    "name the year of the returns: --year 2025"
                )
            };
            table::returns(&register, all, form, year)
        }
        "grades" => table::grades(&register, all, arguments.year),
        "links" => table::links(&register, all, day),
        "products" => table::products(&register, all, day),
        "support" => table::support(&register, all),
        "units" => table::units(&store.places().await?, day),
        "figures" => table::figures(&plan.pack),
        other => refuse!(
            "không có bảng `{other}`; các bảng gồm {tables}",
            "there is no table `{other}`; the tables are {tables}",
            other,
            tables = TABLES.join(", ")
        ),
    })
}

/// Writes a file as a whole: under another name first, so that a full disk leaves what was there.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let beside = beside(path);
    let done = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    if done.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    done.with_context(|| not_written(path))
}

fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    beside.into()
}

fn not_written(path: &Path) -> Sentence {
    said!(
        "ghi tệp {file}; hãy xem còn chỗ trống và quyền ghi không",
        "writing {file}; is there room, and may you write there?",
        file = path.display().to_string()
    )
}

/// A file that only its owner may read. It is made before anything personal is opened, and gone where nothing was written.
struct Private<'p> {
    path: &'p Path,
    beside: PathBuf,
    file: File,
}

impl<'p> Private<'p> {
    fn new(path: &'p Path) -> Result<Self> {
        let beside = beside(path);
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&beside).with_context(|| not_written(path))?;
        Ok(Self { path, beside, file })
    }

    fn write(mut self, bytes: &[u8]) -> Result<()> {
        let done = self.file.write_all(bytes).and_then(|()| self.file.sync_all());
        done.and_then(|()| std::fs::rename(&self.beside, self.path))
            .with_context(|| not_written(self.path))
    }
}

impl Drop for Private<'_> {
    fn drop(&mut self) {
        // Once it has its name there is nothing left beside it.
        let _ = std::fs::remove_file(&self.beside);
    }
}
