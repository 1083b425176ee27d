//! The life of an organisation in law: which filing is possible in which status, and where it leads. One table, used by
//! the office and printed as `docs/state-table.md`.
//!
//! Articles are those of Law 17/2023/QH15; the statuses are those of Decree 92/2024/NĐ-CP, Article 27 for cooperatives and
//! unions (seven values) and Article 28 for groups (six: a group is no legal person and cannot go bankrupt).

use std::fmt::Write as _;

use crate::filing::FilingKind;
use crate::organisation::{Kind, Status};
use crate::text::Words;

use Status::{Bankrupt, Closing, NotAtAddress, Operating, Suspended, Terminated, Withdrawn};

/// One row: a filing, who may be in it, from which statuses, where it leads, and the rule in words.
struct Row {
    filing: FilingKind,
    kinds: &'static [Kind],
    from: &'static [Status],
    to: &'static [Status],
    rule_vi: &'static str,
    rule_en: &'static str,
}

const ALL: &[Kind] = &Kind::ALL;
const LEGAL_PERSONS: &[Kind] = &[Kind::Cooperative, Kind::Union];
const LIVING: &[Status] = &[Operating, Suspended, NotAtAddress, Withdrawn, Closing, Bankrupt];
const ACTIVE: &[Status] = &[Operating, Suspended, NotAtAddress];

const fn row(
    filing: FilingKind,
    kinds: &'static [Kind],
    from: &'static [Status],
    to: &'static [Status],
    rule_vi: &'static str,
    rule_en: &'static str,
) -> Row {
    Row { filing, kinds, from, to, rule_vi, rule_en }
}

/// The table. What leads to several statuses says in its body which.
const TABLE: [Row; 21] = [
    row(
        FilingKind::OrganisationChange,
        ALL,
        LIVING,
        &[],
        "tổ chức đã chấm dứt tồn tại thì không còn nội dung đăng ký để thay đổi",
        "what no longer exists has no registered contents to change",
    ),
    row(
        FilingKind::OrganisationNotify,
        ALL,
        LIVING,
        &[],
        "tổ chức đã chấm dứt tồn tại thì không còn gì để thông báo",
        "what no longer exists has nothing to notify",
    ),
    row(
        FilingKind::OrganisationSuspend,
        ALL,
        &[Operating],
        &[Suspended],
        "chỉ tổ chức đang hoạt động mới tạm ngừng được",
        "only who operates can suspend",
    ),
    row(
        FilingKind::OrganisationResume,
        ALL,
        &[Suspended],
        &[Operating],
        "chỉ tổ chức đang tạm ngừng mới tiếp tục kinh doanh trở lại được",
        "only who is suspended can resume",
    ),
    row(
        FilingKind::OrganisationLeaveAddress,
        ALL,
        &[Operating, Suspended],
        &[NotAtAddress],
        "chỉ ghi nhận với tổ chức đang hoạt động hoặc tạm ngừng",
        "only who operates or is suspended can be found away from its address",
    ),
    row(
        FilingKind::OrganisationReturnToAddress,
        ALL,
        &[NotAtAddress],
        &[Operating],
        "chỉ tổ chức đang bị ghi nhận không hoạt động tại địa chỉ mới trở lại được",
        "only who was found away from its address can be back",
    ),
    row(
        FilingKind::OrganisationConvert,
        &[Kind::Group],
        &[Operating],
        &[Operating],
        "chỉ tổ hợp tác đang hoạt động mới chuyển đổi thành hợp tác xã (Điều 108)",
        "only a group that operates converts [Article 108]",
    ),
    row(
        FilingKind::OrganisationSeparate,
        LEGAL_PERSONS,
        &[Operating],
        &[Operating],
        "chỉ hợp tác xã, liên hiệp hợp tác xã đang hoạt động mới tách được (Điều 93)",
        "only a cooperative or union that operates can have others separated from it [Article 93]",
    ),
    row(
        FilingKind::OrganisationClose,
        ALL,
        &[Operating, Suspended, NotAtAddress, Withdrawn],
        &[Closing],
        "chỉ bắt đầu thủ tục chấm dứt một lần, và không trong khi đang làm thủ tục phá sản",
        "closing begins once, and not during bankruptcy",
    ),
    row(
        FilingKind::OrganisationWithdraw,
        ALL,
        &[Operating, Suspended, NotAtAddress, Closing],
        &[Withdrawn, Closing],
        "giấy chứng nhận chỉ bị thu hồi một lần, và không trong khi đang làm thủ tục phá sản",
        "a certificate is withdrawn once, and not during bankruptcy",
    ),
    row(
        FilingKind::OrganisationRestore,
        ALL,
        &[Withdrawn, Closing],
        &[Operating],
        "chỉ khôi phục tổ chức bị thu hồi giấy chứng nhận hoặc đang làm thủ tục chấm dứt",
        "only who is withdrawn or closing can be restored",
    ),
    row(
        FilingKind::OrganisationOpenBankruptcy,
        LEGAL_PERSONS,
        &[Operating, Suspended, NotAtAddress, Withdrawn, Closing],
        &[Bankrupt],
        "chỉ hợp tác xã, liên hiệp hợp tác xã mới phá sản (Điều 102), và chỉ mở thủ tục một lần",
        "only a cooperative or union goes bankrupt [Article 102], and proceedings open once",
    ),
    row(
        FilingKind::OrganisationEndBankruptcy,
        LEGAL_PERSONS,
        &[Bankrupt],
        &[Terminated, Operating],
        "chưa mở thủ tục phá sản thì không có gì để kết thúc",
        "there are no proceedings to end",
    ),
    row(
        FilingKind::OrganisationDissolve,
        ALL,
        &[Operating, Suspended, NotAtAddress, Withdrawn, Closing],
        &[Terminated],
        "trong thủ tục phá sản thì do tòa án quyết định (Điều 102)",
        "during bankruptcy it is for the court [Article 102]",
    ),
    row(
        FilingKind::OrganisationDissolveByOrder,
        ALL,
        &[Operating, Suspended, NotAtAddress, Withdrawn, Closing],
        &[Terminated],
        "trong thủ tục phá sản thì do tòa án quyết định (Điều 102)",
        "during bankruptcy it is for the court [Article 102]",
    ),
    row(
        FilingKind::OrganisationDivide,
        LEGAL_PERSONS,
        &[Operating, Closing],
        &[Terminated],
        "chỉ hợp tác xã, liên hiệp hợp tác xã đang hoạt động hoặc đang làm thủ tục bị chia mới chia được (Điều 92)",
        "only a cooperative or union that operates or is closing to that end is divided [Article 92]",
    ),
    row(
        FilingKind::OrganisationConsolidate,
        LEGAL_PERSONS,
        &[Operating, Closing],
        &[Terminated],
        "chỉ hợp tác xã, liên hiệp hợp tác xã đang hoạt động hoặc đang làm thủ tục bị hợp nhất mới hợp nhất được (Điều 94)",
        "only a cooperative or union that operates or is closing to that end is consolidated [Article 94]",
    ),
    row(
        FilingKind::OrganisationMerge,
        LEGAL_PERSONS,
        &[Operating, Closing],
        &[Terminated],
        "chỉ hợp tác xã, liên hiệp hợp tác xã đang hoạt động hoặc đang làm thủ tục sáp nhập mới sáp nhập được (Điều 95)",
        "only a cooperative or union that operates or is closing to that end merges [Article 95]",
    ),
    row(
        FilingKind::OrganisationDuplicate,
        ALL,
        ACTIVE,
        &[Terminated],
        "chỉ hồ sơ của tổ chức chưa vào thủ tục chấm dứt mới được gộp như hồ sơ trùng",
        "only the record of who is not yet closing can be folded into another",
    ),
    row(
        FilingKind::OrganisationCorrect,
        ALL,
        &Status::ALL,
        &[],
        "luôn đính chính được",
        "a correction is always possible",
    ),
    row(
        FilingKind::OrganisationAnnotate,
        ALL,
        &Status::ALL,
        &[],
        "luôn ghi chú được",
        "a remark is always possible",
    ),
];

impl Kind {
    /// The statuses that one of the kind can have.
    pub fn statuses(self) -> impl Iterator<Item = Status> {
        Status::ALL.into_iter().filter(move |status| *status != Bankrupt || self != Self::Group)
    }
}

/// Whether a filing is possible for an organisation of a kind in a status; the sentence why not, without a full stop. What
/// is not in the table (returns, grades, contracts, …) is possible while the organisation exists.
pub fn may(kind: Kind, status: Status, filing: FilingKind) -> Result<(), Words> {
    let Some(row) = TABLE.iter().find(|row| row.filing == filing) else {
        if status != Terminated && filing != FilingKind::OrganisationEstablish {
            return Ok(());
        }
        return Err(if filing == FilingKind::OrganisationEstablish {
            Words::new("tổ chức đã được thành lập", "it has been established already")
        } else {
            Words::new("tổ chức đã chấm dứt tồn tại", "it no longer exists")
        });
    };
    if row.kinds.contains(&kind) && row.from.contains(&status) {
        return Ok(());
    }
    if status == Terminated {
        return Err(Words::new("tổ chức đã chấm dứt tồn tại", "it no longer exists"));
    }
    Err(Words::new(row.rule_vi, row.rule_en))
}

/// Whether a filing makes a state of an organisation: the founding, and what is in the table except corrections and remarks.
pub fn makes_state(filing: FilingKind) -> bool {
    let speaks =
        matches!(filing, FilingKind::OrganisationCorrect | FilingKind::OrganisationAnnotate);
    filing == FilingKind::OrganisationEstablish
        || (!speaks && TABLE.iter().any(|row| row.filing == filing))
}

/// Where a filing leads; empty where the status stays. Of several, the body says which.
pub fn leads_to(filing: FilingKind) -> &'static [Status] {
    TABLE.iter().find(|row| row.filing == filing).map_or(&[], |row| row.to)
}

/// The table as a page: `docs/state-table.md`.
pub fn page() -> String {
    let mut page = String::from(
        "# Which filing is possible when\n\n\
         Made from `crates/model/src/lifecycle.rs`, and held to it by a test. A cell names the status that the filing leads \
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
        for row in &TABLE {
            let cells: Vec<String> = statuses
                .iter()
                .map(|status| match may(kind, *status, row.filing) {
                    Ok(()) if row.to.is_empty() => "=".to_owned(),
                    Ok(()) => {
                        row.to.iter().map(|status| status.code()).collect::<Vec<_>>().join(" / ")
                    }
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

    #[test]
    fn the_page_is_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/state-table.md");
        let got = page();
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
            let rows = TABLE.iter().filter(|row| row.filing == *kind).count();
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
                    assert!(leads_to(*filing).is_empty(), "{}", filing.code());
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
                        for row in TABLE.iter().filter(|row| may(kind, from, row.filing).is_ok()) {
                            for to in
                                row.to.iter().filter(|to| !reached.contains(to)).collect::<Vec<_>>()
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
