//! A filing as people and programs hand it in: a JSON object with kind, subject, effective day and body.
//!
//! ```json
//! {"kind": "organisation.suspend", "subject": "organisation/0189…", "effective_on": "2025-09-01",
//!  "expected_version": 3, "key": "2025-09-01/17", "body": {"reason": "mưa lũ"}}
//! ```
//! Everything that is wrong with one is said at once, each with the path of its field. Letters in another Unicode form are
//! composed and a note says so.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{Body, FilingKind, schema};
use crate::finding::{Finding, Severity};
use crate::text::{Words, did_you_mean, few, nearest, nfc};
use crate::words;

/// The longest text that is read as one filing, in bytes.
pub const BYTES_MAX: usize = 10_000_000;

/// A filing that reads well. Whether it can be accepted is for the office to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it is about, as `organisation/<uuid>`, or a registration code; none for a founding that asks for a new identity.
    pub subject: Option<String>,
    /// From when it is effective; none where the document leaves it open.
    pub effective_on: Option<Date>,
    /// The version of the subject that the filer saw.
    pub expected_version: Option<u32>,
    /// A key that makes a repeated submission harmless.
    pub key: Option<String>,
    /// What it says.
    pub body: Body,
}

/// The fields of a document, with whether each must be there.
const FIELDS: [(&str, bool); 6] = [
    ("kind", true),
    ("subject", false),
    ("effective_on", true),
    ("expected_version", false),
    ("key", false),
    ("body", true),
];

/// Reads a whole filing.
pub fn read(text: &str) -> (Option<Document>, Vec<Finding>) {
    let mut findings = Vec::new();
    let Some(mut fields) = object(text, "", &mut findings) else { return (None, findings) };
    for (name, _) in FIELDS.iter().filter(|(name, must)| *must && !fields.contains_key(*name)) {
        findings.push(Finding::field(
            "document.missing-field",
            *name,
            words!("thiếu trường `{name}`", "the field `{name}` is missing", name),
            words!("hãy ghi nội dung này", "write it"),
        ));
    }
    for name in fields.keys().filter(|name| FIELDS.iter().all(|(known, _)| known != name)) {
        let near = nearest(name, FIELDS.iter().map(|(known, _)| *known));
        findings.push(Finding::field(
            "document.unknown-field",
            name.as_str(),
            words!("không có trường `{name}`", "there is no field `{name}`", name),
            near.map_or_else(
                || {
                    words!(
                        "hồ sơ gồm kind, subject, effective_on, expected_version, key và body",
                        "a filing has kind, subject, effective_on, expected_version, key and body"
                    )
                },
                did_you_mean,
            ),
        ));
    }
    let subject = string(&fields, "subject", &mut findings);
    let key = string(&fields, "key", &mut findings);
    let effective_on = string(&fields, "effective_on", &mut findings).and_then(|text| {
        crate::date::parse(&text)
            .map_err(|error| {
                let wrong = error.words();
                let field = "effective_on";
                findings.push(Finding::field("document.date", field, wrong, Words::default()));
            })
            .ok()
    });
    let expected_version = match fields.get("expected_version") {
        None | Some(Value::Null) => None,
        Some(value) => {
            let version = value.as_u64().and_then(|version| u32::try_from(version).ok());
            if version.is_none() {
                findings.push(Finding::field(
                    "document.number",
                    "expected_version",
                    words!(
                        "phiên bản không phải là số nguyên",
                        "the version is not a whole number"
                    ),
                    words!(
                        "ghi phiên bản mà `hoptac org show` hiển thị, hoặc để trống",
                        "write the version that `hoptac org show` prints, or leave it out"
                    ),
                ));
            }
            version
        }
    };
    let kind = string(&fields, "kind", &mut findings)
        .and_then(|code| kind(&code).map_err(|finding| findings.push(finding)).ok());
    let body = match (kind, fields.remove("body")) {
        (Some(kind), Some(value)) => typed(kind, value, &mut findings),
        _ => None,
    };
    if findings.iter().any(Finding::is_error) {
        return (None, findings);
    }
    let document = body.map(|body| Document { subject, effective_on, expected_version, key, body });
    (document, findings)
}

/// Reads the body of a kind alone.
pub fn read_body(kind: FilingKind, text: &str) -> (Option<Body>, Vec<Finding>) {
    let mut findings = Vec::new();
    let body = object(text, "body", &mut findings)
        .and_then(|fields| typed(kind, Value::Object(fields), &mut findings));
    (body, findings)
}

/// The kind that is written so: in full, or without its noun where only one kind ends so.
#[expect(
    clippy::result_large_err,
    reason = "one finding is what there is to say, and it is said once"
)]
pub fn kind(code: &str) -> Result<FilingKind, Finding> {
    let ends =
        |kind: &&FilingKind| kind.code().split_once('.').is_some_and(|(_, verb)| verb == code);
    let mut ending = FilingKind::ALL.iter().filter(ends);
    let of_organisations = FilingKind::from_code(&format!("organisation.{code}"));
    let short =
        of_organisations.or_else(|| ending.next().copied().filter(|_| ending.next().is_none()));
    FilingKind::from_code(code).or(short).ok_or_else(|| {
        let codes = FilingKind::ALL.iter().map(|kind| kind.code());
        let remedy = nearest(code, codes.clone()).map_or_else(
            || {
                let kinds = codes.collect::<Vec<_>>().join(", ");
                words!("các loại hồ sơ là {kinds}", "the kinds are {kinds}", kinds)
            },
            did_you_mean,
        );
        Finding::field(
            "document.kind",
            "kind",
            words!(
                "không có loại hồ sơ `{code}`",
                "there is no kind of filing `{code}`",
                code = few(code)
            ),
            remedy,
        )
    })
}

/// The object that a text holds, with composed letters.
fn object(text: &str, path: &str, findings: &mut Vec<Finding>) -> Option<Map<String, Value>> {
    if text.len() > BYTES_MAX {
        findings.push(Finding::field(
            "document.too-long",
            path,
            words!(
                "văn bản dài {bytes} byte, tối đa {most} byte",
                "the text has {bytes} bytes, {most} are read",
                bytes = text.len(),
                most = BYTES_MAX
            ),
            words!("mỗi lần chỉ nộp một hồ sơ", "hand in one filing at a time"),
        ));
        return None;
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_json::from_str(text) {
        Ok(Value::Object(mut fields)) => {
            let mut composed = Vec::new();
            for (name, value) in &mut fields {
                let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                compose(value, &below, &mut composed, findings);
            }
            for field in composed {
                let note = Finding::field(
                    "document.composed",
                    field,
                    words!(
                        "chữ viết ở dạng Unicode khác đã được chuyển về dạng dựng sẵn (NFC)",
                        "the letters were in another Unicode form and have been composed (NFC)"
                    ),
                    Words::default(),
                );
                findings.push(note.with_severity(Severity::Note));
            }
            Some(fields)
        }
        Ok(_) => {
            findings.push(Finding::field(
                "document.json",
                path,
                words!(
                    "văn bản là JSON nhưng không phải một đối tượng",
                    "the text is JSON, but not an object"
                ),
                words!("mở đầu bằng {{ và kết thúc bằng }}", "begin with {{ and end with }}"),
            ));
            None
        }
        Err(error) => {
            findings.push(Finding::field(
                "document.json",
                path,
                words!(
                    "văn bản không phải là JSON: {error}",
                    "the text is not JSON: {error}",
                    error = error.to_string()
                ),
                words!(
                    "đối chiếu với hồ sơ mẫu, hoặc để phần mềm tạo tệp",
                    "compare it with an example, or let a program write it"
                ),
            ));
            None
        }
    }
}

/// Composes every text and refuses characters that cannot be printed.
fn compose(value: &mut Value, path: &str, composed: &mut Vec<String>, findings: &mut Vec<Finding>) {
    match value {
        Value::String(text) => {
            let normal = nfc(text);
            if normal != *text {
                *text = normal;
                composed.push(path.to_owned());
            }
            // A plan's own text has lines; where lines do not belong, the rules of the kind say so.
            if text.chars().any(|c| c.is_control() && c != '\n') {
                findings.push(Finding::field(
                    "document.control",
                    path,
                    words!("có ký tự không in được", "it holds a character that cannot be printed"),
                    words!(
                        "viết trên một dòng, không dùng dấu tab",
                        "write it on one line, without tabs"
                    ),
                ));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                compose(item, &format!("{path}.{index}"), composed, findings);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                compose(value, &format!("{path}.{name}"), composed, findings);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The typed body, where the value holds against the schema of its kind.
fn typed(kind: FilingKind, value: Value, findings: &mut Vec<Finding>) -> Option<Body> {
    let wrong = schema::check(&schema::of(kind), &value, "body");
    if !wrong.is_empty() {
        // What somebody wrote about members may be personal where it should have been sealed, so that it is not repeated.
        if is_about_members(kind) {
            findings.push(Finding::field(
                "document.members",
                "body",
                words!(
                    "nội dung không đúng biểu mẫu của {kind}, ở {places} chỗ",
                    "the body is not that of {kind}, in {places} places",
                    kind = kind.code(),
                    places = wrong.len()
                ),
                words!(
                    "nộp hồ sơ thành viên bằng lệnh `hoptac member`; lệnh này niêm phong dữ liệu cá nhân",
                    "members are filed with `hoptac member`, which seals what is personal"
                ),
            ));
        } else {
            findings.extend(wrong);
        }
        return None;
    }
    // A schema cannot say everything; what is left is said by the type that reads.
    Body::read(kind, value)
        .map_err(|error| {
            findings.push(Finding::field(
                "document.body",
                "body",
                words!(
                    "có giá trị mà chương trình không nhận (trình đọc nói: {error})",
                    "it holds a value that the program does not take (the reader says: {error})",
                    error = error.to_string()
                ),
                words!(
                    "đối chiếu với lược đồ của loại hồ sơ này",
                    "compare it with the schema of the kind"
                ),
            ));
        })
        .ok()
}

/// Whether the body of a kind holds what is sealed.
fn is_about_members(kind: FilingKind) -> bool {
    kind.code().starts_with("member.")
}

fn string(fields: &Map<String, Value>, name: &str, findings: &mut Vec<Finding>) -> Option<String> {
    match fields.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => {
            findings.push(Finding::field(
                "document.type",
                name,
                words!("`{name}` không phải là chuỗi ký tự", "`{name}` is not a text", name),
                words!("đặt nội dung trong dấu ngoặc kép", "write it between quotation marks"),
            ));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn codes(text: &str, want: &[(&str, &str)]) {
        let (document, findings) = read(text);
        let got: Vec<(&str, &str)> =
            findings.iter().map(|finding| (finding.code, finding.field.as_str())).collect();
        assert_eq!(got, want, "{findings:#?}");
        assert_eq!(document.is_none(), findings.iter().any(Finding::is_error));
    }

    #[test]
    fn a_sound_filing() {
        codes(
            r#"{"kind": "organisation.suspend", "subject": "organisation/x", "effective_on": "2025-01-02", "body": {"reason": "mưa"}}"#,
            &[],
        );
    }
    #[test]
    fn everything_wrong_is_said_at_once() {
        codes(
            r#"{"kind": "organisation.suspned", "sbject": "x", "effective_on": "2025-02-30", "key": 5, "body": {}}"#,
            &[
                ("document.unknown-field", "sbject"),
                ("document.type", "key"),
                ("document.date", "effective_on"),
                ("document.kind", "kind"),
            ],
        );
    }
    #[test]
    fn kinds_are_found_by_their_verb_and_the_nearest_is_named() {
        assert_eq!(kind("suspend").unwrap(), FilingKind::OrganisationSuspend);
        let finding = kind("organisation.suspned").unwrap_err();
        assert_eq!(finding.remedy.en, "did you mean `organisation.suspend`?");
    }
    #[test]
    fn letters_are_composed_and_controls_refused() {
        let text = "{\"kind\": \"suspend\", \"effective_on\": \"2025-01-02\", \"body\": {\"reason\": \"mu\u{31b}a\"}}";
        codes(text, &[("document.composed", "body.reason")]);
        let Body::OrganisationSuspend(reason) = read(text).0.unwrap().body else {
            panic!("another kind")
        };
        assert_eq!(reason.reason, "mưa");
        let text =
            r#"{"kind": "suspend", "effective_on": "2025-01-02", "body": {"reason": "a\u0007"}}"#;
        codes(text, &[("document.control", "body.reason")]);
    }
    #[test]
    fn what_should_have_been_sealed_is_not_repeated() {
        let text = r#"{"kind": "member.join", "subject": "organisation/x", "effective_on": "2025-01-02",
            "body": {"member": {"member": "Nguyễn Văn A", "identity": "020185000001"}, "Nguyễn Văn A": 1}}"#;
        codes(text, &[("document.members", "body")]);
        let said: String = read(text).1.iter().map(Finding::to_string).collect();
        assert!(!said.contains("Nguyễn") && !said.contains("0201"), "{said}");
    }
    #[test]
    fn what_is_no_filing_at_all() {
        codes("[]", &[("document.json", "")]);
        codes("", &[("document.json", "")]);
        codes(&" ".repeat(BYTES_MAX + 1), &[("document.too-long", "")]);
        codes(&"[".repeat(100_000), &[("document.json", "")]);
    }
}
