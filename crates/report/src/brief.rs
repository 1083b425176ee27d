//! The page for a leader: which targets will be missed, by how much, and who must act.

use hoptac_model::number;
use hoptac_model::pack::Pack;
use hoptac_model::report::{Contents, TargetLine};
use hoptac_model::scoreboard::Applies;

use crate::chart;
use crate::document::{Align, Block, Cell, Document, Row, Table};
use crate::letterhead::{Letterhead, lower_first};
use crate::periodic::{asked, endangered, item, label, notice, paragraph, section, tasks, verdict};
use crate::voice::{Sentence, VI, Voice, column, number_cell, period_words};

/// How many targets stand on the page.
const TARGETS: usize = 6;
/// How many lines tasks take, so that the signature stands on the same page.
const TASK_LINES: usize = 6;
/// How many letters stand in a line, roughly.
const LINE: usize = 80;

/// Writes the page.
pub(crate) fn document(contents: &Contents, pack: &Pack, letterhead: &Letterhead) -> Document {
    let voice = Voice { contents, pack };
    let mut heading = letterhead.heading("BÁO CÁO NHANH", "BC", &contents.unit);
    heading.subject = vec![format!(
        "Kinh tế tập thể {} trên địa bàn {}",
        period_words(contents.period),
        lower_first(&contents.unit.name)
    )];
    heading.notice = notice(contents);
    let mut strip = chart::strip(voice);
    // The page is one page.
    strip.caption = String::new();
    let mut blocks =
        vec![paragraph("verdict", Sentence::new(verdict(contents)).end()), Block::Chart(strip)];
    let lines = endangered(contents);
    if !lines.is_empty() {
        blocks.push(section(1, "1. Chỉ tiêu cần chỉ đạo"));
        blocks.push(Block::Table(table(voice, &lines)));
    }
    blocks.push(section(1, "2. Ai phải làm gì"));
    let (mut shown, mut lines) = (0, 0);
    for task in tasks(voice) {
        let lead = task.lead.as_ref().and_then(|id| pack.agencies.iter().find(|one| &one.id == id));
        let who = lead.map_or("Chưa giao cơ quan chủ trì", |one| one.name.vi.as_str());
        let text = format!("{who}: {}", lower_first(&task.title.vi));
        lines += text.chars().count().div_ceil(LINE);
        if shown > 0 && lines > TASK_LINES {
            break;
        }
        shown += 1;
        let sentence = Sentence::new(text);
        blocks.push(item(format!("tasks.{}", task.id), sentence.end()));
    }
    if shown == 0 {
        let text = "Kế hoạch chưa ghi nhiệm vụ nào";
        blocks.push(paragraph("tasks.none", Sentence::new(text).end()));
    }
    let text = format!(
        "Số liệu tính đến ngày {}, sổ cái đến hồ sơ số {}",
        voice.day(),
        number::whole(i64::try_from(contents.position).unwrap_or(i64::MAX), VI)
    );
    blocks.push(paragraph("sources", Sentence::new(text).end()));
    let closing = letterhead.closing(&["- Lãnh đạo tỉnh;", "- Lưu: VT."]);
    Document { heading, blocks, closing }
}

fn table(voice: Voice<'_>, lines: &[&TargetLine]) -> Table {
    let rows = lines.iter().take(TARGETS).map(|line| {
        let row = &line.row;
        let indicator = voice.pack.indicator(&row.indicator);
        let counts_units = row.applies == Applies::UnitsBelow;
        let decimals = if counts_units { 0 } else { indicator.map_or(0, |one| one.decimals) };
        let cell = |value, decimals| match voice.target_source(line, voice.contents.as_of) {
            Some(source) => number_cell(value, decimals, source),
            None => Cell::words(number::show_or_dash(value, decimals, VI)),
        };
        let needed = line.needed.filter(|_| !counts_units);
        Row {
            strong: false,
            cells: vec![
                Cell::words(label(voice, line)),
                cell(row.value, decimals),
                Cell::words(asked(voice, line)),
                cell(row.missing, decimals),
                cell(needed, decimals.max(1)),
                Cell::words(line.chance.map_or_else(
                    || number::NO_VALUE.to_owned(),
                    |chance| number::chance(chance, VI),
                )),
                Cell::words(row.standing.map_or_else(String::new, |one| one.words().vi)),
            ],
        }
    });
    Table {
        id: "targets".to_owned(),
        caption: String::new(),
        columns: vec![
            column("Chỉ tiêu", Align::Left, 310),
            column("Hiện có", Align::Right, 100),
            column("Mức kế hoạch", Align::Centre, 150),
            column("Còn thiếu", Align::Right, 100),
            column("Cần thêm mỗi năm", Align::Right, 110),
            column("Khả năng đạt", Align::Centre, 110),
            column("Tình trạng", Align::Centre, 120),
        ],
        rows: rows.collect(),
        note: String::new(),
    }
}
