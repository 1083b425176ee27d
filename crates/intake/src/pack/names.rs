//! Names in a pack: what is defined where, and who refers to it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use hoptac_model::text::Words;
use hoptac_model::words;

use crate::file::{Log, TextFile, quote};
use crate::nearest::{nearest, suggest};

/// A place in a file, to be named by findings elsewhere.
#[derive(Clone)]
pub(crate) struct Spot {
    /// The file.
    pub(crate) file: Rc<TextFile>,
    /// The bytes.
    pub(crate) span: Range<usize>,
}

impl Spot {
    /// The place as people look it up: `plan.toml:45`.
    pub(crate) fn line(&self) -> String {
        format!("{}:{}", self.file.name(), self.file.line_of(self.span.start))
    }
}

/// What a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Noun {
    /// An objective.
    Objective,
    /// A heading of the overview.
    Heading,
    /// An indicator.
    Indicator,
    /// A published series.
    Series,
    /// A target, measured or not.
    Target,
    /// An agency.
    Agency,
    /// A field that tasks are sorted by.
    TaskGroup,
    /// A task.
    Task,
    /// A rung of the ladder of overdue tasks.
    Rung,
    /// A due date.
    Due,
    /// A form.
    Form,
    /// A section of a form.
    Section,
    /// A field of a form.
    Field,
    /// A set of scoring rules.
    Ruleset,
    /// A group of criteria in a set of scoring rules.
    PointGroup,
    /// A check of a form.
    Check,
    /// A published figure.
    Figure,
    /// A kind of certificate.
    CertificateKind,
    /// A support programme.
    Programme,
    /// A ceiling across programmes.
    Ceiling,
}

impl Noun {
    /// All of them.
    pub(crate) const ALL: [Self; 20] = [
        Self::Objective,
        Self::Heading,
        Self::Indicator,
        Self::Series,
        Self::Target,
        Self::Agency,
        Self::TaskGroup,
        Self::Task,
        Self::Rung,
        Self::Due,
        Self::Form,
        Self::Section,
        Self::Field,
        Self::Ruleset,
        Self::PointGroup,
        Self::Check,
        Self::Figure,
        Self::CertificateKind,
        Self::Programme,
        Self::Ceiling,
    ];

    /// What it is called within a sentence.
    pub(crate) fn words(self) -> Words {
        let (vi, en) = match self {
            Self::Objective => ("mục tiêu", "objective"),
            Self::Heading => ("đề mục", "heading"),
            Self::Indicator => ("chỉ tiêu đo", "indicator"),
            Self::Series => ("chuỗi số liệu công bố", "series"),
            Self::Target => ("chỉ tiêu", "target"),
            Self::Agency => ("cơ quan", "agency"),
            Self::TaskGroup => ("nhóm nhiệm vụ", "task group"),
            Self::Task => ("nhiệm vụ", "task"),
            Self::Rung => ("bậc đôn đốc", "rung"),
            Self::Due => ("thời hạn", "due date"),
            Self::Form => ("biểu mẫu", "form"),
            Self::Section => ("phần của biểu mẫu", "section"),
            Self::Field => ("trường", "field"),
            Self::Ruleset => ("bộ tiêu chí", "ruleset"),
            Self::PointGroup => ("nhóm tiêu chí", "group of criteria"),
            Self::Check => ("phép kiểm tra", "check"),
            Self::Figure => ("số liệu công bố", "figure"),
            Self::CertificateKind => ("loại chứng nhận", "kind of certificate"),
            Self::Programme => ("chương trình hỗ trợ", "programme"),
            Self::Ceiling => ("mức trần hỗ trợ", "ceiling"),
        };
        Words::new(vi, en)
    }

    /// Whether its ids are names of columns and series, which are written in lower case.
    pub(crate) fn is_column_like(self) -> bool {
        matches!(self, Self::Indicator | Self::Series | Self::Form | Self::Field)
    }

    /// Figures belong to an indicator or to a series, so the two share their names.
    fn space(self) -> Self {
        if self == Self::Series { Self::Indicator } else { self }
    }
}

/// All names of a pack.
#[derive(Default)]
pub(crate) struct Names {
    defined: RefCell<BTreeMap<(Noun, String), (Noun, Spot)>>,
    references: RefCell<Vec<Reference>>,
}

struct Reference {
    noun: Noun,
    name: String,
    spot: Spot,
    from: Words,
}

impl Names {
    /// Defines a name; false, and told, when it is taken.
    pub(crate) fn define(&self, noun: Noun, name: &str, spot: Spot, log: &Log) -> bool {
        let mut defined = self.defined.borrow_mut();
        if let Some((first_noun, first)) = defined.get(&(noun.space(), name.to_owned())) {
            log.error(
                &spot.file,
                spot.span.clone(),
                "pack.duplicate-id",
                words!(
                    "mã {name} của {noun} này đã được dùng",
                    "the id {name} of this {noun} is taken",
                    name = quote(name),
                    noun = noun.words()
                ),
                words!(
                    "{first_noun} ở {line} đã dùng mã này; hãy đặt một mã khác",
                    "the {first_noun} at {line} has it; give this one an id of its own",
                    first_noun = first_noun.words(),
                    line = first.line()
                ),
            );
            return false;
        }
        defined.insert((noun.space(), name.to_owned()), (noun, spot));
        true
    }

    /// Remembers that something refers to a name.
    pub(crate) fn refer(&self, noun: Noun, name: &str, spot: Spot, from: &Words) {
        let reference = Reference { noun, name: name.to_owned(), spot, from: from.clone() };
        self.references.borrow_mut().push(reference);
    }

    /// Where a name is defined.
    pub(crate) fn spot(&self, noun: Noun, name: &str) -> Option<Spot> {
        let defined = self.defined.borrow();
        defined.get(&(noun.space(), name.to_owned())).map(|(_, spot)| spot.clone())
    }

    /// Tells every reference to a name that is not there. A name in a file that is
    /// broken may only be unreadable, so nothing is said about `unsure` nouns.
    pub(crate) fn resolve(&self, unsure: &BTreeSet<Noun>, log: &Log) {
        // The nearest name is looked for among so many, and so often: no plan has more, and a hostile file no hold on us.
        const KNOWN_MAX: usize = 500;
        const SUGGESTIONS_MAX: usize = 100;
        let mut told = 0;
        let defined = self.defined.borrow();
        for Reference { noun, name, spot, from } in self.references.borrow().iter() {
            let found = defined.get(&(noun.space(), name.clone())).map(|(found, _)| *found);
            // A series is not computed, so it cannot measure a target; an indicator has published figures too.
            let fits = found.is_some_and(|f| *noun != Noun::Indicator || f == Noun::Indicator);
            if fits || unsure.contains(noun) {
                continue;
            }
            if found == Some(Noun::Series) {
                log.error(
                    &spot.file,
                    spot.span.clone(),
                    "pack.unknown-name",
                    words!(
                        "{name} là chuỗi số liệu công bố, nhưng {from} cần một chỉ tiêu đo",
                        "{name} is a published series, but {from} needs an indicator",
                        name = quote(name),
                        from
                    ),
                    words!(
                        "nêu một chỉ tiêu đo, tức là số được tính từ sổ đăng ký",
                        "name an indicator, which is computed from the register"
                    ),
                );
                continue;
            }
            let known = defined.iter().filter(|((space, _), (is, _))| {
                *space == noun.space() && (*noun != Noun::Indicator || *is == Noun::Indicator)
            });
            told += 1;
            let most = if told > SUGGESTIONS_MAX { 0 } else { KNOWN_MAX };
            let known: Vec<&str> = known.map(|((_, name), _)| name.as_str()).take(most).collect();
            let remedy = match nearest(name, known.iter().copied()) {
                None if known.is_empty() && most > 0 => {
                    words!(
                        "gói kế hoạch không có {noun} nào",
                        "the pack defines no {noun} at all",
                        noun = noun.words()
                    )
                }
                _ => {
                    let near = suggest(name, known);
                    if near.is_empty() {
                        words!(
                            "bổ sung vào gói, hoặc nêu một {noun} đã có trong gói",
                            "define it, or name a {noun} of the pack",
                            noun = noun.words()
                        )
                    } else {
                        near
                    }
                }
            };
            log.error(
                &spot.file,
                spot.span.clone(),
                "pack.unknown-name",
                words!(
                    "không có {noun} {name} mà {from} dẫn đến",
                    "there is no {noun} {name}, to which {from} refers",
                    noun = noun.words(),
                    name = quote(name),
                    from
                ),
                remedy,
            );
        }
    }
}
