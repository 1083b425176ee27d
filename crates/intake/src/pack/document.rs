//! `plan.toml`, its head: the legal document, the place and time it speaks of, how standing is judged.

use hoptac_model::pack::{Document, DocumentPlace, Setting, StandingRule};
use hoptac_model::text::Words;
use hoptac_model::words;

use crate::file::quote;
use crate::pack::Check;
use crate::pack::toml::Table;

/// `[document]`.
pub(crate) fn read_document(root: &Table<'_>) -> Option<Document> {
    const KINDS: [&str; 4] = ["plan", "resolution", "decision", "programme"];
    let table = root.must("document").table()?;
    let number = table.must("number").text();
    let kind = table.must("kind").word(&KINDS).and_then(|index| KINDS.get(index));
    let issued = table.must("issued").date();
    let effective = table.must("effective").date();
    let issuer = table.words("issuer");
    let signer = table.must("signer").text();
    let title = table.words("title");
    let implements = table.may("implements").texts().into_iter().map(|(text, _)| text).collect();
    let note = table.words_or_empty("note");
    table.finish();
    if let (Some(issued), Some(effective)) = (issued, effective)
        && effective < issued
    {
        table.warning(
            "effective",
            "pack.span",
            words!(
                "văn bản có hiệu lực ngày {effective}, trước ngày ký {issued}",
                "the document takes effect on {effective}, before it was signed on {issued}",
                effective,
                issued
            ),
            words!("đối chiếu hai ngày với văn bản", "check both days against the document"),
        );
    }
    Some(Document {
        number: number?,
        kind: (*kind?).to_owned(),
        issued: issued?,
        effective: effective?,
        issuer: issuer?,
        signer: signer?,
        title: title?,
        implements,
        note,
    })
}

/// `[place]`.
pub(crate) fn read_setting(root: &Table<'_>, check: Check<'_>) -> Option<Setting> {
    let table = root.must("place").table()?;
    let unit = table.must("unit").text();
    let geography = table.must("geography").date();
    let years = table.must("years").two_years();
    table.may("language").word(&["vi", "en"]);
    table.finish();
    if let (Some(unit), Some(units)) = (&unit, check.units)
        && !units.contains(unit)
    {
        table.error(
            "unit",
            "pack.unit-unknown",
            words!(
                "không có đơn vị hành chính mang mã {unit}",
                "there is no unit with the code {unit}",
                unit = quote(unit)
            ),
            words!(
                "hãy ghi mã của cơ quan thống kê, ví dụ \"20\" là tỉnh Lạng Sơn",
                "write the code of the statistics office, as \"20\" for the province of Lạng Sơn"
            ),
        );
    }
    let (year_first, year_last) = years?;
    Some(Setting { unit: unit?, geography: geography?, year_first, year_last })
}

/// `[standing]`, which may be left out as a whole or in parts.
pub(crate) fn read_standing(root: &Table<'_>) -> StandingRule {
    let usual = StandingRule::default();
    let Some(table) = root.may("standing").table() else { return usual };
    let rule = StandingRule {
        tolerance_about: table.may("tolerance_about").positive().unwrap_or(usual.tolerance_about),
        behind_up_to: table.may("behind_up_to").positive().unwrap_or(usual.behind_up_to),
        yearly_behind_from: table
            .may("yearly_behind_from")
            .positive()
            .unwrap_or(usual.yearly_behind_from),
    };
    table.finish();
    for (key, share) in
        [("tolerance_about", rule.tolerance_about), ("yearly_behind_from", rule.yearly_behind_from)]
    {
        if share > 1.0 {
            let problem = words!(
                "`{key}` của {what} là {share}, lớn hơn toàn bộ",
                "`{key}` of {what} is {share}, more than the whole",
                key,
                what = table.what(),
                share
            );
            table.error(key, "pack.value", problem, write_a_share());
        }
    }
    if rule.behind_up_to < 1.0 {
        let problem = words!(
            "`behind_up_to` của {what} nhỏ hơn 1",
            "`behind_up_to` of {what} is below 1",
            what = table.what()
        );
        let remedy = words!(
            "hãy ghi nhịp cần có gấp mấy lần nhịp kế hoạch thì vẫn còn kịp: 1.25",
            "write how many times the planned pace is still within reach: 1.25"
        );
        table.error("behind_up_to", "pack.value", problem, remedy);
    }
    rule
}

/// What to write where a share stands above the whole.
pub(crate) fn write_a_share() -> Words {
    words!("hãy ghi phần của toàn bộ: 0.05 là 5 %", "write a share: 0.05 for 5 %")
}

/// `place = { section, bullet }` of an objective or target.
pub(crate) fn read_place(table: &Table<'_>) -> Option<DocumentPlace> {
    let place = table.must("place").table()?;
    let section = place.must("section").text();
    let bullet = place.may("bullet").text_or_empty();
    place.finish();
    Some(DocumentPlace { section: section?, bullet })
}
