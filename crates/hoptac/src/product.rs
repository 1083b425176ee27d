//! `hoptac product`, `hoptac practice` and `hoptac union`: what is certified and confirmed of organisations, and who belongs to
//! which union.

use anyhow::Result;
use hoptac_model::filing::FilingKind;
use hoptac_model::law::Law;
use hoptac_model::organisation::{Kind, Status};
use hoptac_model::pack::Pack;
use hoptac_model::register::{Adoption, Certificate, Practice};
use hoptac_model::text::nearest;
use jiff::Span;
use serde_json::{Map, Value, json};

use crate::cli::Place;
use crate::cli::filed::Filed;
use crate::cli::support::{PracticeCommand, ProductCommand, UnionCommand};
use crate::output;
use crate::sentence::refuse;
use crate::sight::Sight;
use crate::{Outcome, filing};

pub(crate) async fn run(place: &Place, command: ProductCommand) -> Result<Outcome> {
    match command {
        ProductCommand::List(arguments) => {
            let sight = Sight::open(place, arguments.days).await?;
            let unit = sight.unit(arguments.unit.as_deref())?;
            let held: Vec<&Certificate> = sight
                .register()
                .certificates
                .iter()
                .filter(|held| {
                    held.holds_on(sight.on) && sight.is_in(held.organisation, unit.as_ref())
                })
                .filter(|held| arguments.kind.as_ref().is_none_or(|kind| *kind == held.kind))
                .collect();
            certificates(&sight, &held)
        }
        ProductCommand::Show(arguments) => {
            let sight = Sight::open(place, arguments.days).await?;
            let organisation = sight.must_find(&arguments.organisation)?;
            let own: Vec<&Certificate> =
                sight.register().certificates.of(organisation).iter().collect();
            certificates(&sight, &own)
        }
        ProductCommand::Expiring(arguments) => {
            let sight = Sight::open(place, arguments.days).await?;
            let months = Span::new().months(i64::from(arguments.within));
            let until = sight.on.saturating_add(months);
            let mut ending: Vec<&Certificate> = sight
                .register()
                .certificates
                .iter()
                .filter(|held| held.holds_on(sight.on) && held.to.is_some_and(|to| to <= until))
                .collect();
            ending.sort_by_key(|held| (held.to, held.organisation));
            certificates(&sight, &ending)
        }
        ProductCommand::Certify(arguments) => {
            let fields = json!({
                "certificate": arguments.certificate,
                "product": arguments.product,
                "kind": arguments.kind,
                "stars": arguments.stars,
                "score_tenths": arguments.score_tenths,
                "to": arguments.to,
                "decision": arguments.decision,
                "renews": arguments.renews,
            });
            let subject = &arguments.organisation;
            file(place, FilingKind::ProductCertify, subject, fields, &arguments.filed).await
        }
        ProductCommand::Withdraw(arguments) => {
            let fields = json!({
                "certificate": arguments.certificate,
                "reason": arguments.reason,
                "decision": arguments.decision,
            });
            let subject = &arguments.organisation;
            file(place, FilingKind::ProductWithdraw, subject, fields, &arguments.filed).await
        }
    }
}

/// Files the fields that were named.
pub(crate) async fn file(
    place: &Place,
    kind: FilingKind,
    subject: &str,
    fields: Value,
    filed: &Filed,
) -> Result<Outcome> {
    let store = place.open().await?;
    let fields: Map<String, Value> = match fields {
        Value::Object(fields) => fields.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    };
    filing::file_fields(&store, kind, subject, fields, filed).await
}

fn certificates(sight: &Sight, held: &[&Certificate]) -> Result<Outcome> {
    if sight.wants_json() {
        let list: Vec<Value> = held
            .iter()
            .map(|held| {
                json!({
                    "organisation": sight.brief(held.organisation),
                    "certificate": held.certificate,
                    "product": held.product,
                    "kind": held.kind,
                    "stars": held.stars,
                    "score_tenths": held.score_tenths,
                    "from": held.from,
                    "to": held.to,
                    "withdrawn_on": held.withdrawn_on,
                    "renews": held.renews,
                    "decision": held.decision,
                    "holds": held.holds_on(sight.on),
                })
            })
            .collect();
        output::json(&sight.answer(json!({ "certificates": list })))?;
        return Ok(Outcome::Done);
    }
    for held in held {
        let stars = held.stars.map_or_else(String::new, |stars| format!(" {stars}★"));
        let mark = if held.holds_on(sight.on) { "●" } else { "○" };
        let withdrawn = match held.withdrawn_on {
            Some(on) if sight.vi() => format!(", thu hồi {}", sight.day(on)),
            Some(on) => format!(", withdrawn {}", sight.day(on)),
            None => String::new(),
        };
        let line = format!(
            "{mark} {} {}{stars} · {} · {} – {}{withdrawn} · {}",
            held.certificate,
            held.kind,
            held.product,
            sight.day(held.from),
            sight.day_or_open(held.to),
            sight.name(held.organisation),
        );
        for line in output::wrap(&line, output::WIDTH, "") {
            output::say(&line)?;
        }
    }
    let (count, day) = (sight.count(held.len()), sight.day(sight.on));
    sight.say(
        &format!("{count} chứng nhận tính đến {day}."),
        &format!("{count} certificates on {day}."),
    )?;
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}

pub(crate) async fn practice(place: &Place, command: PracticeCommand) -> Result<Outcome> {
    match command {
        PracticeCommand::List(arguments) => {
            let sight = Sight::open(place, arguments.days).await?;
            let unit = sight.unit(arguments.unit.as_deref())?;
            let only = arguments.practice.as_deref().map(practice_of).transpose()?;
            let organisations = (0_u32..).take(sight.register().organisations.len());
            let here: Vec<u32> = organisations
                .filter(|one| {
                    sight.state(*one).is_some_and(|state| state.status != Status::Terminated)
                        && sight.is_in(*one, unit.as_ref())
                })
                .collect();
            check_lists(&sight, &here, only, false)
        }
        PracticeCommand::Show(arguments) => {
            let sight = Sight::open(place, arguments.days).await?;
            let organisation = sight.must_find(&arguments.organisation)?;
            check_lists(&sight, &[organisation], None, true)
        }
        PracticeCommand::Confirm(arguments) => {
            let fields = json!({
                "practice": arguments.practice,
                "items": arguments.items,
                "confirmed_by": arguments.by,
                "to": arguments.to,
                "evidence": arguments.evidence,
            });
            let subject = &arguments.organisation;
            file(place, FilingKind::PracticeConfirm, subject, fields, &arguments.filed).await
        }
        PracticeCommand::Withdraw(arguments) => {
            let fields = json!({
                "practice": arguments.practice,
                "items": arguments.items,
                "withdrawn_by": arguments.by,
                "reason": arguments.reason,
            });
            let subject = &arguments.organisation;
            file(place, FilingKind::PracticeWithdraw, subject, fields, &arguments.filed).await
        }
    }
}

fn practice_of(text: &str) -> Result<Practice> {
    if let Some(practice) = Practice::from_code(text) {
        return Ok(practice);
    }
    let codes = Practice::ALL.map(Practice::code);
    match nearest(text, codes) {
        Some(near) => refuse!(
            "không có danh mục tiêu chí `{text}`; có phải là `{near}`?",
            "there is no check-list `{text}`; did you mean `{near}`?",
            text,
            near
        ),
        None => refuse!(
            "không có danh mục tiêu chí `{text}`; các danh mục gồm {codes}",
            "there is no check-list `{text}`; they are {codes}",
            text,
            codes = codes.join(", ")
        ),
    }
}

/// Check-lists of some organisations: those that count, or all of one organisation item by item.
fn check_lists(sight: &Sight, of: &[u32], only: Option<Practice>, all: bool) -> Result<Outcome> {
    let pack: Option<&Pack> = sight.known.plan.as_ref().map(|plan| &plan.pack);
    let language = sight.language();
    let mut list: Vec<Value> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for organisation in of {
        for practice in Practice::ALL.into_iter().filter(|one| only.is_none_or(|only| only == *one))
        {
            let confirmed: Vec<&Adoption> = sight
                .register()
                .adoptions
                .of(*organisation)
                .iter()
                .filter(|one| one.practice == practice)
                .filter(|one| one.from <= sight.on)
                .collect();
            let rule = pack.and_then(|pack| pack.practice(practice));
            let counts = match rule {
                Some(rule) => rule.counts(&confirmed, sight.on),
                None => confirmed.iter().any(|one| one.holds_on(sight.on)),
            };
            if !counts && !all {
                continue;
            }
            let held = rule.map(|rule| rule.held(&confirmed, sight.on).len());
            let needed = rule.map(|rule| rule.at_least);
            let items: Vec<Value> = confirmed
                .iter()
                .map(|one| {
                    json!({
                        "item": one.item,
                        "from": one.from,
                        "to": one.to,
                        "holds": one.holds_on(sight.on),
                        "confirmed_by": one.confirmed_by,
                        "evidence": one.evidence,
                    })
                })
                .collect();
            list.push(json!({
                "organisation": sight.brief(*organisation),
                "practice": practice.code(),
                "counts": counts,
                "items_held": held,
                "items_needed": needed,
                "items_listed": rule.map(|rule| rule.items.len()),
                "rule": rule.map(|rule| &rule.source),
                "items": items,
            }));
            let mark = if counts { "●" } else { "○" };
            let of = match (held, needed) {
                (Some(held), Some(needed)) if sight.vi() => format!("{held} mục, cần {needed}"),
                (Some(held), Some(needed)) => format!("{held} items, {needed} needed"),
                _ => String::new(),
            };
            let words = practice.words();
            let name = sight.name(*organisation);
            lines.push(format!("{mark} {name} · {} · {of}", words.get(language)));
            for one in confirmed.iter().filter(|_| all) {
                let title = rule
                    .and_then(|rule| rule.items.iter().find(|item| item.id == one.item))
                    .map_or(one.item.as_str(), |item| item.title.get(language));
                lines.push(format!(
                    "    {title} · {} · {} – {}",
                    one.confirmed_by,
                    sight.day(one.from),
                    sight.day_or_open(one.to)
                ));
            }
        }
    }
    if sight.wants_json() {
        output::json(&sight.answer(json!({ "practices": list })))?;
        return Ok(Outcome::Done);
    }
    for line in lines {
        output::say(&line)?;
    }
    sight.say(
        "Bảng kiểm và số mục cần đạt là quy tắc riêng của tỉnh; chưa có tiêu chí chính thức.",
        "The lists and how many items are needed are the province's own rule; there is no official test.",
    )?;
    sight.say_synthetic()?;
    Ok(Outcome::Done)
}

pub(crate) async fn union(place: &Place, command: UnionCommand) -> Result<Outcome> {
    let (days, one) = match &command {
        UnionCommand::List(arguments) => (arguments.days, None),
        UnionCommand::Show(arguments) => (arguments.days, Some(&arguments.organisation)),
    };
    let sight = Sight::open(place, days).await?;
    let one = one.map(|name| sight.must_find(name)).transpose()?;
    if let Some(union) = one
        && sight.state(union).is_none_or(|state| state.kind != Kind::Union)
    {
        refuse!(
            "{name} không phải liên hiệp hợp tác xã vào ngày {on}",
            "{name} is no union of cooperatives on {on}",
            name = sight.name(union),
            on = sight.on
        );
    }
    let register = sight.register();
    let unions: Vec<u32> = (0_u32..)
        .take(register.organisations.len())
        .filter(|index| one.is_none_or(|one| one == *index))
        .filter(|index| {
            sight.state(*index).is_some_and(|state| {
                state.kind == Kind::Union && (one.is_some() || state.status != Status::Terminated)
            })
        })
        .collect();
    let law = sight.known.plan.as_ref().map_or_else(|| Law::shipped(), |plan| &plan.pack.law);
    let least = law.members_min(Kind::Union, sight.on);
    let mut list: Vec<Value> = Vec::new();
    for union in unions {
        let through: Vec<_> = register
            .memberships
            .iter()
            .filter(|member| member.union == union && member.from <= sight.on)
            .collect();
        let holds = |to: Option<jiff::civil::Date>| to.is_none_or(|to| sight.on <= to);
        let now = through.iter().filter(|member| holds(member.to)).count();
        let enough = least.map(|least| i64::try_from(now).is_ok_and(|now| now >= least));
        if sight.wants_json() {
            let members: Vec<Value> = through
                .iter()
                .map(|member| {
                    json!({
                        "organisation": sight.brief(member.organisation),
                        "from": member.from,
                        "to": member.to.filter(|to| *to < sight.on),
                        "member": holds(member.to),
                    })
                })
                .collect();
            list.push(json!({
                "union": sight.brief(union),
                "members": now,
                "members_min": least,
                "enough": enough,
                "through_time": members,
            }));
            continue;
        }
        let (name, now) = (sight.name(union), sight.count(now));
        let asked = match (least, enough, sight.vi()) {
            (None, _, true) => "chưa biết mức tối thiểu".to_owned(),
            (None, _, false) => "the least number is unknown".to_owned(),
            (Some(least), Some(false), true) => format!("tối thiểu {least}, ít hơn mức tối thiểu"),
            (Some(least), Some(false), false) => format!("at least {least}, below the least"),
            (Some(least), _, true) => format!("tối thiểu {least}"),
            (Some(least), _, false) => format!("at least {least}"),
        };
        sight.say(
            &format!("{name}: {now} HTX thành viên ({asked})"),
            &format!("{name}: {now} member cooperatives ({asked})"),
        )?;
        for member in through.iter().filter(|_| one.is_some()) {
            let to = member.to.filter(|to| *to < sight.on);
            let end = to.map_or_else(|| "…".to_owned(), |to| sight.day(to));
            let name = sight.name(member.organisation);
            output::say(&format!("  {} – {end}  {name}", sight.day(member.from)))?;
        }
    }
    if sight.wants_json() {
        output::json(&sight.answer(json!({ "unions": list })))?;
    } else {
        sight.say_synthetic()?;
    }
    Ok(Outcome::Done)
}
