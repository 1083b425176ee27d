//! The overview: which targets will be missed, by how much and where, for the whole plan or one unit.

use axum::extract::State;
use hoptac_engine::board::{Board, Question};
use hoptac_model::date;
use hoptac_model::forecast::Forecast;
use hoptac_model::number;
use hoptac_model::pack::{Break, Pack};
use hoptac_model::scoreboard::{Applies, FigurePoint, Row, Scoreboard};
use hoptac_model::standing::Standing;
use hoptac_model::target::{Scope, Target};
use hoptac_model::text::Language;
use hoptac_model::unit::{Places, Unit};
use hoptac_report::svg::strip::{self, Square};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::{App, View};
use crate::error::PageResult;
use crate::forecast;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::Ask;
use crate::row::Shown;
use crate::task;

/// From which relative difference a published figure and a computed one are said to differ.
const DIFFERS_FROM: f64 = 0.05;
/// How many differences the overview names; each indicator's own page shows all of its.
const DIFFERENCES_SHOWN: usize = 6;

/// `/`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let pack = view.pack();
    let scoreboard = view.board.scoreboard(&view.unit.id).unwrap_or_else(|| nothing(&view));
    let floors = if view.is_whole() {
        // Floors are set for the units of the plan's own geography; today's may have none of that level.
        let question = Question { as_of: view.board.as_of(), geography: pack.setting.geography };
        let board = app.board(&view.published, question).await;
        missed_floors(&board, pack, &view.published.places)
    } else {
        Vec::new()
    };
    let ahead = ahead(&app, &view);
    let heading = heading(&scoreboard, &view, voice);
    let body = html! {
        @if !view.is_whole() { (above(&view, &ask, voice)) }
        h1 { (heading) }
        p class="under" { (page::line_under_heading(&view.published, voice, &view.unit, &view.board)) }
        (page::forecasts_behind(&app, &view, voice))
        (face(&scoreboard, pack, &ask, voice))
        (table(&scoreboard, ahead.as_deref(), pack, &ask, voice))
        @if view.is_whole() { (task::mine(&app, &view, &ask, voice)) }
        div class="columns" {
            (floors_section(&floors, &view, &ask, voice))
            (doubts(&scoreboard, &view, &ask, voice))
        }
        (places(&view, &ask, voice))
    };
    let frame = Frame {
        ask: &ask,
        published: &view.published,
        today: view.today,
        title: heading,
        here: Here::Overview,
        board: Some(&view.board),
        unit: Some(&view.unit),
        definition: Some(ask.to("/chi-tieu", &[])),
    };
    Ok(page::draw(&frame, &body))
}

/// A scoreboard without rows, for a unit of which nothing is known.
pub(crate) fn nothing(view: &View) -> Scoreboard {
    Scoreboard {
        ledger_position: view.board.position(),
        as_of: view.board.as_of(),
        geography: view.board.geography(),
        unit: view.unit.id.clone(),
        synthetic: view.board.has_synthetic(),
        rows: Vec::new(),
    }
}

/// The first line: what matters, from the figures.
pub(crate) fn heading(scoreboard: &Scoreboard, view: &View, voice: Voice) -> String {
    let count = |standing| scoreboard.rows.iter().filter(|r| r.standing == Some(standing)).count();
    let all = scoreboard.rows.iter().filter(|row| row.standing.is_some()).count();
    let known = all - count(Standing::NoData);
    let (off, behind) = (count(Standing::OffTrack), count(Standing::Behind));
    let values = [
        ("all", all.to_string().into()),
        ("off", off.into()),
        ("behind", behind.into()),
        ("good", (known - off - behind).into()),
    ];
    let sentence = match (known, off, behind) {
        (0, ..) => voice.say("overview-no-data"),
        (_, 0, 0) => voice.say_with("overview-all-good", &values),
        (_, 0, _) => voice.say_with("overview-behind", &values),
        (_, _, 0) => voice.say_with("overview-off", &values),
        _ => voice.say_with("overview-off-behind", &values),
    };
    if view.is_whole() {
        sentence
    } else {
        format!("{}: {}", view.unit.name, lower_first(&sentence))
    }
}

/// A sentence that goes on behind a colon. An abbreviation, as THT, keeps its letters.
pub(crate) fn lower_first(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let Some(first) = letters.next() else { return String::new() };
    if letters.clone().next().is_some_and(char::is_uppercase) {
        return sentence.to_owned();
    }
    first.to_lowercase().chain(letters).collect()
}

/// The strip with the words of its colours.
pub(crate) fn face(scoreboard: &Scoreboard, pack: &Pack, ask: &Ask, voice: Voice) -> Markup {
    let groups: Vec<Vec<Square>> = pack
        .headings
        .iter()
        .map(|heading| {
            rows(scoreboard, pack, &heading.id, voice)
                .map(|shown| {
                    let word = shown.row.standing.map_or_else(
                        || voice.say("standing-not-here"),
                        |standing| standing.words().get(voice.0).to_owned(),
                    );
                    Square {
                        standing: shown.row.standing,
                        href: target_href(ask, shown.target),
                        title: format!("{} {}: {word}", shown.target.id, shown.label()),
                    }
                })
                .collect()
        })
        .collect();
    html! {
        div class="face" {
            (strip::draw(&groups, &voice.say("strip-title")))
            ul class="key" {
                @for standing in [Standing::Met, Standing::OnTrack, Standing::Behind, Standing::OffTrack, Standing::NoData] {
                    li { (page::standing(standing, voice.0)) }
                }
            }
        }
    }
}

fn target_href(ask: &Ask, target: &Target) -> String {
    ask.for_unit(&format!("/chi-tieu/{}", target.id), &[])
}

/// The rows of a heading, in plan order.
fn rows<'a>(
    scoreboard: &'a Scoreboard,
    pack: &'a Pack,
    heading: &'a str,
    voice: Voice,
) -> impl Iterator<Item = Shown<'a>> {
    pack.targets.iter().filter(move |target| target.heading == heading).filter_map(move |target| {
        let row = scoreboard.rows.iter().find(|row| row.target == target.id)?;
        let indicator = pack.indicator(&row.indicator)?;
        Some(Shown { target, indicator, row, voice })
    })
}

/// The forecasts of the unit; none while they are being made.
pub(crate) fn ahead(app: &App, view: &View) -> Option<Vec<Forecast>> {
    let forecasts = app.forecasts(&view.published, &view.board)?;
    Some(forecasts.units.get(&view.unit.id).cloned().unwrap_or_default())
}

/// The table of all targets, under the headings of the plan.
pub(crate) fn table(
    scoreboard: &Scoreboard,
    ahead: Option<&[Forecast]>,
    pack: &Pack,
    ask: &Ask,
    voice: Voice,
) -> Markup {
    let years = scoreboard.rows.first().and_then(|row| {
        let (first, last) = (row.series.first()?, row.series.last()?);
        Some(format!("{}–{}", first.year, last.year))
    });
    html! {
        table class="targets" {
            caption class="hidden" { (voice.say("overview-table")) }
            thead {
                tr {
                    th scope="col" { (voice.say("column-target")) }
                    th scope="col" { (years.unwrap_or_default()) }
                    th scope="col" class="bullet-head" {
                        (voice.say("column-bullet")) " "
                        svg class="due-mark" viewBox="0 0 8 6" aria-hidden="true" { path class="due" d="M0 0h8l-4 5.5z" {} }
                        " " (voice.say("column-due"))
                    }
                    th scope="col" class="number" { (voice.say("column-value")) }
                    th scope="col" class="number" { (voice.say("column-goal")) }
                    th scope="col" class="number" { (voice.say("column-missing")) }
                    th scope="col" class="number" { (voice.say("column-chance")) }
                    th scope="col" { (voice.say("column-standing")) }
                }
            }
            @for heading in &pack.headings {
                @let shown: Vec<Shown<'_>> = rows(scoreboard, pack, &heading.id, voice).collect();
                @if !shown.is_empty() {
                    tbody {
                        tr class="group" { th scope="rowgroup" colspan="8" { (heading.title.get(voice.0)) } }
                        @for shown in &shown { (table_row(shown, ahead, ask)) }
                    }
                }
            }
        }
    }
}

fn table_row(shown: &Shown<'_>, ahead: Option<&[Forecast]>, ask: &Ask) -> Markup {
    let voice = shown.voice;
    html! {
        tr id=(shown.target.id) {
            th scope="row" class={ "label" @if shown.target.of_which.is_some() { " of-which" } } {
                a href=(target_href(ask, shown.target)) { (shown.label()) }
                " " span class="id" { (shown.target.id) }
            }
            td class="spark-cell" { (shown.spark()) }
            @if shown.row.applies == Applies::NotHere {
                // A number set for the whole says nothing of a part; a bullet against it would.
                td class="bullet-cell" {}
                td class="number value" data-label=(voice.say("column-value")) { (shown.value()) }
                td class="number goal soft" colspan="3" {
                    (voice.say_with("goal-of-whole", &[("goal", shown.goal().into())]))
                }
            } @else {
                td class="bullet-cell" { (shown.bullet()) }
                td class="number value" data-label=(voice.say("column-value")) { (shown.value()) }
                td class="number goal" data-label=(voice.say("column-goal-lower")) { (shown.goal()) }
                td class="number missing" data-label=(voice.say("column-missing")) { (shown.missing()) }
                td class="number chance" data-label=(voice.say("key-chance")) { (chance_cell(shown, ahead)) }
            }
            td class="standing-cell" {
                (page::standing_with_rule(shown.row.standing, shown.row.rule.get(voice.0), &shown.line_source(), voice))
            }
        }
    }
}

/// The chance that the target is met, or quietly that it is still being made.
fn chance_cell(shown: &Shown<'_>, ahead: Option<&[Forecast]>) -> Markup {
    let Some(all) = ahead else {
        return html! { span class="soft" { (shown.voice.say("forecast-pending")) } };
    };
    let found = all.iter().find(|forecast| forecast.target == shown.target.id);
    html! { (forecast::chance(found.and_then(|forecast| forecast.fan().ok()), shown.voice)) }
}

/// A unit that does not meet a target set for each unit of its level.
struct MissedFloor<'a> {
    unit: &'a Unit,
    target: &'a Target,
    row: Row,
}

/// All units below their floors, the largest gaps first.
fn missed_floors<'a>(board: &Board, pack: &'a Pack, places: &'a Places) -> Vec<MissedFloor<'a>> {
    let mut missed = Vec::new();
    for target in &pack.targets {
        let Scope::Each(level) = target.scope else { continue };
        for id in board.unit_ids() {
            let Some(unit) = places.get(id).filter(|unit| unit.level == level) else { continue };
            let row = board
                .scoreboard(id)
                .and_then(|board| board.rows.into_iter().find(|row| row.target == target.id));
            // On track means that the year is not over and all is well so far.
            let below = |row: &Row| {
                matches!(row.standing, Some(Standing::OffTrack | Standing::Behind))
                    && row.applies == Applies::Directly
            };
            if let Some(row) = row.filter(below) {
                missed.push(MissedFloor { unit, target, row });
            }
        }
    }
    missed.sort_by(|a, b| {
        let gap = |m: &MissedFloor<'_>| m.row.missing.unwrap_or(0.0);
        gap(b).total_cmp(&gap(a)).then_with(|| a.unit.id.cmp(&b.unit.id))
    });
    missed
}

/// Units below their floors, gathered by unit, because it is a unit that acts.
fn floors_section(floors: &[MissedFloor<'_>], view: &View, ask: &Ask, voice: Voice) -> Markup {
    let pack = view.pack();
    let mut units: Vec<&Unit> = Vec::new();
    for missed in floors {
        if !units.iter().any(|unit| unit.id == missed.unit.id) {
            units.push(missed.unit);
        }
    }
    if !view.is_whole() {
        return html! {};
    }
    html! {
        section {
            h2 { (voice.say_with("floors-heading", &[("year", view.board.as_of().year().to_string().into())])) }
            @if units.is_empty() {
                p class="quiet" { (voice.say("floors-none")) }
            }
            ul class="ruled" {
                @for unit in units {
                    @let missed: Vec<Shown<'_>> = floors
                        .iter()
                        .filter(|missed| missed.unit.id == unit.id)
                        .filter_map(|missed| {
                            let indicator = pack.indicator(&missed.row.indicator)?;
                            Some(Shown { target: missed.target, indicator, row: &missed.row, voice })
                        })
                        .collect();
                    li {
                        span {
                            a class="strong" href=(ask.to(&format!("/dia-ban/{}", unit.id), &[])) { (unit.short_name()) }
                            @for (at, shown) in missed.iter().enumerate() {
                                (if at == 0 { " " } else { "; " })
                                (voice.say_with("floors-row", &[
                                    ("label", lower_first(shown.indicator.short.get(voice.0)).into()),
                                    ("value", shown.value().into()),
                                    ("goal", shown.goal().into()),
                                ]))
                            }
                        }
                        span class="end" {
                            (voice.say_with("floors-missing", &[
                                ("missing", missed.iter().map(Shown::missing).collect::<Vec<_>>().join(" + ").into()),
                            ]))
                        }
                    }
                }
            }
            @if view.published.places.children(&view.unit.id, view.board.as_of()).first().is_some_and(|u| u.level == hoptac_model::unit::Level::Commune) {
                p class="note" { (voice.say("floors-note")) }
            }
        }
    }
}

/// A published figure that differs from the value computed for the same day.
pub(crate) struct Difference<'a> {
    pub(crate) figure: &'a FigurePoint,
    pub(crate) computed: f64,
}

/// Published figures beside computed values of the same day, where they differ.
pub(crate) fn differences(row: &Row) -> Vec<Difference<'_>> {
    row.figures
        .iter()
        .filter_map(|figure| {
            let computed = row.series.iter().find(|point| point.on == figure.as_of)?.value?;
            let differs = (computed - figure.value).abs() > DIFFERS_FROM * figure.value.abs();
            differs.then_some(Difference { figure, computed })
        })
        .collect()
}

/// Breaks of the series that the targets of a scoreboard are measured by.
pub(crate) fn breaks<'a>(pack: &'a Pack, row: &'a Row) -> impl Iterator<Item = &'a Break> {
    pack.breaks.iter().filter(|at| at.series == row.indicator)
}

/// What is doubtful: differences, breaks, what has no data and what has no place.
fn doubts(scoreboard: &Scoreboard, view: &View, ask: &Ask, voice: Voice) -> Markup {
    let pack = view.pack();
    let language = voice.0;
    let shown: Vec<Shown<'_>> = pack
        .headings
        .iter()
        .flat_map(|heading| rows(scoreboard, pack, &heading.id, voice))
        .collect();
    let mut differing: Vec<(Shown<'_>, Difference<'_>)> = Vec::new();
    for one in &shown {
        // The latest difference of a target says enough here.
        if let Some(last) = differences(one.row).pop() {
            differing.push((*one, last));
        }
    }
    differing.sort_by_key(|(_, difference)| std::cmp::Reverse(difference.figure.as_of));
    differing.truncate(DIFFERENCES_SHOWN);
    let without: Vec<&Shown<'_>> =
        shown.iter().filter(|one| one.row.standing == Some(Standing::NoData)).collect();
    // What has no place belongs to no unit in particular.
    let unplaced = if view.is_whole() { view.board.unplaced().len() } else { 0 };
    let broken: Vec<(&Shown<'_>, &Break)> = shown
        .iter()
        .flat_map(|one| breaks(pack, one.row).map(move |at| (one, at)))
        .filter(|(_, at)| view.is_whole() && at.from <= view.board.as_of())
        .collect();
    html! {
        section {
            h2 { (voice.say("doubts-heading")) }
            @if differing.is_empty() && broken.is_empty() && without.is_empty() && unplaced == 0 {
                p class="quiet" { (voice.say("doubts-none")) }
            }
            ul class="ruled" {
                @for (one, at) in &broken {
                    li {
                        span {
                            a class="strong" href=(target_href(ask, one.target)) { (one.label()) } " "
                            (voice.say_with("doubts-break", &[("from", show(at.from, language)), ("to", show(at.to, language))]))
                            " " (at.reason.get(language))
                        }
                        span class="end" { (one.target.id) }
                    }
                }
                @for (one, difference) in &differing {
                    li {
                        span {
                            a class="strong" href=(target_href(ask, one.target)) { (one.label()) } " "
                            (voice.say_with("doubts-differs", &[
                                ("day", show(difference.figure.as_of, language)),
                                ("published", one.amount(Some(difference.figure.value)).into()),
                                ("computed", one.amount(Some(difference.computed)).into()),
                            ]))
                        }
                        span class="end" { (one.target.id) }
                    }
                }
                @for one in &without {
                    li {
                        span {
                            a class="strong" href=(target_href(ask, one.target)) { (one.label()) } " "
                            (one.row.rule.get(language))
                        }
                        span class="end" { (one.target.id) }
                    }
                }
                @if unplaced > 0 {
                    li { span { (voice.say_with("doubts-unplaced", &[("count", unplaced.into())])) } }
                }
            }
        }
    }
}

fn show(day: Date, language: Language) -> fluent_bundle::FluentValue<'static> {
    date::show(day, language).into()
}

/// The units above, up to the one whose plan it is.
pub(crate) fn above(view: &View, ask: &Ask, voice: Voice) -> Markup {
    let whole = view.published.plan_unit().map(|unit| unit.id.clone());
    let chain = view.published.places.ancestry(&view.unit.id);
    let reached = chain.iter().position(|unit| Some(&unit.id) == whole.as_ref());
    let mut between: Vec<&Unit> = chain.get(1..reached.unwrap_or(1)).unwrap_or_default().to_vec();
    between.reverse();
    html! {
        p class="over" {
            a href=(ask.to("/", &[])) { (voice.say("whole-unit-link")) }
            @for unit in between {
                " / " a href=(ask.to(&format!("/dia-ban/{}", unit.id), &[])) { (unit.name) }
            }
        }
    }
}

/// The units below, each with its own overview.
fn places(view: &View, ask: &Ask, voice: Voice) -> Markup {
    let places = &view.published.places;
    let below = places.children(&view.unit.id, view.board.geography());
    if below.is_empty() {
        return html! {};
    }
    let mut below = below;
    below.sort_by_key(|unit| hoptac_model::text::fold(unit.short_name()));
    html! {
        section class="below" {
            h2 { (voice.say_with("places-heading", &[("count", number::show(f64::from(u32::try_from(below.len()).unwrap_or(0)), 0, voice.0).into())])) }
            ul class="places" {
                @for unit in below {
                    li { a href=(ask.to(&format!("/dia-ban/{}", unit.id), &[])) { (unit.name) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_behind_a_colon_starts_small() {
        assert_eq!(lower_first("Đã đạt tất cả."), "đã đạt tất cả.");
        assert_eq!(lower_first("THT mới"), "THT mới");
        assert_eq!(lower_first(""), "");
    }
}
