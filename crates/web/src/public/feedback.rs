//! What people write from the public side, and the page on which officials read it.
//!
//! Against floods, without a script and without anybody else: the form carries a time and a small question under a code that only the
//! server can make; it is good once, not at once and not for long; a field that no person sees stays empty; an address may send a few an
//! hour, and all together so many a day. Nothing personal is asked, and no address is kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hoptac_model::date;
use hoptac_model::feedback::FeedbackError;
use hoptac_model::filing::Hash;
use hoptac_model::ids::UnitId;
use hoptac_model::text::Words;
use hoptac_model::unit::Unit;
use hoptac_model::words;
use hoptac_office::authority::Reading;
use hoptac_office::feedback::{self as office, Letter};
use hoptac_office::key::Key;
use jiff::Timestamp;
use jiff::tz::Offset;
use maud::{Markup, html};

use super::{Leaf, opened};
use crate::app::App;
use crate::door::Visit;
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::language::Voice;
use crate::page::{self, Frame, Here, token_field};
use crate::query::Ask;
use crate::routes::{Need, Routes};

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes.get(FORM, Need::Nothing, form).post(FORM, Need::Nothing, send).get(
        "/gop-y",
        Need::Read(Reading::Records),
        list,
    )
}

/// The page with the form.
pub(super) const FORM: &str = "/cong-khai/gop-y";
/// A person takes at least so long to write something, in seconds.
const SOONEST: i64 = 4;
/// After so many seconds a form is asked for anew.
const LATEST: i64 = 4 * 3600;
/// How many messages an address may send in an hour.
const PER_HOUR: usize = 5;
/// How many addresses are remembered at most.
const ADDRESSES: usize = 20_000;
/// How many messages officials see.
const SHOWN: u32 = 200;
/// The field that no person sees.
const TRAP: &str = "website";

/// What was sent lately: which forms were used, and how often each address sent something. Addresses are kept as codes, and forgotten after an
/// hour.
#[derive(Debug, Default)]
pub(crate) struct Lately(Mutex<Sent>);

#[derive(Debug, Default)]
struct Sent {
    forms: BTreeMap<String, Timestamp>,
    addresses: BTreeMap<String, Vec<Timestamp>>,
}

impl Lately {
    /// Notes that a form was used by an address; says why it may not be.
    fn note(&self, form: &str, address: &str, now: Timestamp) -> Result<(), Words> {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = |at: &Timestamp| now.duration_since(*at).as_secs();
        sent.forms.retain(|_, at| since(at) <= LATEST);
        if sent.forms.contains_key(form) {
            return Err(words!(
                "biểu này đã gửi rồi; hãy mở lại trang góp ý để gửi ý kiến khác",
                "this form was sent already; open the page again to send something else"
            ));
        }
        if sent.addresses.len() >= ADDRESSES {
            sent.addresses.retain(|_, times| times.iter().any(|at| since(at) < 3600));
        }
        let times = sent.addresses.entry(address.to_owned()).or_default();
        times.retain(|at| since(at) < 3600);
        if times.len() >= PER_HOUR {
            return Err(words!(
                "địa chỉ này đã gửi {most} ý kiến trong một giờ; hãy gửi tiếp sau ít phút",
                "this address has sent {most} messages within an hour; go on in a while",
                most = PER_HOUR
            ));
        }
        times.push(now);
        sent.forms.insert(form.to_owned(), now);
        Ok(())
    }
}

/// What a form carries: when it was made and a code over that; the code gives the question.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seal {
    second: i64,
    code: Hash,
}

impl Seal {
    fn new(key: &Key, form_token: &str, second: i64) -> Self {
        // The form's own token makes it worth nothing in another browser.
        Self { second, code: key.code("feedback-form", &format!("{second} {form_token}")) }
    }

    fn written(&self) -> String {
        format!("{}.{}", self.second, self.code)
    }

    /// Two small numbers to be added up.
    fn question(&self) -> (u8, u8) {
        let [a, b, ..] = self.code.0;
        (a % 8 + 2, b % 8 + 2)
    }

    /// Reads one that this server made for this browser, at a time when a person can have written something.
    fn read(key: &Key, form_token: &str, written: &str, now: i64) -> Result<Self, Words> {
        let second = written.split_once('.').and_then(|(second, _)| second.parse().ok());
        let seal = second.map(|second| Self::new(key, form_token, second));
        let Some(seal) = seal.filter(|seal| seal.written() == written) else {
            return Err(words!(
                "biểu không còn dùng được; hãy kiểm tra rồi gửi lại",
                "the form is no longer good; look at it and send it again"
            ));
        };
        let age = now - seal.second;
        if age < SOONEST {
            return Err(words!(
                "gửi quá nhanh; hãy đợi vài giây rồi gửi lại",
                "that was too fast; wait a few seconds and send it again"
            ));
        }
        if age > LATEST {
            return Err(words!(
                "biểu mở đã lâu; hãy kiểm tra rồi gửi lại",
                "the form was opened long ago; look at it and send it again"
            ));
        }
        Ok(seal)
    }
}

/// `/cong-khai/gop-y`
async fn form(State(app): State<App>, visit: Visit, ask: Ask) -> PageResult {
    draw(&app, &visit, ask, &Fields::default(), None)
}

/// `POST /cong-khai/gop-y`
async fn send(State(app): State<App>, visit: Visit, ask: Ask, fields: Fields) -> PageResult {
    opened(&app, &ask)?;
    let (Some(store), Some(entrance)) = (app.store(), app.entrance()) else {
        return Err(PageError::no_page(&app, ask));
    };
    let now = (app.edge().now)();
    let key = &entrance.key;
    let token = visit.visitor.form_token();
    let read = || -> Result<(Seal, UnitId), Words> {
        let seal = Seal::read(key, token, fields.get("dau"), now.as_second())?;
        let (a, b) = seal.question();
        if fields.get("tong").parse() != Ok(a + b) {
            return Err(words!(
                "kết quả phép cộng chưa đúng; hãy tính lại",
                "the sum is not right; work it out again"
            ));
        }
        let published = app.published();
        let unit = units(&app).into_iter().find(|unit| unit.id.as_str() == fields.get("don-vi"));
        let unit = unit.or_else(|| published.plan_unit().cloned()).map(|unit| unit.id);
        let unit = unit.ok_or_else(|| words!("chưa có kế hoạch", "there is no plan yet"))?;
        hoptac_model::feedback::read(fields.raw("y-kien")).map_err(FeedbackError::words)?;
        let address = key.code("address", &visit.address).to_string();
        app.lately().note(&seal.written(), &address, now)?;
        Ok((seal, unit))
    };
    let (seal, unit) = match read() {
        Ok(read) => read,
        Err(why) => return draw(&app, &visit, ask, &fields, Some(&why)),
    };
    // Who fills in what nobody sees is told that all is well.
    if !fields.raw(TRAP).is_empty() {
        return Ok(thanks(
            &app,
            &ask,
            &format!("YK-{}", &seal.code.to_string()[..8].to_uppercase()),
        ));
    }
    let published = app.published();
    let about = published
        .pack
        .as_ref()
        .and_then(|pack| pack.targets.iter().find(|target| target.id.as_str() == fields.get("ve")));
    let letter = Letter {
        text: fields.raw("y-kien").to_owned(),
        about: about.map(|target| target.id.clone()),
        unit,
        sent_at: now,
        chance: app.edge().bytes(),
        id: (app.edge().filing_id)(now),
    };
    match office::send(store, key, letter).await {
        Ok(code) => Ok(thanks(&app, &ask, &code)),
        Err(office::NotTaken::Refused(refusal)) => Err(PageError::broken(&app, &ask, &refusal)),
        Err(not_taken) => draw(&app, &visit, ask, &fields, Some(&not_taken.words())),
    }
}

/// The unit whose plan it is and those below it today.
fn units(app: &App) -> Vec<Unit> {
    let published = app.published();
    let Some(whole) = published.plan_unit() else { return Vec::new() };
    let mut below: Vec<Unit> =
        published.places.children(&whole.id, app.today()).into_iter().cloned().collect();
    below.sort_by_key(|unit| hoptac_model::text::fold(unit.short_name()));
    std::iter::once(whole.clone()).chain(below).collect()
}

/// The form, with what was written and why it was not taken.
fn draw(app: &App, visit: &Visit, ask: Ask, fields: &Fields, why: Option<&Words>) -> PageResult {
    opened(app, &ask)?;
    let Some(entrance) = app.entrance() else { return Err(PageError::no_page(app, ask)) };
    let ask = ask.of_the_newest();
    let voice = Voice(ask.language);
    let published = app.published();
    let second = (app.edge().now)().as_second();
    let seal = Seal::new(&entrance.key, visit.visitor.form_token(), second);
    let (a, b) = seal.question();
    let sum =
        voice.say_with("feedback-sum", &[("a", a.to_string().into()), ("b", b.to_string().into())]);
    let about = fields.given("ve").or(ask.value("ve"));
    let about = published
        .pack
        .as_ref()
        .and_then(|pack| pack.targets.iter().find(|target| Some(target.id.as_str()) == about));
    let title = voice.say("feedback-heading");
    let body = html! {
        h1 { (title) }
        p class="under" { (voice.say("feedback-under")) }
        @if let Some(why) = why { p class="caution" role="alert" { (why.get(voice.0)) } }
        form class="sheet-form" method="post" action=(ask.to(FORM, &[])) {
            (token_field(&ask))
            input type="hidden" name="dau" value=(seal.written());
            @if let Some(target) = about {
                input type="hidden" name="ve" value=(target.id);
                p { (voice.say("feedback-about")) " " strong { (target.label.get(voice.0)) } " (" (target.id) ")" }
            }
            div class="field" {
                label for="don-vi" { (voice.say("feedback-unit")) }
                select id="don-vi" name="don-vi" {
                    @for unit in units(app) {
                        option value=(unit.id) selected[fields.get("don-vi") == unit.id.as_str()] { (unit.name) }
                    }
                }
            }
            div class="field" {
                label for="y-kien" { (voice.say("feedback-text")) }
                p class="help" id="y-kien-giup" { (voice.say("feedback-text-help")) }
                textarea id="y-kien" name="y-kien" rows="8" maxlength="2000" required aria-describedby="y-kien-giup" {
                    (fields.raw("y-kien"))
                }
            }
            div class="field" {
                label for="tong" { (sum) }
                p class="help" id="tong-giup" { (voice.say("feedback-sum-help")) }
                input type="text" id="tong" name="tong" inputmode="numeric" autocomplete="off" required aria-describedby="tong-giup" size="4";
            }
            div class="field trap" aria-hidden="true" {
                label for=(TRAP) { (voice.say("feedback-trap")) }
                input type="text" id=(TRAP) name=(TRAP) tabindex="-1" autocomplete="off";
            }
            button type="submit" class="primary" { (voice.say("feedback-send")) }
        }
    };
    let description = voice.say("feedback-under");
    let leaf = Leaf { app, ask: &ask, published: &published, title, description, about: None };
    let status = if why.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(fresh(leaf.draw(&HeaderMap::new(), &body), status))
}

fn thanks(app: &App, ask: &Ask, code: &str) -> Response {
    let ask = ask.clone().of_the_newest();
    let voice = Voice(ask.language);
    let published = app.published();
    let title = voice.say_with("feedback-thanks", &[("code", code.into())]);
    let body = html! {
        h1 { (title) }
        p { (voice.say("feedback-thanks-what")) }
        p { a href=(ask.to("/cong-khai", &[])) { (voice.say("public-plan")) } }
    };
    let description = title.clone();
    let leaf = Leaf { app, ask: &ask, published: &published, title, description, about: None };
    fresh(leaf.draw(&HeaderMap::new(), &body), StatusCode::OK)
}

/// A page that is nobody else's: it is not kept.
fn fresh(page: Response, status: StatusCode) -> Response {
    let mut response = (status, page).into_response();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.remove(header::ETAG);
    response
}

/// `/gop-y`: what came, newest first, for officials.
async fn list(State(app): State<App>, ask: Ask) -> PageResult {
    let voice = Voice(ask.language);
    let (Some(store), Some(entrance)) = (app.store(), app.entrance()) else {
        return Err(PageError::no_page(&app, ask));
    };
    let found = store.feedback(SHOWN).await;
    let found = found.map_err(|error| PageError::broken(&app, &ask, &error))?;
    let published = app.published();
    let title =
        voice.say_with("feedback-list-heading", &[("count", found.len().to_string().into())]);
    let row = |one: &hoptac_model::feedback::Feedback| -> Markup {
        let day = Offset::constant(7).to_datetime(one.sent_at).date();
        let unit = published.places.get(&one.unit).map_or(one.unit.as_str(), |unit| &unit.name);
        let text = office::text(&entrance.key, one);
        html! {
            tr {
                th scope="row" class="label" {
                    (text.unwrap_or_else(|| voice.say("feedback-unreadable"))) " " span class="id" { (one.code) }
                }
                td data-label=(voice.say("feedback-unit")) { (unit) }
                td data-label=(voice.say("feedback-day")) { (date::show(day, voice.0)) }
                td data-label=(voice.say("column-target")) {
                    @if !one.about.is_empty() { a href=(ask.to(&format!("/chi-tieu/{}", one.about), &[])) { (one.about) } }
                }
                td data-label=(voice.say("feedback-task")) { a href=(ask.to(&format!("/nhiem-vu/{}", one.task), &[])) { (one.task) } }
            }
        }
    };
    let body = html! {
        h1 { (title) }
        p class="under" { (voice.say("feedback-list-under")) }
        @if found.is_empty() {
            p class="quiet" { (voice.say("feedback-none")) }
        } @else {
            table class="list" {
                caption class="hidden" { (title) }
                thead { tr {
                    th scope="col" { (voice.say("feedback-text")) }
                    th scope="col" { (voice.say("feedback-unit")) }
                    th scope="col" { (voice.say("feedback-day")) }
                    th scope="col" { (voice.say("column-target")) }
                    th scope="col" { (voice.say("feedback-task")) }
                } }
                tbody { @for one in &found { (row(one)) } }
            }
        }
    };
    let mut page = page::draw(&Frame::new(&app, &ask, &published, Here::Nowhere, title), &body);
    page.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[track_caller]
    fn check(written: &str, now: i64, want: &str) {
        let read = Seal::read(&Key::new(KEY), "a", written, now);
        assert!(read.unwrap_err().en.contains(want));
    }

    #[test]
    fn a_form_is_good_after_a_while_and_not_for_ever() {
        let seal = Seal::new(&Key::new(KEY), "a", 1000);
        let written = seal.written();
        assert_eq!(Seal::read(&Key::new(KEY), "a", &written, 1010), Ok(seal));
        check(&written, 1001, "too fast");
        check(&written, 1000 + LATEST + 1, "long ago");
        check(&written.replacen("1000", "1001", 1), 1010, "no longer good");
        check("", 1010, "no longer good");
        let other = Seal::read(&Key::new(KEY), "b", &written, 1010);
        assert!(other.unwrap_err().en.contains("no longer good"));
    }
    #[test]
    fn a_form_is_good_once_and_an_address_for_a_few() {
        let (lately, now) = (Lately::default(), Timestamp::from_second(10_000).unwrap());
        assert!(lately.note("f", "a", now).is_ok());
        assert!(lately.note("f", "b", now).unwrap_err().en.contains("sent already"));
        for form in 1..PER_HOUR {
            assert!(lately.note(&form.to_string(), "a", now).is_ok());
        }
        assert!(lately.note("x", "a", now).unwrap_err().en.contains("within an hour"));
        assert!(lately.note("y", "b", now).is_ok());
        let later = Timestamp::from_second(10_000 + 3600).unwrap();
        assert!(lately.note("z", "a", later).is_ok());
    }
}
