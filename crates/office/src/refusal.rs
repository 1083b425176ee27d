//! Why a filing was not accepted, as a sentence for the one who filed it.

use hoptac_model::filing::FilingKind;
use hoptac_model::finding::Finding;
use hoptac_model::ids::FilingId;
use hoptac_model::text::Words;
use hoptac_model::words;
use hoptac_store::Error;
use jiff::Timestamp;
use jiff::civil::Date;

use hoptac_model::account::Role;

/// Why a filing was not accepted. Nothing of it was saved. It prints in English; [`Refusal::sentence`] has both languages.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.sentence().en)]
pub enum Refusal {
    /// The role may not file the kind.
    NotAllowed {
        /// Who filed.
        role: Role,
        /// What was filed.
        kind: FilingKind,
    },
    /// The role may file the kind, but not for this part.
    #[error(
        "{role} may file {} only within the scope that was granted; ask somebody whose it is",
        kind.code()
    )]
    OutOfScope {
        /// Who filed.
        role: Role,
        /// What was filed.
        kind: FilingKind,
    },
    /// Something in it is wrong.
    Invalid(Vec<Finding>),
    /// Its key was used for something else.
    KeyTaken {
        /// The key.
        key: String,
        /// Where the other filing stands.
        position: u64,
    },
    /// Somebody else has filed about the same thing.
    Changed {
        /// What both filed about.
        subject: String,
        /// The version that the filer saw.
        expected: u32,
        /// The version that it has.
        actual: u32,
        /// What was filed in between: kind and day of each, in order.
        changes: Vec<(FilingKind, Date)>,
    },
    /// It would stand behind filings that were recorded later.
    RecordedBack {
        /// When it was recorded.
        recorded_at: Timestamp,
        /// When the last filing of the ledger was.
        head: Timestamp,
    },
    /// One of many was refused, so that none of its lot was saved.
    InLot {
        /// Its number among those that were given, from 1.
        number: u64,
        /// Its kind.
        kind: &'static str,
        /// Its identity.
        id: FilingId,
        /// Why.
        #[source]
        refusal: Box<Refusal>,
    },
    /// What is sealed does not open with the key that was given.
    MasterKey,
    /// The store could not do it.
    #[error(transparent)]
    Store(Error),
}

impl Refusal {
    /// The findings behind it, where it has any.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Invalid(findings) => findings,
            Self::InLot { refusal, .. } => refusal.findings(),
            Self::NotAllowed { .. }
            | Self::OutOfScope { .. }
            | Self::KeyTaken { .. }
            | Self::Changed { .. }
            | Self::RecordedBack { .. }
            | Self::MasterKey
            | Self::Store(_) => &[],
        }
    }

    /// Why, with all particulars and what to do, in both languages.
    pub fn sentence(&self) -> Words {
        match self {
            Self::NotAllowed { role, kind } => words!(
                "vai trò “{role}” không được nộp hồ sơ {kind}; hãy đề nghị cơ quan có \
                thẩm quyền",
                "{role} may not file {kind}; ask somebody whose office it is",
                role = Words::new(role.words().vi, role.to_string()),
                kind = kind.code()
            ),
            Self::OutOfScope { role, kind } => words!(
                "vai trò “{role}” chỉ nộp được hồ sơ {kind} trong phạm vi được giao; hãy đề nghị người phụ trách \
                 phạm vi đó",
                "{role} may file {kind} only within the scope that was granted; ask somebody whose it is",
                role = Words::new(role.words().vi, role.to_string()),
                kind = kind.code()
            ),
            Self::Invalid(findings) => first_of(findings),
            Self::KeyTaken { key, position } => words!(
                "mã gửi `{key}` đã dùng cho một hồ sơ khác, số {position} trong sổ cái; \
                 hồ sơ mới cần mã gửi riêng",
                "the key `{key}` was used for another filing, at position {position}; \
                 a new filing needs a key of its own",
                key,
                position
            ),
            Self::Changed { subject, expected, actual, changes } => words!(
                "{subject} đã thay đổi kể từ khi được đọc, từ phiên bản {expected} thành {actual} \
                 ({changes}); hãy xem lại rồi nộp lại",
                "{subject} has changed since it was read, from version {expected} to {actual} \
                 ({changes}); look at it again and file anew",
                subject,
                expected,
                actual,
                changes = listed(changes)
            ),
            Self::RecordedBack { recorded_at, head } => words!(
                "hồ sơ ghi nhận lúc {recorded_at}, nhưng sổ cái đã có hồ sơ ghi nhận lúc {head}; \
                 hãy kiểm tra đồng hồ",
                "it was recorded at {recorded_at}, but the ledger already holds a filing recorded \
                 at {head}; check the clock",
                recorded_at = recorded_at.to_string(),
                head = head.to_string()
            ),
            Self::InLot { number, kind, id, .. } => words!(
                "hồ sơ thứ {number} ({kind}, {id}) bị từ chối nên cả lô chưa được lưu",
                "filing {number} ({kind}, {id}) was refused, so nothing of its lot was saved",
                number,
                kind,
                id
            ),
            Self::MasterKey => words!(
                "khóa chính không mở được khóa của cơ sở dữ liệu này; hãy dùng tệp khóa của chính nó",
                "the master key does not open the keys of this database; use the key file that \
                 belongs to it"
            ),
            Self::Store(error) => words!(
                "cơ sở dữ liệu không lưu được hồ sơ, chưa có gì thay đổi ({error})",
                "{error}",
                error = error.words()
            ),
        }
    }

    /// What a page says above the particulars, in both languages.
    pub fn words(&self) -> Words {
        match self {
            Self::NotAllowed { role, .. } => Words::new(
                format!("Vai trò “{}” không được nộp loại hồ sơ này", role.words().vi),
                format!("The role of {role} may not file this"),
            ),
            Self::OutOfScope { role, .. } => Words::new(
                format!("Ngoài phạm vi được giao cho vai trò “{}”", role.words().vi),
                format!("Outside the scope that was granted to the {role}"),
            ),
            Self::Invalid(findings) => {
                let errors = findings.iter().filter(|finding| finding.is_error()).count();
                Words::new(
                    format!("Hồ sơ chưa được chấp nhận: {errors} điểm cần sửa"),
                    match errors {
                        1 => "Not accepted: one thing needs to be put right".to_owned(),
                        _ => format!("Not accepted: {errors} things need to be put right"),
                    },
                )
            }
            Self::KeyTaken { position, .. } => Words::new(
                format!("Mã gửi này đã dùng cho một hồ sơ khác (số {position} trong sổ cái)"),
                format!(
                    "This submission's key was used for another filing ({position} in the ledger)"
                ),
            ),
            Self::Changed { .. } => Words::new(
                "Đối tượng đã thay đổi kể từ khi bạn mở; hãy xem lại rồi nộp lại",
                "It has changed since you opened it; look at it again and file anew",
            ),
            Self::RecordedBack { .. } => Words::new(
                "Đồng hồ máy chủ chạy chậm hơn sổ cái; hãy kiểm tra giờ hệ thống",
                "The server's clock is behind the ledger; check its time",
            ),
            Self::InLot { number, refusal, .. } => {
                let Words { vi, en } = refusal.words();
                Words::new(
                    format!("Hồ sơ thứ {number} bị từ chối, cả lô chưa được lưu. {vi}"),
                    format!("Filing {number} was refused and its lot was not saved. {en}"),
                )
            }
            Self::MasterKey => Words::new(
                "Khóa chính không mở được khóa của cơ sở dữ liệu này",
                "The master key does not open the keys of this database",
            ),
            Self::Store(_) => Words::new(
                "Cơ sở dữ liệu không lưu được hồ sơ; chưa có gì thay đổi",
                "The database could not save the filing; nothing has changed",
            ),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        // Only one of the store's errors is the filer's own business; a conflict is told by the clerk, who knows more.
        if let Error::RecordedBack { recorded_at, head } = error {
            return Self::RecordedBack { recorded_at, head };
        }
        Self::Store(error)
    }
}

/// What was filed in between, in few words.
fn listed(changes: &[(FilingKind, Date)]) -> Words {
    let each = changes.iter().map(|(kind, day)| {
        words!("{kind} từ ngày {day}", "{kind} from {day}", kind = kind.code(), day)
    });
    let joined = each.reduce(|one, other| words!("{one}, {other}", "{one}, {other}", one, other));
    joined.unwrap_or_default()
}

/// The first error as a sentence, and how many there are besides.
fn first_of(findings: &[Finding]) -> Words {
    let mut errors = findings.iter().filter(|finding| finding.is_error());
    let Some(first) = errors.next() else {
        return words!("hồ sơ bị từ chối", "it was refused");
    };
    let more = match errors.count() {
        0 => Words::default(),
        1 => words!("; còn một điểm nữa cần sửa", "; one more thing is wrong"),
        count => words!("; còn {count} điểm nữa cần sửa", "; {count} more things are wrong", count),
    };
    let at = if first.field.is_empty() { String::new() } else { format!("{}: ", first.field) };
    words!(
        "{at}{message} ({code}){more}",
        "{at}{message} ({code}){more}",
        at,
        message = first.message,
        code = first.code,
        more
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use hoptac_model::finding::Severity;

    #[track_caller]
    fn check(refusal: &Refusal, vi: &str, message: &str) {
        assert_eq!(refusal.words().vi, vi);
        assert_eq!(refusal.to_string(), message);
    }

    fn invalid() -> Refusal {
        let error = |field| {
            Finding::field(
                "text.empty",
                field,
                words!("chưa ghi gì", "nothing is written"),
                words!("hãy ghi nội dung này", "write it"),
            )
        };
        let warning = error("reason").with_severity(Severity::Warning);
        Refusal::Invalid(vec![warning, error("name"), error("product")])
    }

    #[test]
    fn findings_are_counted_without_the_warnings() {
        check(
            &invalid(),
            "Hồ sơ chưa được chấp nhận: 2 điểm cần sửa",
            "name: nothing is written (text.empty); one more thing is wrong",
        );
    }
    #[test]
    fn a_lot_says_which_filing_and_why() {
        let id = "01890000-0000-7000-8000-000000000001".parse().unwrap();
        let refusal = Box::new(invalid());
        let lot = Refusal::InLot { number: 3, kind: "link.sign", id, refusal };
        check(
            &lot,
            "Hồ sơ thứ 3 bị từ chối, cả lô chưa được lưu. Hồ sơ chưa được chấp nhận: 2 điểm cần sửa",
            "filing 3 (link.sign, 01890000-0000-7000-8000-000000000001) was refused, \
             so nothing of its lot was saved",
        );
        assert_eq!(lot.findings().len(), 3);
    }
    #[test]
    fn a_role_is_named_in_the_readers_language() {
        let refusal = Refusal::NotAllowed { role: Role::Leader, kind: FilingKind::LinkSign };
        check(
            &refusal,
            "Vai trò “lãnh đạo” không được nộp loại hồ sơ này",
            "leader may not file link.sign; ask somebody whose office it is",
        );
    }
}
