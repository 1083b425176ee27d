//! `hoptac.toml`: the settings of an installation in one file, and what is wrong with it, line by line.
//!
//! Every key is an option of the command line. What is said on the command line goes first, then the environment, then the
//! file, then what the program does unless told otherwise.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Command;
use hoptac_model::text::{Language, Words};
use hoptac_model::words;
use serde::Serialize;
use toml_edit::{Document, Item, TableLike};
use tracing_subscriber::EnvFilter;

use crate::Outcome;
use crate::output;
use crate::sentence::{not_opened, refuse};
use crate::serve::{is_origin, is_page};

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    /// A path; one that is not absolute is meant from the folder of the file.
    Path,
    Database,
    Port,
    Address,
    Socket,
    Origin,
    Page,
    Flag,
    Format,
    Level,
    Seconds,
    Count,
    Text,
}

/// A key of the file and the option that it sets.
struct Key {
    section: &'static str,
    name: &'static str,
    option: &'static str,
    want: Want,
}

const fn key(section: &'static str, name: &'static str, option: &'static str, want: Want) -> Key {
    Key { section, name, option, want }
}

/// All keys. Those without a section are of every command, the others of `hoptac serve`.
static KEYS: [Key; 22] = [
    key("", "dir", "dir", Want::Path),
    key("", "database", "database", Want::Database),
    key("", "key_file", "key_file", Want::Path),
    key("serve", "listen", "listen", Want::Address),
    key("serve", "port", "port", Want::Port),
    key("serve", "origin", "origin", Want::Origin),
    key("serve", "public", "public", Want::Flag),
    key("serve", "public_side", "public_side", Want::Flag),
    key("serve", "small_cell", "small_cell", Want::Count),
    key("serve", "data_licence", "data_licence", Want::Page),
    key("serve", "private_webhooks", "private_webhooks", Want::Flag),
    key("serve", "requests_per_minute", "requests_per_minute", Want::Count),
    key("serve", "boundaries", "boundaries", Want::Path),
    key("serve", "drain", "drain", Want::Seconds),
    key("serve", "stop", "stop", Want::Seconds),
    key("openid", "issuer", "openid_issuer", Want::Page),
    key("openid", "client", "openid_client", Want::Text),
    key("openid", "secret_file", "openid_secret_file", Want::Path),
    key("openid", "name", "openid_name", Want::Text),
    key("metrics", "listen", "metrics", Want::Socket),
    key("log", "format", "log_format", Want::Format),
    key("log", "level", "log_level", Want::Level),
];

/// What is wrong at a line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Finding {
    line: usize,
    what: Words,
}

/// The settings of a file.
#[derive(Debug, Default)]
pub(crate) struct Settings(Vec<(&'static Key, String)>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.option)
    }
}

impl Settings {
    /// Reads a file that must be right.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let (settings, findings) = examine(path)?;
        if let Some(first) = findings.first() {
            refuse!(
                "{file}, dòng {line}: {what}",
                "{file}, line {line}: {what}",
                file = path.display().to_string(),
                line = first.line,
                what = &first.what
            );
        }
        Ok(settings)
    }

    /// The words of the command line, with what the file says where neither they nor the environment say anything.
    pub(crate) fn behind(self, mut command: Command) -> Command {
        for (key, value) in self.0 {
            // The settings live as long as the process.
            let value: &'static str = value.leak();
            let set = move |option: clap::Arg| {
                // A database's address may hold a password, which no help text repeats.
                option.default_value(value).hide_default_value(key.want == Want::Database)
            };
            command = if key.section.is_empty() {
                command.mut_arg(key.option, set)
            } else {
                command.mut_subcommand("serve", |serve| serve.mut_arg(key.option, set))
            };
        }
        command
    }
}

/// `hoptac config check`.
pub(crate) fn check(file: Option<PathBuf>, as_json: bool, language: Language) -> Result<Outcome> {
    let Some(path) = file else {
        refuse!(
            "hãy nêu tệp cấu hình, ví dụ `hoptac config check hoptac.toml`",
            "name the configuration file, as in `hoptac config check hoptac.toml`"
        );
    };
    let (settings, findings) = examine(&path)?;
    if as_json {
        output::json(&serde_json::json!({ "file": path, "findings": findings }))?;
    } else {
        for Finding { line, what } in &findings {
            output::say(&format!("{}:{line}: {}", path.display(), what.get(language)))?;
        }
        if findings.is_empty() {
            let right = words!(
                "{file} đúng: {count} khóa",
                "{file} is right: {count} keys",
                file = path.display().to_string(),
                count = settings.0.len()
            );
            output::say(right.get(language))?;
        }
    }
    Ok(if findings.is_empty() { Outcome::Done } else { Outcome::Findings })
}

fn examine(path: &Path) -> Result<(Settings, Vec<Finding>)> {
    let text = fs::read_to_string(path).with_context(|| not_opened(path))?;
    Ok(read(&text, path.parent().unwrap_or(Path::new(""))))
}

/// Reads every setting that it can and says what is wrong with the others.
fn read(text: &str, folder: &Path) -> (Settings, Vec<Finding>) {
    let mut reading = Reading { text, folder, settings: Settings::default(), findings: Vec::new() };
    match Document::parse(text) {
        Ok(document) => reading.table("", document.as_table()),
        Err(error) => {
            let said = error.message().to_owned();
            reading.find(
                error.span().map_or(0, |span| span.start),
                words!("không phải TOML: {said}", "this is not TOML: {said}", said = &said),
            );
        }
    }
    reading.findings.sort_by_key(|finding| finding.line);
    (reading.settings, reading.findings)
}

struct Reading<'t> {
    text: &'t str,
    folder: &'t Path,
    settings: Settings,
    findings: Vec<Finding>,
}

impl Reading<'_> {
    fn find(&mut self, at: usize, what: Words) {
        let before = self.text.get(..at).unwrap_or(self.text);
        self.findings.push(Finding { line: before.matches('\n').count() + 1, what });
    }

    fn table(&mut self, section: &str, table: &dyn TableLike) {
        for (name, item) in table.iter() {
            let at = table.key(name).and_then(toml_edit::Key::span).map_or(0, |span| span.start);
            let is_section = KEYS.iter().any(|key| key.section == name && !name.is_empty());
            if let Some(key) = KEYS.iter().find(|key| (key.section, key.name) == (section, name)) {
                self.value(key, item, at);
            } else if let (true, true, Some(inner)) =
                (section.is_empty(), is_section, item.as_table_like())
            {
                self.table(name, inner);
            } else {
                self.find(at, unknown(section, name));
            }
        }
    }

    fn value(&mut self, key: &'static Key, item: &Item, at: usize) {
        let given = match item {
            Item::Value(toml_edit::Value::String(text)) => text.value().trim().to_owned(),
            Item::Value(toml_edit::Value::Integer(number)) => number.value().to_string(),
            Item::Value(toml_edit::Value::Boolean(flag)) => flag.value().to_string(),
            Item::Value(_) | Item::None | Item::Table(_) | Item::ArrayOfTables(_) => {
                item.to_string().trim().to_owned()
            }
        };
        if let Some(want) = misfit(key.want, &given) {
            let name = key.name;
            // The address of a database may hold a password, which is not repeated.
            let shown =
                if key.want == Want::Database { String::new() } else { format!(" `{given}`") };
            self.find(
                at,
                words!(
                    "giá trị{shown} của `{name}` không dùng được; {want}",
                    "the value{shown} of `{name}` cannot be used; {want}",
                    shown = &shown,
                    name = name,
                    want = &want
                ),
            );
            return;
        }
        let value = if key.want == Want::Path {
            self.folder.join(given).display().to_string()
        } else {
            given
        };
        self.settings.0.push((key, value));
    }
}

fn unknown(section: &str, name: &str) -> Words {
    let known: Vec<&str> =
        KEYS.iter().filter(|key| key.section == section).map(|key| key.name).collect();
    let known = known.join(", ");
    if section.is_empty() {
        return words!(
            "không có khóa `{name}`; các khóa là {known}, và các phần [serve], [metrics], [log]",
            "there is no key `{name}`; the keys are {known}, and the sections [serve], [metrics], [log]",
            name = name,
            known = &known
        );
    }
    words!(
        "phần [{section}] không có khóa `{name}`; các khóa là {known}",
        "the section [{section}] has no key `{name}`; its keys are {known}",
        section = section,
        name = name,
        known = &known
    )
}

/// What a value should be, where it is not.
fn misfit(want: Want, given: &str) -> Option<Words> {
    let (fits, words) = match want {
        Want::Path => (
            !given.is_empty(),
            words!("viết đường dẫn trong dấu nháy", "write a path between quotation marks"),
        ),
        Want::Database => (
            ["postgres://", "postgresql://"].iter().any(|start| given.starts_with(start)),
            words!(
                "viết `postgres://người-dùng:mật-khẩu@máy-chủ/cơ-sở-dữ-liệu`",
                "write `postgres://user:password@host/database`"
            ),
        ),
        Want::Port => (
            given.parse::<u16>().is_ok(),
            words!("viết một số từ 0 đến 65535", "write a number from 0 to 65535"),
        ),
        Want::Address => (
            given.parse::<IpAddr>().is_ok(),
            words!("viết một địa chỉ như \"127.0.0.1\"", "write an address like \"127.0.0.1\""),
        ),
        Want::Socket => (
            given.parse::<SocketAddr>().is_ok(),
            words!(
                "viết địa chỉ và cổng như \"127.0.0.1:9115\"",
                "write an address and a port like \"127.0.0.1:9115\""
            ),
        ),
        Want::Origin => (
            is_origin(given),
            words!(
                "viết như \"https://htx.langson.gov.vn\", không có đường dẫn",
                "write it as \"https://htx.langson.gov.vn\", without a path"
            ),
        ),
        Want::Page => (
            is_page(given),
            words!(
                "viết trọn địa chỉ, như \"https://creativecommons.org/licenses/by/4.0/\"",
                "write the whole address, as \"https://creativecommons.org/licenses/by/4.0/\""
            ),
        ),
        Want::Flag => (
            ["true", "false"].contains(&given),
            words!("viết true hoặc false", "write true or false"),
        ),
        Want::Format => (
            ["text", "json"].contains(&given),
            words!("viết \"text\" hoặc \"json\"", "write \"text\" or \"json\""),
        ),
        Want::Level => (
            !given.is_empty() && EnvFilter::try_new(given).is_ok(),
            words!(
                "viết \"error\", \"warn\", \"info\" hoặc \"debug\"",
                "write \"error\", \"warn\", \"info\" or \"debug\""
            ),
        ),
        Want::Seconds => (
            given.parse::<u16>().is_ok_and(|seconds| seconds <= 600),
            words!("viết số giây từ 0 đến 600", "write a number of seconds from 0 to 600"),
        ),
        Want::Count => (
            given.parse::<u16>().is_ok_and(|count| count > 0),
            words!("viết số đếm từ 1 đến 65535", "write a count from 1 to 65535"),
        ),
        Want::Text => (
            !given.trim().is_empty(),
            words!("viết một tên, không để trống", "write a name, not nothing"),
        ),
    };
    (!fits).then_some(words)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::cli::Cli;

    const WHOLE: &str = include_str!("../../../packaging/hoptac.toml");

    #[track_caller]
    fn check(text: &str, want: &[(usize, &str)]) {
        let (_, findings) = read(text, Path::new("/etc/hoptac"));
        let found: Vec<(usize, &str)> =
            findings.iter().map(|finding| (finding.line, finding.what.en.as_str())).collect();
        assert_eq!(found.len(), want.len(), "{found:?}");
        for ((line, said), (want_line, begins)) in found.iter().zip(want) {
            assert_eq!(line, want_line, "{said}");
            assert!(said.contains(begins), "{said}");
        }
    }

    #[test]
    fn the_example_is_right_and_names_every_key() {
        // What is a choice stands behind a `#` there.
        let all = WHOLE.replace("\n# ", "\n#! ").replace("\n#", "\n").replace("\n! ", "\n# ");
        let (settings, findings) = read(&all, Path::new("/etc/hoptac"));
        assert_eq!(findings, []);
        let mut named: Vec<&str> = settings.0.iter().map(|(key, _)| key.option).collect();
        let mut known: Vec<&str> = KEYS.iter().map(|key| key.option).collect();
        named.sort_unstable();
        known.sort_unstable();
        assert_eq!(named, known);
        check(WHOLE, &[]);
    }
    #[test]
    fn every_key_is_an_option() {
        let (settings, _) = read(WHOLE, Path::new("/etc/hoptac"));
        settings.behind(Cli::command()).debug_assert();
    }
    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        check("dirr = \"x\"\n", &[(1, "there is no key `dirr`")]);
        check("\n[serve]\nport = 70000\n", &[(3, "a number from 0 to 65535")]);
        check("[serve]\nprot = 1\nport = 2\n", &[(2, "[serve] has no key `prot`")]);
        check("[server]\nport = 1\n", &[(1, "there is no key `server`")]);
        check("serve = 3\n", &[(1, "there is no key `serve`")]);
        check("[serve]\norigin = \"htx.vn/\"\npublic = \"ja\"\n", &[(2, "`htx.vn/`"), (3, "`ja`")]);
        check("[log]\nlevel = \"\"\nformat = \"xml\"\n", &[(2, "level"), (3, "xml")]);
        check("[metrics]\nlisten = \"9115\"\n", &[(2, "an address and a port")]);
        check("dir = [\"a\"]\ndir = 3", &[(2, "this is not TOML")]);
        check("[serve\n", &[(1, "this is not TOML")]);
    }
    #[test]
    fn a_password_is_never_repeated() {
        let (_, findings) = read("database = \"mysql://a:secret@b/c\"\n", Path::new(""));
        assert!(!findings[0].what.en.contains("secret") && !findings[0].what.vi.contains("secret"));
    }
    #[test]
    fn paths_are_meant_from_the_folder_of_the_file() {
        let (settings, _) = read("dir = \"data\"\nkey_file = \"/k\"\n", Path::new("/etc/hoptac"));
        let values: Vec<&str> = settings.0.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["/etc/hoptac/data", "/k"]);
    }
    #[test]
    fn the_command_line_goes_before_the_file() {
        let (settings, _) =
            read("[serve]\nport = 81\nlisten = \"::1\"\npublic = true\n", Path::new(""));
        let matches = settings
            .behind(Cli::command())
            .try_get_matches_from(["hoptac", "serve", "--port", "82"])
            .unwrap();
        let serve = matches.subcommand_matches("serve").unwrap();
        assert_eq!(serve.get_one::<u16>("port"), Some(&82));
        assert!(serve.get_flag("public"));
        assert_eq!(serve.get_one::<IpAddr>("listen").unwrap().to_string(), "::1");
    }
}
