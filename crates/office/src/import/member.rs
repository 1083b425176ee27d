//! Rows of members, held against the rolls. What is personal is sealed before anything is planned, compared with what is sealed
//! by what only this desk opens, and told by nothing but the name of its column.
//!
//! The rows of an organisation that has no roll yet become one, in one filing, so that the ledger shows sums and nobody's marks.

use std::collections::{BTreeMap, BTreeSet};

use hoptac_model::filing::member::Membership;
use hoptac_model::filing::{Body, Draft, FilingKind, Origin, Subject};
use hoptac_model::finding::Finding;
use hoptac_model::ids::{FilingId, MemberId, OrganisationId};
use hoptac_model::import::{Difference, NearRecord, Unmentioned, Verdict};
use hoptac_model::member::form::{Form, FormChange, judge};
use hoptac_model::member::{
    Hardship, Identity, LeaveCause, Marks, MemberClass, MemberKind, Span, mask, pseudonym, spans,
};
use hoptac_model::personal_number::Sex;
use hoptac_model::seal::{Key, Pseudonym};
use hoptac_model::search::Alike;
use hoptac_model::sheet::{CellValue, RowFault, SheetRow, member as form};
use hoptac_model::text::{Words, fold};
use hoptac_model::words;
use hoptac_store::{Error, OrganisationCard, RollOnFile};
use jiff::civil::Date;

use super::record::{stands, text};
use super::{Accept, Desk, Edge, Judged, remark};
use crate::authority;
use crate::finding::Findings;
use crate::member::{Act, Request, Ring, first_days, sealed};
use crate::refusal::Refusal;

/// What stands for something personal where a difference is told.
const HIDDEN: &str = "•••";

/// A roll on this desk, opened once. A member is spoken of by one row only, so that what the file itself files needs no second
/// opening.
pub(super) struct HeldRoll {
    ring: Ring,
    pseudonyms: Key,
    roll: RollOnFile,
    begun: Option<Date>,
    members: BTreeMap<MemberId, HeldMember>,
    by_number: BTreeMap<Pseudonym, Vec<MemberId>>,
    by_name: BTreeMap<String, Vec<MemberId>>,
    /// Members that a row of the file has been taken for.
    spoken: BTreeSet<MemberId>,
    /// Where there is no roll yet: the roll that the rows of the file become.
    taken_over: Option<TakenOver>,
}

/// A member of a roll, by its last entry.
struct HeldMember {
    span: Span,
    since: Date,
    identity: Option<Identity>,
    marks: Option<Marks>,
}

/// The roll that rows become.
struct TakenOver {
    /// The row that files it, with the filing; none where every row is rejected.
    filed_by: Option<(u32, Membership)>,
    /// What was found at each row.
    findings: BTreeMap<u32, Vec<Finding>>,
    /// Whether the filing was turned down.
    refused: bool,
}

/// What a row says of a member.
struct Said {
    kind: MemberKind,
    class: MemberClass,
    capital: Option<i64>,
    joined: Option<Date>,
    foreign: Option<bool>,
    identity: Identity,
    marks: Marks,
}

/// Whom a row means.
enum Meant {
    /// Somebody on the roll.
    Member(MemberId),
    /// Nobody who is on it.
    Nobody,
    /// One of several, or one of whom too little is known.
    Perhaps(Vec<MemberId>),
}

impl Desk<'_> {
    /// What a row of members comes to.
    pub(super) async fn member(
        &mut self,
        row: &SheetRow,
        edge: &mut Edge<'_>,
    ) -> Result<Judged, Refusal> {
        let mut judged = Judged::default();
        let (role, kind) = (self.actor.role, FilingKind::MemberJoin);
        // Nobody who may not file opens anything.
        if !authority::may(role, kind) {
            let sentence = Refusal::NotAllowed { role, kind }.sentence();
            judged.findings.add(Finding::field(
                "filing.not-allowed",
                "",
                sentence,
                Words::default(),
            ));
            return Ok(judged);
        }
        let Some(card) = self.whose(row, &mut judged).await? else { return Ok(judged) };
        self.hold(card.id, edge).await?;
        let Some(mut held) = self.rolls.remove(&card.id) else { return Ok(judged.unread()) };
        let judged = if held.begun.is_none() {
            self.enter_new_roll(row, &card, &mut held, judged, edge).await
        } else {
            self.on_roll(row, &card, &mut held, judged, edge)
        };
        self.rolls.insert(card.id, held);
        judged
    }

    /// Keeps the keys that are new before something sealed under them is filed.
    pub(super) async fn keep_keys(&mut self, about: &Subject) -> Result<(), Refusal> {
        let Some(held) = about.as_organisation().and_then(|id| self.rolls.get_mut(&id)) else {
            return Ok(());
        };
        let fresh = held.ring.take_fresh();
        if !fresh.is_empty() {
            self.clerk.writing.keep_keys(&fresh).await?;
        }
        Ok(())
    }

    /// Who is on the rolls that the file speaks of, and in none of its rows, not even a faulty one.
    pub(super) async fn unmentioned(&mut self) -> Result<Vec<Unmentioned>, Error> {
        let mut all = Vec::new();
        for (id, held) in &self.rolls {
            if held.begun.is_none() {
                continue;
            }
            let (mut ids, mut numbers, mut names) =
                (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
            for (row, outcome) in self.file.rows.iter().zip(&self.outcomes) {
                if !self.is_of(row, *id) {
                    continue;
                }
                ids.extend(self.text(row, "member").and_then(|id| id.parse::<MemberId>().ok()));
                // A row that was taken for somebody means nobody else of that name.
                if matches!(outcome.verdict, Verdict::Rejected | Verdict::Doubtful) {
                    names.extend(self.text(row, "member_name").map(fold));
                }
                let kind = self.text(row, "kind").and_then(MemberKind::from_code);
                let kind = kind.unwrap_or(MemberKind::Person);
                let number = self.text(row, "personal_number").map(|text| number_of(kind, text));
                numbers.extend(pseudonym(&held.pseudonyms, kind, number.as_deref()));
            }
            let is_named = |member: &MemberId, known: &HeldMember| {
                let name = known.identity.as_ref().map(|identity| &identity.name);
                held.spoken.contains(member)
                    || ids.contains(member)
                    || known.span.entry.pseudonym.as_ref().is_some_and(|it| numbers.contains(it))
                    || name.is_some_and(|name| {
                        names.contains(&fold(name)) || names.contains(&fold(&mask::name(name)))
                    })
            };
            let left_out = held.members.iter().filter(|(member, known)| {
                known.span.holds_on(self.file.on) && !is_named(member, known)
            });
            let mut members: Vec<String> = left_out
                .map(|(_, known)| {
                    let name = known.identity.as_ref().map(|identity| mask::name(&identity.name));
                    name.unwrap_or_else(|| HIDDEN.to_owned())
                })
                .collect();
            if !members.is_empty() {
                members.sort();
                all.push(Unmentioned { organisation: *id, name: String::new(), members });
            }
        }
        let cards = self.clerk.cards().await?;
        for one in &mut all {
            if let Some(card) = cards.get(one.organisation) {
                one.name.clone_from(&card.name);
            }
        }
        Ok(all)
    }

    /// Notes that the filing of a row was turned down: where it is that of a whole roll, no row of the roll is taken.
    pub(super) fn turned_down(&mut self, organisation: Option<OrganisationId>, row: u32) {
        let held = organisation.and_then(|id| self.rolls.get_mut(&id));
        if let Some(taken) = held.and_then(|held| held.taken_over.as_mut())
            && taken.filed_by.as_ref().is_some_and(|(by, _)| *by == row)
        {
            taken.refused = true;
        }
    }

    /// Opens a roll, once.
    async fn hold(&mut self, id: OrganisationId, edge: &mut Edge<'_>) -> Result<(), Refusal> {
        if self.rolls.contains_key(&id) {
            return Ok(());
        }
        let Some(seals) = edge.seals.as_mut() else { return Err(Refusal::MasterKey) };
        let writing = &mut self.clerk.writing;
        let mut ring = Ring::open(writing, id, seals.master).await?;
        let pseudonyms = ring.pseudonyms(seals);
        // All rolls share this key, so that it is kept before another ring asks for it.
        if self.accept != Accept::Nothing {
            writing.keep_keys(&ring.take_fresh()).await?;
        }
        let roll = writing.roll(id).await?;
        let begun = roll.begun();
        let (all, _) = spans(&roll.events);
        let since = first_days(&all);
        let mut members = BTreeMap::new();
        for span in all {
            let entry = &span.entry;
            let (identity, marks) = (ring.identity(entry), ring.marks(entry));
            let first = since.get(&entry.member).copied().unwrap_or(span.from);
            let since = entry.joined.unwrap_or(first);
            members.insert(entry.member, HeldMember { span, since, identity, marks });
        }
        let mut by_number: BTreeMap<Pseudonym, Vec<MemberId>> = BTreeMap::new();
        let mut by_name: BTreeMap<String, Vec<MemberId>> = BTreeMap::new();
        for (member, known) in &members {
            if let Some(number) = &known.span.entry.pseudonym {
                by_number.entry(number.clone()).or_default().push(*member);
            }
            if let Some(identity) = &known.identity {
                by_name.entry(fold(&identity.name)).or_default().push(*member);
            }
        }
        let (spoken, taken_over) = (BTreeSet::new(), None);
        self.rolls.insert(
            id,
            HeldRoll {
                ring,
                pseudonyms,
                roll,
                begun,
                members,
                by_number,
                by_name,
                spoken,
                taken_over,
            },
        );
        Ok(())
    }

    /// A row of an organisation that has a roll.
    fn on_roll(
        &mut self,
        row: &SheetRow,
        card: &OrganisationCard,
        held: &mut HeldRoll,
        mut judged: Judged,
        edge: &mut Edge<'_>,
    ) -> Result<Judged, Refusal> {
        let Some(said) = self.said_of_member(row) else { return Ok(judged.unread()) };
        let meant = match self.text(row, "member") {
            Some(written) => {
                let known = written.parse().ok().filter(|id| held.members.contains_key(id));
                let Some(member) = known else {
                    judged.findings.error(
                        "import.unknown-member",
                        "member",
                        words!(
                            "sổ của tổ chức không có định danh này",
                            "the roll of the organisation has no such identity"
                        ),
                        words!(
                            "để trống định danh nếu là thành viên mới",
                            "leave the identity empty for a new member"
                        ),
                    );
                    return Ok(judged);
                };
                Meant::Member(member)
            }
            None => held.meant(&said, self.file.on),
        };
        match meant {
            Meant::Member(member) => {
                self.speak(format!("member/{member}"), row, &mut judged.findings);
                held.spoken.insert(member);
                self.compare_member(row, card.id, member, &said, held, &mut judged, edge)?;
            }
            Meant::Nobody | Meant::Perhaps(_) => {
                judged.new = true;
                if let Meant::Perhaps(several) = meant {
                    judged
                        .near
                        .extend(several.iter().filter_map(|member| held.near(card.id, *member)));
                }
                self.join(row, card.id, &said, held, &mut judged, edge)?;
            }
        }
        Ok(judged)
    }

    /// Somebody whom the roll does not know joins.
    fn join(
        &mut self,
        row: &SheetRow,
        organisation: OrganisationId,
        said: &Said,
        held: &mut HeldRoll,
        judged: &mut Judged,
        edge: &mut Edge<'_>,
    ) -> Result<(), Refusal> {
        self.not_gone(row, &mut judged.findings);
        unmasked(&said.identity, &mut judged.findings);
        self.once(organisation, said, held, row, &mut judged.findings);
        if judged.findings.has_error() {
            return Ok(());
        }
        let on = self.file.on;
        // Who joined while the roll was kept joined on that day; who joined before it is entered with the day.
        let day = said
            .joined
            .filter(|joined| held.begun.is_some_and(|begun| *joined >= begun) && *joined <= on);
        let on = day.unwrap_or(on);
        let act = Act::Join(said.form(on));
        Self::seal(organisation, on, act, held, judged, edge)
    }

    /// A member that the roll knows is compared with what the row says.
    #[expect(clippy::too_many_arguments, reason = "a row, whom it means, and where both are kept")]
    fn compare_member(
        &mut self,
        row: &SheetRow,
        organisation: OrganisationId,
        member: MemberId,
        said: &Said,
        held: &mut HeldRoll,
        judged: &mut Judged,
        edge: &mut Edge<'_>,
    ) -> Result<(), Refusal> {
        let Some(known) = held.members.get(&member) else { return Ok(()) };
        let entry = &known.span.entry;
        let (left_before, since) = (known.span.until, known.since);
        let mut change = FormChange::default();
        let coded = |code: &str| Some(text(code));
        if judged.differs("class", coded(entry.class.code()), text(said.class.code())) {
            change.class = Some(said.class);
        }
        if let Some(capital) = said.capital
            && judged.differs(
                "capital",
                Some(CellValue::Whole(entry.capital)),
                CellValue::Whole(capital),
            )
        {
            change.capital = Some(capital);
        }
        if let Some(foreign) = said.foreign
            && entry.foreign.unwrap_or(false) != foreign
        {
            let flag = |flag: bool| CellValue::Whole(i64::from(flag));
            judged.differs("foreign", entry.foreign.map(flag), flag(foreign));
            change.foreign = Some(foreign);
        }
        let fixed = [
            (
                "kind",
                self.text(row, "kind").is_some(),
                text(entry.kind.code()),
                text(said.kind.code()),
            ),
            (
                "joined",
                said.joined.is_some(),
                CellValue::Day(since),
                CellValue::Day(said.joined.unwrap_or(since)),
            ),
        ];
        for (column, is_said, before, after) in fixed {
            if is_said && judged.differs(column, Some(before), after) {
                judged.findings.add(stands(
                    column,
                    words!(
                        "loại đối tượng và ngày vào đã ghi sổ không thay đổi được",
                        "what a member is, and since when, stays as it was entered"
                    ),
                    words!(
                        "ghi thành viên ra (ngày ra, lý do), rồi ghi vào sổ lại",
                        "write that it leaves (day, why), and enter it anew"
                    ),
                ));
            }
        }
        personal(said, known, &mut change, judged);
        let left_on = self.day(row, "left_on");
        if let Some(on) = left_on
            && judged.differs("left_on", left_before.map(CellValue::Day), CellValue::Day(on))
        {
            let Some(cause) = cause(self.text(row, "cause"), &mut judged.findings) else {
                return Ok(());
            };
            if left_before.is_some() {
                judged.findings.add(stands(
                    "left_on",
                    words!("thành viên đã ra khỏi tổ chức trước đó", "the member has left already"),
                    words!("giữ ngày đã ghi", "keep the day on file"),
                ));
                return Ok(());
            }
            if !change.is_empty() {
                judged.findings.add(remark(
                    "import.leaves-only",
                    "left_on",
                    words!(
                        "chỉ ghi việc thành viên ra; các thay đổi khác trong dòng không được ghi",
                        "only that the member leaves is filed; the other changes of the row are not"
                    ),
                    words!(
                        "ghi các thay đổi đó trong một lần nhập trước",
                        "import those changes before"
                    ),
                ));
            }
            return Self::seal(organisation, on, Act::Leave { member, cause }, held, judged, edge);
        }
        if !change.is_empty() {
            let on = self.file.on;
            return Self::seal(
                organisation,
                on,
                Act::Change { member, change },
                held,
                judged,
                edge,
            );
        }
        Ok(())
    }

    /// A row of an organisation whose rows become its roll.
    async fn enter_new_roll(
        &mut self,
        row: &SheetRow,
        card: &OrganisationCard,
        held: &mut HeldRoll,
        mut judged: Judged,
        edge: &mut Edge<'_>,
    ) -> Result<Judged, Refusal> {
        judged.new = true;
        let taken = match held.taken_over.take() {
            Some(taken) => taken,
            None => self.take_over(card, held, edge).await?,
        };
        if let Some(found) = taken.findings.get(&row.number) {
            for finding in found {
                judged.findings.add(finding.clone());
            }
        } else {
            judged = judged.unread();
        }
        match &taken.filed_by {
            Some((by, body)) if *by == row.number => {
                let body = Body::Membership(body.clone());
                judged.plan(Subject::organisation(card.id), self.file.on, body);
            }
            Some((by, _)) if taken.refused => judged.findings.error(
                "import.roll-refused",
                "",
                words!(
                    "sổ lập từ các dòng của tổ chức này không được nhận; xem dòng {by}",
                    "the roll made of this organisation's rows was turned down; see row {by}",
                    by = *by
                ),
                words!("sửa điều nêu tại dòng đó", "put right what is said there"),
            ),
            Some(_) | None => {}
        }
        held.taken_over = Some(taken);
        Ok(judged)
    }

    /// Makes one roll of all rows of an organisation, those aside that cannot be taken.
    async fn take_over(
        &mut self,
        card: &OrganisationCard,
        held: &mut HeldRoll,
        edge: &mut Edge<'_>,
    ) -> Result<TakenOver, Refusal> {
        let on = self.file.on;
        let mut findings: BTreeMap<u32, Vec<Finding>> = BTreeMap::new();
        let mut entering: Vec<(u32, Form)> = Vec::new();
        for row in self.file.rows.iter().filter(|row| row.fault == RowFault::None) {
            if self.left_out.contains(&row.number) || !self.is_of(row, card.id) {
                continue;
            }
            let Some(said) = self.said_of_member(row) else { continue };
            let mut found = Findings::default();
            self.not_gone(row, &mut found);
            unmasked(&said.identity, &mut found);
            self.once(card.id, &said, held, row, &mut found);
            let form = said.form(on);
            let mut found = found.into_vec();
            found.extend(judge(&form, on, "member"));
            if !found.iter().any(Finding::is_error) {
                entering.push((row.number, form));
            }
            findings.insert(row.number, found);
        }
        // What only the roll as a whole shows to be wrong with a member takes that row away, and the rest is asked again.
        loop {
            let Some((by, _)) = entering.first() else {
                return Ok(TakenOver { filed_by: None, findings, refused: false });
            };
            let by = *by;
            let forms = entering.iter().map(|(_, form)| form.clone()).collect();
            let request = Self::request(card.id, on, Act::Roll(forms), edge);
            let Some(seals) = edge.seals.as_mut() else { return Err(Refusal::MasterKey) };
            let (body, _) = sealed(&request, &held.roll, &mut held.ring, seals);
            let Some(body) = body else {
                return Ok(TakenOver { filed_by: None, findings, refused: true });
            };
            let draft = Draft {
                id: request.id,
                recorded_at: request.recorded_at,
                effective_on: on,
                actor: self.actor.signature(),
                subject: Subject::organisation(card.id),
                expected_version: None,
                origin: Origin::Live,
                key: None,
                body: Body::Membership(body.clone()),
            };
            let found = crate::examined(&mut self.clerk, self.actor, &draft).await?;
            let mut wrong = BTreeSet::new();
            for finding in found.into_iter().filter(|f| f.is_error() && f.code != "member.no-key") {
                let Some((at, field)) = member_at(&finding.field) else { continue };
                let Some((number, _)) = entering.get(at) else { continue };
                let here = Finding { field, ..finding };
                findings.entry(*number).or_default().push(here);
                wrong.insert(*number);
            }
            if wrong.is_empty() {
                return Ok(TakenOver { filed_by: Some((by, body)), findings, refused: false });
            }
            entering.retain(|(number, _)| !wrong.contains(number));
        }
    }

    /// Seals an act and plans its filing.
    fn seal(
        organisation: OrganisationId,
        on: Date,
        act: Act,
        held: &mut HeldRoll,
        judged: &mut Judged,
        edge: &mut Edge<'_>,
    ) -> Result<(), Refusal> {
        if judged.findings.has_error() {
            return Ok(());
        }
        let request = Self::request(organisation, on, act, edge);
        let Some(seals) = edge.seals.as_mut() else { return Err(Refusal::MasterKey) };
        let (body, found) = sealed(&request, &held.roll, &mut held.ring, seals);
        for finding in found {
            judged.findings.add(finding);
        }
        if let Some(body) = body {
            judged.plan(Subject::organisation(organisation), on, Body::Membership(body));
        }
        Ok(())
    }

    fn request(
        organisation: OrganisationId,
        effective_on: Date,
        act: Act,
        edge: &mut Edge<'_>,
    ) -> Request {
        Request {
            id: FilingId((edge.fresh)()),
            recorded_at: edge.recorded_at,
            effective_on,
            organisation,
            expected_version: None,
            key: None,
            origin: Origin::Live,
            act,
        }
    }

    /// Whether a row is of an organisation, without asking who may see it.
    fn is_of(&self, row: &SheetRow, organisation: OrganisationId) -> bool {
        if let Some(id) = self.text(row, "id").and_then(|id| id.parse::<OrganisationId>().ok()) {
            return id == organisation;
        }
        match self.text(row, "code") {
            Some(code) => self.by_code.get(code) == Some(&organisation),
            None => self.whose_all() == Some(organisation),
        }
    }

    /// What a row says of a member; none where the form's own required cells are missing.
    fn said_of_member(&self, row: &SheetRow) -> Option<Said> {
        let some = |column: &str| self.text(row, column).map(str::to_owned);
        let flag = |column: &str| self.whole(row, column).map(|flag| flag != 0);
        let kind =
            self.text(row, "kind").and_then(MemberKind::from_code).unwrap_or(MemberKind::Person);
        let number = self.text(row, "personal_number").map(|text| number_of(kind, text));
        let sex = self
            .text(row, "sex")
            .map(|sex| if sex == form::sex_code(Sex::Female) { Sex::Female } else { Sex::Male });
        Some(Said {
            kind,
            class: MemberClass::from_code(self.text(row, "class")?)?,
            capital: self.whole(row, "capital"),
            joined: self.day(row, "joined"),
            foreign: flag("foreign"),
            identity: Identity {
                name: some("member_name")?,
                number,
                born: self.day(row, "born"),
                phone: self.text(row, "phone").map(phone_of),
                address: some("address"),
            },
            marks: Marks {
                sex,
                ethnicity: some("ethnicity"),
                hardship: self.text(row, "hardship").and_then(Hardship::from_code),
                disabled: flag("disabled"),
            },
        })
    }

    /// Says that somebody who has left is not entered.
    fn not_gone(&self, row: &SheetRow, findings: &mut Findings) {
        if self.day(row, "left_on").is_some() {
            findings.error(
                "import.left-before",
                "left_on",
                words!(
                    "thành viên không có trong sổ nên không ghi ra được",
                    "the member is not on the roll, and cannot leave it"
                ),
                words!(
                    "bỏ dòng này nếu người đó không còn là thành viên",
                    "leave the row out where it is a member no more"
                ),
            );
        }
    }

    /// Says where another row of the file has the same number.
    fn once(
        &mut self,
        organisation: OrganisationId,
        said: &Said,
        held: &HeldRoll,
        row: &SheetRow,
        findings: &mut Findings,
    ) {
        if let Some(number) = said.pseudonym(&held.pseudonyms) {
            self.speak(format!("member/{organisation}/{}", number.as_str()), row, findings);
        }
    }
}

impl HeldRoll {
    /// Whom a row means: who has its number, else who is called so and does not have another number or birthday.
    fn meant(&self, said: &Said, on: Date) -> Meant {
        let holds =
            |member: &MemberId| self.members.get(member).is_some_and(|m| m.span.holds_on(on));
        let numbered =
            said.pseudonym(&self.pseudonyms).and_then(|number| self.by_number.get(&number));
        if let Some(same) = numbered {
            let current = same.iter().copied().find(holds);
            if let Some(member) = current.or_else(|| same.last().copied()) {
                return Meant::Member(member);
            }
        }
        let called = self.by_name.get(&fold(&said.identity.name)).into_iter().flatten();
        let alike: Vec<MemberId> = called
            .copied()
            .filter(holds)
            .filter(|member| !self.spoken.contains(member))
            .filter(|member| self.members.get(member).is_some_and(|known| said.may_be(known)))
            .collect();
        let exact = alike.iter().find(|member| {
            self.members.get(member).is_some_and(|known| {
                let mut nothing = Judged::default();
                let mut change = FormChange::default();
                personal(said, known, &mut change, &mut nothing);
                nothing.differences.is_empty()
            })
        });
        match (exact, alike.as_slice()) {
            (Some(member), _) => Meant::Member(*member),
            (None, []) => Meant::Nobody,
            (None, [only]) => Meant::Member(*only),
            (None, several) => Meant::Perhaps(several.to_vec()),
        }
    }

    fn near(&self, organisation: OrganisationId, member: MemberId) -> Option<NearRecord> {
        let name = mask::name(&self.members.get(&member)?.identity.as_ref()?.name);
        let reason = words!(
            "trong sổ có nhiều thành viên cùng họ tên; ghi số định danh hoặc định danh thành viên",
            "several members are called so; write the number or the member's identity"
        );
        Some(NearRecord { organisation, name, alike: Alike { percent: 100, reason } })
    }
}

impl Said {
    /// The member as it enters a roll on a day.
    fn form(&self, on: Date) -> Form {
        Form {
            kind: self.kind,
            class: self.class,
            capital: self.capital.unwrap_or(0),
            joined: self.joined.filter(|joined| *joined != on),
            foreign: self.foreign,
            identity: self.identity.clone(),
            marks: self.marks.clone(),
        }
    }

    fn pseudonym(&self, key: &Key) -> Option<Pseudonym> {
        let number = self.identity.number.as_deref().filter(|number| !number.contains('*'));
        pseudonym(key, self.kind, number)
    }

    /// Whether it may be a member of the same name.
    fn may_be(&self, known: &HeldMember) -> bool {
        let Some(identity) = &known.identity else { return false };
        known.span.entry.kind == self.kind
            && !differ(self.identity.number.as_ref(), identity.number.as_ref())
            && !differ(self.identity.born.as_ref(), identity.born.as_ref())
    }
}

/// Why a member leaves, which has to be said.
fn cause(written: Option<&str>, findings: &mut Findings) -> Option<LeaveCause> {
    let cause = written.and_then(LeaveCause::from_code);
    if cause.is_none() {
        findings.error(
            "import.no-cause",
            "cause",
            words!("chưa ghi lý do ra", "it is not said why the member left"),
            words!("chọn lý do trong danh sách", "choose from the list"),
        );
    }
    cause
}

/// Whether both are said and are not the same.
fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

/// Holds what is personal against what is sealed. A masked cell stands for what it masks; an empty one says nothing.
fn personal(said: &Said, known: &HeldMember, change: &mut FormChange, judged: &mut Judged) {
    let nobody = Identity::default();
    let identity = known.identity.as_ref().unwrap_or(&nobody);
    let masked = mask::identity(identity);
    let hidden = |is: bool| is.then(|| text(HIDDEN));
    let mut differs = |column: &str, is_held: bool| {
        judged.differences.push(Difference {
            column: column.to_owned(),
            before: hidden(is_held),
            after: Some(text(HIDDEN)),
        });
    };
    let written = Some(&said.identity.name);
    let held_name = known.identity.as_ref().map(|identity| &identity.name);
    let texts = [
        ("member_name", written, held_name, Some(&masked.name), &mut change.name),
        (
            "personal_number",
            said.identity.number.as_ref(),
            identity.number.as_ref(),
            masked.number.as_ref(),
            &mut change.number,
        ),
        (
            "phone",
            said.identity.phone.as_ref(),
            identity.phone.as_ref(),
            masked.phone.as_ref(),
            &mut change.phone,
        ),
        (
            "address",
            said.identity.address.as_ref(),
            identity.address.as_ref(),
            masked.address.as_ref(),
            &mut change.address,
        ),
    ];
    for (column, written, on_file, mask, change) in texts {
        let Some(written) = written else { continue };
        if Some(written) != on_file && Some(written) != mask {
            differs(column, on_file.is_some());
            *change = Some(written.clone());
        }
    }
    if let Some(born) = said.identity.born
        && identity.born != Some(born)
    {
        differs("born", identity.born.is_some());
        change.born = Some(born);
    }
    let none = Marks::default();
    let marks = known.marks.as_ref().unwrap_or(&none);
    if said.marks.sex.is_some() && said.marks.sex != marks.sex {
        differs("sex", marks.sex.is_some());
        change.sex = said.marks.sex;
    }
    if said.marks.ethnicity.is_some() && said.marks.ethnicity != marks.ethnicity {
        differs("ethnicity", marks.ethnicity.is_some());
        change.ethnicity.clone_from(&said.marks.ethnicity);
    }
    if said.marks.hardship.is_some() && said.marks.hardship != marks.hardship {
        differs("hardship", marks.hardship.is_some());
        change.hardship = said.marks.hardship;
    }
    if said.marks.disabled.is_some() && said.marks.disabled != marks.disabled {
        differs("disabled", marks.disabled.is_some());
        change.disabled = said.marks.disabled;
    }
    let changed = [
        ("member_name", &change.name),
        ("personal_number", &change.number),
        ("phone", &change.phone),
        ("address", &change.address),
    ];
    for (column, cell) in changed {
        if cell.as_ref().is_some_and(|cell| cell.contains('*')) {
            judged.findings.add(masks(column));
        }
    }
}

/// Says that a masked cell is nobody's name or number.
fn unmasked(identity: &Identity, findings: &mut Findings) {
    let cells = [
        ("member_name", Some(&identity.name)),
        ("personal_number", identity.number.as_ref()),
        ("phone", identity.phone.as_ref()),
        ("address", identity.address.as_ref()),
    ];
    for (column, cell) in cells {
        if cell.is_some_and(|cell| cell.contains('*')) {
            findings.add(masks(column));
        }
    }
}

fn masks(column: &str) -> Finding {
    Finding::field(
        "import.masked",
        column,
        words!(
            "ô có dấu sao, là dữ liệu đã che và không khớp với thành viên này",
            "the cell is masked, and not what this member's would be"
        ),
        words!(
            "ghi đầy đủ, hoặc giữ nguyên ô như khi tải về",
            "write it in full, or leave the cell as it was taken away"
        ),
    )
}

/// A number without the blanks and points between its digits. Spreadsheets that take it for a number drop its leading zero.
fn number_of(kind: MemberKind, written: &str) -> String {
    let plain: String = written.chars().filter(|c| !matches!(c, ' ' | '.' | '\'')).collect();
    let digits = plain.bytes().all(|b| b.is_ascii_digit());
    if kind != MemberKind::Organisation && digits && plain.len() == 11 {
        return format!("0{plain}");
    }
    plain
}

/// A telephone number with the leading zero that a spreadsheet drops.
fn phone_of(written: &str) -> String {
    let digits = written.bytes().all(|b| b.is_ascii_digit());
    if digits && written.len() == 9 { format!("0{written}") } else { written.to_owned() }
}

/// Which member of a roll a field is of, and the field of that member: `members[3].born`.
fn member_at(field: &str) -> Option<(usize, String)> {
    let (at, rest) = field.strip_prefix("members[")?.split_once(']')?;
    Some((at.parse().ok()?, rest.trim_start_matches('.').to_owned()))
}
