//! Sentences and clauses: how far the words reach that speak of one number.

use super::coordination::Quantity;
use super::token::{Kind, Tokens};
use super::unit;

/// The stretch of words about one number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause {
    /// Where its sentence begins.
    pub(super) sentence: usize,
    /// Behind its sentence.
    pub(super) sentence_end: usize,
    /// The first word that is not another number's.
    pub(super) from: usize,
    /// Behind the last word.
    pub(super) to: usize,
}

/// How many words before a number are looked at.
const REACH: usize = 250;

/// The sentences of a paragraph.
pub(super) fn sentences(tokens: &Tokens, from: usize, to: usize) -> Vec<(usize, usize)> {
    let mut sentences = Vec::new();
    let mut start = from;
    for at in from..to {
        let next = tokens.skip_lines(at + 1);
        let ends = match tokens.word(at) {
            "." => next >= to || tokens.is_capital(next) || !tokens.is(next, Kind::Word),
            "!" | "?" => true,
            _ => false,
        };
        // "TP. Cao Bằng" and "ThS. An" are no ends.
        let short = tokens.word(at) == "."
            && at.checked_sub(1).is_some_and(|at| {
                tokens.get(at).is_some_and(|t| t.text == "TP" || t.text == "Tp" || t.text == "TX")
            });
        if ends && !short {
            sentences.push((start, at + 1));
            start = at + 1;
        }
    }
    if start < to {
        sentences.push((start, to));
    }
    sentences
}

/// Where the clause of a number reaches, between the numbers beside it.
pub(super) fn around(
    tokens: &Tokens,
    sentence: (usize, usize),
    quantity: &Quantity,
    floor: usize,
    ceiling: usize,
) -> Clause {
    // A list of many pages may be one sentence; nothing further away speaks of this number.
    let sentence = (sentence.0.max(quantity.number.saturating_sub(REACH)), sentence.1);
    let from = opens(tokens, floor.max(sentence.0), quantity.start);
    // "đạt 1,5% GRDP, trong đó kinh phí từ xã hội chiếm 60%": the part begins behind its word.
    let from = tokens
        .last(from, quantity.start, &["trong đó", "trong số đó", "trong số này"])
        .filter(|at| *at + 3 < quantity.start)
        .unwrap_or(from);
    let from = skip_joints(tokens, from, quantity.start);
    let to = (quantity.end..ceiling.min(sentence.1))
        .find(|at| ends_clause(tokens, *at))
        .unwrap_or(ceiling.min(sentence.1));
    // "60 hợp tác xã với" ends before what joins it to the next number.
    let to = (quantity.end..to)
        .rev()
        .find(|at| {
            !matches!(tokens.word(*at), "với" | "và" | "có" | "-" | ":" | "\n" | "phấn" | "đấu")
        })
        .map_or(quantity.end, |at| at + 1);
    Clause { sentence: sentence.0, sentence_end: sentence.1, from, to: to.max(quantity.end) }
}

/// Where the clause of a number begins: behind a stop, or behind a bracket that is still open (`tổng hợp (TFP) vào tăng trưởng
/// đạt 50%` does not begin in its bracket).
fn opens(tokens: &Tokens, floor: usize, number: usize) -> usize {
    let mut closed = 0;
    for at in (floor..number).rev() {
        match tokens.word(at) {
            ")" => closed += 1,
            "(" if closed > 0 => closed -= 1,
            "(" => return at + 1,
            ";" | ":" if closed == 0 => return at + 1,
            _ => {}
        }
    }
    floor
}

fn ends_clause(tokens: &Tokens, at: usize) -> bool {
    // "100% cán bộ, công chức được bồi dưỡng", "50% xã, phường triển khai": one subject.
    let joins = tokens.word(at) == ","
        && tokens.is(at + 1, Kind::Word)
        && !tokens.is_capital(at + 1)
        && matches!(
            tokens.word(at + 1),
            "xã" | "phường" | "thị" | "thành" | "huyện" | "công" | "viên" | "đơn" | "doanh" | "hợp"
        )
        && unit::counted(tokens, at + 1).is_some();
    !joins && matches!(tokens.word(at), ";" | "." | ")" | "(" | ",")
        || tokens.any(at, &["trong đó", "đồng thời", "trong số", "không còn", "không để"]).is_some()
}

/// Leaves out what only joins a clause to the one before.
pub(super) fn skip_joints(tokens: &Tokens, from: usize, to: usize) -> usize {
    let mut at = from;
    while at < to {
        let is_joint = tokens.is(at, Kind::Line)
            || matches!(
                tokens.word(at),
                "," | ";" | "." | ":" | ")" | "(" | "và" | "với" | "-" | "+" | "–"
            );
        let phrase = tokens.any(
            at,
            &[
                "trong đó",
                "trong số này",
                "trong số đó",
                "đồng thời",
                "phấn đấu",
                "cụ thể",
                "có",
                "bảo đảm",
                "đảm bảo",
                "tổng số",
                "gồm",
                "bao gồm",
            ],
        );
        match phrase {
            Some(end) if end < to => at = end,
            _ if is_joint => at += 1,
            _ => break,
        }
    }
    at.min(to)
}
