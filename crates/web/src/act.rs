//! Who must act: of every target that is not met, what is missing, the pace that is needed against that of late, what it is
//! made of, and whose part it is. For leaders: one page, most urgent first.

use axum::extract::State;
use hoptac_model::forecast::{Forecast, Gap, Pace, Part};
use hoptac_model::ids::UnitId;
use hoptac_model::number;
use hoptac_model::pack::Indicator;
use hoptac_model::scoreboard::{Applies, Row};
use hoptac_model::standing::Standing;
use hoptac_model::target::Target;
use hoptac_model::text::sentence;
use maud::{Markup, html};

use crate::app::{App, View};
use crate::error::PageResult;
use crate::forecast;
use crate::language::Voice;
use crate::overview;
use crate::page::{self, Frame, Here};
use crate::query::Ask;
use crate::routes::{Need, Routes};
use crate::row::Shown;

/// How many units a target names.
const UNITS: usize = 5;

/// The address of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    let progress = Need::Read(hoptac_office::authority::Reading::Progress);
    routes.get("/ai-can-lam", progress, page)
}

/// A target that is not met, with its forecast.
struct Open<'a> {
    target: &'a Target,
    indicator: &'a Indicator,
    row: &'a Row,
    ahead: Option<&'a Forecast>,
}

/// `/ai-can-lam`
async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let pack = view.pack();
    let scoreboard =
        view.board.scoreboard(&view.unit.id).unwrap_or_else(|| overview::nothing(&view));
    let forecasts = app.forecasts(&view.published, &view.board);
    let is_open = |row: &&Row| {
        row.applies != Applies::NotHere
            && matches!(row.standing, Some(Standing::OffTrack | Standing::Behind))
    };
    let mut open: Vec<Open<'_>> = scoreboard
        .rows
        .iter()
        .filter(is_open)
        .filter_map(|row| {
            let target = pack.target(&row.target)?;
            let indicator = pack.indicator(&row.indicator)?;
            let ahead = forecasts.as_ref().and_then(|all| all.find(&view.unit.id, &row.target));
            Some(Open { target, indicator, row, ahead })
        })
        .collect();
    let times = |one: &Open<'_>| {
        one.ahead.and_then(|ahead| ahead.required.as_ref()?.times).unwrap_or(f64::INFINITY)
    };
    open.sort_by(|a, b| a.row.standing.cmp(&b.row.standing).then(times(b).total_cmp(&times(a))));
    let heading = voice.say_with(
        "act-heading",
        &[("count", number::whole(i64::try_from(open.len()).unwrap_or(i64::MAX), voice.0).into())],
    );
    let body = html! {
        (overview::above(&view, &ask, voice))
        h1 { (heading) }
        p class="under" { (page::line_under_heading(&view.published, voice, &view.unit, &view.board)) }
        (page::forecasts_behind(&app, &view, voice))
        @if forecasts.is_none() && !open.is_empty() { p class="caution" { (voice.say("forecast-waiting")) } }
        (agencies(&open, &view, voice))
        @for one in &open { (one.draw(&view, &ask, voice)) }
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

/// What an agency is called.
fn agency(view: &View, id: &str, voice: Voice) -> String {
    let found = view.pack().agencies.iter().find(|agency| agency.id == id);
    found.map_or_else(|| id.to_owned(), |agency| agency.name.get(voice.0).to_owned())
}

/// A target, how much of what is missing falls to an agency, and what is missing in all.
type Share<'a> = (&'a Target, u32, &'a Gap);

/// Each agency with the targets that wait for it.
fn agencies(open: &[Open<'_>], view: &View, voice: Voice) -> Markup {
    let mut leads: Vec<(&str, Vec<Share<'_>>)> = Vec::new();
    for one in open {
        let Some(gap) = one.ahead.and_then(|ahead| ahead.gap.as_ref()) else { continue };
        for (id, part) in gap.agencies.iter().filter(|(_, part)| *part > 0) {
            let entry = (one.target, *part, gap);
            match leads.iter_mut().find(|(known, _)| known == id) {
                Some((_, parts)) => parts.push(entry),
                None => leads.push((id, vec![entry])),
            }
        }
    }
    leads.sort_by_key(|(_, parts)| std::cmp::Reverse(parts.len()));
    html! {
        @if !leads.is_empty() {
            section {
                h2 { (voice.say("act-agencies")) }
                table class="list" {
                    tbody {
                        @for (id, parts) in &leads {
                            tr {
                                th scope="row" class="label" { (agency(view, id, voice)) }
                                td class="words" {
                                    @for (at, (target, part, gap)) in parts.iter().enumerate() {
                                        @if at > 0 { "; " }
                                        a href=(format!("#{}", target.id)) { (target.label.get(voice.0)) }
                                        " +" (number::show(f64::from(*part), 0, voice.0)) " " (gap.of.get(voice.0))
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

impl Open<'_> {
    fn draw(&self, view: &View, ask: &Ask, voice: Voice) -> Markup {
        let shown = Shown { target: self.target, indicator: self.indicator, row: self.row, voice };
        let fan = self.ahead.and_then(|ahead| ahead.fan().ok());
        let required = self.ahead.and_then(|ahead| ahead.required.as_ref());
        html! {
            section id=(self.target.id) {
                h2 {
                    a href=(ask.for_unit(&format!("/chi-tieu/{}", self.target.id), &[])) { (self.target.label.get(voice.0)) }
                    " " span class="id" { (self.target.id) }
                }
                p {
                    @if let Some(standing) = self.row.standing { (page::standing(standing, voice.0)) " · " }
                    (voice.say_with("act-missing", &[
                        ("value", shown.value().into()),
                        ("goal", shown.goal_in_sentence().into()),
                        ("missing", shown.missing().into()),
                        ("chance", forecast::chance(fan, voice).into()),
                    ]))
                }
                @if let Some(pace) = required {
                    p { (pace_sentence(pace, voice)) }
                    @if !pace.parts.is_empty() { (parts(&pace.parts, voice)) }
                }
                @if let Some(gap) = self.ahead.and_then(|ahead| ahead.gap.as_ref()) { (units(gap, view, ask, voice)) }
            }
        }
    }
}

/// What is needed from now on, beside what came of late. A pace a year says nothing of what is due within one.
fn pace_sentence(pace: &Pace, voice: Voice) -> String {
    if pace.years < 1.0 {
        return sentence(&voice.say("act-this-year"));
    }
    let show = |value: f64| number::show(value, 1, voice.0);
    let mut parts = vec![voice.say_with("act-pace", &[("needed", show(pace.per_year).into())])];
    if let Some(late) = pace.of_late {
        parts.push(voice.say_with("act-of-late", &[("late", show(late).into())]));
    }
    if let Some(times) = pace.times {
        parts.push(voice.say_with("act-times", &[("times", show(times).into())]));
    }
    sentence(&parts.join("; "))
}

/// What the pace is made of.
fn parts(parts: &[Part], voice: Voice) -> Markup {
    let cell = |value: Option<f64>| number::show_or_dash(value, 1, voice.0);
    html! {
        table {
            thead { tr {
                th scope="col" { (voice.say("pace-each-year")) }
                th scope="col" class="number" { (voice.say("pace-of-late")) }
                th scope="col" class="number" { (voice.say("pace-expected")) }
                th scope="col" class="number" { (voice.say("pace-needed")) }
            } }
            tbody {
                @for part in parts {
                    tr {
                        th scope="row" class="label" { (part.flow.words().get(voice.0)) }
                        td class="number" data-label=(voice.say("pace-of-late")) { (cell(part.of_late)) }
                        td class="number" data-label=(voice.say("pace-expected")) { (cell(part.expected)) }
                        td class="number" data-label=(voice.say("pace-needed")) { (cell(part.needed)) }
                    }
                }
            }
        }
    }
}

/// The units with the largest parts, in one line.
fn units(gap: &Gap, view: &View, ask: &Ask, voice: Voice) -> Markup {
    let mut units: Vec<&(UnitId, u32)> = gap.units.iter().filter(|(_, part)| *part > 0).collect();
    units.sort_by_key(|(_, part)| std::cmp::Reverse(*part));
    let others = units.len().saturating_sub(UNITS);
    html! {
        @if !units.is_empty() {
            p {
                strong { (voice.say("act-units")) } " "
                @for (at, (id, part)) in units.iter().take(UNITS).enumerate() {
                    @if at > 0 { "; " }
                    @let name = view.published.places.get(id).map_or(id.as_str(), |unit| unit.name.as_str());
                    a href=(ask.to(&format!("/dia-ban/{id}"), &[])) { (name) } " +" (number::show(f64::from(*part), 0, voice.0))
                }
                @if others > 0 { "; " (voice.say_with("gap-others", &[("count", others.to_string().into())])) }
            }
        }
    }
}
