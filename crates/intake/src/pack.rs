//! Plan packs: a folder with `plan.toml`, `figures.csv`, `law.toml`, `forms/*.toml` and `rulesets/*.toml`, read as a whole.
//!
//! Everything that is wrong is told in one go. A file that cannot be read does not hide what is wrong in the others: what
//! depends on it (a name that it may define) is then left unsaid rather than guessed.

mod accepted;
mod check;
mod document;
mod figure;
mod form;
mod formula;
mod indicator;
mod law;
mod names;
mod ruleset;
mod support;
mod target;
mod task;
mod toml;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

use hoptac_model::filing::Hash;
use hoptac_model::finding::{Finding, Place, Severity};
use hoptac_model::law::Law;
use hoptac_model::pack::{Form, Pack, Ruleset};
use hoptac_model::text::{Words, did_you_mean};
use hoptac_model::words;

use crate::file::{Log, SIZE_MAX, TextFile, quote};
use crate::nearest::nearest;
use figure::Published;
use names::{Names, Noun, Spot};
use toml::{Table, TomlFile};

/// The pack format that this program reads.
pub const FORMAT: u16 = 1;

/// Files beyond this in one folder are not read.
const FILES_MAX: usize = 200;

/// The files of a pack, by their names in its folder: `plan.toml`, `forms/annual-return.toml`.
#[derive(Clone, Debug, Default)]
pub struct PackFiles {
    /// Their bytes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What kept others from being read.
    pub findings: Vec<Finding>,
}

impl PackFiles {
    /// The files of a pack that the program carries within itself.
    pub fn new<'b>(files: impl IntoIterator<Item = (&'b str, &'b [u8])>) -> Self {
        let files = files.into_iter().map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
        Self { files: files.collect(), findings: Vec::new() }
    }

    /// Reads the files in a folder and in its `forms` and `rulesets`. Other folders are nobody's business here.
    pub fn from_dir(folder: &Path) -> Self {
        let mut read = Self::default();
        let shown = folder.display().to_string();
        let shown = quote(&shown);
        let trouble = match std::fs::metadata(folder) {
            Ok(metadata) if metadata.is_dir() => None,
            Ok(_) => Some((
                "pack.not-a-folder",
                words!(
                    "{shown} là một tệp, còn gói kế hoạch là một thư mục",
                    "{shown} is a file, and a pack is a folder",
                    shown
                ),
                words!("nêu thư mục chứa plan.toml", "name the folder that holds plan.toml"),
            )),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some((
                "pack.folder-missing",
                words!("không có thư mục {shown}", "there is no folder {shown}", shown),
                words!(
                    "kiểm tra tên thư mục, hoặc nơi bạn gọi lệnh",
                    "check the name, or the folder from which you call"
                ),
            )),
            Err(error) => {
                Some(("pack.unreadable", folder_unreadable(&shown, &error), who_may_read()))
            }
        };
        if let Some((code, message, remedy)) = trouble {
            read.findings.push(about_all(code, message, remedy));
            return read;
        }
        read.add_folder(folder, "");
        for part in ["forms", "rulesets"] {
            let path = folder.join(part);
            if path.is_dir() {
                read.add_folder(&path, &format!("{part}/"));
            }
        }
        read
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let message = folder_unreadable(&quote(prefix), &error);
                self.findings.push(about_all("pack.unreadable", message, who_may_read()));
                return;
            }
        };
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        for name in names.iter().take(FILES_MAX) {
            let path = folder.join(name);
            // A pipe or a device would never end; only plain files are opened.
            let Ok(metadata) = std::fs::metadata(&path) else { continue };
            if !metadata.is_file() {
                continue;
            }
            let mut bytes = Vec::new();
            // One byte more than allowed is enough to know that a file is too large.
            let limit = u64::try_from(SIZE_MAX + 1).unwrap_or(u64::MAX);
            let read = std::fs::File::open(&path)
                .and_then(|file| file.take(limit).read_to_end(&mut bytes));
            let name = format!("{prefix}{name}");
            match read {
                Ok(_) => {
                    self.files.insert(name, bytes);
                }
                Err(error) => {
                    let place = Place { file: name, ..Place::default() };
                    let error = error.to_string();
                    let message = words!(
                        "không đọc được tệp: {error}",
                        "the file cannot be read: {error}",
                        error
                    );
                    self.findings.push(Finding::at(
                        "pack.unreadable",
                        place,
                        message,
                        who_may_read(),
                    ));
                }
            }
        }
        if names.len() > FILES_MAX {
            let message = words!(
                "thư mục có {count} tệp; chỉ đọc {most} tệp đầu",
                "the folder holds {count} files; the first {most} are read",
                count = names.len(),
                most = FILES_MAX
            );
            self.findings.push(about_all(
                "pack.too-many-files",
                message,
                words!(
                    "kiểm tra lại có đúng là thư mục của gói không",
                    "check that it is the folder of a pack"
                ),
            ));
        }
    }

    /// The hash of all files that make the pack, names included, as 64 hexadecimal digits.
    fn hash(&self) -> String {
        let mut bytes = Vec::new();
        for (name, content) in self.files.iter().filter(|(name, _)| Part::of(name).is_some()) {
            bytes.extend_from_slice(name.as_bytes());
            bytes.push(0);
            bytes.extend_from_slice(Hash::of(content).to_string().as_bytes());
            bytes.push(b'\n');
        }
        Hash::of(&bytes).to_string()
    }
}

/// What a pack is checked against that does not stand in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Check<'a> {
    /// The codes of all units ever known; none when they are not at hand, and then not checked.
    pub units: Option<&'a BTreeSet<String>>,
}

/// What stands in a pack.
#[derive(Debug)]
pub struct Reading {
    /// What could be read of it; none when not even the plan's head could. Only a pack without errors may be adopted.
    pub pack: Option<Pack>,
    /// What is wrong, by file, line and column.
    pub findings: Vec<Finding>,
    /// The hash of its files.
    pub files_hash: String,
    /// Where its parts stand.
    pub spots: Spots,
}

impl Reading {
    /// How many targets have no indicator yet. A pack with such targets is a draft, and cannot be adopted.
    pub fn todo(&self) -> usize {
        self.findings.iter().filter(|finding| finding.code == "pack.todo").count()
    }
}

/// Where parts of a pack stand in its files, so that what is found later can name the place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spots {
    /// The words of each target, by its id; for a target without a number, its id.
    pub targets: BTreeMap<String, Place>,
    /// Published figures, by their ids.
    pub figures: BTreeMap<String, Place>,
}

impl Reading {
    /// The pack, when nothing is wrong with it that would stop its adoption.
    pub fn accepted(&self) -> Option<&Pack> {
        self.pack.as_ref().filter(|_| !self.findings.iter().any(Finding::is_error))
    }
}

/// Reads a pack.
pub fn read(files: &PackFiles, check: &Check<'_>) -> Reading {
    let log = Log::default();
    files.findings.iter().cloned().for_each(|finding| log.push(finding));
    let mut spots = Spots::default();
    let pack = read_parts(files, *check, &log, &mut spots);
    Reading { pack, findings: log.into_findings(), files_hash: files.hash(), spots }
}

/// What a file is in a pack.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Plan,
    Figures,
    Form,
    Ruleset,
    Law,
}

impl Part {
    fn of(name: &str) -> Option<Self> {
        let toml = |folder: &str| {
            let inner = name.strip_prefix(folder).and_then(|rest| rest.strip_suffix(".toml"));
            inner.is_some_and(|inner| !inner.is_empty() && !inner.contains('/'))
        };
        match name {
            "plan.toml" => Some(Self::Plan),
            "figures.csv" => Some(Self::Figures),
            "law.toml" => Some(Self::Law),
            _ if toml("forms/") => Some(Self::Form),
            _ if toml("rulesets/") => Some(Self::Ruleset),
            _ => None,
        }
    }
}

fn read_parts(files: &PackFiles, check: Check<'_>, log: &Log, spots: &mut Spots) -> Option<Pack> {
    tell_strange_files(files, log);
    let open = |name: &str| {
        let bytes = files.files.get(name)?;
        TextFile::open(name, bytes, log)
    };
    let of_part = |part: Part| {
        files.files.keys().filter(move |name| Part::of(name) == Some(part)).map(String::as_str)
    };
    let names = Names::default();

    let read_tomls = |part: Part| -> Vec<Option<TomlFile>> {
        of_part(part).map(|name| Some(TomlFile::parse(open(name)?, log))).collect()
    };
    let form_files = read_tomls(Part::Form);
    let ruleset_files = read_tomls(Part::Ruleset);
    let forms: Vec<Form> = form_files
        .iter()
        .flatten()
        .filter_map(|file| {
            let own = Names::default();
            let form = form::read(&file.root(words!("biểu mẫu", "the form"), log, &own));
            own.resolve(&unsure(file.broken), log);
            form.filter(|form| defines(&names, Noun::Form, &form.id, &own, log))
        })
        .collect();
    let rulesets: Vec<Ruleset> = ruleset_files
        .iter()
        .flatten()
        .filter_map(|file| {
            let own = Names::default();
            let ruleset =
                ruleset::read(&file.root(words!("bộ tiêu chí", "the ruleset"), log, &own));
            ruleset.filter(|ruleset| defines(&names, Noun::Ruleset, &ruleset.id, &own, log))
        })
        .collect();
    let law_file = if files.files.contains_key("law.toml") {
        open("law.toml").map(|file| TomlFile::parse(file, log))
    } else {
        None
    };
    // A plan that brings no law of its own is adopted with the one that the program carries.
    let law = law_file.map_or_else(Law::default, |file| read_law(&file, log));
    let columns_unsure = form_files.iter().any(|file| file.as_ref().is_none_or(|f| f.broken));

    let published = if files.files.contains_key("figures.csv") {
        open("figures.csv").and_then(|file| figure::read(&Rc::new(file), check, &names, log))
    } else {
        Some(Published::default())
    };
    let plan = TomlFile::parse(open("plan.toml")?, log);
    let root = plan.root(Words::verbatim("plan.toml"), log, &names);
    if !read_format(&root) {
        return None;
    }
    let parts = Parts { forms, columns_unsure, rulesets, law, published };
    read_plan(&root, parts, check, &names, spots)
}

/// What was read beside the plan.
struct Parts {
    forms: Vec<Form>,
    columns_unsure: bool,
    rulesets: Vec<Ruleset>,
    law: Law,
    published: Option<Published>,
}

/// Reads a law alone: `packs/vn/law.toml`, which plans without one of their own are adopted with.
pub fn read_law_alone(file_name: &str, bytes: &[u8]) -> (Option<Law>, Vec<Finding>) {
    let log = Log::default();
    let law = TextFile::open(file_name, bytes, &log)
        .map(|file| read_law(&TomlFile::parse(file, &log), &log));
    (law, log.into_findings())
}

fn read_law(file: &TomlFile, log: &Log) -> Law {
    let names = Names::default();
    let root = file.root(words!("tệp quy định pháp luật", "the law"), log, &names);
    if !read_format(&root) {
        return Law::default();
    }
    law::read(&root)
}

fn read_plan(
    root: &Table<'_>,
    parts: Parts,
    check: Check<'_>,
    names: &Names,
    spots: &mut Spots,
) -> Option<Pack> {
    let id = root.must("id").pack_id();
    let document = document::read_document(root);
    let setting = document::read_setting(root, check);
    let standing = document::read_standing(root);
    let objectives = target::read_objectives(root);
    let headings = target::read_headings(root, "heading", Noun::Heading);
    let indicators = indicator::read_indicators(root);
    let series = indicator::read_series(root);
    let breaks = indicator::read_breaks(root);
    let targets = target::read_targets(root, standing.tolerance_about);
    let qualitative = target::read_qualitative(root);
    let agencies = task::read_agencies(root);
    let task_groups = task::read_groups(root);
    let tasks = task::read_tasks(root);
    let ladder = task::read_ladder(root);
    let feedback = task::read_feedback(root);
    let calendar = task::read_calendar(root);
    let accepted = accepted::read_accepted(root);
    let certificate_kinds = support::read_certificate_kinds(root);
    let practices = support::read_practices(root);
    let programmes = support::read_programmes(root, &parts.forms, parts.columns_unsure);
    let support_ceilings = support::read_ceilings(root);
    root.finish();
    names.resolve(&unsure(root.broken()), root.log());

    let objectives = check::order_objectives(objectives);
    check::check_agencies(&agencies);
    check::check_of_which(&targets);
    let place = |spot: Spot| spot.file.place(&spot.span);
    for (target, table) in &targets {
        spots.targets.insert(target.id.to_string(), place(table.spot("words")));
    }
    for target in &qualitative {
        let spot = names.spot(Noun::Target, target.id.as_str());
        spots.targets.extend(spot.map(|spot| (target.id.to_string(), place(spot))));
    }
    for figure in parts.published.iter().flat_map(|published| &published.figures) {
        let spot = names.spot(Noun::Figure, &figure.id);
        spots.figures.extend(spot.map(|spot| (figure.id.clone(), place(spot))));
    }
    let known: Vec<_> = indicators.iter().map(|(indicator, _)| indicator.clone()).collect();
    check::check_conflicts(&targets, &known);
    if let Some(document) = &document {
        check::check_horizons(&targets, document);
    }
    check::check_formulas(&indicators, &parts.forms, parts.columns_unsure);
    // Of a unit that does not exist there are no figures either; once is enough.
    let placed = setting.as_ref().filter(|s| check.units.is_none_or(|u| u.contains(&s.unit)));
    if let (Some(published), Some(setting)) = (&parts.published, placed) {
        check::check_baselines(&targets, published, setting, names);
        check::check_denominators(&indicators, published, setting);
    }
    Some(Pack {
        id: id?,
        document: document?,
        setting: setting?,
        standing,
        objectives,
        headings,
        indicators: known,
        series,
        breaks,
        targets: targets.into_iter().map(|(target, _)| target).collect(),
        qualitative,
        agencies: agencies.into_iter().map(|(agency, _)| agency).collect(),
        task_groups,
        tasks,
        ladder,
        feedback,
        calendar,
        forms: parts.forms,
        rulesets: parts.rulesets,
        figures: parts.published.unwrap_or_default().figures,
        certificate_kinds,
        practices,
        programmes,
        support_ceilings,
        accepted,
        law: parts.law,
        cascades: Vec::new(),
    })
}

/// Whether the plan is written in a format that this program knows. Of a newer one nothing else is said: its keys would
/// only look like mistakes.
fn read_format(root: &Table<'_>) -> bool {
    let Some(format) = root.must("format").count(1_u16, u16::MAX) else { return true };
    if format > FORMAT {
        root.error(
            "format",
            "pack.format-newer",
            words!(
                "gói kế hoạch viết theo định dạng {format}, chương trình này đọc định dạng {known}",
                "the pack is written in format {format}, this program reads format {known}",
                format,
                known = FORMAT
            ),
            words!(
                "dùng phiên bản mới hơn của chương trình cho gói này",
                "use a newer version of the program for this pack"
            ),
        );
    }
    format <= FORMAT
}

/// Names that may be defined in a part of the file that could not be read.
fn unsure(broken: bool) -> BTreeSet<Noun> {
    if broken { BTreeSet::from(Noun::ALL) } else { BTreeSet::new() }
}

/// Takes the name that a file of its own has into the names of the pack.
fn defines(pack: &Names, noun: Noun, id: &str, own: &Names, log: &Log) -> bool {
    let spot: Option<Spot> = own.spot(noun, id);
    spot.is_some_and(|spot| pack.define(noun, id, spot, log))
}

/// Tells what is not there, and what is there under a wrong name.
fn tell_strange_files(files: &PackFiles, log: &Log) {
    const KNOWN: [&str; 3] = ["plan.toml", "figures.csv", "law.toml"];
    let has_plan = files.files.contains_key("plan.toml");
    let mut meant_plan = None;
    for name in files.files.keys() {
        let kind = Path::new(name).extension().and_then(|kind| kind.to_str());
        let is_data =
            kind.is_some_and(|kind| ["toml", "csv"].contains(&kind.to_lowercase().as_str()));
        if Part::of(name).is_some() || !is_data {
            continue;
        }
        let near = nearest(name, KNOWN).filter(|near| !files.files.contains_key(*near));
        if near == Some("plan.toml") {
            meant_plan = Some(name.clone());
        }
        let finding = Finding::at(
            "pack.strange-file",
            Place { file: name.clone(), ..Place::default() },
            words!(
                "tệp không thuộc gói kế hoạch nên không được đọc",
                "the file is no part of a pack and is not read"
            ),
            near.map_or_else(
                || {
                    words!(
                        "một gói gồm plan.toml, figures.csv, law.toml, forms/*.toml và rulesets/*.toml",
                        "a pack has plan.toml, figures.csv, law.toml, forms/*.toml and rulesets/*.toml"
                    )
                },
                did_you_mean,
            ),
        );
        log.push(finding.with_severity(Severity::Warning));
    }
    let could_be_read = files.findings.is_empty();
    if files.files.is_empty() && could_be_read {
        log.push(about_all(
            "pack.empty-folder",
            words!("thư mục trống", "the folder is empty"),
            words!("một gói ít nhất phải có plan.toml", "a pack has at least plan.toml"),
        ));
    } else if !has_plan && could_be_read {
        let remedy = meant_plan.map_or_else(
            || {
                words!(
                    "nêu thư mục chứa plan.toml; gói kế hoạch bắt đầu từ tệp này",
                    "name the folder that holds plan.toml; a pack begins with it"
                )
            },
            |name| {
                words!(
                    "đổi tên {name} thành plan.toml",
                    "rename {name} to plan.toml",
                    name = quote(&name)
                )
            },
        );
        let message = words!("thư mục không có plan.toml", "the folder has no plan.toml");
        log.push(about_all("pack.plan-missing", message, remedy));
    }
}

/// A finding about the pack as a whole.
fn about_all(code: &'static str, message: Words, remedy: Words) -> Finding {
    Finding::field(code, "", message, remedy)
}

fn folder_unreadable(shown: &str, error: &std::io::Error) -> Words {
    let error = error.to_string();
    words!(
        "không đọc được thư mục {shown}: {error}",
        "the folder {shown} cannot be read: {error}",
        shown,
        error
    )
}

fn who_may_read() -> Words {
    words!("kiểm tra quyền đọc", "check who may read it")
}
