//! Collecting findings: every rule speaks, none stops the next.

use hoptac_model::finding::{Finding, Severity};
use hoptac_model::text::Words;
use hoptac_model::words;

/// The longest text in a field, in characters. The longest official name of a cooperative is far shorter.
pub(crate) const TEXT_MAX: usize = 300;

/// Findings about one filing.
#[derive(Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    /// What stops acceptance.
    pub(crate) fn error(
        &mut self,
        code: &'static str,
        field: impl Into<String>,
        message: Words,
        remedy: Words,
    ) {
        self.0.push(Finding::field(code, field, message, remedy));
    }

    /// Whether something stops acceptance.
    pub(crate) fn has_error(&self) -> bool {
        self.0.iter().any(Finding::is_error)
    }

    /// A finding that was made elsewhere.
    pub(crate) fn add(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// What somebody should look at.
    pub(crate) fn warning(
        &mut self,
        code: &'static str,
        field: impl Into<String>,
        message: Words,
        remedy: Words,
    ) {
        let finding = Finding::field(code, field, message, remedy);
        self.0.push(finding.with_severity(Severity::Warning));
    }

    /// A text that must say something.
    pub(crate) fn text(&mut self, field: &str, text: &str) {
        if text.trim().is_empty() {
            self.error(
                "text.empty",
                field,
                words!("chưa ghi gì", "nothing is written"),
                words!("hãy ghi nội dung này", "write it"),
            );
        }
        self.note(field, text);
    }

    /// A text that may be empty: in normal form C, printable, not endless, without blanks at its ends.
    pub(crate) fn note(&mut self, field: &str, text: &str) {
        if hoptac_model::text::nfc(text) != text {
            self.error(
                "text.not-nfc",
                field,
                words!(
                    "chữ viết chưa ở dạng Unicode dựng sẵn (NFC)",
                    "the letters are not in the composed form (Unicode NFC)"
                ),
                words!(
                    "gõ lại, hoặc lưu tệp ở dạng NFC",
                    "type the text anew or save the file as NFC"
                ),
            );
        }
        if text.chars().any(char::is_control) {
            self.error(
                "text.control",
                field,
                words!("có ký tự không in được", "it holds a character that cannot be printed"),
                words!(
                    "viết trên một dòng, không dùng dấu tab",
                    "write it on one line, without tabs"
                ),
            );
        }
        if text.trim() != text && !text.trim().is_empty() {
            self.error(
                "text.blanks",
                field,
                words!("có khoảng trắng ở đầu hoặc cuối", "it begins or ends with a blank"),
                words!("bỏ khoảng trắng", "remove the blank"),
            );
        }
        let length = text.chars().count();
        if length > TEXT_MAX {
            self.error(
                "text.too-long",
                field,
                words!(
                    "có {length} ký tự, tối đa {most}",
                    "it has {length} characters, {most} are allowed",
                    length,
                    most = TEXT_MAX
                ),
                words!("rút ngắn lại", "shorten it"),
            );
        }
    }

    /// An amount that cannot be less than nothing.
    pub(crate) fn not_negative(&mut self, code: &'static str, field: &str, amount: Option<i64>) {
        if let Some(amount) = amount.filter(|amount| *amount < 0) {
            self.error(
                code,
                field,
                words!("{amount} nhỏ hơn 0", "{amount} is less than zero", amount),
                words!("ghi từ 0 trở lên", "write zero or more"),
            );
        }
    }

    /// Findings that were made elsewhere.
    pub(crate) fn extend(&mut self, others: impl IntoIterator<Item = Finding>) {
        self.0.extend(others);
    }

    /// The findings, in the order in which they were made.
    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.0
    }
}
