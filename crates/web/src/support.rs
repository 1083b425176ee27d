//! Support programmes: what each has given and still has, who may get it and why, in which order, and how those that got it
//! stood before and stand after.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use hoptac_engine::support::{Compared, Outcome, applicants, outcomes};
use hoptac_model::date;
use hoptac_model::formula::condition::Value;
use hoptac_model::number;
use hoptac_model::support::{Applicant, Application, Ground, Programme, Verdict, grounds, rank};
use hoptac_model::unit::Unit;
use hoptac_office::authority::Reading;
use jiff::civil::Date;
use maud::{Markup, html};

use crate::app::{App, Published};
use crate::error::{PageError, PageResult};
use crate::geography;
use crate::language::Voice;
use crate::organisation;
use crate::page::{self, Frame, Here};
use crate::query::{Ask, Id};
use crate::register::choice;
use crate::shelf;

/// How many organisations a page shows.
const PAGE: usize = 25;

/// A question about a programme on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    programme: String,
    day: Date,
}

/// An organisation held against the conditions of a programme.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    organisation: u32,
    applicant: Applicant,
    grounds: Vec<Ground>,
    verdict: Verdict,
}

/// Everybody against the conditions of a programme: who meets them first, and among these in the order of the law.
fn judge(published: &Published, question: &Question) -> Vec<Judged> {
    let Some(pack) = &published.pack else { return Vec::new() };
    let Some(programme) = find(published, &question.programme) else { return Vec::new() };
    let (register, places) = (&published.register, &published.places);
    let mut judged: Vec<Judged> = applicants(register, places, pack, programme, question.day)
        .into_iter()
        .map(|(organisation, applicant)| {
            let grounds = grounds(programme, &applicant, question.day);
            let verdict = Verdict::all(grounds.iter().map(|ground| ground.verdict));
            Judged { organisation, applicant, grounds, verdict }
        })
        .collect();
    judged.sort_by(|a, b| {
        let by_rank = rank(&a.applicant, &b.applicant);
        a.verdict.cmp(&b.verdict).then(by_rank).then(a.organisation.cmp(&b.organisation))
    });
    judged
}

/// Before and after for everybody who was paid.
fn compare(published: &Published, question: &Question) -> Vec<Outcome> {
    let Some(pack) = &published.pack else { return Vec::new() };
    outcomes(&published.register, &published.places, pack, &question.programme, question.day)
}

/// The programmes of the plan's pack, then those that were opened by filings.
fn all(published: &Published) -> impl Iterator<Item = &Programme> {
    published.pack.iter().flat_map(|pack| &pack.programmes).chain(&published.programmes)
}

fn find<'p>(published: &'p Published, id: &str) -> Option<&'p Programme> {
    all(published).find(|programme| programme.id == id)
}

/// `/chuong-trinh`
pub(crate) async fn list(State(app): State<App>, ask: Ask) -> PageResult {
    let published = app.published();
    let desk = Desk::new(&app, &ask, &published);
    let voice = desk.voice;
    let programmes: Vec<&Programme> = all(&published).collect();
    let open = programmes.iter().filter(|one| one.is_open_on(desk.as_of)).count();
    let sums: Vec<Sums> = programmes.iter().map(|one| desk.sums(&one.id)).collect();
    let total = |of: fn(&Sums) -> i64| number::millions(Some(sums.iter().map(of).sum()), voice.0);
    let heading = if programmes.is_empty() {
        voice.say("programmes-heading-none")
    } else {
        voice.say_with(
            "programmes-heading",
            &[
                ("open", desk.count(open).into()),
                ("all", desk.count(programmes.len()).into()),
                ("committed", total(|sums| sums.committed).into()),
                ("paid", total(|sums| sums.paid).into()),
            ],
        )
    };
    let body = html! {
        h1 { (heading) }
        p class="under" { (desk.under(None)) }
        (desk.cautions())
        @if programmes.is_empty() {
            div class="empty" { p { strong { (voice.say("programmes-none")) } } p class="soft" { (voice.say("programmes-none-help")) } }
        } @else {
            table class="list lines" {
                caption class="hidden" { (heading) }
                thead { tr {
                    th scope="col" { (voice.say("form-programme")) } th scope="col" { (voice.say("programme-policy")) } th scope="col" { (voice.say("programme-period")) }
                    th scope="col" class="number" { (voice.say("programme-applications")) } th scope="col" class="number" { (voice.say("programme-committed")) }
                    th scope="col" class="number" { (voice.say("support-paid")) } th scope="col" class="number" { (voice.say("programme-budget")) }
                } }
                tbody {
                    @for (programme, sums) in programmes.iter().zip(&sums) {
                        tr class=[(!programme.is_open_on(desk.as_of)).then_some("out")] {
                            th scope="row" class="label" { a href=(desk.href(&programme.id)) { (programme.title.get(voice.0)) } " " span class="id" { (programme.id) } }
                            td data-label=(voice.say("programme-policy")) { (programme.policy.code()) }
                            td data-label=(voice.say("programme-period")) { (desk.period(programme)) }
                            td class="number" data-label=(voice.say("programme-applications")) { (desk.count(sums.applications)) }
                            td class="number" data-label=(voice.say("programme-committed")) { (number::millions(Some(sums.committed), voice.0)) }
                            td class="number" data-label=(voice.say("support-paid")) { (number::millions(Some(sums.paid), voice.0)) }
                            td class="number" data-label=(voice.say("programme-budget")) { (number::millions(programme.budget, voice.0)) }
                        }
                    }
                }
            }
            p class="note" { (voice.say("programme-millions")) }
        }
        (desk.ceilings())
    };
    let frame = Frame::new(&app, &ask, &published, Here::Programmes, heading);
    Ok(page::draw(&frame, &body))
}

/// `/chuong-trinh/{id}`
pub(crate) async fn page(State(app): State<App>, Id(id): Id, ask: Ask) -> PageResult {
    let published = app.published();
    let voice = Voice(ask.language);
    let desk = Desk::new(&app, &ask, &published);
    let Some(programme) = find(&published, &id) else {
        let known =
            all(&published).map(|one| (desk.href(&one.id), one.title.get(voice.0).to_owned()));
        let heading = voice.say_with("error-no-programme", &[("id", id.as_str().into())]);
        return Err(PageError::not_found(&app, &ask, heading, &id, known.collect()));
    };
    let (unit, geography) = geography::asked(&app, &ask, &published, desk.as_of)?;
    let question = Question { programme: id.clone(), day: desk.as_of };
    let judged = shelf::read(&published, |one| &one.kept.eligible, question.clone(), judge).await;
    let outcomes = shelf::read(&published, |one| &one.kept.outcomes, question, compare).await;
    let within =
        |organisation: u32| desk.sees(organisation) && desk.is_in(organisation, unit, geography);
    let judged: Vec<&Judged> = judged.iter().filter(|one| within(one.organisation)).collect();
    let outcomes: Vec<&Outcome> = outcomes.iter().filter(|one| within(one.organisation)).collect();
    let sums = desk.sums(&id);
    let heading = voice.say_with(
        "programme-heading",
        &[
            ("title", programme.title.get(voice.0).into()),
            ("applications", desk.count(sums.applications).into()),
            ("committed", number::millions(Some(sums.committed), voice.0).into()),
        ],
    );
    let body = html! {
        p class="over" { a href=(ask.to("/chuong-trinh", &[])) { (voice.say("nav-programmes")) } }
        h1 { (heading) }
        p class="under" { (desk.under(unit)) }
        (desk.cautions())
        (desk.facts(programme, &sums))
        (desk.eligible(programme, &judged, unit))
        (desk.applications(programme))
        (desk.outcomes(&outcomes))
    };
    let frame = Frame::new(&app, &ask, &published, Here::Programmes, heading);
    Ok(page::draw(&frame, &body))
}

/// What a programme came to.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    applications: usize,
    committed: i64,
    paid: i64,
}

/// What is asked, and by whom.
struct Desk<'a> {
    ask: &'a Ask,
    voice: Voice,
    published: &'a Published,
    /// The organisations whose applications the visitor may see; none where it is all of them.
    among: Option<BTreeSet<u32>>,
    as_of: Date,
    /// Applications as they stood on the day.
    applications: Vec<(u32, Application)>,
}

impl<'a> Desk<'a> {
    fn new(app: &App, ask: &'a Ask, published: &'a Published) -> Self {
        let as_of = ask.as_of.unwrap_or_else(|| app.today());
        let (register, places) = (&published.register, &published.places);
        let among = ask.visitor.among(Reading::Filings, register, places, app.today());
        let applications =
            register.supports.iter().filter_map(|(index, one)| Some((*index, one.on_day(as_of)?)));
        Self {
            ask,
            voice: Voice(ask.language),
            published,
            among,
            as_of,
            applications: applications.collect(),
        }
    }

    fn sees(&self, organisation: u32) -> bool {
        self.among.as_ref().is_none_or(|some| some.contains(&organisation))
    }

    fn is_in(&self, organisation: u32, unit: Option<&Unit>, geography: Date) -> bool {
        let Some(unit) = unit else { return true };
        geography::part(self.published, Some(unit), organisation, (self.as_of, geography)).is_some()
    }

    fn href(&self, id: &str) -> String {
        self.ask.to(&format!("/chuong-trinh/{id}"), &[])
    }

    fn count(&self, count: usize) -> String {
        number::whole(i64::try_from(count).unwrap_or(i64::MAX), self.voice.0)
    }

    fn day(&self, day: Date) -> String {
        date::show(day, self.voice.0)
    }

    fn organisation(&self, index: u32) -> Markup {
        let Some(one) = self.published.register.organisation(index) else { return html! {} };
        html! { a href=(organisation::href(self.ask, &one.id.to_string())) { (one.name) } }
    }

    /// Totals carry no names, so that they are of everybody's applications.
    fn sums(&self, programme: &str) -> Sums {
        let own = || {
            self.applications.iter().map(|(_, one)| one).filter(|one| one.programme == programme)
        };
        Sums {
            applications: own().count(),
            committed: own().map(Application::committed).sum(),
            paid: own().map(Application::paid).sum(),
        }
    }

    fn under(&self, unit: Option<&Unit>) -> String {
        let mut parts = Vec::new();
        parts.extend(unit.map(|unit| unit.name.clone()));
        parts.push(self.voice.say_with("footer-as-of", &[("day", self.day(self.as_of).into())]));
        parts.push(page::ledger_words(self.voice, self.published.register.position));
        parts.join(" · ")
    }

    fn cautions(&self) -> Markup {
        html! {
            @if self.published.register.has_synthetic() { p class="caution spaced" { (self.voice.say("register-synthetic")) } }
            @if self.among.is_some() { p class="caution spaced" { (self.voice.say("records-only-part")) } }
        }
    }

    fn period(&self, programme: &Programme) -> String {
        match programme.closes {
            Some(closes) => format!("{} – {}", self.day(programme.opens), self.day(closes)),
            None => self.voice.say_with("since", &[("day", self.day(programme.opens).into())]),
        }
    }

    /// What one organisation may get from several programmes together.
    fn ceilings(&self) -> Markup {
        let voice = self.voice;
        let ceilings = self
            .published
            .pack
            .as_ref()
            .map(|pack| pack.support_ceilings.as_slice())
            .unwrap_or_default();
        html! {
            @if !ceilings.is_empty() {
                section id="tran" {
                    h2 { (voice.say("ceilings-heading")) }
                    ul class="ruled one-column" {
                        @for ceiling in ceilings {
                            li class="stacked" {
                                p { strong { (ceiling.title.get(voice.0)) } ": " (voice.say_with("ceiling-each", &[("amount", number::millions(Some(ceiling.per_organisation), voice.0).into())])) }
                                p class="soft" { @for (at, id) in ceiling.programmes.iter().enumerate() { @if at > 0 { ", " } a href=(self.href(id)) { (id) } } }
                            }
                        }
                    }
                }
            }
        }
    }

    fn facts(&self, programme: &Programme, sums: &Sums) -> Markup {
        let voice = self.voice;
        let fact =
            |key: &str, value: &Markup| html! { div { dt { (voice.say(key)) } dd { (value) } } };
        let money = |amount: Option<i64>| {
            amount.map_or_else(
                || html! { (voice.say("unknown")) },
                |amount| html! { (number::whole(amount, voice.0)) " " (voice.say("dong")) },
            )
        };
        let kinds: Vec<&str> = programme.kinds.iter().map(|kind| kind.code()).collect();
        let across = self.published.pack.iter().flat_map(|pack| &pack.support_ceilings);
        let across = across.filter(|ceiling| ceiling.programmes.contains(&programme.id));
        html! {
            @if !programme.note.is_empty() { p class="caution spaced" { (programme.note.get(voice.0)) } }
            dl class="facts pairs one-column" {
                (fact("programme-policy", &html! { (programme.policy.code()) " · " (policy(programme, voice)) }))
                (fact("programme-source", &html! { (programme.source) }))
                (fact("programme-period", &html! { (self.period(programme)) }))
                (fact("programme-kinds", &html! { (kinds.join(", ")) @if programme.audit { "; " (voice.say("programme-audit")) } }))
                @if let Some(condition) = &programme.condition { (fact("programme-condition", &html! { code { (condition) } })) }
                (fact("programme-each", &money(programme.per_organisation)))
                @for ceiling in across { (fact("programme-across", &html! { (money(Some(ceiling.per_organisation))) " (" (ceiling.title.get(voice.0)) ")" })) }
                (fact("programme-budget", &money(programme.budget)))
                (fact("programme-committed", &money(Some(sums.committed))))
                @if let Some(budget) = programme.budget { (fact("programme-left", &money(Some(budget.saturating_sub(sums.committed))))) }
                (fact("support-paid", &money(Some(sums.paid))))
            }
        }
    }

    /// Who may get support, in the order of the law, each with every reason.
    fn eligible(&self, programme: &Programme, judged: &[&Judged], unit: Option<&Unit>) -> Markup {
        let (voice, ask) = (self.voice, self.ask);
        let of = |verdict| judged.iter().filter(|one| one.verdict == verdict).count();
        let asked = ask.value("ket-qua");
        let verdicts = [Verdict::Met, Verdict::Unknown, Verdict::NotMet];
        let wanted = verdicts.into_iter().find(|verdict| Some(verdict.code()) == asked);
        let fits = |one: &&&Judged| match wanted {
            Some(verdict) => one.verdict == verdict,
            // Who does not meet them is shown to whoever asks for it.
            None => one.verdict != Verdict::NotMet,
        };
        let shown: Vec<&&Judged> = judged.iter().filter(fits).collect();
        let from: usize = ask.value("from").and_then(|from| from.parse().ok()).unwrap_or(0);
        let start = from.min(shown.len().saturating_sub(1)) / PAGE * PAGE;
        let end = (start + PAGE).min(shown.len());
        let path = format!("/chuong-trinh/{}", programme.id);
        let to = |from: usize| {
            let from = from.to_string();
            let mut values = vec![("from", from.as_str())];
            values.extend(asked.map(|asked| ("ket-qua", asked)));
            format!("{}#dieu-kien", ask.for_unit(&path, &values))
        };
        let units = geography::options(self.published, unit, self.as_of);
        let options =
            verdicts.map(|verdict| (verdict.code(), verdict.words().get(voice.0).to_owned()));
        html! {
            section id="dieu-kien" {
                h2 { (voice.say("eligible-heading")) }
                p {
                    (voice.say_with("eligible-counts", &[
                        ("met", self.count(of(Verdict::Met)).into()),
                        ("unknown", self.count(of(Verdict::Unknown)).into()),
                        ("not", self.count(of(Verdict::NotMet)).into()),
                    ]))
                }
                form class="filter-bar" method="get" action=(path) {
                    @for (name, value) in ask.carried("").into_iter().filter(|(name, _)| matches!(name.as_str(), "as_of" | "lang")) { input type="hidden" name=(name) value=(value); }
                    (choice("ket-qua", &voice.say("eligible-verdict"), &voice.say("eligible-possible"), asked, options))
                    (choice("unit", &voice.say("register-unit"), &voice.say("whole-unit"), unit.map(|unit| unit.id.as_str()), units))
                    button type="submit" { (voice.say("register-show")) }
                }
                @if shown.is_empty() { p class="quiet" { (voice.say("register-none")) } } @else {
                    ol class="ruled ranking" start=(start + 1) {
                        @for one in shown.get(start..end).unwrap_or_default() { li class="stacked" { (self.judged(one)) } }
                    }
                    p class="pages" {
                        @if start > 0 { a href=(to(start - PAGE)) rel="prev" { (voice.say("records-previous")) } }
                        span { (voice.say_with("register-range", &[("first", self.count(start + 1).into()), ("last", self.count(end).into()), ("all", self.count(shown.len()).into())])) }
                        @if end < shown.len() { a href=(to(end)) rel="next" { (voice.say("records-next")) } }
                    }
                }
                p class="note" { (voice.say("eligible-order")) }
            }
        }
    }

    fn judged(&self, one: &Judged) -> Markup {
        let voice = self.voice;
        let members = one
            .applicant
            .members
            .last
            .map_or_else(|| voice.say("unknown"), |members| number::show(members, 0, voice.0));
        // What keeps it from meeting all conditions is said at once, the rest opens.
        let (open, met): (Vec<&Ground>, Vec<&Ground>) =
            one.grounds.iter().partition(|ground| ground.verdict != Verdict::Met);
        html! {
            p {
                strong { (self.organisation(one.organisation)) }
                " " span class={ "verdict " (one.verdict.code()) } { (one.verdict.words().get(voice.0)) }
                " " span class="soft" { (voice.say_with("eligible-members", &[("members", members.into())])) }
            }
            @for ground in open { (self.ground(ground)) }
            details class="hindered" {
                summary { (voice.say_with("eligible-met", &[("count", self.count(met.len()).into())])) }
                @for ground in met { (self.ground(ground)) }
            }
        }
    }

    fn ground(&self, ground: &Ground) -> Markup {
        let voice = self.voice;
        html! {
            p class="ground" { span class={ "verdict " (ground.verdict.code()) } { (ground.verdict.words().get(voice.0)) } " " (ground.why.get(voice.0)) }
            @if !ground.one_of.is_empty() {
                ul class="plain grounds" { @for one in &ground.one_of {
                    li { span class={ "verdict " (one.verdict.code()) } { (one.verdict.words().get(voice.0)) } " " (one.why.get(voice.0)) }
                } }
            }
        }
    }

    fn applications(&self, programme: &Programme) -> Markup {
        let voice = self.voice;
        let own: Vec<&(u32, Application)> = self
            .applications
            .iter()
            .filter(|(index, one)| one.programme == programme.id && self.sees(*index))
            .collect();
        let millions = |amount: i64| number::millions(Some(amount), voice.0);
        html! {
            section id="ho-so" {
                h2 { (voice.say("programme-applications-heading")) }
                @if own.is_empty() { p class="quiet" { (voice.say("programme-no-applications")) } } @else {
                    table class="list lines" {
                        thead { tr {
                            th scope="col" { (voice.say("register-name")) } th scope="col" { (voice.say("form-day-applied")) }
                            th scope="col" class="number" { (voice.say("form-amount-asked")) } th scope="col" { (voice.say("support-decision")) }
                            th scope="col" class="number" { (voice.say("form-amount-granted")) } th scope="col" class="number" { (voice.say("support-paid")) }
                        } }
                        tbody { @for (index, one) in own {
                            tr class=[one.cancelled_on.is_some().then_some("out")] {
                                th scope="row" class="label" { (self.organisation(*index)) " " span class="id" { (one.application) } }
                                td data-label=(voice.say("form-day-applied")) { (self.day(one.on)) }
                                td class="number" data-label=(voice.say("form-amount-asked")) { (millions(one.requested)) }
                                td {
                                    (one.standing().words().get(voice.0))
                                    @if let Some(decided) = &one.decision { " " span class="soft" { (decided.document) @if !decided.document.is_empty() { ", " } (self.day(decided.on)) } }
                                }
                                td class="number" data-label=(voice.say("form-amount-granted")) { (one.decision.as_ref().map_or_else(|| number::NO_VALUE.to_owned(), |_| millions(one.granted()))) }
                                td class="number" data-label=(voice.say("support-paid")) { (self.payments(one)) }
                            }
                        } }
                    }
                    p class="note" { (voice.say("programme-millions")) }
                }
            }
        }
    }

    /// What was paid; each payment opens with its day and document.
    fn payments(&self, one: &Application) -> Markup {
        let voice = self.voice;
        let paid = number::millions(Some(one.paid()), voice.0);
        html! {
            @if one.payments.is_empty() { (number::NO_VALUE) } @else {
                details class="rule" {
                    summary { (paid) }
                    div class="why" { @for payment in &one.payments {
                        p { (self.day(payment.on)) ": " (number::whole(payment.amount, voice.0)) " " (voice.say("dong")) @if !payment.document.is_empty() { " (" (payment.document) ")" } }
                    } }
                }
            }
        }
    }

    /// Before and after, column by column over everybody who has both, and then one by one.
    fn outcomes(&self, outcomes: &[&Outcome]) -> Markup {
        let voice = self.voice;
        let lines = together(outcomes);
        html! {
            section id="truoc-sau" {
                h2 { (voice.say("outcome-heading")) }
                @if outcomes.is_empty() { p class="quiet" { (voice.say("outcome-none")) } } @else {
                    p class="soft" { (voice.say_with("outcome-count", &[("count", self.count(outcomes.len()).into())])) }
                    @if lines.is_empty() { p class="quiet" { (voice.say("outcome-not-yet")) } } @else {
                        table class="list lines" {
                            thead { tr {
                                th scope="col" { (voice.say("organisation-field")) } th scope="col" class="number" { (voice.say("outcome-with-both")) }
                                th scope="col" class="number" { (voice.say("outcome-before")) } th scope="col" class="number" { (voice.say("outcome-after")) }
                            } }
                            tbody { @for line in &lines {
                                tr {
                                    th scope="row" class="label" { (line.label.get(voice.0)) " " span class="id" { (voice.say(if line.flag { "outcome-flag" } else { "outcome-mean" })) } }
                                    td class="number" data-label=(voice.say("outcome-with-both")) { (self.count(line.count)) }
                                    td class="number" data-label=(voice.say("outcome-before")) { (line.shown(line.before, voice)) }
                                    td class="number" data-label=(voice.say("outcome-after")) { (line.shown(line.after, voice)) }
                                }
                            } }
                        }
                    }
                    details class="more-form" {
                        summary { (voice.say("outcome-each")) }
                        @for one in outcomes { (self.outcome(one)) }
                    }
                }
                p class="note" { (voice.say("outcome-note")) }
            }
        }
    }

    fn outcome(&self, one: &Outcome) -> Markup {
        let voice = self.voice;
        let shown = |value: &Option<Value>| match value {
            None => number::NO_VALUE.to_owned(),
            Some(Value::Flag(flag)) => voice.say(if *flag { "yes" } else { "no" }),
            Some(Value::Number(number)) => number::plain(*number, voice.0),
            Some(Value::Text(text)) => text.clone(),
        };
        let known: Vec<&Compared> =
            one.facts.iter().filter(|fact| fact.before.is_some() || fact.after.is_some()).collect();
        html! {
            h3 { (self.organisation(one.organisation)) }
            p class="soft" {
                (voice.say_with("outcome-paid", &[
                    ("paid", number::whole(one.paid, voice.0).into()),
                    ("day", self.day(one.first_paid_on).into()),
                    ("before", self.day(one.before_on).into()),
                    ("after", one.after_on.map_or_else(|| number::NO_VALUE.to_owned(), |day| self.day(day)).into()),
                ]))
            }
            @if known.is_empty() { p class="quiet" { (voice.say("outcome-no-facts")) } } @else {
                ul class="ruled" { @for fact in known {
                    li { span { (fact.label.get(voice.0)) } span class="end" { (shown(&fact.before)) " → " (shown(&fact.after)) } }
                } }
            }
        }
    }
}

/// One fact summed over everybody who has it before and after.
struct Line<'a> {
    label: &'a hoptac_model::text::Words,
    /// Whether it counts for how many something holds.
    flag: bool,
    count: usize,
    before: f64,
    after: f64,
}

impl Line<'_> {
    /// How many it holds for, or the mean of one organisation: sums of means would say nothing.
    fn shown(&self, sum: f64, voice: Voice) -> String {
        if self.flag {
            return number::show(sum, 0, voice.0);
        }
        let mean = sum / f64::from(u32::try_from(self.count).unwrap_or(u32::MAX));
        number::show(mean, u8::from(mean.abs() < 1000.0), voice.0)
    }
}

/// Facts summed up, in the order of the first outcome's columns. Who lacks one of the two values is left out of both.
fn together<'a>(outcomes: &[&'a Outcome]) -> Vec<Line<'a>> {
    let mut order: Vec<&str> = Vec::new();
    let mut lines: BTreeMap<&str, Line<'a>> = BTreeMap::new();
    for fact in outcomes.iter().flat_map(|outcome| &outcome.facts) {
        let (before, after, flag) = match (&fact.before, &fact.after) {
            (Some(Value::Number(before)), Some(Value::Number(after))) => (*before, *after, false),
            (Some(Value::Flag(before)), Some(Value::Flag(after))) => {
                (f64::from(u8::from(*before)), f64::from(u8::from(*after)), true)
            }
            _ => continue,
        };
        let line = lines.entry(&fact.column).or_insert_with(|| {
            order.push(&fact.column);
            Line { label: &fact.label, flag, count: 0, before: 0.0, after: 0.0 }
        });
        line.count += 1;
        line.before += before;
        line.after += after;
    }
    order.into_iter().filter_map(|column| lines.remove(column)).collect()
}

/// What a policy of the law is about.
fn policy(programme: &Programme, voice: Voice) -> String {
    use hoptac_model::support::Policy;
    match programme.policy {
        Policy::People => voice.say("policy-people"),
        Policy::Land => voice.say("policy-land"),
        Policy::Tax => voice.say("policy-tax"),
        Policy::Capital => voice.say("policy-capital"),
        Policy::Technology => voice.say("policy-technology"),
        Policy::Market => voice.say("policy-market"),
        Policy::Infrastructure => voice.say("policy-infrastructure"),
        Policy::Advice => voice.say("policy-advice"),
        Policy::Agriculture => voice.say("policy-agriculture"),
    }
}

#[cfg(test)]
mod tests {
    use hoptac_model::text::Words;

    use super::*;

    fn outcome(facts: &[(&str, Option<Value>, Option<Value>)]) -> Outcome {
        let fact = |(column, before, after): &(&str, Option<Value>, Option<Value>)| Compared {
            column: (*column).to_owned(),
            label: Words::new(*column, *column),
            before: before.clone(),
            after: after.clone(),
        };
        Outcome {
            organisation: 0,
            paid: 1,
            first_paid_on: Date::constant(2024, 5, 1),
            before_on: Date::constant(2023, 12, 31),
            after_on: None,
            facts: facts.iter().map(fact).collect(),
        }
    }

    #[test]
    fn only_who_has_both_values_is_summed() {
        let number = |value| Some(Value::Number(value));
        let first = outcome(&[
            ("members", number(10.0), number(12.0)),
            ("export", None, Some(Value::Flag(true))),
        ]);
        let second = outcome(&[
            ("members", number(5.0), number(4.0)),
            ("export", Some(Value::Flag(false)), Some(Value::Flag(true))),
        ]);
        let third = outcome(&[("members", number(100.0), None)]);
        let lines = together(&[&first, &second, &third]);
        let shown: Vec<_> =
            lines.iter().map(|line| (line.count, line.before, line.after, line.flag)).collect();
        assert_eq!(shown, [(2, 15.0, 16.0, false), (1, 0.0, 1.0, true)]);
        let vi = Voice(hoptac_model::text::Language::Vi);
        let words: Vec<String> = lines.iter().map(|line| line.shown(line.before, vi)).collect();
        assert_eq!(words, ["7,5", "0"]);
    }
}
