//! Yearly returns: the year, the fields of the form, and named rules between them.

use hoptac_model::filing::{Draft, ReturnAccept};
use hoptac_model::finding::Finding;
use hoptac_model::organisation::Kind;
use hoptac_model::pack::{Field, FieldType, Form};

use crate::filing::recorded_on;
use crate::finding::Findings;
use crate::known::Known;

/// A rule between two fields: the part is at most the whole, checked where both are filled in.
struct Within {
    name: &'static str,
    part: &'static str,
    whole: &'static str,
}

const fn within(name: &'static str, part: &'static str, whole: &'static str) -> Within {
    Within { name, part, whole }
}

/// The rules that a return must keep.
const RULES: [Within; 15] = [
    within("return.women-among-members", "members_female", "members_total"),
    within("return.minorities-among-members", "members_ethnic_minority", "members_total"),
    within("return.poor-among-members", "members_poor", "members_total"),
    within("return.households-among-members", "members_household", "members_total"),
    within("return.official-among-members", "members_official", "members_total"),
    within("return.women-among-workers", "workers_female", "workers"),
    within("return.members-among-workers", "workers_members", "workers"),
    within("return.insured-among-workers", "workers_insured", "workers"),
    within("return.trained-among-workers", "workers_trained", "workers"),
    within("return.women-among-managers", "managers_female", "managers"),
    within("return.college-among-managers", "managers_college", "managers"),
    within("return.vocational-among-managers", "managers_vocational", "managers"),
    within("return.revenue-with-members", "revenue_members", "revenue"),
    within("return.revenue-from-export", "revenue_export", "revenue"),
    within("return.undivided-among-assets", "undivided_assets", "total_assets"),
];

/// Amounts of money that cannot be less than nothing; profit may.
const NOT_NEGATIVE: [&str; 8] = [
    "revenue",
    "revenue_members",
    "revenue_export",
    "total_capital",
    "total_assets",
    "undivided_assets",
    "loans",
    "tax_paid",
];

/// More đồng than any province's cooperatives turn over together; beyond it somebody typed too many noughts.
const MONEY_MAX: i64 = 100_000_000_000_000;

/// More people than any organisation has.
const COUNT_MAX: i64 = 1_000_000;

/// What is wrong with a return.
pub fn findings(draft: &Draft, body: &ReturnAccept, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    year(draft, body, known, &mut findings);
    let form = known.plan.as_ref().and_then(|pack| pack.annual_return());
    match form {
        None => findings.error(
            "return.no-form",
            "",
            "no plan with a form of the yearly return has been adopted",
            "adopt a plan pack that has one",
        ),
        Some(form) => fields(form, body, known, &mut findings),
    }
    rules(body, &mut findings);
    plausible(body, known, &mut findings);
    findings.into_vec()
}

fn year(draft: &Draft, body: &ReturnAccept, known: &Known, findings: &mut Findings) {
    let recorded = recorded_on(draft).year();
    if body.year > recorded || body.year > draft.effective_on.year() {
        findings.error(
            "return.year-ahead",
            "year",
            format!("the year {} is not over its first day when the return is filed", body.year),
            "correct the year",
        );
    }
    if let Some(card) = &known.organisation {
        if body.year < card.founded_on.year() {
            findings.error(
                "return.before-founding",
                "year",
                format!("{} was founded only on {}", card.name, card.founded_on),
                "correct the year",
            );
        }
        if let Some(ceased) = card.ceased_on.filter(|ceased| ceased.year() < body.year) {
            findings.error(
                "return.after-end",
                "year",
                format!("{} has not existed since {ceased}", card.name),
                "correct the year",
            );
        }
    }
}

/// Every value belongs to a field and is of its type; required fields are there.
fn fields(form: &Form, body: &ReturnAccept, known: &Known, findings: &mut Findings) {
    if body.form_version != form.version {
        findings.warning(
            "return.form-version",
            "form_version",
            format!(
                "it was filled in on version {}, the form is at {}",
                body.form_version, form.version
            ),
            "check the fields that changed",
        );
    }
    if let Some(card) = &known.organisation
        && !form.applies_to.iter().any(|kind| kind == card.kind.code())
    {
        findings.error(
            "return.kind",
            "subject",
            format!("the form is not for a {}", card.kind.words().en.to_lowercase()),
            "check the organisation",
        );
    }
    for (id, value) in &body.values {
        match form.fields.iter().find(|field| &field.id == id) {
            None => findings.error(
                "return.unknown-field",
                path(id),
                format!("the form has no field `{id}`"),
                "remove it, or use the right version of the form",
            ),
            Some(field) => typed(field, *value, findings),
        }
    }
    for field in form.fields.iter().filter(|field| field.required) {
        if !body.values.contains_key(&field.id) {
            findings.warning(
                "return.missing-field",
                path(&field.id),
                format!("{} is not filled in", field.label.en),
                "the return is incomplete until it is",
            );
        }
    }
}

fn typed(field: &Field, value: i64, findings: &mut Findings) {
    let (fits, wanted) = match field.field_type {
        FieldType::Count => {
            ((0..=COUNT_MAX).contains(&value), "a whole number from 0 to 1,000,000")
        }
        FieldType::Flag => ((0..=1).contains(&value), "0 for no or 1 for yes"),
        FieldType::Money if NOT_NEGATIVE.contains(&field.id.as_str()) => {
            ((0..=MONEY_MAX).contains(&value), "đồng, zero or more")
        }
        FieldType::Money => ((-MONEY_MAX..=MONEY_MAX).contains(&value), "đồng"),
    };
    if !fits {
        findings.error(
            "return.value",
            path(&field.id),
            format!("{value} is not possible as {}", field.label.en),
            format!("write {wanted}"),
        );
    }
}

fn rules(body: &ReturnAccept, findings: &mut Findings) {
    for rule in &RULES {
        let (part, whole) = (body.values.get(rule.part), body.values.get(rule.whole));
        if let (Some(part), Some(whole)) = (part, whole)
            && part > whole
        {
            findings.error(
                rule.name,
                path(rule.part),
                format!("{} ({part}) is more than {} ({whole})", rule.part, rule.whole),
                "one of the two is wrong",
            );
        }
    }
}

/// What is possible but seldom true.
fn plausible(body: &ReturnAccept, known: &Known, findings: &mut Findings) {
    let value = |field: &str| body.values.get(field).copied();
    if let (Some(profit), Some(revenue)) = (value("profit_before_tax"), value("revenue"))
        && profit > revenue
    {
        findings.warning(
            "return.profit-above-revenue",
            path("profit_before_tax"),
            format!("the profit ({profit}) is more than the revenue ({revenue})"),
            "check the unit of both",
        );
    }
    if let (Some(capital), Some(assets)) = (value("total_capital"), value("total_assets"))
        && capital > assets
    {
        findings.warning(
            "return.capital-above-assets",
            path("total_capital"),
            format!("the capital ({capital}) is more than the assets ({assets})"),
            "check the unit of both",
        );
    }
    let registered = known.organisation.as_ref().filter(|card| card.kind != Kind::Union);
    if let (Some(declared), Some(members)) =
        (value("members_total"), registered.and_then(|card| card.members))
        && (declared > members.saturating_mul(2) || declared.saturating_mul(2) < members)
    {
        findings.warning(
            "return.members-differ",
            path("members_total"),
            format!("the return has {declared} members, the register {members}"),
            "file a change of members, or correct the return",
        );
    }
}

fn path(field: &str) -> String {
    format!("values.{field}")
}
