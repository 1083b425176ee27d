//! The half-year and the yearly report: how the collective economy grew, where the targets of the plan stand, what is
//! difficult, what is to be done; the yearly one with the plan of the next year. Annexes tell the figures by unit and
//! where each comes from.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use hoptac_model::number;
use hoptac_model::pack::{Pack, Task};
use hoptac_model::report::{Contents, ReportKind, TargetLine};
use hoptac_model::scoreboard::Applies;
use hoptac_model::standing::Standing;
use hoptac_model::target::Target;
use hoptac_model::text::first_upper;

use crate::chart;
use crate::document::{Align, Block, Cell, Document, Paragraph, Row, Span, Table};
use crate::letterhead::{Letterhead, lower_first};
use crate::voice::{
    NO_DATA, Sentence, VI, Voice, by, column, count, listed, number_cell, period_words,
};

/// The indicators of the table of units.
pub const COLUMNS: [&str; 6] =
    ["groups", "cooperatives", "unions", "members_all", "groups_founded", "cooperatives_founded"];

/// What is told of how the organisations work; indicators that the plan has not are left out.
const WORK: [&str; 10] = [
    "organisations_operating",
    "group_revenue_average",
    "cooperative_revenue_average",
    "cooperative_profit_average",
    "income_per_member_median",
    "income_per_worker_median",
    "workers",
    "graded_share",
    "good_share_gradable",
    "return_share",
];

/// How many difficult targets have a sentence of their own.
const DIFFICULT: usize = 8;

/// Writes the report.
pub(crate) fn document(contents: &Contents, pack: &Pack, letterhead: &Letterhead) -> Document {
    let voice = Voice { contents, pack };
    let yearly = contents.kind == ReportKind::Yearly;
    let mut heading = letterhead.heading("BÁO CÁO", "BC", &contents.unit);
    let mut subject = format!(
        "Kết quả phát triển kinh tế tập thể {} trên địa bàn {}",
        period_words(contents.period),
        lower_first(&contents.unit.name)
    );
    if yearly {
        subject = format!(
            "Kết quả phát triển kinh tế tập thể năm {year} và kế hoạch năm {next} trên địa bàn {unit}",
            year = contents.period.year(),
            next = contents.period.year() + 1,
            unit = lower_first(&contents.unit.name)
        );
    }
    heading.subject = vec![subject];
    heading.notice = notice(contents);
    let mut blocks = vec![opening(voice, letterhead)];
    growth(voice, &mut blocks);
    targets(voice, &mut blocks);
    difficulties(voice, &mut blocks);
    ahead(voice, &mut blocks);
    annexes(voice, &mut blocks);
    let closing = letterhead.closing(&[
        "- Như trên;",
        "- Các cơ quan phối hợp thực hiện kế hoạch;",
        "- Lưu: VT.",
    ]);
    Document { heading, blocks, closing }
}

/// What stands under the subject where the figures are not real.
pub(crate) fn notice(contents: &Contents) -> String {
    if contents.synthetic {
        "(Dữ liệu mô phỏng, không phải số liệu thật)".to_owned()
    } else {
        String::new()
    }
}

pub(crate) fn section(level: u8, text: impl Into<String>) -> Block {
    Block::Section { level, text: text.into() }
}

pub(crate) fn paragraph(id: impl Into<String>, spans: Vec<Span>) -> Block {
    Block::Paragraph(Paragraph { id: id.into(), item: false, spans })
}

pub(crate) fn item(id: impl Into<String>, spans: Vec<Span>) -> Block {
    Block::Paragraph(Paragraph { id: id.into(), item: true, spans })
}

fn opening(voice: Voice<'_>, letterhead: &Letterhead) -> Block {
    let document = &voice.pack.document;
    let kind = if document.kind == "plan" { "Kế hoạch" } else { "văn bản" };
    let text = format!(
        "Thực hiện {kind} số {number} ngày {day} của {issuer}, {us} báo cáo kết quả {period}; số liệu tính đến ngày \
         {as_of} như sau",
        number = document.number,
        day = hoptac_model::date::show(document.issued, VI),
        issuer = document.issuer.vi,
        us = letterhead.issuer_in_sentence(&voice.contents.unit),
        period = period_words(voice.contents.period),
        as_of = voice.day(),
    );
    paragraph("opening", Sentence::new(text).say(":").into_spans())
}

/// I: numbers, members, how the organisations work.
fn growth(voice: Voice<'_>, blocks: &mut Vec<Block>) {
    blocks.push(section(1, "I. TÌNH HÌNH PHÁT TRIỂN KINH TẾ TẬP THỂ"));
    blocks.push(section(2, "1. Số lượng tổ chức"));
    let kinds = [
        ("groups", "groups_founded", "groups_ceased", "Tổ hợp tác"),
        ("cooperatives", "cooperatives_founded", "cooperatives_ceased", "Hợp tác xã"),
        ("unions", "", "", "Liên hiệp hợp tác xã"),
    ];
    for (stock, founded, ceased, name) in kinds {
        let Some(found) = voice.stock(stock) else {
            blocks.push(item(
                format!("size.{stock}"),
                Sentence::new(format!("{name}: {NO_DATA}")).end(),
            ));
            continue;
        };
        let mut sentence = Sentence::new(format!("{name}: {} có ", voice.whole())).then(found);
        let flows =
            [voice.flow(founded, "thành lập mới"), voice.flow(ceased, "chấm dứt hoạt động")];
        let mut flows = flows.into_iter().flatten();
        if let Some(first) = flows.next() {
            sentence =
                sentence.say(format!(". Lũy kế từ đầu năm {}, ", voice.contents.as_of.year()));
            sentence =
                flows.fold(sentence.then(first), |sentence, flow| sentence.say("; ").then(flow));
        }
        blocks.push(item(format!("size.{stock}"), sentence.end()));
    }
    blocks.push(section(2, "2. Thành viên"));
    for (id, name) in [
        ("group_members", "Thành viên tổ hợp tác"),
        ("cooperative_members", "Thành viên hợp tác xã"),
        ("group_members_average", "Bình quân một tổ hợp tác"),
        ("cooperative_members_average", "Bình quân một hợp tác xã"),
    ] {
        if let Some(found) = voice.stock(id) {
            let sentence = Sentence::new(format!("{name}: ")).then(found);
            blocks.push(item(format!("members.{id}"), sentence.end()));
        }
    }
    blocks.extend(history(voice, &["groups", "cooperatives"]));
    blocks.push(section(2, "3. Kết quả hoạt động"));
    let mut unknown = Vec::new();
    for id in WORK {
        let Some(indicator) = voice.indicator(id) else { continue };
        match voice.stock(id) {
            Some(found) => {
                let sentence = Sentence::new(format!("{}: ", indicator.name.vi)).then(found);
                blocks.push(item(format!("work.{id}"), sentence.end()));
            }
            None => unknown.push(lower_first(&indicator.name.vi)),
        }
    }
    if !unknown.is_empty() {
        let text = format!("{} về: {}", first_upper(NO_DATA), unknown.join("; "));
        blocks.push(item("work.unknown", Sentence::new(text).end()));
    }
}

/// The pictures of some indicators over the years.
fn history(voice: Voice<'_>, ids: &[&str]) -> Vec<Block> {
    ids.iter()
        .filter_map(|id| {
            let line = voice.contents.targets.iter().find(|line| {
                line.row.indicator.as_str() == *id && line.row.applies != Applies::UnitsBelow
            })?;
            let indicator = voice.indicator(id)?;
            let caption = format!(
                "Biểu đồ: {} qua các năm và mục tiêu của kế hoạch",
                lower_first(&indicator.name.vi)
            );
            chart::history(voice, line, caption).map(Block::Chart)
        })
        .collect()
}

/// How many targets stand where.
pub(crate) fn tally(contents: &Contents, standing: Standing) -> usize {
    contents.targets.iter().filter(|line| line.row.standing == Some(standing)).count()
}

/// The sentence that says how the plan stands.
pub(crate) fn verdict(contents: &Contents) -> String {
    let judged = contents.targets.iter().filter(|line| line.row.standing.is_some()).count();
    let parts: Vec<String> = [
        (Standing::Met, "đã đạt"),
        (Standing::OnTrack, "đúng tiến độ"),
        (Standing::Behind, "chậm"),
        (Standing::OffTrack, "khó đạt"),
        (Standing::NoData, NO_DATA),
    ]
    .into_iter()
    .map(|(standing, words)| (tally(contents, standing), words))
    .filter(|(number, _)| *number > 0)
    .map(|(number, words)| format!("{} chỉ tiêu {words}", count(number)))
    .collect();
    format!("Trong {} chỉ tiêu đo được của kế hoạch có {}", count(judged), listed(&parts))
}

/// II: where the targets stand.
fn targets(voice: Voice<'_>, blocks: &mut Vec<Block>) {
    blocks.push(section(1, "II. KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU CỦA KẾ HOẠCH"));
    blocks.push(paragraph("targets.verdict", Sentence::new(verdict(voice.contents)).end()));
    blocks.push(Block::Chart(chart::strip(voice)));
    blocks.push(Block::Table(table_of_targets(voice)));
}

/// What a target asks for, as it stands in a table.
pub(crate) fn asked(voice: Voice<'_>, line: &TargetLine) -> String {
    let sign = match line.row.applies {
        Applies::UnitsBelow => "",
        Applies::Directly | Applies::Yardstick | Applies::Assigned | Applies::NotHere => {
            voice.pack.indicator(&line.row.indicator).map_or("", |indicator| indicator.sign())
        }
    };
    line.row.constraint.words(sign, VI)
}

pub(crate) fn label<'p>(voice: Voice<'p>, line: &TargetLine) -> &'p str {
    voice.pack.target(&line.row.target).map_or("", |target: &Target| target.label.vi.as_str())
}

fn table_of_targets(voice: Voice<'_>) -> Table {
    let mut rows = Vec::new();
    let mut number = 0;
    for heading in &voice.pack.headings {
        let of: Vec<&TargetLine> = voice
            .contents
            .targets
            .iter()
            .filter(|line| {
                voice.pack.target(&line.row.target).is_some_and(|t| t.heading == heading.id)
            })
            .collect();
        if of.is_empty() {
            continue;
        }
        rows.push(Row { strong: true, cells: vec![Cell::words(heading.title.vi.clone())] });
        for line in of {
            number += 1;
            rows.push(Row { strong: false, cells: target_cells(voice, line, number) });
        }
    }
    Table {
        id: "targets".to_owned(),
        caption: format!("Bảng 1. Các chỉ tiêu của kế hoạch, tính đến ngày {}", voice.day()),
        columns: vec![
            column("TT", Align::Centre, 50),
            column("Chỉ tiêu", Align::Left, 290),
            column("Đơn vị tính", Align::Centre, 120),
            column("Cùng kỳ năm trước", Align::Right, 95),
            column("Kỳ này", Align::Right, 95),
            column("Mức kế hoạch", Align::Centre, 140),
            column("Tỷ lệ đạt (%)", Align::Right, 90),
            column("Tình trạng", Align::Centre, 120),
        ],
        rows,
        note: String::new(),
    }
}

fn target_cells(voice: Voice<'_>, line: &TargetLine, number: usize) -> Vec<Cell> {
    let row = &line.row;
    let indicator = voice.pack.indicator(&row.indicator);
    let counts_units = row.applies == Applies::UnitsBelow;
    let decimals = if counts_units { 0 } else { indicator.map_or(0, |one| one.decimals) };
    let cell = |value, on| match voice.target_source(line, on) {
        Some(source) => number_cell(value, decimals, source),
        None => Cell::words(number::show_or_dash(value, decimals, VI)),
    };
    let unit = if counts_units {
        "đơn vị đạt".to_owned()
    } else {
        indicator.map_or_else(String::new, |one| one.unit_words().vi)
    };
    let goal = indicator.map_or(0.0, |one| row.constraint.goal(one.direction));
    let part = row.value.filter(|_| goal > 0.0 && row.standing.is_some()).map(|v| v / goal * 100.0);
    let part = voice
        .target_source(line, voice.contents.as_of)
        .map_or_else(Cell::default, |source| number_cell(part, 1, source));
    let (asked, standing) = match row.standing {
        Some(standing) => (asked(voice, line), standing.words().vi),
        None => (number::NO_VALUE.to_owned(), "Không giao".to_owned()),
    };
    vec![
        Cell::words(number.to_string()),
        Cell::words(label(voice, line)),
        Cell::words(unit),
        cell(line.before, voice.day_before()),
        cell(row.value, voice.contents.as_of),
        Cell::words(asked),
        part,
        Cell::words(standing),
    ]
}

/// The targets that are in danger, the worst first.
pub(crate) fn endangered(contents: &Contents) -> Vec<&TargetLine> {
    let mut lines: Vec<&TargetLine> = contents
        .targets
        .iter()
        .filter(|line| matches!(line.row.standing, Some(Standing::OffTrack | Standing::Behind)))
        .collect();
    // The order of urgency is that of the standing; within it that of the chance, the unknown last.
    lines.sort_by(|a, b| {
        let chance = |line: &TargetLine| line.chance.unwrap_or(1.0);
        a.row.standing.cmp(&b.row.standing).then(chance(a).total_cmp(&chance(b)))
    });
    lines
}

/// A target in danger as a sentence: what there is, what is asked, how likely it still is, what is needed.
pub(crate) fn danger(voice: Voice<'_>, line: &TargetLine) -> Sentence {
    let row = &line.row;
    let standing = row.standing.map_or_else(String::new, |one| lower_first(&one.words().vi));
    let mut sentence = Sentence::new(format!("{} ({standing}): ", label(voice, line)));
    let indicator = voice.pack.indicator(&row.indicator);
    let counts_units = row.applies == Applies::UnitsBelow;
    let unit = if counts_units {
        " đơn vị đạt".to_owned()
    } else {
        indicator.map_or_else(String::new, |one| format!(" {}", one.unit_words().vi))
    };
    let shown = |value: f64| match indicator {
        Some(indicator) if !counts_units => crate::voice::amount(value, indicator),
        Some(_) | None => count_of(value),
    };
    let source = voice.target_source(line, voice.contents.as_of);
    if let (Some(value), Some(source)) = (row.value, source.clone()) {
        sentence = sentence.say("có ").figure(shown(value), source).say(unit.clone());
    }
    sentence =
        sentence.say(format!(", kế hoạch đặt mức {} {}", asked(voice, line), by(row.horizon)));
    if let (Some(expected), Some(source)) = (row.expected, source.clone()) {
        sentence = sentence
            .say("; theo tiến độ đến ngày này cần ")
            .figure(shown(expected), source)
            .say(unit.clone());
    }
    if let (Some(needed), Some(source), false) = (line.needed, source, counts_units) {
        let decimals = indicator.map_or(0, |one| one.decimals).max(u8::from(needed < 10.0));
        let behind = if indicator.is_some_and(|one| one.sign() == "%") {
            " điểm phần trăm".to_owned()
        } else {
            unit
        };
        sentence = sentence
            .say("; từ nay mỗi năm cần tăng thêm ")
            .figure(number::show(needed, decimals, VI), source)
            .say(behind);
    }
    if let Some(chance) = line.chance {
        sentence = sentence.say(format!("; khả năng đạt ước tính {}", number::chance(chance, VI)));
    }
    sentence
}

/// A number of units in a sentence.
fn count_of(value: f64) -> String {
    let shown = number::show(value, 0, VI);
    if shown.len() == 1 && shown != "0" { format!("0{shown}") } else { shown }
}

/// III: what is difficult, as far as the records show it.
fn difficulties(voice: Voice<'_>, blocks: &mut Vec<Block>) {
    blocks.push(section(1, "III. KHÓ KHĂN, HẠN CHẾ"));
    let lines = endangered(voice.contents);
    if lines.is_empty() {
        let text = "Không có chỉ tiêu nào chậm hoặc khó đạt theo số liệu hiện có";
        blocks.push(paragraph("difficulty.none", Sentence::new(text).end()));
    } else {
        let text =
            format!("Có {} chỉ tiêu chậm hoặc khó đạt, cần tập trung chỉ đạo", count(lines.len()));
        let text = if lines.len() > DIFFICULT {
            format!("{text}; {} chỉ tiêu cấp bách nhất gồm", count(DIFFICULT))
        } else {
            text
        };
        blocks.push(paragraph("difficulty.lead", Sentence::new(text).say(":").into_spans()));
        for line in lines.iter().take(DIFFICULT) {
            blocks.push(item(format!("difficulty.{}", line.row.target), danger(voice, line).end()));
        }
    }
    let missing: Vec<String> = voice
        .contents
        .targets
        .iter()
        .filter(|line| line.row.standing == Some(Standing::NoData))
        .map(|line| lower_first(label(voice, line)))
        .collect();
    if !missing.is_empty() {
        let text = format!(
            "{} chỉ tiêu chưa có số liệu để đánh giá: {}",
            count(missing.len()),
            listed(&missing)
        );
        blocks.push(paragraph("difficulty.unknown", Sentence::new(text).end()));
    }
}

/// The tasks of the plan that work on the targets in danger; all where none is.
pub(crate) fn tasks(voice: Voice<'_>) -> Vec<&Task> {
    let wanted: BTreeSet<&str> =
        endangered(voice.contents).into_iter().map(|line| line.row.indicator.as_str()).collect();
    let works = |task: &&Task| {
        wanted.is_empty() || task.indicators.iter().any(|one| wanted.contains(one.as_str()))
    };
    voice.pack.tasks.iter().filter(works).collect()
}

/// A task with who leads and who works with it.
pub(crate) fn task_sentence(voice: Voice<'_>, task: &Task) -> Sentence {
    let agency = |id: &String| {
        let found = voice.pack.agencies.iter().find(|one| &one.id == id);
        found.map(|one| one.name.vi.clone())
    };
    let mut text = task.title.vi.clone();
    if let Some(lead) = task.lead.as_ref().and_then(agency) {
        let _ = write!(text, " ({lead} chủ trì");
        let with: Vec<String> = task.with.iter().filter_map(agency).collect();
        if !with.is_empty() {
            let _ = write!(text, "; phối hợp: {}", with.join(", "));
        }
        text.push(')');
    }
    Sentence::new(text)
}

/// IV: what is to be done; in a yearly report with the numbers of the next year.
fn ahead(voice: Voice<'_>, blocks: &mut Vec<Block>) {
    let contents = voice.contents;
    let yearly = contents.kind == ReportKind::Yearly;
    let next = if yearly {
        format!("NĂM {}", contents.period.year() + 1)
    } else {
        "THỜI GIAN TỚI".to_owned()
    };
    let title = if yearly { "KẾ HOẠCH" } else { "NHIỆM VỤ TRỌNG TÂM" };
    blocks.push(section(1, format!("IV. {title} {next}")));
    if yearly {
        blocks.push(section(2, "1. Chỉ tiêu"));
        let text = "Mức phấn đấu đến cuối năm tính theo đường thẳng từ mốc đầu kỳ đến mục tiêu của kế hoạch, hoặc theo mức \
                    kế hoạch giao hằng năm; chỉ tiêu đã vượt đường này thì giữ mức đã đạt";
        blocks.push(paragraph("next.lead", Sentence::new(text).end()));
        blocks.push(Block::Table(table_of_next_year(voice)));
        blocks.push(section(2, "2. Nhiệm vụ, giải pháp"));
    }
    let tasks = tasks(voice);
    if tasks.is_empty() {
        let text = "Kế hoạch chưa ghi nhiệm vụ nào gắn với các chỉ tiêu chậm hoặc khó đạt";
        blocks.push(paragraph("tasks.none", Sentence::new(text).end()));
    }
    for task in tasks {
        blocks.push(item(format!("tasks.{}", task.id), task_sentence(voice, task).end()));
    }
}

fn table_of_next_year(voice: Voice<'_>) -> Table {
    let year = voice.contents.period.year();
    let lines = voice.contents.targets.iter().filter(|line| line.next.is_some());
    let rows = lines.zip(1..).map(|(line, number)| {
        let indicator = voice.pack.indicator(&line.row.indicator);
        let counts_units = line.row.applies == Applies::UnitsBelow;
        let decimals = if counts_units { 0 } else { indicator.map_or(0, |one| one.decimals) };
        let unit = if counts_units {
            "đơn vị đạt".to_owned()
        } else {
            indicator.map_or_else(String::new, |one| one.unit_words().vi)
        };
        let cell = |value| match voice.target_source(line, voice.contents.as_of) {
            Some(source) => number_cell(value, decimals, source),
            None => Cell::words(number::show_or_dash(value, decimals, VI)),
        };
        let cells = vec![
            Cell::words(number.to_string()),
            Cell::words(label(voice, line)),
            Cell::words(unit),
            cell(line.row.value),
            cell(line.next),
            Cell::words(format!("{} ({})", asked(voice, line), line.row.horizon.words(VI))),
        ];
        Row { strong: false, cells }
    });
    Table {
        id: "next".to_owned(),
        caption: format!("Bảng 2. Chỉ tiêu kế hoạch năm {}", year + 1),
        columns: vec![
            column("TT", Align::Centre, 50),
            column("Chỉ tiêu", Align::Left, 330),
            column("Đơn vị tính", Align::Centre, 130),
            column(format!("Thực hiện năm {year}"), Align::Right, 120),
            column(format!("Kế hoạch năm {}", year + 1), Align::Right, 120),
            column("Mức kế hoạch", Align::Centre, 250),
        ],
        rows: rows.collect(),
        note: String::new(),
    }
}

fn annexes(voice: Voice<'_>, blocks: &mut Vec<Block>) {
    let contents = voice.contents;
    let mut number = 0;
    let mut begin = |blocks: &mut Vec<Block>, title: String| {
        number += 1;
        blocks.push(Block::PageBreak);
        blocks.push(section(1, format!("PHỤ LỤC {number}. {}", title.to_uppercase())));
    };
    if !contents.units.is_empty() && !contents.columns.is_empty() {
        begin(blocks, "Số liệu theo đơn vị hành chính".to_owned());
        blocks.push(Block::Table(table_of_units(voice)));
    }
    begin(blocks, "Nguồn số liệu".to_owned());
    let text = format!(
        "Số liệu tính từ sổ cái đến hồ sơ số {}, theo địa giới hành chính ngày {}. Mỗi số liệu mở được đến từng hồ sơ đứng \
         sau theo mã chỉ tiêu đo và phiên bản cách tính dưới đây",
        number::whole(i64::try_from(contents.position).unwrap_or(i64::MAX), VI),
        hoptac_model::date::show(contents.geography, VI)
    );
    blocks.push(paragraph("sources.lead", Sentence::new(text).end()));
    let document = Document { blocks: std::mem::take(blocks), ..Document::default() };
    let table = table_of_sources(voice, &document);
    *blocks = document.blocks;
    blocks.push(Block::Table(table));
}

fn table_of_units(voice: Voice<'_>) -> Table {
    let contents = voice.contents;
    let indicators: Vec<_> =
        contents.columns.iter().filter_map(|id| voice.pack.indicator(id)).collect();
    let left = 620;
    let width = left / u16::try_from(indicators.len().max(1)).unwrap_or(1);
    let mut columns = vec![column("TT", Align::Centre, 70), column("Đơn vị", Align::Left, 310)];
    columns.extend(indicators.iter().map(|one| column(one.short.vi.clone(), Align::Right, width)));
    let whole = indicators.iter().map(|one| {
        let value = contents.measure(one.id.as_str()).and_then(|compared| compared.now);
        voice.cell(one, value, contents.as_of)
    });
    let mut first = vec![Cell::default(), Cell::words(contents.unit.name.clone())];
    first.extend(whole);
    let mut rows = vec![Row { strong: true, cells: first }];
    for (line, number) in contents.units.iter().zip(1..) {
        let mut cells = vec![Cell::words(number.to_string()), Cell::words(line.name.clone())];
        cells.extend(indicators.iter().zip(&line.values).map(|(indicator, value)| {
            let mut cell = voice.cell(indicator, *value, contents.as_of);
            if let Some(source) = &mut cell.source {
                source.unit = line.unit.clone();
            }
            cell
        }));
        rows.push(Row { strong: false, cells });
    }
    Table {
        id: "units".to_owned(),
        caption: format!("Tính đến ngày {}", voice.day()),
        columns,
        rows,
        note: "Số của toàn địa bàn gồm cả tổ chức chưa xác định được đơn vị cấp dưới.".to_owned(),
    }
}

/// Where the figures come from: each indicator that is used once.
pub(crate) fn table_of_sources(voice: Voice<'_>, document: &Document) -> Table {
    let used: BTreeSet<_> =
        document.figures().into_iter().map(|(_, source)| &source.indicator).collect();
    let rows = voice.pack.indicators.iter().filter(|one| used.contains(&one.id)).map(|one| Row {
        strong: false,
        cells: vec![
            Cell::words(one.name.vi.clone()),
            Cell::words(format!("{} (bản {})", one.id, one.version)),
            Cell::words(one.definition.vi.clone()),
        ],
    });
    Table {
        id: "sources".to_owned(),
        caption: String::new(),
        columns: vec![
            column("Chỉ tiêu đo", Align::Left, 300),
            column("Mã, phiên bản", Align::Left, 320),
            column("Cách tính", Align::Left, 380),
        ],
        rows: rows.collect(),
        note: String::new(),
    }
}
