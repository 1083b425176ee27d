//! The frame of every page: header with the day, navigation and language, the caution where figures are synthetic, and
//! the foot that names plan, unit, day and ledger position.

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use hoptac_engine::board::Board;
use hoptac_model::date;
use hoptac_model::number;
use hoptac_model::standing::Standing;
use hoptac_model::text::Language;
use hoptac_model::unit::Unit;
use hoptac_office::authority::Reading;
use hoptac_report::svg;
use jiff::civil::Date;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::app::{App, Published, View};
use crate::assets;
use crate::door::TOKEN_FIELD;
use crate::language::Voice;
use crate::query::Ask;

/// Where in the navigation a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Here {
    Overview,
    Scoreboard,
    Indicators,
    Places,
    Register,
    Chains,
    Programmes,
    Grades,
    Plan,
    Reports,
    Tasks,
    Nowhere,
}

/// The pages that are found by their names; those with a place in the navigation stand there in this order.
pub(crate) const PAGES: [(Here, &str, &str); 23] = [
    (Here::Overview, "/", "nav-overview"),
    (Here::Scoreboard, "/bang-chi-tieu", "nav-scoreboard"),
    (Here::Indicators, "/chi-tieu", "nav-indicators"),
    (Here::Places, "/ban-do", "nav-map"),
    (Here::Register, "/dang-ky", "nav-register"),
    (Here::Chains, "/chuoi", "nav-chains"),
    (Here::Programmes, "/chuong-trinh", "nav-programmes"),
    (Here::Grades, "/xep-loai", "nav-grades"),
    (Here::Plan, "/ke-hoach", "nav-plan"),
    (Here::Tasks, "/nhiem-vu", "nav-tasks"),
    (Here::Reports, "/bao-cao", "nav-reports"),
    (Here::Nowhere, "/ai-can-lam", "act-name"),
    (Here::Nowhere, "/phan-bo", "cascade-heading"),
    (Here::Nowhere, "/kich-ban", "scenario-heading"),
    (Here::Nowhere, "/gop-y", "feedback-name"),
    (Here::Nowhere, "/goi-so-lieu", "bundles-name"),
    (Here::Nowhere, "/nhiem-vu/lo-trinh", "roadmap-heading"),
    (Here::Nowhere, "/canh-bao", "alerts-heading"),
    (Here::Nowhere, "/ke-hoach/doc", "reading-start-heading"),
    (Here::Nowhere, "/bao-cao-nam", "nav-returns"),
    (Here::Nowhere, "/nhap-lieu", "import-heading"),
    (Here::Nowhere, "/ranh-gioi", "boundaries-heading"),
    (Here::Nowhere, "/thiet-ke", "design-heading"),
];

/// Those of them that stand in the menu.
const IN_MENU: [Here; 5] =
    [Here::Chains, Here::Programmes, Here::Grades, Here::Tasks, Here::Nowhere];

/// What stands around the body of a page.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) ask: &'a Ask,
    pub(crate) published: &'a Published,
    pub(crate) today: Date,
    /// The title, which is also the first line of the page.
    pub(crate) title: String,
    pub(crate) here: Here,
    /// The board that the figures come from; none on pages without figures.
    pub(crate) board: Option<&'a Board>,
    pub(crate) unit: Option<&'a Unit>,
    /// Where the figure's definition stands.
    pub(crate) definition: Option<String>,
}

impl<'a> Frame<'a> {
    /// The frame of a page that shows no figures of a board.
    pub(crate) fn new(
        app: &App,
        ask: &'a Ask,
        published: &'a Published,
        here: Here,
        title: String,
    ) -> Self {
        let today = app.today();
        Self { ask, published, today, title, here, board: None, unit: None, definition: None }
    }
}

/// A whole page.
pub(crate) fn draw(frame: &Frame<'_>, body: &Markup) -> Response {
    let ask = frame.ask;
    let voice = Voice(ask.language);
    let page = html! {
        (DOCTYPE)
        html lang=(ask.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // The script must neither write styles of its own nor run text as code.
                meta name="htmx-config" content=r#"{"includeIndicatorStyles":false,"allowEval":false}"#;
                title { (frame.title.trim_end_matches('.')) " · hoptac" }
                link rel="preload" href=(assets::href("latin-400.woff2")) as="font" type="font/woff2" crossorigin;
                link rel="preload" href=(assets::href("vietnamese-400.woff2")) as="font" type="font/woff2" crossorigin;
                link rel="stylesheet" href=(assets::href("hoptac.css"));
                script type="module" src=(assets::href("palette.js")) {}
                link rel="icon" href=(assets::href("mark.svg")) type="image/svg+xml";
            }
            body {
                a class="skip" href="#noi-dung" { (voice.say("skip")) }
                (header(frame, voice))
                p class="on-paper" { (position(frame, voice)) }
                main id="noi-dung" tabindex="-1" {
                    @if frame.board.is_some_and(Board::has_synthetic) {
                        p class="caution" { (PreEscaped(voice.say("synthetic"))) }
                    }
                    (body)
                }
                footer {
                    p { (position(frame, voice)) }
                    @if let Some(definition) = &frame.definition {
                        p { a href=(definition) { (voice.say("footer-definition")) } }
                    }
                }
            }
        }
    };
    ([(header::CACHE_CONTROL, "no-cache")], Html(page.into_string())).into_response()
}

fn header(frame: &Frame<'_>, voice: Voice) -> Markup {
    let ask = frame.ask;
    let place = frame.published.plan_unit().map(Unit::short_name);
    let entry = |here: Here, path: &str, key: &str| {
        html! {
            a href=(ask.for_unit(path, &[])) aria-current=[(frame.here == here).then_some("page")] { (voice.say(key)) }
        }
    };
    let other = match ask.language {
        Language::Vi => Language::En,
        Language::En => Language::Vi,
    };
    html! {
        header class="top" {
            a class="brand" href=(ask.to("/", &[])) {
                (mark())
                span { "hoptac" }
            }
            @if let Some(place) = place { span class="place" { (place) } }
            nav class="main" aria-label=(voice.say("nav-label")) {
                @for (here, path, key) in PAGES {
                    @if !IN_MENU.contains(&here) { (entry(here, path, key)) }
                }
                (menu(frame, voice))
            }
            a class="find" href=(ask.to("/tim", &[])) data-palette=(voice.say("find-what")) {
                (voice.say("find")) " " kbd { "Ctrl+K" }
            }
            (as_of(frame, voice))
            (who(ask, voice))
            a class="lang" href=(ask.in_language(other)) lang=(other.tag()) hreflang=(other.tag())
                title=(voice.say("other-language")) { (other.tag().to_uppercase()) }
        }
    }
}

/// The pages that have no place of their own in the navigation, behind one word that opens.
fn menu(frame: &Frame<'_>, voice: Voice) -> Markup {
    let ask = frame.ask;
    let is_here = |here: Here, path: &str| {
        if here == Here::Nowhere { ask.path == path } else { frame.here == here }
    };
    let pages: Vec<_> = PAGES.into_iter().filter(|(here, ..)| IN_MENU.contains(here)).collect();
    let inside = pages.iter().any(|(here, path, _)| is_here(*here, path));
    html! {
        details class="drop menu" {
            summary aria-current=[inside.then_some("true")] { (voice.say("nav-more")) }
            ul class="sheet plain" {
                @for (here, path, key) in pages {
                    li { a href=(ask.to(path, &[])) aria-current=[is_here(here, path).then_some("page")] { (voice.say(key)) } }
                }
            }
        }
    }
}

/// Who is signed in, with the ways to their account and out; else the way in.
fn who(ask: &Ask, voice: Voice) -> Markup {
    let visitor = &ask.visitor;
    html! {
        @if let Some(signed_in) = &visitor.signed_in {
            details class="drop who" {
                summary { (signed_in.account.title) }
                div class="sheet" {
                    p { strong { (signed_in.account.title) } br; span class="soft" { (signed_in.account.name) } }
                    p { a href=(ask.to("/tai-khoan", &[])) { (voice.say("who-account")) } }
                    @if visitor.may_read(Reading::Accounts) {
                        p { a href=(ask.to("/quan-tri", &[])) { (voice.say("who-administration")) } }
                    }
                    form method="post" action="/dang-xuat" {
                        (token_field(ask))
                        button type="submit" { (voice.say("who-sign-out")) }
                    }
                }
            }
        } @else if visitor.has_door && ask.path != "/dang-nhap" {
            a class="who" href=(ask.to("/dang-nhap", &[("ve", &ask.here())])) { (voice.say("who-sign-in")) }
        }
    }
}

/// What every form that changes something carries, so that no other site can send it.
pub(crate) fn token_field(ask: &Ask) -> Markup {
    html! { input type="hidden" name=(TOKEN_FIELD) value=(ask.visitor.form_token()); }
}

/// The day, which opens into a form and the ends of the years behind.
fn as_of(frame: &Frame<'_>, voice: Voice) -> Markup {
    let ask = frame.ask;
    let day = ask.as_of.unwrap_or(frame.today);
    let first =
        frame.published.pack.as_ref().map_or(frame.today.year() - 3, |p| p.setting.year_first);
    let years = (first.max(frame.today.year() - 6)..frame.today.year()).rev();
    html! {
        details class="drop day" {
            summary { (voice.say_with("header-as-of", &[("day", date::show(day, ask.language).into())])) }
            form method="get" action=(ask.path) {
                @for (name, value) in ask.carried("as_of") {
                    input type="hidden" name=(name) value=(value);
                }
                label for="as_of" { (voice.say("as-of-label")) }
                div class="entry" {
                    input type="date" id="as_of" name="as_of" value=(day) required;
                    button type="submit" { (voice.say("as-of-show")) }
                }
                p class="help" { (voice.say("as-of-help")) }
                p class="days" {
                    a href=(ask.on(None)) { (voice.say("as-of-today")) }
                    @for year in years {
                        a href=(ask.on(Some(date::year_end(year)))) { (date::show(date::year_end(year), Language::Vi)) }
                    }
                }
            }
        }
    }
}

/// Plan, unit, day and ledger position: what a figure must never lose, on paper least of all.
fn position(frame: &Frame<'_>, voice: Voice) -> Markup {
    let language = frame.ask.language;
    let mut parts = Vec::new();
    if let Some(pack) = &frame.published.pack {
        parts.push(plan_words(frame.published, voice, pack));
    }
    if let Some(unit) = frame.unit {
        parts.push(unit_words(frame.published, voice, unit));
    }
    if let Some(board) = frame.board {
        let day = date::show(board.as_of(), language);
        parts.push(voice.say_with("footer-as-of", &[("day", day.into())]));
        parts.push(ledger_words(voice, board.position()));
    }
    html! { (parts.join(" · ")) }
}

fn plan_words(_: &Published, voice: Voice, pack: &hoptac_model::pack::Pack) -> String {
    voice.say_with(
        "plan-line",
        &[
            ("number", pack.document.number.as_str().into()),
            ("day", date::show(pack.document.issued, voice.0).into()),
        ],
    )
}

fn unit_words(published: &Published, voice: Voice, unit: &Unit) -> String {
    if published.plan_unit().is_some_and(|whole| whole.id == unit.id) {
        voice.say("whole-unit")
    } else {
        unit.name.clone()
    }
}

/// The ledger position that something was derived from.
pub(crate) fn ledger_words(voice: Voice, position: u64) -> String {
    voice.say_with("ledger-position", &[("position", show_position(position, voice.0).into())])
}

/// Of which ledger position the forecasts are, where filings came since that may change them.
pub(crate) fn forecasts_behind(app: &App, view: &View, voice: Voice) -> Markup {
    let made = app.forecasts(&view.published, &view.board);
    let behind = made.filter(|made| made.ledger_position < view.published.figures_since);
    html! {
        @if let Some(made) = behind {
            p class="help" {
                (voice.say_with("forecast-behind", &[("position", show_position(made.ledger_position, voice.0).into())]))
            }
        }
    }
}

/// A ledger position as it is read.
pub(crate) fn show_position(position: u64, language: Language) -> String {
    number::whole(i64::try_from(position).unwrap_or(i64::MAX), language)
}

/// The line under a heading: plan, unit, ledger position.
pub(crate) fn line_under_heading(
    published: &Published,
    voice: Voice,
    unit: &Unit,
    board: &Board,
) -> String {
    let mut parts = Vec::new();
    if let Some(pack) = &published.pack {
        parts.push(plan_words(published, voice, pack));
    }
    parts.push(unit_words(published, voice, unit));
    parts.push(ledger_words(voice, board.position()));
    parts.join(" · ")
}

/// A standing as sign and word.
pub(crate) fn standing(standing: Standing, language: Language) -> Markup {
    html! {
        span class={ "standing " (svg::standing_class(Some(standing))) } {
            (svg::sign::draw(standing)) " " (standing.words().get(language))
        }
    }
}

/// A standing that opens into the rule that gave it; works with mouse, finger and keyboard, and without a script.
pub(crate) fn standing_with_rule(
    given: Option<Standing>,
    rule: &str,
    source: &str,
    voice: Voice,
) -> Markup {
    html! {
        details class="rule" name="rule" {
            summary {
                @match given {
                    Some(given) => (standing(given, voice.0)),
                    None => span class="standing s-apart" { (voice.say("standing-not-here")) },
                }
            }
            div class="why" {
                p { (rule) }
                @if !source.is_empty() { p class="soft" { (source) } }
            }
        }
    }
}

/// The mark: a sprout.
pub(crate) fn mark() -> Markup {
    html! {
        svg class="mark" viewBox="0 0 24 24" aria-hidden="true" {
            path d="M12 21V9.5M12 3.2c2.6 2 3.8 4.2 3.8 6.4 0 2.6-1.5 4.6-3.8 5.7-2.3-1.100-3.8-3.100-3.8-5.7 0-2.200 1.200-4.400 3.8-6.4zM8.3 14.5 5 20.5M15.7 14.5 19 20.5" {}
        }
    }
}
