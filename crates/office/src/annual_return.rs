//! Yearly returns: handed in, sent back, accepted, a check waived. The year, the fields of the form, and its named checks.

pub mod way;

use std::collections::BTreeMap;

use hoptac_model::check::{Checks, Filled};
use hoptac_model::filing::annual_return::{ReturnSendBack, ReturnSubmit, ReturnWaive};
use hoptac_model::filing::{Body, Draft, ReturnAccept};
use hoptac_model::finding::{Finding, Rule, Severity};
use hoptac_model::ids::OrganisationId;
use hoptac_model::pack::{Field, FieldType, Form};
use hoptac_model::words;
use hoptac_store::{Error, PaperAct, Waiver, Writing};
use jiff::civil::Date;

use crate::filing::recorded_on;
use crate::finding::Findings;
use crate::known::Known;

/// More đồng than any province's cooperatives turn over together; beyond it somebody typed too many noughts.
const MONEY_MAX: i64 = 100_000_000_000_000;

/// More people than any organisation has.
const COUNT_MAX: i64 = 1_000_000;

/// The year that a filing about a return speaks of.
pub(crate) fn year_of(body: &Body) -> Option<i16> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other kinds are not about returns")]
    match body {
        Body::ReturnAccept(body) => Some(body.year),
        Body::ReturnSubmit(body) => Some(body.year),
        Body::ReturnSendBack(body) => Some(body.year),
        Body::ReturnWaive(body) => Some(body.year),
        _ => None,
    }
}

/// Reads what the rules for returns ask for.
pub(crate) async fn read(
    writing: &mut Writing,
    id: OrganisationId,
    year: i16,
    known: &mut Known,
) -> Result<(), Error> {
    [known.returned, known.returned_before] = writing.accepted_returns(id, year).await?;
    known.paper = writing.paper(id, year).await?;
    known.waivers = writing.waivers(id, year).await?;
    Ok(())
}

/// What is wrong with a return that is to be accepted.
pub fn findings(draft: &Draft, body: &ReturnAccept, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    year_possible(draft, body.year, known, &mut findings);
    filled_in(body.form_version, body.year, &body.values, draft.effective_on, known, &mut findings);
    if let Some(PaperAct::Submitted { values, .. }) = open_paper(known)
        && *values != body.values
    {
        findings.warning(
            "return.differs",
            "values",
            words!(
                "báo cáo được chấp nhận khác với báo cáo tổ chức đã nộp",
                "what is accepted differs from what the organisation handed in"
            ),
            words!(
                "trả lại kèm lý do để nơi lập báo cáo tự sửa",
                "send it back with reasons, so that it is put right where it was made"
            ),
        );
    }
    findings.into_vec()
}

/// What is wrong with a return that is handed in. A broken check does not keep it out: it is on record as handed in, and
/// the registrar sees what is broken.
pub fn submit(draft: &Draft, body: &ReturnSubmit, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    year_possible(draft, body.year, known, &mut findings);
    filled_in(body.form_version, body.year, &body.values, draft.effective_on, known, &mut findings);
    if known.returned.is_some() {
        findings.warning(
            "return.accepted",
            "year",
            words!(
                "báo cáo năm {year} đã được chấp nhận",
                "a return of {year} is accepted already",
                year = body.year
            ),
            words!(
                "báo cáo này sẽ thay thế khi được chấp nhận",
                "this one takes its place once it is accepted too"
            ),
        );
    }
    let mut found = findings.into_vec();
    for finding in &mut found {
        if finding.code == "return.check" && finding.is_error() {
            finding.severity = Severity::Warning;
        }
    }
    found
}

/// What is wrong with sending a return back: it must have been handed in, and a reason must be given.
pub fn send_back(draft: &Draft, body: &ReturnSendBack, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    match (&known.paper, open_paper(known)) {
        (None, _) => findings.error(
            "return.not-submitted",
            "year",
            words!(
                "chưa có báo cáo năm {year} nào được nộp",
                "no return of {year} was handed in",
                year = body.year
            ),
            words!("chỉ trả lại được báo cáo đã nộp", "only what was handed in can be sent back"),
        ),
        (Some(_), None) => findings.error(
            "return.accepted",
            "year",
            words!(
                "báo cáo năm {year} đã được chấp nhận",
                "the return of {year} is accepted already",
                year = body.year
            ),
            words!("đề nghị tổ chức nộp báo cáo đã sửa", "have a corrected one handed in"),
        ),
        (Some(paper), Some(PaperAct::SentBack { .. })) => findings.error(
            "return.not-submitted",
            "year",
            words!(
                "báo cáo năm {year} đã được trả lại ngày {on}",
                "the return of {year} was sent back on {on} already",
                year = body.year,
                on = paper.on
            ),
            words!("chờ tổ chức nộp lại", "wait until it is handed in again"),
        ),
        (Some(paper), Some(PaperAct::Submitted { .. })) if draft.effective_on < paper.on => {
            findings.error(
                "filing.out-of-order",
                "effective_on",
                words!(
                    "báo cáo đến ngày {on} mới được nộp",
                    "the return was handed in only on {on}",
                    on = paper.on
                ),
                words!("sửa lại ngày", "correct the day"),
            );
        }
        (Some(_), Some(PaperAct::Submitted { .. })) => {}
    }
    if body.reasons.is_empty() && body.note.trim().is_empty() {
        findings.error(
            "return.no-reason",
            "reasons",
            words!("chưa nêu điểm nào cần sửa", "nothing is said of what is wrong"),
            words!(
                "nêu từng trường và nội dung cần sửa",
                "name the fields with what is to be put right"
            ),
        );
    }
    findings.note("note", &body.note);
    let form = known.plan.as_ref().and_then(|pack| pack.annual_return());
    for (field, reason) in &body.reasons {
        let path = format!("reasons.{field}");
        findings.text(&path, reason);
        if form.is_some_and(|form| !form.fields.iter().any(|known| &known.id == field)) {
            findings.error(
                "return.unknown-field",
                path,
                words!(
                    "biểu mẫu không có trường `{field}`",
                    "the form has no field `{field}`",
                    field
                ),
                words!(
                    "nhận xét chung thì ghi vào `note`",
                    "write what is about the whole in `note`"
                ),
            );
        }
    }
    findings.into_vec()
}

/// What is wrong with a waiver: the check must be one of the form, the end must lie ahead.
pub fn waive(draft: &Draft, body: &ReturnWaive, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.text("decided_by", &body.decided_by);
    findings.text("reason", &body.reason);
    let form = known.plan.as_ref().and_then(|pack| pack.annual_return());
    match form.map(|form| form.checks.iter().find(|check| check.id == body.check)) {
        None => findings.error(
            "return.no-form",
            "",
            words!(
                "chưa tiếp nhận kế hoạch nào có biểu mẫu báo cáo năm",
                "no plan with a form of the yearly return has been adopted"
            ),
            words!("tiếp nhận một gói kế hoạch có biểu mẫu này", "adopt a plan pack that has one"),
        ),
        Some(None) => findings.error(
            "return.unknown-check",
            "check",
            words!(
                "biểu mẫu không có phép kiểm tra `{check}`",
                "the form has no check `{check}`",
                check = body.check
            ),
            words!(
                "ghi tên đứng sau return.check/",
                "write the name that stands behind return.check/"
            ),
        ),
        Some(Some(check)) if check.severity != Severity::Error => findings.warning(
            "return.waives-warning",
            "check",
            words!(
                "{id} chỉ là cảnh báo, không ngăn việc chấp nhận",
                "{id} is only a warning and stops nothing",
                id = check.id
            ),
            words!(
                "báo cáo có thể được chấp nhận mà không cần miễn",
                "the return can be accepted without a waiver"
            ),
        ),
        Some(Some(_)) => {}
    }
    if body.until < draft.effective_on {
        findings.error(
            "return.waiver-days",
            "until",
            words!(
                "thời hạn miễn kết thúc ngày {until}, trước ngày {effective_on}",
                "the waiver ends on {until}, before {effective_on}",
                until = body.until,
                effective_on = draft.effective_on
            ),
            words!("ghi ngày cuối cùng còn được miễn", "write the last day on which it holds"),
        );
    }
    if body.year > draft.effective_on.year() {
        findings.error(
            "return.year-ahead",
            "year",
            words!(
                "năm {year} chưa bắt đầu vào ngày {effective_on}",
                "the year {year} has not begun on {effective_on}",
                year = body.year,
                effective_on = draft.effective_on
            ),
            words!("sửa lại năm", "correct the year"),
        );
    }
    findings.into_vec()
}

/// What happened last to the return on its way, unless one was accepted since.
fn open_paper(known: &Known) -> Option<&PaperAct> {
    let accepted = known.returned.as_ref().map_or(0, |accepted| accepted.position);
    known.paper.as_ref().filter(|paper| paper.position > accepted).map(|paper| &paper.act)
}

/// Fields, types and checks.
fn filled_in(
    form_version: u16,
    year: i16,
    values: &BTreeMap<String, i64>,
    on: Date,
    known: &Known,
    findings: &mut Findings,
) {
    let form = known.plan.as_ref().and_then(|pack| pack.annual_return());
    let Some(form) = form else {
        return findings.error(
            "return.no-form",
            "",
            words!(
                "chưa tiếp nhận kế hoạch nào có biểu mẫu báo cáo năm",
                "no plan with a form of the yearly return has been adopted"
            ),
            words!("tiếp nhận một gói kế hoạch có biểu mẫu này", "adopt a plan pack that has one"),
        );
    };
    fields(form, form_version, values, known, findings);
    let filled = Filled {
        values,
        last: known.returned_before.as_ref().map(|accepted| &accepted.values),
        year,
        kind: known.organisation.as_ref().map(|card| card.kind),
        sector: known.organisation.as_ref().map(|card| card.sector),
        members: known.organisation.as_ref().and_then(|card| card.members),
        capital: known.organisation.as_ref().and_then(|card| card.capital),
    };
    match &known.checks {
        Some(checks) => findings.extend(broken(checks, &filled, &known.waivers, on)),
        None => findings.extend(broken(&Checks::new(form), &filled, &known.waivers, on)),
    }
}

/// The checks that a filled-in form breaks, as findings at its fields. One that is waived on the day is a note.
pub fn broken(checks: &Checks, filled: &Filled<'_>, waivers: &[Waiver], on: Date) -> Vec<Finding> {
    let found = checks.broken(filled).into_iter().map(|broken| {
        let check = broken.check;
        let holds =
            |waiver: &&Waiver| waiver.check == check.id && waiver.from <= on && on <= waiver.until;
        let waiver = waivers.iter().find(holds);
        let (code, message, severity) = match waiver {
            None => ("return.check", broken.message.clone(), check.severity),
            Some(waiver) => (
                "return.check-waived",
                words!(
                    "{message} ({office} cho miễn đến hết ngày {until}: {reason})",
                    "{message} (waived until {until} by {office}: {reason})",
                    message = broken.message,
                    office = waiver.decided_by,
                    until = waiver.until,
                    reason = waiver.reason
                ),
                Severity::Note,
            ),
        };
        let rule = Rule { id: check.id.clone(), words: broken.message, help: check.help.clone() };
        Finding::field(code, path(&check.field), message, check.help.clone())
            .with_severity(severity)
            .by_rule(rule)
    });
    found.collect()
}

fn year_possible(draft: &Draft, year: i16, known: &Known, findings: &mut Findings) {
    let recorded = recorded_on(draft).year();
    if year > recorded || year > draft.effective_on.year() {
        findings.error(
            "return.year-ahead",
            "year",
            words!(
                "năm {year} chưa bắt đầu khi nộp báo cáo",
                "the year {year} is not over its first day when the return is filed",
                year
            ),
            words!("sửa lại năm", "correct the year"),
        );
    }
    if let Some(card) = &known.organisation {
        if year < card.founded_on.year() {
            findings.error(
                "return.before-founding",
                "year",
                words!(
                    "{name} đến ngày {founded_on} mới thành lập",
                    "{name} was founded only on {founded_on}",
                    name = card.name,
                    founded_on = card.founded_on
                ),
                words!("sửa lại năm", "correct the year"),
            );
        }
        if let Some(ceased) = card.ceased_on.filter(|ceased| ceased.year() < year) {
            findings.error(
                "return.after-end",
                "year",
                words!(
                    "{name} đã chấm dứt từ ngày {ceased}",
                    "{name} has not existed since {ceased}",
                    ceased,
                    name = card.name
                ),
                words!("sửa lại năm", "correct the year"),
            );
        }
    }
}

/// Every value belongs to a field and is of its type; required fields are there.
fn fields(
    form: &Form,
    form_version: u16,
    values: &BTreeMap<String, i64>,
    known: &Known,
    findings: &mut Findings,
) {
    if form_version != form.version {
        findings.warning(
            "return.form-version",
            "form_version",
            words!(
                "báo cáo lập theo biểu mẫu phiên bản {form_version}, biểu mẫu hiện hành \
                là phiên bản {version}",
                "it was filled in on version {form_version}, the form is at {version}",
                form_version,
                version = form.version
            ),
            words!("kiểm tra các trường đã thay đổi", "check the fields that changed"),
        );
    }
    if let Some(card) = &known.organisation
        && !form.applies_to.iter().any(|kind| kind == card.kind.code())
    {
        findings.error(
            "return.kind",
            "subject",
            words!(
                "biểu mẫu này không dành cho {kind}",
                "the form is not for a {kind}",
                kind = card.kind.words().lower()
            ),
            words!("kiểm tra lại tổ chức", "check the organisation"),
        );
    }
    for (id, value) in values {
        match form.fields.iter().find(|field| &field.id == id) {
            None => findings.error(
                "return.unknown-field",
                path(id),
                words!("biểu mẫu không có trường `{id}`", "the form has no field `{id}`", id),
                words!(
                    "bỏ trường này, hoặc dùng đúng phiên bản biểu mẫu",
                    "remove it, or use the right version of the form"
                ),
            ),
            Some(field) => typed(field, *value, findings),
        }
    }
    for field in form.fields.iter().filter(|field| field.required) {
        if !values.contains_key(&field.id) {
            findings.warning(
                "return.missing-field",
                path(&field.id),
                words!("chưa điền {label}", "{label} is not filled in", label = field.label),
                words!(
                    "báo cáo chưa đầy đủ cho đến khi được điền",
                    "the return is incomplete until it is"
                ),
            );
        }
    }
}

fn typed(field: &Field, value: i64, findings: &mut Findings) {
    let (fits, wanted) = match field.field_type {
        FieldType::Count => (
            (0..=COUNT_MAX).contains(&value),
            words!(
                "số nguyên từ 0 đến {most}",
                "a whole number from 0 to {most}",
                most = COUNT_MAX
            ),
        ),
        FieldType::Flag => {
            ((0..=1).contains(&value), words!("0 là không, 1 là có", "0 for no or 1 for yes"))
        }
        FieldType::Money => {
            ((-MONEY_MAX..=MONEY_MAX).contains(&value), words!("số tiền bằng đồng", "đồng"))
        }
    };
    if !fits {
        findings.error(
            "return.value",
            path(&field.id),
            words!(
                "giá trị {value} không hợp lệ đối với {label}",
                "{value} is not possible as {label}",
                value,
                label = field.label
            ),
            words!("hãy ghi {wanted}", "write {wanted}", wanted),
        );
    }
}

fn path(field: &str) -> String {
    format!("values.{field}")
}
