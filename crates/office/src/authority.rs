//! Who may file what: one table, apart from the code that asks. `authority.snap` shows the whole of it.

use std::fmt;

use hoptac_model::filing::FilingKind;
use hoptac_model::text::Words;

/// What somebody is to the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Runs the instance: sets it up, takes over packs and whole registers.
    Operator,
    /// The lead department, whose plan it is.
    PlanOwner,
    /// A department that confirms what the plan counts: chains, products, technology, grades.
    DepartmentOfficer,
    /// Registers organisations and accepts their returns.
    Registrar,
    /// An organisation itself. It hands its papers in; a registrar accepts them.
    Cooperative,
    /// Reads where the plan stands.
    Leader,
    /// Follows every figure to its filings.
    Auditor,
    /// Anybody.
    Public,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 8] = [
        Self::Operator,
        Self::PlanOwner,
        Self::DepartmentOfficer,
        Self::Registrar,
        Self::Cooperative,
        Self::Leader,
        Self::Auditor,
        Self::Public,
    ];

    /// The role as it is written in settings.
    pub fn code(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::PlanOwner => "plan_owner",
            Self::DepartmentOfficer => "department_officer",
            Self::Registrar => "registrar",
            Self::Cooperative => "cooperative",
            Self::Leader => "leader",
            Self::Auditor => "auditor",
            Self::Public => "public",
        }
    }

    /// The role that is written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Operator => Words::new("quản trị vận hành", "operator"),
            Self::PlanOwner => Words::new("cơ quan chủ trì kế hoạch", "plan owner"),
            Self::DepartmentOfficer => Words::new("cán bộ sở, ngành", "department officer"),
            Self::Registrar => Words::new("cán bộ đăng ký", "registrar"),
            Self::Cooperative => Words::new("tổ chức kinh tế tập thể", "organisation"),
            Self::Leader => Words::new("lãnh đạo", "leader"),
            Self::Auditor => Words::new("thanh tra, kiểm toán", "auditor"),
            Self::Public => Words::new("công chúng", "public"),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}

/// Who files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The name of an account or an office, never a person's.
    pub name: String,
    /// What the actor is to the plan.
    pub role: Role,
}

impl Actor {
    /// An actor of a role.
    pub fn new(name: impl Into<String>, role: Role) -> Self {
        Self { name: name.into(), role }
    }
}

/// Whether a role may file a kind.
pub fn may(role: Role, kind: FilingKind) -> bool {
    use Role::{DepartmentOfficer as Department, PlanOwner as Owner, Registrar};
    let roles: &[Role] = match kind {
        FilingKind::UnitsAdopt => &[],
        // Places change by documents of others; the plan's owner keeps them for everybody.
        FilingKind::PlanAdopt
        | FilingKind::PlanAttach
        | FilingKind::UnitCreate
        | FilingKind::UnitMerge
        | FilingKind::UnitSplit
        | FilingKind::UnitRename
        | FilingKind::UnitAbolish => &[Owner],
        // Who registers returns does not let them off the checks, so a waiver is not the registrar's.
        FilingKind::FiguresPublish | FilingKind::ReturnWaive => &[Owner, Department],
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
        | FilingKind::ReturnAccept
        | FilingKind::ReturnSendBack
        // What is erased cannot come back, so that an authority stands behind it.
        | FilingKind::MemberErase => &[Registrar],
        FilingKind::UnionJoin | FilingKind::UnionLeave | FilingKind::GradeReview => {
            &[Registrar, Department]
        }
        // An organisation scores itself and hands its return in; its registrar may do so on paper for it.
        // It keeps its own roll too, and answers for whom it looks at there.
        FilingKind::ReturnSubmit
        | FilingKind::GradeSelfScore
        | FilingKind::MemberRoll
        | FilingKind::MemberJoin
        | FilingKind::MemberChange
        | FilingKind::MemberLeave
        | FilingKind::MemberTransfer
        | FilingKind::MemberDisclose => &[Registrar, Role::Cooperative],
        FilingKind::GradeDecide
        | FilingKind::LinkSign
        | FilingKind::LinkChange
        | FilingKind::LinkEnd
        | FilingKind::ProductCertify
        | FilingKind::PracticeConfirm
        | FilingKind::PromotionAttend => &[Department],
    };
    // Whoever sets an instance up takes over registers with everything in them.
    role == Role::Operator || roles.contains(&role)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    /// The table as text: a line per kind, a column per role.
    fn table() -> String {
        let mut text = format!("{:32}", "kind");
        for role in Role::ALL {
            write!(text, " {}", role.code()).unwrap();
        }
        text.push('\n');
        for kind in FilingKind::ALL {
            write!(text, "{:32}", kind.code()).unwrap();
            for role in Role::ALL {
                let mark = if may(role, *kind) { "x" } else { "." };
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
    fn who_only_reads_files_nothing() {
        for role in [Role::Leader, Role::Auditor, Role::Public] {
            assert!(!FilingKind::ALL.iter().any(|kind| may(role, *kind)), "{role}");
        }
    }
    #[test]
    fn roles_read_back() {
        assert!(Role::ALL.into_iter().all(|role| Role::from_code(role.code()) == Some(role)));
    }
}
