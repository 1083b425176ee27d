//! The tables of the projections: their columns and keys, written and compared in one way.

use jiff::civil::Date;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::Error;
use crate::database::failure;

/// A table of the projections.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// How many of the first columns are the key.
    pub(crate) key: usize,
    /// Its columns, in order.
    pub(crate) columns: &'static [&'static str],
}

/// How many parameters a statement has at most where it could have any number: `SQLite` looks each of them up among all the others.
pub(crate) const PARAMETERS: usize = 400;

/// All projections.
pub(crate) const TABLES: [&Table; 35] = [
    &ORGANISATION,
    &STATE,
    &LINEAGE,
    &RETURN_FIELD,
    &ANNUAL_RETURN,
    &RETURN_PAPER,
    &RETURN_WAIVER,
    &GRADE,
    &GRADE_SHEET,
    &LINK,
    &CERTIFICATE,
    &ADOPTION,
    &PROMOTION,
    &PROGRAMME,
    &SUPPORT,
    &SUPPORT_PAYMENT,
    &MEMBERSHIP,
    &MEMBER_EVENT,
    &MEMBER_TALLY,
    &PERSON,
    &ROLL,
    &UNIT,
    &SUCCESSOR,
    &UNIT_NAME,
    &SEAT_PLACE,
    &PLAN,
    &PLAN_TEXT,
    &FIGURE,
    &TASK_FILING,
    &ALERT_FILING,
    &CASCADE,
    &ACCOUNT,
    &ACCOUNT_GRANT,
    &ACCOUNT_DELEGATION,
    &IMPORT,
];

/// Organisations as they are known today.
pub(crate) const ORGANISATION: Table = Table {
    name: "organisation",
    key: 1,
    columns: &[
        "id",
        "code",
        "kind",
        "name",
        "name_folded",
        "seat",
        "status",
        "founded_on",
        "ceased_on",
        "origin",
        "version",
        "position",
    ],
};

/// What organisations were from a day on.
pub(crate) const STATE: Table = Table {
    name: "organisation_state",
    key: 3,
    columns: &[
        "organisation",
        "from_day",
        "position",
        "kind",
        "status",
        "name",
        "code",
        "seat",
        "seat_former",
        "sector",
        "vsic",
        "difficult_area",
        "members",
        "capital",
    ],
};

/// Who came of whom.
pub(crate) const LINEAGE: Table =
    Table { name: "lineage", key: 3, columns: &["source", "result", "position", "way", "on_day"] };

/// Accepted yearly returns, every version.
pub(crate) const ANNUAL_RETURN: Table = Table {
    name: "annual_return",
    key: 3,
    columns: &[
        "organisation",
        "year",
        "position",
        "on_day",
        "late",
        "form_version",
        "field_values",
    ],
};

/// The numbers of the fields of accepted returns.
pub(crate) const RETURN_FIELD: Table =
    Table { name: "return_field", key: 1, columns: &["number", "name", "position"] };

/// Decided grades, every version.
pub(crate) const GRADE: Table = Table {
    name: "grade",
    key: 3,
    columns: &["organisation", "year", "position", "on_day", "ruleset", "score_tenths", "grade"],
};

/// Sheets of scores, every version.
pub(crate) const GRADE_SHEET: Table = Table {
    name: "grade_sheet",
    key: 4,
    columns: &["organisation", "year", "stage", "position", "on_day", "ruleset", "contents"],
};

/// Returns on their way: handed in, sent back.
pub(crate) const RETURN_PAPER: Table = Table {
    name: "return_paper",
    key: 3,
    columns: &["organisation", "year", "position", "act", "on_day", "form_version", "contents"],
};

/// Waived checks, every version.
pub(crate) const RETURN_WAIVER: Table = Table {
    name: "return_waiver",
    key: 4,
    columns: &[
        "organisation",
        "year",
        "check_name",
        "position",
        "on_day",
        "until_day",
        "decided_by",
        "reason",
    ],
};

/// Linkage contracts: the terms of each, span by span.
pub(crate) const LINK: Table = Table {
    name: "link",
    key: 3,
    columns: &[
        "organisation",
        "link",
        "from_day",
        "to_day",
        "signed_on",
        "partner",
        "partner_name",
        "partner_kind",
        "product",
        "stages",
        "value",
        "volume",
        "volume_unit",
        "area",
        "proof",
        "position",
    ],
};

/// Certificates of products and processes.
pub(crate) const CERTIFICATE: Table = Table {
    name: "certificate",
    key: 2,
    columns: &[
        "organisation",
        "certificate",
        "product",
        "kind",
        "stars",
        "score_tenths",
        "from_day",
        "to_day",
        "withdrawn_on",
        "renews",
        "decision",
        "position",
    ],
};

/// Confirmed items of check-lists.
pub(crate) const ADOPTION: Table = Table {
    name: "adoption",
    key: 4,
    columns: &[
        "organisation",
        "practice",
        "item",
        "from_day",
        "to_day",
        "confirmed_by",
        "evidence",
        "position",
    ],
};

/// What was filed about tasks.
pub(crate) const TASK_FILING: Table = Table {
    name: "task_filing",
    key: 2,
    columns: &["task", "position", "on_day", "actor", "step", "contents"],
};

/// What was filed about alerts.
pub(crate) const ALERT_FILING: Table = Table {
    name: "alert_filing",
    key: 2,
    columns: &["alert", "position", "on_day", "actor", "step", "contents"],
};

/// Support programmes that were opened by filings.
pub(crate) const PROGRAMME: Table =
    Table { name: "programme", key: 1, columns: &["id", "contents", "position"] };

/// Applications for support.
pub(crate) const SUPPORT: Table = Table {
    name: "support",
    key: 2,
    columns: &[
        "organisation",
        "application",
        "programme",
        "on_day",
        "requested",
        "purpose",
        "no_penalty",
        "decided_on",
        "approved",
        "granted",
        "decision",
        "cancelled_on",
        "position",
    ],
};

/// Payments of support, and repayments as negative amounts.
pub(crate) const SUPPORT_PAYMENT: Table = Table {
    name: "support_payment",
    key: 3,
    columns: &["organisation", "application", "position", "on_day", "amount", "document"],
};

/// Trade-promotion events attended.
pub(crate) const PROMOTION: Table =
    Table { name: "promotion", key: 3, columns: &["organisation", "on_day", "position", "event"] };

/// Cooperatives in unions.
pub(crate) const MEMBERSHIP: Table = Table {
    name: "membership",
    key: 3,
    columns: &["organisation", "in_union", "position", "from_day", "to_day"],
};

/// What was filed about rolls of members, member by member.
pub(crate) const MEMBER_EVENT: Table = Table {
    name: "member_event",
    key: 3,
    columns: &[
        "organisation",
        "position",
        "number",
        "member",
        "on_day",
        "act",
        "kind",
        "class",
        "capital",
        "joined",
        "is_foreign",
        "pseudonym",
        "identity",
        "marks",
        "cause",
        "person",
    ],
};

/// Who stands on rolls, numbered.
pub(crate) const PERSON: Table =
    Table { name: "person", key: 1, columns: &["who", "number", "position"] };

/// What stood on rolls of members from when to when.
pub(crate) const ROLL: Table =
    Table { name: "roll", key: 1, columns: &["organisation", "spans", "position"] };

/// By how much filings changed the counts of rolls.
pub(crate) const MEMBER_TALLY: Table = Table {
    name: "member_tally",
    key: 2,
    columns: &["organisation", "position", "on_day", "contents"],
};

/// Places.
pub(crate) const UNIT: Table = Table {
    name: "unit",
    key: 1,
    columns: &[
        "id",
        "code",
        "level",
        "name",
        "name_folded",
        "parent",
        "lat_e4",
        "lon_e4",
        "valid_from",
        "valid_to",
        "position",
    ],
};

/// Who followed whom.
pub(crate) const SUCCESSOR: Table = Table {
    name: "successor",
    key: 2,
    columns: &["old_unit", "new_unit", "whole", "by_default", "position"],
};

/// Names that units got later.
pub(crate) const UNIT_NAME: Table =
    Table { name: "unit_name", key: 3, columns: &["unit", "from_day", "position", "name"] };

/// Decisions where seats lie.
pub(crate) const SEAT_PLACE: Table =
    Table { name: "seat_place", key: 3, columns: &["organisation", "seat", "position", "unit"] };

/// Adopted plans; what they say stays in the ledger.
pub(crate) const PLAN: Table =
    Table { name: "plan", key: 1, columns: &["pack", "files_hash", "return_due", "position"] };

/// Attached texts; what they say stays in the ledger.
pub(crate) const PLAN_TEXT: Table = Table {
    name: "plan_text",
    key: 1,
    columns: &["subject", "file_name", "file_hash", "position"],
};

/// Published figures.
pub(crate) const FIGURE: Table = Table {
    name: "figure",
    key: 1,
    columns: &["id", "indicator", "unit", "as_of", "contents", "position"],
};

/// How targets were given out to units; what that says stays in the ledger.
pub(crate) const CASCADE: Table =
    Table { name: "cascade", key: 2, columns: &["target", "position", "plan", "from_day"] };

/// Accounts as the filings have them.
pub(crate) const ACCOUNT: Table = Table {
    name: "account",
    key: 1,
    columns: &["name", "title", "state", "invited_on", "position"],
};

/// What accounts were granted.
pub(crate) const ACCOUNT_GRANT: Table = Table {
    name: "account_grant",
    key: 3,
    columns: &[
        "account",
        "position",
        "number",
        "role",
        "territory",
        "sector",
        "agency",
        "organisation",
        "from_day",
        "to_day",
    ],
};

/// For whom accounts sign.
pub(crate) const ACCOUNT_DELEGATION: Table = Table {
    name: "account_delegation",
    key: 2,
    columns: &[
        "account",
        "position",
        "delegator",
        "form",
        "from_day",
        "to_day",
        "document",
        "document_day",
        "issuer",
    ],
};

/// Imports of spreadsheets.
pub(crate) const IMPORT: Table = Table {
    name: "import",
    key: 1,
    columns: &[
        "id",
        "file_hash",
        "form",
        "actor",
        "first_position",
        "position",
        "contents",
        "undone_position",
    ],
};

/// A value on its way into a table.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A text, or nothing in a text column.
    Text(Option<String>),
    /// A whole number, or nothing in a number column.
    Whole(Option<i64>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}
impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}
impl From<Date> for Value {
    fn from(day: Date) -> Self {
        Self::Text(Some(day.to_string()))
    }
}
impl From<Option<Date>> for Value {
    fn from(day: Option<Date>) -> Self {
        Self::Text(day.map(|day| day.to_string()))
    }
}
impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Whole(Some(number))
    }
}
impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Whole(number)
    }
}
impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Whole(Some(i64::from(flag)))
    }
}

/// A position as the databases count: it fits, since no ledger reaches 2^63.
pub(crate) fn number(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

impl Table {
    /// Its columns as a list.
    pub(crate) fn list(&self) -> String {
        self.columns.join(", ")
    }

    /// Its key columns.
    pub(crate) fn keys(&self) -> &'static [&'static str] {
        self.columns.split_at(self.key.min(self.columns.len())).0
    }

    /// Writes rows; a row whose key is there takes its place. Keys must differ from row to row.
    pub(crate) async fn put<const N: usize>(
        &self,
        connection: &mut AnyConnection,
        rows: &[[Value; N]],
    ) -> Result<(), Error> {
        debug_assert_eq!(N, self.columns.len(), "one value per column of {}", self.name);
        for rows in rows.chunks((PARAMETERS / N.max(1)).max(1)) {
            let mut sql = format!("INSERT INTO {} ({}) VALUES ", self.name, self.list());
            let mut parameter = 0;
            for i in 0..rows.len() {
                sql.push_str(if i == 0 { "(" } else { ", (" });
                for j in 0..N {
                    parameter += 1;
                    sql.push_str(if j == 0 { "$" } else { ", $" });
                    sql.push_str(&parameter.to_string());
                }
                sql.push(')');
            }
            let others = self.columns.iter().filter(|column| !self.keys().contains(column));
            let sets: Vec<String> =
                others.map(|column| format!("{column} = excluded.{column}")).collect();
            for part in
                [" ON CONFLICT (", &self.keys().join(", "), ") DO UPDATE SET ", &sets.join(", ")]
            {
                sql.push_str(part);
            }
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for value in rows.iter().flatten() {
                query = match value {
                    Value::Text(text) => query.bind(text.clone()),
                    Value::Whole(number) => query.bind(*number),
                };
            }
            query
                .execute(&mut *connection)
                .await
                .map_err(failure("writing what a filing comes to"))?;
        }
        Ok(())
    }
}
