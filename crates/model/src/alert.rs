//! Alerts: what somebody should look at, in one quiet list. Each has a reason, and may be put to sleep until a day or
//! taken on by an agency. What alerts there are follows from the published state; only sleep and owner are filed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::filing::alert::AlertAct;
use crate::ids::{IndicatorId, OrganisationId, TargetId, UnitId};
use crate::text::Words;

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// The probability of a target crossed a line.
    Probability,
    /// A task is past its due day.
    Task,
    /// A unit stopped reporting.
    Reporting,
    /// A certificate ends soon.
    Certificate,
    /// A series broke.
    Series,
}

impl AlertKind {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 5] =
        [Self::Probability, Self::Task, Self::Reporting, Self::Certificate, Self::Series];

    /// The word in keys and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Probability => "probability",
            Self::Task => "task",
            Self::Reporting => "reporting",
            Self::Certificate => "certificate",
            Self::Series => "series",
        }
    }

    /// The kind that is written so.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What people call it.
    pub fn words(self) -> Words {
        match self {
            Self::Probability => Words::new("khả năng đạt chỉ tiêu", "chance of a target"),
            Self::Task => Words::new("nhiệm vụ quá hạn", "overdue task"),
            Self::Reporting => Words::new("đơn vị ngừng báo cáo", "unit without reports"),
            Self::Certificate => Words::new("chứng nhận sắp hết hạn", "certificate that ends"),
            Self::Series => Words::new("chuỗi số liệu gãy", "broken series"),
        }
    }
}

/// Something that somebody should look at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alert {
    /// Its key: the same as long as it is about the same thing, `probability.T30-01`.
    pub key: String,
    /// What it is about.
    pub kind: AlertKind,
    /// Since when, where that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// What is the matter, in a sentence without a full stop.
    pub said: Words,
    /// Why that is known: the figures, and the rule that they are held to.
    pub reason: Words,
    /// The unit that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// What it leads to.
    pub about: About,
}

/// What an alert leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A target.
    Target(TargetId),
    /// An indicator or a published series.
    Series(IndicatorId),
    /// A unit's returns of a year.
    Returns(i16),
    /// An organisation.
    Organisation(OrganisationId),
    /// A task.
    Task(String),
}

/// A filing that bears on an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertFiling {
    /// The alert's key.
    pub alert: String,
    /// Its place in the ledger.
    pub position: u64,
    /// From when it is effective.
    pub on: Date,
    /// Who filed.
    pub actor: String,
    /// What it does.
    pub act: AlertAct,
}

/// What was filed about an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Care {
    /// Until when it sleeps, who put it to sleep and why.
    pub snooze: Option<Snooze>,
    /// The agency that took it on.
    pub owner: Option<String>,
    /// What that agency will do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// How many filings there are about it.
    pub version: u32,
}

/// An alert that sleeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snooze {
    /// The last quiet day.
    pub until: Date,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl Care {
    /// Whether the alert is quiet on a day.
    pub fn sleeps_on(&self, day: Date) -> bool {
        self.snooze.as_ref().is_some_and(|snooze| day <= snooze.until)
    }
}

/// Folds filings by the key of their alert. Only those effective by `day` count; the last says.
pub fn fold(filings: &[AlertFiling], day: Date) -> BTreeMap<String, Care> {
    let mut sorted: Vec<&AlertFiling> = filings.iter().filter(|filing| filing.on <= day).collect();
    sorted.sort_by_key(|filing| (filing.on, filing.position));
    let mut cares: BTreeMap<String, Care> = BTreeMap::new();
    for filing in sorted {
        let care = cares.entry(filing.alert.clone()).or_default();
        care.version += 1;
        match &filing.act {
            // On its own day a snooze wakes what slept.
            AlertAct::Snooze(snooze) if snooze.until <= filing.on => care.snooze = None,
            AlertAct::Snooze(snooze) => {
                care.snooze = Some(Snooze {
                    until: snooze.until,
                    by: filing.actor.clone(),
                    reason: snooze.reason.clone(),
                });
            }
            AlertAct::Own(own) => {
                care.owner = Some(own.agency.clone());
                care.note.clone_from(&own.note);
            }
        }
    }
    cares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filing::alert::{AlertOwn, AlertSnooze};

    const DAY: Date = Date::constant(2026, 11, 2);

    fn filing(position: u64, on: Date, act: AlertAct) -> AlertFiling {
        let (alert, actor) = ("probability.T30-01".to_owned(), "so-tai-chinh".to_owned());
        AlertFiling { alert, position, on, actor, act }
    }
    fn snooze(until: Date) -> AlertAct {
        AlertAct::Snooze(AlertSnooze { until, reason: "chờ số liệu quý".to_owned() })
    }

    #[test]
    fn it_sleeps_until_its_last_day_and_no_longer() {
        let until = Date::constant(2026, 12, 31);
        let cares = fold(&[filing(1, DAY, snooze(until))], DAY);
        let care = &cares["probability.T30-01"];
        assert!(care.sleeps_on(until));
        assert!(!care.sleeps_on(until.tomorrow().unwrap()));
        assert_eq!(care.snooze.as_ref().unwrap().by, "so-tai-chinh");
    }
    #[test]
    fn a_snooze_until_its_own_day_wakes() {
        let filings =
            [filing(1, DAY, snooze(Date::constant(2026, 12, 31))), filing(2, DAY, snooze(DAY))];
        let cares = fold(&filings, DAY);
        assert!(!cares["probability.T30-01"].sleeps_on(DAY));
        assert_eq!(cares["probability.T30-01"].version, 2);
    }
    #[test]
    fn the_last_owner_has_it() {
        let own = |agency: &str| {
            AlertAct::Own(AlertOwn { agency: agency.to_owned(), note: String::new() })
        };
        let filings = [filing(1, DAY, own("lien-minh-htx")), filing(2, DAY, own("so-tai-chinh"))];
        assert_eq!(
            fold(&filings, DAY)["probability.T30-01"].owner.as_deref(),
            Some("so-tai-chinh")
        );
        assert!(fold(&filings, DAY.yesterday().unwrap()).is_empty());
    }
}
