//! Errors as pages: a sentence that says what is wrong, and a way on.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hoptac_model::date::{self, DateError};
use hoptac_model::text::fold;
use maud::html;

use crate::app::{App, Published};
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::Ask;

/// What a handler gives: a page, or an error that becomes one.
pub(crate) type PageResult = Result<Response, PageError>;

/// An error with everything that its page needs.
#[derive(Debug)]
pub(crate) struct PageError {
    published: Arc<Published>,
    today: jiff::civil::Date,
    ask: Box<Ask>,
    problem: Box<Problem>,
}

/// What went wrong.
#[derive(Debug)]
enum Problem {
    /// There is nothing at this address.
    NoPage,
    /// What was named does not exist; these come nearest: address and name.
    NotFound { heading: String, nearest: Vec<(String, String)> },
    /// What was written cannot be read.
    Invalid { heading: String, sentence: String },
    /// No plan was adopted yet.
    NoPlan,
    /// What was handed in cannot be taken; the way on leads back to where it came from.
    Refused { status: StatusCode, heading: String, sentence: String, way: (String, String) },
    /// Something failed that the asker cannot mend.
    Broken,
}

impl PageError {
    fn new(app: &App, ask: Ask, problem: Problem) -> Self {
        Self {
            published: app.published(),
            today: app.today(),
            ask: Box::new(ask),
            problem: Box::new(problem),
        }
    }

    /// A day that cannot be read.
    pub(crate) fn bad_date(app: &App, ask: Ask, error: &DateError) -> Self {
        let voice = Voice(ask.language);
        let heading = voice.say("error-date");
        let sentence = match error {
            DateError::Form(text) => {
                voice.say_with("error-date-form", &[("text", text.as_str().into())])
            }
            DateError::Month { text, month } => voice.say_with(
                "error-date-month",
                &[("text", text.as_str().into()), ("month", month.to_string().into())],
            ),
            DateError::Day { text, year, month, last } => voice.say_with(
                "error-date-day",
                &[
                    ("text", text.as_str().into()),
                    ("year", year.to_string().into()),
                    ("month", month.to_string().into()),
                    ("last", last.to_string().into()),
                ],
            ),
        };
        Self::new(app, ask, Problem::Invalid { heading, sentence })
    }

    /// A value of the query that cannot be read.
    pub(crate) fn invalid(app: &App, ask: &Ask, heading: String, sentence: String) -> Self {
        Self::new(app, ask.clone(), Problem::Invalid { heading, sentence })
    }

    /// An address behind which there is nothing.
    pub(crate) fn no_page(app: &App, ask: Ask) -> Self {
        Self::new(app, ask, Problem::NoPage)
    }

    /// Something that is named but does not exist. `known` are addresses and names to choose the nearest from.
    pub(crate) fn not_found(
        app: &App,
        ask: &Ask,
        heading: String,
        written: &str,
        known: Vec<(String, String)>,
    ) -> Self {
        let nearest = nearest(written, known);
        Self::new(app, ask.clone(), Problem::NotFound { heading, nearest })
    }

    /// What was handed in cannot be taken. `way` is the address and the name of where to try again.
    pub(crate) fn refused(
        app: &App,
        ask: &Ask,
        status: StatusCode,
        heading: String,
        sentence: String,
        way: (String, String),
    ) -> Self {
        Self::new(app, ask.clone(), Problem::Refused { status, heading, sentence, way })
    }

    /// Something failed that the asker cannot mend; what it was stands in the log.
    pub(crate) fn broken(app: &App, ask: &Ask, error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "answering {}", ask.path);
        Self::new(app, ask.clone(), Problem::Broken)
    }

    /// No plan was adopted yet.
    pub(crate) fn no_plan(app: &App, ask: &Ask) -> Self {
        Self::new(app, ask.clone(), Problem::NoPlan)
    }
}

/// The five names that share most with what was written: a number or a word of it, else the first letters.
fn nearest(written: &str, known: Vec<(String, String)>) -> Vec<(String, String)> {
    let written = fold(written);
    let mut ranked: Vec<(usize, (String, String))> = known
        .into_iter()
        .map(|(href, name)| (likeness(&written, &fold(&name)), (href, name)))
        .filter(|(likeness, _)| *likeness > 0)
        .collect();
    ranked.sort_by_key(|(likeness, _)| std::cmp::Reverse(*likeness));
    ranked.into_iter().map(|(_, link)| link).take(5).collect()
}

/// How many pairs of neighbouring letters two folded texts share.
fn likeness(a: &str, b: &str) -> usize {
    let pairs = |text: &str| -> Vec<(char, char)> {
        text.chars().zip(text.chars().skip(1)).filter(|(x, y)| *x != ' ' && *y != ' ').collect()
    };
    let mut of_b = pairs(b);
    pairs(a)
        .into_iter()
        .filter(|pair| {
            of_b.iter().position(|other| other == pair).map(|at| of_b.swap_remove(at)).is_some()
        })
        .count()
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let voice = Voice(self.ask.language);
        let (status, heading) = match &*self.problem {
            Problem::NoPage => (StatusCode::NOT_FOUND, voice.say("error-no-page")),
            Problem::NotFound { heading, .. } => (StatusCode::NOT_FOUND, heading.clone()),
            Problem::Invalid { heading, .. } => (StatusCode::BAD_REQUEST, heading.clone()),
            Problem::NoPlan => (StatusCode::NOT_FOUND, voice.say("error-no-plan")),
            Problem::Refused { status, heading, .. } => (*status, heading.clone()),
            Problem::Broken => (StatusCode::INTERNAL_SERVER_ERROR, voice.say("error-broken")),
        };
        let ask = &self.ask;
        let year = self.today.year();
        let last_year = date::year_end(year - 1);
        let body = html! {
            h1 { (heading) }
            @match &*self.problem {
                Problem::NoPage => p { (voice.say("error-no-page-help")) },
                Problem::NotFound { nearest, .. } if nearest.is_empty() => {
                    p { (voice.say("error-not-found-help")) }
                }
                Problem::NotFound { nearest, .. } => {
                    p { (voice.say("error-nearest")) }
                    ul class="plain" {
                        @for (href, name) in nearest { li { a href=(href) { (name) } } }
                    }
                }
                Problem::Invalid { sentence, .. } => p { (sentence) },
                Problem::NoPlan => p { (voice.say("error-no-plan-help")) },
                Problem::Refused { sentence, .. } => p { (sentence) },
                Problem::Broken => p { (voice.say("error-broken-help")) },
            }
            p class="ways" {
                @if let Problem::Refused { way: (href, name), .. } = &*self.problem {
                    a class="button" href=(href) { (name) } " "
                }
                a class=[(!matches!(*self.problem, Problem::Refused { .. })).then_some("button")] href=(ask.to("/", &[])) { (voice.say("error-way-overview")) }
                @if matches!(*self.problem, Problem::Invalid { .. }) {
                    a href=(ask.on(Some(last_year))) {
                        (voice.say_with("error-way-day", &[("day", date::show(last_year, ask.language).into())]))
                    }
                } @else {
                    a href=(ask.to("/chi-tieu", &[])) { (voice.say("nav-indicators")) }
                    a href=(ask.to("/ke-hoach", &[])) { (voice.say("nav-plan")) }
                }
            }
        };
        let frame = Frame {
            ask,
            published: &self.published,
            today: self.today,
            title: heading,
            here: Here::Nowhere,
            board: None,
            unit: None,
            definition: None,
        };
        (status, page::draw(&frame, &body)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_comes_first() {
        let known = ["Huyện Bắc Sơn", "Huyện Bình Gia", "Huyện Văn Lãng"];
        let known = known.into_iter().map(|n| (String::new(), n.to_owned())).collect();
        let names: Vec<String> = nearest("binh za", known).into_iter().map(|(_, n)| n).collect();
        assert_eq!(names.first().map(String::as_str), Some("Huyện Bình Gia"));
    }
    #[test]
    fn nothing_alike_is_not_offered() {
        assert_eq!(nearest("xyz", vec![(String::new(), "Huyện".to_owned())]), vec![]);
    }
}
