//! What people write from the public side: read at the door, kept sealed beside the ledger, and led to a task.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ids::UnitId;
use crate::text::{Words, nfc};
use crate::words;

/// The fewest letters of a message.
pub const LETTERS_MIN: usize = 10;
/// The most letters of a message.
pub const LETTERS_MAX: usize = 2000;
/// How many addresses of pages a message may hold; what wants to sell something holds more.
pub const LINKS_MAX: usize = 2;

/// A message as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// The code by which whoever wrote it asks about it.
    pub code: String,
    /// When it came.
    pub sent_at: Timestamp,
    /// The target or indicator that it is about; empty where it is about none.
    pub about: String,
    /// The unit that it goes to.
    pub unit: UnitId,
    /// The task that it led to.
    pub task: String,
    /// What was written, sealed with the instance's key.
    pub sealed: String,
}

/// Why a message is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words().en)]
pub enum FeedbackError {
    /// It says too little.
    Short,
    /// It says too much.
    Long,
    /// It is full of addresses.
    Links,
}

impl FeedbackError {
    /// Why, with what to do, in both languages.
    pub fn words(self) -> Words {
        match self {
            Self::Short => words!(
                "ý kiến cần ít nhất {least} chữ; hãy viết rõ hơn",
                "a message has at least {least} letters; write a little more",
                least = LETTERS_MIN
            ),
            Self::Long => words!(
                "ý kiến dài quá {most} chữ; hãy rút gọn hoặc gửi làm nhiều lần",
                "a message has at most {most} letters; shorten it, or send several",
                most = LETTERS_MAX
            ),
            Self::Links => words!(
                "ý kiến có quá {most} địa chỉ trang mạng; hãy bỏ bớt",
                "a message has at most {most} addresses of pages; take some away",
                most = LINKS_MAX
            ),
        }
    }
}

/// Reads what was written: one line break at most between paragraphs, nothing that cannot be seen.
pub fn read(text: &str) -> Result<String, FeedbackError> {
    let lines = text.lines().map(|line| {
        let seen: String = line.chars().filter(|c| !c.is_control()).collect();
        seen.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    let text = nfc(&lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"));
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    if letters < LETTERS_MIN {
        return Err(FeedbackError::Short);
    }
    if text.chars().count() > LETTERS_MAX {
        return Err(FeedbackError::Long);
    }
    if text.matches("://").count() + text.matches("www.").count() > LINKS_MAX {
        return Err(FeedbackError::Links);
    }
    Ok(text)
}

/// The code of the task to which everything leads that a unit is sent on a day: a flood of messages is one task.
pub fn task_code(unit: &UnitId, day: Date) -> String {
    let unit = unit.as_str().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    format!("YK-{}{:02}{:02}-{unit}", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[track_caller]
    fn check(text: &str, want: Result<&str, FeedbackError>) {
        assert_eq!(read(text), want.map(str::to_owned));
    }

    #[test]
    fn words_are_kept_and_blanks_are_not() {
        check("  Chợ   chưa có\r\n\r\n\u{7}điểm bán  ", Ok("Chợ chưa có\nđiểm bán"));
    }
    #[test]
    fn what_says_nothing_is_not_taken() {
        check("…………………………", Err(FeedbackError::Short));
        check("ngắn", Err(FeedbackError::Short));
    }
    #[test]
    fn what_is_too_long_or_sells_something_is_not_taken() {
        check(&"a".repeat(LETTERS_MAX + 1), Err(FeedbackError::Long));
        let links = "mua hàng tại http://a.vn www.b.vn https://c.vn";
        check(links, Err(FeedbackError::Links));
    }
    #[test]
    fn a_day_of_a_unit_has_one_task() {
        let code = task_code(&UnitId::from("06112.2025"), date(2026, 3, 5));
        assert_eq!(code, "YK-20260305-06112-2025");
        assert!(crate::task::is_code(&code));
    }
}
