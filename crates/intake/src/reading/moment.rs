//! Which of the moments that a text names holds for a number.
//!
//! A moment right behind a number is that number's own (`đạt 40% vào năm 2025`). One that opens a clause frames what
//! follows (`Đến năm 2025, …; …`). One inside a clause holds for that clause and its parts (`tỷ lệ … năm 2015 đạt 60%
//! (trong đó …)`). Where the sentence names none, the heading does.

use super::clause::Clause;
use super::coordination::Quantity;
use super::heading::{Outline, Part};
use super::horizon::{self, Mention, When};
use super::token::{Kind, Tokens};
use super::unit;

/// What a moment reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// The number before it.
    Before,
    /// The clause that it stands in.
    Clause,
    /// What stands in its bracket.
    Bracket,
    /// All that follows, until another frame.
    Frame,
}

/// The moments of a paragraph.
#[derive(Debug)]
pub(super) struct Moments {
    mentions: Vec<(Mention, Reach)>,
    /// For each moment the last frame up to it, yearly ones aside.
    frames: Vec<Option<usize>>,
}

/// The moment of a number, and whether its own paragraph names it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub(super) when: Option<When>,
    pub(super) is_own: bool,
}

impl Moments {
    /// The moments of a paragraph whose numbers are known.
    pub(super) fn of(tokens: &Tokens, part: &Part, quantities: &[Quantity]) -> Self {
        let mut mentions = Vec::new();
        let mut frames = Vec::new();
        let mut frame = None;
        for mention in horizon::mentions(tokens, part.from, part.to) {
            let before = quantities.partition_point(|quantity| quantity.number < mention.start);
            let floor = before
                .checked_sub(1)
                .and_then(|before| quantities.get(before))
                .map(|before| before.end);
            let reach = reach(tokens, &mention, floor, part.from);
            // "Năm 2024, …" at the head of a paragraph is said of all of it.
            let opens = mention.start <= part.from + 1 && tokens.word(mention.end) == ",";
            if reach == Reach::Frame && mention.when != When::Yearly && (mention.ahead || opens) {
                frame = Some(mentions.len());
            }
            mentions.push((mention, reach));
            frames.push(frame);
        }
        Self { mentions, frames }
    }

    /// The only moment that frames what the paragraph says.
    pub(super) fn frame(&self) -> Option<When> {
        let mut framing = self
            .mentions
            .iter()
            .filter(|(mention, reach)| {
                *reach == Reach::Frame && mention.ahead && mention.when != When::Yearly
            })
            .map(|(mention, _)| mention.when);
        let first = framing.next()?;
        framing.all(|when| when == first).then_some(first)
    }

    /// The moment of a number whose clause is known. `after` is the next number.
    pub(super) fn at(
        &self,
        tokens: &Tokens,
        quantity: &Quantity,
        clause: &Clause,
        after: Option<&Quantity>,
        (part, outline): (&Part, &Outline),
    ) -> Moment {
        let ceiling = after.map_or(part.to, |after| after.start);
        let first = self.mentions.partition_point(|(mention, _)| mention.start < quantity.end);
        // Where a moment was told before, one far behind a comma is of something else.
        let told = first
            .checked_sub(1)
            .and_then(|last| self.mentions.get(last))
            .is_some_and(|(mention, _)| mention.start >= clause.sentence);
        let behind = self.mentions.get(first).filter(|(mention, reach)| {
            let has_next = ceiling < clause.sentence_end;
            let stop = (quantity.end..mention.start).any(|at| {
                matches!(tokens.word(at), ";" | ".")
                    || tokens.word(at) == "(" && tokens.word(mention.end) != ")"
                    || tokens.word(at) == ","
                        && !unit::is_place(tokens, at + 1)
                        && (has_next || told && mention.start - at > 8)
            });
            // "nhà xây dựng trước năm 1975": a year before the plan only describes.
            let describes = tokens.back(mention.start, 2) == "trước"
                && matches!((mention.when, outline.first_year()), (When::Year(at), Some(first)) if at < first);
            let describes = describes || is_participle(tokens, mention, outline.first_year());
            let is_next = matches!(reach, Reach::Frame | Reach::Bracket) && has_next;
            mention.end <= ceiling.min(clause.sentence_end) && !stop && !is_next && !describes
        });
        let behind = behind.or_else(|| self.shared(tokens, quantity, after?));
        if let Some((mention, _)) = behind {
            return Moment { when: Some(mention.when), is_own: true };
        }
        let earlier = self.mentions.get(..first).unwrap_or_default();
        let near = earlier
            .iter()
            .rev()
            .take(8)
            .take_while(|(mention, _)| mention.start >= clause.sentence)
            .find(|(mention, reach)| match reach {
                Reach::Before => false,
                Reach::Frame => !is_flow_before_state(tokens, mention, quantity, clause),
                Reach::Bracket => !(mention.end..quantity.start).any(|at| tokens.word(at) == ")"),
                Reach::Clause => {
                    !(mention.end..quantity.start).any(|at| matches!(tokens.word(at), ";" | "."))
                }
            });
        // "kết nạp 200 đảng viên trong nhiệm kỳ": the whole time of the plan, whatever the frame.
        let whole = part.until.or(outline.horizon).filter(|_| {
            let to = clause.sentence_end.min(quantity.end + 4).min(ceiling);
            tokens.has(
                quantity.end,
                to,
                &["trong nhiệm kỳ", "cả nhiệm kỳ", "toàn khóa", "trong cả giai đoạn"],
            )
        });
        if whole.is_some() {
            return Moment { when: whole, is_own: true };
        }
        if let Some((mention, _)) = near {
            let yearly = earlier.iter().rev().nth(1).map(|(before, _)| before).filter(|before| {
                before.when == When::Yearly
                    && before.start >= clause.sentence
                    && before.end <= mention.start
                    && mention.start - before.end <= 4
            });
            return Moment { when: Some(yearly.unwrap_or(mention).when), is_own: true };
        }
        let carried = first
            .checked_sub(1)
            .and_then(|last| self.frames.get(last).copied().flatten())
            .and_then(|frame| self.mentions.get(frame));
        if let Some((mention, _)) = carried {
            return Moment { when: Some(mention.when), is_own: true };
        }
        let above = part.horizon.or(outline.horizon);
        let last = earlier
            .last()
            .filter(|(mention, _)| above.is_none() && mention.start >= clause.sentence);
        match last {
            Some((mention, _)) => Moment { when: Some(mention.when), is_own: true },
            None => Moment { when: above, is_own: false },
        }
    }

    /// The moment that two numbers share: `60% và 40% vào năm 2025`.
    fn shared(
        &self,
        tokens: &Tokens,
        quantity: &Quantity,
        after: &Quantity,
    ) -> Option<&(Mention, Reach)> {
        let joined = after.start == quantity.end + 1 && tokens.word(quantity.end) == "và";
        let first = self.mentions.partition_point(|(mention, _)| mention.start < after.end);
        self.mentions.get(first).filter(|(mention, reach)| {
            joined && *reach == Reach::Before && mention.start <= after.end + 3
        })
    }

    /// The year in which a yearly flow ends.
    pub(super) fn until(&self, clause: &Clause, part: &Part, outline: &Outline) -> Option<i32> {
        let within =
            self.mentions.partition_point(|(mention, _)| mention.start < clause.sentence_end);
        let near = self
            .mentions
            .get(..within)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(16)
            .find(|(mention, _)| mention.when != When::Yearly)
            .map(|(mention, _)| mention.when);
        match near.or(part.until).or(outline.horizon)? {
            When::Year(year) | When::Period(_, year) => Some(year),
            When::Yearly => None,
        }
    }
}

/// Whether what is told for each year ends before a number that tells a state: `Mỗi năm có 900 lao động được giải quyết việc
/// làm; tỷ lệ qua đào tạo đạt 35%`.
fn is_flow_before_state(
    tokens: &Tokens,
    mention: &Mention,
    quantity: &Quantity,
    clause: &Clause,
) -> bool {
    let is_list = matches!(tokens.word(mention.end), "," | ":");
    let flows = ["tăng", "giảm", "thêm", "mới", "bình quân"];
    let states = ["tỷ lệ", "tỷ trọng", "độ che phủ"];
    mention.when == When::Yearly
        && !is_list
        && tokens.last(mention.end, quantity.start, &[";"]).is_some_and(|end| {
            !tokens.has(end, quantity.start, &flows)
                && tokens.has(end, clause.to.max(quantity.start), &states)
        })
}

/// Whether a year only tells when something was made that is counted anew: `50% sản phẩm công nhận năm 2020 được đánh giá lại`.
fn is_participle(tokens: &Tokens, mention: &Mention, first: Option<i32>) -> bool {
    let made = ["công nhận", "thành lập", "ban hành", "phê duyệt", "xây dựng", "đánh giá"];
    let is_made = mention
        .start
        .checked_sub(3)
        .is_some_and(|at| tokens.any(at, &made) == mention.start.checked_sub(1));
    let is_earlier = matches!(mention.when, When::Year(at) if first.is_none_or(|first| at < first));
    is_made && is_earlier && tokens.is(mention.end, Kind::Word)
}

/// Words that belong to a moment and stand before its year.
const LEADING: &[&str] = &[
    "năm", "đến", "vào", "hết", "cuối", "trong", "tới", "trước", "giai", "đoạn", "thời", "kỳ",
    "tính", "từ", "sang", "riêng", "đầu", "phấn", "đấu", "mục", "tiêu", "là", "cho", "quý",
    "tháng", "định", "hướng", "mốc", "nhiệm",
];

/// Words that open a clause.
const OPENS: &[&str] = &[";", ".", ",", ":", "(", "-", "–", "+", "và", "thời"];

fn reach(tokens: &Tokens, mention: &Mention, floor: Option<usize>, from: usize) -> Reach {
    let mut at = mention.start;
    let mut is_verb = false;
    while let Some(before) = tokens.before(at).filter(|before| *before >= from) {
        if !LEADING.contains(&tokens.word(before)) {
            break;
        }
        is_verb |= tokens.word(before) == "đấu";
        at = before;
    }
    let before = tokens.before(at).filter(|before| *before >= from);
    // "Giai đoạn 2 (2011 - 2015) trồng 14 ha" is no aside, "(đến năm 2030 đạt 20%)" is one.
    if before.is_some_and(|before| tokens.word(before) == "(") && tokens.word(mention.end) != ")" {
        return Reach::Bracket;
    }
    // "Phấn đấu mỗi năm thành lập 10 hợp tác xã; thu nhập tăng 1,5 lần": each year is said of its own clause.
    let is_inner = mention.when == When::Yearly
        && tokens.phrase(mention.start, "mỗi năm").is_some()
        && !matches!(tokens.word(mention.end), "," | ":")
        && (is_verb || before.is_some_and(|before| matches!(tokens.word(before), ";" | ",")));
    if is_inner {
        return Reach::Clause;
    }
    let is_aim = mention.end > from && horizon::is_named_aim(tokens, mention.end - 1, from);
    if before.is_none_or(|before| OPENS.contains(&tokens.word(before))) || is_verb || is_aim {
        return Reach::Frame;
    }
    let trails = floor.is_some_and(|floor| {
        !(floor..at).any(|at| matches!(tokens.word(at), ";" | "." | "," | ":" | "(" | "và"))
    });
    if trails {
        return Reach::Before;
    }
    if mention.ahead && mention.when != When::Yearly && floor.is_none() {
        return Reach::Frame;
    }
    Reach::Clause
}
