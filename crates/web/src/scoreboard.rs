//! The scoreboard of all units: units down, targets across, the most urgent first.

use axum::extract::State;
use hoptac_model::number;
use hoptac_model::open_data::Form;
use hoptac_model::pack::Indicator;
use hoptac_model::scoreboard::{Applies, Row};
use hoptac_model::standing::Standing;
use hoptac_model::target::Target;
use hoptac_model::unit::Unit;
use hoptac_report::svg::{sign, standing_class};
use maud::{Markup, html};

use crate::app::{App, View};
use crate::csv;
use crate::error::PageResult;
use crate::geography::{self, Chosen};
use crate::kept_view;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::Ask;
use crate::register::choice;
use crate::row::Shown;

const STANDINGS: [(Standing, &str); 5] = [
    (Standing::OffTrack, "off"),
    (Standing::Behind, "behind"),
    (Standing::OnTrack, "on"),
    (Standing::Met, "met"),
    (Standing::NoData, "none"),
];

/// `/bang-chi-tieu`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let chosen = geography::choose(&app, &view, &ask).await;
    let pivot = Pivot::new(&view, &chosen, &ask);
    let heading = pivot.heading();
    let views = kept_view::bar(&app, &ask).await?;
    let body = html! {
        h1 { (heading) }
        p class="under" { (page::line_under_heading(&view.published, pivot.voice, &view.unit, &chosen.board)) }
        (pivot.filters())
        (views)
        (pivot.legend())
        (pivot.table())
        p class="pages" {
            a href=(pivot.csv_href("")) download { "CSV" }
            a href=(pivot.csv_href("1")) download { (pivot.voice.say("csv-for-excel")) }
            @if ask.visitor.may_read(hoptac_office::authority::Reading::Export) {
                a href=(ask.for_unit("/bang/scoreboard", &[])) download { "XLSX" }
            }
        }
    };
    let frame = Frame {
        ask: &ask,
        published: &view.published,
        today: view.today,
        title: heading,
        here: Here::Scoreboard,
        board: Some(&chosen.board),
        unit: Some(&view.unit),
        definition: Some(ask.to("/chi-tieu", &[])),
    };
    Ok(page::draw(&frame, &body))
}

/// `/bang-chi-tieu.csv`: one line for each unit and target; `/bang-chi-tieu.csv-metadata.json` says what its columns mean.
pub(crate) async fn as_csv(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let chosen = geography::choose(&app, &view, &ask).await;
    let pivot = Pivot::new(&view, &chosen, &ask);
    let voice = pivot.voice;
    let columns = vec![
        csv::Column("unit", csv::said("pivot-unit-code"), Form::Text),
        csv::Column("unit_name", csv::said("pivot-unit"), Form::Text),
        csv::Column("target", csv::said("pivot-target"), Form::Text),
        csv::Column("target_name", csv::said("column-target"), Form::Text),
        csv::Column("value", csv::said("column-value"), Form::Number),
        csv::Column("goal", csv::said("column-goal"), Form::Text),
        csv::Column("standing", csv::said("column-standing"), Form::Text),
    ];
    let mut rows = Vec::new();
    for line in &pivot.lines {
        for (target, indicator, row) in pivot.cells(line) {
            let shown = Shown { target, indicator, row, voice };
            let asked = row.applies != Applies::NotHere;
            rows.push(vec![
                line.unit.code.clone(),
                line.unit.name.clone(),
                target.id.to_string(),
                shown.label().to_owned(),
                row.value.map_or_else(String::new, |value| value.to_string()),
                if asked { shown.goal() } else { String::new() },
                row.standing.map_or_else(String::new, |s| s.words().get(voice.0).to_owned()),
            ]);
        }
    }
    let table = csv::Table {
        file: "bang-chi-tieu.csv".to_owned(),
        title: csv::said("nav-scoreboard"),
        about: csv::said("pivot-csv"),
        as_of: chosen.board.as_of(),
        published: &view.published,
        columns,
        key: &["unit", "target"],
        rows,
    };
    Ok(table.answer(&ask))
}

/// One unit with its rows.
struct Line<'a> {
    unit: &'a Unit,
    rows: Vec<Row>,
}

impl Line<'_> {
    fn count(&self, standing: Standing) -> usize {
        self.rows.iter().filter(|row| row.standing == Some(standing)).count()
    }
}

struct Pivot<'a> {
    view: &'a View,
    chosen: &'a Chosen,
    ask: &'a Ask,
    voice: Voice,
    /// The targets across, with what measures them.
    targets: Vec<(&'a Target, &'a Indicator)>,
    lines: Vec<Line<'a>>,
}

impl<'a> Pivot<'a> {
    fn new(view: &'a View, chosen: &'a Chosen, ask: &'a Ask) -> Self {
        let pack = view.pack();
        let heading = ask.value("heading");
        let targets: Vec<(&Target, &Indicator)> = pack
            .targets
            .iter()
            .filter(|target| heading.is_none_or(|heading| target.heading == heading))
            .filter_map(|target| Some((target, pack.indicator(&target.indicator)?)))
            .collect();
        let mut lines: Vec<Line<'_>> = chosen
            .units
            .iter()
            .map(|unit| {
                let mut rows = chosen.board.scoreboard(&unit.id).map_or_else(Vec::new, |s| s.rows);
                rows.retain(|row| targets.iter().any(|(target, _)| target.id == row.target));
                Line { unit, rows }
            })
            .collect();
        let asked = ask.value("standing");
        if let Some((standing, _)) = STANDINGS.into_iter().find(|(_, code)| Some(*code) == asked) {
            lines.retain(|line| line.count(standing) > 0);
        }
        if ask.value("sort") != Some("name") {
            // Stable: units that are as urgent stay in the order of their names.
            lines.sort_by_key(|line| {
                let urgent = (line.count(Standing::OffTrack), line.count(Standing::Behind));
                std::cmp::Reverse((urgent, line.count(Standing::NoData)))
            });
        }
        Self { view, chosen, ask, voice: Voice(ask.language), targets, lines }
    }

    /// The cells of a line, target by target, as far as there are values.
    fn cells<'l>(
        &'l self,
        line: &'l Line<'_>,
    ) -> impl Iterator<Item = (&'a Target, &'a Indicator, &'l Row)> {
        self.targets.iter().filter_map(|(target, indicator)| {
            let row = line.rows.iter().find(|row| row.target == target.id)?;
            Some((*target, *indicator, row))
        })
    }

    fn heading(&self) -> String {
        let of = |standing| self.lines.iter().filter(|line| line.count(standing) > 0).count();
        let count = |n: usize| number::whole(i64::try_from(n).unwrap_or(0), self.voice.0);
        let key = if self.lines.is_empty() { "pivot-heading-none" } else { "pivot-heading" };
        self.voice.say_with(
            key,
            &[
                ("units", count(self.lines.len()).into()),
                ("targets", count(self.targets.len()).into()),
                ("off", count(of(Standing::OffTrack)).into()),
                ("behind", count(of(Standing::Behind)).into()),
            ],
        )
    }

    fn kept(&self) -> Vec<(&'a str, &'a str)> {
        ["heading", "standing", "sort", "chieu"]
            .into_iter()
            .filter_map(|name| Some((name, self.ask.value(name)?)))
            .collect()
    }

    fn csv_href(&self, bom: &'static str) -> String {
        let mut values = self.kept();
        values.extend(self.ask.value("level").map(|level| ("level", level)));
        if !bom.is_empty() {
            values.push(("bom", bom));
        }
        self.ask.for_unit("/bang-chi-tieu.csv", &values)
    }

    fn filters(&self) -> Markup {
        let (voice, ask) = (self.voice, self.ask);
        let pack = self.view.pack();
        let carried = ask.carried("").into_iter();
        let carried = carried
            .filter(|(name, _)| matches!(name.as_str(), "as_of" | "lang" | "unit" | "level"));
        let headings =
            pack.headings.iter().map(|h| (h.id.as_str(), h.title.get(voice.0).to_owned()));
        let standings =
            STANDINGS.map(|(standing, code)| (code, standing.words().get(voice.0).to_owned()));
        let sorts = [("name", voice.say("pivot-by-name"))];
        let ways = [("chi-tieu", voice.say("pivot-targets-down"))];
        html! {
            (geography::levels(ask, self.chosen.level, &self.kept(), voice))
            form class="filter-bar" method="get" action="/bang-chi-tieu" {
                @for (name, value) in carried { input type="hidden" name=(name) value=(value); }
                (choice("heading", &voice.say("pivot-part"), &voice.say("register-any"), ask.value("heading"), headings))
                (choice("standing", &voice.say("pivot-having"), &voice.say("register-any"), ask.value("standing"), standings))
                (choice("chieu", &voice.say("pivot-way"), &voice.say("pivot-units-down"), ask.value("chieu"), ways))
                (choice("sort", &voice.say("pivot-sort"), &voice.say("pivot-by-urgency"), ask.value("sort"), sorts))
                button type="submit" { (voice.say("register-show")) }
            }
        }
    }

    fn legend(&self) -> Markup {
        html! {
            ul class="key" {
                @for standing in [Standing::Met, Standing::OnTrack, Standing::Behind, Standing::OffTrack, Standing::NoData] {
                    li { (page::standing(standing, self.voice.0)) }
                }
                li class="soft" { (self.voice.say("pivot-not-here")) }
            }
        }
    }

    fn table(&self) -> Markup {
        let voice = self.voice;
        if self.lines.is_empty() {
            return html! { div class="empty" { p { strong { (voice.say("pivot-heading-none")) } } p class="soft" { (voice.say("register-none-help-short")) } } };
        }
        if self.ask.value("chieu") == Some("chi-tieu") {
            return self.turned();
        }
        html! {
            div class="pivot-box" tabindex="0" role="region" aria-label=(voice.say("nav-scoreboard")) {
                table class="pivot" {
                    thead { tr {
                        th scope="col" { (voice.say("pivot-unit")) }
                        th scope="col" class="number" { (voice.say("pivot-urgent")) }
                        @for (target, _) in &self.targets {
                            th scope="col" class="turned" {
                                a href=(self.ask.for_unit(&format!("/chi-tieu/{}", target.id), &[])) title=(target.label.get(voice.0)) { (target.id) }
                            }
                        }
                    } }
                    tbody { @for line in &self.lines { (self.line(line)) } }
                }
            }
        }
    }

    fn line(&self, line: &Line<'_>) -> Markup {
        let unit = line.unit;
        html! {
            tr {
                th scope="row" class="label" { a href=(self.ask.to(&format!("/dia-ban/{}", unit.id), &[])) { (unit.name) } }
                (self.urgent(line.rows.iter()))
                @for (target, indicator) in &self.targets {
                    @match line.rows.iter().find(|row| row.target == target.id) {
                        Some(row) => (self.cell(unit, row.target.as_str(), &Shown { target, indicator, row, voice: self.voice })),
                        None => td class="not-here" {},
                    }
                }
            }
        }
    }

    /// Targets down and units across, the targets that are missed in most units first.
    fn turned(&self) -> Markup {
        let voice = self.voice;
        let mut rows: Vec<_> = self
            .targets
            .iter()
            .map(|pair| {
                let of = |line: &'_ Line<'_>| -> Option<usize> {
                    line.rows.iter().position(|row| row.target == pair.0.id)
                };
                let cells: Vec<Option<&Row>> =
                    self.lines.iter().map(|line| line.rows.get(of(line)?)).collect();
                (pair, cells)
            })
            .collect();
        if self.ask.value("sort") != Some("name") {
            // Stable: targets that are missed as often stay in the order of the plan.
            rows.sort_by_key(|(_, cells)| {
                let of = |standing| {
                    cells.iter().flatten().filter(|row| row.standing == Some(standing)).count()
                };
                std::cmp::Reverse((
                    of(Standing::OffTrack),
                    of(Standing::Behind),
                    of(Standing::NoData),
                ))
            });
        }
        html! {
            div class="pivot-box" tabindex="0" role="region" aria-label=(voice.say("nav-scoreboard")) {
                table class="pivot" {
                    thead { tr {
                        th scope="col" { (voice.say("column-target")) }
                        th scope="col" class="number" { (voice.say("pivot-urgent")) }
                        @for line in &self.lines {
                            th scope="col" class="turned" {
                                a href=(self.ask.to(&format!("/dia-ban/{}", line.unit.id), &[])) { (line.unit.short_name()) }
                            }
                        }
                    } }
                    tbody {
                        @for ((target, indicator), cells) in &rows {
                            tr {
                                th scope="row" class="label" {
                                    a href=(self.ask.for_unit(&format!("/chi-tieu/{}", target.id), &[])) { (target.label.get(voice.0)) }
                                    " " span class="id" { (target.id) }
                                }
                                (self.urgent(cells.iter().copied().flatten()))
                                @for (line, cell) in self.lines.iter().zip(cells) {
                                    @match cell {
                                        Some(row) => (self.cell(line.unit, line.unit.short_name(), &Shown { target, indicator, row, voice })),
                                        None => td class="not-here" {},
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// How many of a line are off track, and behind.
    fn urgent<'r>(&self, rows: impl Iterator<Item = &'r Row>) -> Markup {
        let (mut off, mut behind) = (0_usize, 0_usize);
        for row in rows {
            match row.standing {
                Some(Standing::OffTrack) => off += 1,
                Some(Standing::Behind) => behind += 1,
                Some(_) | None => {}
            }
        }
        html! {
            td class="number urgent" data-label=(self.voice.say("pivot-urgent")) {
                @if off + behind == 0 { span class="soft" { (number::NO_VALUE) } }
                @if off > 0 { span class="standing s-off" { (sign::draw(Standing::OffTrack)) span class="hidden" { (Standing::OffTrack.words().get(self.voice.0)) } (off) } }
                @if off > 0 && behind > 0 { " " }
                @if behind > 0 { span class="standing s-behind" { (sign::draw(Standing::Behind)) span class="hidden" { (Standing::Behind.words().get(self.voice.0)) } (behind) } }
            }
        }
    }

    /// A cell, which a phone tells apart by its name.
    fn cell(&self, unit: &Unit, name: &str, shown: &Shown<'_>) -> Markup {
        let row = shown.row;
        let href = self.ask.to(&format!("/chi-tieu/{}", row.target), &[("unit", unit.id.as_str())]);
        let bare = number::show_or_dash(
            row.value,
            if shown.counts_units() { 0 } else { shown.indicator.decimals },
            self.voice.0,
        );
        let Some(standing) = row.standing else {
            return html! {
                td class="cell not-here" data-label=(name) {
                    a href=(href) title={ (shown.label()) ": " (shown.value()) } { (bare) }
                }
            };
        };
        let words = format!(
            "{}: {}, {} {}. {}",
            shown.label(),
            shown.value(),
            self.voice.say("column-goal-lower"),
            shown.goal(),
            standing.words().get(self.voice.0)
        );
        html! {
            td class={ "cell " (standing_class(Some(standing))) } data-label=(name) {
                a href=(href) title=(words) {
                    (sign::draw(standing)) span class="hidden" { (standing.words().get(self.voice.0)) " " }
                    @if row.value.is_some() { span { (bare) } }
                }
            }
        }
    }
}
