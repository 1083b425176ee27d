//! The clerk: takes drafts one after the other in one transaction, reads what the rules ask for, and appends.

use std::collections::BTreeSet;
use std::sync::Arc;

use hoptac_model::account::{Scope, Standpoint};
use hoptac_model::filing::alert::AlertAct;
use hoptac_model::filing::grade::{GradeReview, GradeSelfScore};
use hoptac_model::filing::import::ImportAct;
use hoptac_model::filing::member::Membership;
use hoptac_model::filing::{Body, Draft, Filing, GradeDecide, Origin};
use hoptac_model::finding::{Finding, Severity};
use hoptac_model::ids::OrganisationId;
use hoptac_model::organisation::Sector;
use hoptac_model::pack::Pack;
use hoptac_model::unit::Places;
use hoptac_model::words;
use hoptac_store::{Error, OrganisationCard, PlanInForce, Writing};
use jiff::SignedDuration;
use jiff::civil::Date;

use crate::authority::{self, Actor};
use crate::card::Cards;
use crate::known::Known;
use crate::refusal::Refusal;
use crate::{
    account, alert, annual_return, boundary, bundle, cascade, certificate, edition, event, figure,
    filing, grade, import, link, member, organisation, particulars, plan, practice, promotion,
    reform, scenario, support, task, union, unit,
};

/// How far behind the last filing one may be: so far the clocks of two servers may be apart.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(5);
/// Whoever reads the clock may wait so long for its turn to write; what was filed meanwhile is later than that reading.
const TURN: SignedDuration =
    SignedDuration::from_secs(hoptac_store::PATIENCE.as_secs().cast_signed());

/// How many filings are taken into cards one by one.
const CARRIED: u32 = 5_000;

/// An accepted filing with what was noticed about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The filing as it stands in the ledger.
    pub filing: Filing,
    /// Warnings and notes.
    pub findings: Vec<Finding>,
    /// Whether it had been accepted before, with the same key and the same words, so that nothing was filed now.
    pub repeated: bool,
}

/// Takes drafts in one transaction. What is not committed never was.
pub(crate) struct Clerk {
    pub(crate) writing: Writing,
    plan: Plan,
    /// The organisation that was asked for last, until something is appended: whether somebody may file about it and what the
    /// rules say of it rest on the same card.
    organisation: Option<OrganisationCard>,
    /// All places, once a filing has asked for them; read anew when they change.
    places: Option<Arc<Places>>,
    /// All organisations by their latest states, once somebody has asked for them; kept current from then on.
    pub(crate) cards: Option<Cards>,
}

/// The plan in force. It is large, and a lot of a thousand returns asks for it a thousand times, so it is read once.
enum Plan {
    /// Nobody has asked for it since it last changed.
    Unread,
    /// As it was read; none before the first adoption.
    Read(Option<Arc<PlanInForce>>),
}

impl Clerk {
    /// A clerk at work on a transaction.
    pub(crate) fn new(writing: Writing) -> Self {
        Self { writing, plan: Plan::Unread, organisation: None, places: None, cards: None }
    }

    /// Authorises, validates and appends one draft.
    pub(crate) async fn take(
        &mut self,
        actor: &Actor,
        mut draft: Draft,
    ) -> Result<Accepted, Refusal> {
        self.authorise(actor, &draft).await?;
        // Nobody files in another's name; only a simulated register says who its simulated offices were.
        if draft.origin != Origin::Synthetic {
            draft.actor = actor.signature();
        }
        let precedent = self.writing.precedent(&draft).await?;
        if precedent.repeated.is_some()
            && let Some(key) = &draft.key
            && let Some(filing) = self.writing.accepted_with_key(key).await?
        {
            if says_the_same(&draft, &filing) {
                return Ok(Accepted { filing, findings: Vec::new(), repeated: true });
            }
            return Err(Refusal::KeyTaken { key: key.clone(), position: filing.position });
        }
        let actual = precedent.version;
        if let Some(expected) = draft.expected_version.filter(|expected| *expected != actual) {
            let subject = draft.subject.0;
            return Err(Error::Conflict { subject, expected, actual }.into());
        }
        self.keep_time(&mut draft);
        let findings = self.findings(&draft).await?;
        if findings.iter().any(Finding::is_error) {
            return Err(Refusal::Invalid(findings));
        }
        self.organisation = None;
        let filing = match self.writing.append(&draft).await {
            Ok(filing) => filing,
            Err(error) => return Err(Refusal::Invalid(vec![misfit(error)?])),
        };
        // The filing says that the keys are destroyed, so that they go with it or not at all.
        if let (Body::Membership(Membership::Erase(erase)), Some(organisation)) =
            (&draft.body, draft.subject.as_organisation())
        {
            self.writing.destroy_keys(organisation, erase.members.as_deref()).await?;
        }
        if matches!(
            draft.body,
            Body::PlanAdopt(_) | Body::FiguresPublish(_) | Body::CascadeAdopt(_)
        ) {
            self.plan = Plan::Unread;
        }
        if matches!(draft.body, Body::UnitsAdopt(_) | Body::Reform(_)) {
            self.places = None;
        }
        if let (Some(cards), Some(id)) = (&mut self.cards, draft.subject.as_organisation()) {
            match self.writing.organisation(id).await? {
                Some(card) => cards.put(card),
                None => cards.remove(id),
            }
        }
        Ok(Accepted { filing, findings, repeated: false })
    }

    /// The clocks of two servers are never quite together, and a filing may have waited for its turn. Where it is behind by no
    /// more than that, it is recorded when the last one was; where it is behind by more, the ledger refuses it, so that somebody
    /// looks at the clock.
    fn keep_time(&self, draft: &mut Draft) {
        if let Some(last) = self.writing.recorded_at()
            && draft.recorded_at < last
            && last.duration_since(draft.recorded_at) <= CLOCKS_APART + TURN
        {
            draft.recorded_at = last;
        }
    }

    /// Whether the actor's role may file this, and for this part. An organisation outside the scope is as one that does not
    /// exist: that it does is not told.
    pub(crate) async fn authorise(&mut self, actor: &Actor, draft: &Draft) -> Result<(), Refusal> {
        let (role, kind) = (actor.role, draft.body.kind());
        if !authority::may(role, kind) {
            return Err(Refusal::NotAllowed { role, kind });
        }
        if let Body::Account(act) = &draft.body {
            return account::authorise(self, actor, draft, act).await;
        }
        // What somebody may not file, they may not strike either.
        if let Body::Import(ImportAct::Strike(strike)) = &draft.body
            && let Some(struck) = self.writing.filing_with_id(strike.filing).await?
            && !authority::may(role, struck.kind)
        {
            return Err(Refusal::NotAllowed { role, kind: struck.kind });
        }
        if let (Body::EditionIssue(body), Some(territory)) = (&draft.body, &actor.scope.territory) {
            let within = edition::is_within(&*self.places().await?, &body.unit, territory);
            return if within { Ok(()) } else { Err(Refusal::OutOfScope { role, kind }) };
        }
        if let Body::Task(act) = &draft.body
            && actor.scope != Scope::ALL
        {
            let tasks = hoptac_model::task::fold(&self.writing.tasks().await?, Date::MAX);
            let (plan, places) = (self.plan().await?, self.places().await?);
            let plan = plan.as_deref();
            let within = task::is_within(draft, act, &actor.scope, &tasks, plan, &places);
            return if within { Ok(()) } else { Err(Refusal::OutOfScope { role, kind }) };
        }
        let in_the_name_of = if let Body::PracticeConfirm(body) = &draft.body {
            Some(&body.confirmed_by)
        } else if let Body::PracticeWithdraw(body) = &draft.body {
            Some(&body.withdrawn_by)
        } else if let Body::Alert(AlertAct::Own(body)) = &draft.body {
            Some(&body.agency)
        } else {
            None
        };
        if let (Some(name), Some(agency)) = (in_the_name_of, &actor.scope.agency)
            && name != agency
        {
            return Err(Refusal::OutOfScope { role, kind });
        }
        let Some(id) = draft.subject.as_organisation().filter(|_| !actor.scope.is_all()) else {
            return Ok(());
        };
        if self.is_within(id, &actor.scope, filing::recorded_on(draft)).await? {
            return Ok(());
        }
        let Body::OrganisationEstablish(body) = &draft.body else {
            return Err(Refusal::Invalid(vec![filing::unknown_organisation(draft)]));
        };
        let at = Standpoint {
            organisation: None,
            seat: &body.seat,
            seat_former: body.seat_former.as_ref(),
            decided: &[],
            sector: body.sector.unwrap_or_else(|| Sector::of_vsic(body.vsic)),
        };
        if actor.scope.covers(&*self.places().await?, &at, filing::recorded_on(draft)) {
            return Ok(());
        }
        Err(Refusal::OutOfScope { role, kind })
    }

    /// Whether an organisation is there and lies within a scope on a day.
    pub(crate) async fn is_within(
        &mut self,
        id: OrganisationId,
        scope: &Scope,
        day: Date,
    ) -> Result<bool, Error> {
        let Some(card) = self.organisation(id).await? else { return Ok(false) };
        let decided = self.writing.seat_decisions(id).await?;
        let at = Standpoint {
            organisation: Some(id),
            seat: &card.seat,
            seat_former: card.seat_former.as_ref(),
            decided: &decided,
            sector: card.sector,
        };
        Ok(scope.covers(&*self.places().await?, &at, day))
    }

    /// An organisation by its latest state.
    async fn organisation(
        &mut self,
        id: OrganisationId,
    ) -> Result<Option<OrganisationCard>, Error> {
        if self.organisation.as_ref().is_none_or(|card| card.id != id) {
            self.organisation = self.writing.organisation(id).await?;
        }
        Ok(self.organisation.clone())
    }

    /// The transaction, for what is kept together with a filing and is not one.
    pub(crate) fn writing(&mut self) -> &mut Writing {
        &mut self.writing
    }

    /// Everything that is noticed about a draft.
    pub(crate) async fn findings(&mut self, draft: &Draft) -> Result<Vec<Finding>, Error> {
        self.findings_after(&[], draft).await
    }

    /// Everything that would be noticed about a draft once others have been filed.
    pub(crate) async fn findings_after(
        &mut self,
        before: &[Draft],
        draft: &Draft,
    ) -> Result<Vec<Finding>, Error> {
        let mut known = self.known(draft).await?;
        for earlier in before {
            self.suppose(earlier, draft, &mut known).await?;
        }
        let mut findings = filing::findings(draft, &known);
        findings.extend(judge(draft, &known));
        Ok(findings)
    }

    /// Lays what a draft would come to over what is known about a later one. Only what one row of a spreadsheet can bring
    /// together rests on each other so.
    async fn suppose(
        &mut self,
        earlier: &Draft,
        later: &Draft,
        known: &mut Known,
    ) -> Result<(), Error> {
        if let (Body::ProductCertify(body), Body::ProductWithdraw(later)) =
            (&earlier.body, &later.body)
            && body.certificate == later.certificate
        {
            known.certificate = Some(certificate::held(earlier.effective_on, body));
        }
        if let (Body::UnitsAdopt(body), Body::UnitsAdopt(_)) = (&earlier.body, &later.body) {
            known.units.extend(body.units.iter().map(|unit| (unit.id.clone(), unit.clone())));
        }
        if let (Body::Support(body), Body::Support(_)) = (&earlier.body, &later.body) {
            support::suppose(&mut self.writing, earlier, body, known).await?;
        }
        Ok(())
    }

    /// Whether the ledger would take a draft in which no error was found: what does not fit, as a finding. Afterwards the
    /// transaction can only be dropped.
    pub(crate) async fn trial(&mut self, draft: &Draft) -> Result<Option<Finding>, Error> {
        self.organisation = None;
        match self.writing.append(draft).await {
            Ok(_) => Ok(None),
            Err(Error::Conflict { expected, actual, .. }) => Ok(Some(Finding::field(
                "filing.changed",
                "expected_version",
                words!(
                    "đối tượng đang ở phiên bản {actual}, không phải {expected}: đã có \
                người khác nộp hồ sơ",
                    "the subject is at version {actual}, not {expected}: somebody else has filed",
                    actual,
                    expected
                ),
                words!("xem lại rồi nộp lại", "look at it again and file anew"),
            ))),
            Err(Error::Repeated { key, position }) => Ok(Some(
                Finding::field(
                    "filing.key",
                    "key",
                    words!(
                        "mã gửi `{key}` đã dùng cho hồ sơ số {position} trong sổ cái",
                        "the key `{key}` was used for the filing at position {position}",
                        key,
                        position
                    ),
                    words!("hồ sơ mới cần mã gửi riêng", "a new filing needs a key of its own"),
                )
                .with_severity(Severity::Warning),
            )),
            Err(error) => misfit(error).map(Some),
        }
    }

    /// Keeps everything that was taken.
    pub(crate) async fn commit(self) -> Result<(), Error> {
        self.writing.commit().await
    }

    /// Reads what bears on a draft, and no more.
    async fn known(&mut self, draft: &Draft) -> Result<Known, Error> {
        let mut known = Known::default();
        let subject = draft.subject.as_organisation();
        if let Some(id) = subject {
            known.organisation = self.organisation(id).await?;
        }
        let writing = &mut self.writing;
        match (&draft.body, subject) {
            (
                Body::OrganisationEstablish(_)
                | Body::OrganisationChange(_)
                | Body::OrganisationSuspend(_)
                | Body::OrganisationResume(_)
                | Body::OrganisationConvert(_)
                | Body::OrganisationDissolve(_),
                _,
            ) => {
                organisation::read(writing, &draft.body, &mut known).await?;
                // Whoever makes up a register makes up different names.
                if let Body::OrganisationEstablish(body) = &draft.body
                    && draft.origin == Origin::Live
                {
                    known.alike = self.cards().await?.alike(body);
                }
                known.plan = self.plan().await?;
            }
            (Body::OrganisationEvent(event), _) => {
                event::read(writing, event, &mut known).await?;
                known.plan = self.plan().await?;
            }
            (Body::LinkSign(_) | Body::LinkChange(_) | Body::LinkEnd(_), Some(id)) => {
                link::read(writing, id, &draft.body, &mut known).await?;
            }
            (Body::ProductCertify(body), Some(id)) => {
                let renews = body.renews.as_deref();
                certificate::read(writing, id, &body.certificate, renews, &mut known).await?;
                known.plan = self.plan().await?;
            }
            (Body::ProductWithdraw(body), Some(id)) => {
                certificate::read(writing, id, &body.certificate, None, &mut known).await?;
            }
            (Body::PracticeWithdraw(body), Some(id)) => {
                practice::read(writing, id, body.practice, &mut known).await?;
                known.plan = self.plan().await?;
            }
            (Body::Support(body), id) => {
                support::read(writing, id, body, &mut known).await?;
                known.plan = self.plan().await?;
            }
            (Body::Task(_), _) => {
                task::read(writing, &mut known).await?;
                known.accounts = writing.accounts().await?;
                known.places = Some(self.places().await?);
                known.plan = self.plan().await?;
            }
            (Body::UnionJoin(body) | Body::UnionLeave(body), Some(id)) => {
                union::read(writing, id, body, &mut known).await?;
            }
            (Body::Membership(body), Some(id)) => {
                member::read(writing, id, body, &mut known).await?;
                known.plan = self.plan().await?;
            }
            (Body::Import(act), _) => import::read(writing, draft, act, &mut known).await?,
            (Body::EditionIssue(body), _) => {
                edition::read(writing, draft, body, &mut known).await?;
            }
            (Body::BoundariesSet(body), _) => {
                boundary::read(writing, body, &mut known).await?;
            }
            (Body::BundleAccept(body), _) => {
                bundle::read(writing, draft, body, &mut known).await?;
            }
            (Body::UnitsAdopt(body), _) => unit::read(writing, body, &mut known).await?,
            (Body::Reform(body), _) => {
                reform::read(writing, body, &mut known).await?;
                known.places = Some(self.places().await?);
            }
            (Body::Account(_), _) => {
                known.accounts = writing.accounts().await?;
                known.places = Some(self.places().await?);
                known.plan = self.plan().await?;
            }
            (Body::Particulars(body), _) => {
                for seat in body.branches.iter().flatten().filter_map(|one| one.seat.as_ref()) {
                    if let Some(unit) = writing.unit(seat).await? {
                        known.units.insert(seat.clone(), unit);
                    }
                }
            }
            (Body::OrganisationPlace(_), id) => {
                if let Some(id) = id {
                    reform::read_seats(writing, id, &mut known).await?;
                }
                known.places = Some(self.places().await?);
            }
            (Body::FiguresPublish(body), _) => {
                figure::read(writing, body, &mut known).await?;
                known.plan = self.plan().await?;
            }
            (Body::CascadeAdopt(_), _) => {
                known.places = Some(self.places().await?);
                known.plan = self.plan().await?;
            }
            (
                Body::PlanAdopt(_)
                | Body::PlanAttach(_)
                | Body::PracticeConfirm(_)
                | Body::Alert(_),
                _,
            ) => {
                known.plan = self.plan().await?;
            }
            (
                Body::ReturnAccept(_)
                | Body::ReturnSubmit(_)
                | Body::ReturnSendBack(_)
                | Body::ReturnWaive(_),
                id,
            ) => {
                if let (Some(id), Some(year)) = (id, annual_return::year_of(&draft.body)) {
                    annual_return::read(writing, id, year, &mut known).await?;
                }
                known.plan = self.plan().await?;
                known.checks = self.plan_in_force().await?.and_then(|plan| plan.checks.clone());
            }
            (
                Body::GradeDecide(GradeDecide { year, .. })
                | Body::GradeSelfScore(GradeSelfScore { year, .. })
                | Body::GradeReview(GradeReview { year, .. }),
                id,
            ) => {
                if let Some(id) = id {
                    grade::read(writing, id, *year, &mut known).await?;
                }
                known.plan = self.plan().await?;
            }
            (Body::PromotionAttend(_) | Body::ScenarioSave(_), _)
            | (
                Body::LinkSign(_)
                | Body::LinkChange(_)
                | Body::LinkEnd(_)
                | Body::ProductCertify(_)
                | Body::ProductWithdraw(_)
                | Body::PracticeWithdraw(_)
                | Body::UnionJoin(_)
                | Body::UnionLeave(_)
                | Body::Membership(_),
                None,
            ) => {}
        }
        Ok(known)
    }

    /// All places.
    pub(crate) async fn places(&mut self) -> Result<Arc<Places>, Error> {
        if let Some(places) = &self.places {
            return Ok(Arc::clone(places));
        }
        let places = self.writing.places().await?;
        self.places = Some(Arc::clone(&places));
        Ok(places)
    }

    /// All organisations by their latest states.
    pub(crate) async fn cards(&mut self) -> Result<&mut Cards, Error> {
        if self.cards.is_none() {
            self.cards = Some(Cards::new(self.writing.organisations_on(Date::MAX).await?));
        }
        Ok(self.cards.get_or_insert_default())
    }

    /// Goes on with cards that were read at an earlier position, brought up to date by what was filed since. Where that is much,
    /// they are read anew.
    pub(crate) async fn carry_on_with(
        &mut self,
        mut cards: Cards,
        position: u64,
    ) -> Result<(), Error> {
        let since = self.writing.position().saturating_sub(position);
        let Some(since) = u32::try_from(since).ok().filter(|since| *since <= CARRIED) else {
            return Ok(());
        };
        let filings = self.writing.filings(position, since).await?;
        let about: BTreeSet<OrganisationId> =
            filings.iter().filter_map(|filing| filing.subject.as_organisation()).collect();
        for id in about {
            match self.writing.organisation(id).await? {
                Some(card) => cards.put(card),
                None => cards.remove(id),
            }
        }
        self.cards = Some(cards);
        Ok(())
    }

    /// The plan in force.
    pub(crate) async fn plan(&mut self) -> Result<Option<Arc<Pack>>, Error> {
        Ok(self.plan_in_force().await?.map(|plan| Arc::clone(&plan.pack)))
    }

    /// The plan in force with the checks of its form.
    async fn plan_in_force(&mut self) -> Result<Option<Arc<PlanInForce>>, Error> {
        if let Plan::Read(plan) = &self.plan {
            return Ok(plan.clone());
        }
        let plan = self.writing.plan().await?;
        self.plan = Plan::Read(plan.clone());
        Ok(plan)
    }
}

/// What the projections refuse is the filer's to put right: a filing that does not fit what is registered, where only folding
/// everything shows it, as with corrections.
fn misfit(error: Error) -> Result<Finding, Error> {
    let Error::Inapplicable { why, .. } = error else { return Err(error) };
    Ok(Finding::field(
        "filing.does-not-fit",
        "",
        words!(
            "không khớp với những gì đã đăng ký: {why}",
            "it does not fit what is registered: {why}",
            why
        ),
        words!(
            "xem lịch sử của tổ chức, rồi sửa ngày hoặc nội dung",
            "look at the history of the organisation, and correct the day or the body"
        ),
    ))
}

/// The rules of each kind, one file per noun.
fn judge(draft: &Draft, known: &Known) -> Vec<Finding> {
    match &draft.body {
        Body::UnitsAdopt(body) => unit::findings(body, known),
        Body::PlanAdopt(body) => plan::adopt(body, known),
        Body::PlanAttach(body) => plan::attach(draft, body, known),
        Body::FiguresPublish(body) => figure::findings(draft, body, known),
        Body::CascadeAdopt(body) => cascade::findings(draft, body, known),
        Body::OrganisationEstablish(body) => organisation::establish(draft, body, known),
        Body::OrganisationChange(body) => organisation::change(draft, body, known),
        Body::OrganisationSuspend(body) => organisation::suspend(draft, body, known),
        Body::OrganisationResume(body) => organisation::resume(draft, body, known),
        Body::OrganisationConvert(body) => organisation::convert(draft, body, known),
        Body::OrganisationDissolve(body) => organisation::dissolve(draft, body, known),
        Body::OrganisationEvent(body) => event::findings(draft, body, known),
        Body::ReturnAccept(body) => annual_return::findings(draft, body, known),
        Body::ReturnSubmit(body) => annual_return::submit(draft, body, known),
        Body::ReturnSendBack(body) => annual_return::send_back(draft, body, known),
        Body::ReturnWaive(body) => annual_return::waive(draft, body, known),
        Body::GradeDecide(body) => grade::findings(draft, body, known),
        Body::GradeSelfScore(body) => grade::self_score(draft, body, known),
        Body::GradeReview(body) => grade::review(draft, body, known),
        Body::LinkSign(body) => link::sign(draft, body, known),
        Body::LinkChange(body) => link::change(draft, body, known),
        Body::LinkEnd(body) => link::end(draft, body, known),
        Body::ProductCertify(body) => certificate::findings(draft, body, known),
        Body::ProductWithdraw(body) => certificate::withdraw(draft, body, known),
        Body::PracticeConfirm(body) => practice::findings(draft, body, known),
        Body::PracticeWithdraw(body) => practice::withdraw(draft, body, known),
        Body::Support(body) => support::findings(draft, body, known),
        Body::Task(act) => task::findings(draft, act, known),
        Body::Alert(act) => alert::findings(draft, act, known),
        Body::PromotionAttend(body) => promotion::findings(body),
        Body::UnionJoin(body) => union::join(draft, body, known),
        Body::UnionLeave(body) => union::leave(draft, body, known),
        Body::OrganisationPlace(body) => reform::seat(draft, body, known),
        Body::Particulars(body) => particulars::findings(draft, body, known),
        Body::Reform(body) => reform::findings(draft, body, known),
        Body::Membership(body) => member::findings(draft, body, known),
        Body::EditionIssue(body) => edition::findings(draft, body, known),
        Body::BoundariesSet(body) => boundary::findings(draft, body, known),
        Body::BundleAccept(body) => bundle::findings(draft, body, known),
        Body::ScenarioSave(body) => scenario::findings(draft, body),
        Body::Account(act) => account::findings(draft, act, known),
        Body::Import(act) => import::findings(draft, act, known),
    }
}

/// Whether a draft says what an accepted filing says; when and by whom it was sent again does not matter.
fn says_the_same(draft: &Draft, filing: &Filing) -> bool {
    draft.body.kind() == filing.kind
        && draft.subject == filing.subject
        && draft.effective_on == filing.effective_on
        && draft.body.to_canonical() == filing.body
}
