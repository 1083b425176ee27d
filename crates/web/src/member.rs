//! The roll of an organisation: who its members are, masked, and opened for those who say why. What is opened is in the ledger
//! before anybody sees it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use hoptac_intake::sheet::{Stamp, table_xlsx};
use hoptac_model::date;
use hoptac_model::filing::FilingKind;
use hoptac_model::filing::member::DiscloseWay;
use hoptac_model::ids::{MemberId, OrganisationId};
use hoptac_model::member::mask::Masked;
use hoptac_model::member::{Marks, Span, Tally, Totals};
use hoptac_model::number;
use hoptac_model::personal_number::Sex;
use hoptac_model::sheet::member::Whose;
use hoptac_model::sheet::table::SheetTable;
use hoptac_office::Accepted;
use hoptac_office::authority::Reading;
use hoptac_office::member::{self as office, Disclosure, MaskedRoll, Opened};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::{App, Published};
use crate::door::Entrance;
use crate::entrance::{alert, broken, entrance, field};
use crate::entry::{self, Days, Entry};
use crate::error::{PageError, PageResult};
use crate::form::Fields;
use crate::import::{XLSX, attachment};
use crate::language::Voice;
use crate::organisation;
use crate::page::{self, Frame, Here, token_field};
use crate::query::{Ask, Id};
use crate::routes::{Need, Routes};

/// The addresses of this file.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .get("/to-chuc/{id}/thanh-vien", Need::Read(Reading::Members), roll)
        .post("/to-chuc/{id}/thanh-vien/xem", Need::File(FilingKind::MemberDisclose), disclose)
        .get("/to-chuc/{id}/thanh-vien/bang.xlsx", Need::Read(Reading::Members), masked_sheet)
        .post("/to-chuc/{id}/thanh-vien/xuat", Need::File(FilingKind::MemberDisclose), export)
}

/// The members of a roll as they are chosen in a form: their identity, their masked name.
pub(crate) async fn choices(
    app: &App,
    ask: &Ask,
    entrance: &Entrance,
    organisation: OrganisationId,
) -> Result<Vec<(String, String)>, PageError> {
    let roll = masked(app, ask, entrance, organisation, app.today()).await?;
    let words = |listed: &office::Listed| {
        let entry = &listed.span.entry;
        let class = entry.class.words();
        let since = date::show(listed.since, ask.language);
        let name = name(listed.identity.as_ref(), Voice(ask.language));
        (entry.member.to_string(), format!("{name} · {} · {since}", class.get(ask.language)))
    };
    Ok(roll.members.iter().map(words).collect())
}

async fn masked(
    app: &App,
    ask: &Ask,
    entrance: &Entrance,
    organisation: OrganisationId,
    day: Date,
) -> Result<MaskedRoll, PageError> {
    let roll = office::masked(&entrance.store, &entrance.master, organisation, day, None).await;
    roll.map_err(|refusal| broken(app, ask, &refusal))
}

fn name(identity: Option<&Masked>, voice: Voice) -> String {
    identity.map_or_else(|| voice.say("member-erased"), |masked| masked.name.clone())
}

/// What the page of an organisation says of its members: three counts side by side, and the way to the roll.
pub(crate) fn section(
    ask: &Ask,
    published: &Published,
    entry: &Entry<'_>,
    day: Date,
    today: Date,
) -> Markup {
    let voice = Voice(ask.language);
    let register = &published.register;
    let roll = register.roll_spans.of(entry.index);
    let (on_roll, has_roll) = (roll.on(day).count(), !roll.is_empty());
    let may =
        ask.visitor.may_see(Reading::Members, register, &published.places, entry.index, today);
    let whole = |value: Option<i64>| {
        value.map_or_else(|| number::NO_VALUE.to_owned(), |value| number::whole(value, voice.0))
    };
    let rolled = has_roll.then(|| i64::try_from(on_roll).unwrap_or(i64::MAX));
    let path = format!("/to-chuc/{}/thanh-vien", entry.organisation.id);
    html! {
        section id="thanh-vien" {
            h2 { (voice.say("members-heading")) }
            dl class="facts pairs" {
                div { dt { (voice.say("members-declared")) } dd { (whole(entry.state.members)) } }
                div { dt { (voice.say("members-on-roll")) } dd { (whole(rolled)) } }
            }
            @if let (Some(declared), Some(rolled)) = (entry.state.members, rolled) {
                @if declared != rolled { p class="caution spaced" { (voice.say("members-differ")) } }
            }
            @if !has_roll {
                p class="quiet" { (voice.say("members-no-roll")) }
            } @else if may {
                p class="ways" { a href=(ask.to(&path, &[])) { (voice.say("members-open")) } }
            } @else {
                p class="quiet" { (voice.say_with("members-who", &[("roles", who(Need::Read(Reading::Members), voice).into())])) }
            }
        }
    }
}

fn who(need: Need, voice: Voice) -> String {
    need.roles().map(|role| role.words().get(voice.0).to_owned()).collect::<Vec<_>>().join(", ")
}

/// `/to-chuc/{id}/thanh-vien`
async fn roll(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let published = app.published();
    let index = index(&app, &ask, &published, &id)?;
    Ok(draw_roll(&app, &ask, &published, index, &Fields::default(), None).await?.into_response())
}

/// The index of an organisation whose members the visitor may see.
fn index(app: &App, ask: &Ask, published: &Published, id: &str) -> Result<u32, PageError> {
    let (register, places) = (&published.register, &published.places);
    let index = id.parse().ok().and_then(|id| register.index_of(id));
    let seen = index.filter(|index| {
        ask.visitor.may_see(Reading::Members, register, places, *index, app.today())
    });
    seen.ok_or_else(|| organisation::unknown(app, ask, published, id))
}

fn found(published: &Published, index: u32, day: Date) -> Option<Entry<'_>> {
    let days = Days::of(published.pack.as_deref(), day, day);
    entry::kept(published, days, index)
}

async fn draw_roll(
    app: &App,
    ask: &Ask,
    published: &Published,
    index: u32,
    typed: &Fields,
    problem: Option<&str>,
) -> Result<Response, PageError> {
    let voice = Voice(ask.language);
    let entrance = entrance(app, ask)?;
    let day = ask.as_of.unwrap_or_else(|| app.today());
    let Some(entry) = found(published, index, app.today()) else {
        return Err(PageError::no_page(app, ask.clone()));
    };
    let id = entry.organisation.id;
    let roll = masked(app, ask, entrance, id, day).await?;
    let totals = Totals::of(roll.members.iter().map(|listed| &listed.span.entry));
    let (register, places) = (&published.register, &published.places);
    let opens =
        ask.visitor.actor_about(FilingKind::MemberDisclose, register, places, index, app.today());
    let whole = |value: i64| number::whole(value, voice.0);
    let title = voice.say_with("members-title", &[("count", whole(totals.members).into())]);
    let body = html! {
        p class="over" { a href=(organisation::href(ask, &id.to_string())) { (entry.organisation.name) } }
        h1 { (title) }
        p class="under" { (voice.say_with("members-under", &[
            ("official", whole(totals.official).into()),
            ("capital", whole(totals.capital).into()),
            ("day", date::show(day, voice.0).into()),
        ])) }
        (alert(problem))
        (tally(&roll.tally, voice))
        p class="ways" {
            a href=(ask.to(&format!("/to-chuc/{id}/thanh-vien/bang.xlsx"), &[])) download { (voice.say("members-sheet")) }
            @if ask.visitor.actor_about(FilingKind::MemberJoin, register, places, index, app.today()).is_some() {
                " " a href=(ask.to("/nhap-lieu", &[("to-chuc", &id.to_string())])) { (voice.say("members-import")) }
            }
        }
        form method="post" action=(ask.to(&format!("/to-chuc/{id}/thanh-vien/xem"), &[])) {
            (token_field(ask))
            table class="list roll" {
                thead { tr {
                    @if opens.is_some() { th { span class="hidden" { (voice.say("members-choose")) } } }
                    th { (voice.say("member-name")) } th { (voice.say("member-number")) } th { (voice.say("member-kind")) }
                    th { (voice.say("member-class")) } th class="number" { (voice.say("member-share")) } th { (voice.say("member-since")) }
                } }
                tbody {
                    @for listed in &roll.members {
                        @let shown = name(listed.identity.as_ref(), voice);
                        @let number = listed.identity.as_ref().and_then(|masked| masked.number.clone());
                        tr {
                            @if opens.is_some() {
                                td { input type="checkbox" name="ai" value=(listed.span.entry.member) aria-label={ (voice.say("members-choose")) ": " (shown) } disabled[listed.identity.is_none()]; }
                            }
                            th scope="row" class="label" { (shown) }
                            td data-label=(voice.say("member-number")) { (number.as_deref().unwrap_or(number::NO_VALUE)) }
                            (clear(&listed.span, listed.since, voice))
                        }
                    }
                }
            }
            @if roll.members.is_empty() { p class="quiet" { (voice.say("members-none")) } }
            section class="one-column" {
                h2 { (voice.say("disclose-heading")) }
                @if opens.is_some() {
                    p class="help" { (voice.say("disclose-help")) }
                    (field("muc_dich", &voice.say("disclose-purpose"), Some(&voice.say("disclose-purpose-help")), &html! {
                        input type="text" id="muc_dich" name="muc_dich" value=(typed.get("muc_dich")) required maxlength="300" autocomplete="off" aria-describedby="muc_dich-giup";
                    }))
                    p {
                        button type="submit" { (voice.say("disclose-button")) } " "
                        button type="submit" class="plain-button" formaction=(ask.to(&format!("/to-chuc/{id}/thanh-vien/xuat"), &[])) { (voice.say("disclose-export")) }
                    }
                } @else {
                    p class="quiet" { (voice.say_with("disclose-who", &[("roles", who(Need::File(FilingKind::MemberDisclose), voice).into())])) }
                }
            }
        }
    };
    Ok(draw(app, ask, published, title, &body))
}

/// What stands in clear about a member.
fn clear(span: &Span, since: Date, voice: Voice) -> Markup {
    let entry = &span.entry;
    html! {
        td data-label=(voice.say("member-kind")) { (entry.kind.words().get(voice.0)) }
        td data-label=(voice.say("member-class")) { (entry.class.words().get(voice.0)) }
        td class="number" data-label=(voice.say("member-share")) { (number::whole(entry.capital, voice.0)) }
        td data-label=(voice.say("member-since")) { (date::show(since, voice.0)) }
    }
}

/// How many have which marks.
fn tally(tally: &Tally, voice: Voice) -> Markup {
    let counts = [
        ("tally-women", tally.women),
        ("tally-men", tally.men),
        ("tally-minority", tally.minority),
        ("tally-poor", tally.poor),
        ("tally-near-poor", tally.near_poor),
        ("tally-disabled", tally.disabled),
    ];
    html! {
        dl class="key-figures" {
            @for (key, count) in counts {
                div { dd { (number::whole(count, voice.0)) } dt { (voice.say(key)) } }
            }
        }
    }
}

fn draw(app: &App, ask: &Ask, published: &Published, title: String, body: &Markup) -> Response {
    let frame = Frame::new(app, ask, published, Here::Register, title);
    page::draw(&frame, body)
}

/// The masked roll as a sheet that can be edited and imported again.
async fn masked_sheet(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let published = app.published();
    let index = index(&app, &ask, &published, &id)?;
    let entrance = entrance(&app, &ask)?;
    let Some(entry) = found(&published, index, app.today()) else {
        return Err(PageError::no_page(&app, ask.clone()));
    };
    let day = ask.as_of.unwrap_or_else(|| app.today());
    let roll = masked(&app, &ask, entrance, entry.organisation.id, day).await?;
    sheet(&app, &ask, &entry, |whose| office::masked_table(whose, &roll))
}

/// Files that a whole roll is taken away in clear, and hands it out.
async fn export(State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields) -> PageResult {
    let published = app.published();
    let (entry, opened, _) =
        match open(&app, &ask, &published, &id, &fields, DiscloseWay::Export).await? {
            Ok(read) => read,
            Err(again) => return Ok(again),
        };
    sheet(&app, &ask, &entry, |whose| office::opened_table(whose, &opened))
}

/// A table of a roll as a file.
fn sheet(
    app: &App,
    ask: &Ask,
    entry: &Entry<'_>,
    table: impl FnOnce(&Whose<'_>) -> SheetTable,
) -> PageResult {
    let organisation = entry.organisation;
    let id = organisation.id.to_string();
    let whose = Whose { code: organisation.code.as_deref(), name: &organisation.name, id: &id };
    let table = table(&whose);
    let (form, version) = (table.form.id.clone(), table.form.version);
    let stamp = Stamp { form, version, unit: None, year: None };
    let bytes =
        table_xlsx(&table, &stamp, ask.language).map_err(|error| broken(app, ask, &error))?;
    Ok(attachment("thanh-vien.xlsx", XLSX, bytes))
}

/// Files that personal data are read, and shows them once: the answer is kept nowhere.
async fn disclose(State(app): State<App>, Id(id): Id, ask: Ask, fields: Fields) -> PageResult {
    let voice = Voice(ask.language);
    let published = app.published();
    let way = DiscloseWay::Unmask;
    let (entry, opened, accepted) = match open(&app, &ask, &published, &id, &fields, way).await? {
        Ok(read) => read,
        Err(again) => return Ok(again),
    };
    let title = voice.say("disclosed-title");
    let path = format!("/to-chuc/{}/thanh-vien", entry.organisation.id);
    let position = i64::try_from(accepted.filing.position).unwrap_or(i64::MAX);
    let body = html! {
        p class="over" { a href=(ask.to(&path, &[])) { (entry.organisation.name) } }
        h1 { (title) }
        p class="caution spaced" role="status" {
            (voice.say_with("disclosed-filed", &[("position", number::whole(position, voice.0).into())]))
        }
        table class="list roll" {
            thead { tr {
                th { (voice.say("member-name")) } th { (voice.say("member-number")) } th { (voice.say("member-born")) }
                th { (voice.say("member-marks")) } th { (voice.say("member-contact")) }
                th { (voice.say("member-kind")) } th { (voice.say("member-class")) } th class="number" { (voice.say("member-share")) } th { (voice.say("member-since")) }
            } }
            tbody { @for one in &opened { (in_clear(one, voice)) } }
        }
        p class="ways" { a class="button" href=(ask.to(&path, &[])) { (voice.say("disclosed-back")) } }
    };
    Ok(draw(&app, &ask, &published, title, &body))
}

/// Who is opened, and the filing that says so; or the page again, where it is not to be.
type Disclosed<'p> = Result<(Entry<'p>, Vec<Opened>, Accepted), Response>;

/// Files that personal data are read, and opens them.
async fn open<'p>(
    app: &App,
    ask: &Ask,
    published: &'p Published,
    id: &str,
    fields: &Fields,
    way: DiscloseWay,
) -> Result<Disclosed<'p>, PageError> {
    let index = index(app, ask, published, id)?;
    let entrance = entrance(app, ask)?;
    let (register, places) = (&published.register, &published.places);
    let actor =
        ask.visitor.actor_about(FilingKind::MemberDisclose, register, places, index, app.today());
    let (Some(actor), Some(entry)) = (actor, found(published, index, app.today())) else {
        let need = Need::File(FilingKind::MemberDisclose);
        return Err(PageError::forbidden(app, ask.clone(), need));
    };
    // A file holds the whole roll; on the screen those that were chosen, where some were.
    let chosen: Vec<MemberId> = fields
        .pairs()
        .filter(|(name, _)| *name == "ai" && way == DiscloseWay::Unmask)
        .filter_map(|(_, value)| value.parse().ok())
        .collect();
    let at = (entrance.edge.now)();
    let disclosure = Disclosure {
        id: (entrance.edge.filing_id)(at),
        recorded_at: at,
        organisation: entry.organisation.id,
        day: ask.as_of.unwrap_or_else(|| app.today()),
        members: Some(chosen).filter(|chosen| !chosen.is_empty()),
        way,
        purpose: fields.get("muc_dich").to_owned(),
    };
    let read = office::disclose(&entrance.store, actor, &entrance.master, disclosure).await;
    match read {
        Ok((accepted, opened)) => Ok(Ok((entry, opened, accepted))),
        Err(hoptac_office::Refusal::Store(error)) => Err(broken(app, ask, &error)),
        Err(refusal) => {
            let problem = crate::account::refusal_words(&refusal, ask.language);
            let again = draw_roll(app, ask, published, index, fields, Some(&problem)).await?;
            Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, again).into_response()))
        }
    }
}

/// A member in clear.
fn in_clear(one: &Opened, voice: Voice) -> Markup {
    let identity = one.identity.as_ref();
    let said = |text: Option<&str>| text.unwrap_or(number::NO_VALUE).to_owned();
    let contact: Vec<&str> = identity
        .into_iter()
        .flat_map(|identity| [identity.phone.as_deref(), identity.address.as_deref()])
        .flatten()
        .collect();
    html! {
        tr {
            th scope="row" class="label" { (identity.map_or_else(|| voice.say("member-erased"), |identity| identity.name.clone())) }
            td data-label=(voice.say("member-number")) { (said(identity.and_then(|identity| identity.number.as_deref()))) }
            td data-label=(voice.say("member-born")) { (identity.and_then(|identity| identity.born).map_or_else(|| number::NO_VALUE.to_owned(), |day| date::show(day, voice.0))) }
            td data-label=(voice.say("member-marks")) { (marks(one.marks.as_ref(), voice)) }
            td data-label=(voice.say("member-contact")) { (if contact.is_empty() { number::NO_VALUE.to_owned() } else { contact.join(" · ") }) }
            (clear(&one.span, one.since, voice))
        }
    }
}

fn marks(marks: Option<&Marks>, voice: Voice) -> String {
    let Some(marks) = marks else { return number::NO_VALUE.to_owned() };
    let mut said = Vec::new();
    said.extend(marks.sex.map(|sex| {
        voice.say(if sex == Sex::Female { "choice-female" } else { "choice-male" }).to_lowercase()
    }));
    said.extend(marks.ethnicity.clone());
    said.extend(marks.hardship.map(|one| one.words().get(voice.0).to_owned()));
    said.extend(
        marks.disabled.filter(|yes| *yes).map(|_| voice.say("form-member-disabled").to_lowercase()),
    );
    if said.is_empty() { number::NO_VALUE.to_owned() } else { said.join(", ") }
}
