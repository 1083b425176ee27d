//! The grades of a year: how many have which by unit, every organisation with its points, who moved since an earlier year, and
//! what the same year would be by other rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::State;
use hoptac_model::date;
use hoptac_model::grading;
use hoptac_model::grading::year::{self, Cell, Matrix, Scored};
use hoptac_model::number;
use hoptac_model::open_data::Form;
use hoptac_model::organisation::Grade;
use hoptac_model::pack::Ruleset;
use hoptac_model::register::GradeDecision;
use hoptac_model::text::{Words, fold};
use hoptac_model::unit::Unit;
use hoptac_office::authority::Reading;
use hoptac_store::Stage;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::{App, Published};
use crate::csv;
use crate::error::{PageError, PageResult};
use crate::geography;
use crate::kept_view;
use crate::language::Voice;
use crate::organisation;
use crate::page::{self, Frame, Here};
use crate::query::Ask;
use crate::register::choice;

/// How many organisations a page shows.
const PAGE: usize = 50;

/// A question about the grades of a year by other rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    year: i16,
    ruleset: String,
    day: Date,
}

/// A decided grade read by other rules.
#[derive(Clone, Debug)]
pub(crate) struct Reread {
    organisation: u32,
    decided: Grade,
    score_tenths: i32,
    /// The grade of the same total; none for who is not graded by those rules.
    same_total: Option<Grade>,
    /// The grade by the criteria alone; none while some are open that may change it.
    by_criteria: Option<Grade>,
    span: grading::Span,
    because: Vec<Words>,
}

/// `/xep-loai?nam=&tu-nam=&bo-tieu-chi=&xep=&unit=`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let published = app.published();
    let among = seen(&app, &ask, &published);
    let sheet = Sheet::read(&app, &ask, &published, among.as_ref())?;
    let voice = sheet.voice;
    let rescored = sheet.rescored(&app).await?;
    let heading = sheet.heading();
    let views = kept_view::bar(&app, &ask).await?;
    let body = html! {
        h1 { (heading) }
        p class="under" { (sheet.under()) }
        @if published.register.has_synthetic() { p class="caution spaced" { (voice.say("register-synthetic")) } }
        @if among.is_some() { p class="caution spaced" { (voice.say("records-only-part")) } }
        (sheet.filters())
        (views)
        @if sheet.lines.is_empty() {
            div class="empty" {
                p { strong { (voice.say("grades-none")) } }
                p class="soft" { (voice.say("grades-none-help")) }
            }
        } @else {
            (sheet.by_unit())
            (sheet.matrix())
            (sheet.rules(rescored.as_ref().map(|(ruleset, all)| (*ruleset, all.as_slice()))))
            (sheet.list())
        }
    };
    let frame = Frame::new(&app, &ask, &published, Here::Grades, heading);
    Ok(page::draw(&frame, &body))
}

/// `/xep-loai.csv`: one line for each organisation that may be graded; `/xep-loai.csv-metadata.json` says what its columns mean.
pub(crate) async fn as_csv(State(app): State<App>, ask: Ask) -> PageResult {
    let published = app.published();
    let among = seen(&app, &ask, &published);
    let sheet = Sheet::read(&app, &ask, &published, among.as_ref())?;
    let language = sheet.voice.0;
    let columns = vec![
        csv::Column("id", csv::said("register-id"), Form::Text),
        csv::Column("name", csv::said("register-name"), Form::Text),
        csv::Column("code", csv::said("register-code"), Form::Text),
        csv::Column("unit", csv::said("pivot-unit"), Form::Text),
        csv::Column("year", csv::said("organisation-year"), Form::Whole),
        csv::Column("score", csv::said("organisation-score"), Form::Number),
        csv::Column("grade", csv::said("register-grade"), Form::Text),
        csv::Column("ruleset", csv::said("organisation-ruleset"), Form::Text),
        csv::Column("decided", csv::said("organisation-decided"), Form::Day),
    ];
    let row = |line: &Line<'_>| {
        let one = published.register.organisation(line.organisation)?;
        let decided = |of: fn(&GradeDecision) -> String| line.decision.map_or_else(String::new, of);
        Some(vec![
            one.id.to_string(),
            one.name.clone(),
            one.code.clone().unwrap_or_default(),
            line.unit.map_or_else(String::new, |unit| unit.name.clone()),
            sheet.year.to_string(),
            decided(|grade| (f64::from(grade.score_tenths) / 10.0).to_string()),
            line.cell().words().get(language).to_owned(),
            decided(|grade| grade.ruleset.clone()),
            decided(|grade| grade.on.to_string()),
        ])
    };
    let table = csv::Table {
        file: format!("xep-loai-{}.csv", sheet.year),
        title: csv::said("nav-grades"),
        about: csv::said("grades-csv"),
        as_of: sheet.as_of,
        published: &published,
        columns,
        key: &["id"],
        rows: sheet.listed().into_iter().filter_map(row).collect(),
    };
    Ok(table.answer(&ask))
}

/// The organisations whose grades the visitor may see; none where it is all of them.
fn seen(app: &App, ask: &Ask, published: &Published) -> Option<BTreeSet<u32>> {
    let (register, places) = (&published.register, &published.places);
    ask.visitor.among(Reading::Records, register, places, app.today())
}

/// An organisation that may be graded, with what was decided.
#[derive(Clone, Copy)]
struct Line<'a> {
    organisation: u32,
    name: &'a str,
    unit: Option<&'a Unit>,
    decision: Option<&'a GradeDecision>,
}

impl Line<'_> {
    fn cell(&self) -> Cell {
        self.decision.map_or(Cell::Ungraded, |decision| Cell::Graded(decision.grade))
    }
}

/// What is asked and what there is.
struct Sheet<'a> {
    ask: &'a Ask,
    voice: Voice,
    published: &'a Published,
    among: Option<&'a BTreeSet<u32>>,
    as_of: Date,
    geography: Date,
    unit: Option<&'a Unit>,
    /// Years in which something was decided, the last first.
    years: Vec<i16>,
    year: i16,
    /// The year that it is compared with.
    before: i16,
    /// Every cooperative and union of the year, the best first.
    lines: Vec<Line<'a>>,
}

impl<'a> Sheet<'a> {
    fn read(
        app: &App,
        ask: &'a Ask,
        published: &'a Published,
        among: Option<&'a BTreeSet<u32>>,
    ) -> Result<Self, PageError> {
        let register = &published.register;
        let as_of = ask.as_of.unwrap_or_else(|| app.today());
        let (unit, geography) = geography::asked(app, ask, published, as_of)?;
        let decided: BTreeSet<i16> = register
            .grades
            .iter()
            .filter(|grade| grade.on <= as_of)
            .map(|grade| grade.year)
            .collect();
        let years: Vec<i16> = decided.into_iter().rev().collect();
        let number = |name: &str| ask.value(name).and_then(|text| text.parse::<i16>().ok());
        let asked = |name: &str| number(name).filter(|year| (1990..=2200).contains(year));
        let year = asked("nam").or(years.first().copied()).unwrap_or(as_of.year() - 1);
        let before = asked("tu-nam").filter(|before| *before < year).unwrap_or(year - 1);
        let mut sheet = Self {
            ask,
            voice: Voice(ask.language),
            published,
            among,
            as_of,
            geography,
            unit,
            years,
            year,
            before,
            lines: Vec::new(),
        };
        let grades = year::decided(register, year, as_of);
        let all =
            (0..u32::try_from(register.organisations.len()).unwrap_or(u32::MAX)).filter(|index| {
                grades.contains_key(index) || year::is_gradable(register, *index, year)
            });
        let mut lines: Vec<Line<'a>> = all
            .filter(|index| sheet.is_here(*index))
            .filter_map(|organisation| {
                let name = register.organisation(organisation)?.name.as_str();
                let unit = geography::part(published, unit, organisation, (as_of, geography));
                Some(Line {
                    organisation,
                    name,
                    unit,
                    decision: grades.get(&organisation).copied(),
                })
            })
            .collect();
        lines.sort_by_cached_key(|line| {
            let score = line.decision.map(|decision| (decision.grade, decision.score_tenths));
            (std::cmp::Reverse(score), fold(line.name), line.organisation)
        });
        sheet.lines = lines;
        Ok(sheet)
    }

    /// Whether the visitor sees it and it has its seat in the unit that is asked for.
    fn is_here(&self, organisation: u32) -> bool {
        self.among.is_none_or(|some| some.contains(&organisation))
            && self.unit.is_none_or(|_| {
                geography::part(
                    self.published,
                    self.unit,
                    organisation,
                    (self.as_of, self.geography),
                )
                .is_some()
            })
    }

    fn count(&self, count: usize) -> String {
        number::whole(i64::try_from(count).unwrap_or(i64::MAX), self.voice.0)
    }

    fn of(&self, cell: Cell) -> usize {
        self.lines.iter().filter(|line| line.cell() == cell).count()
    }

    fn graded(&self) -> usize {
        self.lines.iter().filter(|line| line.decision.is_some()).count()
    }

    fn heading(&self) -> String {
        let year = self.year.to_string();
        if self.graded() == 0 {
            return self.voice.say_with("grades-heading-none", &[("year", year.into())]);
        }
        let good = self.of(Cell::Graded(Grade::Good)) + self.of(Cell::Graded(Grade::Fair));
        self.voice.say_with(
            "grades-heading",
            &[
                ("year", year.into()),
                ("graded", self.count(self.graded()).into()),
                ("all", self.count(self.lines.len()).into()),
                ("good", self.count(good).into()),
                ("weak", self.count(self.of(Cell::Graded(Grade::Weak))).into()),
            ],
        )
    }

    fn under(&self) -> String {
        let voice = self.voice;
        let mut parts = Vec::new();
        parts.extend(self.unit.map(|unit| unit.name.clone()));
        let day = date::show(self.as_of, voice.0);
        parts.push(voice.say_with("footer-as-of", &[("day", day.into())]));
        parts.push(page::ledger_words(voice, self.published.register.position));
        parts.join(" · ")
    }

    /// The address of this page with some questions asked otherwise; an empty value asks none.
    fn with(&self, path: &str, other: &[(&str, &str)]) -> String {
        let kept = ["nam", "tu-nam", "bo-tieu-chi", "xep"];
        let mut values: Vec<(&str, &str)> =
            kept.iter().filter_map(|name| Some((*name, self.ask.value(name)?))).collect();
        values.retain(|(name, _)| other.iter().all(|(n, _)| n != name));
        values.extend(other.iter().filter(|(_, value)| !value.is_empty()));
        self.ask.for_unit(path, &values)
    }

    fn filters(&self) -> Markup {
        let (voice, ask) = (self.voice, self.ask);
        let carried = ask.carried("").into_iter();
        let carried = carried.filter(|(name, _)| matches!(name.as_str(), "as_of" | "lang" | "xep"));
        let mut years = self.years.clone();
        if !years.contains(&self.year) {
            years.insert(0, self.year);
        }
        let mut earlier: Vec<i16> =
            years.iter().copied().filter(|year| *year < self.year).collect();
        if !earlier.contains(&self.before) {
            earlier.insert(0, self.before);
        }
        let units = geography::options(self.published, self.unit, self.as_of);
        let rulesets = self.published.pack.iter().flat_map(|pack| &pack.rulesets);
        let rulesets =
            rulesets.map(|ruleset| (ruleset.id.as_str(), ruleset.title.get(voice.0).to_owned()));
        html! {
            form class="filter-bar" method="get" action="/xep-loai" {
                @for (name, value) in carried { input type="hidden" name=(name) value=(value); }
                div class="field" {
                    label for="nam" { (voice.say("organisation-year")) }
                    select id="nam" name="nam" { @for year in years { option value=(year) selected[year == self.year] { (year) } } }
                }
                (choice("unit", &voice.say("register-unit"), &voice.say("whole-unit"), self.unit.map(|unit| unit.id.as_str()), units))
                div class="field" {
                    label for="tu-nam" { (voice.say("grades-compare")) }
                    select id="tu-nam" name="tu-nam" { @for year in earlier { option value=(year) selected[year == self.before] { (year) } } }
                }
                (choice("bo-tieu-chi", &voice.say("grades-other-rules"), &voice.say("grades-no-other-rules"), ask.value("bo-tieu-chi"), rulesets))
                button type="submit" { (voice.say("register-show")) }
            }
        }
    }

    /// How many have which grade in each unit, the least good first.
    fn by_unit(&self) -> Markup {
        let voice = self.voice;
        let mut by_unit: BTreeMap<Option<&str>, (Option<&Unit>, Vec<Cell>)> = BTreeMap::new();
        for line in &self.lines {
            let key = line.unit.map(|unit| unit.id.as_str());
            by_unit.entry(key).or_insert((line.unit, Vec::new())).1.push(line.cell());
        }
        let mut rows: Vec<(Option<&Unit>, Vec<Cell>)> = by_unit.into_values().collect();
        rows.sort_by_cached_key(|(unit, cells)| {
            let share = good_share(cells).map(|share| number::show(share, 1, voice.0));
            let rank = good_share(cells).map_or(i32::MAX, thousandths);
            (rank, std::cmp::Reverse(cells.len()), unit.map(|unit| fold(unit.short_name())), share)
        });
        let cells: Vec<Cell> = self.lines.iter().map(Line::cell).collect();
        html! {
            section id="dia-ban" {
                h2 { (voice.say("grades-by-unit")) }
                table class="list lines grades-table" {
                    thead { tr {
                        th scope="col" { (voice.say("pivot-unit")) }
                        @for grade in Grade::ALL { th scope="col" class="number" { (grade.words().get(voice.0)) } }
                        th scope="col" class="number" { (Cell::Ungraded.words().get(voice.0)) }
                        th scope="col" class="number" { (voice.say("grades-good-share")) }
                    } }
                    tbody {
                        tr class="sum" { th scope="row" class="label" { (self.unit.map_or_else(|| voice.say("whole-unit-link"), |unit| unit.name.clone())) } (self.unit_cells(&cells)) }
                        @for (unit, cells) in &rows {
                            tr {
                                th scope="row" class="label" {
                                    @match unit {
                                        Some(unit) => a href=(self.with("/xep-loai", &[("unit", unit.id.as_str())])) { (unit.name) },
                                        None => (voice.say("unknown")),
                                    }
                                }
                                (self.unit_cells(cells))
                            }
                        }
                    }
                }
                p class="note" { (voice.say("grades-share-note")) }
            }
        }
    }

    fn unit_cells(&self, cells: &[Cell]) -> Markup {
        let voice = self.voice;
        let of = |cell: Cell| cells.iter().filter(|one| **one == cell).count();
        html! {
            @for grade in Grade::ALL {
                td class="number" data-label=(grade.words().get(voice.0)) { (self.count(of(Cell::Graded(grade)))) }
            }
            td class="number" data-label=(Cell::Ungraded.words().get(voice.0)) { (self.count(of(Cell::Ungraded))) }
            td class="number" data-label=(voice.say("grades-good-share")) {
                @match good_share(cells) { Some(share) => { (number::show(share, 1, voice.0)) " %" }, None => (number::NO_VALUE) }
            }
        }
    }

    /// Who moved since an earlier year.
    fn matrix(&self) -> Markup {
        let voice = self.voice;
        let years = (self.before, self.year);
        let matrix = Matrix::between(&self.published.register, years, self.as_of, |index| {
            self.is_here(index)
        });
        let (up, same, down) = matrix.moves();
        let whole = |count: i64| number::whole(count, voice.0);
        html! {
            section id="chuyen-dich" {
                h2 { (voice.say_with("grades-matrix", &[("from", self.before.to_string().into()), ("to", self.year.to_string().into())])) }
                p { (voice.say_with("grades-moves", &[("up", whole(up).into()), ("same", whole(same).into()), ("down", whole(down).into())])) }
                table class="list matrix" {
                    thead {
                        tr {
                            th scope="col" { (self.before) " ↓ · " (self.year) " →" }
                            @for to in Cell::ALL { th scope="col" class="number" { (to.words().get(voice.0)) } }
                        }
                    }
                    tbody { @for from in Cell::ALL {
                        tr {
                            th scope="row" class="label" { (from.words().get(voice.0)) }
                            @for to in Cell::ALL {
                                @let count = matrix.count(from, to);
                                td class={ "number" @if from == to { " diagonal" } } data-label=(to.words().get(voice.0)) { @if count == 0 { span class="soft" { (number::NO_VALUE) } } @else { (whole(count)) } }
                            }
                        }
                    } }
                }
                p class="note" { (voice.say("grades-matrix-note")) }
            }
        }
    }

    /// The year read by the ruleset that is asked for.
    async fn rescored(
        &self,
        app: &App,
    ) -> Result<Option<(&'a Ruleset, Arc<Vec<Reread>>)>, PageError> {
        let Some(asked) = self.ask.value("bo-tieu-chi") else { return Ok(None) };
        let Some(pack) = &self.published.pack else { return Ok(None) };
        let Some(ruleset) = pack.rulesets.iter().find(|ruleset| ruleset.id == asked) else {
            let heading = self.voice.say_with("error-no-ruleset", &[("id", asked.into())]);
            let known = pack.rulesets.iter().map(|one| {
                let href = self.with("/xep-loai", &[("bo-tieu-chi", &one.id)]);
                (href, one.title.get(self.voice.0).to_owned())
            });
            return Err(PageError::not_found(app, self.ask, heading, asked, known.collect()));
        };
        let shelf = &self.published.kept.rescored;
        let question = Question { year: self.year, ruleset: ruleset.id.clone(), day: self.as_of };
        if let Some(kept) = shelf.find(&question) {
            return Ok(Some((ruleset, kept)));
        }
        let sheets = match app.store() {
            Some(store) => store
                .sheets(self.year)
                .await
                .map_err(|error| PageError::broken(app, self.ask, &error))?,
            None => Vec::new(),
        };
        let decisions: Vec<Scored<'_>> = sheets
            .iter()
            .filter(|on_file| on_file.stage == Stage::Decision && on_file.on <= self.as_of)
            .map(|on_file| Scored {
                organisation: on_file.organisation,
                ruleset: &on_file.ruleset,
                sheet: &on_file.sheet,
            })
            .collect();
        let all = year::rescore(
            pack,
            ruleset,
            &self.published.register,
            &decisions,
            self.year,
            self.as_of,
        );
        let reread = all.into_iter().map(|one| Reread {
            organisation: one.decision.organisation,
            decided: one.decision.grade,
            score_tenths: one.decision.score_tenths,
            same_total: one.same_total,
            by_criteria: one.by_criteria(ruleset),
            span: one.assessment.span(),
            because: one.because.clone(),
        });
        let reread = Arc::new(reread.collect::<Vec<_>>());
        shelf.keep(question, Arc::clone(&reread));
        Ok(Some((ruleset, reread)))
    }

    /// The year by other rules: how many of each grade, and everybody whose grade would be another.
    fn rules(&self, asked: Option<(&Ruleset, &[Reread])>) -> Markup {
        let voice = self.voice;
        let Some((ruleset, all)) = asked else { return html! {} };
        let own: Vec<&Reread> = all.iter().filter(|one| self.is_here(one.organisation)).collect();
        let moved: Vec<&&Reread> =
            own.iter().filter(|one| one.same_total != Some(one.decided)).collect();
        let of = |grade: Grade| self.count(own.iter().filter(|one| one.decided == grade).count());
        let by = |grade: Option<Grade>| {
            self.count(own.iter().filter(|one| one.same_total == grade).count())
        };
        let words = |grade: Option<Grade>| {
            grade.map_or_else(
                || voice.say("grades-not-graded"),
                |grade| grade.words().get(voice.0).to_owned(),
            )
        };
        html! {
            section id="bo-khac" {
                h2 { (voice.say_with("grades-reread", &[("ruleset", ruleset.title.get(voice.0).into())])) }
                p class="caution" { (voice.say("grades-reread-dry")) }
                table class="list lines one-column" {
                    thead { tr {
                        th scope="col" { (voice.say("register-grade")) }
                        @for grade in Grade::ALL { th scope="col" class="number" { (grade.words().get(voice.0)) } }
                        th scope="col" class="number" { (voice.say("grades-not-graded")) }
                    } }
                    tbody {
                        tr { th scope="row" class="label" { (voice.say("grades-as-decided")) } @for grade in Grade::ALL { td class="number" data-label=(grade.words().get(voice.0)) { (of(grade)) } } td class="number" { (number::NO_VALUE) } }
                        tr {
                            th scope="row" class="label" { (voice.say("grades-same-total")) }
                            @for grade in Grade::ALL { td class="number" data-label=(grade.words().get(voice.0)) { (by(Some(grade))) } }
                            td class="number" data-label=(voice.say("grades-not-graded")) { (by(None)) }
                        }
                    }
                }
                p { (voice.say_with("grades-moved", &[("moved", self.count(moved.len()).into()), ("all", self.count(own.len()).into())])) }
                @if !moved.is_empty() {
                    table class="list lines" {
                        thead { tr {
                            th scope="col" { (voice.say("register-name")) } th scope="col" class="number" { (voice.say("organisation-score")) }
                            th scope="col" { (voice.say("grades-as-decided")) } th scope="col" { (voice.say("grades-same-total")) } th scope="col" { (voice.say("grades-by-criteria")) }
                        } }
                        tbody { @for one in moved.iter().take(PAGE) {
                            tr {
                                th scope="row" class="label" { (self.organisation(one.organisation)) }
                                td class="number" data-label=(voice.say("organisation-score")) { (grading::show_in(one.score_tenths, voice.0)) }
                                td data-label=(voice.say("grades-as-decided")) { (one.decided.words().get(voice.0)) }
                                td data-label=(voice.say("grades-same-total")) {
                                    (words(one.same_total))
                                    @for because in &one.because { br; span class="soft" { (because.get(voice.0)) } }
                                }
                                td data-label=(voice.say("grades-by-criteria")) {
                                    @match one.by_criteria {
                                        Some(grade) => (grade.words().get(voice.0)),
                                        None => { (grading::show_in(one.span.least_tenths, voice.0)) "–" (grading::show_in(one.span.most_tenths, voice.0)) " " (voice.say("grades-points")) },
                                    }
                                }
                            }
                        } }
                    }
                    @if moved.len() > PAGE { p class="note" { (voice.say_with("grades-first", &[("count", self.count(PAGE).into())])) } }
                }
                p class="note" { (voice.say("grades-reread-note")) }
            }
        }
    }

    fn organisation(&self, index: u32) -> Markup {
        let Some(one) = self.published.register.organisation(index) else { return html! {} };
        html! { a href=(organisation::href(self.ask, &one.id.to_string())) { (one.name) } }
    }

    /// The lines that are listed: all, or those of one grade.
    fn listed(&self) -> Vec<&Line<'a>> {
        let asked = self.ask.value("xep");
        let wanted = Cell::ALL.into_iter().find(|cell| Some(cell.code()) == asked);
        self.lines.iter().filter(|line| wanted.is_none_or(|cell| line.cell() == cell)).collect()
    }

    /// Every organisation with its points, each of which leads to where they come from.
    fn list(&self) -> Markup {
        let voice = self.voice;
        let asked = self.ask.value("xep");
        let all = self.listed();
        let from: usize = self.ask.value("from").and_then(|from| from.parse().ok()).unwrap_or(0);
        let start = from.min(all.len().saturating_sub(1)) / PAGE * PAGE;
        let end = (start + PAGE).min(all.len());
        let to = |from: usize| {
            format!("{}#danh-sach", self.with("/xep-loai", &[("from", &from.to_string())]))
        };
        let cells = [
            Cell::Graded(Grade::Good),
            Cell::Graded(Grade::Fair),
            Cell::Graded(Grade::Average),
            Cell::Graded(Grade::Weak),
            Cell::Ungraded,
        ];
        html! {
            section id="danh-sach" {
                h2 { (voice.say("grades-list")) }
                nav class="choice" aria-label=(voice.say("register-grade")) {
                    a href={ (self.with("/xep-loai", &[("xep", "")])) "#danh-sach" } aria-current=[asked.is_none().then_some("true")] { (voice.say("register-any")) }
                    @for cell in cells {
                        a href={ (self.with("/xep-loai", &[("xep", cell.code())])) "#danh-sach" } aria-current=[(asked == Some(cell.code())).then_some("true")] {
                            (cell.words().get(voice.0)) " (" (self.count(self.of(cell))) ")"
                        }
                    }
                }
                @if all.is_empty() { p class="quiet" { (voice.say("register-none")) } } @else {
                    table class="list lines" {
                        thead { tr {
                            th scope="col" { (voice.say("register-name")) } th scope="col" { (voice.say("pivot-unit")) }
                            th scope="col" class="number" { (voice.say("organisation-score")) } th scope="col" { (voice.say("register-grade")) }
                            th scope="col" { (voice.say("organisation-ruleset")) } th scope="col" { (voice.say("organisation-why")) }
                        } }
                        tbody { @for line in all.get(start..end).unwrap_or_default() { (self.line(line)) } }
                    }
                    p class="pages" {
                        @if start > 0 { a href=(to(start - PAGE)) rel="prev" { (voice.say("records-previous")) } }
                        span { (voice.say_with("register-range", &[("first", self.count(start + 1).into()), ("last", self.count(end).into()), ("all", self.count(all.len()).into())])) }
                        @if end < all.len() { a href=(to(end)) rel="next" { (voice.say("records-next")) } }
                        a href=(self.with("/xep-loai.csv", &[])) download { "CSV" }
                        a href=(self.with("/xep-loai.csv", &[("bom", "1")])) download { (voice.say("csv-for-excel")) }
                    }
                }
            }
        }
    }

    fn line(&self, line: &Line<'_>) -> Markup {
        let voice = self.voice;
        let id = self
            .published
            .register
            .organisation(line.organisation)
            .map(|one| one.id.to_string())
            .unwrap_or_default();
        let why = format!(
            "{}#xep-loai",
            self.ask.to(&format!("/to-chuc/{id}"), &[("nam", &self.year.to_string())])
        );
        let rulesets =
            self.published.pack.as_ref().map(|pack| pack.rulesets.as_slice()).unwrap_or_default();
        html! {
            tr {
                th scope="row" class="label" { (self.organisation(line.organisation)) }
                td { (line.unit.map_or_else(|| voice.say("unknown"), |unit| unit.name.clone())) }
                td class="number" data-label=(voice.say("organisation-score")) { (line.decision.map_or_else(|| number::NO_VALUE.to_owned(), |one| grading::show_in(one.score_tenths, voice.0))) }
                td { (line.cell().words().get(voice.0)) }
                td {
                    @if let Some(decision) = line.decision {
                        @let title = rulesets.iter().find(|ruleset| ruleset.id == decision.ruleset).map(|ruleset| ruleset.title.get(voice.0));
                        span class="soft" { (title.unwrap_or(&decision.ruleset)) }
                    }
                }
                td { @if line.decision.is_some() { a href=(why) aria-label=(voice.say_with("grades-why-of", &[("name", line.name.into())])) { (voice.say("grades-why")) } } }
            }
        }
    }
}

/// The share of good and fair among those that have a grade, percent; none where nobody has one.
fn good_share(cells: &[Cell]) -> Option<f64> {
    let graded = cells.iter().filter(|cell| matches!(cell, Cell::Graded(_))).count();
    let good =
        cells.iter().filter(|cell| matches!(cell, Cell::Graded(Grade::Good | Grade::Fair))).count();
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    (graded > 0).then(|| number(good) / number(graded) * 100.0)
}

/// A share as a whole number to sort by.
fn thousandths(share: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "a share is between 0 and 100")]
    let whole = (share * 10.0) as i32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_no_grade_does_not_count_in_the_share() {
        let cells = [Cell::Graded(Grade::Good), Cell::Graded(Grade::Weak), Cell::Ungraded];
        assert_eq!(good_share(&cells), Some(50.0));
        assert_eq!(good_share(&[Cell::Ungraded]), None);
    }
}
