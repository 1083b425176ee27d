//! `hoptac template` and `hoptac export`: forms to fill in, and tables to take away.

use std::path::Path;

use anyhow::{Context as _, Result};
use hoptac_intake::sheet::{Stamp, table_csv, table_xlsx, template};
use hoptac_model::sheet::SheetForm;
use hoptac_model::sheet::table::{self, SheetTable, TABLES};
use hoptac_model::text::Language;

use crate::cli::Place;
use crate::cli::export::{ExportArguments, Format, TemplateArguments};
use crate::sentence::{refuse, said};
use crate::view::{self, Asked, View};
use crate::{Outcome, clock, import, output};

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
    if let Some(code) = &arguments.unit
        && store.places().await?.find(code, clock::today()).is_none()
    {
        refuse!(
            "không có đơn vị `{code}`; `hoptac unit list` liệt kê tất cả",
            "there is no unit `{code}`; `hoptac unit list` has them all",
            code
        );
    }
    let stamp = stamp(form, arguments.unit.clone(), arguments.period);
    write(&arguments.out, &template(form, &stamp, language)?)?;
    output::say(&format!("{}", arguments.out.display()))?;
    Ok(Outcome::Done)
}

fn stamp(form: &SheetForm, unit: Option<String>, year: Option<i16>) -> Stamp {
    Stamp { form: form.id.clone(), version: form.version, unit, year }
}

/// Writes a table of the application.
pub(crate) async fn export(place: &Place, arguments: &ExportArguments) -> Result<Outcome> {
    let language: Language = arguments.lang.into();
    let day = arguments.as_of.unwrap_or_else(clock::today);
    let table = table(place, arguments, day).await?;
    let form = &table.form;
    let year = arguments.year.filter(|_| form.yearly);
    let by_name = arguments.out.extension().is_some_and(|ending| ending == "csv");
    let bytes = match arguments.format {
        Some(Format::Csv) => table_csv(&table, language),
        None if by_name => table_csv(&table, language),
        Some(Format::Xlsx) | None => table_xlsx(&table, &stamp(form, None, year), language)?,
    };
    write(&arguments.out, &bytes)?;
    output::say(&format!("{} · {}", arguments.out.display(), table.rows.len()))?;
    Ok(Outcome::Done)
}

async fn table(
    place: &Place,
    arguments: &ExportArguments,
    day: jiff::civil::Date,
) -> Result<SheetTable> {
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
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    let done = std::fs::write(beside, bytes).and_then(|()| std::fs::rename(beside, path));
    if done.is_err() {
        let _ = std::fs::remove_file(beside);
    }
    done.with_context(|| {
        said!(
            "ghi tệp {file}; hãy xem còn chỗ trống và quyền ghi không",
            "writing {file}; is there room, and may you write there?",
            file = path.display().to_string()
        )
    })
}
