//! What of the register a filing changes, by its kind: whether what pages show can follow by reading the records of one
//! organisation again, or what was filed about tasks or alerts, or everything has to be read.
//!
//! The table names the kinds that change as little as that. A kind that is not in it changes more, or
//! nobody has shown yet that it does not: then everything is read, which is always right and only takes longer.

use super::FilingKind;

/// What of the register a filing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Nothing of the register: accounts, papers on their way, reports that are issued.
    Nothing,
    /// The records of the organisation that it is about, but for its roll of members, its unions and its support.
    Organisation,
    /// What is filed about tasks.
    Tasks,
    /// What is filed about alerts.
    Alerts,
    /// Places, the plan, figures, rolls, several organisations: what cannot be told by one organisation.
    Everything,
}

/// Kinds that change little. All others are [`Touch::Everything`].
pub const TOUCHES: &[(FilingKind, Touch)] = &[
    (FilingKind::OrganisationEstablish, Touch::Organisation),
    (FilingKind::OrganisationChange, Touch::Organisation),
    (FilingKind::OrganisationSuspend, Touch::Organisation),
    (FilingKind::OrganisationResume, Touch::Organisation),
    (FilingKind::OrganisationConvert, Touch::Organisation),
    (FilingKind::OrganisationNotify, Touch::Organisation),
    (FilingKind::OrganisationLeaveAddress, Touch::Organisation),
    (FilingKind::OrganisationReturnToAddress, Touch::Organisation),
    (FilingKind::OrganisationAnnotate, Touch::Organisation),
    (FilingKind::OrganisationPlace, Touch::Organisation),
    (FilingKind::ReturnAccept, Touch::Organisation),
    (FilingKind::ReturnSubmit, Touch::Organisation),
    (FilingKind::ReturnSendBack, Touch::Organisation),
    (FilingKind::ReturnWaive, Touch::Organisation),
    (FilingKind::GradeDecide, Touch::Organisation),
    (FilingKind::GradeSelfScore, Touch::Organisation),
    (FilingKind::GradeReview, Touch::Organisation),
    (FilingKind::LinkSign, Touch::Organisation),
    (FilingKind::LinkChange, Touch::Organisation),
    (FilingKind::LinkEnd, Touch::Organisation),
    (FilingKind::ProductCertify, Touch::Organisation),
    (FilingKind::ProductWithdraw, Touch::Organisation),
    (FilingKind::PracticeConfirm, Touch::Organisation),
    (FilingKind::PracticeWithdraw, Touch::Organisation),
    (FilingKind::PromotionAttend, Touch::Organisation),
    (FilingKind::TaskOpen, Touch::Tasks),
    (FilingKind::TaskAssign, Touch::Tasks),
    (FilingKind::TaskProgress, Touch::Tasks),
    (FilingKind::TaskPostpone, Touch::Tasks),
    (FilingKind::TaskClose, Touch::Tasks),
    (FilingKind::TaskCancel, Touch::Tasks),
    (FilingKind::TaskMerge, Touch::Tasks),
    (FilingKind::TaskReopen, Touch::Tasks),
    (FilingKind::AlertSnooze, Touch::Alerts),
    (FilingKind::AlertOwn, Touch::Alerts),
    (FilingKind::ScenarioSave, Touch::Nothing),
    (FilingKind::MemberDisclose, Touch::Nothing),
    (FilingKind::EditionIssue, Touch::Nothing),
    (FilingKind::BoundariesSet, Touch::Nothing),
    (FilingKind::BundleAccept, Touch::Nothing),
    (FilingKind::AccountInvite, Touch::Nothing),
    (FilingKind::AccountActivate, Touch::Nothing),
    (FilingKind::AccountGrant, Touch::Nothing),
    (FilingKind::AccountRevoke, Touch::Nothing),
    (FilingKind::AccountDelegate, Touch::Nothing),
    (FilingKind::AccountEndDelegation, Touch::Nothing),
    (FilingKind::AccountLock, Touch::Nothing),
    (FilingKind::AccountUnlock, Touch::Nothing),
    (FilingKind::AccountClose, Touch::Nothing),
];

impl Touch {
    /// What a filing of a kind changes.
    pub fn of(kind: FilingKind) -> Self {
        let found = TOUCHES.iter().find(|(known, _)| *known == kind);
        found.map_or(Self::Everything, |(_, touch)| *touch)
    }
}
