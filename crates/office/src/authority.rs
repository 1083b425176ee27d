//! Who may file and read what, and how far it reaches: one table, apart from the code that asks. `authority.snap` shows the
//! whole of it: `all`, or only within the `territory`, the `agency`, the `own` organisation that was granted.

use hoptac_model::account::{Account, AccountName, Bound, Grant, Role, Scope, SignsFor};
use hoptac_model::filing::FilingKind;
use jiff::civil::Date;

/// Who acts: an account with one of its roles, or on behalf of another account with one of that one's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The name of an account or an office, never a person's.
    pub name: String,
    /// What the actor is to the plan.
    pub role: Role,
    /// For which part.
    pub scope: Scope,
    /// On whose behalf, where it is not the actor's own.
    pub acting_for: Option<ActingFor>,
}

/// On whose behalf somebody acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActingFor {
    /// Who is signed for.
    pub account: AccountName,
    /// How.
    pub form: SignsFor,
}

impl Actor {
    /// An actor of a role, for the whole province.
    pub fn new(name: impl Into<String>, role: Role) -> Self {
        Self { name: name.into(), role, scope: Scope::ALL, acting_for: None }
    }

    /// The same actor, for a part only.
    #[must_use]
    pub fn within(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// Everything an account can act as on a day: each of its own grants, and each grant of those for whom it signs.
    /// `delegators` are the accounts that delegated. Whoever signs for another cannot pass that on.
    pub fn of(account: &Account, delegators: &[Account], day: Date) -> Vec<Self> {
        let own = account.grants_on(day).map(|grant| Self::with(account, grant, None));
        let mut actors: Vec<Self> = own.collect();
        for delegation in account.delegations_on(day) {
            let of = delegators.iter().find(|other| other.name == delegation.of);
            for grant in of.filter(|of| of.is_open()).into_iter().flat_map(|of| of.grants_on(day)) {
                let acting_for =
                    ActingFor { account: delegation.of.clone(), form: delegation.form };
                actors.push(Self::with(account, grant, Some(acting_for)));
            }
        }
        actors
    }

    fn with(account: &Account, grant: &Grant, acting_for: Option<ActingFor>) -> Self {
        let name = account.name.0.clone();
        Self { name, role: grant.role, scope: grant.scope.clone(), acting_for }
    }

    /// How the actor stands in the ledger: `pho.so-khdt`, or `pho.so-khdt KT. so-khdt`.
    pub fn signature(&self) -> String {
        match &self.acting_for {
            Some(ActingFor { account, form }) => {
                format!("{} {} {account}", self.name, form.letters())
            }
            None => self.name.clone(),
        }
    }
}

/// What somebody may read beyond what everybody may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reading {
    /// The plan, its targets and where they stand: totals without names.
    Progress,
    /// Which organisations are behind a figure.
    Records,
    /// The register: organisations with what is registered of them.
    Register,
    /// What was filed about an organisation.
    Filings,
    /// The member roll, personal data masked.
    Members,
    /// Personal data unmasked, for a purpose that is logged.
    Unmask,
    /// Tables to take away.
    Export,
    /// Tasks with what was reported on them, and alerts.
    Tasks,
    /// Documents that are being read for a plan, which are kept for a day.
    Drafts,
    /// Accounts with their roles.
    Accounts,
    /// The ledger as a whole: who filed what when.
    Ledger,
}

impl Reading {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Progress,
        Self::Records,
        Self::Register,
        Self::Filings,
        Self::Members,
        Self::Unmask,
        Self::Export,
        Self::Tasks,
        Self::Drafts,
        Self::Accounts,
        Self::Ledger,
    ];

    /// The word in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Progress => "read.progress",
            Self::Records => "read.records",
            Self::Register => "read.register",
            Self::Filings => "read.filings",
            Self::Members => "read.members",
            Self::Unmask => "read.unmask",
            Self::Export => "read.export",
            Self::Tasks => "read.tasks",
            Self::Drafts => "read.drafts",
            Self::Accounts => "read.accounts",
            Self::Ledger => "read.ledger",
        }
    }
}

/// Whether a role may read something. Whoever runs the machine need not see who the members are.
pub fn may_read(role: Role, reading: Reading) -> bool {
    use Role::{
        Auditor, Cooperative, DepartmentOfficer, Leader, Operator, PlanOwner, Public, Registrar,
    };
    let roles: &[Role] = match reading {
        Reading::Progress => return true,
        Reading::Records | Reading::Register | Reading::Filings => return role != Public,
        // Plans are read by those who make, carry out or judge them; an organisation has none.
        Reading::Drafts | Reading::Tasks => return !matches!(role, Public | Cooperative),
        Reading::Members => &[DepartmentOfficer, Registrar, Cooperative, Auditor],
        Reading::Unmask => &[Registrar, Cooperative],
        Reading::Export => &[Operator, PlanOwner, DepartmentOfficer, Registrar, Leader, Auditor],
        Reading::Accounts => &[Operator, PlanOwner, Registrar],
        Reading::Ledger => &[Operator, PlanOwner, Auditor],
    };
    roles.contains(&role)
}

/// How far a role reaches when it files a kind; none where it may not.
pub fn reach(role: Role, kind: FilingKind) -> Option<Bound> {
    may(role, kind).then(|| role.bound())
}

/// How far a role reaches when it reads; none where it may not.
pub fn reach_reading(role: Role, reading: Reading) -> Option<Bound> {
    // Totals are everybody's, of every part.
    let bound = if reading == Reading::Progress { Bound::Nothing } else { role.bound() };
    may_read(role, reading).then_some(bound)
}

/// Whether a role may file a kind.
pub fn may(role: Role, kind: FilingKind) -> bool {
    use Role::{DepartmentOfficer as Department, PlanOwner as Owner, Registrar};
    let roles: &[Role] = match kind {
        FilingKind::UnitsAdopt => &[],
        // Places change by documents of others; the plan's owner keeps them for everybody.
        FilingKind::PlanAdopt
        | FilingKind::CascadeAdopt
        | FilingKind::ProgrammeOpen
        | FilingKind::PlanAttach
        | FilingKind::UnitCreate
        | FilingKind::UnitMerge
        | FilingKind::UnitSplit
        | FilingKind::UnitRename
        | FilingKind::UnitAbolish
        | FilingKind::BoundariesSet => &[Owner],
        FilingKind::OrganisationEstablish
        | FilingKind::OrganisationChange
        | FilingKind::OrganisationSuspend
        | FilingKind::OrganisationResume
        | FilingKind::OrganisationConvert
        | FilingKind::OrganisationDissolve
        | FilingKind::OrganisationNotify
        | FilingKind::OrganisationLeaveAddress
        | FilingKind::OrganisationReturnToAddress
        | FilingKind::OrganisationClose
        | FilingKind::OrganisationDissolveByOrder
        | FilingKind::OrganisationOpenBankruptcy
        | FilingKind::OrganisationEndBankruptcy
        | FilingKind::OrganisationWithdraw
        | FilingKind::OrganisationRestore
        | FilingKind::OrganisationDivide
        | FilingKind::OrganisationSeparate
        | FilingKind::OrganisationConsolidate
        | FilingKind::OrganisationMerge
        | FilingKind::OrganisationDuplicate
        | FilingKind::OrganisationCorrect
        | FilingKind::OrganisationAnnotate
        | FilingKind::OrganisationPlace
        | FilingKind::ParticularsChange
        | FilingKind::ReturnAccept
        | FilingKind::ReturnSendBack
        // What is erased cannot come back, so that an authority stands behind it.
        | FilingKind::MemberErase => &[Registrar],
        FilingKind::UnionJoin | FilingKind::UnionLeave | FilingKind::GradeReview => {
            &[Registrar, Department]
        }
        FilingKind::SupportApply => &[Registrar, Department, Role::Cooperative],
        // An organisation scores itself and hands its return in; its registrar may do so on paper for it.
        // It keeps its own roll too, and answers for whom it looks at there.
        FilingKind::ReturnSubmit
        | FilingKind::GradeSelfScore
        | FilingKind::MemberRoll
        | FilingKind::MemberJoin
        | FilingKind::MemberChange
        | FilingKind::MemberLeave
        | FilingKind::MemberTransfer
        | FilingKind::MemberStrike
        | FilingKind::MemberDisclose => &[Registrar, Role::Cooperative],
        FilingKind::GradeDecide
        | FilingKind::LinkSign
        | FilingKind::LinkChange
        | FilingKind::LinkEnd
        | FilingKind::ProductCertify
        | FilingKind::ProductWithdraw
        | FilingKind::PracticeConfirm
        | FilingKind::PracticeWithdraw
        | FilingKind::SupportDecide
        | FilingKind::SupportPay
        | FilingKind::SupportRepay
        | FilingKind::SupportCancel
        | FilingKind::PromotionAttend => &[Department],
        // Those whose plan it is, and each agency for what it leads.
        // Who registers returns does not let them off the checks, so a waiver is not the registrar's.
        FilingKind::FiguresPublish
        | FilingKind::BundleAccept
        | FilingKind::ReturnWaive
        | FilingKind::ScenarioSave
        | FilingKind::TaskOpen
        | FilingKind::TaskAssign
        | FilingKind::TaskPostpone
        | FilingKind::TaskClose
        | FilingKind::TaskCancel
        | FilingKind::TaskMerge
        | FilingKind::TaskReopen
        | FilingKind::AlertSnooze
        | FilingKind::AlertOwn => &[Owner, Department],
        // How far it has come is also said where it is done.
        // Whoever answers for a unit issues its reports, and extracts of what is registered there.
        FilingKind::TaskProgress | FilingKind::EditionIssue => &[Owner, Department, Registrar],
        // The lead department gives out accounts, a registrar those of the organisations of its territory.
        FilingKind::AccountInvite
        | FilingKind::AccountGrant
        | FilingKind::AccountRevoke
        | FilingKind::AccountLock
        | FilingKind::AccountUnlock
        | FilingKind::AccountClose => &[Owner, Registrar],
        // What a spreadsheet brings is authorised filing by filing, and so is its taking back.
        FilingKind::ImportTake | FilingKind::ImportStrike | FilingKind::ImportUndo => {
            &[Owner, Registrar, Department, Role::Cooperative]
        }
        // Only one's own, as `account.rs` sees to.
        FilingKind::AccountActivate => return role != Role::Public,
        FilingKind::AccountDelegate | FilingKind::AccountEndDelegation => {
            return !matches!(role, Role::Public | Role::Cooperative);
        }
    };
    // Whoever sets an instance up takes over registers with everything in them, but does not look at who the members are.
    let is_operator = role == Role::Operator && kind != FilingKind::MemberDisclose;
    is_operator || roles.contains(&role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hoptac_model::account::{AccountState, DelegationOnFile, GrantOnFile};
    use hoptac_model::filing::reform::Decision;
    use std::fmt::Write as _;

    /// The table as text: a line per kind of filing and of reading, a column per role.
    fn table() -> String {
        let mut text = format!("{:32}", "kind");
        for role in Role::ALL {
            write!(text, " {}", role.code()).unwrap();
        }
        text.push('\n');
        let filings = FilingKind::ALL
            .iter()
            .map(|kind| (kind.code(), Role::ALL.map(|role| reach(role, *kind))));
        let readings = Reading::ALL
            .into_iter()
            .map(|reading| (reading.code(), Role::ALL.map(|role| reach_reading(role, reading))));
        for (code, reaches) in filings.chain(readings) {
            write!(text, "{code:32}").unwrap();
            for (role, reach) in Role::ALL.into_iter().zip(reaches) {
                let mark = reach.map_or(".", Bound::code);
                write!(text, " {mark:<width$}", width = role.code().len()).unwrap();
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }

    #[test]
    fn the_table_is_the_one_that_was_agreed() {
        let got = table();
        assert_eq!(got, include_str!("authority.snap"), "authority.snap should be:\n{got}");
    }
    #[test]
    fn every_kind_appears() {
        let text = include_str!("authority.snap");
        for kind in FilingKind::ALL {
            assert_eq!(
                text.lines().filter(|line| line.split(' ').next() == Some(kind.code())).count(),
                1
            );
        }
    }
    #[test]
    fn who_only_reads_files_nothing_but_what_is_its_own() {
        let own = [
            FilingKind::AccountActivate,
            FilingKind::AccountDelegate,
            FilingKind::AccountEndDelegation,
        ];
        for role in [Role::Leader, Role::Auditor, Role::Public] {
            let others = FilingKind::ALL.iter().filter(|kind| !own.contains(kind));
            assert!(!others.into_iter().any(|kind| may(role, *kind)), "{role}");
        }
    }
    #[test]
    fn who_may_read_what_is_personal_may_file_that_it_is_read_and_nobody_else() {
        for role in Role::ALL {
            let files = may(role, FilingKind::MemberDisclose);
            assert_eq!(files, may_read(role, Reading::Unmask), "{role}");
        }
    }
    #[test]
    fn whoever_runs_the_machine_does_not_see_members() {
        assert!(!may_read(Role::Operator, Reading::Members));
        assert!(!may_read(Role::Operator, Reading::Unmask));
    }

    const DAY: Date = Date::constant(2026, 3, 2);

    fn account(name: &str, role: Role) -> Account {
        Account {
            name: name.into(),
            title: String::new(),
            state: AccountState::Active,
            invited_on: DAY,
            version: 1,
            grants: vec![GrantOnFile {
                grant: Grant { role, scope: Scope::ALL },
                from: DAY,
                to: None,
                position: 1,
            }],
            delegations: Vec::new(),
        }
    }

    fn delegation(of: &str, to: Date) -> DelegationOnFile {
        DelegationOnFile {
            of: of.into(),
            form: SignsFor::Kt,
            from: DAY,
            to,
            decision: Decision {
                number: "12/QĐ".to_owned(), date: DAY, issuer: "Sở".to_owned()
            },
            position: 2,
        }
    }

    #[test]
    fn a_deputy_acts_as_the_head_for_as_long_as_was_decided() {
        let head = account("so", Role::PlanOwner);
        let mut deputy = account("pho", Role::Leader);
        deputy.delegations.push(delegation("so", DAY));
        let signatures = |day| -> Vec<String> {
            let actors = Actor::of(&deputy, std::slice::from_ref(&head), day);
            actors.iter().map(|a| format!("{} as {}", a.signature(), a.role.code())).collect()
        };
        assert_eq!(signatures(DAY), ["pho as leader", "pho KT. so as plan_owner"]);
        assert_eq!(signatures(DAY.tomorrow().unwrap()), ["pho as leader"]);
    }
    #[test]
    fn nobody_acts_for_an_account_that_is_locked() {
        let mut head = account("so", Role::PlanOwner);
        head.state = AccountState::Locked;
        let mut deputy = account("pho", Role::Leader);
        deputy.delegations.push(delegation("so", DAY));
        assert_eq!(Actor::of(&deputy, &[head], DAY).len(), 1);
    }
    #[test]
    fn what_was_delegated_is_not_passed_on() {
        let head = account("so", Role::PlanOwner);
        let mut deputy = account("pho", Role::Leader);
        deputy.delegations.push(delegation("so", DAY));
        let mut third = account("ba", Role::Auditor);
        third.delegations.push(delegation("pho", DAY));
        let roles: Vec<Role> =
            Actor::of(&third, &[head, deputy], DAY).iter().map(|actor| actor.role).collect();
        assert_eq!(roles, [Role::Auditor, Role::Leader]);
    }
}
