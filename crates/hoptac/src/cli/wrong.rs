//! What is wrong with words of the command line, said in Vietnamese beside what the parser says in English.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser may find other things wrong one day"
)]

use clap::error::{ContextKind, ContextValue, ErrorKind};
use hoptac_model::text::Language;

use crate::output;

/// Tells what is wrong, or shows the help that was asked for, and gives the exit code.
pub(crate) fn tell(error: &clap::Error) -> std::process::ExitCode {
    let asked = matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if !asked && asks() != Some(Language::En) {
        output::complain(&format!("hoptac: {}", sentence(error)));
    }
    // A pipe that was closed on the other side leaves nobody to tell.
    let _ = error.print();
    u8::try_from(error.exit_code()).map_or(std::process::ExitCode::FAILURE, Into::into)
}

/// The language that the words ask for, as far as they can be read.
fn asks() -> Option<Language> {
    let words: Vec<String> = std::env::args().collect();
    let beside = words.windows(2).filter_map(|pair| match pair {
        [option, value] if option == "--lang" => Some(value.as_str()),
        _ => None,
    });
    let joined = words.iter().filter_map(|word| word.strip_prefix("--lang="));
    beside.chain(joined).last().and_then(|code| match code {
        "en" => Some(Language::En),
        "vi" => Some(Language::Vi),
        _ => None,
    })
}

/// What is wrong and what to do.
fn sentence(error: &clap::Error) -> String {
    let of = |kind: ContextKind| error.get(kind).map(shown).filter(|text| !text.is_empty());
    let argument = of(ContextKind::InvalidArg).unwrap_or_default();
    let value = of(ContextKind::InvalidValue).unwrap_or_default();
    let one_of = of(ContextKind::ValidValue).map(|all| format!("; các giá trị gồm {all}"));
    let meant =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    // Of several the likeliest stands last.
    let nearest = |kind| match error.get(kind)? {
        ContextValue::Strings(all) => all.last().cloned(),
        other => Some(shown(other)),
    };
    let meant = meant.into_iter().find_map(nearest).map(|near| format!("; có phải là {near}"));
    let what = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("tham số {argument} chưa có giá trị")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("`{value}` không dùng được cho {argument}")
        }
        ErrorKind::UnknownArgument => format!("không có tham số {argument}"),
        ErrorKind::InvalidSubcommand => {
            let word = of(ContextKind::InvalidSubcommand).unwrap_or_default();
            format!("không có lệnh {word}")
        }
        ErrorKind::MissingRequiredArgument => format!("thiếu {argument}"),
        ErrorKind::MissingSubcommand => "thiếu tên lệnh".to_owned(),
        ErrorKind::ArgumentConflict => match of(ContextKind::PriorArg) {
            Some(other) if argument.is_empty() => {
                let word = of(ContextKind::InvalidSubcommand).unwrap_or_default();
                format!("lệnh {word} không đi cùng {other}")
            }
            Some(other) => format!("{argument} không đi cùng {other}"),
            None => format!("{argument} chỉ được nêu một lần"),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("số giá trị của {argument} không đúng")
        }
        ErrorKind::NoEquals => format!("{argument} cần dấu bằng trước giá trị"),
        ErrorKind::InvalidUtf8 => "có từ không phải là văn bản UTF-8".to_owned(),
        _ => "lệnh chưa đúng".to_owned(),
    };
    let more = one_of.or(meant).unwrap_or_default();
    format!("{what}{more}; thêm --help để xem cách dùng")
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(all) => all.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::Number(number) => number.to_string(),
        ContextValue::Bool(truth) => truth.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    #[track_caller]
    fn check(words: &[&str], want: &str) {
        let error = Cli::command().try_get_matches_from(words).unwrap_err();
        assert_eq!(sentence(&error), want);
    }

    #[test]
    fn what_is_wrong_is_said_in_vietnamese() {
        let help = "; thêm --help để xem cách dùng";
        check(&["hoptac", "imprt"], &format!("không có lệnh imprt; có phải là import{help}"));
        check(&["hoptac", "export"], &format!("thiếu --out <FILE>, <TABLE>{help}"));
        check(
            &["hoptac", "import", "a.csv", "--accept", "some"],
            &format!(
                "`some` không dùng được cho --accept <ACCEPT>; các giá trị gồm all, good{help}"
            ),
        );
        check(
            &["hoptac", "import", "a.csv", "--accept", "good", "--dry-run"],
            &format!("--accept <ACCEPT> không đi cùng --dry-run{help}"),
        );
        check(
            &["hoptac", "import", "members", "list"],
            &format!("lệnh list không đi cùng <FILE>{help}"),
        );
        check(
            &["hoptac", "import", "a.csv", "--year", "12"],
            &format!("`12` không dùng được cho --year <YEAR>{help}"),
        );
        check(&["hoptac", "verify", "--nothing"], &format!("không có tham số --nothing{help}"));
    }
}
