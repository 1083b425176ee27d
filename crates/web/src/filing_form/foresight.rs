//! What a filing would change, as the office says it, drawn before it is filed.

use hoptac_engine::board::{Board, Question};
use hoptac_engine::consequence::{figures, standings};
use hoptac_model::consequence::{Consequences, FigureChange};
use hoptac_model::date;
use hoptac_model::number;
use hoptac_model::standing::Standing;
use hoptac_office::consequence::States;
use hoptac_store::KnownOn;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::Published;
use crate::filing_words;
use crate::language::Voice;
use crate::page;
use crate::query::Ask;

/// How many figures and standings are listed.
const LISTED: usize = 12;

/// Compares the boards of a day. Keeps a core busy for a moment.
pub(crate) fn compare(mut states: States, day: Date) -> Consequences {
    if let (Some(before), Some(after)) = (board(&states.before, day), board(&states.after, day)) {
        states.consequences.figures = figures(&before, &after);
        states.consequences.standings = standings(&before, &after);
    }
    states.settle();
    states.consequences
}

/// The board of a state on a day; none without a plan.
fn board(known: &KnownOn, day: Date) -> Option<Board> {
    let plan = &known.plan.as_ref()?.pack;
    let root = known.places.find(&plan.setting.unit, day)?;
    let geography = known.places.geography_for(root, day);
    let question = Question { as_of: day, geography };
    Some(Board::compute(&known.register, &known.places, plan, question))
}

/// The section.
pub(crate) fn draw(foreseen: &Consequences, published: &Published, ask: &Ask) -> Markup {
    let voice = Voice(ask.language);
    let language = ask.language;
    let count = |many: usize| number::whole(i64::try_from(many).unwrap_or(i64::MAX), language);
    let pack = published.pack.as_deref();
    let name =
        |id| published.places.get(id).map_or_else(|| id.to_string(), |unit| unit.name.clone());
    let value = |value: Option<f64>, change: &FigureChange| {
        let indicator = pack.and_then(|pack| pack.indicator(&change.indicator));
        number::show_or_dash(value, indicator.map_or(0, |indicator| indicator.decimals), language)
    };
    let stands = |standing: Option<Standing>| {
        html! { @match standing { Some(standing) => (page::standing(standing, language)), None => (number::NO_VALUE) } }
    };
    // What changes for today comes first; what reads the same before and after need not be read.
    let reads_otherwise =
        |change: &&FigureChange| value(change.before, change) != value(change.after, change);
    let mut changes: Vec<&FigureChange> = foreseen.figures.iter().filter(reads_otherwise).collect();
    changes.sort_by_key(|change| std::cmp::Reverse((change.year, !change.targets.is_empty())));
    html! {
        section class="foreseen" aria-live="polite" {
            h2 { (voice.say("foresee-heading")) }
            p { (voice.say_with("foresee-count", &[
                ("figures", count(foreseen.figures.len()).into()),
                ("standings", count(foreseen.standings.len()).into()),
            ])) }
            ul class="plain" {
                @for filing in &foreseen.later {
                    li { (voice.say_with("foresee-later", &[
                        ("kind", filing_words::title(filing.kind.code(), voice).into()),
                        ("day", date::show(filing.effective_on, language).into()),
                        ("position", filing.position.to_string().into()),
                    ])) }
                }
                @for filed in &foreseen.returns {
                    li { (voice.say_with("foresee-return", &[("year", filed.year.to_string().into())])) }
                }
                @for grade in &foreseen.grades {
                    li { (voice.say_with("foresee-grade", &[
                        ("year", grade.year.to_string().into()),
                        ("grade", grade.grade.words().lower().get(language).to_owned().into()),
                    ])) }
                }
                @for edition in &foreseen.editions {
                    li { (voice.say_with("foresee-edition", &[
                        ("id", edition.id.clone().into()),
                        ("day", date::show(edition.on, language).into()),
                    ])) }
                }
                @if foreseen.editions.is_empty() { li class="soft" { (voice.say("foresee-no-edition")) } }
            }
            @if !foreseen.standings.is_empty() {
                table class="list" {
                    thead { tr {
                        th { (voice.say("foresee-target")) } th { (voice.say("foresee-place")) }
                        th { (voice.say("foresee-now")) } th { (voice.say("foresee-then")) }
                    } }
                    tbody {
                        @for change in foreseen.standings.iter().take(LISTED) {
                            tr {
                                th scope="row" class="label" { (change.target) }
                                td data-label=(voice.say("foresee-place")) { (name(&change.unit)) }
                                td data-label=(voice.say("foresee-now")) { (stands(change.before)) }
                                td data-label=(voice.say("foresee-then")) { (stands(change.after)) }
                            }
                        }
                    }
                }
            }
            @if !changes.is_empty() {
                table class="list" {
                    thead { tr {
                        th { (voice.say("foresee-figure")) } th { (voice.say("foresee-place")) } th { (voice.say("foresee-day")) }
                        th class="number" { (voice.say("foresee-now")) } th class="number" { (voice.say("foresee-then")) }
                    } }
                    tbody {
                        @for change in changes.iter().take(LISTED) {
                            tr {
                                th scope="row" class="label" {
                                    (pack.and_then(|pack| pack.indicator(&change.indicator)).map_or(change.indicator.as_str(), |one| one.name.get(language)))
                                }
                                td data-label=(voice.say("foresee-place")) { (name(&change.unit)) }
                                td data-label=(voice.say("foresee-day")) { (date::show(change.on, language)) }
                                td class="number" data-label=(voice.say("foresee-now")) { (value(change.before, change)) }
                                td class="number" data-label=(voice.say("foresee-then")) { (value(change.after, change)) }
                            }
                        }
                    }
                }
                @if changes.len() > LISTED {
                    p class="soft" { (voice.say_with("foresee-more", &[("count", count(changes.len() - LISTED).into())])) }
                }
            }
        }
    }
}
