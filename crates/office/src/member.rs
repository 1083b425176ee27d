//! The roll of an organisation's members: who may enter, change, leave, give a share away; what may be read and erased.
//!
//! The rules here see what stands in clear. What is personal is judged before it is sealed, in `member/sealing.rs`, which is
//! the only way for it to come in; `member/reading.rs` is the only way out.

mod document;
mod reading;
mod sealing;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::filing::Draft;
use hoptac_model::filing::member::{
    EraseGround, MemberDisclose, MemberErase, MemberStrike, MemberTransfer, Membership,
};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::ids::{MemberId, OrganisationId};
use hoptac_model::member::form::judge_entry;
use hoptac_model::member::{
    ETHNIC_GROUPS, Entry, KeyHolder, MemberEvent, Misfit, Span, Tally, Totals, spans,
};
use hoptac_model::organisation::Status;
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_store::{Error, Store, Writing};
use jiff::civil::Date;

pub use self::document::read_act;
pub(crate) use self::reading::first_days;
pub use self::reading::{Disclosure, Listed, MaskedRoll, Opened, disclose, masked, masked_life};
pub use self::sealing::{Act, Receiver, Request, Seals, check, file};
pub(crate) use self::sealing::{Ring, sealed};
pub use self::table::{masked_table, opened_table};
use crate::clerk::Accepted;
use crate::event::pointed_at;
use crate::finding::Findings;
use crate::known::Known;

/// Reads what the rules for rolls ask for.
pub(crate) async fn read(
    writing: &mut Writing,
    id: OrganisationId,
    body: &Membership,
    known: &mut Known,
) -> Result<(), Error> {
    known.roll = writing.roll(id).await?;
    if let Membership::Strike(strike) = body {
        known.earlier = writing.filing_with_id(strike.filing).await?;
    }
    let held = writing.keys_of(id).await?;
    known.keyed = held
        .iter()
        .filter_map(|key| match key.holder {
            KeyHolder::Member(_, member) => Some(member),
            KeyHolder::Organisation(_) | KeyHolder::Pseudonyms => None,
        })
        .collect();
    Ok(())
}

/// Whether personal data were erased with an accepted filing.
pub(crate) fn erases(accepted: &Accepted) -> bool {
    accepted.filing.kind == hoptac_model::filing::FilingKind::MemberErase && !accepted.repeated
}

/// Wipes what is left of destroyed keys once a filing that destroyed them is kept. That the wiping failed does not undo the
/// filing; somebody has to know.
pub(crate) async fn scrub(store: &Store, accepted: &mut Accepted) {
    if erases(accepted) && store.scrub_keys().await.is_err() {
        let finding = Finding::field(
            "member.not-scrubbed",
            "",
            words!(
                "đã hủy khóa, nhưng dấu vết của khóa có thể còn trong tệp cơ sở dữ liệu cho đến lần dọn dẹp tới",
                "the keys are deleted, but remains of them may lie in the database's files until it tidies up"
            ),
            words!(
                "đề nghị quản trị vận hành kiểm tra cơ sở dữ liệu",
                "file any other erasure later, or have the database checked"
            ),
        );
        accepted.findings.push(finding.with_severity(Severity::Warning));
    }
}

/// What is wrong with a filing about a roll, as far as it stands in clear.
pub fn findings(draft: &Draft, body: &Membership, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    match body {
        Membership::Strike(body) => strike(draft, body, known, &mut findings),
        Membership::Erase(body) => erase(draft, body, known, &mut findings),
        Membership::Disclose(body) => disclosure(body, known, &mut findings),
        Membership::Roll(_)
        | Membership::Join(_)
        | Membership::Change(_)
        | Membership::Leave(_)
        | Membership::Transfer(_) => roll(draft, body, known, &mut findings),
    }
    findings.into_vec()
}

/// The field of an entry of a filing.
fn path(body: &Membership, at: usize) -> String {
    match body {
        Membership::Roll(_) => format!("members[{at}]"),
        Membership::Transfer(_) => "enters".to_owned(),
        Membership::Join(_)
        | Membership::Change(_)
        | Membership::Leave(_)
        | Membership::Strike(_)
        | Membership::Erase(_)
        | Membership::Disclose(_) => "member".to_owned(),
    }
}

/// What changes a roll.
fn roll(draft: &Draft, body: &Membership, known: &Known, findings: &mut Findings) {
    let day = draft.effective_on;
    match (body, known.roll.begun()) {
        (Membership::Roll(roll), None) if roll.members.is_empty() => findings.error(
            "member.roll-empty",
            "members",
            words!("sổ đăng ký không nêu thành viên nào", "the roll names nobody"),
            words!("ghi đủ các thành viên", "write every member"),
        ),
        (Membership::Roll(_), None) => {}
        (Membership::Roll(_), Some(begun)) => {
            return findings.error(
                "member.roll-exists",
                "",
                words!(
                    "sổ đã được tiếp nhận, tính đến {begun}",
                    "the roll was taken over already, as of {begun}",
                    begun
                ),
                words!(
                    "nộp hồ sơ vào, thay đổi và ra của từng thành viên",
                    "file who joins, changes and leaves"
                ),
            );
        }
        (_, None) => {
            return findings.error(
                "member.no-roll",
                "",
                words!(
                    "tổ chức chưa có sổ đăng ký thành viên",
                    "there is no roll of this organisation yet"
                ),
                words!(
                    "trước hết tiếp nhận toàn bộ sổ, bằng hồ sơ member.roll",
                    "take the whole roll over first, with member.roll"
                ),
            );
        }
        (_, Some(begun)) if day < begun => {
            return findings.error(
                "member.before-roll",
                "effective_on",
                words!("chỉ có sổ từ ngày {begun}", "the roll is known only from {begun}", begun),
                words!("sửa lại ngày", "correct the day"),
            );
        }
        (_, Some(_)) => {}
    }
    for (at, entry) in body.entries().iter().enumerate() {
        let path = path(body, at);
        findings.extend(judge_entry(entry.class, entry.capital, entry.joined, day, &path));
        if !known.keyed.contains(&entry.member) {
            findings.error(
                "member.no-key",
                path,
                words!(
                    "dữ liệu cá nhân không được niêm phong tại đây nên không ai mở được",
                    "what is personal was not sealed here, so that nobody could open it"
                ),
                words!(
                    "nộp hồ sơ thành viên bằng lệnh `hoptac member`",
                    "file members with `hoptac member`"
                ),
            );
        }
    }
    if let Membership::Transfer(transfer) = body {
        transferred(transfer, findings);
    }
    counts(body, known, findings);

    let before = known.roll.events.clone();
    let mut events = before.clone();
    events.extend(body.events(day, u64::MAX));
    let (after, misfits) = spans(&events);
    for (event, misfit) in &misfits {
        let (message, remedy) = told(event, *misfit, day);
        findings.error("member.does-not-fit", place_in(body, event), message, remedy);
    }
    twice(body, &after, findings);
    if misfits.is_empty() {
        standing(draft, &after, known, findings);
    }
}

/// The field of a filing that an event comes from.
fn place_in(body: &Membership, event: &MemberEvent) -> String {
    let at = body.entries().iter().position(|entry| entry.member == event.member);
    match (body, at) {
        (_, Some(at)) => path(body, at),
        (Membership::Transfer(transfer), None) if transfer.from == event.member => {
            "from".to_owned()
        }
        (Membership::Transfer(_), None) => "to".to_owned(),
        (_, None) => "member".to_owned(),
    }
}

/// Why an event does not fit, and what to do.
fn told(event: &MemberEvent, misfit: Misfit, day: Date) -> (Words, Words) {
    if event.position != u64::MAX {
        let (on, position) = (event.on, event.position);
        return (
            words!(
                "hồ sơ số {position} trong sổ cái, hiệu lực ngày {on}, sẽ không còn khớp",
                "what was filed for {on} at position {position} would no longer fit",
                on,
                position
            ),
            words!(
                "xem các hồ sơ sau đó về thành viên này, rồi sửa lại ngày",
                "look at the later filings about this member, and correct the day"
            ),
        );
    }
    let message = match misfit {
        Misfit::EntersTwice => {
            words!("thành viên đã từng có trong sổ này", "the member has been on this roll already")
        }
        Misfit::NotOnRoll => words!(
            "thành viên không có trong sổ vào ngày {day}",
            "the member is not on the roll on {day}",
            day
        ),
        Misfit::ShareBelowZero => words!(
            "thành viên không có phần vốn lớn như vậy",
            "the member has no share of that size"
        ),
    };
    let remedy = match misfit {
        Misfit::EntersTwice => words!(
            "người quay lại được ghi thành một dòng mới",
            "whoever comes back gets a new entry"
        ),
        Misfit::NotOnRoll => {
            words!("tra cứu bằng lệnh `hoptac member list`", "look it up with `hoptac member list`")
        }
        Misfit::ShareBelowZero => words!("sửa lại số tiền", "correct the amount"),
    };
    (message, remedy)
}

/// A transfer by itself.
fn transferred(transfer: &MemberTransfer, findings: &mut Findings) {
    if transfer.amount <= 0 {
        findings.error(
            "member.amount",
            "amount",
            words!("chưa chuyển nhượng đồng nào", "nothing is transferred"),
            words!("ghi số tiền bằng đồng", "write the amount in đồng"),
        );
    }
    if transfer.from == transfer.to {
        findings.error(
            "member.itself",
            "to",
            words!("người chuyển và người nhận là một", "giver and receiver are the same"),
            words!("nêu thành viên khác", "name another member"),
        );
    }
    if transfer.enters.as_ref().is_some_and(|entry| entry.member != transfer.to) {
        findings.error(
            "member.receiver",
            "to",
            words!("người vào sổ không phải người nhận", "who enters is not who receives"),
            words!(
                "bỏ trống người nhận khi người đó vào sổ nhờ chuyển nhượng",
                "leave the receiver out where it enters by the transfer"
            ),
        );
    }
}

/// The counts of a filing can be those of its members, and name no group that is not on the list.
fn counts(body: &Membership, known: &Known, findings: &mut Findings) {
    let Some(tally) = body.tally() else { return };
    let mut sum = known.roll.tally_on(Date::MAX);
    sum += tally;
    let known_groups = tally.groups.keys().all(|group| ETHNIC_GROUPS.contains(&group.as_str()));
    let entered = i64::try_from(body.entries().len()).unwrap_or(i64::MAX);
    let too_many = |tally: &Tally| tally.counts().iter().any(|(_, count)| *count > entered.max(1));
    if !known_groups || sum.has_negative() || too_many(tally) {
        findings.error(
            "member.tally",
            "tally",
            words!(
                "số tổng hợp không thể là của các thành viên này",
                "the counts cannot be those of these members"
            ),
            words!(
                "nộp hồ sơ bằng lệnh `hoptac member`; chương trình tự đếm",
                "file members with `hoptac member`, which counts them"
            ),
        );
    }
}

/// Nobody is on a roll twice at the same time.
fn twice(body: &Membership, after: &[Span], findings: &mut Findings) {
    let mut by_number: BTreeMap<&str, Vec<&Span>> = BTreeMap::new();
    for span in after {
        if let Some(pseudonym) = &span.entry.pseudonym {
            by_number.entry(pseudonym.as_str()).or_default().push(span);
        }
    }
    let overlap = |a: &Span, b: &Span| {
        a.until.is_none_or(|until| b.from < until) && b.until.is_none_or(|until| a.from < until)
    };
    let mut found: BTreeSet<String> = BTreeSet::new();
    for same in by_number.values() {
        for (at, one) in same.iter().enumerate() {
            for other in same.iter().skip(at + 1) {
                if one.entry.member == other.entry.member || !overlap(one, other) {
                    continue;
                }
                // The later of two entries of one roll is the one to look at.
                let entries = body.entries().iter().enumerate();
                let mine = |member: MemberId| {
                    entries.clone().find(|(_, entry)| entry.member == member).map(|(at, _)| at)
                };
                let at = mine(one.entry.member).max(mine(other.entry.member));
                found.insert(at.map_or_else(|| "member".to_owned(), |at| path(body, at)));
            }
        }
    }
    for path in found {
        findings.error(
            "member.twice",
            format!("{path}.personal_number"),
            words!(
                "trong cùng thời gian, sổ đã có người mang số này",
                "somebody with this number is on the roll at the same time"
            ),
            words!(
                "bỏ dòng thứ hai, hoặc sửa lại số",
                "remove the second entry, or correct the number"
            ),
        );
    }
}

/// What the law and the registration say of the roll as it would then stand.
fn standing(draft: &Draft, after: &[Span], known: &Known, findings: &mut Findings) {
    let day = draft.effective_on;
    let entries = after.iter().filter(|span| span.holds_on(day)).map(|span| &span.entry);
    let totals = Totals::of(entries.collect::<Vec<&Entry>>());
    let Some(card) = &known.organisation else { return };
    let least = known.law().members_min(card.kind, day);
    if let Some(least) = least.filter(|least| totals.official < *least) {
        findings.warning(
            "member.too-few",
            "",
            words!(
                "sổ có {official} thành viên chính thức, luật yêu cầu ít nhất {least}",
                "the roll has {official} official members, and the law asks for {least}",
                official = totals.official,
                least
            ),
            words!("sau mười hai tháng có thể bị thu hồi giấy chứng nhận [Luật 17/2023/QH15, Điều 103]", "a certificate can be withdrawn after twelve months [Law 17/2023/QH15, Article 103]"),
        );
    }
    if let Some(below) = known.law().foreign_below(day)
        && totals.foreign_official > 0
        && totals.foreign_official * 100 >= below * totals.official
    {
        findings.warning(
            "member.foreign",
            "",
            words!(
                "{foreign} trong {official} thành viên chính thức là người nước ngoài; luật yêu cầu dưới {below} %",
                "{foreign} of {official} official members are foreign; the law wants fewer than {below} %",
                foreign = totals.foreign_official,
                official = totals.official,
                below
            ),
            words!("kiểm tra lại [Luật 17/2023/QH15, khoản 7 Điều 30]", "look at it again [Law 17/2023/QH15, Article 30.7]"),
        );
    }
    let mut note = |code, message: Words, remedy: Words| {
        findings.extend([Finding::field(code, "", message, remedy).with_severity(Severity::Note)]);
    };
    if let Some(declared) = card.members.filter(|declared| *declared != totals.official) {
        let official = totals.official;
        note(
            "member.declared-differs",
            words!(
                "đã khai {declared} thành viên chính thức, sổ có {official}",
                "{declared} official members are declared, the roll has {official}",
                declared,
                official
            ),
            words!(
                "nộp hồ sơ thay đổi nội dung đăng ký, hoặc thay đổi trong sổ",
                "file a change of the registered contents, or of the roll"
            ),
        );
    }
    if let Some(charter) = card.capital.filter(|charter| *charter != totals.capital) {
        let capital = totals.capital;
        note(
            "member.capital-differs",
            words!(
                "vốn điều lệ là {charter} đồng, phần vốn góp trong sổ cộng lại là {capital} đồng",
                "the charter capital is {charter} đồng, the shares on the roll come to {capital}",
                charter,
                capital
            ),
            words!(
                "nộp hồ sơ thay đổi nội dung đăng ký, hoặc thay đổi phần vốn góp",
                "file a change of the registered contents, or of the shares"
            ),
        );
    }
}

/// What may be taken back: a filing that still counts, on which no later one rests.
fn strike(draft: &Draft, body: &MemberStrike, known: &Known, findings: &mut Findings) {
    plain(findings, "reason", &body.reason);
    let Some(earlier) = pointed_at(draft, known, findings) else { return };
    let position = earlier.position;
    let (kept, struck): (Vec<MemberEvent>, Vec<MemberEvent>) =
        known.roll.events.iter().cloned().partition(|event| event.position != position);
    if struck.is_empty() {
        return findings.error(
            "member.strike-kind",
            "filing",
            words!(
                "hồ sơ số {position} không ghi gì vào sổ thành viên, hoặc đã được rút lại",
                "the filing at position {position} says nothing of the roll, or was taken back already",
                position
            ),
            words!(
                "nêu một hồ sơ member.roll, member.join, member.change, member.leave hoặc member.transfer còn hiệu lực",
                "name a filing member.roll, member.join, member.change, member.leave or member.transfer that still counts"
            ),
        );
    }
    // Whoever stood in it and is named by nobody else goes; what others say of them would hang in the air.
    let (_, misfits) = spans(&kept);
    let (_, before) = spans(&known.roll.events);
    let positions: BTreeSet<u64> = misfits
        .iter()
        .filter(|misfit| !before.contains(misfit))
        .map(|(event, _)| event.position)
        .collect();
    for later in positions {
        findings.error(
            "member.strike-rests",
            "filing",
            words!(
                "hồ sơ số {later} dựa vào hồ sơ này",
                "the filing at position {later} rests on it",
                later
            ),
            words!("rút lại hồ sơ đó trước", "take that one back first"),
        );
    }
}

/// What may be erased: whoever has left; who still is a member only by order, since the law asks for the register of members.
fn erase(draft: &Draft, body: &MemberErase, known: &Known, findings: &mut Findings) {
    plain(findings, "reason", &body.reason);
    let (held, _) = spans(&known.roll.events);
    let on_roll: BTreeSet<MemberId> = known.roll.events.iter().map(|event| event.member).collect();
    let members: Vec<(String, MemberId)> = match &body.members {
        Some(members) if members.is_empty() => {
            return findings.error(
                "member.nobody",
                "members",
                words!("chưa nêu thành viên nào", "nobody is named"),
                words!(
                    "nêu thành viên, hoặc bỏ trường này để áp dụng cho cả tổ chức",
                    "name members, or leave the field out for the whole organisation"
                ),
            );
        }
        Some(members) => members
            .iter()
            .enumerate()
            .map(|(at, member)| (format!("members[{at}]"), *member))
            .collect(),
        None => on_roll.iter().map(|member| ("members".to_owned(), *member)).collect(),
    };
    if body.members.is_none() && known.keyed.is_empty() {
        return findings.error(
            "member.erased",
            "members",
            words!(
                "tổ chức không còn khóa nào để hủy",
                "no key of this organisation is left to destroy"
            ),
            words!("không cần làm gì thêm", "nothing is left to do"),
        );
    }
    let ended = known.organisation.as_ref().is_some_and(|card| card.status == Status::Terminated);
    let mut current = BTreeSet::new();
    for (path, member) in members {
        // Whoever entered by a filing that was taken back since is on no roll, but what is personal is still sealed.
        if !on_roll.contains(&member) && !known.keyed.contains(&member) {
            unknown(path, findings);
        } else if body.members.is_some() && !known.keyed.contains(&member) {
            findings.error(
                "member.erased",
                path,
                words!("khóa đã bị hủy trước đó", "the key is destroyed already"),
                words!("bỏ thành viên này khỏi hồ sơ", "leave the member out"),
            );
        } else if !ended
            && held
                .iter()
                .any(|span| span.entry.member == member && span.holds_on(draft.effective_on))
        {
            current.insert(path);
        }
    }
    for path in current {
        let message = words!(
            "luật yêu cầu tổ chức giữ sổ đăng ký của người đang là thành viên [Luật 17/2023/QH15, Điều 15]",
            "the law asks an organisation to keep a register of who is a member [Law 17/2023/QH15, Article 15]"
        );
        if body.ground == EraseGround::Order {
            findings.warning(
                "member.still-member",
                path,
                message,
                words!("lưu văn bản yêu cầu xóa trong hồ sơ", "the order should be on file"),
            );
        } else {
            findings.error(
                "member.still-member",
                path,
                message,
                words!(
                    "trước hết nộp hồ sơ thành viên ra khỏi tổ chức",
                    "file that the member leaves first"
                ),
            );
        }
    }
}

/// What may be read, and for what.
fn disclosure(body: &MemberDisclose, known: &Known, findings: &mut Findings) {
    plain(findings, "purpose", &body.purpose);
    let on_roll: BTreeSet<MemberId> = known.roll.events.iter().map(|event| event.member).collect();
    match &body.members {
        Some(members) if members.is_empty() => {
            findings.error(
                "member.nobody",
                "members",
                words!("chưa nêu thành viên nào", "nobody is named"),
                words!(
                    "nêu thành viên, hoặc bỏ trường này",
                    "name members, or leave the field out"
                ),
            );
        }
        Some(members) => {
            for (at, _) in
                members.iter().enumerate().filter(|(_, member)| !on_roll.contains(member))
            {
                unknown(format!("members[{at}]"), findings);
            }
        }
        None if on_roll.is_empty() => findings.error(
            "member.no-roll",
            "",
            words!(
                "tổ chức chưa có sổ đăng ký thành viên",
                "there is no roll of this organisation yet"
            ),
            words!(
                "trước hết tiếp nhận toàn bộ sổ, bằng hồ sơ member.roll",
                "take the whole roll over first, with member.roll"
            ),
        ),
        None => {}
    }
}

fn unknown(path: String, findings: &mut Findings) {
    findings.error(
        "member.unknown",
        path,
        words!("sổ không có thành viên này", "there is no such member on this roll"),
        words!("tra cứu bằng lệnh `hoptac member list`", "look it up with `hoptac member list`"),
    );
}

/// A text that stays in clear for ever: it must say something, and hold no number that could be a person's.
fn plain(findings: &mut Findings, field: &str, text: &str) {
    findings.text(field, text);
    let mut run = 0;
    let mut longest = 0;
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '.') {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    if longest >= 9 {
        findings.error(
            "member.number-in-clear",
            field,
            words!(
                "có dãy số dài như số định danh, và sẽ mãi ở dạng đọc được",
                "it holds a long number, as a person's would be, and would stand in clear for ever"
            ),
            words!(
                "nêu văn bản hoặc mục đích, không nêu người",
                "name the document or the purpose, not the person"
            ),
        );
    }
}
