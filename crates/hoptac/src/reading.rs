//! `hoptac plan read`: the quantified targets of a document, and what else its numbers are.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use hoptac_intake::draft;
use hoptac_intake::pack::{self, PackFiles};
use hoptac_intake::reading::{self, Comparator, Horizon, Target, document};

use crate::Outcome;
use crate::cli::PlanReadArguments;
use crate::embedded;
use crate::output::{self, WIDTH, wrap};
use crate::sentence::{refuse, said};

/// What is read at most: one byte more than a document may have, so that the reader refuses it.
const READ_MAX: u64 = document::SIZE_MAX as u64 + 1;

/// Reads a document and shows its targets, or the text that they are read from.
pub(crate) fn read(arguments: &PlanReadArguments) -> Result<Outcome> {
    let opened = open(&bytes_of(&arguments.file)?, &arguments.file)?;
    if arguments.text {
        output::say(&opened.text)?;
        return Ok(Outcome::Done);
    }
    let reading = reading::read(&opened.text);
    if let Some(folder) = &arguments.pack {
        return write_draft(folder, arguments.like.as_deref(), &opened.text, &reading);
    }
    let json = arguments.json;
    if json {
        output::json(&reading)?;
        return Ok(Outcome::Done);
    }
    output::say(&format!("{} mục tiêu định lượng", reading.targets.len()))?;
    for target in &reading.targets {
        output::say("")?;
        for line in wrap(&target.quote, WIDTH, "") {
            output::say(&line)?;
        }
        for line in wrap(&meaning(target), WIDTH, "  ") {
            output::say(&line)?;
        }
    }
    output::say("")?;
    output::say(&format!("{} số khác", reading.others.len()))?;
    for other in &reading.others {
        for line in wrap(&format!("{}: {}", other.quote, other.reason), WIDTH, "  ") {
            output::say(&line)?;
        }
    }
    Ok(Outcome::Done)
}

/// Writes the draft of a pack into a folder that is not there yet.
fn write_draft(
    folder: &Path,
    like: Option<&Path>,
    text: &str,
    reading: &reading::Reading,
) -> Result<Outcome> {
    if folder.exists() {
        refuse!(
            "đã có `{folder}`, chương trình không ghi đè; hãy nêu thư mục mới",
            "`{folder}` is there already, and nothing in it is overwritten; name a new folder",
            folder = folder.display().to_string()
        );
    }
    let files = like.map_or_else(embedded::plan, PackFiles::from_dir);
    let codes = embedded::unit_codes();
    let known = pack::read(&files, &pack::Check { units: Some(&codes) });
    let Some(known) = known.accepted() else {
        refuse!(
            "gói mẫu cho bản nháp có lỗi; `hoptac pack check` chỉ ra các lỗi",
            "the pack that the draft should be like has errors; `hoptac pack check` shows them"
        );
    };
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let id = name.filter(|name| is_id(name)).unwrap_or_else(|| "draft".to_owned());
    let draft = draft::write(&id, text, reading, known, &[]);
    let write = |name: &str, bytes: &[u8]| -> Result<()> {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| {
                said!("tạo `{folder}`", "making `{folder}`", folder = parent.display().to_string())
            })?;
        }
        std::fs::write(&path, bytes).with_context(|| {
            said!("ghi `{file}`", "writing `{file}`", file = path.display().to_string())
        })
    };
    for (name, text) in &draft.files {
        write(name, text.as_bytes())?;
    }
    output::say(&format!(
        "{}: {} mục tiêu, {} mục tiêu ứng với chỉ tiêu đã biết, {} mục tiêu ghi TODO; xem bằng `hoptac pack check`",
        folder.display(),
        draft.targets,
        draft.mapped,
        draft.targets - draft.mapped
    ))?;
    Ok(Outcome::Done)
}

/// Whether a name can be the id of a pack.
fn is_id(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Opens a document, and tells what was done to its text.
pub(crate) fn open(bytes: &[u8], file: &Path) -> Result<document::Opened> {
    let opened = match document::open(bytes) {
        Ok(opened) => opened,
        Err(refusal) => {
            let file = file.display().to_string();
            refuse!(
                "không đọc được `{file}`: {why}",
                "`{file}` was not read: {why}",
                file,
                why = refusal
            )
        }
    };
    if let Some(encoding) = opened.converted_from {
        output::complain(&format!(
            "hoptac: the text was converted from {encoding}; places count characters of the converted text"
        ));
    }
    if let Some(from) = opened.taken_from {
        output::complain(&format!(
            "hoptac: the text was taken out of a {from} document; places count its characters (`plan read --text` shows it)"
        ));
    }
    if !opened.pictures.is_empty() {
        let pages: Vec<String> = opened.pictures.iter().map(usize::to_string).collect();
        output::complain(&format!(
            "hoptac: these pages are pictures without text and were not read: {}",
            pages.join(", ")
        ));
    }
    Ok(opened)
}

/// What a target was taken to mean, in words.
fn meaning(target: &Target) -> String {
    let sign = |comparator: Comparator| match comparator {
        Comparator::Eq => "bằng",
        Comparator::About => "khoảng",
        Comparator::AtLeast => "ít nhất",
        Comparator::MoreThan => "trên",
        Comparator::AtMost => "không quá",
        Comparator::LessThan => "dưới",
        Comparator::Between => "từ … đến",
    };
    let number = |value: f64| value.to_string().replace('.', ",");
    let amount = match (target.value, target.min, target.max) {
        (Some(value), _, _) => number(value),
        (None, Some(min), Some(max)) => format!("{} - {}", number(min), number(max)),
        (None, _, _) => String::new(),
    };
    let until = target.until.map(|year| format!(" đến năm {year}")).unwrap_or_default();
    let horizon = match target.horizon {
        Some(Horizon::Year(year)) => format!("năm {year}"),
        Some(Horizon::Yearly) => format!("hằng năm{until}"),
        None => "chưa rõ thời hạn".to_owned(),
    };
    format!("{} {amount} {}; {horizon}; {}", sign(target.comparator), target.unit, target.subject)
}

/// The bytes of a file, or of standard input for `-`, up to a little more than is accepted.
pub(crate) fn bytes_of(file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(READ_MAX)
            .read_to_end(&mut bytes)
            .context(said!("đọc đầu vào chuẩn", "reading standard input"))?;
        return Ok(bytes);
    }
    let open = std::fs::File::open(file).with_context(|| {
        said!(
            "không đọc được `{file}`; hãy nêu văn bản của một kế hoạch",
            "`{file}` cannot be read; name the document of a plan",
            file = file.display().to_string()
        )
    })?;
    open.take(READ_MAX).read_to_end(&mut bytes).with_context(|| {
        said!("đọc `{file}`", "reading `{file}`", file = file.display().to_string())
    })?;
    Ok(bytes)
}
