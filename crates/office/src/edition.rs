//! Editions: a report is issued. Its files go into the store and the filing that proves them into the ledger in one
//! transaction; from then on neither changes.

use hoptac_model::filing::edition::EditionIssue;
use hoptac_model::filing::{Draft, Hash};
use hoptac_model::finding::Finding;
use hoptac_model::ids::UnitId;
use hoptac_model::report::EditionFormat;
use hoptac_model::unit::Places;
use hoptac_model::words;
use hoptac_store::{Error, Store, Writing};

use crate::authority::Actor;
use crate::clerk::{Accepted, Clerk};
use crate::filing::recorded_on;
use crate::finding::Findings;
use crate::known::Known;
use crate::refusal::Refusal;

/// How many characters a code has: enough that no two editions of a province share one.
pub const CODE: usize = 12;

/// The code of an edition: the beginning of the hash of its tree.
pub fn code(tree: &[u8]) -> String {
    Hash::of(tree).to_string().chars().take(CODE).collect()
}

/// Issues a report: keeps its files and files what proves them.
pub async fn issue(
    store: &Store,
    actor: &Actor,
    draft: Draft,
    files: &[Vec<u8>],
) -> Result<Accepted, Refusal> {
    let clerk = Clerk::new(store.begin().await?);
    crate::keep(store, clerk, actor, draft, files).await
}

/// Reads what bears on an edition.
pub(crate) async fn read(
    writing: &mut Writing,
    draft: &Draft,
    body: &EditionIssue,
    known: &mut Known,
) -> Result<(), Error> {
    known.issued = match draft.subject.as_edition() {
        Some(code) => writing.edition(code).await?.map(|edition| edition.filing.position),
        None => None,
    };
    known.position = writing.position();
    for file in &body.files {
        if writing.is_kept(&file.hash).await? {
            known.kept.insert(file.hash.clone());
        }
    }
    Ok(())
}

/// Whether a unit lies within a territory.
pub(crate) fn is_within(places: &Places, unit: &UnitId, territory: &UnitId) -> bool {
    places.ancestry(unit).iter().any(|above| above.id == *territory)
}

/// What is wrong with an edition.
pub(crate) fn findings(draft: &Draft, body: &EditionIssue, known: &Known) -> Vec<Finding> {
    let mut findings = Findings::default();
    let well_formed = draft.subject.as_edition().is_some_and(|code| {
        code.len() == CODE && code.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
    });
    if !well_formed {
        findings.error(
            "edition.code",
            "subject",
            words!(
                "`{subject}` không nêu mã ấn bản",
                "`{subject}` names no edition",
                subject = draft.subject.0
            ),
            words!(
                "ghi edition/ kèm 12 chữ số thập lục phân",
                "write edition/ and 12 hexadecimal digits"
            ),
        );
    }
    if let Some(position) = known.issued {
        findings.error(
            "edition.issued",
            "subject",
            words!(
                "ấn bản này đã phát hành, hồ sơ số {position}",
                "this edition was issued already, by the filing {position}",
                position
            ),
            words!(
                "sửa nội dung hoặc số, ngày văn bản để phát hành ấn bản khác",
                "change its contents, number or day to issue another"
            ),
        );
    }
    if let Err(refused) = body.report.takes(body.period) {
        let remedy = words!("chọn kỳ khác", "choose another period");
        findings.error("edition.period", "period", refused.words(), remedy);
    }
    for (field, text) in
        [("title", &body.title), ("number", &body.number), ("signer", &body.signer)]
    {
        findings.text(field, text);
    }
    if body.figures_position > known.position {
        findings.error(
            "edition.position",
            "figures_position",
            words!(
                "sổ cái chưa có hồ sơ số {position}",
                "the ledger has no filing {position}",
                position = body.figures_position
            ),
            words!("lập lại báo cáo rồi phát hành", "make the report anew, then issue it"),
        );
    }
    if body.as_of > recorded_on(draft) {
        findings.error(
            "edition.ahead",
            "as_of",
            words!(
                "ngày số liệu {as_of} chưa đến",
                "the day of the figures, {as_of}, is still to come",
                as_of = body.as_of
            ),
            words!("phát hành sau ngày đó", "issue it after that day"),
        );
    }
    for format in [EditionFormat::Pdf, EditionFormat::Json] {
        if body.files.iter().filter(|file| file.format == format).count() != 1 {
            findings.error(
                "edition.files",
                "files",
                words!(
                    "ấn bản cần đúng một tệp .{format}",
                    "an edition needs one .{format}",
                    format = format.code()
                ),
                words!("phát hành bằng chương trình", "issue it with the program"),
            );
        }
    }
    for (number, file) in body.files.iter().enumerate() {
        if !known.kept.contains(&file.hash) {
            findings.error(
                "edition.kept",
                format!("files.{number}.hash"),
                words!(
                    "không lưu tệp nào có mã băm {hash}",
                    "no file with the hash {hash} is kept",
                    hash = file.hash
                ),
                words!(
                    "phát hành cùng với các tệp của báo cáo",
                    "issue it together with the files of the report"
                ),
            );
        }
    }
    findings.into_vec()
}
