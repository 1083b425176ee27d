//! The papers about one organisation: its file with everything on record, and the extract of what is registered, which
//! carries a code to verify it by once it is issued.

use hoptac_model::number;
use hoptac_model::pack::Pack;
use hoptac_model::report::{Contents, OrganisationFile, ReportKind};
use hoptac_model::text::first_upper;
use hoptac_model::{date, report};

use crate::document::{Align, Block, Cell, Chart, Document, Row, Table};
use crate::letterhead::Letterhead;
use crate::periodic::{item, notice, paragraph, section};
use crate::svg::{alone, qr};
use crate::voice::{NO_DATA, Sentence, VI, column};

/// The paragraph by which an extract says that nobody can verify it yet.
const UNSEALED: &str = "unsealed";

/// Writes the file or the extract.
pub(crate) fn document(contents: &Contents, pack: &Pack, letterhead: &Letterhead) -> Document {
    let Some(file) = &contents.organisation else { return Document::default() };
    let extract = contents.kind == ReportKind::Extract;
    let (kind, symbol) =
        if extract { ("TRÍCH LỤC", "TL") } else { ("HỒ SƠ TỔ CHỨC", "HS") };
    let mut heading = letterhead.heading(kind, symbol, &contents.unit);
    heading.subject = vec![file.name.clone()];
    heading.notice = notice(contents);
    let day = date::show(contents.as_of, VI);
    let lead = if extract {
        format!(
            "{} trích lục từ sổ đăng ký những nội dung sau đây, tính đến ngày {day}",
            letterhead.issuer_in_sentence(&contents.unit)
        )
    } else {
        format!("Những nội dung ghi trong sổ đăng ký, tính đến ngày {day}, như sau")
    };
    let mut blocks = vec![paragraph("opening", Sentence::new(lead).say(":").into_spans())];
    blocks.extend(registered(file));
    if !extract {
        on_record(file, pack, &mut blocks);
    }
    let text = format!(
        "Nội dung lấy từ sổ cái đến hồ sơ số {}",
        number::whole(i64::try_from(contents.position).unwrap_or(i64::MAX), VI)
    );
    blocks.push(paragraph("sources", Sentence::new(text).end()));
    if extract {
        let text = "Bản in để xem trước khi ban hành, không có mã QR nên không dùng để chứng minh";
        blocks.push(paragraph(UNSEALED, Sentence::new(text).end()));
    }
    let closing = letterhead.closing(&["- Tổ chức có tên;", "- Lưu: VT."]);
    Document { heading, blocks, closing }
}

/// What is registered, one line for each.
fn registered(file: &OrganisationFile) -> Vec<Block> {
    let unknown = || first_upper(NO_DATA);
    let whole = |value: Option<i64>, unit: &str| {
        value.map_or_else(unknown, |value| format!("{} {unit}", number::whole(value, VI)))
    };
    [
        ("name", "Tên", file.name.clone()),
        ("kind", "Loại hình", file.kind.words().vi),
        ("code", "Mã số", file.code.clone().unwrap_or_else(unknown)),
        ("founded", "Ngày thành lập", date::show(file.founded_on, VI)),
        ("status", "Tình trạng pháp lý", file.status.words().vi),
        ("seat", "Địa bàn trụ sở", file.seat.clone()),
        ("sector", "Lĩnh vực", format!("{}, ngành {}", file.sector.words().vi, file.vsic)),
        ("members", "Thành viên chính thức", whole(file.members, "thành viên")),
        ("capital", "Vốn điều lệ", whole(file.capital, "đồng")),
    ]
    .into_iter()
    .map(|(id, label, text)| item(id, Sentence::new(format!("{label}: {text}")).end()))
    .collect()
}

/// Everything else on record, as tables; what there is none of is said.
fn on_record(file: &OrganisationFile, pack: &Pack, blocks: &mut Vec<Block>) {
    let span = |from, to: Option<jiff::civil::Date>| {
        let to = to.map_or_else(|| "không thời hạn".to_owned(), |to| date::show(to, VI));
        format!("{} – {to}", date::show(from, VI))
    };
    let returns = file.returns.iter().map(|one| {
        let late = if one.late { "Nộp muộn" } else { "Đúng hạn" };
        vec![one.year.to_string(), date::show(one.on, VI), late.to_owned()]
    });
    add(blocks, "1. Báo cáo năm", &[("Năm", 200), ("Ngày nộp", 400), ("Thời hạn", 400)], returns);
    let grades = file.grades.iter().map(|one| {
        let points = number::show(f64::from(one.score_tenths) / 10.0, 1, VI);
        vec![one.year.to_string(), points, one.grade.words().vi, date::show(one.on, VI)]
    });
    let heads = [("Năm", 200), ("Điểm", 200), ("Xếp loại", 300), ("Ngày quyết định", 300)];
    add(blocks, "2. Xếp loại", &heads, grades);
    let links = file
        .links
        .iter()
        .map(|one| vec![one.partner.name.clone(), one.product.to_string(), span(one.from, one.to)]);
    let heads = [("Bên liên kết", 400), ("Sản phẩm", 300), ("Thời gian", 300)];
    add(blocks, "3. Hợp đồng liên kết", &heads, links);
    let certificates = file.certificates.iter().map(|one| {
        let kind = pack.certificate_kinds.iter().find(|kind| kind.id == one.kind);
        let kind = kind.map_or_else(|| one.kind.clone(), |kind| kind.name.vi.clone());
        let stars = one.stars.map_or_else(String::new, |stars| format!(" {stars} sao"));
        vec![format!("{kind}{stars}"), one.product.clone(), span(one.from, one.to)]
    });
    let heads = [("Chứng nhận", 350), ("Sản phẩm", 350), ("Thời hạn", 300)];
    add(blocks, "4. Sản phẩm, chứng nhận", &heads, certificates);
    let supports = file.supports.iter().map(|one: &report::SupportLine| {
        let title = pack.programmes.iter().find(|programme| programme.id == one.programme);
        let title = title.map_or_else(|| one.programme.clone(), |found| found.title.vi.clone());
        vec![title, number::whole(one.granted, VI), number::whole(one.paid, VI)]
    });
    let heads = [("Chương trình", 500), ("Đã duyệt (đồng)", 250), ("Đã chi (đồng)", 250)];
    add(blocks, "5. Hỗ trợ của Nhà nước", &heads, supports);
}

/// A table under a heading of its own, or the sentence that there is nothing.
fn add(
    blocks: &mut Vec<Block>,
    title: &str,
    heads: &[(&str, u16)],
    rows: impl Iterator<Item = Vec<String>>,
) {
    blocks.push(section(2, title));
    let rows: Vec<Row> = rows
        .map(|cells| Row { strong: false, cells: cells.into_iter().map(Cell::words).collect() })
        .collect();
    let id = format!("record.{}", title.chars().next().unwrap_or('0'));
    if rows.is_empty() {
        blocks.push(paragraph(id, Sentence::new("Không có trong sổ").end()));
        return;
    }
    blocks.push(Block::Table(Table {
        id,
        caption: String::new(),
        columns: heads.iter().map(|(head, width)| column(*head, Align::Left, *width)).collect(),
        rows,
        note: String::new(),
    }));
}

/// Puts the code to verify it by before the signature: the address as a picture and in letters.
pub(crate) fn seal(document: &mut Document, address: &str) {
    let Some(svg) = qr::draw(address) else { return };
    document
        .blocks
        .retain(|block| !matches!(block, Block::Paragraph(paragraph) if paragraph.id == UNSEALED));
    let (body, _) = document.parts();
    let at = body.len();
    document.blocks.insert(
        at,
        Block::Chart(Chart {
            caption: format!("Xác minh tại {address}"),
            description: format!("Mã QR dẫn đến {address}"),
            svg: alone::draw(&svg.into_string()),
            width_mm: 28,
        }),
    );
}
