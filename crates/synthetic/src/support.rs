//! Support of the state: who applied to a programme of the pack, what was decided, and what was paid.
//!
//! What the conditions of the shipped programmes ask for, farming and a contract, is what makes an application here likely
//! to be granted; the sums stay below every ceiling that the pack names.

use std::collections::BTreeMap;

use hoptac_model::filing::Body;
use hoptac_model::filing::reform::Decision;
use hoptac_model::filing::support::{
    Support, SupportApply, SupportCancel, SupportDecide, SupportPay,
};
use hoptac_model::organisation::{Kind, Sector};
use hoptac_model::pack::Pack;
use hoptac_model::support::{Policy, Programme};
use jiff::civil::Date;

use crate::chance::{Chance, after, nearest, real};
use crate::life::Life;
use crate::record::Event;

/// The first year in which anybody applied.
const FIRST: i16 = 2019;

/// Sums are whole millions.
const MILLION: i64 = 1_000_000;

/// Who makes the decisions and the payments of a province that does not exist.
const ISSUER: &str = "Cơ quan mô phỏng";

/// The applications of a life with what became of them. `lives` shares a programme's budget, where it has one, so that
/// all together cannot overdraw it.
pub(crate) fn events(
    life: &Life,
    linked_since: Option<Date>,
    pack: &Pack,
    (lives, last_year): (usize, i16),
    chance: &mut Chance,
) -> Vec<Event> {
    let mut events = Vec::new();
    let mut granted: BTreeMap<&str, i64> = BTreeMap::new();
    let mut number = 0;
    for year in FIRST.max(life.founded.year())..=last_year {
        for programme in &pack.programmes {
            let on = chance.day(Date::constant(year, 2, 1), Date::constant(year, 7, 31));
            let applies = chance.yes(probability(life, on, linked_since, programme));
            let mut course = chance.aside(u64::from(year.unsigned_abs()));
            if !applies
                || !programme.is_open_on(on)
                || !programme.kinds.contains(&life.kind_on(on))
                || !life.operates_on(on)
            {
                continue;
            }
            number += 1;
            let application = format!("HT-{number:02}/{year}");
            let room = room(pack, programme, &granted, lives);
            let asked = asked(programme, life, &mut course);
            let linked = linked_since.is_some_and(|since| since <= on);
            let grants = room >= MILLION && course.yes(if linked { 0.78 } else { 0.3 });
            let grant = grants.then(|| {
                (nearest(real(asked / MILLION) * course.share(0.6, 1.0)).max(1) * MILLION).min(room)
            });
            if let Some(grant) = grant {
                *granted.entry(&programme.id).or_default() += grant;
            }
            let apply = SupportApply {
                application,
                programme: programme.id.clone(),
                amount: asked,
                purpose: purpose(programme.policy).to_owned(),
                // One in eight leaves the declaration out.
                no_penalty: (!course.yes(0.125)).then_some(true),
            };
            events.extend(course_of(life, on, apply, grant, linked, &mut course));
        }
    }
    events
}

/// The chance that somebody applies to a programme in a year.
fn probability(life: &Life, on: Date, linked_since: Option<Date>, programme: &Programme) -> f64 {
    if life.kind_on(on) == Kind::Group || life.activity.sector() == Sector::NonAgricultural {
        return 0.0;
    }
    let linked = if linked_since.is_some_and(|since| since <= on) { 1.0 } else { 0.25 };
    let costly = if programme.policy == Policy::Infrastructure { 0.6 } else { 1.0 };
    0.11 * life.quality * linked * costly
}

/// How much may still be granted.
fn room(pack: &Pack, programme: &Programme, granted: &BTreeMap<&str, i64>, lives: usize) -> i64 {
    let got = |id: &str| granted.get(id).copied().unwrap_or(0);
    let own = programme.per_organisation.map(|most| most - got(&programme.id));
    let share = i64::try_from(lives.max(1)).unwrap_or(i64::MAX);
    let budget = programme.budget.map(|most| most / share - got(&programme.id));
    let across = pack
        .support_ceilings
        .iter()
        .filter(|ceiling| ceiling.programmes.contains(&programme.id))
        .map(|ceiling| {
            let taken: i64 = ceiling.programmes.iter().map(|id| got(id)).sum();
            ceiling.per_organisation - taken
        });
    let room = own.into_iter().chain(budget).chain(across).min().unwrap_or(1_000 * MILLION);
    (room / MILLION).max(0) * MILLION
}

/// How much is asked for: consulting costs tens of millions, works cost hundreds and more.
fn asked(programme: &Programme, life: &Life, chance: &mut Chance) -> i64 {
    let (low, high) = match programme.policy {
        Policy::Infrastructure => (180.0, 1200.0 + 1800.0 * life.quality),
        Policy::People
        | Policy::Land
        | Policy::Tax
        | Policy::Capital
        | Policy::Technology
        | Policy::Market
        | Policy::Advice
        | Policy::Agriculture => (40.0, 160.0),
    };
    nearest(chance.share(low, high)) * MILLION
}

fn purpose(policy: Policy) -> &'static str {
    match policy {
        Policy::People => "Đào tạo cán bộ quản lý (mô phỏng)",
        Policy::Land => "Thuê đất làm nhà xưởng (mô phỏng)",
        Policy::Tax => "Lệ phí (mô phỏng)",
        Policy::Capital => "Vay vốn mở rộng sản xuất (mô phỏng)",
        Policy::Technology => "Ứng dụng công nghệ (mô phỏng)",
        Policy::Market => "Tư vấn xây dựng liên kết, xúc tiến thị trường (mô phỏng)",
        Policy::Infrastructure => "Kho lạnh và máy sấy phục vụ liên kết (mô phỏng)",
        Policy::Advice => "Tư vấn pháp luật, kế toán (mô phỏng)",
        Policy::Agriculture => "Khôi phục sản xuất (mô phỏng)",
    }
}

/// An application, its decision, and the payments of a grant in one to three parts. A few are withdrawn before anything is
/// paid, and a few give something back.
fn course_of(
    life: &Life,
    on: Date,
    apply: SupportApply,
    grant: Option<i64>,
    linked: bool,
    chance: &mut Chance,
) -> Vec<Event> {
    let application = apply.application.clone();
    let registrar = life.commune.registrar_on(on);
    let mut events = vec![event(on, registrar, Support::Apply(apply))];
    let decided = after(on, chance.whole(20, 60));
    let officer = "officer.agriculture";
    let decision = Decision {
        number: format!("{}/QĐ (mô phỏng)", chance.whole(100, 2900)),
        date: decided,
        issuer: ISSUER.to_owned(),
    };
    let decide = SupportDecide {
        application: application.clone(),
        approved: grant.is_some(),
        amount: grant.unwrap_or(0),
        decision,
        reason: match (grant, linked) {
            (Some(_), _) => String::new(),
            (None, true) => "Hồ sơ chưa đủ tài liệu".to_owned(),
            (None, false) => "Chưa có hợp đồng liên kết".to_owned(),
        },
    };
    events.push(event(decided, officer, Support::Decide(decide)));
    let Some(grant) = grant else { return events };
    if chance.yes(0.05) {
        let reason = "Tổ chức rút đề nghị".to_owned();
        let cancel = SupportCancel { application, reason };
        events.push(event(after(decided, 30), officer, Support::Cancel(cancel)));
        return events;
    }
    let parts = chance.whole(1, 3);
    // Now and then less is spent than was granted.
    let spent = if chance.yes(0.15) { grant * 9 / 10 } else { grant };
    let (mut day, mut left) = (decided, spent);
    for part in 1..=parts {
        day = after(day, chance.whole(25, 110));
        let amount = if part == parts { left } else { spent / parts };
        left -= amount;
        let document = format!("Ủy nhiệm chi mô phỏng số {}", chance.whole(1, 900));
        let application = application.clone();
        let pay = SupportPay { application, amount, document, reason: String::new() };
        events.push(event(day, officer, Support::Pay(pay)));
    }
    if chance.yes(0.03) {
        let repay = SupportPay {
            application,
            amount: spent / 10,
            document: "Giấy nộp tiền mô phỏng".to_owned(),
            reason: "Không dùng hết".to_owned(),
        };
        events.push(event(after(day, 60), officer, Support::Repay(repay)));
    }
    events
}

fn event(on: Date, actor: impl Into<String>, support: Support) -> Event {
    Event::new(on, actor, Body::Support(support))
}
