//! The list of what is measured: targets by heading, targets without a number with their tasks, all indicators.

use axum::extract::State;
use hoptac_model::ids::TargetId;
use hoptac_model::number;
use hoptac_model::pack::{Indicator, Pack, Qualitative, Task};
use hoptac_model::scoreboard::Scoreboard;
use maud::{Markup, html};

use crate::app::{App, View};
use crate::error::PageResult;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::Ask;
use crate::row::{self, Shown};

/// `/chi-tieu`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let pack = view.pack();
    let scoreboard = view.board.scoreboard(&view.unit.id);
    let heading = voice.say_with(
        "indicators-heading",
        &[
            ("targets", number::show(count(pack.targets.len()), 0, voice.0).into()),
            ("indicators", number::show(count(pack.indicators.len()), 0, voice.0).into()),
            ("qualitative", number::show(count(pack.qualitative.len()), 0, voice.0).into()),
        ],
    );
    let proxies: Vec<&Indicator> =
        pack.indicators.iter().filter(|i| i.proxy_for.is_some()).collect();
    let others: Vec<&Indicator> =
        pack.indicators.iter().filter(|i| i.proxy_for.is_none()).collect();
    let body = html! {
        h1 { (heading) }
        p class="under" { (page::line_under_heading(&view.published, voice, &view.unit, &view.board)) }
        section {
            h2 { (voice.say("indicators-targets")) }
            @if let Some(scoreboard) = &scoreboard { (targets(scoreboard, pack, &ask, voice)) }
        }
        section {
            h2 { (voice.say("indicators-qualitative")) }
            (qualitative(pack, &ask, voice))
        }
        section {
            h2 { (voice.say("indicators-proxies")) }
            p class="help" { (voice.say("indicators-proxies-help")) }
            (list(&proxies, &view, &ask, voice))
        }
        section {
            h2 { (voice.say("indicators-all")) }
            (list(&others, &view, &ask, voice))
        }
    };
    let frame = Frame {
        ask: &ask,
        published: &view.published,
        today: view.today,
        title: heading,
        here: Here::Indicators,
        board: Some(&view.board),
        unit: Some(&view.unit),
        definition: None,
    };
    Ok(page::draw(&frame, &body))
}

fn count(of: usize) -> f64 {
    f64::from(u32::try_from(of).unwrap_or(u32::MAX))
}

/// All measured targets, with what the plan asks in one sentence each.
fn targets(scoreboard: &Scoreboard, pack: &Pack, ask: &Ask, voice: Voice) -> Markup {
    html! {
        table class="list" {
            thead { tr {
                th scope="col" { (voice.say("column-target")) }
                th scope="col" { (voice.say("column-paraphrase")) }
                th scope="col" class="number" { (voice.say("column-value")) }
                th scope="col" { (voice.say("column-standing")) }
            } }
            tbody {
                @for target in &pack.targets {
                    @let row = scoreboard.rows.iter().find(|row| row.target == target.id);
                    @let indicator = pack.indicator(&target.indicator);
                    @if let (Some(row), Some(indicator)) = (row, indicator) {
                        @let shown = Shown { target, indicator, row, voice };
                        tr {
                            th scope="row" class="label" {
                                a href=(ask.for_unit(&format!("/chi-tieu/{}", target.id), &[])) { (shown.label()) }
                                " " span class="id" { (target.id) }
                            }
                            td class="words" { (target.paraphrase.get(voice.0)) }
                            td class="number" data-label=(voice.say("column-value")) { (shown.value()) }
                            td class="standing-cell" {
                                (page::standing_with_rule(row.standing, row.rule.get(voice.0), "", voice))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Targets without a number, each with the tasks that it is followed through.
pub(crate) fn qualitative(pack: &Pack, ask: &Ask, voice: Voice) -> Markup {
    let tasks = |one: &Qualitative| -> Vec<Task> {
        pack.tasks.iter().filter(|task| one.tasks.contains(&task.id)).cloned().collect()
    };
    html! {
        ul class="ruled" {
            @for one in &pack.qualitative {
                li id=(one.id) class="stacked" {
                    p { (one.paraphrase.get(voice.0)) " " (id_tag(&one.id)) }
                    ul class="plain soft" {
                        @for task in tasks(one) {
                            li { a href={ (ask.to("/ke-hoach", &[])) "#" (task.id) } { (task.title.get(voice.0)) } }
                        }
                    }
                }
            }
        }
    }
}

fn id_tag(id: &TargetId) -> Markup {
    html! { span class="id" { (id) } }
}

/// Indicators with their values now.
fn list(indicators: &[&Indicator], view: &View, ask: &Ask, voice: Voice) -> Markup {
    let year = view.board.as_of().year();
    html! {
        table class="list" {
            thead { tr {
                th scope="col" { (voice.say("column-indicator")) }
                th scope="col" { (voice.say("column-definition")) }
                th scope="col" class="number" { (voice.say("column-value")) }
                th scope="col" { (voice.say("column-unit")) }
            } }
            tbody {
                @for indicator in indicators {
                    @let value = view.board.cell(&indicator.id, &view.unit.id, year).and_then(|cell| cell.value);
                    tr {
                        th scope="row" class="label" {
                            a href=(ask.for_unit(&format!("/chi-tieu/{}", indicator.id), &[])) { (indicator.short.get(voice.0)) }
                            " " span class="id" { (indicator.id) }
                        }
                        td class="words" { (indicator.definition.get(voice.0)) }
                        td class="number" data-label=(voice.say("column-value")) { (row::amount(value, indicator, voice.0)) }
                        td { @if indicator.sign().is_empty() { (indicator.unit_words().get(voice.0)) } }
                    }
                }
            }
        }
    }
}
