//! The records behind a figure: each in or out, and why.

use axum::extract::State;
use axum::http::header;
use axum::response::{Html, IntoResponse};
use hoptac_engine::board::{Explanation, Record};
use hoptac_model::date;
use hoptac_model::number;
use hoptac_model::organisation::Organisation;
use hoptac_model::pack::Indicator;
use hoptac_model::register::Register;
use hoptac_office::authority::Reading;
use maud::{Markup, html};

use crate::app::{App, View};
use crate::assets;
use crate::error::{PageError, PageResult};
use crate::language::Voice;
use crate::organisation;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};
use crate::row;

/// How many records a page shows.
const PAGE: usize = 50;

/// Which records are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    All,
    In,
    Out,
}

impl Which {
    const ALL: [Self; 3] = [Self::All, Self::In, Self::Out];

    fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::In => "in",
            Self::Out => "out",
        }
    }

    fn shows(self, record: &Record) -> bool {
        match self {
            Self::All => true,
            Self::In => counts(record),
            Self::Out => !counts(record),
        }
    }
}

/// Whether a record counts in the figure: in its numerator, or in the number that it is divided by.
fn counts(record: &Record) -> bool {
    record.in_numerator || record.in_denominator
}

/// `/chi-tieu/{indicator}/ho-so?unit=&year=&as_of=`
pub(crate) async fn page(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let view = app.view(&ask).await?;
    let voice = Voice(ask.language);
    let pack = view.pack();
    // A target's address leads to the records of the indicator that measures it.
    let target = pack.targets.iter().find(|target| target.id.as_str() == id);
    let name = target.map_or(id.as_str(), |target| target.indicator.as_str());
    let Some(indicator) = pack.indicators.iter().find(|i| i.id.as_str() == name) else {
        let known = pack
            .indicators
            .iter()
            .map(|i| {
                let href = ask.for_unit(&format!("/chi-tieu/{}/ho-so", i.id), &[]);
                (href, format!("{} {}", i.id, i.name.get(voice.0)))
            })
            .collect();
        let heading = voice.say_with("error-no-indicator", &[("id", id.as_str().into())]);
        return Err(PageError::not_found(&app, &ask, heading, &id, known));
    };
    let year = match ask.value("year") {
        None => view.board.as_of().year(),
        Some(text) => match text.parse::<i16>() {
            Ok(year) => year,
            Err(_) => return Err(bad_year(&app, &ask, &view, text)),
        },
    };
    let Some(mut explanation) = view.board.explain(&indicator.id, &view.unit.id, year) else {
        return Err(bad_year(&app, &ask, &view, &year.to_string()));
    };
    let all = explanation.records.len();
    let (register, places) = (&view.published.register, &view.published.places);
    explanation.records.retain(|record| {
        let organisation = record.organisation;
        ask.visitor.may_see(Reading::Records, register, places, organisation, view.today)
    });
    let only_part = explanation.records.len() < all;
    let which =
        Which::ALL.into_iter().find(|w| ask.value("show") == Some(w.code())).unwrap_or(Which::All);
    let start = ask.value("from").and_then(|from| from.parse().ok()).unwrap_or(0_usize);
    let list =
        List { view: &view, ask: &ask, voice, indicator, explanation: &explanation, which, start };
    let part = list.draw();
    if ask.part {
        // The same address gives the whole page to whoever comes without the script.
        return Ok(([(header::VARY, "hx-request")], Html(part.into_string())).into_response());
    }
    let heading = list.heading();
    let frame = Frame {
        ask: &ask,
        published: &view.published,
        today: view.today,
        title: heading.clone(),
        here: Here::Indicators,
        board: Some(&view.board),
        unit: Some(&view.unit),
        definition: Some(format!("{}#dinh-nghia", ask.for_unit(&format!("/chi-tieu/{id}"), &[]))),
    };
    let body = html! {
        p class="over" {
            a href=(ask.for_unit(&format!("/chi-tieu/{id}"), &[])) { (indicator.name.get(voice.0)) }
        }
        h1 { (heading) }
        p class="under" { (page::line_under_heading(&view.published, voice, &view.unit, &view.board)) }
        p class="rule-words" { (indicator.definition.get(voice.0)) }
        p class="formula" { code { (explanation.formula) } }
        @if only_part { p class="caution" { (voice.say("records-only-part")) } }
        (part)
        script src=(assets::href("htmx.js")) defer {}
    };
    Ok(page::draw(&frame, &body))
}

/// A year that the board does not have.
fn bad_year(app: &App, ask: &Ask, view: &View, text: &str) -> PageError {
    let voice = Voice(ask.language);
    let years = view.board.years();
    let show = |year: Option<&i16>| year.map_or_else(String::new, ToString::to_string);
    PageError::invalid(
        app,
        ask,
        voice.say("error-year"),
        voice.say_with(
            "error-year-help",
            &[
                ("text", text.into()),
                ("first", show(years.first()).into()),
                ("last", show(years.last()).into()),
            ],
        ),
    )
}

/// The part of the page that a filter or a page number changes.
struct List<'a> {
    view: &'a View,
    ask: &'a Ask,
    voice: Voice,
    indicator: &'a Indicator,
    explanation: &'a Explanation,
    which: Which,
    start: usize,
}

impl List<'_> {
    fn heading(&self) -> String {
        let value = row::amount(self.explanation.cell.value, self.indicator, self.voice.0);
        self.voice.say_with(
            "records-heading",
            &[
                ("count", self.explanation.counted.into()),
                ("shown", whole(self.explanation.counted, self.voice).into()),
                ("value", value.into()),
                ("label", self.indicator.short.get(self.voice.0).into()),
                ("unit", self.view.unit.name.as_str().into()),
                ("day", date::show(self.explanation.on, self.voice.0).into()),
            ],
        )
    }

    fn href(&self, which: Which, start: usize) -> String {
        let path = format!("/chi-tieu/{}/ho-so", self.indicator.id);
        let year = self.explanation.year.to_string();
        let start = start.to_string();
        let mut values = vec![("unit", self.view.unit.id.as_str()), ("year", year.as_str())];
        if which != Which::All {
            values.push(("show", which.code()));
        }
        if start != "0" {
            values.push(("from", start.as_str()));
        }
        self.ask.to(&path, &values)
    }

    fn draw(&self) -> Markup {
        let voice = self.voice;
        let all = &self.explanation.records;
        let chosen: Vec<&Record> = all.iter().filter(|record| self.which.shows(record)).collect();
        let start = self.start.min(chosen.len().saturating_sub(1) / PAGE * PAGE);
        let end = (start + PAGE).min(chosen.len());
        let shown = chosen.get(start..end).unwrap_or_default();
        let quotient = self.indicator.denominator.is_some();
        html! {
            div id="danh-sach" {
                p class="choice" hx-target="#danh-sach" hx-swap="outerHTML" hx-push-url="true" {
                    @for which in Which::ALL {
                        @let href = self.href(which, 0);
                        a href=(href) hx-get=(href) aria-current=[(which == self.which).then_some("true")] { (self.choice(which)) }
                    }
                }
                @if shown.is_empty() {
                    p class="quiet" { (voice.say("records-none")) }
                } @else {
                    table class="records" {
                        thead { tr {
                            th scope="col" { (voice.say("records-organisation")) }
                            th scope="col" { (voice.say("records-place")) }
                            th scope="col" { (voice.say("records-in")) }
                            @if !quotient { th scope="col" class="number" { (voice.say("records-contribution")) } }
                            th scope="col" { (voice.say("records-why")) }
                        } }
                        tbody { @for record in shown { (self.record(record, quotient)) } }
                    }
                }
                p class="pages" hx-target="#danh-sach" hx-swap="outerHTML show:top" hx-push-url="true" {
                    @if start > 0 {
                        @let href = self.href(self.which, start - PAGE);
                        a href=(href) hx-get=(href) rel="prev" { (voice.say("records-previous")) }
                    }
                    @if !shown.is_empty() {
                        span { (voice.say_with("records-range", &[
                            ("first", whole(start + 1, voice).into()),
                            ("last", whole(end, voice).into()),
                            ("all", whole(chosen.len(), voice).into()),
                        ])) }
                    }
                    @if end < chosen.len() {
                        @let href = self.href(self.which, end);
                        a href=(href) hx-get=(href) rel="next" { (voice.say("records-next")) }
                    }
                }
            }
        }
    }

    fn choice(&self, which: Which) -> String {
        let (key, count) = match which {
            Which::All => ("records-all", self.explanation.records.len()),
            Which::In => ("records-only-in", self.explanation.counted),
            Which::Out => ("records-only-out", self.explanation.left_out),
        };
        self.voice.say_with(key, &[("count", whole(count, self.voice).into())])
    }

    fn record(&self, record: &Record, quotient: bool) -> Markup {
        let voice = self.voice;
        let register = &self.view.published.register;
        let organisation = register.organisation(record.organisation);
        let mark = match (record.in_numerator, record.in_denominator, quotient) {
            (true, _, true) => "records-mark-both",
            (false, true, true) => "records-mark-denominator",
            (true, _, false) | (false, true, false) => "records-mark-in",
            (false, false, _) => "records-mark-out",
        };
        html! {
            tr class={ @if counts(record) { "in" } @else { "out" } } {
                th scope="row" class="label" {
                    @if let Some(organisation) = organisation { (name(organisation, self.ask)) }
                }
                td class="place-cell" { (self.seat(register, record.organisation)) }
                td class="mark-cell" data-label=(voice.say("records-in")) { (voice.say(mark)) }
                @if !quotient {
                    td class="number" data-label=(voice.say("records-contribution")) {
                        (number::show_or_dash(record.contribution, self.indicator.decimals, voice.0))
                    }
                }
                td class="why-cell" { (record.why.get(voice.0)) }
            }
        }
    }

    /// Where the seat lies on the geography of the page.
    fn seat(&self, register: &Register, organisation: u32) -> String {
        let on = self.explanation.on;
        let places = &self.view.published.places;
        let day = self.view.board.geography();
        let unit = register.state_on(organisation, on).and_then(|state| {
            let decided = register.seat_decisions.of(organisation);
            places.placing(&state.seat, state.seat_former.as_ref(), decided, day).unit()
        });
        unit.map_or_else(
            || self.voice.say("records-no-place"),
            |unit| places.name_on(unit, day).to_owned(),
        )
    }
}

/// An organisation by its name, which leads to the filings behind it.
fn name(organisation: &Organisation, ask: &Ask) -> Markup {
    html! {
        a href=(organisation::href(ask, &organisation.id.to_string())) { (organisation.name) }
        @if let Some(code) = &organisation.code { " " span class="id" { (code) } }
    }
}

/// A count with its thousands grouped.
fn whole(count: usize, voice: Voice) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts of a nation stay far below 2^53")]
    number::show(count as f64, 0, voice.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(in_numerator: bool, in_denominator: bool) -> Record {
        Record {
            organisation: 0,
            in_numerator,
            in_denominator,
            contribution: None,
            why: hoptac_model::text::Words::default(),
        }
    }

    #[test]
    fn what_is_only_divided_by_counts_too() {
        assert!(Which::In.shows(&record(false, true)));
        assert!(!Which::Out.shows(&record(false, true)));
        assert!(Which::Out.shows(&record(false, false)));
    }
}
