//! What is read of the tables of organisations in lots.

use crate::lot::Columns;

pub(crate) const ORGANISATION: Columns = Columns {
    name: "organisation",
    from: "organisation",
    who: "id",
    given: &["id", "name", "founded_on", "origin"],
    perhaps: &["code"],
};

pub(crate) const VERSION: Columns = Columns {
    name: "organisation",
    from: "organisation",
    who: "id",
    given: &["id", "version"],
    perhaps: &[],
};

pub(crate) const STATE: Columns = Columns {
    name: "organisation_state",
    from: "organisation_state",
    who: "organisation",
    given: &[
        "organisation",
        "from_day",
        "position",
        "kind",
        "status",
        "seat",
        "sector",
        "vsic",
        "difficult_area",
    ],
    perhaps: &["seat_former", "members", "capital"],
};

pub(crate) const ANNUAL_RETURN: Columns = Columns {
    name: "annual_return",
    from: "annual_return",
    who: "organisation",
    given: &["field_values", "organisation", "year", "on_day", "late", "position"],
    perhaps: &[],
};

pub(crate) const GRADE: Columns = Columns {
    name: "grade",
    from: "grade",
    who: "organisation",
    given: &["organisation", "year", "on_day", "position", "ruleset", "score_tenths", "grade"],
    perhaps: &[],
};

pub(crate) const LINK: Columns = Columns {
    name: "link",
    from: "link",
    who: "organisation",
    given: &[
        "stages",
        "from_day",
        "signed_on",
        "partner",
        "partner_name",
        "partner_kind",
        "product",
        "proof",
        "organisation",
        "link",
    ],
    perhaps: &["volume", "volume_unit", "to_day", "value", "area"],
};

pub(crate) const CERTIFICATE: Columns = Columns {
    name: "certificate",
    from: "certificate",
    who: "organisation",
    given: &["organisation", "certificate", "decision", "product", "kind", "from_day"],
    perhaps: &["score_tenths", "withdrawn_on", "renews", "stars", "to_day"],
};

pub(crate) const ADOPTION: Columns = Columns {
    name: "adoption",
    from: "adoption",
    who: "organisation",
    given: &["organisation", "practice", "item", "confirmed_by", "evidence", "from_day"],
    perhaps: &["to_day"],
};

pub(crate) const PROMOTION: Columns = Columns {
    name: "promotion",
    from: "promotion",
    who: "organisation",
    given: &["organisation", "on_day"],
    perhaps: &[],
};

pub(crate) const MEMBERSHIP: Columns = Columns {
    name: "membership",
    from: "membership",
    who: "organisation",
    given: &["organisation", "in_union", "from_day"],
    perhaps: &["to_day"],
};

pub(crate) const SEAT_PLACE: Columns = Columns {
    name: "seat_place",
    from: "seat_place",
    who: "organisation",
    given: &["organisation", "seat", "unit", "position"],
    perhaps: &[],
};

pub(crate) const ROLL: Columns = Columns {
    name: "roll",
    from: "roll",
    who: "organisation",
    given: &["organisation", "spans"],
    perhaps: &[],
};

pub(crate) const MEMBER_EVENT: Columns = Columns {
    name: "member_event",
    from: "member_event",
    who: "organisation",
    given: &["position", "number", "member", "act", "on_day"],
    perhaps: &[
        "person",
        "kind",
        "class",
        "capital",
        "joined",
        "is_foreign",
        "pseudonym",
        "identity",
        "marks",
        "cause",
    ],
};

pub(crate) const MEMBER_TALLY: Columns = Columns {
    name: "member_tally",
    from: "member_tally",
    who: "organisation",
    given: &["organisation", "position", "on_day", "contents"],
    perhaps: &[],
};

pub(crate) const SUPPORT: Columns = Columns {
    name: "support",
    from: "support",
    who: "organisation",
    given: &[
        "organisation",
        "application",
        "programme",
        "on_day",
        "requested",
        "purpose",
        "granted",
        "decision",
    ],
    perhaps: &["decided_on", "approved", "no_penalty", "cancelled_on"],
};

pub(crate) const SUPPORT_PAYMENT: Columns = Columns {
    name: "support_payment",
    from: "support_payment",
    who: "organisation",
    given: &["organisation", "application", "position", "on_day", "amount", "document"],
    perhaps: &[],
};

/// The partners of an organisation's contracts that are organisations of the register: by identity or by code.
pub(crate) const PARTNER: Columns = Columns {
    name: "organisation",
    from: "(SELECT organisation, partner, COALESCE((SELECT id FROM organisation WHERE id = partner), \
           (SELECT MAX(id) FROM organisation WHERE code = partner)) AS id FROM link) AS known",
    who: "organisation",
    given: &["partner"],
    perhaps: &["id"],
};

/// Organisations that contracts name by their code.
pub(crate) const NAMED_BY_CODE: Columns = Columns {
    name: "organisation",
    from: "(SELECT id FROM organisation o WHERE EXISTS \
           (SELECT 1 FROM link WHERE partner = o.code)) AS named",
    who: "id",
    given: &["id"],
    perhaps: &[],
};

/// The numbered fields of returns, which are the same for every organisation.
pub(crate) const RETURN_FIELD: Columns = Columns {
    name: "return_field",
    from: "(SELECT o.id, f.number, f.name FROM organisation o CROSS JOIN return_field f) AS field",
    who: "id",
    given: &["number", "name"],
    perhaps: &[],
};

/// All that is read of one organisation.
pub(crate) const OF_ONE: [Columns; 17] = [
    ORGANISATION,
    STATE,
    ANNUAL_RETURN,
    RETURN_FIELD,
    GRADE,
    LINK,
    PARTNER,
    NAMED_BY_CODE,
    CERTIFICATE,
    ADOPTION,
    PROMOTION,
    SUPPORT,
    SUPPORT_PAYMENT,
    MEMBERSHIP,
    SEAT_PLACE,
    ROLL,
    MEMBER_TALLY,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_be_empty_may_be_and_nothing_else() {
        let schema = include_str!("../../schema.sql");
        let all = [
            ORGANISATION,
            VERSION,
            STATE,
            ANNUAL_RETURN,
            GRADE,
            LINK,
            CERTIFICATE,
            ADOPTION,
            PROMOTION,
            MEMBERSHIP,
            SUPPORT,
            SUPPORT_PAYMENT,
            SEAT_PLACE,
            ROLL,
            MEMBER_EVENT,
            MEMBER_TALLY,
        ];
        for Columns { name, given, perhaps, .. } in &all {
            let (_, table) = schema.split_once(&format!("CREATE TABLE {name} (\n")).unwrap();
            let (table, _) = table.split_once(");\n").unwrap();
            let line = |column: &&&str| {
                let is_it = |line: &&str| line.split_whitespace().next() == Some(**column);
                table.lines().find(is_it).unwrap_or_else(|| panic!("{name} has no {column}"))
            };
            assert!(given.iter().all(|column| line(&column).contains("NOT NULL")), "{name}");
            assert!(!perhaps.iter().any(|column| line(&column).contains("NOT NULL")), "{name}");
        }
    }
}
