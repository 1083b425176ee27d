//! What filings and their fields are called on a page that everybody may read.

use crate::language::Voice;

/// Kinds of filing and the keys of their names.
const KINDS: [(&str, &str); 65] = [
    ("organisation.establish", "filing-establish"),
    ("organisation.change", "filing-change"),
    ("organisation.suspend", "filing-suspend"),
    ("organisation.resume", "filing-resume"),
    ("organisation.convert", "filing-convert"),
    ("organisation.dissolve", "filing-dissolve"),
    ("organisation.notify", "filing-notify"),
    ("organisation.leave_address", "filing-leave-address"),
    ("organisation.return_to_address", "filing-return-to-address"),
    ("organisation.close", "filing-close"),
    ("organisation.dissolve_by_order", "filing-dissolve-by-order"),
    ("organisation.open_bankruptcy", "filing-open-bankruptcy"),
    ("organisation.end_bankruptcy", "filing-end-bankruptcy"),
    ("organisation.withdraw", "filing-withdraw"),
    ("organisation.restore", "filing-restore"),
    ("organisation.divide", "filing-divide"),
    ("organisation.separate", "filing-separate"),
    ("organisation.consolidate", "filing-consolidate"),
    ("organisation.merge", "filing-merge"),
    ("organisation.duplicate", "filing-duplicate"),
    ("organisation.correct", "filing-correct"),
    ("organisation.annotate", "filing-annotate"),
    ("organisation.place", "filing-place"),
    ("particulars.change", "filing-particulars"),
    ("return.accept", "filing-return-accept"),
    ("return.submit", "filing-return-submit"),
    ("return.send_back", "filing-return-send-back"),
    ("return.waive", "filing-return-waive"),
    ("grade.decide", "filing-grade-decide"),
    ("grade.self_score", "filing-grade-self-score"),
    ("grade.review", "filing-grade-review"),
    ("link.sign", "filing-link-sign"),
    ("link.end", "filing-link-end"),
    ("product.certify", "filing-product-certify"),
    ("practice.confirm", "filing-practice-confirm"),
    ("promotion.attend", "filing-promotion-attend"),
    ("union.join", "filing-union-join"),
    ("union.leave", "filing-union-leave"),
    ("import.take", "filing-import-take"),
    ("import.strike", "filing-import-strike"),
    ("import.undo", "filing-import-undo"),
    ("link.change", "filing-link-change"),
    ("product.withdraw", "filing-product-withdraw"),
    ("practice.withdraw", "filing-practice-withdraw"),
    ("support.apply", "filing-support-apply"),
    ("support.decide", "filing-support-decide"),
    ("support.pay", "filing-support-pay"),
    ("support.repay", "filing-support-repay"),
    ("support.cancel", "filing-support-cancel"),
    ("task.open", "filing-task-open"),
    ("task.assign", "filing-task-assign"),
    ("task.progress", "filing-task-progress"),
    ("task.postpone", "filing-task-postpone"),
    ("task.close", "filing-task-close"),
    ("task.cancel", "filing-task-cancel"),
    ("task.merge", "filing-task-merge"),
    ("task.reopen", "filing-task-reopen"),
    ("member.roll", "filing-member-roll"),
    ("member.join", "filing-member-join"),
    ("member.change", "filing-member-change"),
    ("member.leave", "filing-member-leave"),
    ("member.transfer", "filing-member-transfer"),
    ("member.erase", "filing-member-erase"),
    ("member.strike", "filing-member-strike"),
    ("member.disclose", "filing-member-disclose"),
];

/// Fields that are open to everybody and the keys of their names. What is not here is never shown: a reason, a name of a
/// person, a partner.
const FIELDS: [(&str, &str); 17] = [
    ("name", "field-name"),
    ("kind", "field-kind"),
    ("seat", "field-seat"),
    ("unit", "field-seat"),
    ("sector", "field-sector"),
    ("vsic", "field-vsic"),
    ("members", "field-members"),
    ("capital", "field-capital"),
    ("year", "field-year"),
    ("grade", "field-grade"),
    ("score_tenths", "field-score"),
    ("product", "field-product"),
    ("value", "field-value"),
    ("practice", "field-practice"),
    ("event", "field-event"),
    ("stars", "field-stars"),
    ("to", "field-to"),
];

/// What a kind of filing is called; a kind without a name shows its code.
pub(crate) fn title(code: &str, voice: Voice) -> String {
    let known = KINDS.iter().find(|(kind, _)| *kind == code);
    known.map_or_else(|| code.to_owned(), |(_, key)| voice.say(key))
}

/// What a field is called; nothing where it is not open to everybody.
pub(crate) fn field(name: &str, voice: Voice) -> Option<String> {
    FIELDS.iter().find(|(field, _)| *field == name).map(|(_, key)| voice.say(key))
}

#[cfg(test)]
mod tests {
    use hoptac_model::filing::FilingKind;
    use hoptac_model::text::Language;

    use super::*;

    #[test]
    fn every_kind_about_an_organisation_that_is_named_exists() {
        for (code, _) in KINDS {
            assert!(FilingKind::from_code(code).is_some(), "{code}");
            assert_ne!(title(code, Voice(Language::Vi)), code);
        }
    }
    #[test]
    fn reasons_and_people_are_not_open() {
        for name in ["reason", "partner_name", "legal_representative", "text", "members_roll"] {
            assert_eq!(field(name, Voice(Language::Vi)), None, "{name}");
        }
    }
}
