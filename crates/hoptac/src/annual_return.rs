//! `hoptac return`: yearly returns pre-filled, checked, handed in, sent back and accepted; who has not filed.

use std::collections::BTreeMap;

use anyhow::Result;
use hoptac_model::check::{Checks, Filled};
use hoptac_model::date;
use hoptac_model::filing::annual_return::{ReturnSendBack, ReturnSubmit, ReturnWaive};
use hoptac_model::filing::document::{self, Document};
use hoptac_model::filing::{Body, FilingKind, ReturnAccept};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::ids::{OrganisationId, UnitId};
use hoptac_model::number;
use hoptac_model::organisation::Status;
use hoptac_model::pack::{FieldType, Form, Pack};
use hoptac_model::text::{Language, Words};
use hoptac_model::unit::{Level, Places, Unit};
use hoptac_office::annual_return::broken;
use hoptac_office::annual_return::way::{Standing, last_due, prefilled, standing};
use hoptac_store::{AcceptedReturn, OrganisationCard, Paper, PaperAct, Reading, Store, Waiver};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::annual_return::{
    AcceptArguments, PrefillArguments, ReturnCommand, ReturnFileArguments, ReturnShowArguments,
    SendBackArguments, StatusArguments, WaiveArguments,
};
use crate::grade::{file_it, whole};
use crate::output::{self, Align, Table, WIDTH, wrap};
use crate::sentence::refuse;
use crate::view::{must_be_known, must_have_plan};
use crate::{Outcome, clock, filing};

pub(crate) async fn run(place: &Place, command: ReturnCommand) -> Result<Outcome> {
    match command {
        ReturnCommand::Prefill(arguments) => prefill(place, &arguments).await,
        ReturnCommand::Show(arguments) => show(place, &arguments).await,
        ReturnCommand::Check(arguments) => check(place, &arguments).await,
        ReturnCommand::Submit(arguments) => submit(place, &arguments).await,
        ReturnCommand::SendBack(arguments) => send_back(place, arguments).await,
        ReturnCommand::Accept(arguments) => accept(place, &arguments).await,
        ReturnCommand::Waive(arguments) => waive(place, arguments).await,
        ReturnCommand::Status(arguments) => status(place, &arguments).await,
    }
}

/// The form of the yearly return, or the sentence why there is none.
fn form_of(pack: &Pack) -> Result<&Form> {
    match pack.annual_return() {
        Some(form) => Ok(form),
        None => refuse!(
            "kế hoạch không có biểu báo cáo năm; hãy thông qua một gói có biểu này",
            "the plan has no form of the yearly return; adopt a pack that has one"
        ),
    }
}

async fn card_of(store: &Store, name: &str) -> Result<OrganisationCard> {
    let card = match filing::find(store, name).await? {
        Some(id) => store.find_organisation(id).await?,
        None => None,
    };
    match card {
        Some(card) => Ok(card),
        None => {
            refuse!(
                "không có tổ chức `{name}`; tìm bằng `hoptac org list --search`",
                "there is no organisation `{name}`; look it up with `hoptac org list --search`",
                name
            )
        }
    }
}

/// The same, as far as it was known.
async fn card_known(reading: &mut Reading, name: &str) -> Result<OrganisationCard> {
    let card = match filing::find_known(reading, name).await? {
        Some(id) => reading.organisation(id).await?,
        None => None,
    };
    match card {
        Some(card) => Ok(card),
        None => {
            refuse!(
                "không có tổ chức `{name}`; tìm bằng `hoptac org list --search`",
                "there is no organisation `{name}`; look it up with `hoptac org list --search`",
                name
            )
        }
    }
}

fn of<T>(all: Vec<T>, id: OrganisationId, whose: impl Fn(&T) -> OrganisationId) -> Vec<T> {
    all.into_iter().filter(|one| whose(one) == id).collect()
}

async fn accepted_of(
    store: &Store,
    id: OrganisationId,
    year: i16,
) -> Result<Option<AcceptedReturn>> {
    Ok(of(store.accepted_returns(year).await?, id, |accepted| accepted.organisation).pop())
}

async fn prefill(place: &Place, arguments: &PrefillArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let plan = must_have_plan(&store).await?;
    let form = form_of(&plan.pack)?;
    let latest = card_of(&store, &arguments.organisation).await?;
    // A year that is over is told by what the register says of its end.
    let day = date::year_end(arguments.year).min(clock::today());
    let Some(card) = store.find_organisation_on(latest.id, day).await? else {
        refuse!(
            "{name} thành lập ngày {day}, sau năm {year}",
            "{name} was founded on {day}, after {year}",
            name = &latest.name,
            day = latest.founded_on,
            year = arguments.year
        );
    };
    let last = accepted_of(&store, card.id, arguments.year.saturating_sub(1)).await?;
    let filled = prefilled(form, &card, last.as_ref(), arguments.year);
    let values: BTreeMap<String, i64> =
        filled.iter().map(|filled| (filled.field.clone(), filled.value)).collect();
    let body = ReturnSubmit { year: arguments.year, form_version: form.version, values };
    if arguments.body {
        output::json(&body)?;
        return Ok(Outcome::Done);
    }
    let open: Vec<&str> = form
        .fields
        .iter()
        .filter(|field| !body.values.contains_key(&field.id))
        .map(|field| field.id.as_str())
        .collect();
    if arguments.json {
        let sources: BTreeMap<&str, &Words> =
            filled.iter().map(|filled| (filled.field.as_str(), &filled.from)).collect();
        output::json(&json!({
            "organisation": card.id,
            "name": card.name,
            "body": body,
            "sources": sources,
            "last_year": last.as_ref().map(|last| &last.values),
            "to_fill_in": open,
            "due": plan.pack.return_due_on(arguments.year),
        }))?;
        return Ok(Outcome::Done);
    }
    let language: Language = arguments.lang.into();
    let vi = language == Language::Vi;
    output::say(&format!(
        "{} · {} {}",
        card.name,
        if vi { "báo cáo năm" } else { "return of" },
        arguments.year
    ))?;
    let mut table = Table::new(&[
        (if vi { "Chỉ tiêu" } else { "Field" }, Align::Left),
        (if vi { "Điền sẵn" } else { "Pre-filled" }, Align::Right),
        (if vi { "Năm trước" } else { "Last year" }, Align::Right),
        (if vi { "Nguồn" } else { "From" }, Align::Left),
    ]);
    let shown = |field_type, value: Option<i64>| match (field_type, value) {
        (_, None) => number::NO_VALUE.to_owned(),
        (FieldType::Flag, Some(flag)) => match (flag != 0, vi) {
            (true, true) => "có".to_owned(),
            (true, false) => "yes".to_owned(),
            (false, true) => "không".to_owned(),
            (false, false) => "no".to_owned(),
        },
        (FieldType::Count | FieldType::Money, Some(value)) => whole(value, language),
    };
    for field in &form.fields {
        let own = filled.iter().find(|filled| filled.field == field.id);
        let before = last.as_ref().and_then(|last| last.values.get(&field.id)).copied();
        table.row(vec![
            field.label.get(language).to_owned(),
            shown(field.field_type, own.map(|filled| filled.value)),
            shown(field.field_type, before),
            own.map_or("", |filled| filled.from.get(language)).to_owned(),
        ]);
    }
    for line in table.lines(WIDTH) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

async fn show(place: &Place, arguments: &ReturnShowArguments) -> Result<Outcome> {
    let mut reading = place.read(arguments.known_on).await?;
    let plan = must_be_known(reading.plan().await?, arguments.known_on)?;
    let form = form_of(&plan.pack)?;
    let card = card_known(&mut reading, &arguments.organisation).await?;
    let year = arguments.year;
    let day = arguments.as_of.or(arguments.known_on).unwrap_or_else(clock::today);
    let accepted =
        of(reading.accepted_returns(year, day).await?, card.id, |it| it.organisation).pop();
    let last = of(reading.accepted_returns(year.saturating_sub(1), day).await?, card.id, |it| {
        it.organisation
    })
    .pop();
    let papers = of(reading.papers(year).await?, card.id, |paper| paper.organisation);
    let papers: Vec<Paper> = papers.into_iter().filter(|paper| paper.on <= day).collect();
    let waivers = of(reading.waivers(year).await?, card.id, |waiver| waiver.organisation);
    let due = plan.pack.return_due_on(year);
    let standing = standing(accepted.as_ref(), papers.last(), due, day);
    // What was handed in last is looked at; without it, what was accepted.
    let submitted = papers.iter().rev().find_map(|paper| match &paper.act {
        PaperAct::Submitted { values, .. } => Some((paper.position, paper.on, values)),
        PaperAct::SentBack { .. } => None,
    });
    let newest = submitted.filter(|(position, ..)| {
        accepted.as_ref().is_none_or(|accepted| *position > accepted.position)
    });
    let (values, on) = match (newest, &accepted) {
        (Some((_, on, values)), _) => (Some(values), on),
        (None, Some(accepted)) => (Some(&accepted.values), accepted.on),
        (None, None) => (None, day),
    };
    let findings = values.map_or_else(Vec::new, |values| {
        let filled = Filled {
            values,
            last: last.as_ref().map(|last| &last.values),
            year,
            kind: Some(card.kind),
            sector: Some(card.sector),
            members: card.members,
            capital: card.capital,
        };
        broken(&Checks::new(form), &filled, &waivers, on)
    });
    if arguments.json {
        output::json(&json!({
            "organisation": card.id,
            "name": card.name,
            "year": year,
            "as_of": day,
            "known_on": arguments.known_on,
            "ledger_position": reading.position(),
            "standing": standing.code(),
            "due": due,
            "accepted": accepted.as_ref().map(accepted_json),
            "papers": papers.iter().map(paper_json).collect::<Vec<_>>(),
            "waivers": waivers.iter().map(waiver_json).collect::<Vec<_>>(),
            "values": values,
            "last_year": last.as_ref().map(|last| &last.values),
            "findings": findings,
        }))?;
        return Ok(Outcome::Done);
    }
    let language: Language = arguments.lang.into();
    let vi = language == Language::Vi;
    output::say(&format!(
        "{} · {} {year} · {}",
        card.name,
        if vi { "báo cáo năm" } else { "return of" },
        standing.words().get(language).to_lowercase()
    ))?;
    for paper in &papers {
        let on = date::show(paper.on, language);
        match &paper.act {
            PaperAct::Submitted { .. } => {
                output::say(&format!("{on}  {}", if vi { "nộp" } else { "handed in" }))?;
            }
            PaperAct::SentBack { reasons } => {
                output::say(&format!("{on}  {}", if vi { "trả lại" } else { "sent back" }))?;
                for (field, reason) in reasons {
                    let text = if field.is_empty() {
                        reason.clone()
                    } else {
                        format!("{field}: {reason}")
                    };
                    for line in wrap(&text, WIDTH, "            ") {
                        output::say(&line)?;
                    }
                }
            }
        }
    }
    if let Some(accepted) = &accepted {
        let on = date::show(accepted.on, language);
        output::say(&format!("{on}  {}", if vi { "chấp nhận" } else { "accepted" }))?;
    }
    for line in finding_lines(&findings, language) {
        output::say(&line)?;
    }
    Ok(Outcome::Done)
}

/// Findings of checks in the reader's language.
fn finding_lines(findings: &[Finding], language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for finding in findings {
        let sign = match finding.severity {
            Severity::Error => Words::new("lỗi", "error"),
            Severity::Warning => Words::new("cảnh báo", "warning"),
            Severity::Note => Words::new("đã miễn", "waived"),
        };
        let (said, help) = (finding.message.get(language), finding.remedy.get(language));
        let text = format!("{} [{}] {said}. {help}", sign.get(language), finding.name());
        lines.extend(wrap(&text, WIDTH, ""));
    }
    lines
}

fn accepted_json(accepted: &AcceptedReturn) -> Value {
    json!({ "on": accepted.on, "late": accepted.late, "position": accepted.position })
}

fn paper_json(paper: &Paper) -> Value {
    match &paper.act {
        PaperAct::Submitted { form_version, .. } => json!({
            "act": "submitted", "on": paper.on, "position": paper.position,
            "form_version": form_version,
        }),
        PaperAct::SentBack { reasons } => json!({
            "act": "sent_back", "on": paper.on, "position": paper.position, "reasons": reasons,
        }),
    }
}

fn waiver_json(waiver: &Waiver) -> Value {
    json!({
        "check": waiver.check, "from": waiver.from, "until": waiver.until,
        "decided_by": waiver.decided_by, "reason": waiver.reason,
    })
}

/// A return from a file: as one that is handed in is written.
fn read_file(file: &std::path::Path) -> Result<(Option<ReturnSubmit>, Vec<Finding>)> {
    let (body, findings) = document::read_body(FilingKind::ReturnSubmit, &filing::text_of(file)?);
    let body = match body {
        Some(Body::ReturnSubmit(body)) => Some(body),
        Some(_) | None => None,
    };
    Ok((body, findings))
}

fn as_accepted(body: ReturnSubmit) -> Body {
    let ReturnSubmit { year, form_version, values } = body;
    Body::ReturnAccept(ReturnAccept { year, form_version, values })
}

async fn check(place: &Place, arguments: &ReturnFileArguments) -> Result<Outcome> {
    let (body, mut findings) = read_file(&arguments.file)?;
    let Some(body) = body else {
        return filing::report(&findings, None, arguments.filing.json, arguments.filing.lang);
    };
    let store = place.open().await?;
    let actor = filing::actor(&arguments.filing.who)?;
    let day = arguments.filing.effective_on.unwrap_or_else(clock::today);
    let document = Document {
        subject: Some(arguments.organisation.clone()),
        effective_on: Some(day),
        expected_version: None,
        key: None,
        // It is held against everything that acceptance asks for.
        body: as_accepted(body),
    };
    match filing::draft(&store, document, Some(day)).await? {
        Ok(draft) => findings.extend(hoptac_office::check(&store, &actor, draft).await?),
        Err(finding) => findings.push(finding),
    }
    filing::report(&findings, None, arguments.filing.json, arguments.filing.lang)
}

async fn submit(place: &Place, arguments: &ReturnFileArguments) -> Result<Outcome> {
    let (body, findings) = read_file(&arguments.file)?;
    let Some(body) = body else {
        return filing::report(&findings, None, arguments.filing.json, arguments.filing.lang);
    };
    let store = place.open().await?;
    let body = Body::ReturnSubmit(body);
    file_it(&store, &arguments.organisation, body, clock::today(), &arguments.filing).await
}

async fn send_back(place: &Place, arguments: SendBackArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let body = Body::ReturnSendBack(ReturnSendBack {
        year: arguments.year,
        reasons: arguments.reason.into_iter().collect(),
        note: arguments.note,
    });
    file_it(&store, &arguments.organisation, body, clock::today(), &arguments.filing).await
}

async fn accept(place: &Place, arguments: &AcceptArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let (body, day) = match (&arguments.file, arguments.year) {
        (Some(file), _) => {
            let (body, findings) = read_file(file)?;
            let Some(body) = body else {
                return filing::report(
                    &findings,
                    None,
                    arguments.filing.json,
                    arguments.filing.lang,
                );
            };
            (as_accepted(body), clock::today())
        }
        (None, Some(year)) => {
            let card = card_of(&store, &arguments.organisation).await?;
            let mut papers = of(store.papers(year).await?, card.id, |paper| paper.organisation);
            match papers.pop() {
                // Who handed in on time is in time, however long the office takes.
                Some(Paper { on, act: PaperAct::Submitted { form_version, values }, .. }) => {
                    (Body::ReturnAccept(ReturnAccept { year, form_version, values }), on)
                }
                Some(Paper { on, act: PaperAct::SentBack { .. }, .. }) => {
                    refuse!(
                        "báo cáo năm {year} của {name} đã bị trả lại ngày {on}",
                        "the return of {year} of {name} was sent back on {on}",
                        year,
                        name = &card.name,
                        on
                    )
                }
                None => refuse!(
                    "{name} chưa nộp báo cáo năm {year}",
                    "no return of {year} of {name} was handed in",
                    year,
                    name = &card.name
                ),
            }
        }
        (None, None) => refuse!(
            "hãy nêu năm bằng --year, hoặc nộp báo cáo bằng --file",
            "name the year with --year, or a return with --file"
        ),
    };
    file_it(&store, &arguments.organisation, body, day, &arguments.filing).await
}

async fn waive(place: &Place, arguments: WaiveArguments) -> Result<Outcome> {
    let store = place.open().await?;
    let body = Body::ReturnWaive(ReturnWaive {
        year: arguments.year,
        check: arguments.check,
        decided_by: arguments.by,
        reason: arguments.reason,
        until: arguments.until,
    });
    file_it(&store, &arguments.organisation, body, clock::today(), &arguments.filing).await
}

/// One expected return.
struct Expected {
    card: OrganisationCard,
    standing: Standing,
    seat: Option<Unit>,
}

async fn status(place: &Place, arguments: &StatusArguments) -> Result<Outcome> {
    let mut reading = place.read(arguments.known_on).await?;
    let plan = must_be_known(reading.plan().await?, arguments.known_on)?;
    let form = form_of(&plan.pack)?;
    let day = arguments.as_of.or(arguments.known_on).unwrap_or_else(clock::today);
    let year = arguments.year.unwrap_or_else(|| last_due(&plan.pack, day));
    let due = plan.pack.return_due_on(year);
    let places = reading.places().await?;
    let code = arguments.unit.as_deref().unwrap_or(&plan.pack.setting.unit);
    let Some(unit) = places.find(code, day).cloned() else {
        refuse!(
            "không có đơn vị `{code}`; hãy viết mã, ví dụ 20 là tỉnh",
            "there is no unit `{code}`; write its code, as 20 for the province",
            code
        );
    };
    let geography = places.geography_for(&unit, day);
    let expected =
        expected(&mut reading, form, &places, &unit, geography, (year, due, day)).await?;
    let units = by_unit(&places, &unit, geography, &expected);
    let language: Language = arguments.lang.into();
    if arguments.json {
        output::json(&status_json(reading.position(), &unit, (year, due, day), &expected, &units))?;
        return Ok(Outcome::Done);
    }
    for line in status_lines(&unit, (year, due, day), &expected, &units, language) {
        output::say(&line)?;
    }
    if arguments.list {
        for line in list_lines(&expected, language) {
            output::say(&line)?;
        }
    }
    Ok(Outcome::Done)
}

/// Who is to file for a year, and where that stands: everybody whom the form is for and who exists on the due date, or
/// on the asked day while that lies ahead.
async fn expected(
    reading: &mut Reading,
    form: &Form,
    places: &Places,
    unit: &Unit,
    geography: Date,
    (year, due, day): (i16, Option<Date>, Date),
) -> Result<Vec<Expected>> {
    let at = due.unwrap_or_else(|| date::year_end(year)).min(day);
    let by_id = |accepted: Vec<AcceptedReturn>| -> BTreeMap<OrganisationId, AcceptedReturn> {
        let until = accepted.into_iter().filter(|accepted| accepted.on <= day);
        until.map(|accepted| (accepted.organisation, accepted)).collect()
    };
    let accepted = by_id(reading.accepted_returns(year, day).await?);
    let papers: BTreeMap<OrganisationId, Paper> = reading
        .papers(year)
        .await?
        .into_iter()
        .filter(|paper| paper.on <= day)
        .map(|paper| (paper.organisation, paper))
        .collect();
    let mut expected = Vec::new();
    for card in reading.organisations_on(at).await? {
        let files = form.applies_to.iter().any(|kind| kind == card.kind.code());
        if card.status == Status::Terminated || !files {
            continue;
        }
        let seat = places.seat_on(&card.seat, card.seat_former.as_ref(), geography);
        let inside =
            |seat: &Unit| places.ancestry(&seat.id).iter().any(|above| above.id == unit.id);
        // What cannot be placed is still the province's.
        if !seat.map_or(unit.level == Level::Province, inside) {
            continue;
        }
        let standing = standing(accepted.get(&card.id), papers.get(&card.id), due, day);
        expected.push(Expected { seat: seat.cloned(), card, standing });
    }
    Ok(expected)
}

/// How many returns stand where.
type Counts = BTreeMap<Standing, i64>;

/// The counts of a unit's parts on a geography, each with its name.
fn by_unit(
    places: &Places,
    unit: &Unit,
    geography: Date,
    expected: &[Expected],
) -> Vec<(Option<Unit>, Counts)> {
    let children = places.children(&unit.id, geography);
    let mut counts: BTreeMap<Option<&UnitId>, Counts> = BTreeMap::new();
    for one in expected {
        let chain = one.seat.as_ref().map(|seat| places.ancestry(&seat.id)).unwrap_or_default();
        let inside = |part: &&&Unit| chain.iter().any(|above| above.id == part.id);
        // A commune has no parts and is its own.
        let part = if children.is_empty() {
            Some(&unit.id)
        } else {
            children.iter().find(inside).map(|part| &part.id)
        };
        *counts.entry(part).or_default().entry(one.standing).or_default() += 1;
    }
    let of = |id: &UnitId| places.get(id).cloned();
    counts.into_iter().map(|(id, counts)| (id.and_then(of), counts)).collect()
}

fn totals(counts: &Counts) -> (i64, i64, i64, i64, i64) {
    let of = |standing: Standing| counts.get(&standing).copied().unwrap_or(0);
    let expected = counts.values().sum();
    let late = of(Standing::AcceptedLate);
    let accepted = of(Standing::Accepted) + late;
    let submitted = accepted + of(Standing::Submitted) + of(Standing::SentBack);
    let missing = of(Standing::Missing);
    (expected, submitted, accepted, late, missing)
}

fn count(expected: &[Expected]) -> Counts {
    let mut counts = Counts::new();
    for one in expected {
        *counts.entry(one.standing).or_default() += 1;
    }
    counts
}

fn counts_json(counts: &Counts) -> Value {
    let (expected, submitted, accepted, late, missing) = totals(counts);
    json!({
        "expected": expected, "submitted": submitted, "accepted": accepted, "late": late,
        "missing": missing,
        "by_standing": Standing::ALL
            .into_iter()
            .map(|standing| (standing.code(), counts.get(&standing).copied().unwrap_or(0)))
            .collect::<BTreeMap<_, _>>(),
    })
}

fn status_json(
    position: u64,
    unit: &Unit,
    (year, due, day): (i16, Option<Date>, Date),
    expected: &[Expected],
    units: &[(Option<Unit>, Counts)],
) -> Value {
    let parts: Vec<Value> = units
        .iter()
        .map(|(unit, counts)| {
            let mut value = counts_json(counts);
            if let Some(fields) = value.as_object_mut() {
                fields.insert("unit".to_owned(), json!(unit.as_ref().map(|unit| &unit.code)));
                fields.insert("unit_name".to_owned(), json!(unit.as_ref().map(|unit| &unit.name)));
            }
            value
        })
        .collect();
    let of = |wanted: Standing| -> Vec<Value> {
        let list = expected.iter().filter(|one| one.standing == wanted);
        list.map(|one| {
            json!({
                "organisation": one.card.id, "name": one.card.name,
                "kind": one.card.kind.code(), "seat": one.seat.as_ref().map(|seat| &seat.code),
            })
        })
        .collect()
    };
    json!({
        "ledger_position": position,
        "year": year,
        "due": due,
        "as_of": day,
        "unit": unit.code,
        "unit_name": unit.name,
        "total": counts_json(&count(expected)),
        "units": parts,
        "late": of(Standing::AcceptedLate),
        "missing": of(Standing::Missing),
        "submitted": of(Standing::Submitted),
        "sent_back": of(Standing::SentBack),
    })
}

fn status_lines(
    unit: &Unit,
    (year, due, day): (i16, Option<Date>, Date),
    expected: &[Expected],
    units: &[(Option<Unit>, Counts)],
    language: Language,
) -> Vec<String> {
    let vi = language == Language::Vi;
    let due = due.map_or_else(
        || if vi { "chưa rõ hạn nộp" } else { "due date unknown" }.to_owned(),
        |due| {
            let due = date::show(due, language);
            if vi { format!("hạn nộp {due}") } else { format!("due {due}") }
        },
    );
    let mut lines = vec![format!(
        "{} · {} {year} · {due} · {} {}",
        unit.name,
        if vi { "báo cáo năm" } else { "returns of" },
        if vi { "tính đến" } else { "as of" },
        date::show(day, language)
    )];
    let heads = if vi {
        ["Đơn vị", "Phải nộp", "Đã nộp", "Chấp nhận", "Muộn", "Thiếu", "Đủ (%)"]
    } else {
        ["Unit", "Expected", "Filed", "Accepted", "Late", "Missing", "Complete (%)"]
    };
    let columns: Vec<(&str, Align)> = heads
        .iter()
        .enumerate()
        .map(|(index, head)| (*head, if index == 0 { Align::Left } else { Align::Right }))
        .collect();
    let mut table = Table::new(&columns);
    let mut row = |name: &str, counts: &Counts| {
        let (expected, submitted, accepted, late, missing) = totals(counts);
        let share = accepted.saturating_mul(1000).checked_div(expected).unwrap_or(0);
        let share = i32::try_from(share).unwrap_or(0);
        let mut cells = vec![name.to_owned()];
        cells.extend([expected, submitted, accepted, late, missing].map(|n| whole(n, language)));
        cells.push(number::show(f64::from(share) / 10.0, 1, language));
        table.row(cells);
    };
    for (part, counts) in units {
        let unplaced = if vi { "Chưa xác định được xã" } else { "Not placed" };
        row(part.as_ref().map_or(unplaced, |part| part.name.as_str()), counts);
    }
    row(if vi { "Tổng" } else { "Total" }, &count(expected));
    lines.extend(table.lines(WIDTH));
    lines
}

/// Everybody who needs somebody's attention, by where the return stands.
fn list_lines(expected: &[Expected], language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for wanted in
        [Standing::Missing, Standing::SentBack, Standing::Submitted, Standing::AcceptedLate]
    {
        let list: Vec<&Expected> = expected.iter().filter(|one| one.standing == wanted).collect();
        if list.is_empty() {
            continue;
        }
        lines.push(String::new());
        lines.push(format!("{} ({})", wanted.words().get(language), list.len()));
        for one in list {
            let seat = one.seat.as_ref().map_or("", |seat| seat.name.as_str());
            lines.extend(wrap(&format!("{} · {seat}", one.card.name), WIDTH, "  "));
        }
    }
    lines
}
