//! Importing spreadsheets: every row is held against the register and the rules, what is accepted is filed in one
//! transaction, and an import can be taken back as long as nothing rests on it.

mod annual_return;
mod member;
mod organisation;
mod published;
mod record;
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hoptac_model::filing::import::{
    ImportAct, ImportColumn, ImportStrike, ImportTake, ImportUndo, can_be_struck,
};
use hoptac_model::filing::member::Membership;
use hoptac_model::filing::{Body, Draft, Filing, FilingKind, Hash, Origin, Subject, UnitsAdopt};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::ids::{FilingId, ImportId, MemberId, OrganisationId};
use hoptac_model::import::{Difference, ImportRow, NearRecord, Unmentioned, Verdict, counts};
use hoptac_model::member::mask;
use hoptac_model::sheet::{CellValue, RowFault, SheetForm, SheetRow};
use hoptac_model::text::{Words, fold};
use hoptac_model::unit::{Places, Unit};
use hoptac_model::{lifecycle, words};
use hoptac_store::{Error, ImportOnFile, OrganisationCard, Store, Writing};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use uuid::Uuid;

use self::member::HeldRoll;
use crate::authority::Actor;
use crate::card::Cards;
use crate::clerk::Clerk;
use crate::finding::Findings;
use crate::known::Known;
use crate::member::Seals;
use crate::refusal::Refusal;

/// After so many filings that fit no rule but not the ledger either, an import is given up.
const RESTARTS_MAX: usize = 50;

/// A file, read.
#[derive(Clone, Debug)]
pub struct SheetFile {
    /// Its name.
    pub name: String,
    /// The hash of its bytes.
    pub hash: Hash,
    /// The form that its rows are of.
    pub form: SheetForm,
    /// The sheet that was read.
    pub sheet: String,
    /// Which columns were which.
    pub columns: Vec<ImportColumn>,
    /// The year that it is for, where it is for one.
    pub year: Option<i16>,
    /// The day from which changes hold.
    pub on: Date,
    /// The organisation of rows that name none.
    pub organisation: Option<OrganisationId>,
    /// Its rows.
    pub rows: Vec<SheetRow>,
}

/// Which rows are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// None: it is only looked over.
    Nothing,
    /// Those that are new or changed, without faults and without doubt.
    Good,
    /// All of them, doubtful ones too; none where one is rejected.
    All,
}

/// Time and chance, made at the edge.
pub struct Edge<'e> {
    /// When it is recorded, unless it has to wait for its turn to write.
    pub recorded_at: Timestamp,
    /// Tells the time once it is its turn. What others filed meanwhile was recorded before.
    pub now: fn() -> Timestamp,
    /// The identity that the import gets.
    pub import: ImportId,
    /// Makes identities.
    pub fresh: &'e mut (dyn FnMut() -> Uuid + Send),
    /// Seals what is personal; none where only rows are taken in which nothing is.
    pub seals: Option<Seals<'e>>,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What became of each row.
    pub rows: Vec<ImportRow>,
    /// The import, where it was filed.
    pub filed: Option<ImportOnFile>,
    /// The import that took the same file over before, so that nothing was filed now.
    pub before: Option<ImportOnFile>,
    /// Why nothing was filed although all was asked for.
    pub refused: Option<Words>,
    /// Who is on the rolls that the file speaks of, and in no row of it.
    pub unmentioned: Vec<Unmentioned>,
}

/// Looks a file over, and files what is accepted, all of it or nothing. `progress` hears how many rows have been judged.
pub async fn run(
    store: &Store,
    actor: &Actor,
    file: &SheetFile,
    accept: Accept,
    edge: &mut Edge<'_>,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<Imported, Refusal> {
    let mut misfits: BTreeMap<u32, Vec<Finding>> = BTreeMap::new();
    let mut prepared = match accept {
        Accept::Nothing => None,
        Accept::Good | Accept::All => beforehand(store, actor, file, edge, progress).await?,
    };
    let is_looked_over = prepared.is_some();
    loop {
        // Nobody waits for a look; what is accepted is judged anew in the transaction that files it.
        let writing = match accept {
            Accept::Nothing => store.look().await?,
            Accept::Good | Accept::All => store.begin().await?,
        };
        if accept != Accept::Nothing {
            edge.recorded_at = edge.recorded_at.max((edge.now)());
        }
        let mut clerk = Clerk::new(writing);
        if let Some((cards, position)) = prepared.take() {
            clerk.carry_on_with(cards, position).await?;
        }
        let mut desk = Desk::new(clerk, actor, file, accept).await?;
        desk.left_out = misfits.keys().copied().collect();
        let before = desk.taken_before().await?;
        let again = before.is_some();
        if again {
            desk.accept = Accept::Nothing;
        }
        let mut spoilt = None;
        for (number, row) in file.rows.iter().enumerate() {
            let outcome = match misfits.get(&row.number) {
                Some(findings) => desk.rejected(row, findings.clone()),
                None => desk.take(row, edge).await?,
            };
            if desk.torn || desk.clerk.writing.is_spoilt() {
                spoilt = Some((row.number, outcome.findings));
                break;
            }
            desk.outcomes.push(outcome);
            if number % 100 == 99 && !is_looked_over {
                progress(number + 1);
            }
        }
        if let Some((row, findings)) = spoilt {
            // What the ledger itself refuses, or takes only in part, leaves the transaction useless: the row is left out of the
            // next one.
            misfits.insert(row, findings);
            if misfits.len() > RESTARTS_MAX {
                return Err(Refusal::Invalid(misfits.into_values().flatten().collect()));
            }
            continue;
        }
        progress(file.rows.len());
        let counts = counts(&desk.outcomes);
        let refused = (accept == Accept::All && !again && counts.rejected > 0).then(|| {
            words!(
                "{rejected} dòng bị loại nên không dòng nào được ghi; sửa các dòng đó, hoặc chỉ nhận các dòng hợp lệ",
                "{rejected} rows are rejected, so that none was filed; correct them, or take the good ones only",
                rejected = counts.rejected
            )
        });
        let unmentioned = desk.unmentioned().await?;
        let nothing = again || accept == Accept::Nothing || refused.is_some() || desk.filed == 0;
        if nothing {
            return Ok(Imported { rows: desk.outcomes, filed: None, before, refused, unmentioned });
        }
        let (rows, filed) = desk.close(counts, edge).await?;
        return Ok(Imported { rows, filed: Some(filed), before: None, refused: None, unmentioned });
    }
}

/// Where there are so many organisations, rows are looked over before the transaction that files them.
const MANY: usize = 10_000;

/// Looks the rows of new organisations over in nobody's way. To find who is alike among a hundred thousand takes most of the time
/// of an import, in which nobody else could file; what was found is remembered with the cards, which are given with the ledger
/// position that they were read at.
async fn beforehand(
    store: &Store,
    actor: &Actor,
    file: &SheetFile,
    edge: &mut Edge<'_>,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<Option<(Cards, u64)>, Refusal> {
    if file.form.id != SheetForm::ORGANISATIONS {
        return Ok(None);
    }
    let mut desk = Desk::new(Clerk::new(store.look().await?), actor, file, Accept::Nothing).await?;
    if desk.clerk.cards().await?.len() < MANY {
        return Ok(None);
    }
    for (number, row) in file.rows.iter().enumerate() {
        desk.take(row, edge).await?;
        if number % 100 == 99 {
            progress(number + 1);
        }
    }
    let position = desk.clerk.writing.position();
    Ok(desk.clerk.cards.take().map(|cards| (cards, position)))
}

/// An import that was taken back.
#[derive(Clone, Debug)]
pub struct Undone {
    /// How many filings were struck.
    pub filings: u32,
    /// The position of the filing that closed it.
    pub position: u64,
}

/// Takes an import back, by a filing for each that it brought. Refused with the filings that rest on it, all of them.
pub async fn undo(
    store: &Store,
    actor: &Actor,
    id: ImportId,
    reason: &str,
    edge: &mut Edge<'_>,
    progress: &mut (dyn FnMut(usize) + Send),
) -> Result<Undone, Refusal> {
    let mut clerk = Clerk::new(store.begin().await?);
    edge.recorded_at = edge.recorded_at.max((edge.now)());
    let Some(import) = clerk.writing.import(id).await? else {
        return Err(Refusal::Invalid(vec![unknown(&id.to_string())]));
    };
    let mut brought = Vec::new();
    let mut after = import.first.saturating_sub(1);
    while after + 1 < import.position {
        let lot = u32::try_from(import.position - 1 - after).unwrap_or(u32::MAX).min(1000);
        let filings = clerk.writing.filings(after, lot).await?;
        let Some(last) = filings.last() else { break };
        after = last.position;
        brought.extend(filings);
    }
    let mut findings = Vec::new();
    let mut struck = 0_u32;
    for (number, filing) in brought.iter().rev().enumerate() {
        let draft = Draft {
            id: FilingId((edge.fresh)()),
            recorded_at: edge.recorded_at,
            effective_on: filing.effective_on,
            actor: actor.signature(),
            subject: filing.subject.clone(),
            expected_version: None,
            origin: Origin::Live,
            key: Some(format!("undo/{id}/{}", filing.position)),
            body: Body::Import(ImportAct::Strike(ImportStrike { import: id, filing: filing.id })),
        };
        match clerk.take(actor, draft).await {
            Ok(_) => struck += 1,
            // All that stands in the way is told at once.
            Err(Refusal::Invalid(found)) if !clerk.writing.is_spoilt() => {
                for finding in found.into_iter().filter(Finding::is_error) {
                    if !findings.contains(&finding) {
                        findings.push(finding);
                    }
                }
            }
            Err(refusal) => return Err(refusal),
        }
        if number % 100 == 99 {
            progress(number + 1);
        }
    }
    if !findings.is_empty() {
        return Err(Refusal::Invalid(findings));
    }
    let draft = Draft {
        id: FilingId((edge.fresh)()),
        recorded_at: edge.recorded_at,
        effective_on: crate::filing::day_in_viet_nam(edge.recorded_at),
        actor: actor.signature(),
        subject: Subject::import(id),
        expected_version: None,
        origin: Origin::Live,
        key: None,
        body: Body::Import(ImportAct::Undo(ImportUndo {
            filings: struck,
            reason: reason.to_owned(),
        })),
    };
    let undone = clerk.take(actor, draft).await?;
    clerk.commit().await?;
    Ok(Undone { filings: struck, position: undone.filing.position })
}

/// A filing that a row comes to.
struct Planned {
    subject: Subject,
    effective_on: Date,
    body: Body,
}

/// What a row comes to when it is held against the register.
#[derive(Default)]
struct Judged {
    organisation: Option<OrganisationId>,
    /// Whether what it speaks of is unknown to the register.
    new: bool,
    differences: Vec<Difference>,
    near: Vec<NearRecord>,
    findings: Findings,
    planned: Vec<Planned>,
}

/// Works through the rows of a file.
struct Desk<'d> {
    clerk: Clerk,
    actor: &'d Actor,
    file: &'d SheetFile,
    accept: Accept,
    by_code: BTreeMap<String, OrganisationId>,
    /// The row that first spoke of something, by what that is.
    spoken: BTreeMap<String, u32>,
    /// All places as they are before the file, once a row of units has asked for them.
    places: Option<Arc<Places>>,
    /// Units that earlier rows bring, by code.
    brought: BTreeMap<String, Unit>,
    /// Rows that the ledger itself refused.
    left_out: BTreeSet<u32>,
    /// Rolls of members that rows have asked for.
    rolls: BTreeMap<OrganisationId, HeldRoll>,
    outcomes: Vec<ImportRow>,
    filed: u32,
    first: u64,
    /// Whether a row failed after some of what it comes to was filed, so that the transaction is of no use.
    torn: bool,
}

impl<'d> Desk<'d> {
    async fn new(
        mut clerk: Clerk,
        actor: &'d Actor,
        file: &'d SheetFile,
        accept: Accept,
    ) -> Result<Self, Refusal> {
        let cards = clerk.cards().await?;
        // Of several with one code the one that still is, else the one that was filed about last, has it.
        let mut by_code: BTreeMap<String, &OrganisationCard> = BTreeMap::new();
        for card in cards.all() {
            let Some(code) = &card.code else { continue };
            match by_code.get(code) {
                Some(other) if other.ceased_on.is_none() && card.ceased_on.is_some() => {}
                _ => {
                    by_code.insert(code.clone(), card);
                }
            }
        }
        let by_code = by_code.into_iter().map(|(code, card)| (code, card.id)).collect();
        let first = clerk.writing.position() + 1;
        let (spoken, outcomes) = (BTreeMap::new(), Vec::with_capacity(file.rows.len()));
        Ok(Self {
            clerk,
            actor,
            file,
            accept,
            by_code,
            spoken,
            places: None,
            brought: BTreeMap::new(),
            left_out: BTreeSet::new(),
            rolls: BTreeMap::new(),
            outcomes,
            filed: 0,
            first,
            torn: false,
        })
    }

    /// The import that took the same file over and was not taken back.
    async fn taken_before(&mut self) -> Result<Option<ImportOnFile>, Error> {
        let hash = self.file.hash.to_string();
        let imports = self.clerk.writing.imports().await?;
        Ok(imports.into_iter().find(|import| {
            import.undone.is_none()
                && import.taken.file_hash == hash
                && import.taken.form == self.file.form.id
                && import.taken.sheet == self.file.sheet
        }))
    }

    /// Judges a row, and files what it comes to where it is accepted.
    async fn take(&mut self, row: &SheetRow, edge: &mut Edge<'_>) -> Result<ImportRow, Refusal> {
        let may_be_taken = match row.fault {
            RowFault::None => true,
            RowFault::Empty => self.lacks_no_more_than_the_register(row).await?,
            RowFault::Wrong => false,
        };
        if !may_be_taken {
            return Ok(self.rejected(row, Vec::new()));
        }
        let mut judged = match self.file.form.id.as_str() {
            SheetForm::ORGANISATIONS => self.organisation(row, edge).await?,
            SheetForm::RETURNS => self.annual_return(row).await?,
            SheetForm::GRADES => self.grade(row).await?,
            SheetForm::LINKS => self.link(row).await?,
            SheetForm::PRODUCTS => self.product(row).await?,
            SheetForm::SUPPORT => self.support(row).await?,
            SheetForm::MEMBERS => self.member(row, edge).await?,
            SheetForm::UNITS => self.unit(row).await?,
            SheetForm::FIGURES => self.figure(row).await?,
            _ => {
                return Err(Refusal::Invalid(vec![Finding::field(
                    "import.form",
                    "form",
                    words!(
                        "biểu “{form}” chưa nhập được",
                        "the form `{form}` cannot be imported",
                        form = self.file.form.title
                    ),
                    words!("chọn biểu khác", "choose another form"),
                )]));
            }
        };
        let mut drafts = Vec::with_capacity(judged.planned.len());
        for (part, planned) in (1..).zip(std::mem::take(&mut judged.planned)) {
            let suffix = if part == 1 { String::new() } else { format!("/{part}") };
            drafts.push(Draft {
                id: FilingId((edge.fresh)()),
                recorded_at: edge.recorded_at,
                effective_on: planned.effective_on,
                actor: self.actor.signature(),
                subject: planned.subject,
                expected_version: None,
                origin: Origin::Live,
                key: Some(format!("import/{}/{}{suffix}", edge.import, row.number)),
                body: planned.body,
            });
        }
        let mut findings = judged.findings.into_vec();
        let mut wrong = findings.iter().any(Finding::is_error);
        if !wrong {
            for (number, draft) in drafts.iter().enumerate() {
                let above = self.unit_above(draft);
                let before = above.as_slice();
                let before = if before.is_empty() {
                    drafts.get(..number).unwrap_or_default()
                } else {
                    before
                };
                let found =
                    crate::examined_after(&mut self.clerk, self.actor, before, draft).await?;
                findings.extend(found);
            }
            wrong = findings.iter().any(Finding::is_error);
        }
        // The duplicates that the register's own rule finds are told once, with their reasons. Keys made for a row are kept when
        // it is filed.
        findings.retain(|f| f.code != "organisation.alike" && f.code != "member.no-key");
        wrong &= findings.iter().any(Finding::is_error);
        let verdict = match (wrong, judged.new, drafts.is_empty()) {
            (true, ..) => Verdict::Rejected,
            (false, true, _) if !judged.near.is_empty() => Verdict::Doubtful,
            (false, true, _) => Verdict::New,
            (false, false, true) => Verdict::Same,
            (false, false, false) => Verdict::Changed,
        };
        let taken = match (self.accept, verdict) {
            (Accept::Nothing, _) | (_, Verdict::Same | Verdict::Rejected) => false,
            (Accept::Good, verdict) => verdict != Verdict::Doubtful,
            (Accept::All, _) => true,
        };
        let mut outcome = ImportRow {
            number: row.number,
            verdict,
            name: self.name_of(row),
            organisation: judged.organisation,
            differences: judged.differences,
            near: judged.near,
            findings,
        };
        if taken {
            for (number, draft) in drafts.into_iter().enumerate() {
                self.keep_keys(&draft.subject).await?;
                match self.clerk.take(self.actor, draft).await {
                    Ok(_) => self.filed += 1,
                    Err(Refusal::Invalid(found)) => {
                        outcome.verdict = Verdict::Rejected;
                        outcome.findings.extend(found);
                        self.torn |= number > 0;
                        break;
                    }
                    Err(refusal) => return Err(refusal),
                }
            }
        }
        if outcome.verdict == Verdict::Rejected {
            self.turned_down(outcome.organisation, row.number);
        }
        Ok(outcome)
    }

    /// What an earlier row files of the unit to which a unit belongs.
    fn unit_above(&self, draft: &Draft) -> Option<Draft> {
        let Body::UnitsAdopt(body) = &draft.body else { return None };
        let parent = body.units.first()?.parent.as_ref()?;
        let above = self.brought.values().find(|unit| unit.id == *parent)?;
        let body = UnitsAdopt {
            source: body.source.clone(),
            units: vec![above.clone()],
            successors: Vec::new(),
        };
        Some(Draft { body: Body::UnitsAdopt(body), ..draft.clone() })
    }

    /// A row that cannot be taken.
    fn rejected(&self, row: &SheetRow, findings: Vec<Finding>) -> ImportRow {
        ImportRow {
            number: row.number,
            verdict: Verdict::Rejected,
            name: self.name_of(row),
            organisation: None,
            differences: Vec::new(),
            near: Vec::new(),
            findings,
        }
    }

    /// Files the import itself behind what it brought, and keeps all of it.
    async fn close(
        mut self,
        counts: hoptac_model::filing::import::ImportCounts,
        edge: &mut Edge<'_>,
    ) -> Result<(Vec<ImportRow>, ImportOnFile), Refusal> {
        let taken = ImportTake {
            file_name: self.file.name.clone(),
            file_hash: self.file.hash.to_string(),
            form: self.file.form.id.clone(),
            form_version: self.file.form.version,
            sheet: self.file.sheet.clone(),
            columns: self.columns_kept(),
            filings: self.filed,
            counts,
        };
        let draft = Draft {
            id: FilingId((edge.fresh)()),
            recorded_at: edge.recorded_at,
            effective_on: crate::filing::day_in_viet_nam(edge.recorded_at),
            actor: self.actor.signature(),
            subject: Subject::import(edge.import),
            expected_version: None,
            origin: Origin::Live,
            key: None,
            body: Body::Import(ImportAct::Take(taken.clone())),
        };
        let accepted = self.clerk.take(self.actor, draft).await?;
        let filed = ImportOnFile {
            id: edge.import,
            actor: accepted.filing.actor.clone(),
            recorded_at: accepted.filing.recorded_at,
            first: self.first,
            position: accepted.filing.position,
            taken,
            undone: None,
        };
        self.clerk.commit().await?;
        Ok((self.outcomes, filed))
    }

    /// Which columns are which, as the ledger keeps it. What stands over a column of a roll may itself be somebody's name, where a
    /// sheet has no head; only heads that the form knows are kept of it.
    fn columns_kept(&self) -> Vec<ImportColumn> {
        let mut columns = self.file.columns.clone();
        if self.file.form.id == SheetForm::MEMBERS {
            let form = SheetForm::members();
            for kept in &mut columns {
                let head = fold(&kept.head);
                let known = form.columns.iter().any(|column| {
                    let heads = [&column.head.vi, &column.head.en];
                    heads.into_iter().chain(&column.aliases).any(|known| fold(known) == head)
                });
                if !known {
                    kept.head.clear();
                }
            }
        }
        columns
    }

    fn value<'r>(&self, row: &'r SheetRow, column: &str) -> Option<&'r CellValue> {
        row.values.get(self.file.form.index_of(column)?)?.as_ref()
    }

    fn text<'r>(&self, row: &'r SheetRow, column: &str) -> Option<&'r str> {
        self.value(row, column)?.as_text()
    }

    fn whole(&self, row: &SheetRow, column: &str) -> Option<i64> {
        self.value(row, column)?.as_whole()
    }

    /// Whether the sheet has a column at all.
    fn has(&self, column: &str) -> bool {
        self.file.columns.iter().any(|found| found.column == column)
    }

    /// What a row speaks of, as the sheet calls it.
    fn name_of(&self, row: &SheetRow) -> String {
        let columns = ["name", "code", "id"];
        let name = columns.into_iter().find_map(|column| self.text(row, column));
        let name = name.unwrap_or_default();
        match self.text(row, "member_name") {
            Some(member) if name.is_empty() => mask::name(member),
            Some(member) => format!("{} · {name}", mask::name(member)),
            None => name.to_owned(),
        }
    }

    /// The organisation of rows that name none: the one that was said, else the sender's own.
    fn whose_all(&self) -> Option<OrganisationId> {
        self.file.organisation.or(self.actor.scope.organisation)
    }

    /// Notes that a row speaks of something; says so where another row of the file did before.
    fn speak(&mut self, of: String, row: &SheetRow, findings: &mut Findings) {
        if self.spoken.get(&of) == Some(&row.number) {
            return;
        }
        if let Some(before) = self.spoken.get(&of) {
            findings.error(
                "import.twice",
                "",
                words!(
                    "dòng {before} của tệp đã ghi về cùng đối tượng này",
                    "row {before} of the file speaks of the same",
                    before = *before
                ),
                words!("giữ lại một dòng", "keep one of the two"),
            );
            return;
        }
        self.spoken.insert(of, row.number);
    }

    /// The organisation that has a code, where the actor gets to see it.
    async fn with_code(&mut self, code: &str) -> Result<Option<OrganisationCard>, Error> {
        match self.by_code.get(code).copied() {
            Some(id) => self.with_id(id).await,
            None => Ok(None),
        }
    }

    /// The organisation of an identity, where the actor gets to see it.
    async fn with_id(&mut self, id: OrganisationId) -> Result<Option<OrganisationCard>, Error> {
        if !self.actor.scope.is_all() {
            let today = crate::filing::day_in_viet_nam(self.recorded_at());
            if !self.clerk.is_within(id, &self.actor.scope, today).await? {
                return Ok(None);
            }
        }
        Ok(self.clerk.cards().await?.get(id).cloned())
    }

    /// The organisation of a row that must name one by its code.
    async fn must_have_code(
        &mut self,
        row: &SheetRow,
        findings: &mut Findings,
    ) -> Result<Option<OrganisationCard>, Error> {
        if let Some(id) = self.text(row, "id").and_then(|id| id.parse().ok())
            && let Some(card) = self.with_id(id).await?
        {
            return Ok(Some(card));
        }
        let Some(code) = self.text(row, "code") else {
            if let Some(id) = self.whose_all()
                && let Some(card) = self.with_id(id).await?
            {
                return Ok(Some(card));
            }
            findings.error(
                "import.no-code",
                "code",
                words!("chưa ghi mã số", "no code is given"),
                words!(
                    "ghi mã số của tổ chức, hoặc dùng bảng tải từ hệ thống, có cột định danh",
                    "write the organisation's code, or use a table fetched from here, which has the identity"
                ),
            );
            return Ok(None);
        };
        let found = self.with_code(code).await?;
        if found.is_none() {
            findings.error(
                "import.unknown-code",
                "code",
                words!(
                    "sổ đăng ký không có tổ chức nào mang mã số “{code}”",
                    "the register has no organisation with the code `{code}`",
                    code
                ),
                words!(
                    "kiểm tra mã số, hoặc nhập danh sách tổ chức trước",
                    "check the code, or import the list of organisations first"
                ),
            );
        }
        Ok(found)
    }

    fn recorded_at(&self) -> Timestamp {
        self.clerk.writing.recorded_at().unwrap_or_default()
    }
}

fn unknown(id: &str) -> Finding {
    Finding::field(
        "import.unknown",
        "subject",
        words!("không có lần nhập {id}", "there is no import {id}", id),
        words!("xem danh sách các lần nhập", "look at the list of imports"),
    )
}

/// Reads what the rules for imports ask for.
pub(crate) async fn read(
    writing: &mut Writing,
    draft: &Draft,
    act: &ImportAct,
    known: &mut Known,
) -> Result<(), Error> {
    match act {
        ImportAct::Take(body) => {
            if let Some(id) = draft.subject.as_import() {
                known.import = writing.import(id).await?;
                let prefix = format!("import/{id}/");
                known.of_import = trailing(writing, body.filings, |filing| {
                    filing.key.as_deref().is_some_and(|key| key.starts_with(&prefix))
                })
                .await?;
            }
        }
        ImportAct::Undo(body) => {
            if let Some(id) = draft.subject.as_import() {
                known.import = writing.import(id).await?;
                known.of_import = trailing(writing, body.filings, |filing| {
                    matches!(
                        filing.typed_body(),
                        Ok(Body::Import(ImportAct::Strike(strike))) if strike.import == id
                    )
                })
                .await?;
            }
        }
        ImportAct::Strike(body) => {
            known.import = writing.import(body.import).await?;
            known.earlier = writing.filing_with_id(body.filing).await?;
            if let Some(struck) = &known.earlier {
                let about = writing.filings_about(&struck.subject).await?;
                known.resting = resting_on(struck, &about);
                if struck.kind == FilingKind::OrganisationEstablish
                    && let Some(id) = struck.subject.as_organisation()
                {
                    let naming = writing.filings_naming(&id.to_string(), struck.position).await?;
                    let others = naming.into_iter().filter(|filing| {
                        filing.subject != struck.subject && filing.kind != FilingKind::ImportStrike
                    });
                    known.resting.extend(others);
                }
                if let Ok(Body::UnitsAdopt(units)) = struck.typed_body() {
                    for unit in &units.units {
                        let name = format!("\"{}\"", unit.id);
                        let naming = writing.filings_naming(&name, struck.position).await?;
                        let naming = unstruck(writing, naming).await?;
                        known.resting.extend(naming);
                    }
                }
            }
        }
    }
    Ok(())
}

/// Those of some filings that no undoing has struck.
async fn unstruck(writing: &mut Writing, filings: Vec<Filing>) -> Result<Vec<Filing>, Error> {
    let mut left = Vec::new();
    for filing in filings {
        let about = writing.filings_about(&filing.subject).await?;
        if !struck_among(&about).contains(&filing.id) {
            left.push(filing);
        }
    }
    Ok(left)
}

/// The filings that have been struck, of those about a subject.
fn struck_among(about: &[Filing]) -> BTreeSet<FilingId> {
    about
        .iter()
        .filter_map(|filing| match filing.typed_body() {
            Ok(Body::Import(ImportAct::Strike(strike))) => Some(strike.filing),
            Ok(Body::Membership(Membership::Strike(strike))) => Some(strike.filing),
            _ => None,
        })
        .collect()
}

/// How many of the last filings are of a kind.
async fn trailing(
    writing: &mut Writing,
    count: u32,
    is_one: impl Fn(&Filing) -> bool,
) -> Result<u64, Error> {
    let mut after = writing.position().saturating_sub(u64::from(count));
    let mut found = 0;
    loop {
        let filings = writing.filings(after, 1000).await?;
        let Some(last) = filings.last() else { return Ok(found) };
        after = last.position;
        found += filings.iter().filter(|filing| is_one(filing)).count() as u64;
    }
}

/// The filings about a subject that would hang in the air without one of them.
fn resting_on(struck: &Filing, about: &[Filing]) -> Vec<Filing> {
    let gone = struck_among(about);
    let later = about.iter().filter(|later| {
        later.position > struck.position
            && !gone.contains(&later.id)
            && later.kind != FilingKind::ImportStrike
            && rests_on(struck, later)
    });
    later.cloned().collect()
}

/// Whether a later filing about the same subject needs an earlier one.
fn rests_on(struck: &Filing, later: &Filing) -> bool {
    let same = |field: &str| {
        let of = |filing: &Filing| {
            let body: Value = serde_json::from_str(&filing.body).unwrap_or_default();
            body.get(field).cloned()
        };
        of(struck).is_some() && of(struck) == of(later)
    };
    let code = later.kind.code();
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other kinds cannot be struck")]
    match struck.kind {
        FilingKind::OrganisationEstablish => later.kind != FilingKind::OrganisationAnnotate,
        kind if lifecycle::makes_state(kind) || kind == FilingKind::OrganisationCorrect => {
            lifecycle::makes_state(later.kind) || later.kind == FilingKind::OrganisationCorrect
        }
        FilingKind::ReturnAccept | FilingKind::ReturnSubmit => {
            (code.starts_with("return.") || code.starts_with("grade.")) && same("year")
        }
        FilingKind::GradeDecide => later.kind == FilingKind::GradeDecide && same("year"),
        FilingKind::LinkSign | FilingKind::LinkChange | FilingKind::LinkEnd => {
            code.starts_with("link.") && same("link")
        }
        FilingKind::ProductCertify => {
            code.starts_with("product.")
                && (same("certificate") || later.body.contains("\"renews\""))
        }
        FilingKind::ProductWithdraw => code.starts_with("product.") && same("certificate"),
        // A roll carries all that is filed about it later; an entry what is filed about its member.
        FilingKind::MemberRoll => !members_of(later).is_empty(),
        FilingKind::MemberJoin | FilingKind::MemberChange | FilingKind::MemberLeave => {
            !members_of(struck).is_disjoint(&members_of(later))
        }
        FilingKind::SupportApply
        | FilingKind::SupportDecide
        | FilingKind::SupportPay
        | FilingKind::SupportCancel => code.starts_with("support.") && same("application"),
        _ => false,
    }
}

/// The members of a roll to which a filing does something.
fn members_of(filing: &Filing) -> BTreeSet<MemberId> {
    let Ok(Body::Membership(body)) = filing.typed_body() else { return BTreeSet::new() };
    body.events(filing.effective_on, filing.position).iter().map(|event| event.member).collect()
}

/// What is wrong with a filing about an import.
pub fn findings(draft: &Draft, act: &ImportAct, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    match act {
        ImportAct::Take(body) => take(body, known, &mut findings),
        ImportAct::Strike(body) => strike(draft, body, known, &mut findings),
        ImportAct::Undo(body) => take_back(draft, body, known, &mut findings),
    }
    findings.into_vec()
}

fn take(body: &ImportTake, known: &Known, findings: &mut Findings) {
    findings.text("file_name", &body.file_name);
    findings.text("form", &body.form);
    if Hash::parse(&body.file_hash).is_none() {
        findings.error(
            "import.hash",
            "file_hash",
            words!("không phải là mã băm SHA-256", "it is no SHA-256 hash"),
            words!("ghi 64 chữ số thập lục phân", "write its 64 hexadecimal digits"),
        );
    }
    if known.import.is_some() {
        findings.error(
            "import.exists",
            "subject",
            words!("lần nhập này đã có trong sổ cái", "this import is in the ledger already"),
            words!("đặt định danh mới", "give it an identity of its own"),
        );
    }
    if body.filings == 0 || known.of_import != u64::from(body.filings) {
        findings.error(
            "import.filings",
            "filings",
            words!(
                "lần nhập nêu {said} hồ sơ, ngay trước đó có {found} hồ sơ của lần nhập",
                "the import says {said} filings, and {found} of it stand right before",
                said = body.filings,
                found = known.of_import
            ),
            words!(
                "nhập bằng chức năng nhập bảng tính, không nộp riêng hồ sơ này",
                "import the spreadsheet; this is not filed by itself"
            ),
        );
    }
}

fn strike(draft: &Draft, body: &ImportStrike, known: &Known, findings: &mut Findings) {
    let Some(import) = &known.import else {
        return findings.add(unknown(&body.import.to_string()));
    };
    if import.undone.is_some() {
        return findings.add(undone(import));
    }
    let struck = known.earlier.as_ref().filter(|struck| {
        struck.subject == draft.subject
            && (import.first..import.position).contains(&struck.position)
    });
    let Some(struck) = struck else {
        return findings.error(
            "import.not-brought",
            "filing",
            words!(
                "hồ sơ {filing} không thuộc lần nhập này",
                "the filing {filing} was not brought by this import",
                filing = body.filing
            ),
            words!(
                "chỉ rút được hồ sơ của chính lần nhập; hồ sơ khác thì nộp đính chính",
                "only what it brought is taken back with it; correct other filings"
            ),
        );
    };
    if !can_be_struck(struck.kind) {
        findings.error(
            "import.kind",
            "filing",
            words!(
                "hồ sơ {kind} (số {position} trong sổ cái) không rút lại được",
                "the filing {kind} at position {position} cannot be taken back",
                kind = struck.kind.code(),
                position = struck.position
            ),
            words!("nộp hồ sơ sửa đổi cho từng trường hợp", "file what puts it right, one by one"),
        );
    }
    for resting in &known.resting {
        findings.error(
            "import.rests",
            "filing",
            words!(
                "hồ sơ số {later} ({kind}, {actor}) dựa trên hồ sơ số {position} của lần nhập",
                "the filing at position {later} ({kind}, {actor}) rests on the one at {position}",
                later = resting.position,
                kind = resting.kind.code(),
                actor = resting.actor,
                position = struck.position
            ),
            words!(
                "xử lý hồ sơ đó trước, hoặc đính chính từng hồ sơ thay vì rút cả lần nhập",
                "deal with that one first, or correct single filings instead of taking all back"
            ),
        );
    }
}

fn take_back(draft: &Draft, body: &ImportUndo, known: &Known, findings: &mut Findings) {
    findings.text("reason", &body.reason);
    let Some(import) = &known.import else {
        return findings.add(unknown(&draft.subject.0));
    };
    if import.undone.is_some() {
        return findings.add(undone(import));
    }
    if body.filings != import.taken.filings || known.of_import != u64::from(body.filings) {
        findings.error(
            "import.filings",
            "filings",
            words!(
                "lần nhập có {brought} hồ sơ, ngay trước đó rút lại {found} hồ sơ",
                "the import brought {brought} filings, and {found} are struck right before",
                brought = import.taken.filings,
                found = known.of_import
            ),
            words!(
                "dùng chức năng rút lại lần nhập, không nộp riêng hồ sơ này",
                "take the import back as a whole; this is not filed by itself"
            ),
        );
    }
}

fn undone(import: &ImportOnFile) -> Finding {
    Finding::field(
        "import.undone",
        "subject",
        words!(
            "lần nhập này đã được rút lại (hồ sơ số {position})",
            "this import was taken back already, at position {position}",
            position = import.undone.unwrap_or_default()
        ),
        words!("không cần làm gì thêm", "nothing needs to be done"),
    )
}

/// A finding that does not stop a row.
fn remark(code: &'static str, column: &str, message: Words, remedy: Words) -> Finding {
    Finding::field(code, column, message, remedy).with_severity(Severity::Warning)
}
