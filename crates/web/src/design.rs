//! The living page of what pages are made of: tokens and components, drawn by the same functions as everywhere else.

use axum::extract::State;
use hoptac_model::organisation::Kind;
use hoptac_model::standing::Standing;
use hoptac_model::target::Constraint;
use hoptac_report::svg::bullet::{self, Bullet};
use hoptac_report::svg::map::{self, Place};
use hoptac_report::svg::spark::{self, Spark};
use hoptac_report::svg::strip::{self, Square};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::App;
use crate::error::PageResult;
use crate::language::Voice;
use crate::page::{self, Frame, Here};
use crate::query::Ask;
use crate::register::choice;

const STANDINGS: [Standing; 5] =
    [Standing::Met, Standing::OnTrack, Standing::Behind, Standing::OffTrack, Standing::NoData];

/// The colours by their names in the style sheet.
const COLOURS: [&str; 15] = [
    "paper", "raised", "ink", "soft", "rule", "control", "brand", "zone", "edge", "caution", "met",
    "on", "behind", "off", "none",
];

/// `/thiet-ke`
pub(crate) async fn page(State(app): State<App>, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let published = app.published();
    let heading = voice.say("design-heading");
    let body = html! {
        h1 { (heading) }
        p class="under" { (voice.say("design-under")) }
        (part("design-colour", voice, &colours()))
        (part("design-type", voice, &html! {
            p class="type-heading" { "Tổ hợp tác: khó đạt khoảng 850 vào năm 2030." }
            p class="under" { "Kế hoạch 115/KH-UBND ngày 15/5/2023 · cả tỉnh · sổ cái số 8.214" }
            p { "Chữ thường 14,5 px; số thẳng cột: 10.500; 14,3; 05." }
            p class="help" { "Chữ phụ 12,5 px." }
        }))
        (part("design-standing", voice, &html! {
            ul class="key" { @for standing in STANDINGS { li { (page::standing(standing, voice.0)) } } }
            div class="face" { (strip::draw(&[squares(voice)], &voice.say("strip-title"))) }
        }))
        (part("design-bullet", voice, &bullets(voice)))
        (part("design-table", voice, &table(voice)))
        (part("design-filter", voice, &html! {
            div class="filter-bar" {
                div class="field wide" {
                    label for="thu-tim" { (voice.say("register-search")) }
                    input type="search" id="thu-tim" value="htx rau an toan";
                }
                (choice("thu-loai", &voice.say("register-kind"), &voice.say("register-any"), Some("HTX"),
                    Kind::ALL.map(|kind| (kind.code(), kind.words().get(voice.0).to_owned()))))
            }
        }))
        (part("design-form", voice, &form(voice)))
        (part("design-timeline", voice, &html! {
            ol class="timeline" {
                li class="later" { p { strong { (voice.say("filing-suspend")) } } p class="soft" { (filed(voice, "3/1/2026", "1/2/2026")) } }
                li { p { strong { (voice.say("filing-change")) } } p class="soft" { (filed(voice, "20/6/2025", "1/6/2025")) } }
                li { p { strong { (voice.say("filing-establish")) } } p class="soft" { (filed(voice, "1/3/2021", "1/3/2021")) } }
            }
        }))
        (part("design-map", voice, &html! { figure class="locator" { (map::bubbles(&places(), &voice.say("nav-map"))) } }))
        (part("design-dialog", voice, &html! {
            p { (voice.say("design-dialog-how")) " " kbd { "Ctrl+K" } }
            div class="toast" role="status" { (voice.say("design-toast")) }
        }))
        (part("design-empty", voice, &html! {
            div class="empty" {
                p { strong { (voice.say("register-none")) } }
                p class="soft" { (voice.say("register-none-help")) }
            }
        }))
        (part("design-caution", voice, &html! {
            p class="caution" { (voice.say("organisation-synthetic")) }
            div class="finding finding-error" { p class="finding-head" { strong { (voice.say("severity-error")) } " " span class="id" { "HT002" } } }
            div class="finding finding-warning" { p class="finding-head" { strong { (voice.say("severity-warning")) } " " span class="id" { "HT001" } } }
        }))
        (part("design-error", voice, &html! {
            p { a href=(ask.to("/khong-co-trang", &[])) { (voice.say("design-error-see")) } }
        }))
    };
    let frame = Frame::new(&app, &ask, &published, Here::Nowhere, heading);
    Ok(page::draw(&frame, &body))
}

fn part(key: &str, voice: Voice, body: &Markup) -> Markup {
    html! { section id=(key) { h2 { (voice.say(key)) } div class="specimen" { (body) } } }
}

fn colours() -> Markup {
    html! {
        ul class="swatches" {
            @for name in COLOURS { li { span class={ "swatch swatch-" (name) } {} code { "--" (name) } } }
        }
    }
}

fn squares(voice: Voice) -> Vec<Square> {
    let standings = STANDINGS.into_iter().map(Some).chain([None]);
    standings
        .map(|standing| Square {
            standing,
            href: "#design-standing".to_owned(),
            title: standing.map_or_else(
                || voice.say("standing-not-here"),
                |standing| standing.words().get(voice.0).to_owned(),
            ),
        })
        .collect()
}

fn bullets(voice: Voice) -> Markup {
    let shown = |value, constraint, expected, standing, title: &str| {
        bullet::draw(&Bullet {
            value: Some(value),
            constraint,
            expected: Some(expected),
            whole: None,
            standing: Some(standing),
            title,
        })
    };
    let history: Vec<(Date, Option<f64>)> =
        [(2021, 169.0), (2022, 198.0), (2023, 230.0), (2024, 310.0), (2025, 372.0)]
            .map(|(year, value)| (hoptac_model::date::year_end(year), Some(value)))
            .to_vec();
    html! {
        div class="specimen-bullets" {
            (shown(372.0, Constraint::About { value: 850.0, tolerance: 0.05 }, 480.0, Standing::OffTrack, "khoảng 850"))
            (shown(47.0, Constraint::Between { low: 45.0, high: 50.0 }, 45.0, Standing::Met, "từ 45 đến 50"))
            (shown(41.5, Constraint::AtLeast { value: 50.0, expected_up_to: None }, 38.0, Standing::OnTrack, "ít nhất 50"))
            (spark::draw(&Spark { history: &history, published: &[(Date::constant(2024, 6, 30), 300.0)], title: &voice.say("design-bullet") }))
        }
    }
}

fn table(voice: Voice) -> Markup {
    html! {
        table class="list" {
            thead { tr {
                th scope="col" { (voice.say("column-target")) }
                th scope="col" class="number" { (voice.say("column-value")) }
                th scope="col" { (voice.say("column-standing")) }
            } }
            tbody {
                tr class="group" { th scope="rowgroup" colspan="3" { "Số lượng và thành viên đến năm 2030" } }
                tr { th scope="row" class="label" { "Tổ hợp tác" } td class="number" { "372" } td class="standing-cell" { (page::standing(Standing::OffTrack, voice.0)) } }
                tr { th scope="row" class="label" { "Hợp tác xã" } td class="number" { "549" } td class="standing-cell" { (page::standing(Standing::OnTrack, voice.0)) } }
            }
        }
    }
}

fn form(voice: Voice) -> Markup {
    html! {
        div class="entry-form" {
            div class="field" {
                label for="thu-so" { (voice.say("part-value")) }
                input type="text" id="thu-so" value="tám trăm" aria-invalid="true" aria-describedby="thu-so-loi";
                p class="fault" id="thu-so-loi" { (voice.say_with("fault-number", &[("text", "tám trăm".into())])) }
            }
            div class="field" {
                label for="thu-dia-ban" { (voice.say("register-seat")) }
                input type="text" id="thu-dia-ban" value="Xã Bình Gia";
                p class="help" { (voice.say("reading-words-help")) }
            }
            div class="acts" {
                button type="button" { (voice.say("reading-save")) }
                button type="button" class="plain-button" { (voice.say("reading-undo")) }
            }
        }
    }
}

fn filed(voice: Voice, filed: &'static str, effective: &'static str) -> String {
    voice.say_with(
        "filed-and-effective",
        &[("filed", filed.into()), ("effective", effective.into())],
    )
}

fn places() -> Vec<Place> {
    let place = |name: &str, lat, lon, value: Option<f64>, standing| Place {
        name: name.to_owned(),
        at: Some((lat, lon)),
        value,
        shown: value.map_or_else(|| "–".to_owned(), |value| value.to_string()),
        standing,
        href: "#design-map".to_owned(),
        outline: Vec::new(),
    };
    vec![
        place("Bắc", 22.2, 106.5, Some(9.0), Some(Standing::Met)),
        place("Trung", 21.9, 106.8, Some(16.0), Some(Standing::Behind)),
        place("Nam", 21.6, 106.6, Some(4.0), Some(Standing::OffTrack)),
        place("Đông", 21.8, 107.1, None, Some(Standing::NoData)),
    ]
}
