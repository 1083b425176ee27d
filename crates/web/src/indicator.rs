//! One target or indicator: where it stands, how it got there, what it counts, who said so.

use std::collections::BTreeMap;

use axum::extract::State;
use fluent_bundle::FluentValue;
use hoptac_engine::board::{Board, Question};
use hoptac_intake::plan_text;
use hoptac_model::date;
use hoptac_model::fact::Catalogue;
use hoptac_model::forecast::Forecast;
use hoptac_model::formula::Formula;
use hoptac_model::ids::{IndicatorId, UnitId};
use hoptac_model::number;
use hoptac_model::pack::{Indicator, Measure, Pack};
use hoptac_model::scoreboard::{Applies, FigurePoint, Row, SeriesPoint};
use hoptac_model::standing::Standing;
use hoptac_model::target::{Constraint, Horizon, Reading, Scope, Target};
use hoptac_model::unit::{Level, Unit};
use hoptac_report::svg::line::{self, Chart, Goal, SeriesBreak};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::{App, View};
use crate::error::{PageError, PageResult};
use crate::forecast::Outlook;
use crate::language::Voice;
use crate::overview;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};
use crate::row::{self, Shown};

/// How many years the table of units shows, the last ones.
const YEARS_SHOWN: usize = 6;

/// `/chi-tieu/{id}`: a target by its id, or an indicator by its.
pub(crate) async fn page(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let pack = view.pack();
    let voice = Voice(ask.language);
    let target = pack.targets.iter().find(|target| target.id.as_str() == id);
    let reading = target.and_then(|target| reading_asked(target, &ask));
    let indicator = match (target, reading) {
        (_, Some(reading)) => pack.indicator(&reading.indicator),
        (Some(target), None) => pack.indicator(&target.indicator),
        (None, _) => pack.indicators.iter().find(|indicator| indicator.id.as_str() == id),
    };
    let Some(indicator) = indicator else { return Err(no_indicator(&app, &ask, pack, &id)) };
    let scoreboard = view.board.scoreboard(&view.unit.id);
    let row = target
        .and_then(|target| scoreboard.as_ref()?.rows.iter().find(|row| row.target == target.id));
    // A chosen reading is another indicator: the row of the target does not speak of it.
    let chosen = reading.filter(|reading| target.is_some_and(|t| t.indicator != reading.indicator));
    let figures = figures(pack, indicator, &view.unit, view.board.as_of());
    let beside = beside(&app, &view, indicator, &figures).await;
    let forecasts = app.forecasts(&view.published, &view.board);
    let ahead = target
        .filter(|_| chosen.is_none())
        .and_then(|target| forecasts.as_ref()?.find(&view.unit.id, &target.id));
    let card = Card {
        ahead,
        waits: forecasts.is_none() && target.is_some() && chosen.is_none(),
        view: &view,
        ask: &ask,
        voice,
        target,
        indicator,
        row: row.filter(|_| chosen.is_none()),
        applies: row.map(|row| row.applies),
        series: match row.filter(|_| chosen.is_none()) {
            Some(row) => row.series.clone(),
            None => series(&view, target, indicator),
        },
        figures,
        beside,
        chosen,
    };
    let below = below(&app, &view, &ask).await;
    let heading = card.heading();
    let body = html! {
        p class="over" { (card.over()) }
        h1 { (heading) }
        p class="under" { (page::line_under_heading(&view.published, voice, &view.unit, &view.board)) }
        (page::forecasts_behind(&app, &view, voice))
        (card.key_figures())
        div class="columns wide-first" {
            div {
                figure { (line::draw(&card.chart())) }
                (card.rule())
            }
            (card.definition())
        }
        (card.outlook())
        (card.readings())
        (card.published())
        (card.units(&below))
    };
    let frame = Frame {
        ask: &ask,
        published: &view.published,
        today: view.today,
        title: heading,
        here: Here::Indicators,
        board: Some(&view.board),
        unit: Some(&view.unit),
        definition: Some("#dinh-nghia".to_owned()),
    };
    Ok(page::draw(&frame, &body))
}

/// The reading that is asked for, where the target has it.
fn reading_asked<'a>(target: &'a Target, ask: &Ask) -> Option<&'a Reading> {
    let asked = ask.value("reading")?;
    target.readings.iter().find(|reading| reading.id == asked)
}

fn no_indicator(app: &App, ask: &Ask, pack: &Pack, id: &str) -> PageError {
    let voice = Voice(ask.language);
    let targets = pack.targets.iter().map(|t| (t.id.as_str(), t.label.get(voice.0)));
    let indicators = pack.indicators.iter().map(|i| (i.id.as_str(), i.name.get(voice.0)));
    let known = targets
        .chain(indicators)
        .map(|(id, name)| (ask.for_unit(&format!("/chi-tieu/{id}"), &[]), format!("{id} {name}")))
        .collect();
    let heading = voice.say_with("error-no-indicator", &[("id", id.into())]);
    PageError::not_found(app, ask, heading, id, known)
}

/// The computed values of an indicator, as the board has them. Where the target is set for each unit of a level, they
/// are the numbers of units that meet it.
fn series(view: &View, target: Option<&Target>, indicator: &Indicator) -> Vec<SeriesPoint> {
    let board = &view.board;
    let point = |year: i16| SeriesPoint {
        year,
        on: date::year_end(year).min(board.as_of()),
        value: match target.and_then(|target| units_counted(view, target)) {
            Some((units, constraint)) => Some(meeting(board, &units, constraint, indicator, year)),
            None => board.cell(&indicator.id, &view.unit.id, year).and_then(|cell| cell.value),
        },
    };
    board.years().iter().copied().map(point).collect()
}

/// The units that a target is set for one by one, seen from a unit above them.
fn units_counted(view: &View, target: &Target) -> Option<(Vec<UnitId>, Constraint)> {
    let Scope::Each(level) = target.scope else { return None };
    let places = &view.published.places;
    let of_level = |id: &&UnitId| places.get(id).is_some_and(|unit| unit.level == level);
    let below = |id: &&UnitId| places.ancestry(id).iter().skip(1).any(|u| u.id == view.unit.id);
    let units: Vec<UnitId> =
        view.board.unit_ids().filter(of_level).filter(below).cloned().collect();
    (!units.is_empty()).then_some((units, target.constraint))
}

/// What the register gives for the very days that figures were published for. The board of the page has only the ends of
/// years, so each other day has a board of its own, kept like any.
async fn beside(
    app: &App,
    view: &View,
    indicator: &Indicator,
    figures: &[FigurePoint],
) -> BTreeMap<Date, f64> {
    let mut computed = BTreeMap::new();
    for day in figures.iter().map(|figure| figure.as_of) {
        let question = Question { as_of: day, geography: view.board.geography() };
        let board = app.board(&view.published, question).await;
        let cell = board.cell(&indicator.id, &view.unit.id, day.year());
        if let Some(value) = cell.and_then(|cell| cell.value) {
            computed.insert(day, value);
        }
    }
    computed
}

/// How many of the units meet a constraint in a year.
fn meeting(
    board: &Board,
    units: &[UnitId],
    constraint: Constraint,
    indicator: &Indicator,
    year: i16,
) -> f64 {
    let meets = |unit: &&UnitId| {
        let value = board.cell(&indicator.id, unit, year).and_then(|cell| cell.value);
        value.is_some_and(|value| constraint.holds(value, indicator.direction))
    };
    f64::from(u32::try_from(units.iter().filter(meets).count()).unwrap_or(u32::MAX))
}

/// Published figures up to the day; what a plan said of the past as a target is none.
fn figures(pack: &Pack, indicator: &Indicator, unit: &Unit, as_of: Date) -> Vec<FigurePoint> {
    pack.figures_of(&indicator.id, &unit.code)
        .into_iter()
        .filter(|figure| figure.as_of <= as_of && figure.status.is_known())
        .map(|figure| FigurePoint {
            period: figure.period.map_or_else(|| figure.as_of.to_string(), |p| p.to_string()),
            as_of: figure.as_of,
            value: figure.value,
            status: figure.status,
            source: figure.source.clone(),
        })
        .collect()
}

/// Units below the shown one, on the geography that was chosen for the table.
struct Below {
    board: std::sync::Arc<Board>,
    units: Vec<Unit>,
    level: Level,
    /// The levels that can be chosen.
    choices: Vec<Level>,
}

/// Which units the table shows: those of the plan's geography, or today's communes by choice.
async fn below(app: &App, view: &View, ask: &Ask) -> Below {
    let places = &view.published.places;
    let geography = view.board.geography();
    let first = places.children(&view.unit.id, geography);
    let first_level = first.first().map_or(Level::Commune, |unit| unit.level);
    let commune_asked = ask.value("level") == Some("commune") && first_level == Level::District;
    if !commune_asked {
        return Below {
            board: view.board.clone(),
            units: sorted(first.into_iter().cloned().collect()),
            level: first_level,
            choices: if first_level == Level::District {
                vec![Level::District, Level::Commune]
            } else {
                Vec::new()
            },
        };
    }
    // Communes are those of the asked day, which is what an official of that day looks for.
    let day = view.board.as_of();
    let question = Question { as_of: day, geography: places.geography_for(&view.unit, day) };
    let board = app.board(&view.published, question).await;
    let communes = board
        .unit_ids()
        .filter_map(|id| places.get(id))
        .filter(|unit| unit.level == Level::Commune)
        .filter(|unit| places.ancestry(&unit.id).iter().any(|above| above.id == view.unit.id))
        .cloned()
        .collect();
    Below {
        board,
        units: sorted(communes),
        level: Level::Commune,
        choices: vec![Level::District, Level::Commune],
    }
}

fn sorted(mut units: Vec<Unit>) -> Vec<Unit> {
    units.sort_by_key(|unit| hoptac_model::text::fold(unit.short_name()));
    units
}

/// One target or indicator for one unit, with everything that its page shows.
struct Card<'a> {
    view: &'a View,
    ask: &'a Ask,
    voice: Voice,
    target: Option<&'a Target>,
    indicator: &'a Indicator,
    /// The target's row; none for an indicator alone, and where another reading than the usual one is chosen.
    row: Option<&'a Row>,
    series: Vec<SeriesPoint>,
    figures: Vec<FigurePoint>,
    /// What the register gives for the days of the figures.
    beside: BTreeMap<Date, f64>,
    /// How the target speaks to the unit.
    applies: Option<Applies>,
    /// The reading that is chosen instead of the usual one.
    chosen: Option<&'a Reading>,
    /// The target's forecast, once it is made.
    ahead: Option<&'a Forecast>,
    /// Whether it is still being made.
    waits: bool,
}

impl Card<'_> {
    fn shown(&self) -> Option<Shown<'_>> {
        let (target, row) = (self.target?, self.row?);
        Some(Shown { target, indicator: self.indicator, row, voice: self.voice })
    }

    /// The forecast with the words of the page.
    fn forecast(&self) -> Option<Outlook<'_>> {
        let (forecast, target) = (self.ahead?, self.target?);
        let (indicator, voice) = (self.indicator, self.voice);
        Some(Outlook { forecast, indicator, horizon: target.horizon, voice })
    }

    /// What the forecast rests on.
    fn outlook(&self) -> Markup {
        match self.forecast() {
            Some(outlook) => outlook.section(self.view.pack(), &self.view.published.places),
            None if self.waits => html! { p class="help" { (self.voice.say("forecast-waiting")) } },
            None => html! {},
        }
    }

    fn say(&self, key: &str, values: &[(&'static str, FluentValue<'_>)]) -> String {
        self.voice.say_with(key, values)
    }

    fn words<'w>(&self, words: &'w hoptac_model::text::Words) -> &'w str {
        words.get(self.voice.0)
    }

    fn amount(&self, value: Option<f64>) -> String {
        if self.counts_units() {
            number::show_or_dash(value, 0, self.voice.0)
        } else {
            row::amount(value, self.indicator, self.voice.0)
        }
    }

    /// Whether the values are numbers of units that meet the target.
    fn counts_units(&self) -> bool {
        self.target.is_some_and(|target| units_counted(self.view, target).is_some())
    }

    /// What the target asks of the values: of each unit, or that all of them meet it.
    fn asked(&self, target: &Target) -> Constraint {
        units_counted(self.view, target).map_or(target.constraint, |(units, _)| Constraint::All {
            value: f64::from(u32::try_from(units.len()).unwrap_or(u32::MAX)),
        })
    }

    /// The sign behind a value: none where units are counted.
    fn sign(&self) -> &'static str {
        if self.counts_units() { "" } else { self.indicator.sign() }
    }

    fn now(&self) -> Option<f64> {
        self.series.last().and_then(|point| point.value)
    }

    fn year(&self) -> i16 {
        self.view.board.as_of().year()
    }

    /// The line over the heading: which heading of the plan, which id.
    fn over(&self) -> String {
        let pack = self.view.pack();
        if let Some(target) = self.target {
            let heading = pack.headings.iter().find(|heading| heading.id == target.heading);
            let heading = heading.map_or("", |heading| self.words(&heading.title));
            return format!("{heading} · {}", target.id);
        }
        let proxy = self.indicator.proxy_for.is_some();
        let key = if proxy { "indicator-proxy" } else { "indicator-alone" };
        format!("{} · {}", self.voice.say(key), self.indicator.id)
    }

    /// The first line as a sentence.
    fn heading(&self) -> String {
        let Some(shown) = self.shown() else {
            let label = self
                .target
                .map_or_else(|| self.words(&self.indicator.name), |t| self.words(&t.label));
            return self.say(
                if self.now().is_some() {
                    "indicator-heading"
                } else {
                    "indicator-heading-no-data"
                },
                &[("label", label.into()), ("value", self.amount_with_unit(self.now()).into())],
            );
        };
        let values = [
            ("label", shown.label().into()),
            ("goal", shown.goal_in_sentence().into()),
            ("horizon", shown.horizon(self.year()).into()),
            ("value", shown.value().into()),
        ];
        let key = match shown.row.standing {
            Some(Standing::Met) => "heading-met",
            Some(Standing::OnTrack) => "heading-on-track",
            Some(Standing::Behind) => "heading-behind",
            Some(Standing::OffTrack) => "heading-off-track",
            Some(Standing::NoData) => "heading-no-data",
            None => "heading-not-here",
        };
        self.say(key, &values)
    }

    fn amount_with_unit(&self, value: Option<f64>) -> String {
        format!("{} {}", self.amount(value), self.unit_of_value()).trim_end().to_owned()
    }

    fn key_figures(&self) -> Markup {
        let as_of = date::show(self.view.board.as_of(), self.voice.0);
        let mut figures: Vec<(String, String)> = vec![(
            self.amount(self.now()),
            self.say("key-now", &[("unit", self.unit_of_value().into()), ("day", as_of.into())]),
        )];
        if let Some(shown) = self.shown() {
            if self.applies != Some(Applies::NotHere) && shown.row.missing.is_some_and(|m| m > 0.0)
            {
                figures.push((
                    shown.missing(),
                    self.say("key-missing", &[("goal", shown.goal_in_sentence().into())]),
                ));
            }
            if let Some(pace) = self.pace() {
                figures.push((
                    self.say("key-per-year", &[("value", self.decimal(pace.needed).into())]),
                    self.pace_words(&pace),
                ));
            }
            figures.extend(self.forecast().iter().flat_map(Outlook::key_figures));
            if let Some(expected) = shown.row.expected {
                figures.push((self.amount(Some(expected)), self.voice.say("key-expected")));
            }
        }
        let denominator = self.row.map_or_else(
            || {
                self.view
                    .board
                    .cell(&self.indicator.id, &self.view.unit.id, self.year())
                    .map(|c| (c.numerator, c.denominator))
            },
            |row| Some((row.numerator, row.denominator)),
        );
        if let Some((Some(numerator), Some(denominator))) = denominator
            && self.indicator.sign() == "%"
        {
            let part = number::plain(numerator, self.voice.0);
            let whole = number::plain(denominator, self.voice.0);
            figures.push((format!("{part}/{whole}"), self.voice.say("key-quotient")));
        }
        html! {
            dl class="key-figures" {
                @for (value, words) in &figures {
                    div { dt { (words) } dd { (value) } }
                }
            }
        }
    }

    /// What stands behind the value: tổ hợp tác, units that meet it, nothing for a share.
    fn unit_of_value(&self) -> String {
        if self.counts_units() {
            self.voice.say("units-that-meet")
        } else if self.sign().is_empty() {
            self.words(&self.indicator.unit_words()).to_owned()
        } else {
            String::new()
        }
    }

    fn decimal(&self, value: f64) -> String {
        let decimals = if value.abs() < 10.0 {
            self.indicator.decimals.max(1)
        } else {
            self.indicator.decimals
        };
        number::show(value, decimals, self.voice.0)
    }

    /// The pace needed from now, and that of the last three years.
    fn pace(&self) -> Option<Pace> {
        let row = self.row?;
        let Horizon::Year { year } = row.horizon else { return None };
        let missing = row.missing.filter(|missing| *missing > 0.0)?;
        pace(&self.series, missing, date::year_end(year))
    }

    fn pace_words(&self, pace: &Pace) -> String {
        match pace.recent.filter(|recent| *recent > 0.0) {
            Some(recent) => {
                let times = number::show(pace.needed / recent, 1, self.voice.0);
                self.say("key-pace-times", &[("times", times.into())])
            }
            None => self.voice.say("key-pace"),
        }
    }

    fn chart(&self) -> Chart {
        let language = self.voice.0;
        let label =
            self.target.map_or_else(|| self.words(&self.indicator.short), |t| self.words(&t.label));
        let tip = |figure: &FigurePoint| {
            format!(
                "{}: {} ({}). {}",
                date::show(figure.as_of, language),
                self.amount(Some(figure.value)),
                figure.status.words().get(language),
                figure.source
            )
        };
        let shown = self.shown();
        let here = self.applies != Some(Applies::NotHere);
        let goal = shown.filter(|_| here).map(|shown| Goal {
            constraint: shown.row.constraint,
            horizon: shown.row.horizon,
            value: shown.row.constraint.goal(self.indicator.direction),
            standing: shown.row.standing,
            label: shown.goal(),
            pace: self.pace().map_or_else(String::new, |pace| {
                let value = self.decimal(pace.needed);
                self.say("chart-pace", &[("value", value.into())])
            }),
        });
        let goal = goal.or_else(|| {
            // Under another reading the plan asks for the same number; nobody judged it.
            let target = self.target.filter(|_| self.chosen.is_some() && here)?;
            let asked = self.asked(target);
            Some(Goal {
                constraint: asked,
                horizon: target.horizon,
                value: asked.goal(self.indicator.direction),
                standing: None,
                label: asked.words(self.sign(), language),
                pace: String::new(),
            })
        });
        // Counts of units that meet a target are not published as such.
        let figures = if self.counts_units() { &[][..] } else { &self.figures[..] };
        Chart {
            language,
            decimals: self.indicator.decimals,
            title: label.to_owned(),
            description: self.heading(),
            history: self.series.iter().map(|point| (point.on, point.value)).collect(),
            unfinished: self.indicator.measure == Measure::Flow
                && self.view.board.as_of() < date::year_end(self.year()),
            published: figures.iter().map(|f| (f.as_of, f.value, tip(f))).collect(),
            goal,
            line: self
                .row
                .and_then(|row| row.line)
                .map(|line| (line, self.voice.say("chart-line"))),
            breaks: self
                .view
                .pack()
                .breaks
                .iter()
                .filter(|at| at.series == self.indicator.id && self.view.is_whole())
                .map(|at| SeriesBreak {
                    from: at.from,
                    to: at.to,
                    label: self.voice.say("chart-break"),
                })
                .collect(),
            spread: self.forecast().and_then(|outlook| outlook.spread()),
        }
    }

    /// The rule in words, with breaks and notes.
    fn rule(&self) -> Markup {
        let breaks = self
            .view
            .pack()
            .breaks
            .iter()
            .filter(|at| at.series == self.indicator.id && self.view.is_whole());
        html! {
            @if let Some(shown) = self.shown() {
                p class="rule-words" {
                    @if let Some(standing) = shown.row.standing { (page::standing(standing, self.voice.0)) ". " }
                    (self.words(&shown.row.rule))
                    " " (shown.line_source())
                }
            }
            @if let (Some(chosen), Some(target)) = (self.chosen, self.target) {
                p class="caution" {
                    (self.say("reading-chosen", &[("label", self.words(&chosen.label).into())]))
                    " "
                    a href=(self.ask.for_unit(&format!("/chi-tieu/{}", target.id), &[])) { (self.voice.say("reading-back")) }
                }
            }
            @for at in breaks {
                p class="caution" {
                    (self.say("break-words", &[
                        ("from", date::show(at.from, self.voice.0).into()),
                        ("to", date::show(at.to, self.voice.0).into()),
                    ]))
                    " " (self.words(&at.reason))
                }
            }
            p class="more" {
                a href=(self.records_href(&self.view.unit, self.year())) { (self.voice.say("records-link")) }
            }
        }
    }

    fn records_href(&self, unit: &Unit, year: i16) -> String {
        let path = format!("/chi-tieu/{}/ho-so", self.indicator.id);
        let year = year.to_string();
        self.ask.to(&path, &[("unit", unit.id.as_str()), ("year", &year)])
    }

    /// Definition, formula, version, population.
    fn definition(&self) -> Markup {
        let catalogue = Catalogue::new(self.view.pack().annual_return());
        let indicator = self.indicator;
        let words = |text: &str| {
            Formula::parse(text, &catalogue).ok().map(|f| f.to_words(&catalogue, self.voice.0))
        };
        html! {
            section id="dinh-nghia" class="definition" {
                h2 { (self.voice.say("definition-heading")) }
                p { (self.words(&indicator.definition)) }
                @if let Some(target) = self.target {
                    dl class="facts" {
                        dt { (self.voice.say("definition-plan-words")) }
                        dd {
                            // With the document attached the words open onto their sentence.
                            @if self.stands_in_text(target) {
                                a href={ (self.ask.to("/ke-hoach", &[])) "#van-ban-" (target.id) } { "“" (target.words) "”" }
                            } @else {
                                "“" (target.words) "”"
                            }
                            " " span class="soft" { (self.say("definition-place", &[("section", target.place.section.as_str().into())])) }
                        }
                        @if !target.population.is_empty() {
                            dt { (self.voice.say("definition-population")) }
                            dd { (self.words(&target.population)) }
                        }
                        @if !target.note.is_empty() {
                            dt { (self.voice.say("definition-note")) }
                            dd { (self.words(&target.note)) }
                        }
                    }
                }
                dl class="facts" {
                    dt { (self.voice.say("definition-formula")) }
                    dd {
                        @if let Some(words) = words(&indicator.numerator) { p { (words) } }
                        code { (indicator.numerator) }
                        @if let Some(denominator) = &indicator.denominator {
                            p class="over-line" { (self.voice.say("definition-divided")) }
                            @if let Some(words) = words(denominator) { p { (words) } }
                            code { (denominator) }
                        }
                        @if let Some(figure) = &indicator.denominator_figure {
                            p class="over-line" { (self.voice.say("definition-divided")) }
                            p { (self.say("definition-figure", &[("name", self.series_name(figure).into())])) }
                        }
                        @if (indicator.scale - 1.0).abs() > 1e-9 {
                            p class="over-line" { "× " (number::plain(indicator.scale, self.voice.0)) }
                        }
                    }
                    dt { (self.voice.say("definition-version")) }
                    dd { (self.say("definition-version-from", &[
                        ("version", indicator.version.to_string().into()),
                        ("day", date::show(indicator.valid_from, self.voice.0).into()),
                    ])) }
                    @if !indicator.source.is_empty() {
                        dt { (self.voice.say("definition-source")) }
                        dd { (self.words(&indicator.source)) }
                    }
                }
            }
        }
    }

    fn stands_in_text(&self, target: &Target) -> bool {
        let text = self.view.published.text.as_deref();
        text.is_some_and(|text| plan_text::locate(text, &target.words).is_some())
    }

    fn series_name(&self, id: &IndicatorId) -> String {
        let pack = self.view.pack();
        let series = pack.series.iter().find(|series| series.id == *id).map(|series| &series.name);
        let name = series.or_else(|| pack.indicator(id).map(|indicator| &indicator.name));
        name.map_or_else(|| id.to_string(), |name| self.words(name).to_owned())
    }

    /// The readings of the population side by side.
    fn readings(&self) -> Markup {
        let Some(target) = self.target.filter(|target| target.readings.len() > 1) else {
            return html! {};
        };
        let pack = self.view.pack();
        let asked = self.asked(target);
        let not_here = self.applies == Some(Applies::NotHere);
        let taken = self.chosen.map_or(&target.indicator, |chosen| &chosen.indicator);
        html! {
            section {
                h2 { (self.voice.say("readings-heading")) }
                p class="help" { (self.voice.say("readings-help")) }
                table class="readings" {
                    thead { tr {
                        th scope="col" { (self.voice.say("readings-column")) }
                        th scope="col" class="number" { (self.voice.say("column-value")) }
                        th scope="col" { (self.voice.say("readings-holds")) }
                    } }
                    tbody {
                        @for reading in &target.readings {
                            @if let Some(indicator) = pack.indicator(&reading.indicator) {
                                @let value = series(self.view, Some(target), indicator).last().and_then(|point| point.value);
                                tr aria-current=[(reading.indicator == *taken).then_some("true")] {
                                    th scope="row" class="label" {
                                        a href=(self.ask.for_unit(&format!("/chi-tieu/{}", target.id), &[("reading", &reading.id)])) { (self.words(&reading.label)) }
                                        @if reading.indicator == target.indicator { " " span class="id" { (self.voice.say("readings-usual")) } }
                                    }
                                    td class="number" data-label=(self.voice.say("column-value")) {
                                        @if self.counts_units() { (number::show_or_dash(value, 0, self.voice.0)) }
                                        @else { (row::amount(value, indicator, self.voice.0)) }
                                    }
                                    td {
                                        @match value {
                                            // A number set for the whole is asked of no part.
                                            _ if not_here => (number::NO_VALUE),
                                            None => (page::standing(Standing::NoData, self.voice.0)),
                                            Some(value) if asked.holds(value, indicator.direction) => (page::standing(Standing::Met, self.voice.0)),
                                            Some(_) => (self.voice.say("readings-not-yet")),
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Published figures beside what the register gives for the same day.
    fn published(&self) -> Markup {
        if self.figures.is_empty() {
            return html! {};
        }
        let language = self.voice.0;
        html! {
            section {
                h2 { (self.voice.say("published-heading")) }
                table class="published" {
                    thead { tr {
                        th scope="col" { (self.voice.say("published-day")) }
                        th scope="col" class="number" { (self.voice.say("published-value")) }
                        th scope="col" class="number" { (self.voice.say("published-computed")) }
                        th scope="col" class="number" { (self.voice.say("published-difference")) }
                        th scope="col" { (self.voice.say("published-status")) }
                        th scope="col" { (self.voice.say("published-source")) }
                    } }
                    tbody {
                        @for figure in self.figures.iter().rev() {
                            @let here = self.beside.get(&figure.as_of).copied();
                            tr {
                                th scope="row" class="label" { (date::show(figure.as_of, language)) }
                                td class="number" data-label=(self.voice.say("published-value")) { (row::amount(Some(figure.value), self.indicator, language)) }
                                td class="number" data-label=(self.voice.say("published-computed")) { (row::amount(here, self.indicator, language)) }
                                td class="number" data-label=(self.voice.say("published-difference")) {
                                    (signed(here.map(|here| here - figure.value), self.indicator.decimals, self.voice))
                                }
                                td class="firmness" data-label=(self.voice.say("published-status")) { (figure.status.words().get(language)) }
                                td class="source" data-label=(self.voice.say("published-source")) { (figure.source) }
                            }
                        }
                    }
                }
                p class="note" { (self.voice.say("published-note")) }
            }
        }
    }

    /// The units below by year, each figure opening into its records.
    fn units(&self, below: &Below) -> Markup {
        let voice = self.voice;
        if below.units.is_empty() {
            return html! {};
        }
        let years: Vec<i16> = {
            let all = below.board.years();
            all.get(all.len().saturating_sub(YEARS_SHOWN)..).unwrap_or_default().to_vec()
        };
        let here = self.target.map_or(self.indicator.id.as_str(), |target| target.id.as_str());
        let rows: Vec<Option<Row>> =
            below.units.iter().map(|unit| self.row_of(unit, &below.board)).collect();
        // A number for the whole that was not divided judges none of the units; the sentence says so once.
        let judged = rows.iter().flatten().any(|row| row.standing.is_some());
        let not_divided = rows.iter().flatten().next().filter(|_| !judged);
        html! {
            section id="dia-ban" {
                h2 { (self.say("units-heading", &[("level", lower(self.words(&below.level.words())).into())])) }
                @if !below.choices.is_empty() {
                    p class="choice" {
                        @for level in &below.choices {
                            a href={ (self.ask.for_unit(&format!("/chi-tieu/{here}"), &[("level", level.code())])) "#dia-ban" }
                                aria-current=[(*level == below.level).then_some("true")] {
                                (match level {
                                    Level::Commune => self.say("units-communes", &[("day", date::show(self.view.board.as_of(), voice.0).into())]),
                                    Level::District | Level::Province | Level::Nation => self.say("units-districts", &[("day", date::show(self.view.pack().setting.geography, voice.0).into())]),
                                })
                            }
                        }
                    }
                }
                table class="units" {
                    thead { tr {
                        th scope="col" { (self.words(&below.level.words())) }
                        @for year in &years { th scope="col" class="number" { (year) } }
                        @if judged {
                            th scope="col" class="number" { (voice.say("column-missing")) }
                            th scope="col" { (voice.say("column-standing")) }
                        }
                    } }
                    tbody {
                        @for (unit, row) in below.units.iter().zip(&rows) {
                            (self.unit_row(unit, row.as_ref().filter(|_| judged), &years, below))
                        }
                    }
                }
                @if let Some(row) = not_divided { p class="note" { (self.words(&row.rule)) } }
            }
        }
    }

    /// The row of the same target for a unit below.
    fn row_of(&self, unit: &Unit, board: &Board) -> Option<Row> {
        let target = &self.row?.target;
        board.scoreboard(&unit.id)?.rows.into_iter().find(|row| row.target == *target)
    }

    fn unit_row(&self, unit: &Unit, row: Option<&Row>, years: &[i16], below: &Below) -> Markup {
        let voice = self.voice;
        let target = self.target;
        html! {
            tr {
                th scope="row" class="label" {
                    a href=(self.ask.to(&format!("/chi-tieu/{}", target.map_or(self.indicator.id.as_str(), |t| t.id.as_str())), &[("unit", unit.id.as_str())])) { (unit.name) }
                }
                @for year in years {
                    @let value = below.board.cell(&self.indicator.id, &unit.id, *year).and_then(|cell| cell.value);
                    td class="number" data-label=(year) {
                        @match value {
                            Some(value) => a class="figure" href=(self.records_href(unit, *year)) { (row::amount(Some(value), self.indicator, voice.0)) },
                            None => (number::NO_VALUE),
                        }
                    }
                }
                @if let (Some(row), Some(target)) = (row, target) {
                    @let shown = Shown { target, indicator: self.indicator, row, voice };
                    td class="number missing" data-label=(voice.say("column-missing")) { (shown.missing()) }
                    td class="standing-cell" { (page::standing_with_rule(row.standing, row.rule.get(voice.0), "", voice)) }
                }
            }
        }
    }
}

/// The first letter small, for words within a sentence.
fn lower(text: &str) -> String {
    overview::lower_first(text)
}

/// A difference with its sign.
fn signed(value: Option<f64>, decimals: u8, voice: Voice) -> String {
    match value {
        Some(value) if value > 0.0 => format!("+{}", number::show(value, decimals, voice.0)),
        Some(value) => number::show(value, decimals, voice.0),
        None => number::NO_VALUE.to_owned(),
    }
}

/// How fast a value has to change, and how fast it did.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pace {
    /// Per year from now to the horizon.
    needed: f64,
    /// Per year over the last three years; none where the value of three years ago is missing.
    recent: Option<f64>,
}

fn pace(series: &[SeriesPoint], missing: f64, horizon: Date) -> Option<Pace> {
    let now = series.last()?;
    let value = now.value?;
    let days = date::days_between(now.on, horizon);
    if days <= 0 {
        return None;
    }
    let before = series.iter().find(|point| point.year == now.year - 3);
    let recent = before.and_then(|before| {
        let years = f64::from(date::days_between(before.on, now.on)) / 365.25;
        Some((value - before.value?) / years)
    });
    Some(Pace { needed: missing / (f64::from(days) / 365.25), recent })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten more each year up to 100 at the end of 2025.
    fn series() -> Vec<SeriesPoint> {
        (2021..=2025)
            .map(|year| SeriesPoint {
                year,
                on: date::year_end(year),
                value: Some(100.0 - 10.0 * f64::from(2025 - year)),
            })
            .collect()
    }

    #[test]
    fn the_pace_needed_stands_beside_that_of_three_years() {
        let pace = pace(&series(), 100.0, date::year_end(2030)).unwrap();
        assert!((pace.needed - 20.0).abs() < 0.1, "{pace:?}");
        assert!((pace.recent.unwrap() - 10.0).abs() < 0.1, "{pace:?}");
    }
    #[test]
    fn after_the_horizon_there_is_no_pace() {
        assert_eq!(pace(&series(), 100.0, date::year_end(2025)), None);
        assert_eq!(pace(&[], 100.0, date::year_end(2030)), None);
    }
    #[test]
    fn a_difference_carries_its_sign() {
        let voice = Voice(hoptac_model::text::Language::Vi);
        assert_eq!(signed(Some(12.0), 0, voice), "+12");
        assert_eq!(signed(Some(-1200.0), 0, voice), "-1.200");
        assert_eq!(signed(None, 0, voice), "–");
    }
}
