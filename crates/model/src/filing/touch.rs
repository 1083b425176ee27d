//! What of the published state a filing changes, by its kind: what has to be read again for pages to follow it.

use super::{Filing, FilingKind};

/// What of the published state a filing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Nothing that is published: accounts, reports that are issued, imports as such.
    Nothing,
    /// The records of the organisation that it is about.
    Organisation,
    /// The records of the organisation that it is about, and from whom it came or who came from it.
    Lineage,
    /// What is filed about tasks.
    Tasks,
    /// What is filed about alerts.
    Alerts,
    /// What stands beside the register: places, the plan, figures, programmes.
    Plan,
}

impl Touch {
    /// What a filing changes.
    pub fn by(filing: &Filing) -> Self {
        let touch = Self::of(filing.kind);
        // An import also brings places and figures, and what it brought can be struck.
        let is_of_one = matches!(touch, Self::Organisation | Self::Lineage);
        if is_of_one && filing.subject.as_organisation().is_none() { Self::Plan } else { touch }
    }

    /// What a filing of a kind changes.
    pub fn of(kind: FilingKind) -> Self {
        match kind {
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
            | FilingKind::OrganisationAnnotate
            | FilingKind::OrganisationPlace
            | FilingKind::ParticularsChange
            | FilingKind::ReturnAccept
            | FilingKind::ReturnSubmit
            | FilingKind::ReturnSendBack
            | FilingKind::ReturnWaive
            | FilingKind::GradeDecide
            | FilingKind::GradeSelfScore
            | FilingKind::GradeReview
            | FilingKind::LinkSign
            | FilingKind::LinkChange
            | FilingKind::LinkEnd
            | FilingKind::ProductCertify
            | FilingKind::ProductWithdraw
            | FilingKind::PracticeConfirm
            | FilingKind::PracticeWithdraw
            | FilingKind::PromotionAttend
            | FilingKind::UnionJoin
            | FilingKind::UnionLeave
            | FilingKind::SupportApply
            | FilingKind::SupportDecide
            | FilingKind::SupportPay
            | FilingKind::SupportRepay
            | FilingKind::SupportCancel
            | FilingKind::MemberRoll
            | FilingKind::MemberJoin
            | FilingKind::MemberChange
            | FilingKind::MemberLeave
            | FilingKind::MemberTransfer
            | FilingKind::MemberStrike
            | FilingKind::MemberErase => Self::Organisation,
            FilingKind::OrganisationDivide
            | FilingKind::OrganisationSeparate
            | FilingKind::OrganisationConsolidate
            | FilingKind::OrganisationMerge
            | FilingKind::OrganisationDuplicate
            | FilingKind::OrganisationCorrect
            | FilingKind::ImportStrike => Self::Lineage,
            FilingKind::TaskOpen
            | FilingKind::TaskAssign
            | FilingKind::TaskProgress
            | FilingKind::TaskPostpone
            | FilingKind::TaskClose
            | FilingKind::TaskCancel
            | FilingKind::TaskMerge
            | FilingKind::TaskReopen => Self::Tasks,
            FilingKind::AlertSnooze | FilingKind::AlertOwn => Self::Alerts,
            FilingKind::UnitsAdopt
            | FilingKind::UnitCreate
            | FilingKind::UnitMerge
            | FilingKind::UnitSplit
            | FilingKind::UnitRename
            | FilingKind::UnitAbolish
            | FilingKind::PlanAdopt
            | FilingKind::PlanAttach
            | FilingKind::FiguresPublish
            | FilingKind::CascadeAdopt
            | FilingKind::ProgrammeOpen => Self::Plan,
            FilingKind::ScenarioSave
            | FilingKind::MemberDisclose
            | FilingKind::EditionIssue
            | FilingKind::BoundariesSet
            | FilingKind::BundleAccept
            | FilingKind::ImportTake
            | FilingKind::ImportUndo
            | FilingKind::AccountInvite
            | FilingKind::AccountActivate
            | FilingKind::AccountGrant
            | FilingKind::AccountRevoke
            | FilingKind::AccountDelegate
            | FilingKind::AccountEndDelegation
            | FilingKind::AccountLock
            | FilingKind::AccountUnlock
            | FilingKind::AccountClose => Self::Nothing,
        }
    }
}
