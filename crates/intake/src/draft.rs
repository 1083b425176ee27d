//! A draft pack from the reading of a document: its head, the headings as objectives, every target with its words. What a
//! known indicator measures is mapped to it by the words of its name; what none measures says `TODO`.

mod known;
mod measure;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};

use hoptac_model::pack::{FeedbackDeadline, Indicator, Pack};
use jiff::civil::Date;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, value};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use crate::reading::correction::Correction;
use crate::reading::{Comparator, Horizon, Reading, Target};

/// What stands where nobody knows yet.
pub const TODO: &str = "TODO";

/// A draft.
#[derive(Debug)]
pub struct Draft {
    /// The files of the pack by their paths in it, `plan.toml` first.
    pub files: Vec<(String, String)>,
    /// How many targets it has.
    pub targets: usize,
    /// How many of them a known indicator measures.
    pub mapped: usize,
}

impl Draft {
    /// The pack as one packed file, in a folder of its name. The same draft gives the same bytes.
    ///
    /// # Errors
    /// Where the files cannot be packed, which memory alone can bring about.
    pub fn packed(&self, folder: &str) -> Result<Vec<u8>, zip::result::ZipError> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        for (path, text) in &self.files {
            writer.start_file(format!("{folder}/{path}"), options)?;
            writer.write_all(text.as_bytes())?;
        }
        Ok(writer.finish()?.into_inner())
    }
}

/// Writes the draft of a pack. Indicators, place and forms are those of the pack `like`; where a person named the
/// indicator of some words, it is that one.
pub fn write(
    id: &str,
    text: &str,
    reading: &Reading,
    like: &Pack,
    corrections: &[Correction],
) -> Draft {
    let letters: Vec<char> = text.chars().collect();
    let head = Head::of(text);
    let mut plan = DocumentMut::new();
    plan.insert("format", value(1));
    plan.insert("id", value(id));
    plan.insert("document", Item::Table(document(&head)));
    plan.insert("place", Item::Table(place(&head, like)));
    if let Some(deadline) = &like.feedback {
        plan.insert("feedback", Item::Table(feedback(deadline)));
    }

    let mut objectives = Objectives::new(&letters);
    let mut targets = ArrayOfTables::new();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let ids = ids(&reading.targets);
    let measured = measured_by(text, reading, like, corrections);
    let bound = carried(&letters, &reading.targets);
    for ((target, id), indicator) in bound.iter().zip(&ids).zip(measured) {
        let sentence = sentence(&letters, target);
        used.extend(indicator.map(|indicator| indicator.id.as_str()));
        let objective = objectives.above(target.start);
        let parent = parent(target, &reading.targets, &ids);
        targets.push(target_table(id, target, &sentence, indicator, &objective, parent, like));
    }
    let mapped =
        targets.iter().filter(|t| t.get("indicator").and_then(Item::as_str) != Some(TODO)).count();
    let count = targets.len();

    plan.insert("objective", Item::ArrayOfTables(objectives.tables));
    let mut heading = Table::new();
    heading.insert("id", value("plan"));
    words(&mut heading, "title", "Chỉ tiêu của kế hoạch", "Targets of the plan");
    plan.insert("heading", Item::ArrayOfTables(ArrayOfTables::from_iter([heading])));
    let measures: Vec<&Indicator> =
        like.indicators.iter().filter(|indicator| used.contains(indicator.id.as_str())).collect();
    let of_series = |id: &str| {
        measures.iter().any(|i| i.denominator_figure.as_ref().is_some_and(|f| f.as_str() == id))
    };
    let series =
        like.series.iter().filter(|series| of_series(series.id.as_str())).map(known::series);
    plan.insert(
        "indicator",
        Item::ArrayOfTables(measures.iter().copied().map(known::indicator).collect()),
    );
    plan.insert("series", Item::ArrayOfTables(series.collect()));
    plan.insert("target", Item::ArrayOfTables(targets));
    let note = "# A draft, read from a document: check every target against its words before it is adopted.\n";
    let mut files = vec![("plan.toml".to_owned(), format!("{note}{}", in_order(&plan)))];
    // Formulas read the columns of the forms.
    files.extend(
        like.forms
            .iter()
            .map(|form| (format!("forms/{}.toml", form.id.replace('_', "-")), known::form(form))),
    );
    Draft { files, targets: count, mapped }
}

/// The indicator that measures each target: the one that a person named, or the one whose name its words fit.
pub fn measured_by<'p>(
    text: &str,
    reading: &Reading,
    like: &'p Pack,
    corrections: &[Correction],
) -> Vec<Option<&'p Indicator>> {
    let letters: Vec<char> = text.chars().collect();
    let measure = |target: &Target| match named(target, corrections) {
        Some(id) => like.indicators.iter().find(|indicator| indicator.id.as_str() == id),
        None => measure::by_words(target, &context(&letters, target), like),
    };
    reading.targets.iter().map(measure).collect()
}

/// What a person named as the indicator of these words; [`TODO`] where they said that there is none.
fn named<'c>(target: &Target, corrections: &'c [Correction]) -> Option<&'c str> {
    let last = corrections.iter().rfind(|c| c.start == target.start && c.end == target.end)?;
    last.target.as_ref()?.indicator.as_deref()
}

/// The text of a document with its parts in the order in which they were put in.
fn in_order(plan: &DocumentMut) -> String {
    let mut text = String::new();
    for (key, item) in plan.iter() {
        let mut part = DocumentMut::new();
        let mut item = item.clone();
        match &mut item {
            Item::Table(table) => table.set_position(None),
            Item::ArrayOfTables(tables) => {
                for table in tables.iter_mut() {
                    table.set_position(None);
                    table.decor_mut().clear();
                }
                if tables.is_empty() {
                    continue;
                }
            }
            Item::None | Item::Value(_) => {}
        }
        part.insert(key, item);
        text.push_str(part.to_string().trim_start_matches('\n'));
        if matches!(plan.get(key), Some(Item::Table(_) | Item::ArrayOfTables(_))) {
            text.push('\n');
        }
    }
    text
}

/// The head of the document, as far as it stands in its first and last lines.
#[derive(Debug, Default)]
struct Head {
    number: Option<String>,
    issued: Option<Date>,
    issuer: Option<String>,
    signer: Option<String>,
    title: Option<String>,
}

impl Head {
    fn of(text: &str) -> Self {
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let first = lines.get(..lines.len().min(60)).unwrap_or_default();
        let number = first.iter().find_map(|line| {
            let rest = line.strip_prefix("Số:").or_else(|| line.strip_prefix("Số hiệu"))?;
            rest.split_whitespace().next().filter(|number| number.contains('/')).map(str::to_owned)
        });
        let issued = first.iter().find_map(|line| date_in_words(line));
        let issuer = first.iter().position(|line| {
            line.starts_with("ỦY BAN NHÂN DÂN") || line.starts_with("UỶ BAN NHÂN DÂN")
        });
        let issuer = issuer.and_then(|at| {
            let name = first.get(at)?.replace("UỶ", "ỦY");
            let below = first.get(at + 1).filter(|line| {
                !name.contains("TỈNH")
                    && ["TỈNH", "THÀNH PHỐ", "HUYỆN", "XÃ"]
                        .iter()
                        .any(|kind| line.starts_with(kind))
            });
            let whole = below.map_or_else(|| name.clone(), |below| format!("{name} {below}"));
            Some(in_sentence(&whole))
        });
        let kind = first
            .iter()
            .position(|line| ["KẾ HOẠCH", "NGHỊ QUYẾT", "CHƯƠNG TRÌNH", "ĐỀ ÁN"].contains(line));
        let title = kind.and_then(|at| {
            let name = first.get(at)?.to_lowercase();
            let about = first.get(at + 1)?;
            let capital: String = name
                .chars()
                .take(1)
                .flat_map(char::to_uppercase)
                .chain(name.chars().skip(1))
                .collect();
            Some(format!("{capital} {about}"))
        });
        let told = first
            .iter()
            .find_map(|line| line.strip_prefix("Người ký"))
            .map(|name| name.trim_start_matches(':').trim().to_owned());
        let signed = lines.iter().rposition(|line| line.contains("CHỦ TỊCH")).and_then(|at| {
            let behind = lines.get(at + 1..)?;
            behind.iter().take(4).find(|line| is_name(line)).map(|line| (*line).to_owned())
        });
        Self { number, issued, issuer, signer: told.or(signed), title }
    }
}

/// `ngày 15 tháng 5 năm 2023`.
fn date_in_words(line: &str) -> Option<Date> {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.windows(6).find_map(|window| {
        let [ngay, day, thang, month, nam, year] = window else { return None };
        if [*ngay, *thang, *nam] != ["ngày", "tháng", "năm"] {
            return None;
        }
        let year = year.trim_end_matches(|c: char| !c.is_ascii_digit());
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    })
}

/// Whether a line is the name of a person: two to five words with capitals.
fn is_name(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    (2..=5).contains(&words.len())
        && words.iter().all(|word| {
            let mut letters = word.chars();
            letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase)
        })
}

/// A name in capitals as it is written in a sentence: the words of the office small, those of the place with capitals.
fn in_sentence(capitals: &str) -> String {
    let mut in_place = false;
    let mut shown: Vec<String> = Vec::new();
    for word in capitals.split_whitespace() {
        let small = word.to_lowercase();
        let capital: String = small
            .chars()
            .take(1)
            .flat_map(char::to_uppercase)
            .chain(small.chars().skip(1))
            .collect();
        shown.push(if in_place || shown.is_empty() { capital } else { small.clone() });
        in_place |= matches!(small.as_str(), "tỉnh" | "huyện" | "xã" | "phường") || small == "phố";
    }
    shown.join(" ")
}

fn words(table: &mut Table, stem: &str, vi: &str, en: &str) {
    table.insert(&format!("{stem}_vi"), value(vi));
    table.insert(&format!("{stem}_en"), value(en));
}

fn document(head: &Head) -> Table {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| TODO.to_owned());
    let issued = day(head.issued.unwrap_or(Date::constant(2000, 1, 1)));
    let mut table = Table::new();
    table.insert("number", value(known(&head.number)));
    table.insert("kind", value("plan"));
    table.insert("issued", value(issued));
    table.insert("effective", value(issued));
    words(&mut table, "issuer", &known(&head.issuer), TODO);
    table.insert("signer", value(known(&head.signer)));
    words(&mut table, "title", &known(&head.title), TODO);
    table
}

pub(in crate::draft) fn day(date: Date) -> toml_edit::Datetime {
    let none = toml_edit::Datetime { date: None, time: None, offset: None };
    date.to_string().parse().unwrap_or(none)
}

/// By when what the public sends is looked at, as in the pack that is like it.
fn feedback(deadline: &FeedbackDeadline) -> Table {
    let mut table = Table::new();
    table.insert("days", value(i64::from(deadline.days)));
    table.insert("source_vi", value(&deadline.source.vi));
    table.insert("source_en", value(&deadline.source.en));
    table
}

fn place(head: &Head, like: &Pack) -> Table {
    let mut table = Table::new();
    table.insert("unit", value(&like.setting.unit));
    table.insert("geography", value(day(head.issued.unwrap_or(like.setting.geography))));
    let years = [like.setting.year_first, like.setting.year_last].map(i64::from);
    table.insert("years", value(toml_edit::Array::from_iter(years)));
    table
}

/// Objectives, one for each heading that stands above a target.
struct Objectives {
    /// Headings: the first letter, the level, the text.
    headings: Vec<(usize, usize, String)>,
    ids: BTreeMap<usize, String>,
    tables: ArrayOfTables,
}

impl Objectives {
    fn new(letters: &[char]) -> Self {
        let mut headings = Vec::new();
        let mut start = 0;
        for line in letters.split(|c| *c == '\n') {
            let text: String = line.iter().collect();
            let text = text.trim();
            if let Some(level) = heading_level(text) {
                headings.push((start, level, text.trim_end_matches(':').to_owned()));
            }
            start += line.len() + 1;
        }
        let mut general = Table::new();
        general.insert("id", value("O"));
        words(&mut general, "title", "Mục tiêu của kế hoạch", "Objective of the plan");
        general.insert("place", value(section("-", "")));
        general.insert("kind", value("general"));
        Self { headings, ids: BTreeMap::new(), tables: ArrayOfTables::from_iter([general]) }
    }

    /// The objective of the nearest heading above a place.
    fn above(&mut self, at: usize) -> String {
        let below = self.headings.partition_point(|(start, _, _)| *start <= at);
        below.checked_sub(1).map_or_else(|| "O".to_owned(), |index| self.of(index))
    }

    fn of(&mut self, index: usize) -> String {
        if let Some(id) = self.ids.get(&index) {
            return id.clone();
        }
        let Some((_, level, title)) = self.headings.get(index).cloned() else {
            return "O".to_owned();
        };
        let above = self
            .headings
            .get(..index)
            .unwrap_or_default()
            .iter()
            .rposition(|(_, other, _)| *other < level);
        let parent = above.map_or_else(|| "O".to_owned(), |above| self.of(above));
        let id = format!("O-{}", self.ids.len() + 1);
        let mut table = Table::new();
        table.insert("id", value(&id));
        table.insert("parent", value(parent));
        words(&mut table, "title", &title, TODO);
        let label: String = title.split(' ').next().unwrap_or("-").to_owned();
        table.insert("place", value(section(&label, "")));
        table.insert("kind", value("specific"));
        self.tables.push(table);
        self.ids.insert(index, id.clone());
        id
    }
}

fn section(section: &str, bullet: &str) -> InlineTable {
    InlineTable::from_iter([("section", section), ("bullet", bullet)])
}

/// How high a heading stands: `II.` above `2.` above `a)` above a line that only names a year; none for other lines.
fn heading_level(line: &str) -> Option<usize> {
    if line.chars().count() > 140 || line.ends_with(['.', ';', ',']) || line.is_empty() {
        return None;
    }
    let label = line.split(' ').next().unwrap_or_default();
    let bare = label.trim_end_matches(['.', ')']);
    let is_label = bare.len() < label.len();
    if is_label && !bare.is_empty() && bare.chars().all(|c| matches!(c, 'I' | 'V' | 'X')) {
        Some(1)
    } else if is_label
        && bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_digit() || c == '.')
    {
        Some(2 + bare.matches('.').count())
    } else if is_label && bare.chars().count() == 1 {
        Some(6)
    } else if ["Đến năm", "Giai đoạn", "Năm", "Tầm nhìn", "Hằng năm"]
        .iter()
        .any(|start| line.starts_with(start))
    {
        Some(7)
    } else {
        None
    }
}

/// Ids by horizon, in the order of the text: `T30-01`, `TY-01`.
fn ids(targets: &[Target]) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut next = |target: &Target| {
        let group = match target.horizon {
            Some(Horizon::Year(year)) => format!("T{:02}", year.rem_euclid(100)),
            Some(Horizon::Yearly) => "TY".to_owned(),
            None => "TX".to_owned(),
        };
        let count = counts.entry(group.clone()).or_default();
        *count += 1;
        format!("{group}-{count:02}")
    };
    targets.iter().map(&mut next).collect()
}

/// The words that say whom a target counts: its sentence up to its parts (`…, trong đó …`). A part of another target shares
/// what its sentence says first: `Trong đó, ngoài nông nghiệp có 170 tổ hợp tác; 210 hợp tác xã`.
fn context(letters: &[char], target: &Target) -> String {
    let ends = |at: usize| {
        let behind = letters.get(at + 1).is_none_or(|c| c.is_whitespace());
        letters.get(at).is_some_and(|c| *c == '\n' || (*c == '.' && behind))
    };
    let span = |from: usize, to: usize| -> String {
        letters.get(from..to).unwrap_or_default().iter().collect()
    };
    let stops = |at: &usize| ends(*at) || letters.get(*at) == Some(&';');
    let start = (0..target.start).rev().find(stops).map_or(0, |at| at + 1);
    let end = (target.end..letters.len()).find(stops).unwrap_or(letters.len());
    let behind = span(target.end, end);
    let whole = ["trong đó", "trong số"].iter().filter_map(|joint| behind.find(joint)).min();
    let own = format!(
        "{}{}",
        span(start, target.end),
        whole.and_then(|at| behind.get(..at)).unwrap_or(&behind)
    );
    if target.parent.is_none() {
        return own;
    }
    let first = (0..target.start).rev().find(|at| ends(*at)).map_or(0, |at| at + 1);
    let lead: String =
        span(first, target.start).chars().take_while(|c| !c.is_ascii_digit()).collect();
    format!("{lead}, {own}")
}

/// The sentence, or the part of it between semicolons, that a target stands in.
fn sentence(letters: &[char], target: &Target) -> String {
    let ends = |at: usize| {
        let behind = letters.get(at + 1).is_none_or(|c| c.is_whitespace());
        letters.get(at).is_some_and(|c| matches!(c, '\n' | ';') || (*c == '.' && behind))
    };
    let start = (0..target.start).rev().find(|at| ends(*at)).map_or(0, |at| at + 1);
    let end = (target.end..letters.len()).find(|at| ends(*at)).unwrap_or(letters.len());
    let part: String = letters.get(start..end).unwrap_or_default().iter().collect();
    part.trim().to_owned()
}

/// The targets with `khoảng` carried over to the counts that are coordinated with one: `khoảng 850 tổ hợp tác với 4.250 thành
/// viên; 750 hợp tác xã`. A number that is written out to its unit (`05 liên hiệp`) is meant as it stands.
fn carried(letters: &[char], targets: &[Target]) -> Vec<Target> {
    let mut bound: Vec<Target> = Vec::with_capacity(targets.len());
    for target in targets {
        let joined = bound.last().is_some_and(|before| {
            let between: String =
                letters.get(before.end..target.start).unwrap_or_default().iter().collect();
            before.comparator == Comparator::About
                && between.chars().count() <= 24
                && !between.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | '\n' | ':'))
                && !between.contains("trong đó")
        });
        let is_round = target.value.is_some_and(|value| value >= 10.0);
        let counts = target.unit != "%" && !target.unit.contains("đồng");
        let mut target = target.clone();
        if joined && is_round && counts && target.comparator == Comparator::Eq {
            target.comparator = Comparator::About;
        }
        bound.push(target);
    }
    bound
}

/// The id of the target that one is a part of.
fn parent<'i>(target: &Target, all: &[Target], ids: &'i [String]) -> Option<&'i str> {
    let words = target.parent.as_deref()?;
    let at = all.iter().position(|other| {
        other.start < target.start && (other.quote == words || other.quote.contains(words))
    })?;
    ids.get(at).map(String::as_str)
}

fn target_table(
    id: &str,
    target: &Target,
    sentence: &str,
    indicator: Option<&Indicator>,
    objective: &str,
    parent: Option<&str>,
    like: &Pack,
) -> Table {
    let mut table = Table::new();
    let quote = target.quote.split_whitespace().collect::<Vec<_>>().join(" ");
    table.insert("id", value(id));
    table.insert("objective", value(objective));
    table.insert("indicator", value(indicator.map_or(TODO, |indicator| indicator.id.as_str())));
    table.insert("words", value(&quote));
    table.insert("place", value(section("-", id)));
    words(&mut table, "label", &quote, TODO);
    words(&mut table, "paraphrase", sentence, TODO);
    let low = target.min.or(target.value).unwrap_or_default();
    let number = |number: f64| -> Item {
        #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
        if number.fract() == 0.0 && number.abs() < 1e15 {
            value(number as i64)
        } else {
            value(number)
        }
    };
    let comparator = match (target.comparator, target.max) {
        (Comparator::Between, Some(high)) if !target.modifiers.contains(&Comparator::AtLeast) => {
            table.insert("low", number(low));
            table.insert("high", number(high));
            "between"
        }
        (_, Some(high)) if target.min.is_some() => {
            // A floor over a range: the low end is asked, the high end hoped for.
            table.insert("value", number(low));
            table.insert("expected_up_to", number(high));
            "at_least"
        }
        (comparator, _) => {
            table.insert("value", number(low));
            match comparator {
                Comparator::About => "about",
                Comparator::AtLeast => "at_least",
                Comparator::MoreThan => "more_than",
                Comparator::AtMost => "at_most",
                Comparator::LessThan => "less_than",
                Comparator::Eq | Comparator::Between
                    if target.value == Some(100.0) && target.unit == "%" =>
                {
                    "all"
                }
                Comparator::Eq | Comparator::Between => "exactly",
            }
        }
    };
    table.insert("comparator", value(comparator));
    let last = target.until.unwrap_or(i32::from(like.setting.year_last));
    match target.horizon {
        Some(Horizon::Year(year)) => table.insert("horizon", value(i64::from(year))),
        Some(Horizon::Yearly) | None => {
            let first =
                target.baseline_year.unwrap_or(i32::from(like.document.issued.year())).min(last);
            table.insert(
                "yearly",
                value(InlineTable::from_iter([
                    ("from", i64::from(first)),
                    ("to", i64::from(last)),
                ])),
            )
        }
    };
    let scope = match target.scope.as_str() {
        "each district" => "each:district",
        "each commune" => "each:commune",
        _ => "province",
    };
    table.insert("scope", value(scope));
    let population =
        target.denominator.as_deref().or(target.of.as_deref()).unwrap_or(&target.subject);
    let population = if population.is_empty() { TODO } else { population };
    words(&mut table, "population", population, TODO);
    if let Some(parent) = parent {
        table.insert("of_which", value(parent));
    }
    table.insert("group", value("plan"));
    table
}
