//! The list of grades of a year: every cooperative and union that may be graded, best first, with how many have which.

use hoptac_model::number;
use hoptac_model::organisation::Grade;
use hoptac_model::pack::Pack;
use hoptac_model::report::Contents;

use crate::document::{Align, Block, Cell, Document, Row, Table};
use crate::letterhead::{Letterhead, lower_first};
use crate::periodic::{notice, paragraph};
use crate::voice::{Sentence, VI, column, count, listed};

/// Writes the list.
pub(crate) fn document(contents: &Contents, _pack: &Pack, letterhead: &Letterhead) -> Document {
    let year = contents.period.year();
    let mut heading = letterhead.heading("DANH SÁCH", "DS", &contents.unit);
    heading.subject = vec![format!(
        "Kết quả xếp loại hợp tác xã, liên hiệp hợp tác xã năm {year} trên địa bàn {}",
        lower_first(&contents.unit.name)
    )];
    heading.notice = notice(contents);
    let of = |grade| contents.grades.iter().filter(|line| line.grade == grade).count();
    let graded: Vec<String> = Grade::ALL
        .into_iter()
        .map(|grade| (grade, of(Some(grade))))
        .filter(|(_, number)| *number > 0)
        .map(|(grade, number)| format!("{} {}", count(number), grade.words().vi.to_lowercase()))
        .collect();
    let (all, none) = (contents.grades.len(), of(None));
    let text = if all == 0 {
        "Không có hợp tác xã, liên hiệp hợp tác xã nào trên địa bàn trong năm".to_owned()
    } else if graded.is_empty() {
        format!(
            "Trong {} hợp tác xã, liên hiệp hợp tác xã chưa có tổ chức nào được xếp loại",
            count(all)
        )
    } else {
        let rest = if none > 0 {
            format!("; {} chưa xếp loại hoặc không thuộc diện xếp loại", count(none))
        } else {
            String::new()
        };
        format!(
            "Trong {} hợp tác xã, liên hiệp hợp tác xã có {}{rest}",
            count(all),
            listed(&graded)
        )
    };
    let mut blocks = vec![paragraph("verdict", Sentence::new(text).end())];
    if all > 0 {
        blocks.push(Block::Table(table(contents)));
    }
    let closing = letterhead.closing(&["- Các tổ chức có tên;", "- Lưu: VT."]);
    Document { heading, blocks, closing }
}

fn table(contents: &Contents) -> Table {
    let rows = contents.grades.iter().zip(1..).map(|(line, number)| Row {
        strong: false,
        cells: vec![
            Cell::words(number.to_string()),
            Cell::words(line.name.clone()),
            Cell::words(line.code.clone().unwrap_or_default()),
            Cell::words(line.place.clone()),
            match line.score_tenths {
                Some(tenths) => Cell {
                    text: number::show(f64::from(tenths) / 10.0, 1, VI),
                    value: Some(f64::from(tenths) / 10.0),
                    decimals: 1,
                    source: None,
                },
                None => Cell::words(number::NO_VALUE),
            },
            Cell::words(line.grade.map_or_else(|| "Chưa xếp loại".to_owned(), |g| g.words().vi)),
        ],
    });
    Table {
        id: "grades".to_owned(),
        caption: String::new(),
        columns: vec![
            column("TT", Align::Centre, 60),
            column("Tên tổ chức", Align::Left, 390),
            column("Mã số", Align::Centre, 150),
            column("Địa bàn", Align::Left, 180),
            column("Điểm", Align::Right, 80),
            column("Xếp loại", Align::Centre, 140),
        ],
        rows: rows.collect(),
        note: String::new(),
    }
}
