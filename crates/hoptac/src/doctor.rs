//! `hoptac doctor`: what is wrong with an installation, and how to mend it. It changes nothing.

use std::fs;
use std::path::Path;

use anyhow::Result;
use hoptac_model::account::AccountName;
use hoptac_model::member::KeyHolder;
use hoptac_model::text::{Language, Words};
use hoptac_model::words;
use hoptac_store::{Condition, Error, OpenMode, Setup, Store};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::cli::Place;
use crate::cli::backup::DoctorArguments;
use crate::keys::Locks;
use crate::{Outcome, clock, output, verify};

/// Less room than this is dangerous.
const ROOM_LEAST: u64 = 200 << 20;
/// A write-ahead log larger than this has not been folded in for long.
const WAL_MOST: u64 = 256 << 20;
/// How far the clocks of two machines may be apart.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(2);
/// How old a backup may be while there are filings that it does not hold.
const BACKUP_AGE: SignedDuration = SignedDuration::from_hours(26);
/// The letters that documents are written with, and that fonts forget most often.
const LETTERS: &str = "ẮẰẲẴẶẤẦẨẪẬẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰỲỶỸỴĐắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựỳỷỹỵđ";

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Well,
    Doubtful,
    Wrong,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    /// What it is called, the same in every language.
    name: &'static str,
    state: State,
    /// What was found.
    found: Words,
    /// What to do about it; empty where all is well.
    remedy: Words,
}

pub(crate) async fn run(place: &Place, arguments: &DoctorArguments) -> Result<Outcome> {
    let checks = examine(place, arguments.quick, arguments.lang.into()).await;
    let worst = checks.iter().map(|check| check.state).max().unwrap_or(State::Well);
    if arguments.json {
        output::json(&serde_json::json!({ "state": worst, "checks": checks }))?;
    } else {
        say(&checks, worst, arguments.lang.into())?;
    }
    Ok(if worst == State::Wrong { Outcome::Findings } else { Outcome::Done })
}

fn say(checks: &[Check], worst: State, language: Language) -> Result<()> {
    for check in checks {
        let mark = match check.state {
            State::Well => words!("tốt", "well"),
            State::Doubtful => words!("lưu ý", "doubtful"),
            State::Wrong => words!("hỏng", "wrong"),
        };
        let line =
            format!("{} · {}: {}", mark.get(language), check.name, check.found.get(language));
        let remedy = check.remedy.get(language);
        for line in output::wrap(&line, output::WIDTH, "") {
            output::say(&line)?;
        }
        for line in output::wrap(remedy, output::WIDTH, "    ") {
            output::say(&line)?;
        }
    }
    let sum = match worst {
        State::Well => words!("mọi thứ đều tốt", "all is well"),
        State::Doubtful => words!("có điều cần lưu ý", "there are doubtful things"),
        State::Wrong => words!("có điều phải sửa", "there are things to mend"),
    };
    output::say(sum.get(language))
}

/// Looks at everything, from the ground up.
async fn examine(place: &Place, quick: bool, language: Language) -> Vec<Check> {
    let mut checks = vec![folder(&place.dir, place.database.is_some())];
    let condition = Condition::look(&place.location()).await;
    let size = match condition.as_ref().map(|condition| &condition.setup) {
        Ok(Setup::Sqlite { bytes, .. }) => *bytes,
        Ok(Setup::Postgres { .. }) | Err(_) => 0,
    };
    checks.extend(room(&place.dir, size));
    checks.push(fonts());
    match condition {
        Err(error) => checks.push(unusable(&error)),
        Ok(condition) => {
            checks.push(schema(&condition));
            checks.extend(setup(place, &condition));
            checks.push(time(&condition));
            checks.push(backup(&place.dir, &condition));
            // Opening a database brings it to the program's schema, which is not for the doctor to do.
            if condition.schema == condition.known && !condition.owes_fold {
                checks.extend(inside(place, quick, language).await);
            }
        }
    }
    checks
}

fn well(name: &'static str, found: Words) -> Check {
    Check { name, state: State::Well, found, remedy: Words::default() }
}

fn doubtful(name: &'static str, found: Words, remedy: Words) -> Check {
    Check { name, state: State::Doubtful, found, remedy }
}

fn wrong(name: &'static str, found: Words, remedy: Words) -> Check {
    Check { name, state: State::Wrong, found, remedy }
}

/// The data folder: there, ours to write, closed to others.
fn folder(dir: &Path, on_server: bool) -> Check {
    let name = "folder";
    let dir_name = dir.display().to_string();
    if !dir.is_dir() {
        let found = words!(
            "không có thư mục `{dir_name}`",
            "there is no folder `{dir_name}`",
            dir_name = &dir_name
        );
        return if on_server {
            let remedy = words!(
                "tạo thư mục hoặc chỉ ra bằng --dir; khóa chính nằm ở đó nếu không có --key-file",
                "make it or name another with --dir; the master key lies there unless --key-file says otherwise"
            );
            doubtful(name, found, remedy)
        } else {
            let remedy = words!(
                "chỉ ra thư mục dữ liệu bằng --dir, hoặc nhập dữ liệu lần đầu bằng `hoptac plan adopt`",
                "name the data folder with --dir, or fill one with `hoptac plan adopt`"
            );
            wrong(name, found, remedy)
        };
    }
    let trial = dir.join(format!(".doctor-{}", std::process::id()));
    let written = fs::write(&trial, "").and_then(|()| fs::remove_file(&trial));
    if let Err(error) = written {
        let why = error.to_string();
        return wrong(
            name,
            words!(
                "không ghi được vào `{dir_name}`: {why}",
                "`{dir_name}` cannot be written: {why}",
                dir_name = &dir_name,
                why = why
            ),
            words!(
                "giao thư mục cho tài khoản chạy hoptac: `chown -R hoptac {dir_name}`, và gắn ổ đĩa ở chế độ ghi",
                "give it to the user who runs hoptac: `chown -R hoptac {dir_name}`, and mount the disk for writing",
                dir_name = &dir_name
            ),
        );
    }
    if let Some(open) = open_to_others(dir) {
        return doubtful(
            name,
            words!(
                "người khác trên máy đọc được `{open}`",
                "others on this machine may read `{open}`",
                open = &open
            ),
            words!("chạy `chmod o= {open}`", "run `chmod o= {open}`", open = &open),
        );
    }
    well(
        name,
        words!(
            "ghi được vào `{dir_name}`, người khác không đọc được",
            "`{dir_name}` can be written, and others cannot read it",
            dir_name = &dir_name
        ),
    )
}

/// The path, where everybody on the machine may read it.
#[cfg(unix)]
fn open_to_others(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path).ok()?.permissions().mode();
    (mode & 0o004 != 0).then(|| path.display().to_string())
}

/// Elsewhere the folder's own rules hold.
#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Option<String> {
    None
}

/// The room on the disk, and what kind of disk it is.
#[cfg(unix)]
fn room(dir: &Path, size: u64) -> Vec<Check> {
    /// What Linux calls NFS, SMB and CIFS.
    const NETWORK: [u64; 4] = [0x6969, 0x517b, 0xfe53_4d42, 0xff53_4d42];
    let Ok(disk) = rustix::fs::statvfs(dir) else { return Vec::new() };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let shown = format!("{} MB", free >> 20);
    let remedy = words!(
        "dọn chỗ trên ổ đĩa hoặc chuyển thư mục dữ liệu sang ổ lớn hơn; khi hết chỗ, hồ sơ mới bị từ chối",
        "make room or move the data folder to a larger disk; without room no filing is accepted"
    );
    let found = words!("còn trống {shown}", "{shown} are free", shown = &shown);
    let mut checks = vec![if free < ROOM_LEAST {
        wrong("room", found, remedy)
    } else if free < size.saturating_mul(2) {
        doubtful("room", found, remedy)
    } else {
        well("room", found)
    }];
    #[cfg(target_os = "linux")]
    if let Ok(kind) = rustix::fs::statfs(dir)
        && size > 0
        && NETWORK.contains(&(kind.f_type.cast_unsigned() & 0xffff_ffff))
    {
        checks.push(wrong(
            "disk",
            words!("thư mục dữ liệu nằm trên ổ đĩa mạng", "the data folder lies on a network disk"),
            words!(
                "chuyển về ổ đĩa của máy, hoặc dùng PostgreSQL: SQLite không khóa tệp chắc chắn qua mạng",
                "move it to a disk of the machine, or use PostgreSQL: SQLite cannot lock reliably over a network"
            ),
        ));
    }
    checks
}

#[cfg(not(unix))]
fn room(_: &Path, _: u64) -> Vec<Check> {
    Vec::new()
}

/// The fonts of documents, which the program carries.
fn fonts() -> Check {
    let missing: String = hoptac_report::font::letters_missing(LETTERS).into_iter().collect();
    if missing.is_empty() {
        return well(
            "fonts",
            words!(
                "phông chữ trong chương trình có đủ chữ tiếng Việt",
                "the fonts in the program have all letters of Vietnamese"
            ),
        );
    }
    wrong(
        "fonts",
        words!(
            "phông chữ thiếu các chữ {missing}",
            "the fonts lack the letters {missing}",
            missing = &missing
        ),
        words!("cài lại chương trình", "install the program anew"),
    )
}

/// A database that cannot be looked at.
#[expect(clippy::wildcard_enum_match_arm, reason = "all other errors say themselves what to do")]
fn unusable(error: &Error) -> Check {
    let why = error.to_string();
    let found = words!("không dùng được: {why}", "it cannot be used: {why}", why = &why);
    let remedy = match error {
        Error::Missing(_) | Error::Empty | Error::FolderMissing(_) => words!(
            "chỉ ra đúng thư mục bằng --dir (hoặc --database), hay khôi phục bản sao lưu bằng `hoptac restore`",
            "name the right folder with --dir (or --database), or restore a backup with `hoptac restore`"
        ),
        Error::Damaged(_) | Error::NotADatabase(_) => words!(
            "giữ nguyên tệp này, khôi phục bản sao lưu gần nhất vào thư mục khác bằng `hoptac restore`",
            "keep the file as it is and restore the last backup into another folder with `hoptac restore`"
        ),
        Error::NotWritable(_) => words!(
            "giao thư mục và tệp cho tài khoản chạy hoptac, gắn ổ đĩa ở chế độ ghi",
            "give folder and file to the user who runs hoptac, and mount the disk for writing"
        ),
        Error::Server(_) => words!(
            "kiểm tra địa chỉ, tài khoản, mật khẩu và máy chủ PostgreSQL (`pg_isready`)",
            "check the address, user, password and the PostgreSQL server (`pg_isready`)"
        ),
        _ => words!("làm như câu trên nói", "do as the sentence says"),
    };
    wrong("database", found, remedy)
}

fn schema(condition: &Condition) -> Check {
    let name = "schema";
    let (schema, known) = (condition.schema.to_string(), condition.known.to_string());
    if condition.schema > condition.known {
        return wrong(
            name,
            words!(
                "cơ sở dữ liệu ở phiên bản {schema}, chương trình chỉ biết đến {known}",
                "the database has version {schema}, this program knows versions up to {known}",
                schema = &schema,
                known = &known
            ),
            words!("dùng chương trình mới hơn", "use the newer program"),
        );
    }
    if condition.schema < condition.known {
        return doubtful(
            name,
            words!(
                "cơ sở dữ liệu ở phiên bản {schema}, chương trình sẽ nâng lên {known}",
                "the database has version {schema}, this program will bring it to {known}",
                schema = &schema,
                known = &known
            ),
            words!(
                "sao lưu bằng chương trình cũ, rồi chạy `hoptac serve` hoặc `hoptac verify`",
                "make a backup with the old program, then run `hoptac serve` or `hoptac verify`"
            ),
        );
    }
    if condition.owes_fold {
        return doubtful(
            name,
            words!(
                "việc nâng phiên bản chưa xong: sổ đăng ký còn phải dựng lại",
                "an upgrade was interrupted: the register is still to be made anew"
            ),
            words!(
                "chạy `hoptac verify`; chương trình tự làm nốt khi mở",
                "run `hoptac verify`; the program finishes it when it opens the database"
            ),
        );
    }
    well(
        name,
        words!(
            "phiên bản {schema}, đúng của chương trình",
            "version {schema}, the program's own",
            schema = &schema
        ),
    )
}

/// How the database is set up.
fn setup(place: &Place, condition: &Condition) -> Vec<Check> {
    match &condition.setup {
        Setup::Sqlite { journal, waits, .. } => {
            let mut checks = Vec::new();
            if journal != "wal" || !waits {
                checks.push(wrong(
                    "journal",
                    words!(
                        "nhật ký của SQLite là `{journal}`, không phải `wal`",
                        "SQLite's journal is `{journal}`, not `wal`",
                        journal = journal
                    ),
                    words!(
                        "dừng chương trình khác đang mở tệp, rồi chạy lại",
                        "stop other programs that have the file open, and run again"
                    ),
                ));
            }
            let wal = place.file().with_extension("sqlite-wal");
            let bytes = fs::metadata(&wal).map_or(0, |file| file.len());
            let shown = format!("{} MB", bytes >> 20);
            checks.push(if bytes > WAL_MOST {
                doubtful(
                    "journal",
                    words!("nhật ký ghi trước lớn {shown}", "the write-ahead log has {shown}", shown = &shown),
                    words!("khởi động lại `hoptac serve` khi không có sao lưu hay kiểm tra nào đang chạy", "restart `hoptac serve` while no backup or proof is running"),
                )
            } else {
                well("journal", words!("nhật ký ghi trước {shown}, ghi chắc từng hồ sơ xuống đĩa", "the write-ahead log has {shown}; the disk confirms every filing", shown = &shown))
            });
            checks
        }
        Setup::Postgres { version, encoding, clock, careless, .. } => {
            let mut checks = vec![if careless.is_empty() {
                well(
                    "server",
                    words!(
                        "PostgreSQL {version}, ghi chắc từng hồ sơ xuống đĩa",
                        "PostgreSQL {version}; the disk confirms every filing",
                        version = version
                    ),
                )
            } else {
                let careless = careless.join(", ");
                wrong(
                    "server",
                    words!(
                        "PostgreSQL {version} tắt {careless}: mất điện có thể mất hồ sơ đã nhận",
                        "PostgreSQL {version} has {careless} off: a power cut can take filings that were accepted",
                        version = version,
                        careless = &careless
                    ),
                    words!(
                        "bật lại trong postgresql.conf và nạp lại cấu hình",
                        "turn it on in postgresql.conf and reload the configuration"
                    ),
                )
            }];
            if encoding != "UTF8" {
                checks.push(wrong(
                    "encoding",
                    words!(
                        "bảng mã là {encoding}, không phải UTF8",
                        "texts are encoded as {encoding}, not as UTF8",
                        encoding = encoding
                    ),
                    words!(
                        "sao lưu, tạo cơ sở dữ liệu mới với ENCODING 'UTF8', rồi khôi phục",
                        "make a backup, create a database with ENCODING 'UTF8' and restore into it"
                    ),
                ));
            }
            let apart = clock::now().duration_since(*clock).abs();
            if apart > CLOCKS_APART {
                let seconds = apart.as_secs().to_string();
                checks.push(doubtful(
                    "clock",
                    words!("đồng hồ máy này và máy chủ cơ sở dữ liệu lệch {seconds} giây", "the clocks of this machine and of the database server are {seconds} seconds apart", seconds = &seconds),
                    words!("cho cả hai máy đồng bộ giờ (chrony hoặc systemd-timesyncd)", "have both keep time (chrony or systemd-timesyncd)"),
                ));
            }
            checks
        }
    }
}

/// The clock against the last filing: nothing can be recorded before it.
fn time(condition: &Condition) -> Check {
    let now = clock::now();
    match condition.recorded_at {
        Some(last) if last > now => {
            let (last, now) = (clock::moment_of(last), clock::moment_of(now));
            wrong(
                "clock",
                words!(
                    "đồng hồ chỉ {now}, nhưng hồ sơ cuối đã ghi lúc {last}",
                    "the clock says {now}, but the last filing was recorded at {last}",
                    now = &now,
                    last = &last
                ),
                words!(
                    "chỉnh đồng hồ và bật đồng bộ giờ; cho đến lúc đó hồ sơ mới bị từ chối",
                    "set the clock and have it kept (chrony or systemd-timesyncd); until then filings are refused"
                ),
            )
        }
        Some(_) | None => well(
            "clock",
            words!("đồng hồ không đi sau hồ sơ cuối", "the clock is not behind the last filing"),
        ),
    }
}

/// What `hoptac backup` left in the data folder.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct LastBackup {
    pub(crate) made_at: Timestamp,
    pub(crate) position: u64,
}

impl LastBackup {
    /// The last backup that was made with this data folder.
    pub(crate) fn read(dir: &Path) -> Option<Self> {
        let text = fs::read_to_string(dir.join(crate::backup::NOTE)).ok()?;
        serde_json::from_str(&text).ok()
    }
}

fn backup(dir: &Path, condition: &Condition) -> Check {
    let name = "backup";
    let remedy = words!(
        "đặt lịch `hoptac backup` hằng ngày (xem docs/operations) và cất bản sao ở máy khác",
        "have `hoptac backup` run every day (see docs/operations) and keep copies on another machine"
    );
    let Some(last) = LastBackup::read(dir) else {
        if condition.position == 0 {
            return well(name, words!("chưa có gì để sao lưu", "there is nothing to back up yet"));
        }
        return doubtful(
            name,
            words!("chưa thấy bản sao lưu nào", "no backup was made with this data folder"),
            remedy,
        );
    };
    let (at, missing) =
        (clock::moment_of(last.made_at), condition.position.saturating_sub(last.position));
    let found = words!(
        "bản cuối lúc {at}, thiếu {missing} hồ sơ nộp sau đó",
        "the last one is of {at}; {missing} filings came after it",
        at = &at,
        missing
    );
    if missing > 0 && clock::now().duration_since(last.made_at) > BACKUP_AGE {
        return doubtful(name, found, remedy);
    }
    well(name, found)
}

/// What only an open database tells: keys and the proof.
async fn inside(place: &Place, quick: bool, language: Language) -> Vec<Check> {
    let store = match Store::open(&place.location(), OpenMode::Existing).await {
        Ok(store) => store,
        Err(error) => return vec![unusable(&error)],
    };
    let mut checks = vec![match locks(&store).await {
        Ok(locks) => key(place, &locks),
        Err(error) => unusable(&error),
    }];
    if !quick {
        checks.push(match verify::proved(&store, language).await {
            Ok(verification) => ledger(&verification),
            Err(error) => unusable(&error),
        });
    }
    store.close().await;
    checks
}

async fn locks(store: &Store) -> Result<Locks, Error> {
    let mut locks = Locks { pseudonyms: store.key(KeyHolder::Pseudonyms).await?, factor: None };
    for account in store.accounts().await? {
        let name: &AccountName = &account.name;
        if let Some(sealed) = store.credential(name).await?.totp_sealed {
            locks.factor = Some((name.as_str().to_owned(), sealed));
            break;
        }
    }
    Ok(locks)
}

fn key(place: &Place, locks: &Locks) -> Check {
    let name = "key";
    let file = place.key_file().display().to_string();
    match place.existing_key() {
        Err(error) => {
            let why = format!("{error:#}");
            let found = words!(
                "không dùng được khóa chính: {why}",
                "the master key cannot be used: {why}",
                why = &why
            );
            wrong(
                name,
                found,
                words!("chạy `chmod 600 {file}`", "run `chmod 600 {file}`", file = &file),
            )
        }
        Ok(None) if locks.is_empty() => well(
            name,
            words!(
                "chưa cần khóa chính; `{file}` sẽ được tạo khi cần",
                "no master key is needed yet; `{file}` is made when it is",
                file = &file
            ),
        ),
        Ok(None) => wrong(
            name,
            words!(
                "không có khóa chính ở `{file}`",
                "the master key is not at `{file}`",
                file = &file
            ),
            words!(
                "chép lại từ nơi cất riêng, hoặc chỉ ra bằng --key-file; thiếu nó không mở được dữ liệu cá nhân",
                "bring it from where it is kept apart, or name it with --key-file; without it nothing personal can be read"
            ),
        ),
        Ok(Some(key)) if !locks.fit(&key) => wrong(
            name,
            words!(
                "khóa ở `{file}` không phải khóa của cơ sở dữ liệu này",
                "the key at `{file}` is not that of this database",
                file = &file
            ),
            words!(
                "tìm đúng khóa, đừng ghi đè; chỉ ra bằng --key-file",
                "find the right one, replace nothing, and name it with --key-file"
            ),
        ),
        Ok(Some(_)) => well(
            name,
            words!(
                "khóa chính ở `{file}` đúng; phải có một bản cất riêng, ngoài bản sao lưu",
                "the master key at `{file}` fits; keep a copy apart from the backups",
                file = &file
            ),
        ),
    }
}

fn ledger(verification: &hoptac_store::Verification) -> Check {
    let filings = verification.filings;
    match &verification.problem {
        None => well(
            "ledger",
            words!(
                "sổ toàn vẹn: {filings} hồ sơ, sổ đăng ký khớp với sổ",
                "the ledger is whole: {filings} filings, and the register follows from them",
                filings
            ),
        ),
        Some(problem) => {
            let what = &problem.what;
            wrong(
                "ledger",
                words!(
                    "sổ không tự chứng minh được: {what}",
                    "the ledger does not prove itself: {what}",
                    what = what
                ),
                words!(
                    "dừng nộp hồ sơ, giữ nguyên cơ sở dữ liệu, so với bản sao lưu; nếu chỉ sổ đăng ký sai thì chạy `hoptac rebuild`",
                    "stop filing, keep the database as it is and compare it with a backup; if only the register is named, run `hoptac rebuild`"
                ),
            )
        }
    }
}
