//! `plan.toml`, what somebody answers for: findings of the plan check that may stand until a day.

use hoptac_model::ids::TargetId;
use hoptac_model::plan_check::{Accepted, Code};
use hoptac_model::words;

use crate::file::quote;
use crate::pack::names::Noun;
use crate::pack::toml::Table;

/// `[[accepted]]`.
pub(crate) fn read_accepted(root: &Table<'_>) -> Vec<Accepted> {
    root.tables("accepted", &words!("lưu ý được chấp nhận", "accepted finding"))
        .iter()
        .filter_map(read)
        .collect()
}

fn read(table: &Table<'_>) -> Option<Accepted> {
    let code = table.must("code").text();
    let targets = table.must("targets").refer_all(Noun::Target);
    let reason = table.words("reason");
    let owner = table.must("owner").refer(Noun::Agency);
    let until = table.must("until").date();
    table.finish();
    let code = code?;
    if !Code::ALL.iter().any(|known| known.as_str() == code) {
        let (first, last) = (Code::ALL.first()?.as_str(), Code::ALL.last()?.as_str());
        table.error(
            "code",
            "pack.word",
            words!(
                "{code} không phải là mã của phép kiểm tra kế hoạch",
                "{code} is not a code of the plan check",
                code = quote(&code)
            ),
            words!(
                "các mã từ {first} đến {last}; lệnh `hoptac plan check` cho thấy các mã này",
                "the codes are {first} to {last}; `hoptac plan check` shows them",
                first,
                last
            ),
        );
        return None;
    }
    Some(Accepted {
        code,
        targets: targets.into_iter().map(TargetId::new).collect(),
        reason: reason?,
        owner: owner?,
        until: until?,
    })
}
