//! `hoptac support`: programmes, who may get support and why, applications, payments, before and after.

use anyhow::{Context as _, Result};
use hoptac_engine::support::{applicants, outcomes};
use hoptac_model::filing::FilingKind;
use hoptac_model::formula::condition::Value as Fact;
use hoptac_model::pack::Pack;
use hoptac_model::support::{Applicant, Application, Ground, Programme, Verdict, grounds, rank};
use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::support::{Eligible, SupportCommand};
use crate::output;
use crate::product::file;
use crate::sentence::{refuse, said};
use crate::sight::Sight;
use crate::view;
use crate::{Outcome, filing};

pub(crate) async fn run(place: &Place, command: SupportCommand) -> Result<Outcome> {
    match command {
        SupportCommand::Programmes(arguments) => {
            let sight = Sight::open(place, arguments.days).await?;
            programmes(&sight)
        }
        SupportCommand::Eligible(arguments) => eligible(place, &arguments, false).await,
        SupportCommand::Rank(arguments) => eligible(place, &arguments, true).await,
        SupportCommand::List(arguments) => {
            let sight = Sight::open(place, arguments.days).await?;
            let programme = arguments.programme.as_deref();
            list(&sight, |_, one| programme.is_none_or(|programme| programme == one.programme))
        }
        SupportCommand::Show(arguments) => {
            let sight = Sight::open(place, arguments.days).await?;
            let organisation = sight.must_find(&arguments.organisation)?;
            list(&sight, |index, _| index == organisation)
        }
        SupportCommand::Outcome(arguments) => outcome(place, &arguments).await,
        SupportCommand::Open(arguments) => {
            let text = filing::text_of(&arguments.file)?;
            let programme: Value = serde_json::from_str(&text).context(said!(
                "đọc chương trình hỗ trợ từ JSON",
                "reading the programme as JSON"
            ))?;
            let id = programme.get("id").and_then(Value::as_str).unwrap_or_default();
            let subject = format!("programme/{id}");
            let fields = json!({ "programme": programme });
            file(place, FilingKind::ProgrammeOpen, &subject, fields, &arguments.filed).await
        }
        SupportCommand::Apply(arguments) => {
            let fields = json!({
                "application": arguments.application,
                "programme": arguments.programme,
                "amount": arguments.amount,
                "purpose": arguments.purpose,
                "no_penalty": arguments.no_penalty.then_some(true),
            });
            let subject = &arguments.organisation;
            file(place, FilingKind::SupportApply, subject, fields, &arguments.filed).await
        }
        SupportCommand::Decide(arguments) => {
            let fields = json!({
                "application": arguments.application,
                "approved": arguments.grant.is_some(),
                "amount": arguments.grant,
                "decision": {
                    "number": arguments.number,
                    "date": arguments.date,
                    "issuer": arguments.issuer,
                },
                "reason": arguments.reason,
            });
            let subject = &arguments.organisation;
            file(place, FilingKind::SupportDecide, subject, fields, &arguments.filed).await
        }
        SupportCommand::Pay(arguments) => pay(place, FilingKind::SupportPay, &arguments).await,
        SupportCommand::Repay(arguments) => pay(place, FilingKind::SupportRepay, &arguments).await,
        SupportCommand::Cancel(arguments) => {
            let fields = json!({
                "application": arguments.application,
                "reason": arguments.reason,
            });
            let subject = &arguments.organisation;
            file(place, FilingKind::SupportCancel, subject, fields, &arguments.filed).await
        }
    }
}

async fn pay(
    place: &Place,
    kind: FilingKind,
    arguments: &crate::cli::support::Pay,
) -> Result<Outcome> {
    let fields = json!({
        "application": arguments.application,
        "amount": arguments.amount,
        "document": arguments.document,
        "reason": arguments.reason,
    });
    file(place, kind, &arguments.organisation, fields, &arguments.filed).await
}

/// The programmes of the plan's pack, then those that were opened by filings.
fn all_programmes(sight: &Sight) -> impl Iterator<Item = &Programme> {
    let packed = sight.known.plan.iter().flat_map(|plan| &plan.pack.programmes);
    packed.chain(&sight.known.programmes)
}

fn must_find<'s>(sight: &'s Sight, id: &str) -> Result<&'s Programme> {
    match all_programmes(sight).find(|programme| programme.id == id) {
        Some(programme) => Ok(programme),
        None => refuse!(
            "không có chương trình `{id}`; `hoptac support programmes` liệt kê các chương trình",
            "there is no programme `{id}`; `hoptac support programmes` shows them",
            id
        ),
    }
}

/// Applications as they stood on the asked day.
fn applications(sight: &Sight) -> Vec<(u32, Application)> {
    let all = sight.register().supports.iter();
    all.filter_map(|(index, one)| Some((*index, one.on_day(sight.on)?))).collect()
}

fn programmes(sight: &Sight) -> Result<Outcome> {
    let applications = applications(sight);
    let language = sight.language();
    let mut list = Vec::new();
    for programme in all_programmes(sight) {
        let own = || applications.iter().filter(|(_, one)| one.programme == programme.id);
        let granted: i64 = own().map(|(_, one)| one.committed()).sum();
        let paid: i64 = own().map(|(_, one)| one.paid()).sum();
        let count = own().count();
        if sight.wants_json() {
            list.push(json!({
                "programme": programme,
                "open": programme.is_open_on(sight.on),
                "applications": count,
                "committed": granted,
                "paid": paid,
            }));
            continue;
        }
        let title = programme.title.get(language);
        output::say(&format!("{} · {} · {title}", programme.id, programme.policy.code()))?;
        let (count, granted, paid) =
            (sight.count(count), sight.millions(Some(granted)), sight.millions(Some(paid)));
        let (budget, each) =
            (sight.millions(programme.budget), sight.millions(programme.per_organisation));
        sight.say(
            &format!("  {count} hồ sơ, cam kết {granted}, đã chi {paid} triệu đồng; kinh phí {budget}, tối đa mỗi tổ chức {each}"),
            &format!("  {count} applications, {granted} committed, {paid} million đồng paid; budget {budget}, at most {each} each"),
        )?;
    }
    if sight.wants_json() {
        output::json(&sight.answer(json!({ "programmes": list })))?;
    } else {
        sight.say_synthetic()?;
    }
    Ok(Outcome::Done)
}

/// Who may get support, with every reason; ranked where that is asked.
async fn eligible(place: &Place, arguments: &Eligible, ranked: bool) -> Result<Outcome> {
    let sight = Sight::open(place, arguments.days).await?;
    let programme = must_find(&sight, &arguments.programme)?;
    let pack = must_have_plan(&sight)?;
    let unit = sight.unit(arguments.unit.as_deref())?;
    let only = arguments.org.as_deref().map(|org| sight.must_find(org)).transpose()?;
    let mut judged: Vec<(u32, Applicant, Vec<Ground>, Verdict)> =
        applicants(sight.register(), &sight.known.places, pack, programme, sight.on)
            .into_iter()
            .filter(|(index, _)| only.is_none_or(|only| only == *index))
            .filter(|(index, _)| sight.is_in(*index, unit.as_ref()))
            .map(|(index, applicant)| {
                let grounds = grounds(programme, &applicant, sight.on);
                let verdict = Verdict::all(grounds.iter().map(|ground| ground.verdict));
                (index, applicant, grounds, verdict)
            })
            .collect();
    let count = |verdict| judged.iter().filter(|(.., one)| *one == verdict).count();
    let (met, unknown, not_met) =
        (count(Verdict::Met), count(Verdict::Unknown), count(Verdict::NotMet));
    if ranked {
        judged.retain(|(.., verdict)| *verdict != Verdict::NotMet);
    }
    judged.sort_by(|a, b| {
        let by_rank = if ranked { rank(&a.1, &b.1) } else { std::cmp::Ordering::Equal };
        a.3.cmp(&b.3).then(by_rank).then(a.0.cmp(&b.0))
    });
    judged.truncate(arguments.limit);
    if sight.wants_json() {
        let list: Vec<Value> = judged
            .iter()
            .map(|(index, applicant, grounds, verdict)| {
                json!({
                    "organisation": sight.brief(*index),
                    "verdict": verdict.code(),
                    "conditions": grounds.iter().map(ground_json).collect::<Vec<_>>(),
                    "ranked_by": {
                        "members": applicant.members.last,
                        "disabled_members": null,
                        "ethnic_minority_members": applicant.ethnic_minority,
                        "insured": applicant.insured,
                        "women_managers": applicant.women_managers,
                        "women": applicant.women,
                        "difficult_area": applicant.difficult_area,
                    },
                })
            })
            .collect();
        output::json(&sight.answer(json!({
            "programme": programme.id,
            "met": met,
            "unknown": unknown,
            "not_met": not_met,
            "organisations": list,
        })))?;
        return Ok(Outcome::Done);
    }
    let language = sight.language();
    for (place, (index, _, grounds, verdict)) in (1..).zip(&judged) {
        let number = if ranked { format!("{place}. ") } else { String::new() };
        output::say(&format!(
            "{number}{} · {}",
            sight.name(*index),
            verdict.words().get(language)
        ))?;
        for ground in grounds {
            say_ground(&sight, ground, "  ")?;
            for one in &ground.one_of {
                say_ground(&sight, one, "    ")?;
            }
        }
    }
    let (met, unknown, not_met) = (sight.count(met), sight.count(unknown), sight.count(not_met));
    sight.say(
        &format!("{met} tổ chức đạt, {unknown} chưa rõ vì thiếu dữ liệu, {not_met} không đạt."),
        &format!("{met} meet every condition, of {unknown} data is missing, {not_met} do not."),
    )?;
    if ranked {
        sight.say(
            "Thứ tự theo Điều 18 Luật Hợp tác xã 2023 trong phạm vi có dữ liệu; thành viên khuyết tật và các tiêu chí sau địa bàn khó khăn chưa có dữ liệu.",
            "In the order of Law 17/2023/QH15, Article 18, as far as it is on record; disabled members and what follows difficult areas are not.",
        )?;
    }
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}

fn must_have_plan(sight: &Sight) -> Result<&Pack> {
    match &sight.known.plan {
        Some(plan) => Ok(&plan.pack),
        None => Err(view::must_be_known(None, None)
            .err()
            .context(said!("tính hỗ trợ", "reckoning support"))?),
    }
}

fn ground_json(ground: &Ground) -> Value {
    json!({
        "condition": ground.id,
        "verdict": ground.verdict.code(),
        "why": ground.why,
        "one_of": ground.one_of.iter().map(ground_json).collect::<Vec<_>>(),
    })
}

fn say_ground(sight: &Sight, ground: &Ground, indent: &str) -> Result<()> {
    let language = sight.language();
    let words = ground.verdict.words();
    let line = format!("{}: {}", words.get(language), ground.why.get(language));
    output::wrap(&line, output::WIDTH, indent).iter().try_for_each(|line| output::say(line))
}

fn list(sight: &Sight, wanted: impl Fn(u32, &Application) -> bool) -> Result<Outcome> {
    let applications = applications(sight);
    let mine = applications.iter().filter(|(index, one)| wanted(*index, one));
    if sight.wants_json() {
        let list: Vec<Value> = mine
            .map(|(index, one)| {
                let payments: Vec<Value> = one
                    .payments
                    .iter()
                    .map(|paid| {
                        json!({ "on": paid.on, "amount": paid.amount, "document": paid.document })
                    })
                    .collect();
                json!({
                    "organisation": sight.brief(*index),
                    "application": one.application,
                    "programme": one.programme,
                    "on": one.on,
                    "requested": one.requested,
                    "purpose": one.purpose,
                    "no_penalty": one.no_penalty,
                    "standing": one.standing().code(),
                    "decided_on": one.decision.as_ref().map(|decided| decided.on),
                    "decision": one.decision.as_ref().map(|decided| &decided.document),
                    "granted": one.granted(),
                    "cancelled_on": one.cancelled_on,
                    "paid": one.paid(),
                    "payments": payments,
                })
            })
            .collect();
        output::json(&sight.answer(json!({ "applications": list })))?;
        return Ok(Outcome::Done);
    }
    let mut count = 0;
    for (index, one) in mine {
        count += 1;
        let words = one.standing().words();
        let line = format!(
            "{} · {} · {} · {} · {}",
            sight.day(one.on),
            one.programme,
            one.application,
            sight.name(*index),
            words.get(sight.language())
        );
        for line in output::wrap(&line, output::WIDTH, "") {
            output::say(&line)?;
        }
        let (asked, granted, paid) =
            (sight.whole(one.requested), sight.whole(one.granted()), sight.whole(one.paid()));
        sight.say(
            &format!("  đề nghị {asked}, duyệt {granted}, đã chi {paid} đồng"),
            &format!("  {asked} asked, {granted} granted, {paid} đồng paid"),
        )?;
    }
    let count = sight.count(count);
    sight.say(&format!("{count} hồ sơ đề nghị hỗ trợ."), &format!("{count} applications."))?;
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}

async fn outcome(place: &Place, arguments: &Eligible) -> Result<Outcome> {
    let sight = Sight::open(place, arguments.days).await?;
    let programme = must_find(&sight, &arguments.programme)?;
    let pack = must_have_plan(&sight)?;
    let only = arguments.org.as_deref().map(|org| sight.must_find(org)).transpose()?;
    let unit = sight.unit(arguments.unit.as_deref())?;
    let mut all = outcomes(sight.register(), &sight.known.places, pack, &programme.id, sight.on);
    all.retain(|one| only.is_none_or(|only| only == one.organisation));
    all.retain(|one| sight.is_in(one.organisation, unit.as_ref()));
    all.truncate(arguments.limit);
    let plain = |fact: &Option<Fact>| match fact {
        Some(Fact::Flag(flag)) => json!(flag),
        Some(Fact::Number(number)) => json!(number),
        Some(Fact::Text(text)) => json!(text),
        None => Value::Null,
    };
    if sight.wants_json() {
        let list: Vec<Value> = all
            .iter()
            .map(|one| {
                let facts: Vec<Value> = one
                    .facts
                    .iter()
                    .map(|fact| {
                        json!({
                            "column": fact.column,
                            "label": fact.label,
                            "before": plain(&fact.before),
                            "after": plain(&fact.after),
                        })
                    })
                    .collect();
                json!({
                    "organisation": sight.brief(one.organisation),
                    "paid": one.paid,
                    "first_paid_on": one.first_paid_on,
                    "before_on": one.before_on,
                    "after_on": one.after_on,
                    "facts": facts,
                })
            })
            .collect();
        output::json(&sight.answer(json!({ "programme": programme.id, "outcomes": list })))?;
        return Ok(Outcome::Done);
    }
    for one in &all {
        let after = one.after_on.map_or_else(|| "…".to_owned(), |day| sight.day(day));
        output::say(&format!(
            "{} · {} đồng · {} → {after}",
            sight.name(one.organisation),
            sight.whole(one.paid),
            sight.day(one.before_on)
        ))?;
        for fact in one.facts.iter().filter(|fact| fact.before.is_some() || fact.after.is_some()) {
            let label = fact.label.get(sight.language());
            output::say(&format!("  {label}: {} → {}", plain(&fact.before), plain(&fact.after)))?;
        }
    }
    sight.say(
        "Số liệu trước và sau đặt cạnh nhau; không có nghĩa là thay đổi do hỗ trợ mang lại.",
        "Before and after stand side by side; nothing here says that one came of the other.",
    )?;
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}
