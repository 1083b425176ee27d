//! Who issues a document, under which number, on which day, and who signs it in whose name.

use hoptac_model::account::SignsFor;
use hoptac_model::report::ReportUnit;
use jiff::civil::Date;

use crate::document::{Closing, Heading};

/// What people say about a document before it is written. What they leave open stays open on paper, as in a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// The issuing office, as `Sở Tài chính`; the people's committee of the unit where none is named.
    pub office: Option<String>,
    /// As `12/BC-UBND`.
    pub number: Option<String>,
    /// The day of the document.
    pub day: Option<Date>,
    /// Who signs.
    pub signer: Option<String>,
    /// The post of whoever signs; by default that of the head or deputy that the capacity asks for.
    pub post: Option<String>,
    /// In whose name: TM., KT., TL., TUQ.
    pub capacity: Option<SignsFor>,
    /// Nơi nhận.
    pub recipients: Vec<String>,
}

impl Letterhead {
    /// The head of a document of a kind, without what it is about.
    pub(crate) fn heading(&self, kind: &str, symbol: &str, unit: &ReportUnit) -> Heading {
        let committee = format!("Ủy ban nhân dân {}", lower_first(&unit.name));
        let (superior, issuer, initials) = if let Some(office) = &self.office {
            (committee.to_uppercase(), vec![office.to_uppercase()], initials(office))
        } else {
            let lines = vec!["ỦY BAN NHÂN DÂN".to_owned(), unit.name.to_uppercase()];
            (String::new(), lines, "UBND".to_owned())
        };
        let number = match &self.number {
            Some(number) => number.clone(),
            // A draft leaves room for the number that the registry will give.
            None => format!("……/{symbol}-{initials}"),
        };
        Heading {
            superior,
            issuer,
            number,
            place_and_date: format!("{}, {}", short_name(&unit.name), self.day_line()),
            kind: kind.to_owned(),
            subject: Vec::new(),
            notice: String::new(),
        }
    }

    /// The foot of a document.
    pub(crate) fn closing(&self, recipients: &[&str]) -> Closing {
        let recipients = if self.recipients.is_empty() {
            recipients.iter().map(|line| (*line).to_owned()).collect()
        } else {
            self.recipients.clone()
        };
        Closing {
            recipients,
            capacity: self.capacity_lines(),
            signer: self.signer.clone().unwrap_or_default(),
        }
    }

    /// Who issues, as it stands in a sentence.
    pub(crate) fn issuer_in_sentence(&self, unit: &ReportUnit) -> String {
        match &self.office {
            Some(office) => office.clone(),
            None => format!("Ủy ban nhân dân {}", lower_first(&unit.name)),
        }
    }

    fn day_line(&self) -> String {
        let Some(day) = self.day else {
            return "ngày …… tháng …… năm ……".to_owned();
        };
        // Days below ten and the months January and February are written with a zero, so that nothing can be put before.
        let month =
            if day.month() < 3 { format!("{:02}", day.month()) } else { day.month().to_string() };
        format!("ngày {:02} tháng {month} năm {}", day.day(), day.year())
    }

    fn capacity_lines(&self) -> Vec<String> {
        let (head, deputy, body) = match &self.office {
            Some(_) => ("GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", None),
            None => ("CHỦ TỊCH", "PHÓ CHỦ TỊCH", Some("TM. ỦY BAN NHÂN DÂN")),
        };
        let post = self.post.as_ref().map(|post| post.to_uppercase());
        let mut lines = Vec::new();
        match self.capacity {
            // The head of an office signs for it alone; a committee is signed for.
            None | Some(SignsFor::Tm) => {
                lines.extend(body.map(str::to_owned));
                lines.push(post.unwrap_or_else(|| head.to_owned()));
            }
            Some(SignsFor::Kt) => {
                lines.extend(body.map(str::to_owned));
                lines.push(format!("KT. {head}"));
                lines.push(post.unwrap_or_else(|| deputy.to_owned()));
            }
            Some(form @ (SignsFor::Tl | SignsFor::Tuq)) => {
                lines.push(format!("{} {head}", form.letters()));
                lines.extend(post);
            }
        }
        lines
    }
}

/// `Tỉnh Lạng Sơn` as it stands in a sentence: `tỉnh Lạng Sơn`.
pub(crate) fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The name without its type word.
fn short_name(name: &str) -> &str {
    const TYPES: [&str; 9] = [
        "Thành phố ",
        "Thị trấn ",
        "Thị xã ",
        "Đặc khu ",
        "Phường ",
        "Huyện ",
        "Quận ",
        "Tỉnh ",
        "Xã ",
    ];
    TYPES.iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name)
}

/// The letters of an office in its symbol: Sở Tài chính, STC.
fn initials(office: &str) -> String {
    office
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hoptac_model::ids::UnitId;
    use hoptac_model::unit::Level;
    use jiff::civil::date;

    fn province() -> ReportUnit {
        ReportUnit {
            id: UnitId::from("20"),
            code: "20".to_owned(),
            name: "Tỉnh Lạng Sơn".to_owned(),
            level: Level::Province,
        }
    }

    #[track_caller]
    fn signed(office: Option<&str>, capacity: Option<SignsFor>, post: Option<&str>, want: &[&str]) {
        let letterhead = Letterhead {
            office: office.map(str::to_owned),
            capacity,
            post: post.map(str::to_owned),
            ..Letterhead::default()
        };
        assert_eq!(letterhead.closing(&[]).capacity, want);
    }

    #[test]
    fn a_committee_is_signed_for() {
        signed(None, None, None, &["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]);
    }
    #[test]
    fn a_deputy_signs_for_the_head() {
        signed(
            None,
            Some(SignsFor::Kt),
            None,
            &["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        );
        signed(Some("Sở Tài chính"), Some(SignsFor::Kt), None, &["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]);
    }
    #[test]
    fn by_order_the_post_is_named() {
        signed(
            None,
            Some(SignsFor::Tl),
            Some("Chánh Văn phòng"),
            &["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"],
        );
    }
    #[test]
    fn january_has_a_zero_and_may_has_none() {
        let line = |day| Letterhead { day: Some(day), ..Letterhead::default() }.day_line();
        assert_eq!(line(date(2026, 1, 5)), "ngày 05 tháng 01 năm 2026");
        assert_eq!(line(date(2023, 5, 15)), "ngày 15 tháng 5 năm 2023");
    }
    #[test]
    fn an_office_stands_under_its_committee() {
        let letterhead =
            Letterhead { office: Some("Sở Tài chính".to_owned()), ..Letterhead::default() };
        let heading = letterhead.heading("BÁO CÁO", "BC", &province());
        assert_eq!(heading.superior, "ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN");
        assert_eq!(heading.issuer, ["SỞ TÀI CHÍNH"]);
        assert_eq!(heading.number, "……/BC-STC");
    }
}
