//! The last pass: numbers, words and headings put together into targets, and what is none, each with its reason.

use super::clause::{self, Clause};
use super::comparator::Comparator;
use super::coordination::{self, Quantity};
use super::distractor::{Case, Reason};
use super::heading::{self, Outline, Part};
use super::horizon::When;
use super::moment::Moments;
use super::rows::{self, Table};
use super::token::{Kind, Tokens};
use super::unit::{self, Family};
use super::zone::Zone;
use super::{Horizon, Other, Reading, Target, distractor, nesting, past, scope, subject};

/// Reads a whole document.
pub(super) fn assemble(tokens: &Tokens) -> Reading {
    let outline = heading::outline(tokens);
    let mut reading = Reading::default();
    let tables = rows::tables(tokens);
    let mut carried = None;
    for part in &outline.parts {
        // Running text goes on with the year that the paragraph before it aimed at.
        let is_running = !part.is_listed
            && !part.is_title
            && part.horizon.is_none()
            && matches!(part.zone, None | Some(Zone::Goals));
        if !is_running {
            carried = None;
        }
        let part = &Part { horizon: part.horizon.or(carried), ..part.clone() };
        let after = tables.partition_point(|table| table.to <= part.from);
        match tables.get(after).filter(|table| table.from < part.to) {
            None => {
                let framed = read_part(tokens, part, &outline, &mut reading);
                carried = framed.filter(|_| is_running).or(carried);
            }
            Some(table) if table.from >= part.from => {
                // What stands before the table in its paragraph is read as words.
                let lead = Part { to: table.from, ..part.clone() };
                read_part(tokens, &lead, &outline, &mut reading);
                read_table(tokens, table, part.horizon, &outline, &mut reading);
            }
            // The paragraph that the table began in has read it whole.
            Some(_) => {}
        }
    }
    reading.targets.sort_by_key(|target| target.start);
    reading.others.sort_by_key(|other| other.start);
    reading
}

/// The cells of a table. `above` is the moment of the heading over it.
fn read_table(
    tokens: &Tokens,
    table: &Table,
    above: Option<When>,
    outline: &Outline,
    reading: &mut Reading,
) {
    let above = above.or(outline.horizon);
    for (from, to) in &table.past {
        reading.others.push(other(tokens, *from, *to, Reason::Past.text()));
    }
    for goal in &table.goals {
        let (comparator, modifiers) = bound(&goal.quantity);
        let (start, end) = place(tokens, goal.cell.0, goal.cell.1);
        let amount = goal.quantity.amount();
        reading.targets.push(Target {
            quote: tokens.shown(goal.cell.0, goal.cell.1),
            start,
            end,
            subject: goal.name.clone(),
            comparator,
            modifiers,
            value: amount.0,
            min: amount.1,
            max: goal.quantity.high,
            unit: goal.quantity.unit.as_ref().map(|unit| unit.words.clone()).unwrap_or_default(),
            horizon: goal.year.map(Horizon::Year).or(above.map(until)),
            until: None,
            period: None,
            baseline_year: None,
            baseline_value: None,
            scope: scope::whole(outline.place.as_deref()),
            parent: None,
            of: None,
            denominator: None,
        });
    }
}

/// The end of a moment.
fn until(when: When) -> Horizon {
    match when {
        When::Year(year) | When::Period(_, year) => Horizon::Year(year),
        When::Yearly => Horizon::Yearly,
    }
}

/// Reads a paragraph. Gives the moment that it aims at, where it is one.
fn read_part(
    tokens: &Tokens,
    part: &Part,
    outline: &Outline,
    reading: &mut Reading,
) -> Option<When> {
    let numbers = coordination::numbers(tokens, part.from, part.to);
    for aside in &numbers.asides {
        reading.others.push(other(tokens, aside.start, aside.end, aside.reason));
    }
    if numbers.quantities.is_empty() {
        return None;
    }
    let sentences = clause::sentences(tokens, part.from, part.to);
    let reports = past::reports(tokens, &sentences, part.zone);
    let tells = part.zone.is_none() && !part.is_listed && past::tells(tokens, part.from, part.to);
    let quantities = lend_units(tokens, numbers.quantities);
    let moments = Moments::of(tokens, part, &quantities);
    let mut told: Vec<(usize, Target, bool)> = Vec::new();
    let mut judged = None;
    let mut year_before = None;
    for (index, quantity) in quantities.iter().enumerate() {
        let nth = sentences.partition_point(|(_, end)| *end <= quantity.number);
        let sentence = sentences.get(nth).copied().unwrap_or((part.from, part.to));
        let before = index.checked_sub(1).and_then(|index| quantities.get(index));
        let after = quantities.get(index + 1);
        let floor = before.map_or(part.from, |before| before.end);
        let ceiling = after.map_or(part.to, |after| after.start);
        let clause = clause::around(tokens, sentence, quantity, floor, ceiling);
        let moment = moments.at(tokens, quantity, &clause, after, (part, outline));
        let when = moment.when;
        let case = Case {
            quantity,
            clause: &clause,
            part,
            horizon: when,
            first_year: outline.first_year().filter(|_| moment.is_own || part.horizon.is_some()),
            tells,
            is_own: moment.is_own,
            made: outline.year,
            aimed: outline.aimed,
            aims_at: outline.aims_at,
            last_year: outline.last_year(),
            before: before.zip(judged).filter(|(before, _)| before.number >= sentence.0),
            is_report: outline.only_reports || reports.get(nth).copied().unwrap_or_default(),
            year_before: year_before.take(),
            after: after.filter(|after| after.number < sentence.1),
        };
        let reason = distractor::reason(tokens, &case);
        judged = Some(reason);
        year_before = match when {
            Some(When::Year(year) | When::Period(_, year)) => Some(year),
            _ => None,
        };
        if let Some(reason) = reason {
            reading.others.push(other(tokens, quantity.start, quantity.end, reason.text()));
            continue;
        }
        let is_part = nesting::is_part(tokens, quantity, &clause);
        // The whole stands near its part.
        let recent = told.len().saturating_sub(40);
        let earlier = told
            .iter()
            .skip(recent)
            .filter_map(|(at, _, part)| Some((quantities.get(*at)?, *part)));
        let parent = is_part
            .then(|| nesting::whole(earlier.collect::<Vec<_>>().into_iter(), quantity))
            .flatten()
            .and_then(|at| told.get(recent + at))
            .map(|(_, target, _)| target.clone());
        let of = before.and_then(|before| nesting::members_of(tokens, quantity, before));
        let mut target =
            target(tokens, quantity, &clause, when, parent.as_ref(), outline.place.as_deref());
        if target.horizon == Some(Horizon::Yearly) {
            target.until = moments.until(&clause, part, outline);
        }
        target.of = of;
        told.push((index, target, is_part));
    }
    let aims = !told.is_empty();
    reading.targets.extend(told.into_iter().map(|(_, target, _)| target));
    moments.frame().filter(|_| aims)
}

/// Gives bare numbers the unit of their subject, and those of a list the unit of its head: `30 hợp tác xã, cụ thể: Bắc Sơn
/// 5, Bình Gia 7`.
fn lend_units(tokens: &Tokens, quantities: Vec<Quantity>) -> Vec<Quantity> {
    let mut lent: Vec<Quantity> = Vec::with_capacity(quantities.len());
    let mut head = None;
    let mut floor = 0;
    for mut quantity in quantities {
        if quantity.unit.is_none() {
            quantity.unit = unit::of_subject(tokens, quantity.start, floor, quantity.end);
        }
        if quantity.unit.is_none() {
            quantity.unit = unit::of_label(tokens, quantity.start, floor, quantity.end);
        }
        floor = quantity.end;
        if quantity.unit.is_some() {
            head = quantity.unit.clone().map(|unit| (unit, quantity.end));
        } else if let Some((unit, _)) = head.as_ref() {
            let ends = tokens.word(quantity.end);
            let closes = matches!(ends, "," | ";" | "." | ")" | "và" | "")
                || tokens.is(quantity.end, Kind::Line);
            let before = tokens.before(quantity.number);
            let named = before.is_some_and(|at| {
                tokens.is(at, Kind::Word) && tokens.is_capital(at) || tokens.word(at) == ":"
            });
            // "thành lập 65 hợp tác xã, trong đó năm 2018 thành lập 20; …": the verb is told again, the noun is not.
            let again = matches!(
                tokens.back(quantity.start, 1),
                "lập" | "dựng" | "mới" | "thêm" | "là" | "có" | "còn" | "đạt" | "giảm" | "tăng"
            ) && unit.family == Family::Count
                && quantity.low >= 2.0;
            if closes
                && (named || again)
                && matches!(unit.family, Family::Count | Family::Measure | Family::Share)
            {
                quantity.unit = Some(unit.clone());
                quantity.low *= unit.scale;
                quantity.high = quantity.high.map(|high| high * unit.scale);
            }
        }
        lent.push(quantity);
    }
    lent
}

fn target(
    tokens: &Tokens,
    quantity: &Quantity,
    clause: &Clause,
    when: Option<When>,
    parent: Option<&Target>,
    own: Option<&str>,
) -> Target {
    let subject = subject::subject(tokens, quantity, clause);
    let (comparator, modifiers) = bound(quantity);
    let scope =
        scope::scope(tokens, quantity, clause, parent.map(|parent| parent.subject.as_str()), own);
    let (start, end) = place(tokens, subject.from, subject.to);
    let (value, min) = quantity.amount();
    Target {
        quote: tokens.shown(subject.from, subject.to),
        start,
        end,
        subject: subject.words,
        comparator,
        modifiers,
        value,
        min,
        max: quantity.high,
        unit: quantity.unit.as_ref().map(|unit| unit.words.clone()).unwrap_or_default(),
        horizon: when.map(until),
        until: None,
        period: when.and_then(|when| match when {
            When::Period(first, last) => Some([first, last]),
            When::Year(_) | When::Yearly => None,
        }),
        baseline_year: quantity.baseline.and_then(|(year, _)| year),
        baseline_value: quantity.baseline.map(|(_, value)| value),
        scope,
        parent: parent.map(|parent| parent.quote.clone()),
        of: None,
        denominator: subject::denominator(tokens, quantity),
    }
}

/// The comparator that binds, and those beside it. `từ` alone is a lower bound; a bound is stronger than `khoảng`.
fn bound(quantity: &Quantity) -> (Comparator, Vec<Comparator>) {
    let mut all = quantity.comparators.clone();
    if quantity.high.is_some() {
        return (Comparator::Between, all);
    }
    if all.is_empty() && quantity.from && quantity.baseline.is_none() {
        return (Comparator::AtLeast, all);
    }
    let strong = all.iter().position(|comparator| *comparator != Comparator::About);
    let first = if all.is_empty() { Comparator::Eq } else { all.remove(strong.unwrap_or(0)) };
    (first, all)
}

fn other(tokens: &Tokens, from: usize, to: usize, reason: &str) -> Other {
    let (start, end) = place(tokens, from, to);
    Other { quote: tokens.shown(from, to), start, end, reason: reason.to_owned() }
}

/// Where a stretch of tokens stands in the text, without line ends at its own ends.
fn place(tokens: &Tokens, from: usize, to: usize) -> (usize, usize) {
    let mut inner = (from..to)
        .filter_map(|at| tokens.get(at))
        .filter(|token| token.kind != Kind::Line)
        .map(|token| (token.start, token.end));
    let first = inner.next().unwrap_or_default();
    let last = inner.next_back().unwrap_or(first);
    (first.0, last.1)
}
