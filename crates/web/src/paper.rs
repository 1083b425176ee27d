//! A document as a page: the same tree that is written as .docx and .pdf, its figures leading to their records.

use hoptac_model::report::Source;
use hoptac_report::document::{
    Align, Block, Document, MOTTO, NATION, Paragraph, RECIPIENTS, Span, Table,
};
use maud::{Markup, PreEscaped, html};

use crate::query::Ask;

/// Where the records of a figure are shown.
pub(crate) fn records(ask: &Ask, source: &Source) -> String {
    let path = format!("/chi-tieu/{}/ho-so", source.indicator);
    let ask = ask.clone().of_day(source.on).for_code(source.unit.to_string());
    ask.for_unit(&path, &[])
}

/// Where the records of a figure are shown as they were when it was issued.
pub(crate) fn records_as_issued(ask: &Ask, source: &Source) -> String {
    records(&ask.clone().of_position(source.position), source)
}

/// Draws the document; `href` says where a figure leads.
pub(crate) fn draw(document: &Document, href: &dyn Fn(&Source) -> String) -> Markup {
    let heading = &document.heading;
    let closing = &document.closing;
    let (body, annexes) = document.parts();
    html! {
        article class="paper" lang="vi" {
            div class="paper-head" {
                div {
                    @if !heading.superior.is_empty() { p { (heading.superior) } }
                    @for line in &heading.issuer { p { strong { (line) } } }
                    p { "Số: " (heading.number) }
                }
                div {
                    p { strong { (NATION) } }
                    p { strong { (MOTTO) } }
                    p { em { (heading.place_and_date) } }
                }
            }
            p class="paper-title" { strong { (heading.kind) } }
            @for line in &heading.subject { p class="paper-title" { strong { (line) } } }
            @if !heading.notice.is_empty() { p class="paper-title" { em { (heading.notice) } } }
            @for block in body { (draw_block(block, href)) }
            div class="paper-foot" {
                div {
                    @if !closing.recipients.is_empty() { p { strong { em { (RECIPIENTS) } } } }
                    @for line in &closing.recipients { p { (line) } }
                }
                div {
                    @for line in &closing.capacity { p { strong { (line) } } }
                    p class="paper-signer" { strong { (closing.signer) } }
                }
            }
            @for block in annexes { (draw_block(block, href)) }
        }
    }
}

fn draw_block(block: &Block, href: &dyn Fn(&Source) -> String) -> Markup {
    match block {
        Block::Section { level, text } if *level <= 1 => html! { h2 { (text) } },
        Block::Section { text, .. } => html! { h3 { (text) } },
        Block::Paragraph(paragraph) => sentences(paragraph, href),
        Block::Table(table) => draw_table(table, href),
        Block::Chart(chart) => html! {
            figure {
                (PreEscaped(without_style(&chart.svg)))
                @if !chart.caption.is_empty() { figcaption { (chart.caption) } }
            }
        },
        Block::PageBreak => html! { hr; },
    }
}

fn sentences(paragraph: &Paragraph, href: &dyn Fn(&Source) -> String) -> Markup {
    html! {
        p {
            @if paragraph.item { "- " }
            @for span in &paragraph.spans {
                @match span {
                    Span::Text(text) => (text),
                    Span::Figure { shown, source } => a href=(href(source)) { (shown) },
                }
            }
        }
    }
}

fn draw_table(table: &Table, href: &dyn Fn(&Source) -> String) -> Markup {
    let class = |align: Align| match align {
        Align::Left => None,
        Align::Centre => Some("middle"),
        Align::Right => Some("number"),
    };
    html! {
        div class="paper-table" tabindex="0" role="region" aria-label=(if table.caption.is_empty() { "Bảng" } else { table.caption.as_str() }) {
            table {
                @if !table.caption.is_empty() { caption { (table.caption) } }
                thead { tr { @for column in &table.columns { th scope="col" { (column.head) } } } }
                tbody {
                    @for row in &table.rows {
                        tr class=[row.strong.then_some("strong")] {
                            @if let [only] = row.cells.as_slice() {
                                td colspan=(table.columns.len()) { (only.text) }
                            } @else {
                                @for (cell, column) in row.cells.iter().zip(&table.columns) {
                                    td class=[class(column.align)] {
                                        @match &cell.source {
                                            Some(source) => a href=(href(source)) { (cell.text) },
                                            None => (cell.text),
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if !table.note.is_empty() { p class="note" { (table.note) } }
    }
}

/// The picture without its own style: the page colours it, in the light and in the dark.
fn without_style(svg: &str) -> String {
    match (svg.find("<style>"), svg.find("</style>")) {
        (Some(from), Some(to)) if from < to => {
            format!("{}{}", svg.get(..from).unwrap_or(""), svg.get(to + 8..).unwrap_or(""))
        }
        _ => svg.to_owned(),
    }
}
