//! The nation as columns in files, in the `.npy` format, for the peers.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use hoptac_model::organisation::{Kind, Sector, Status};
use hoptac_model::unit::{Places, Unit};
use hoptac_model::whole::Wholes;
use jiff::civil::{Date, date};

use crate::nation::{Nation, YEARS, fields};

/// Stands where a day is missing.
const NO_DAY: i32 = i32::MIN;

/// Days since 1970, as everybody counts them.
fn days(day: Date) -> Result<i32> {
    Ok(day.since(date(1970, 1, 1))?.get_days())
}

fn days_or_none(day: Option<Date>) -> Result<i32> {
    day.map_or(Ok(NO_DAY), days)
}

/// The units in the order in which results are told: by identity.
pub(crate) fn units(places: &Places) -> Vec<&Unit> {
    places.all().collect()
}

/// One column in the `.npy` format: a header, then the numbers.
fn column<const N: usize>(
    folder: &Path,
    name: &str,
    kind: &str,
    shape: (usize, usize),
    values: impl Iterator<Item = [u8; N]>,
) -> Result<()> {
    let path = folder.join(format!("{name}.npy"));
    let mut file = BufWriter::new(File::create(&path).with_context(|| path.display().to_string())?);
    let shape = if shape.1 == 1 {
        format!("({},)", shape.0)
    } else {
        format!("({}, {})", shape.0, shape.1)
    };
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
    // Magic, version and length take ten bytes; the numbers begin at a multiple of 64.
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    file.write_all(b"\x93NUMPY\x01\x00")?;
    file.write_all(&u16::try_from(header.len())?.to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    for value in values {
        file.write_all(&value)?;
    }
    Ok(file.flush()?)
}

fn bytes(folder: &Path, name: &str, values: &[i8]) -> Result<()> {
    column(folder, name, "|i1", (values.len(), 1), values.iter().map(|v| v.to_le_bytes()))
}

fn wholes(folder: &Path, name: &str, values: &[i32]) -> Result<()> {
    column(folder, name, "<i4", (values.len(), 1), values.iter().map(|v| v.to_le_bytes()))
}

/// Writes everything that the peers read, unless it was written before.
pub(crate) fn write(nation: &Nation, indicators: &str, folder: &Path) -> Result<()> {
    let done = folder.join("whole");
    if done.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    fs::write(folder.join("indicators.tsv"), indicators)?;
    let units = units(&nation.places);
    let at: BTreeMap<&str, i32> =
        (0_i32..).zip(&units).map(|(at, unit)| (unit.id.as_str(), at)).collect();
    let place = |id: &str| at.get(id).copied().context("a unit that there is not");
    let parents: Result<Vec<i32>> = units
        .iter()
        .map(|unit| unit.parent.as_ref().map_or_else(|| place("n"), |above| place(above.as_str())))
        .collect();
    wholes(folder, "unit_parent", &parents?)?;
    let years: Result<Vec<i32>> = (YEARS.0..=YEARS.1)
        .flat_map(|year| [Ok(i32::from(year)), days(date(year, 1, 1)), days(date(year, 12, 31))])
        .collect();
    let years = years?;
    let bytes_of_years = years.iter().map(|day| day.to_le_bytes());
    column(folder, "years", "<i4", (years.len() / 3, 3), bytes_of_years)?;

    organisations(nation, folder, place)?;
    returns(nation, folder)?;

    let spans = &nation.register.roll_spans;
    let of = |value: u32| i32::try_from(value).map_err(anyhow::Error::from);
    let each = |get: &dyn Fn(hoptac_model::roll::RollSpan) -> Result<i32>| {
        spans.iter().map(get).collect::<Result<Vec<i32>>>()
    };
    wholes(folder, "span_org", &each(&|span| of(span.organisation))?)?;
    wholes(folder, "span_person", &each(&|span| of(span.person))?)?;
    wholes(folder, "span_from_day", &each(&|span| days(span.from))?)?;
    wholes(folder, "span_until_day", &each(&|span| days_or_none(span.until))?)?;

    let links = &nation.register.links;
    let each = |get: &dyn Fn(&hoptac_model::register::Link) -> Result<i32>| {
        links.iter().map(get).collect::<Result<Vec<i32>>>()
    };
    wholes(folder, "contract_org", &each(&|link| of(link.organisation))?)?;
    wholes(
        folder,
        "contract_buyer",
        &each(&|link| Ok(link.partner.key.trim_start_matches('b').parse()?))?,
    )?;
    wholes(folder, "contract_from_day", &each(&|link| days(link.from))?)?;
    wholes(
        folder,
        "contract_until_day",
        &each(&|link| days_or_none(link.to.map(Date::tomorrow).transpose()?))?,
    )?;
    Ok(fs::write(done, "")?)
}

/// Organisations with the days of their lives.
fn organisations(
    nation: &Nation,
    folder: &Path,
    place: impl Fn(&str) -> Result<i32>,
) -> Result<()> {
    let register = &nation.register;
    let count = register.organisations.len();
    let mut founded = Vec::with_capacity(count);
    for organisation in &register.organisations {
        founded.push(days(organisation.founded_on)?);
    }
    let mut turns = [vec![NO_DAY; count], vec![NO_DAY; count], vec![NO_DAY; count]];
    let (mut seats, mut kinds, mut sectors) =
        (vec![0; count], vec![0_i8; count], vec![0_i8; count]);
    for state in &register.states {
        let at = usize::try_from(state.organisation)?;
        let [suspended, resumed, ended] = &mut turns;
        let turn = match state.status {
            Status::Suspended => Some(suspended),
            Status::Terminated => Some(ended),
            Status::Operating if Some(&days(state.from)?) != founded.get(at) => Some(resumed),
            Status::Operating
            | Status::NotAtAddress
            | Status::Withdrawn
            | Status::Closing
            | Status::Bankrupt => None,
        };
        if let Some(day) = turn.and_then(|turn| turn.get_mut(at)) {
            *day = days(state.from)?;
        }
        let kind = Kind::ALL.iter().position(|kind| *kind == state.kind).unwrap_or(0);
        let sector = usize::from(state.sector != Sector::Agricultural);
        if let (Some(s), Some(k), Some(c)) =
            (seats.get_mut(at), kinds.get_mut(at), sectors.get_mut(at))
        {
            *s = place(state.seat.as_str())?;
            *k = i8::try_from(kind)?;
            *c = i8::try_from(sector)?;
        }
    }
    let numbers: Vec<i32> = (0..i32::try_from(count)?).collect();
    wholes(folder, "org_org", &numbers)?;
    wholes(folder, "org_unit", &seats)?;
    wholes(folder, "org_founded", &founded)?;
    let [suspended, resumed, ended] = turns;
    wholes(folder, "org_suspended", &suspended)?;
    wholes(folder, "org_resumed", &resumed)?;
    wholes(folder, "org_ended", &ended)?;
    bytes(folder, "org_kind", &kinds)?;
    bytes(folder, "org_sector", &sectors)?;
    let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.code()).collect();
    fs::write(folder.join("kind.txt"), words.join("\n"))?;
    let words = [Sector::Agricultural, Sector::NonAgricultural].map(Sector::code);
    Ok(fs::write(folder.join("sector.txt"), words.join("\n"))?)
}

/// Yearly returns with all their columns.
fn returns(nation: &Nation, folder: &Path) -> Result<()> {
    let register = &nation.register;
    let (mut organisations, mut years, mut late) = (Vec::new(), Vec::new(), Vec::new());
    for filed in &register.returns {
        organisations.push(i32::try_from(filed.organisation)?);
        years.push(i32::from(filed.year));
        late.push(i8::from(filed.late));
    }
    wholes(folder, "return_org", &organisations)?;
    wholes(folder, "return_year", &years)?;
    bytes(folder, "return_return_late", &late)?;
    for filled in &register.return_columns {
        let name = format!("return_{}", filled.name);
        match &filled.values.join() {
            Wholes::Tiny(values) => bytes(folder, &name, values)?,
            Wholes::Small(values) => wholes(folder, &name, values)?,
            Wholes::Short(_) => {
                let all = filled.values.iter();
                let all = all.map(|v| v.and_then(|v| i32::try_from(v).ok()).unwrap_or(i32::MIN));
                wholes(folder, &name, &all.collect::<Vec<i32>>())?;
            }
            values @ (Wholes::Thousands(_) | Wholes::Wide(_)) => {
                let numbers = values.iter().map(|value| value.unwrap_or(i64::MIN).to_le_bytes());
                column(folder, &name, "<i8", (values.len(), 1), numbers)?;
            }
        }
    }
    let flags: Vec<&str> =
        fields().into_iter().filter(|(_, kind)| *kind == "flag").map(|(name, _)| name).collect();
    Ok(fs::write(folder.join("flags.txt"), flags.join("\n"))?)
}
