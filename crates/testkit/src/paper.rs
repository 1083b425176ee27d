//! Filings that change no state of an organisation: returns on their way, waived checks, sheets of scores.

use hoptac_model::filing::annual_return::{ReturnSendBack, ReturnSubmit, ReturnWaive};
use hoptac_model::filing::grade::{GradeReview, GradeSelfScore};
use hoptac_model::filing::{Body, GradeDecide};
use hoptac_model::grading::{Score, Sheet};
use hoptac_model::organisation::Grade;
use jiff::ToSpan;
use jiff::civil::Date;

/// How many different ones there are.
pub const KINDS: u8 = 6;

/// One of them, made with a number.
pub fn body(kind: u8, number: u8, day: Date) -> Option<Body> {
    let year = day.year() - i16::from(number.is_multiple_of(2));
    let count = i64::from(number);
    Some(match kind {
        0 => Body::ReturnSubmit(ReturnSubmit {
            year,
            form_version: 1,
            values: [("members_total", count), ("revenue", count * 1_000_000)]
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
        }),
        1 => Body::ReturnSendBack(ReturnSendBack {
            year,
            reasons: [("revenue".to_owned(), format!("sai {number} chỗ"))].into(),
            note: if number.is_multiple_of(3) {
                "thiếu chữ ký".to_owned()
            } else {
                String::new()
            },
        }),
        2 => Body::ReturnWaive(ReturnWaive {
            year,
            check: format!("quy-tac-{}", number % 3),
            decided_by: "Sở Tài chính".to_owned(),
            reason: "đang đối chiếu".to_owned(),
            until: day.saturating_add(1.year()),
        }),
        3 => Body::GradeSelfScore(GradeSelfScore {
            year,
            ruleset: "tt01-2020".to_owned(),
            sheet: sheet(number),
        }),
        4 => Body::GradeReview(GradeReview {
            year,
            ruleset: "tt01-2020".to_owned(),
            sheet: sheet(number / 2),
        }),
        5 => Body::GradeDecide(GradeDecide {
            year,
            ruleset: "tt01-2020".to_owned(),
            score_tenths: i32::from(number),
            grade: Grade::Weak,
            sheet: Some(sheet(number)),
        }),
        _ => return None,
    })
}

/// One criterion with a score, a value and its evidence.
pub fn sheet(number: u8) -> Sheet {
    let score = Score {
        tenths: i32::from(number),
        measured: number.is_multiple_of(2).then_some(i64::from(number) * 1_000),
        evidence: "báo cáo tài chính".to_owned(),
        reason: String::new(),
    };
    Sheet { scores: [("1a".to_owned(), score)].into(), fined: number.is_multiple_of(5) }
}
