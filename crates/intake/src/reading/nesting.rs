//! Parts of a whole: `trong đó`, brackets, members of organisations.

use super::clause::Clause;
use super::coordination::Quantity;
use super::token::Tokens;
use super::unit::Family;

const WITHIN: &[&str] = &["trong đó", "trong số này", "trong số đó", "trong tổng số"];

/// Whether the number counts a part of one before it.
pub(super) fn is_part(tokens: &Tokens, quantity: &Quantity, clause: &Clause) -> bool {
    tokens.has(clause.sentence, quantity.start, WITHIN)
}

/// Which of the numbers before is the whole: the last with the same unit outside the part, or the last of all.
pub(super) fn whole<'q>(
    before: impl DoubleEndedIterator<Item = (&'q Quantity, bool)> + Clone,
    quantity: &Quantity,
) -> Option<usize> {
    let words = quantity.unit.as_ref().map(|unit| unit.words.as_str());
    let candidates: Vec<(usize, &Quantity)> = before
        .enumerate()
        .filter(|(_, (_, is_part))| !is_part)
        .map(|(index, (quantity, _))| (index, quantity))
        .collect();
    let same = candidates.iter().rev().find(|(_, other)| {
        other.unit.as_ref().map(|unit| unit.words.as_str()) == words && words.is_some()
    });
    same.or(candidates.last()).map(|(index, _)| *index)
}

/// The organisations whose members a number counts: `850 tổ hợp tác với 4.250 thành viên`.
pub(super) fn members_of(
    tokens: &Tokens,
    quantity: &Quantity,
    before: &Quantity,
) -> Option<String> {
    let whole = before.unit.as_ref().filter(|unit| unit.family == Family::Count)?;
    let is_near =
        tokens.phrase(before.end, "với").is_some() || tokens.phrase(before.end, "có").is_some();
    let close = quantity.start.saturating_sub(before.end) <= 5;
    (is_near && close).then(|| whole.words.clone())
}
