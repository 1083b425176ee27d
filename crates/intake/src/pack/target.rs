//! `plan.toml`, what is asked: objectives, headings, targets with and without a number.

use std::collections::BTreeSet;

use hoptac_model::ids::{IndicatorId, TargetId};
use hoptac_model::organisation::Sector;
use hoptac_model::pack::{Heading, Objective, Qualitative};
use hoptac_model::target::{Baseline, Constraint, Horizon, Reading, Scope, Target};
use hoptac_model::text::Words;
use hoptac_model::unit::Level;
use hoptac_model::words;

use crate::draft::TODO;
use crate::file::quote;
use crate::nearest::list;
use crate::pack::document::{read_place, write_a_share};
use crate::pack::names::Noun;
use crate::pack::toml::{Table, ends_before_it_begins, first_year_first};

/// `[[objective]]`, each with its table for later checks.
pub(crate) fn read_objectives<'a>(root: &Table<'a>) -> Vec<(Objective, Table<'a>)> {
    let read = |table: Table<'a>| {
        const KINDS: [&str; 2] = ["general", "specific"];
        let id = table.must("id").id(Noun::Objective);
        let parent = table.may("parent").refer(Noun::Objective);
        let title = table.words("title");
        let place = read_place(&table);
        let kind = table.must("kind").word(&KINDS);
        let horizon = table.may("horizon").year();
        table.finish();
        let objective = Objective {
            id: id?,
            parent,
            title: title?,
            place: place?,
            horizon,
            general: kind? == 0,
        };
        Some((objective, table))
    };
    root.tables("objective", &Noun::Objective.words()).into_iter().filter_map(read).collect()
}

/// `[[heading]]` of the overview, or `[[section]]` of a form.
pub(crate) fn read_headings(root: &Table<'_>, key: &str, noun: Noun) -> Vec<Heading> {
    let read = |table: Table<'_>| {
        let id = table.must("id").id(noun);
        let title = table.words("title");
        table.finish();
        Some(Heading { id: id?, title: title? })
    };
    root.tables(key, &noun.words()).into_iter().filter_map(read).collect()
}

/// `[[target]]`, each with its table for later checks.
pub(crate) fn read_targets<'a>(root: &Table<'a>, tolerance_about: f64) -> Vec<(Target, Table<'a>)> {
    root.tables("target", &Noun::Target.words())
        .into_iter()
        .filter_map(|table| Some((read_target(&table, tolerance_about)?, table)))
        .collect()
}

fn read_target(table: &Table<'_>, tolerance_about: f64) -> Option<Target> {
    let id = table.must("id").id(Noun::Target);
    let objective = table.must("objective").refer(Noun::Objective);
    let heading = table.must("group").refer(Noun::Heading);
    let indicator = read_indicator(table);
    let words = table.must("words").text();
    let place = read_place(table);
    let label = table.words("label");
    let paraphrase = table.words("paraphrase");
    let constraint = read_constraint(table, tolerance_about);
    let horizon = read_horizon(table);
    let scope = read_scope(table);
    let sector = table
        .may("sector")
        .word(&["agricultural", "non_agricultural"])
        .map(|index| if index == 0 { Sector::Agricultural } else { Sector::NonAgricultural });
    let population = read_population(table);
    let of_which = table.may("of_which").refer(Noun::Target);
    let readings = read_readings(table, indicator.as_deref());
    let baseline = read_baseline(table);
    let note = table.words_or_empty("note");
    table.finish();
    Some(Target {
        id: TargetId::new(id?),
        objective: objective?,
        heading: heading?,
        indicator: IndicatorId::new(indicator?),
        words: words?,
        place: place?,
        label: label?,
        paraphrase: paraphrase?,
        constraint: constraint?,
        horizon: horizon?,
        scope: scope?,
        sector,
        population: population?,
        of_which: of_which.map(TargetId::new),
        readings,
        baseline,
        note,
    })
}

/// The indicator that measures a target. A draft says `TODO` where nobody has chosen one yet; such a target is checked like
/// the others but is no part of what can be adopted.
fn read_indicator(table: &Table<'_>) -> Option<String> {
    if table.may("indicator").text().as_deref() != Some(TODO) {
        return table.must("indicator").refer(Noun::Indicator);
    }
    table.warning(
        "indicator",
        "pack.todo",
        words!(
            "{what} chưa được đo: chỉ tiêu đo còn là {todo}",
            "{what} is not measured yet: its indicator is {todo}",
            what = table.what(),
            todo = TODO
        ),
        words!(
            "nêu chỉ tiêu đo đúng với lời văn, hoặc viết một chỉ tiêu đo mới",
            "name the indicator that measures its words, or write one"
        ),
    );
    None
}

/// `comparator` with the numbers that it needs, and no others.
fn read_constraint(table: &Table<'_>, tolerance_about: f64) -> Option<Constraint> {
    const COMPARATORS: [&str; 8] =
        ["about", "at_least", "more_than", "at_most", "less_than", "between", "exactly", "all"];
    const NUMBERS: [&str; 5] = ["value", "low", "high", "expected_up_to", "tolerance"];
    let index = table.must("comparator").word(&COMPARATORS);
    // Asked for even without a comparator, so that a slip in one number is told as well.
    let [value, low, high, expected_up_to, tolerance] = NUMBERS.map(|key| table.may(key).number());
    let comparator = COMPARATORS.get(index?).copied()?;
    let takes: &[&str] = match comparator {
        "between" => &["low", "high"],
        "about" => &["value", "tolerance"],
        "at_least" => &["value", "expected_up_to"],
        _ => &["value"],
    };
    for key in NUMBERS.iter().filter(|key| table.has(key) && !takes.contains(key)) {
        table.error(
            key,
            "pack.comparator-number",
            words!(
                "phép so sánh `{comparator}` của {what} không dùng `{key}`",
                "the comparator `{comparator}` of {what} takes no `{key}`",
                comparator,
                what = table.what(),
                key
            ),
            words!(
                "phép so sánh này dùng {takes}",
                "it takes {takes}",
                takes = list(takes.iter().copied())
            ),
        );
    }
    let needs: &[&str] = if comparator == "between" { takes } else { &["value"] };
    let lacking: Vec<&str> = needs.iter().copied().filter(|key| !table.has(key)).collect();
    if !lacking.is_empty() && !table.broken() {
        table.error(
            "comparator",
            "pack.comparator-number",
            words!(
                "phép so sánh `{comparator}` của {what} thiếu {lacking}",
                "the comparator `{comparator}` of {what} lacks {lacking}",
                comparator,
                what = table.what(),
                lacking = list(lacking.iter().copied())
            ),
            words!("hãy ghi con số của kế hoạch", "write the number of the plan"),
        );
    }
    if let Some(share) = tolerance
        && !(0.0..1.0).contains(&share)
    {
        let problem = words!(
            "`tolerance` của {what} là {share}",
            "`tolerance` of {what} is {share}",
            what = table.what(),
            share
        );
        table.error("tolerance", "pack.value", problem, write_a_share());
    }
    let swapped = |key: &str, low: f64, high: f64| {
        let problem = words!(
            "khoảng của {what} đi từ {low} xuống {high}",
            "the range of {what} goes from {low} down to {high}",
            what = table.what(),
            low,
            high
        );
        let remedy = words!("hãy ghi số nhỏ trước", "write the smaller number first");
        table.error(key, "pack.range", problem, remedy);
    };
    Some(match comparator {
        "between" => {
            let (low, high) = (low?, high?);
            if low > high {
                swapped("low", low, high);
                return None;
            }
            Constraint::Between { low, high }
        }
        "about" => {
            Constraint::About { value: value?, tolerance: tolerance.unwrap_or(tolerance_about) }
        }
        "at_least" => {
            let value = value?;
            if let Some(up_to) = expected_up_to
                && up_to < value
            {
                swapped("expected_up_to", value, up_to);
            }
            Constraint::AtLeast { value, expected_up_to }
        }
        "more_than" => Constraint::MoreThan { value: value? },
        "at_most" => Constraint::AtMost { value: value? },
        "less_than" => Constraint::LessThan { value: value? },
        "exactly" => Constraint::Exactly { value: value? },
        _ => Constraint::All { value: value? },
    })
}

/// Either `horizon` or `yearly`.
fn read_horizon(table: &Table<'_>) -> Option<Horizon> {
    let year = table.may("horizon").year();
    let yearly = table.may("yearly").table().and_then(|span| {
        let (from, to) = (span.must("from").year(), span.must("to").year());
        span.finish();
        let (from, to) = (from?, to?);
        if to < from {
            let problem = ends_before_it_begins(span.what(), from.into(), to.into());
            span.error("to", "pack.span", problem, first_year_first());
            return None;
        }
        Some(Horizon::Yearly { from, to })
    });
    match (table.has("horizon"), table.has("yearly")) {
        (true, true) => {
            table.error(
                "yearly",
                "pack.horizon",
                words!(
                    "{what} vừa có năm đích vừa tính hằng năm",
                    "{what} has a horizon and is yearly at once",
                    what = table.what()
                ),
                words!(
                    "giữ `horizon` nếu phải đạt vào cuối một năm, `yearly` nếu yêu cầu hằng năm",
                    "keep `horizon` for a state to be reached by the end of a year, `yearly` for what is asked every year"
                ),
            );
            None
        }
        (false, false) => {
            if !table.broken() {
                table.error(
                    "",
                    "pack.horizon",
                    words!(
                        "{what} không nêu thời hạn",
                        "{what} does not say by when",
                        what = table.what()
                    ),
                    words!(
                        "hãy ghi horizon = 2030, hoặc yearly = {{ from = 2023, to = 2030 }}",
                        "write horizon = 2030, or yearly = {{ from = 2023, to = 2030 }}"
                    ),
                );
            }
            None
        }
        (true, false) => year.map(|year| Horizon::Year { year }),
        (false, true) => yearly,
    }
}

/// `province`, or `each:` and a level.
fn read_scope(table: &Table<'_>) -> Option<Scope> {
    let written = table.must("scope").text()?;
    let scope = match written.strip_prefix("each:") {
        None if written == "province" || written == "plan" => Some(Scope::Plan),
        None => None,
        Some(level) => {
            Level::from_code(level).filter(|level| *level != Level::Nation).map(Scope::Each)
        }
    };
    if scope.is_none() {
        table.error(
            "scope",
            "pack.word",
            words!(
                "{written} không phải là phạm vi của {what}",
                "{written} is not a scope of {what}",
                written = quote(&written),
                what = table.what()
            ),
            words!(
                "có thể dùng: `province` (toàn bộ đơn vị của kế hoạch), `each:province`, `each:district`, `each:commune`",
                "known are `province` (the unit of the plan as a whole), `each:province`, `each:district`, `each:commune`"
            ),
        );
    }
    scope
}

/// The population has a finding of its own: a share of nobody knows what is the commonest fault of plans.
fn read_population(table: &Table<'_>) -> Option<Words> {
    if table.has("population_vi") || table.has("population_en") {
        return table.words("population");
    }
    table.may("population_vi");
    table.may("population_en");
    if !table.broken() {
        table.error(
            "",
            "pack.population",
            words!(
                "{what} không nêu đối tượng được tính",
                "{what} does not say who is counted",
                what = table.what()
            ),
            words!(
                "hãy ghi `population_vi` và `population_en`; nếu là tỷ lệ thì nêu trên tổng số nào",
                "write `population_vi` and `population_en`; for a share, out of whom"
            ),
        );
    }
    None
}

/// `readings`, of which the first is the indicator itself.
fn read_readings(table: &Table<'_>, indicator: Option<&str>) -> Vec<Reading> {
    let mut readings: Vec<Reading> = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for (index, part) in
        table.tables("readings", &words!("cách hiểu", "reading")).into_iter().enumerate()
    {
        let id = part.must("id").text();
        let measures = part.must("indicator").refer(Noun::Indicator);
        let label = part.words("label");
        part.finish();
        if let (0, Some(first), Some(indicator)) = (index, &measures, indicator)
            && first != indicator
        {
            part.error(
                "indicator",
                "pack.reading-first",
                words!(
                    "cách hiểu đầu của {what} là {first}, chỉ tiêu đo là {indicator}",
                    "the first reading of {what} is {first}, its indicator is {indicator}",
                    what = table.what(),
                    first = quote(first),
                    indicator = quote(indicator)
                ),
                words!(
                    "cách hiểu đầu được dùng khi chưa chọn cách khác: nêu cùng một chỉ tiêu đo ở cả hai chỗ",
                    "the first reading is the one taken unless another is chosen: name the same indicator in both"
                ),
            );
        }
        if let Some(id) = &id
            && !taken.insert(id.clone())
        {
            let problem = words!(
                "{what} có hai cách hiểu {id}",
                "{what} has two readings {id}",
                what = table.what(),
                id = quote(id)
            );
            let remedy =
                words!("đặt cho mỗi cách hiểu một mã riêng", "give each reading an id of its own");
            part.error("id", "pack.duplicate-id", problem, remedy);
            continue;
        }
        if let (Some(id), Some(measures), Some(label)) = (id, measures, label) {
            readings.push(Reading { id, indicator: IndicatorId::new(measures), label });
        }
    }
    readings
}

/// `baseline = { figure, as_of }` or `{ register }`.
fn read_baseline(table: &Table<'_>) -> Option<Baseline> {
    let part = table.may("baseline").table()?;
    let register = part.may("register").date();
    let figure = part.may("figure").refer(Noun::Series);
    let as_of = part.may("as_of").date();
    part.finish();
    match (part.has("register"), part.has("figure") && part.has("as_of")) {
        (true, false) if !part.has("figure") && !part.has("as_of") => {
            register.map(|as_of| Baseline::Register { as_of })
        }
        (false, true) => {
            Some(Baseline::Figure { series: IndicatorId::new(figure?), as_of: as_of? })
        }
        _ => {
            table.error(
                "baseline",
                "pack.baseline",
                words!(
                    "mốc đầu của {what} không phải số liệu công bố, cũng không phải một ngày của sổ đăng ký",
                    "the baseline of {what} is neither a figure nor a day of the register",
                    what = table.what()
                ),
                words!(
                    "hãy ghi {{ figure = \"groups\", as_of = 2022-12-31 }} hoặc {{ register = 2022-12-31 }}",
                    "write {{ figure = \"groups\", as_of = 2022-12-31 }} or {{ register = 2022-12-31 }}"
                ),
            );
            None
        }
    }
}

/// `[[qualitative]]`.
pub(crate) fn read_qualitative(root: &Table<'_>) -> Vec<Qualitative> {
    let read = |table: Table<'_>| {
        let id = table.must("id").id(Noun::Target);
        let objective = table.must("objective").refer(Noun::Objective);
        let place = read_place(&table);
        let paraphrase = table.words("paraphrase");
        let tasks = table.must("tasks").refer_all(Noun::Task);
        table.finish();
        Some(Qualitative {
            id: TargetId::new(id?),
            objective: objective?,
            place: place?,
            paraphrase: paraphrase?,
            tasks,
        })
    };
    let what = words!("chỉ tiêu định tính", "qualitative target");
    root.tables("qualitative", &what).into_iter().filter_map(read).collect()
}
