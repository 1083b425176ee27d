//! A yearly return on its way: what can be filled in before anybody writes, where it stands, which year is due.

use hoptac_model::pack::{Form, Pack};
use hoptac_model::text::Words;
use hoptac_store::{AcceptedReturn, OrganisationCard, Paper, PaperAct};
use jiff::civil::Date;

/// A field that was filled in before anybody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefilled {
    /// The field.
    pub field: String,
    /// Its value.
    pub value: i64,
    /// Where it was taken from.
    pub from: Words,
}

/// What the form says may be filled in before anybody writes.
pub fn prefilled(
    form: &Form,
    card: &OrganisationCard,
    last: Option<&AcceptedReturn>,
    year: i16,
) -> Vec<Prefilled> {
    let register = || Words::new("sổ đăng ký", "the register");
    let mut filled = Vec::new();
    for field in &form.fields {
        let found = match field.prefill.as_deref() {
            Some("members") => card.members.map(|value| (value, register())),
            Some("capital") => card.capital.map(|value| (value, register())),
            Some("last") => last.and_then(|last| last.values.get(&field.id)).map(|value| {
                let before = year.saturating_sub(1);
                (*value, Words::new(format!("báo cáo {before}"), format!("return of {before}")))
            }),
            Some(_) | None => None,
        };
        if let Some((value, from)) = found {
            filled.push(Prefilled { field: field.id.clone(), value, from });
        }
    }
    filled
}

/// Where one return stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Accepted, filed in time.
    Accepted,
    /// Accepted, filed after the due date.
    AcceptedLate,
    /// Handed in, not yet looked at.
    Submitted,
    /// Sent back, not handed in again.
    SentBack,
    /// Nothing was handed in, and there is still time.
    Open,
    /// Nothing was handed in by the due date.
    Missing,
}

impl Standing {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::Accepted,
        Self::AcceptedLate,
        Self::Submitted,
        Self::SentBack,
        Self::Open,
        Self::Missing,
    ];

    /// The word that programs know it by.
    pub fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::AcceptedLate => "accepted_late",
            Self::Submitted => "submitted",
            Self::SentBack => "sent_back",
            Self::Open => "open",
            Self::Missing => "missing",
        }
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Accepted => Words::new("Đã chấp nhận, đúng hạn", "Accepted, in time"),
            Self::AcceptedLate => Words::new("Đã chấp nhận, nộp muộn", "Accepted, filed late"),
            Self::Submitted => Words::new("Chờ xử lý", "Waiting"),
            Self::SentBack => Words::new("Đã trả lại", "Sent back"),
            Self::Open => Words::new("Chưa nộp, còn hạn", "Not filed, still time"),
            Self::Missing => Words::new("Quá hạn chưa nộp", "Overdue"),
        }
    }
}

/// Where a return stands by what was accepted and what happened last on its way.
pub fn standing(
    accepted: Option<&AcceptedReturn>,
    paper: Option<&Paper>,
    due: Option<Date>,
    day: Date,
) -> Standing {
    let open = paper.filter(|paper| accepted.is_none_or(|a| paper.position > a.position));
    match (open.map(|paper| &paper.act), accepted) {
        // An accepted return counts until another one is accepted in its place.
        (_, Some(accepted)) if accepted.late => Standing::AcceptedLate,
        (_, Some(_)) => Standing::Accepted,
        (Some(PaperAct::Submitted { .. }), None) => Standing::Submitted,
        (Some(PaperAct::SentBack { .. }), None) => Standing::SentBack,
        (None, None) if due.is_some_and(|due| day > due) => Standing::Missing,
        (None, None) => Standing::Open,
    }
}

/// The last year whose return is due by a day.
pub fn last_due(pack: &Pack, day: Date) -> i16 {
    let this = day.year();
    match pack.return_due_on(this) {
        Some(due) if day > due => this,
        Some(_) | None => this.saturating_sub(1),
    }
}
