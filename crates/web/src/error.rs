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
use crate::routes::Need;

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
    /// It was not done, for a reason that has a status of its own; the way on leads back to where it can be tried again.
    Refused { status: StatusCode, heading: String, sentence: String, way: Option<(String, String)> },
    /// Something failed that the asker cannot mend; the log has the cause under the reference.
    Broken { reference: String },
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
        Self::new(app, ask.clone(), Problem::Refused { status, heading, sentence, way: Some(way) })
    }

    /// Something that the visitor's roles do not include. The page says whose it is.
    pub(crate) fn forbidden(app: &App, ask: Ask, need: Need) -> Self {
        let voice = Voice(ask.language);
        let roles: Vec<String> =
            need.roles().map(|role| role.words().get(ask.language).to_owned()).collect();
        let sentence =
            voice.say_with("error-forbidden-help", &[("roles", roles.join("; ").into())]);
        Self::turned_away(app, ask, StatusCode::FORBIDDEN, "error-forbidden", sentence)
    }

    /// A form that another site sent.
    pub(crate) fn foreign_form(app: &App, ask: Ask) -> Self {
        let sentence = Voice(ask.language).say("error-foreign-form-help");
        Self::turned_away(app, ask, StatusCode::FORBIDDEN, "error-foreign-form", sentence)
    }

    /// A form without its token, or with one that is no longer good.
    pub(crate) fn stale_form(app: &App, ask: Ask) -> Self {
        let sentence = Voice(ask.language).say("error-stale-form-help");
        Self::turned_away(app, ask, StatusCode::FORBIDDEN, "error-stale-form", sentence)
    }

    /// A form that did not arrive in time.
    pub(crate) fn slow_form(app: &App, ask: Ask) -> Self {
        let sentence = Voice(ask.language).say("error-slow-form-help");
        Self::turned_away(app, ask, StatusCode::REQUEST_TIMEOUT, "error-slow-form", sentence)
    }

    /// A form that is too large.
    pub(crate) fn large_form(app: &App, ask: Ask) -> Self {
        let sentence = Voice(ask.language).say("error-large-form-help");
        Self::turned_away(app, ask, StatusCode::PAYLOAD_TOO_LARGE, "error-large-form", sentence)
    }

    /// Something that only works once somebody is signed in.
    pub(crate) fn sign_in_first(app: &App, ask: Ask) -> Self {
        let sentence = Voice(ask.language).say("error-sign-in-help");
        Self::turned_away(app, ask, StatusCode::UNAUTHORIZED, "error-sign-in", sentence)
    }

    /// Something failed that the asker cannot mend. What, is in the log under the reference that the page shows; the page
    /// says no more. Where another only holds the database, or its disk is full, the page says so.
    pub(crate) fn broken(app: &App, ask: &Ask, error: &(dyn std::error::Error + 'static)) -> Self {
        if is_busy(error) {
            tracing::warn!(error = %chain(error), "answering {}", ask.path);
            let sentence = Voice(ask.language).say("error-busy-help");
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Self::turned_away(app, ask.clone(), status, "error-busy", sentence);
        }
        let reference = app.reference();
        tracing::error!(%reference, error = %chain(error), "answering {}", ask.path);
        if is_full(error) {
            let reference = [("reference", reference.into())];
            let sentence = Voice(ask.language).say_with("error-full-help", &reference);
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Self::turned_away(app, ask.clone(), status, "error-full", sentence);
        }
        Self::new(app, ask.clone(), Problem::Broken { reference })
    }

    fn turned_away(app: &App, ask: Ask, status: StatusCode, key: &str, sentence: String) -> Self {
        let heading = Voice(ask.language).say(key);
        Self::new(app, ask, Problem::Refused { status, heading, sentence, way: None })
    }

    /// No plan was adopted yet.
    pub(crate) fn no_plan(app: &App, ask: &Ask) -> Self {
        Self::new(app, ask.clone(), Problem::NoPlan)
    }
}

/// Whether it is only that another writes to the database just now.
pub(crate) fn is_busy(error: &(dyn std::error::Error + 'static)) -> bool {
    comes_of(error, |error| matches!(error, hoptac_store::Error::Busy))
}

/// Whether it is that the disk of the database has no room left.
pub(crate) fn is_full(error: &(dyn std::error::Error + 'static)) -> bool {
    comes_of(error, |error| matches!(error, hoptac_store::Error::DiskFull))
}

/// Whether an error, or one behind it, is such a one of the store.
fn comes_of(
    error: &(dyn std::error::Error + 'static),
    is_it: fn(&hoptac_store::Error) -> bool,
) -> bool {
    let here = error.downcast_ref().is_some_and(is_it);
    here || error.source().is_some_and(|source| comes_of(source, is_it))
}

/// An error with everything behind it, as one sentence.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
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
            Problem::Broken { .. } => {
                (StatusCode::INTERNAL_SERVER_ERROR, voice.say("error-broken"))
            }
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
                Problem::Invalid { sentence, .. } | Problem::Refused { sentence, .. } => p { (sentence) },
                Problem::NoPlan => p { (voice.say("error-no-plan-help")) },
                Problem::Broken { reference } => {
                    p { (voice.say_with("error-broken-help", &[("reference", reference.as_str().into())])) }
                }
            }
            p class="ways" {
                @if let Problem::Refused { way: Some((href, name)), .. } = &*self.problem {
                    a class="button" href=(href) { (name) } " "
                }
                a class=[(!matches!(*self.problem, Problem::Refused { way: Some(_), .. })).then_some("button")] href=(ask.to("/", &[])) { (voice.say("error-way-overview")) }
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
    fn a_database_that_is_held_is_told_from_one_that_is_broken() {
        assert!(is_busy(&hoptac_store::Error::Busy));
        assert!(!is_busy(&hoptac_store::Error::DiskFull));
        assert!(is_full(&hoptac_store::Error::DiskFull));
        assert!(!is_full(&hoptac_store::Error::Busy));
    }

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
