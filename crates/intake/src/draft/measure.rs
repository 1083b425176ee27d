//! Which known indicator measures a target: by its unit, by what narrows its words down, by the words of its name.

use hoptac_model::pack::{Indicator, Measure, Pack};
use hoptac_model::text::fold;

use crate::reading::{Horizon, Target};

/// How well the words of an indicator's name must fit a sentence.
const FIT_MIN: f64 = 0.6;

/// What narrows down whom an indicator counts, each with other words for it, folded. An indicator whose name says more than
/// the sentence counts others than the sentence does.
const NARROWER: &[&[&str]] = &[
    &["phi-nong-nghiep"],
    &["nong nghiep", "nong san"],
    &["dang hoat dong"],
    &["moi thanh lap"],
    &["tang thuan"],
    &["cham dut", "giai the"],
    &["ke ca chuyen doi"],
    &["chuyen doi loai hinh"],
    &["tam ngung"],
    &["tot, kha", "tot va kha", "tot hoac kha", "loai tot", "hieu qua"],
    &["da xep loai"],
    &["thuoc dien"],
    &["chuoi"],
    &["doanh nghiep"],
    &["xuc tien thuong mai"],
    &["chuyen doi so"],
    &["cong nghe cao"],
    &["moi linh vuc"],
    &["dan so"],
    &["co lai"],
    &["co bao cao"],
    &["trung vi"],
    &["kho khan"],
    &["thanh vien nu"],
    &["dan toc thieu so"],
    &["ho ngheo"],
    &["ho gia dinh"],
    &["theo so dang ky"],
    &["so nguoi, ho va to chuc"],
    &["chinh thuc"],
    &["hop tac xa, lien hiep"],
    &["thanh vien lien hiep"],
    &["to hop tac va hop tac xa"],
];

/// What a sentence speaks of that an indicator of a plan for cooperatives can measure, folded.
const FIELD: &[&str] = &["hop tac", "htx", "tht", "lien hiep", "tap the", "thanh vien"];

/// Words that say nothing of whom a name counts.
const EMPTY: &[&str] = &["dang ton tai", "tren tong so to chuc", "tren tong so", "ty le"];

/// The indicator of a pack that measures a target which stands in this sentence; none where no name fits.
pub(super) fn by_words<'p>(
    target: &Target,
    sentence: &str,
    like: &'p Pack,
) -> Option<&'p Indicator> {
    let of_whole = target.parent.as_deref().unwrap_or_default();
    let said = plain(&format!("{sentence} {} {of_whole}", target.subject));
    // "phủ sóng 5G đạt 99% dân số" has the words of a name, and speaks of something else.
    if !FIELD.iter().any(|words| said.contains(words)) {
        return None;
    }
    // The clause of the number: behind the last comma or bracket before it.
    let before = sentence.split(&target.quote).next().unwrap_or_default();
    let clause = before.rsplit([',', '(', ':']).next().unwrap_or_default();
    let own = plain(&format!(
        "{clause} {} {} {}",
        target.quote,
        target.subject,
        target.denominator.as_deref().unwrap_or_default()
    ));
    let is_average = own.contains("trung binh") || own.contains("binh quan");
    let of = target.of.as_deref().map(fold);
    let mut best: Option<(f64, &Indicator)> = None;
    for indicator in &like.indicators {
        if !fits_unit(indicator, target, is_average) {
            continue;
        }
        let mut name = plain(&indicator.name.vi);
        if indicator.measure == Measure::Flow {
            name = name.replace("trong nam", "");
        }
        for words in EMPTY {
            name = name.replace(words, "");
        }
        // "850 tổ hợp tác với 4.250 thành viên": whose members they are is known.
        let is_theirs =
            of.as_deref().is_none_or(|of| name.contains(&format!("thanh vien {of}")) || is_average);
        let words: Vec<&str> = name.split(' ').filter(|word| !word.is_empty()).collect();
        if words.is_empty() || !is_theirs {
            continue;
        }
        let narrowed = narrowed(&name, if is_average { &own } else { &said });
        let near = words.iter().filter(|word| has(&own, word)).count();
        let far = words.iter().filter(|word| has(&said, word)).count();
        let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let all = count(words.len());
        let whole = count(far) / all;
        if whole < FIT_MIN && narrowed < 1.0 {
            continue;
        }
        // A name of more words that all stand there says more than a short one.
        let fit = narrowed + (0.4 * count(near) + 0.6 * count(far)) / all + 0.01 * count(far);
        if best.is_none_or(|(before, _)| fit > before + 1e-9) {
            best = Some((fit, indicator));
        }
    }
    best.map(|(_, indicator)| indicator)
}

/// Folded, with what is outside agriculture under one name, so that it is not taken for agriculture.
fn plain(text: &str) -> String {
    let mut folded = fold(text);
    for words in ["phi nong nghiep", "ngoai linh vuc nong nghiep", "ngoai nong nghiep"] {
        folded = folded.replace(words, "phi-nong-nghiep");
    }
    folded
}

/// How a name and a sentence agree in what narrows them down: what both say counts for them, what only the name says
/// against it, what only the sentence says half against it.
fn narrowed(name: &str, said: &str) -> f64 {
    let says = |text: &str, words: &[&str]| words.iter().any(|words| text.contains(words));
    NARROWER
        .iter()
        .map(|words| match (says(name, words), says(said, words)) {
            (true, true) => 1.0,
            (true, false) => -1.0,
            (false, true) => -0.5,
            (false, false) => 0.0,
        })
        .sum()
}

fn has(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|is| is == word.trim_matches(','))
}

/// Whether an indicator counts what a target is told in.
fn fits_unit(indicator: &Indicator, target: &Target, is_average: bool) -> bool {
    let unit = fold(&target.unit);
    let fits = match indicator.unit.as_str() {
        "percent" => unit == "%",
        "groups" => unit == "to hop tac" || unit == "tht",
        "cooperatives" => unit == "hop tac xa" || unit == "htx",
        "unions" => unit.starts_with("lien hiep"),
        "members" => unit.starts_with("thanh vien") && !is_average,
        "members_per_organisation" => unit.starts_with("thanh vien") && is_average,
        _ => false,
    };
    let is_flow = target.horizon == Some(Horizon::Yearly) && !is_average && unit != "%";
    fits && (indicator.measure == Measure::Flow) == is_flow
}
