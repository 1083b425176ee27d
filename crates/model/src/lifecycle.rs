//! The life of an organisation in law: which filing is possible in which status, and where it leads. The table is data of the
//! pack ([`Law::step`]), used by the office and printed as `docs/state-table.md`.
//!
//! The statuses are those of Decree 92/2024/NĐ-CP, Article 27 for cooperatives and unions (seven values) and Article 28 for
//! groups (six: a group is no legal person and cannot go bankrupt).

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::filing::FilingKind;
use crate::law::Law;
use crate::organisation::{Kind, Status};
use crate::text::Words;

use crate::words;
use Status::{Bankrupt, Terminated};

impl Kind {
    /// The statuses that one of the kind can have.
    pub fn statuses(self) -> impl Iterator<Item = Status> {
        Status::ALL.into_iter().filter(move |status| *status != Bankrupt || self != Self::Group)
    }
}

/// Whether a filing is possible for an organisation of a kind in a status; the sentence why not, without a full stop. What
/// is not in the table (returns, grades, contracts, …) is possible while the organisation exists.
pub fn may(
    law: &Law,
    kind: Kind,
    status: Status,
    filing: FilingKind,
    day: Date,
) -> Result<(), Words> {
    let ended = || words!("tổ chức đã chấm dứt tồn tại", "it no longer exists");
    let Some(step) = law.step(filing, day) else {
        return match (filing, status) {
            (FilingKind::OrganisationEstablish, _) => {
                Err(words!("tổ chức đã được thành lập", "it has been established already"))
            }
            (_, Terminated) => Err(ended()),
            _ => Ok(()),
        };
    };
    if step.kinds.contains(&kind) && step.from_statuses.contains(&status) {
        return Ok(());
    }
    Err(if status == Terminated { ended() } else { step.rule.clone() })
}

/// Whether a filing makes a state of an organisation: what is filed about its life, corrections and remarks aside, and not
/// where its seat is counted.
pub fn makes_state(filing: FilingKind) -> bool {
    filing.code().starts_with("organisation.")
        && !matches!(
            filing,
            FilingKind::OrganisationCorrect
                | FilingKind::OrganisationAnnotate
                | FilingKind::OrganisationPlace
        )
}

/// The table as a page: `docs/state-table.md`.
pub fn page(law: &Law, day: Date) -> String {
    let mut page = String::from(
        "# Which filing is possible when\n\n\
         Made from `packs/vn/law.toml` as of a day after its last change, and held to it by a test. A cell names the status that the filing leads \
         to; `=` means that the status stays; a number refers to the sentence below that says why not. `establish` begins a \
         life and is possible once. Whatever is not in the table (returns, grades, contracts, …) is possible while the \
         organisation exists.\n",
    );
    for (title, kind) in
        [("Cooperatives and unions (HTX, LHHTX)", Kind::Cooperative), ("Groups (THT)", Kind::Group)]
    {
        let mut sentences: Vec<Words> = Vec::new();
        let statuses: Vec<Status> = kind.statuses().collect();
        let heads: Vec<&str> = statuses.iter().map(|status| status.code()).collect();
        let put = write!(
            page,
            "\n## {title}\n\n| filing | {} |\n|---|{}\n",
            heads.join(" | "),
            "---|".repeat(heads.len())
        );
        debug_assert!(put.is_ok(), "writing to a string does not fail");
        for row in law.step.iter().filter(|row| law.step(row.filing, day) == Some(*row)) {
            let cells: Vec<String> = statuses
                .iter()
                .map(|status| match may(law, kind, *status, row.filing, day) {
                    Ok(()) if row.to_statuses.is_empty() => "=".to_owned(),
                    Ok(()) => row
                        .to_statuses
                        .iter()
                        .map(|status| status.code())
                        .collect::<Vec<_>>()
                        .join(" / "),
                    Err(why) => {
                        let known = sentences.iter().position(|sentence| *sentence == why);
                        let number = known.unwrap_or_else(|| {
                            sentences.push(why);
                            sentences.len() - 1
                        });
                        (number + 1).to_string()
                    }
                })
                .collect();
            page.extend(["| `", row.filing.code(), "` | ", &cells.join(" | "), " |\n"]);
        }
        page.push('\n');
        for (number, sentence) in (1..).zip(&sentences) {
            let put = writeln!(page, "{number}. {} – {}.", sentence.en, sentence.vi);
            debug_assert!(put.is_ok(), "writing to a string does not fail");
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use Status::Operating;

    const DAY: Date = Date::constant(2025, 1, 1);

    fn may(kind: Kind, status: Status, filing: FilingKind) -> Result<(), Words> {
        super::may(Law::shipped(), kind, status, filing, DAY)
    }

    #[test]
    fn the_page_is_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/state-table.md");
        let got = page(Law::shipped(), DAY);
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(got == kept, "docs/state-table.md should be:\n{got}");
    }
    #[test]
    fn every_filing_about_the_life_is_in_the_table() {
        for kind in FilingKind::ALL {
            // Where a seat is counted is for the places to say.
            let of_life = kind.code().starts_with("organisation.")
                && ![FilingKind::OrganisationEstablish, FilingKind::OrganisationPlace]
                    .contains(kind);
            let rows = Law::shipped().step.iter().filter(|row| row.filing == *kind).count();
            assert_eq!(rows, usize::from(of_life), "{}", kind.code());
        }
    }
    #[test]
    fn a_group_has_six_statuses_and_never_goes_bankrupt() {
        assert_eq!(Kind::Group.statuses().count(), 6);
        assert_eq!(Kind::Cooperative.statuses().count(), 7);
        for status in Status::ALL {
            assert!(may(Kind::Group, status, FilingKind::OrganisationOpenBankruptcy).is_err());
        }
    }
    #[test]
    fn nothing_leads_out_of_the_end() {
        for kind in Kind::ALL {
            for filing in FilingKind::ALL {
                if may(kind, Terminated, *filing).is_ok() {
                    assert!(
                        Law::shipped()
                            .step(*filing, DAY)
                            .is_none_or(|step| step.to_statuses.is_empty()),
                        "{}",
                        filing.code()
                    );
                }
            }
        }
    }
    #[test]
    fn every_living_status_has_a_way_to_operate_and_a_way_to_end() {
        for kind in Kind::ALL {
            for status in kind.statuses().filter(|status| *status != Terminated) {
                for goal in [Operating, Terminated] {
                    let mut reached = vec![status];
                    let mut next = 0;
                    while let Some(from) = reached.get(next).copied() {
                        next += 1;
                        for row in Law::shipped()
                            .step
                            .iter()
                            .filter(|row| may(kind, from, row.filing).is_ok())
                        {
                            for to in row
                                .to_statuses
                                .iter()
                                .filter(|to| !reached.contains(to))
                                .collect::<Vec<_>>()
                            {
                                reached.push(*to);
                            }
                        }
                    }
                    assert!(reached.contains(&goal), "{} from {}", goal.code(), status.code());
                }
            }
        }
    }
}
