//! What happens to a roll as people and programs hand it in: a JSON object by the kind of filing.
//!
//! ```json
//! {"members": [{"kind": "person", "class": "official", "capital": 5000000, "name": "…", "personal_number": "…"}]}
//! {"member": {"kind": "household", "class": "official", "capital": 5000000, "name": "…"}}
//! {"member": "0190…", "change": {"capital": 7000000}}
//! {"member": "0190…", "cause": "resigned"}
//! {"from": "0190…", "to": "0190…", "amount": 1000000, "leaves": false}
//! {"from": "0190…", "enters": {"kind": "person", …}, "amount": 1000000, "leaves": true}
//! ```
//! Everything wrong is said at once, and nothing that was written is repeated.

use hoptac_model::filing::FilingKind;
use hoptac_model::filing::document::BYTES_MAX;
use hoptac_model::finding::Finding;
use hoptac_model::ids::MemberId;
use hoptac_model::member::{LeaveCause, form};
use hoptac_model::words;
use serde_json::{Map, Value};

use super::sealing::{Act, Receiver};

/// Reads what happens to a roll.
pub fn read_act(kind: FilingKind, text: &str) -> (Option<Act>, Vec<Finding>) {
    if text.len() > BYTES_MAX {
        let finding = Finding::field(
            "member.too-long",
            "",
            words!(
                "văn bản có {length} byte, chỉ đọc đến {most}",
                "the text has {length} bytes, {most} are read",
                length = text.len(),
                most = BYTES_MAX
            ),
            words!("nộp từng hồ sơ một", "hand in one filing at a time"),
        );
        return (None, vec![finding]);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => act(kind, &fields),
        // A list is a roll.
        Ok(Value::Array(members)) if kind == FilingKind::MemberRoll => {
            let fields = Map::from_iter([("members".to_owned(), Value::Array(members))]);
            act(kind, &fields)
        }
        // The error of a reader names a line and a column, never what stands there.
        Ok(_) | Err(_) => {
            let finding = Finding::field(
                "member.json",
                "",
                words!("văn bản không phải một đối tượng JSON", "the text is no JSON object"),
                words!(
                    "bắt đầu bằng {{ và kết thúc bằng }}, hoặc để chương trình ghi",
                    "begin with {{ and end with }}, or let a program write it"
                ),
            );
            (None, vec![finding])
        }
    }
}

/// The fields that a kind has.
fn fields_of(kind: FilingKind) -> &'static [&'static str] {
    if kind == FilingKind::MemberRoll {
        &["members"]
    } else if kind == FilingKind::MemberJoin {
        &["member"]
    } else if kind == FilingKind::MemberChange {
        &["member", "change"]
    } else if kind == FilingKind::MemberLeave {
        &["member", "cause"]
    } else {
        &["from", "to", "enters", "amount", "leaves"]
    }
}

fn act(kind: FilingKind, fields: &Map<String, Value>) -> (Option<Act>, Vec<Finding>) {
    let mut reader = Reader { fields, findings: Vec::new() };
    let known = fields_of(kind);
    let unknown = fields.keys().filter(|name| !known.contains(&name.as_str())).count();
    if unknown > 0 {
        reader.findings.push(Finding::field(
            "member.unknown-field",
            "",
            words!(
                "có {unknown} trường không dùng được",
                "{unknown} fields are not known",
                unknown
            ),
            words!("các trường là {all}", "the fields are {all}", all = known.join(", ")),
        ));
    }
    let act = if kind == FilingKind::MemberRoll {
        reader.roll()
    } else if kind == FilingKind::MemberJoin {
        reader.form("member").map(Act::Join)
    } else if kind == FilingKind::MemberChange {
        reader.change()
    } else if kind == FilingKind::MemberLeave {
        let (member, cause) = (reader.member("member"), reader.cause());
        member.zip(cause).map(|(member, cause)| Act::Leave { member, cause })
    } else {
        reader.transfer()
    };
    let findings = reader.findings;
    (act.filter(|_| !findings.iter().any(Finding::is_error)), findings)
}

struct Reader<'v> {
    fields: &'v Map<String, Value>,
    findings: Vec<Finding>,
}

impl<'v> Reader<'v> {
    fn must(&mut self, name: &str) -> Option<&'v Value> {
        let found = self.fields.get(name).filter(|value| !value.is_null());
        if found.is_none() {
            self.findings.push(Finding::field(
                "member.missing-field",
                name,
                words!("thiếu trường `{name}`", "the field `{name}` is missing", name),
                words!("điền vào", "write it"),
            ));
        }
        found
    }

    fn wrong(&mut self, name: &str, remedy: hoptac_model::text::Words) {
        self.findings.push(Finding::field(
            "member.value",
            name,
            words!("giá trị không dùng được", "it cannot stand here"),
            remedy,
        ));
    }

    fn form(&mut self, name: &str) -> Option<form::Form> {
        let (form, findings) = form::read(self.must(name)?, name);
        self.findings.extend(findings);
        form
    }

    fn roll(&mut self) -> Option<Act> {
        let Value::Array(members) = self.must("members")? else {
            self.wrong("members", words!("ghi thành danh sách", "write a list"));
            return None;
        };
        let mut forms = Vec::with_capacity(members.len());
        for (at, member) in members.iter().enumerate() {
            let (form, findings) = form::read(member, &format!("members[{at}]"));
            self.findings.extend(findings);
            forms.extend(form);
        }
        Some(Act::Roll(forms))
    }

    fn change(&mut self) -> Option<Act> {
        let member = self.member("member");
        let (change, findings) = form::read_change(self.must("change")?, "change");
        self.findings.extend(findings);
        member.zip(change).map(|(member, change)| Act::Change { member, change })
    }

    fn member(&mut self, name: &str) -> Option<MemberId> {
        let member = self.must(name)?.as_str().and_then(|text| text.parse().ok());
        if member.is_none() {
            self.wrong(
                name,
                words!(
                    "ghi mã thành viên như `hoptac member list` hiển thị",
                    "write the identity that `hoptac member list` shows"
                ),
            );
        }
        member
    }

    fn cause(&mut self) -> Option<LeaveCause> {
        let cause = self.must("cause")?.as_str().and_then(LeaveCause::from_code);
        if cause.is_none() {
            let all: Vec<&str> = LeaveCause::ALL.iter().map(|cause| cause.code()).collect();
            let all = all.join(", ");
            self.wrong("cause", words!("ghi một trong {all}", "write one of {all}", all));
        }
        cause
    }

    fn transfer(&mut self) -> Option<Act> {
        let from = self.member("from");
        let amount = self.must("amount").and_then(|value| {
            let amount = value.as_i64();
            if amount.is_none() {
                self.wrong("amount", words!("ghi số nguyên đồng", "write a whole number of đồng"));
            }
            amount
        });
        let leaves = match self.fields.get("leaves") {
            None | Some(Value::Null) => Some(false),
            Some(value) => {
                if !value.is_boolean() {
                    self.wrong("leaves", words!("ghi true hoặc false", "write true or false"));
                }
                value.as_bool()
            }
        };
        let to = if self.fields.contains_key("enters") {
            if self.fields.contains_key("to") {
                self.wrong(
                    "to",
                    words!(
                        "bỏ trống người nhận khi người đó vào sổ nhờ chuyển nhượng",
                        "leave the receiver out where it enters by the transfer"
                    ),
                );
            }
            self.form("enters").map(Receiver::Enters)
        } else {
            self.member("to").map(Receiver::Member)
        };
        Some(Act::Transfer { from: from?, to: to?, amount: amount?, leaves: leaves? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn codes(kind: FilingKind, text: &str, want: &[(&str, &str)]) {
        let (act, findings) = read_act(kind, text);
        let got: Vec<(&str, &str)> = findings.iter().map(|f| (f.code, f.field.as_str())).collect();
        assert_eq!(got, want, "{findings:#?}");
        assert_eq!(act.is_some(), want.is_empty());
        let said: String = findings.iter().map(Finding::to_string).collect();
        assert!(!said.contains("Nguyễn"), "{said}");
    }

    #[test]
    fn what_reads_well() {
        let form =
            r#"{"kind": "household", "class": "official", "capital": 5, "name": "Mẫu Văn An"}"#;
        let id = "01900000-0000-7000-8000-000000000001";
        codes(FilingKind::MemberRoll, &format!("[{form}, {form}]"), &[]);
        codes(FilingKind::MemberJoin, &format!(r#"{{"member": {form}}}"#), &[]);
        codes(FilingKind::MemberLeave, &format!(r#"{{"member": "{id}", "cause": "ended"}}"#), &[]);
        codes(
            FilingKind::MemberTransfer,
            &format!(r#"{{"from": "{id}", "enters": {form}, "amount": 5, "leaves": true}}"#),
            &[],
        );
        codes(
            FilingKind::MemberChange,
            &format!(r#"{{"member": "{id}", "change": {{"capital": 7}}}}"#),
            &[],
        );
    }
    #[test]
    fn everything_wrong_is_said_at_once_and_never_repeated() {
        codes(
            FilingKind::MemberRoll,
            "[\"Nguyễn Văn A\", {\"Nguyễn\": 1}]",
            &[("member.json", "members[0]"), ("member.unknown-field", "members[1]")],
        );
        codes(
            FilingKind::MemberLeave,
            r#"{"member": "Nguyễn Văn A", "cause": "Nguyễn", "Nguyễn": 1}"#,
            &[("member.unknown-field", ""), ("member.value", "member"), ("member.value", "cause")],
        );
        codes(
            FilingKind::MemberTransfer,
            r#"{"to": 5, "amount": "5 triệu", "leaves": 1}"#,
            &[
                ("member.missing-field", "from"),
                ("member.value", "amount"),
                ("member.value", "leaves"),
                ("member.value", "to"),
            ],
        );
        codes(FilingKind::MemberJoin, "Nguyễn Văn A", &[("member.json", "")]);
        codes(FilingKind::MemberJoin, &" ".repeat(BYTES_MAX + 1), &[("member.too-long", "")]);
    }
}
