//! Which column of a sheet is which column of the form: heads are found by what they say, over one row or several, in
//! whatever order, and where a head says nothing, by what stands under it.

use hoptac_model::sheet::{CellKind, SheetColumn, SheetForm};
use hoptac_model::text::fold;

use super::cell::{self, Raw};

/// The rows in which heads are looked for; titles and notes above a table are fewer.
pub(crate) const LOOKED_AT: usize = 40;
/// The most rows that one head goes over.
const HEIGHT_MAX: usize = 4;
/// From this likeness on two heads are taken for the same.
const ALIKE: f64 = 0.84;
/// How sure a column is that only its content speaks for.
pub(super) const BY_CONTENT: u8 = 60;

/// A row near the top of a sheet, as text.
#[derive(Clone, Debug)]
pub(crate) struct TopRow {
    pub(crate) number: u32,
    pub(crate) cells: Vec<String>,
}

/// Where a column of the form stands in the sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnMatch {
    /// The column of the form, by its index.
    pub column: usize,
    /// The column of the sheet, from 0.
    pub at: usize,
    /// What its head says, over all its rows.
    pub head: String,
    /// What one stands for where it is money: 1, a thousand, a million, a thousand million.
    pub unit: i64,
    /// How sure it is, in percent; 100 where the head is the form's own.
    pub sure: u8,
}

/// The head of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Head {
    /// The first and the last of its rows, as indices into the rows that were looked at.
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) columns: Vec<ColumnMatch>,
}

/// The head that names most of the form's columns; none where no row names two of them.
pub(crate) fn find(form: &SheetForm, rows: &[TopRow]) -> Option<Head> {
    let names = names(form);
    let mut best: Option<(u32, Head)> = None;
    for from in 0..rows.len() {
        for to in from..rows.len().min(from + HEIGHT_MAX) {
            let heads = over(rows.get(from..=to).unwrap_or_default());
            let columns = assign(form, &names, &heads);
            let required = columns
                .iter()
                .filter(|found| form.columns.get(found.column).is_some_and(|c| c.required))
                .count();
            if columns.len() < 2.min(form.columns.len()) {
                continue;
            }
            let sure: u32 = columns.iter().map(|found| u32::from(found.sure)).sum();
            let height = u32::try_from(to - from).unwrap_or(0);
            let score =
                (sure + 20 * u32::try_from(required).unwrap_or(0)).saturating_sub(height * 3);
            if best.as_ref().is_none_or(|(found, _)| score > *found) {
                best = Some((score, Head { from, to, columns }));
            }
        }
    }
    let (_, mut head) = best?;
    by_content(form, rows, &mut head);
    head.columns.sort_by_key(|found| found.column);
    Some(head)
}

/// The head in one row that somebody named, whatever it says.
pub(crate) fn within(form: &SheetForm, rows: &[TopRow], at: usize) -> Head {
    let names = names(form);
    let columns = assign(form, &names, &over(rows.get(at..=at).unwrap_or_default()));
    Head { from: at, to: at, columns }
}

/// A column that somebody named, whatever its head says.
pub(crate) fn told(form: &SheetForm, lines: &[TopRow], column: usize, at: usize) -> ColumnMatch {
    let head = said(lines, at);
    let money = form.columns.get(column).is_some_and(|c| c.kind == CellKind::Money);
    ColumnMatch { column, at, unit: if money { unit_of(&head) } else { 1 }, head, sure: 100 }
}

/// What the rows of a head say in one column.
pub(crate) fn said(lines: &[TopRow], at: usize) -> String {
    let said = lines.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.trim());
    said.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" / ")
}

/// The column of a sheet whose head says what a sender's head said before.
pub(crate) fn kept_under(lines: &[TopRow], before: &str) -> Option<usize> {
    let before = key(before);
    let width = lines.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    (0..width).find(|at| !before.is_empty() && key(&said(lines, *at)) == before)
}

/// The heads under which each column of the form is looked for.
fn names(form: &SheetForm) -> Vec<Vec<String>> {
    form.columns
        .iter()
        .map(|column| {
            let own = [&column.head.vi, &column.head.en, &column.id];
            own.into_iter().chain(&column.aliases).map(|name| key(name)).collect()
        })
        .collect()
}

/// What the heads over several rows say, column by column: a head that goes over several columns stands in the first of
/// them, so what is empty takes what stands left of it, except in the last row.
fn over(rows: &[TopRow]) -> Vec<Vec<String>> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut heads = vec![Vec::new(); width];
    for (depth, row) in rows.iter().enumerate() {
        let mut left = String::new();
        for (column, head) in heads.iter_mut().enumerate() {
            let text = row.cells.get(column).map_or("", |cell| cell.trim());
            if text.is_empty() {
                if depth + 1 < rows.len() && !left.is_empty() {
                    head.push(left.clone());
                }
            } else {
                text.clone_into(&mut left);
                head.push(text.to_owned());
            }
        }
    }
    heads
}

/// Gives each column of the form the column of the sheet whose head is most like it, the surest first.
fn assign(form: &SheetForm, names: &[Vec<String>], heads: &[Vec<String>]) -> Vec<ColumnMatch> {
    let mut pairs = Vec::new();
    for (at, head) in heads.iter().enumerate() {
        let ways = ways_to_say(head);
        for (column, names) in names.iter().enumerate() {
            let sure = ways.iter().map(|way| likeness(way, names)).fold(0.0, f64::max);
            if sure >= ALIKE {
                pairs.push((sure, column, at));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut found: Vec<ColumnMatch> = Vec::new();
    for (sure, column, at) in pairs {
        if found.iter().any(|other| other.column == column || other.at == at) {
            continue;
        }
        let head = heads.get(at).map(|head| head.join(" / ")).unwrap_or_default();
        let money = form.columns.get(column).is_some_and(|c| c.kind == CellKind::Money);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it lies between 0 and 1"
        )]
        let sure = (sure * 100.0).round() as u8;
        found.push(ColumnMatch {
            column,
            at,
            unit: if money { unit_of(&head) } else { 1 },
            head,
            sure,
        });
    }
    found
}

/// A head over several rows can be meant by its last row, or by all of them together.
fn ways_to_say(head: &[String]) -> Vec<String> {
    let last = head.last().map(|text| key(text)).unwrap_or_default();
    let mut whole: Vec<String> = Vec::new();
    for text in head {
        let text = key(text);
        if whole.last() != Some(&text) {
            whole.push(text);
        }
    }
    let whole = whole.join(" ");
    let mut ways = vec![last, whole];
    ways.retain(|way| !way.is_empty());
    ways.dedup();
    ways
}

fn likeness(head: &str, names: &[String]) -> f64 {
    names
        .iter()
        .map(|name| {
            if head == name {
                1.0
            } else if head.len() < 4 || name.len() < 4 {
                0.0
            } else {
                // One letter in six may be another one.
                rapidfuzz::distance::indel::normalized_similarity(head.chars(), name.chars())
                    .min(0.99)
            }
        })
        .fold(0.0, f64::max)
}

/// A head as it is compared: folded, without what stands in brackets, without marks and numbers before it.
fn key(text: &str) -> String {
    let mut depth = 0_u32;
    let mut bare = String::new();
    for c in fold(text).chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '*' | ':' | ';' | ',' | '.' | '_' | '-' | '/' | '"' | '\'' => bare.push(' '),
            _ => bare.push(c),
        }
    }
    bare.split_whitespace()
        .filter(|word| !word.bytes().all(|b| b.is_ascii_digit()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// What one stands for under a head of money.
fn unit_of(head: &str) -> i64 {
    let head = fold(head);
    let says = |units: &[&str]| units.iter().any(|unit| head.contains(unit));
    if says(&["ty dong", "(ty)", "ty d)"]) {
        1_000_000_000
    } else if says(&["trieu", "tr.d", "trd", "tr d"]) {
        1_000_000
    } else if says(&["nghin", "ngan dong", "(ngan)", "ngan d)", "1000d", "1.000 d", "1000 d"]) {
        1000
    } else {
        1
    }
}

/// Proposes columns that no head names by what stands in them: codes by their check digit, days, words of a list, names of
/// organisations and of communes. Where two columns of the sheet would do, neither is proposed.
fn by_content(form: &SheetForm, rows: &[TopRow], head: &mut Head) {
    let lines = rows.get(head.from..=head.to).unwrap_or_default();
    let below = rows.get(head.to + 1..).unwrap_or_default();
    let width = below.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    for (column, wanted) in form.columns.iter().enumerate() {
        let is_code = wanted.kind == CellKind::Code;
        if !(wanted.required || is_code) || head.columns.iter().any(|found| found.column == column)
        {
            continue;
        }
        let free = |at: &usize| head.columns.iter().all(|found| found.at != *at);
        let mut fitting = (0..width).filter(free).filter(|at| {
            let texts: Vec<&str> = below
                .iter()
                .filter_map(|row| row.cells.get(*at))
                .map(|cell| cell.trim())
                .filter(|cell| !cell.is_empty())
                .collect();
            let fit = texts.iter().filter(|text| looks_like(wanted, text)).count();
            fit >= 3 && fit * 10 >= texts.len() * 8
        });
        if let (Some(at), None) = (fitting.next(), fitting.next()) {
            let found =
                ColumnMatch { column, at, head: said(lines, at), unit: 1, sure: BY_CONTENT };
            head.columns.push(found);
        }
    }
}

/// Whether a text is what stands in a column and hardly anywhere else.
fn looks_like(column: &SheetColumn, text: &str) -> bool {
    let begins = |words: &[&str]| {
        let text = fold(text);
        words.iter().any(|word| text.starts_with(word))
    };
    match &column.kind {
        CellKind::Code => hoptac_model::organisation::is_tax_code(text),
        CellKind::Day | CellKind::Choice(_) => cell::read(Raw::Text(text), &column.kind, 1).is_ok(),
        CellKind::Text(_) if column.id == "name" => {
            begins(&["hop tac xa ", "htx ", "to hop tac ", "tht ", "lien hiep ", "lhhtx "])
        }
        CellKind::Text(_) if column.id == "seat" => {
            begins(&["xa ", "phuong ", "thi tran ", "tt ", "tt. ", "p. ", "x. "])
        }
        CellKind::Text(_)
        | CellKind::Count
        | CellKind::Tenths
        | CellKind::Decimal
        | CellKind::Money
        | CellKind::Year
        | CellKind::Flag => false,
    }
}

/// Whether a row under the head only numbers the columns: `A B 1 2 3`, `(1) (2) (3)`.
pub(crate) fn numbers_columns(cells: &[String]) -> bool {
    let marks: Vec<&str> = cells
        .iter()
        .map(|cell| cell.trim_matches(['(', ')', '[', ']', ' ']))
        .filter(|cell| !cell.is_empty())
        .collect();
    let numbers: Vec<u32> = marks.iter().filter_map(|mark| mark.parse().ok()).collect();
    let letters = marks
        .iter()
        .filter(|mark| mark.len() == 1 && mark.bytes().all(|b| b.is_ascii_alphabetic()))
        .count();
    marks.len() >= 3
        && numbers.len() + letters == marks.len()
        && numbers.len() >= 2
        && numbers.windows(2).all(|pair| matches!(pair, [one, two] if *two == one + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<TopRow> {
        (1..)
            .zip(text.lines())
            .map(|(number, line)| TopRow {
                number,
                cells: line.split('|').map(str::to_owned).collect(),
            })
            .collect()
    }

    #[track_caller]
    fn check(text: &str, want: &str) {
        let form = SheetForm::organisations();
        let got = find(&form, &rows(text)).map_or_else(
            || "none".to_owned(),
            |head| {
                let columns = head.columns.iter().map(|found| {
                    let id = form.columns.get(found.column).map_or("", |column| column.id.as_str());
                    let unit =
                        if found.unit == 1 { String::new() } else { format!("*{}", found.unit) };
                    format!("{id}={}{unit}", found.at)
                });
                format!(
                    "{}-{}: {}",
                    head.from + 1,
                    head.to + 1,
                    columns.collect::<Vec<_>>().join(" ")
                )
            },
        );
        assert_eq!(got, want);
    }

    #[test]
    fn the_forms_own_heads() {
        check(
            "Mã số|Loại hình|Tên tổ chức|Ngày thành lập",
            "1-1: code=0 kind=1 name=2 founded_on=3",
        );
    }
    #[test]
    fn titles_above_and_other_names() {
        check(
            "UBND HUYỆN BÌNH GIA\nDANH SÁCH HỢP TÁC XÃ NĂM 2024|||\nSTT|Tên HTX|MST|Ngày cấp GCN|Tổng số thành viên|Vốn điều lệ (triệu đồng)",
            "3-3: code=2 name=1 founded_on=3 members=4 capital=5*1000000",
        );
    }
    #[test]
    fn heads_over_two_rows() {
        check(
            "STT|Tên tổ chức|Đăng ký||Thành viên, vốn|\n||Mã số|Ngày cấp|Số thành viên|Vốn điều lệ (tỷ đồng)",
            "1-2: code=2 name=1 founded_on=3 members=4 capital=5*1000000000",
        );
    }
    #[test]
    fn the_budget_is_no_thousand() {
        assert_eq!(unit_of("Thuế và các khoản đã nộp ngân sách"), 1);
        assert_eq!(unit_of("Nộp ngân sách (ngàn đồng)"), 1000);
    }
    #[test]
    fn a_slip_of_the_pen() {
        check("Tên tổ chứ|Loại hìn|Ngày thành lâp", "1-1: kind=1 name=0 founded_on=2");
    }
    #[test]
    fn codes_are_known_without_a_head() {
        check(
            "Tên HTX|Loại hình|Ghi chú\nHTX A|HTX|0100233488\nHTX B|HTX|0100112437\nHTX C|HTX|0100233488",
            "1-1: code=2 kind=1 name=0",
        );
    }
    #[test]
    fn columns_without_a_head_are_proposed_by_what_stands_in_them() {
        check(
            "TT|Cột 1|Cột 2|Mã số|Loại hình|Số thành viên\n1|HTX An Bình|15/5/2023|0100233488|HTX|9|Xã Tô Hiệu\n2|HTX Na|1/2/2020|0100112437|HTX|7|Xã Tân Văn\n3|HTX Chè|3/1/2019|0100233488|HTX|8|TT Bình Gia",
            "1-1: code=3 kind=4 name=1 founded_on=2 seat=6 members=5",
        );
    }
    #[test]
    fn of_two_columns_of_days_neither_is_proposed() {
        check(
            "Tên HTX|Loại hình|Cột 1|Cột 2\nHTX A|HTX|1/2/2020|1/3/2020\nHTX B|HTX|2/2/2020|2/3/2020\nHTX C|HTX|3/2/2020|3/3/2020",
            "1-1: kind=1 name=0",
        );
    }
    #[test]
    fn a_letter_is_no_table() {
        check("Kính gửi: Ủy ban nhân dân tỉnh|\nVề việc báo cáo|", "none");
    }
    #[test]
    fn rows_that_number_the_columns() {
        let row = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        assert!(numbers_columns(&row("A|B|1|2|3")));
        assert!(numbers_columns(&row("(1)|(2)|(3)")));
        assert!(!numbers_columns(&row("1|HTX An Bình|5")));
        assert!(!numbers_columns(&row("5|12|14")));
    }
}
