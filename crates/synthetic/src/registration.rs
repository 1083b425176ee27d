//! Registrations: founding, changes, suspensions, conversion, the end.

use hoptac_model::filing::{Body, Change, Convert, Establish, Reason};
use hoptac_model::organisation::Kind;
use jiff::civil::Date;

use crate::chance::Chance;
use crate::life::Life;
use crate::member::Roll;
use crate::record::Event;

/// Why organisations pause.
const PAUSE: [&str; 4] = [
    "thiếu vốn lưu động",
    "thị trường tiêu thụ khó khăn",
    "ảnh hưởng thiên tai",
    "sắp xếp lại nhân sự",
];
/// Why they end.
const END: [&str; 4] = [
    "hoạt động không hiệu quả",
    "thành viên tự nguyện giải thể",
    "không còn đủ thành viên",
    "chuyển sang hình thức kinh doanh khác",
];

/// The registrations of a life.
pub(crate) fn events(life: &Life, roll: &Roll, chance: &mut Chance) -> Vec<Event> {
    let by = |day: Date| life.commune.registrar_on(day);
    let mut events = Vec::new();
    let (seat, seat_former) = life.commune.seat_on(life.founded);
    events.push(
        Event::new(
            life.founded,
            by(life.founded),
            Body::OrganisationEstablish(Establish {
                kind: life.kind,
                name: life.name.clone(),
                code: life.code.clone().filter(|_| life.coded_at_founding),
                seat,
                seat_former,
                vsic: life.activity.vsic,
                sector: life.activity.sector,
                members: roll.members_on(life.founded),
                capital: roll.capital_at_founding(life.founded),
                difficult_area: life.commune.difficult,
            }),
        )
        .ranked(0),
    );
    if let Some((day, name)) = &life.converted {
        events.push(Event::new(
            *day,
            by(*day),
            Body::OrganisationConvert(Convert {
                to: Kind::Cooperative,
                name: name.clone(),
                members: roll.members_on(*day),
                capital: roll.capital_on(*day),
            }),
        ));
        if !life.coded_at_founding {
            let change = Change { code: life.code.clone(), ..Change::default() };
            events.push(Event::new(*day, by(*day), Body::OrganisationChange(change)).ranked(2));
        }
    }
    events.extend(
        changes(life, roll)
            .map(|(day, change)| Event::new(day, by(day), Body::OrganisationChange(change))),
    );
    for (from, to) in &life.suspended {
        let reason = chance.pick(&PAUSE).copied().unwrap_or_default().to_owned();
        events.push(Event::new(*from, by(*from), Body::OrganisationSuspend(Reason { reason })));
        if let Some(to) = to {
            let resumed = Body::OrganisationResume(Reason::default());
            events.push(Event::new(*to, by(*to), resumed));
        }
    }
    if let Some(day) = life.closed {
        let reason = chance.pick(&END).copied().unwrap_or_default().to_owned();
        events.push(
            Event::new(day, by(day), Body::OrganisationDissolve(Reason { reason })).ranked(3),
        );
    }
    events
}

/// Changes of members and capital after founding and conversion.
fn changes<'a>(life: &'a Life, roll: &'a Roll) -> impl Iterator<Item = (Date, Change)> + 'a {
    let filed_elsewhere = |day: Date| {
        day == life.founded
            || life.converted.as_ref().is_some_and(|(converted, _)| *converted == day)
    };
    let members = roll
        .members
        .iter()
        .map(|(day, members)| (*day, Change { members: Some(*members), ..Change::default() }));
    let capital = roll
        .capital
        .iter()
        .map(|(day, capital)| (*day, Change { capital: Some(*capital), ..Change::default() }));
    members.chain(capital).filter(move |(day, _)| !filed_elsewhere(*day))
}
