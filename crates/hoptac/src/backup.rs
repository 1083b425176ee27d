//! `hoptac backup` and `hoptac restore`: the ledger and what lies beside it, out of a database that is in use and into an
//! empty one, of either kind.
//!
//! The master key is never in a backup: whoever has only the one cannot read what is personal.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use age::secrecy::{ExposeSecret as _, SecretString};
use anyhow::{Context as _, Result, anyhow};
use hoptac_model::text::{Language, Words};
use hoptac_model::words;
use hoptac_store::{Cells, Copying, Error, Proof, Restoring, Shape, Store};
use serde_json::json;

use crate::cli::Place;
use crate::cli::backup::{BackupArguments, RestoreArguments};
use crate::keys::{self, Locks};
use crate::sentence::{refuse, said};
use crate::{Outcome, clock, folder, output};

mod file;

use file::{Counts, Front, Lock, Opener, Piece, Reading, Writing, Written};

/// A passphrase shorter than this is soon guessed.
const PASSPHRASE_MIN: usize = 12;
/// The file in the data folder that tells of the last backup.
pub(crate) const NOTE: &str = "last-backup.json";
/// Rows that are restored at a time.
const LOT: usize = 500;

pub(crate) async fn backup(place: &Place, arguments: &BackupArguments) -> Result<Outcome> {
    if let Some(path) = &arguments.make_identity {
        return make_identity(path, arguments.lang.into());
    }
    let Some(out) = &arguments.out else {
        refuse!("hãy nêu tệp cần ghi bằng --out", "name the file to write with --out");
    };
    let lock = lock(arguments)?;
    let store = place.open().await?;
    let copying = store.copy().await?;
    let front = Front::new(Copying::schema(), clock::now(), copying.head());
    let out = named(out, &front, &lock);
    if out.exists() && !arguments.force {
        refuse!(
            "đã có {file}; hãy nêu tệp khác, hoặc thêm --force",
            "{file} is there already; name another file, or add --force",
            file = shown(&out)
        );
    }
    let doing = || said!("ghi bản sao lưu {file}", "writing the backup {file}", file = shown(&out));
    let part = part_of(&out)?;
    let written = write(copying, &part, &lock, &front).await;
    let written = written.and_then(|written| prove(&part, &lock, &written).map(|()| written));
    let written = match written.and_then(|written| keep(&part, &out).map(|()| written)) {
        Ok(written) => written,
        Err(error) => {
            // What was begun is taken back, so that nobody takes it for a backup.
            let _ = fs::remove_file(&part);
            return Err(plainly(error)).with_context(doing);
        }
    };
    note(place, &front, &out, &lock);
    if arguments.json {
        output::json(&json!({
            "file": out, "made_at": front.made_at, "position": front.position, "head": front.head,
            "schema": front.schema, "rows": written.counts, "bytes": written.bytes,
            "sha256": written.sha256.to_string(), "encrypted": !matches!(lock, Lock::None),
        }))?;
        return Ok(Outcome::Done);
    }
    let say = |words: Words| output::say(words.get(arguments.lang.into()));
    say(words!(
        "{file}: {filings} hồ sơ, hồ sơ cuối {head}, {bytes} byte, đã đọc lại và kiểm chứng",
        "{file}: {filings} filings up to {head}, {bytes} bytes, read back and proved",
        file = shown(&out),
        filings = front.position,
        head = &front.head,
        bytes = written.bytes
    ))?;
    if let Lock::Recipients(_) = lock {
        say(words!(
            "chỉ khóa riêng mở được: ở nơi giữ khóa, hãy thử bằng `hoptac restore FILE --check --identity FILE`",
            "only the identity opens it: where that lies, try it with `hoptac restore FILE --check --identity FILE`"
        ))?;
    }
    say(words!(
        "khóa chính không nằm trong bản sao lưu; hãy giữ một bản của `{file}` ở nơi khác, tách khỏi các bản sao lưu",
        "the master key is not in it; keep a copy of `{file}` elsewhere, apart from the backups",
        file = shown(&place.key_file())
    ))?;
    Ok(Outcome::Done)
}

/// Copies the database into a file.
async fn write(mut copying: Copying, part: &Path, lock: &Lock, front: &Front) -> Result<Written> {
    let shapes: Vec<Shape> = Copying::shapes().collect();
    let mut writing = Writing::begin(private(part)?, lock, front)?;
    let mut begun = None;
    while let Some((table, rows)) = copying.next().await? {
        if begun != Some(table)
            && let Some(shape) = shapes.get(table)
        {
            writing.table(shape)?;
            begun = Some(table);
        }
        for row in &rows {
            writing.row(row)?;
        }
    }
    writing.finish()
}

/// Reads what was written back from the disk: the bytes, and where it can be opened here, every filing.
fn prove(part: &Path, lock: &Lock, written: &Written) -> Result<()> {
    if file::sum_of(part)? != written.sha256 {
        refuse!(
            "đĩa trả về nội dung khác với nội dung đã ghi; hãy dùng đĩa khác",
            "the disk gives back other bytes than were written; use another disk"
        );
    }
    let opener = match lock {
        Lock::None => Opener::None,
        Lock::Passphrase(passphrase) => Opener::Passphrase(passphrase.clone()),
        // The other half of the key is not here. What went in was proved on its way, and its bytes are there.
        Lock::Recipients(_) => return Ok(()),
    };
    if check(part, &opener)?.counts != written.counts {
        refuse!(
            "bản sao lưu không chứa đúng những gì đã ghi",
            "the backup does not hold what was written"
        );
    }
    Ok(())
}

/// What a backup holds, proved.
struct Checked {
    front: Front,
    counts: Counts,
    /// What shows whether a master key is the right one.
    locks: Locks,
}

/// Reads a whole backup and proves it.
fn check(path: &Path, opener: &Opener) -> Result<Checked> {
    let mut reading = Reading::open(path, opener)?;
    let (mut proof, mut locks) = (Proof::default(), Locks::default());
    let mut shape: Option<Shape> = None;
    while let Some(piece) = reading.next()? {
        match (piece, &shape) {
            (Piece::Table(next), _) => shape = Some(next),
            (Piece::Row(row), Some(shape)) => {
                proof.take(shape, &row)?;
                locks.see(shape, &row);
            }
            (Piece::Row(_), None) => return Err(file::damaged()),
        }
    }
    let front = reading.front.clone();
    let (position, head) = proof.head();
    if (position, head.to_string()) != (front.position, front.head.clone()) {
        return Err(file::damaged());
    }
    Ok(Checked { front, counts: reading.counts().clone(), locks })
}

pub(crate) async fn restore(place: &Place, arguments: &RestoreArguments) -> Result<Outcome> {
    let opener = opener(arguments)?;
    let path = &arguments.file;
    let checked = check(path, &opener)?;
    let front = &checked.front;
    let up_to = arguments.position.unwrap_or(front.position);
    if up_to > front.position {
        refuse!(
            "`{file}` kết thúc ở hồ sơ {last}; không có hồ sơ {up_to} trong đó",
            "`{file}` ends at filing {last}; filing {up_to} is not in it",
            file = shown(path),
            last = front.position,
            up_to
        );
    }
    let key = place.existing_key()?;
    if let Some(key) = &key
        && !checked.locks.fit(key)
    {
        refuse!(
            "khóa ở `{file}` không phải khóa đã niêm phong dữ liệu cá nhân trong bản sao lưu này; hãy đặt đúng khóa của hệ thống vào đó, hoặc nêu bằng --key-file",
            "the key in `{file}` is not the one under which personal data in this backup are sealed; put the instance's own key there, or name it with --key-file",
            file = shown(&place.key_file())
        );
    }
    let needs_key = key.is_none() && !checked.locks.is_empty();
    if arguments.check {
        return say_checked(place, arguments, &checked, needs_key);
    }
    let store = fill(place, path, &opener, front, up_to).await?;
    let verification = store.verify(&mut |_| ()).await?;
    if let Some(problem) = verification.problem {
        refuse!(
            "dữ liệu khôi phục không tự chứng minh được: {what}; hãy dùng bản sao lưu khác",
            "what was restored does not prove itself: {what}; take another backup",
            what = &problem.what
        );
    }
    if up_to == front.position && verification.head.to_string() != front.head {
        return Err(file::damaged());
    }
    store.close().await;
    if arguments.json {
        output::json(&json!({
            "file": path, "made_at": front.made_at, "position": up_to, "left_out": front.position - up_to,
            "head": verification.head.to_string(), "needs_master_key": needs_key,
        }))?;
        return Ok(Outcome::Done);
    }
    let say = |words: Words| output::say(words.get(arguments.lang.into()));
    say(words!(
        "đã khôi phục và kiểm chứng {up_to} hồ sơ, mã băm cuối {head}",
        "restored and proved: {up_to} filings, head {head}",
        up_to,
        head = verification.head.to_string()
    ))?;
    if up_to < front.position {
        say(words!(
            "bỏ lại hồ sơ {first} đến {last} của bản sao lưu",
            "filings {first} to {last} of the backup were left out",
            first = up_to + 1,
            last = front.position
        ))?;
    }
    if needs_key {
        say(missing_key(place))?;
    }
    say(words!(
        "mọi người phải đăng nhập lại; lời mời còn mở cần đường dẫn mới (`hoptac account link TÊN`)",
        "everybody signs in anew; open invitations need a new link (`hoptac account link NAME`)"
    ))?;
    Ok(Outcome::Done)
}

/// Fills the empty place.
async fn fill(
    place: &Place,
    path: &Path,
    opener: &Opener,
    front: &Front,
    up_to: u64,
) -> Result<Store> {
    if place.database.is_none() {
        folder::make_folder(&place.dir)?;
    }
    let begun = Restoring::begin(&place.location(), front.schema, up_to).await;
    if matches!(begun, Err(Error::NotEmpty)) {
        refuse!(
            "nơi này đã có dữ liệu; hãy khôi phục vào thư mục trống hoặc cơ sở dữ liệu trống",
            "the database already holds something; restore into an empty folder or an empty database"
        );
    }
    let mut restoring = begun?;
    let mut reading = Reading::open(path, opener)?;
    let mut shape: Option<Shape> = None;
    let mut lot: Vec<Cells> = Vec::new();
    loop {
        let piece = reading.next()?;
        let is_full = lot.len() >= LOT || !matches!(piece, Some(Piece::Row(_)));
        if let (true, Some(shape)) = (is_full, &shape) {
            restoring.put(shape, std::mem::take(&mut lot)).await?;
        }
        match piece {
            Some(Piece::Table(next)) => shape = Some(next),
            Some(Piece::Row(row)) => lot.push(row),
            None => break,
        }
    }
    Ok(restoring.finish().await?)
}

fn say_checked(
    place: &Place,
    arguments: &RestoreArguments,
    checked: &Checked,
    needs_key: bool,
) -> Result<Outcome> {
    let Checked { front, counts, .. } = checked;
    if arguments.json {
        output::json(&json!({
            "file": arguments.file, "made_at": front.made_at, "program": front.program, "schema": front.schema,
            "position": front.position, "head": front.head, "rows": counts, "needs_master_key": needs_key,
        }))?;
        return Ok(Outcome::Done);
    }
    let say = |words: Words| output::say(words.get(arguments.lang.into()));
    say(words!(
        "bản sao lưu còn nguyên: {filings} hồ sơ, mã băm cuối {head}, lập lúc {at} bằng hoptac {program}",
        "the backup is whole: {filings} filings, head {head}, made at {at} by hoptac {program}",
        filings = front.position,
        head = &front.head,
        at = front.made_at.to_string(),
        program = &front.program
    ))?;
    if needs_key {
        say(missing_key(place))?;
    }
    Ok(Outcome::Done)
}

fn missing_key(place: &Place) -> Words {
    words!(
        "chưa có khóa chính ở `{file}`; hãy mang khóa của hệ thống đến trước khi phục vụ, nếu không dữ liệu cá nhân vẫn đóng và xác thực hai lớp bị từ chối",
        "the master key is not at `{file}`; bring the instance's own before serving, or what is personal stays closed and second factors are refused",
        file = shown(&place.key_file())
    )
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The file that is written: in a folder, one named by time and position.
fn named(out: &Path, front: &Front, lock: &Lock) -> PathBuf {
    if !out.is_dir() {
        return out.to_owned();
    }
    let time = front.made_at.strftime("%Y%m%dT%H%M%SZ");
    let ending = if matches!(lock, Lock::None) { "zst" } else { "zst.age" };
    out.join(format!("hoptac-{time}-{}.{ending}", front.position))
}

fn part_of(out: &Path) -> Result<PathBuf> {
    let Some(name) = out.file_name() else {
        refuse!("`{path}` không phải tên tệp", "`{path}` names no file", path = shown(out));
    };
    Ok(out.with_file_name(format!(".{}.part", name.to_string_lossy())))
}

/// A file that only its owner may read.
fn private(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    Ok(options.open(path)?)
}

/// Gives a whole file its name, and has the disk confirm the name too.
fn keep(part: &Path, out: &Path) -> Result<()> {
    fs::rename(part, out)?;
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
        // Some file systems have nothing to confirm.
        let _ = folder.sync_all();
    }
    Ok(())
}

/// A disk that is full, in words.
fn plainly(error: anyhow::Error) -> anyhow::Error {
    let is_full = error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|cause| {
            matches!(
                cause.kind(),
                ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
            )
        })
    });
    if is_full {
        anyhow!(said!(
            "đĩa hết chỗ; hãy dọn chỗ, hoặc nêu nơi ghi trên đĩa khác",
            "there is no room left; make room, or name a place on another disk"
        ))
    } else {
        error
    }
}

/// Leaves word of the backup in the data folder, for `hoptac doctor` and the metrics. Where that cannot be, nothing is lost.
fn note(place: &Place, front: &Front, out: &Path, lock: &Lock) {
    let note = json!({
        "made_at": front.made_at, "position": front.position, "file": out,
        "encrypted": !matches!(lock, Lock::None),
    });
    if place.dir.is_dir() {
        let _ = fs::write(place.dir.join(NOTE), format!("{note}\n"));
    }
}

fn lock(arguments: &BackupArguments) -> Result<Lock> {
    if let Some(path) = &arguments.passphrase_file {
        return Ok(Lock::Passphrase(passphrase(path)?));
    }
    if arguments.encrypt_to.is_empty() {
        return Ok(Lock::None);
    }
    let recipients = arguments.encrypt_to.iter().map(|text| {
        text.parse::<age::x25519::Recipient>().map_err(|_| {
            anyhow!(said!(
                "`{text}` không phải nửa công khai của khóa; nửa này bắt đầu bằng `age1` và do `hoptac backup --make-identity FILE` in ra",
                "`{text}` is no public half of an identity; it begins with `age1` and is printed by `hoptac backup --make-identity FILE`",
                text = text
            ))
        })
    });
    Ok(Lock::Recipients(recipients.collect::<Result<_>>()?))
}

fn opener(arguments: &RestoreArguments) -> Result<Opener> {
    if let Some(path) = &arguments.passphrase_file {
        return Ok(Opener::Passphrase(passphrase(path)?));
    }
    let Some(path) = &arguments.identity else { return Ok(Opener::None) };
    let doing = || {
        said!("đọc khóa riêng ở `{file}`", "reading the identity in `{file}`", file = shown(path))
    };
    let file = keys::private_file(path).with_context(doing)?;
    let identities = age::IdentityFile::from_buffer(BufReader::new(file))
        .map_err(anyhow::Error::from)
        .and_then(|file| file.into_identities().map_err(|error| anyhow!("{error}")))
        .with_context(doing)?;
    Ok(Opener::Identities(identities))
}

/// The passphrase is the first line of the file.
fn passphrase(path: &Path) -> Result<SecretString> {
    let doing = || {
        said!("đọc mật khẩu ở `{file}`", "reading the passphrase in `{file}`", file = shown(path))
    };
    let text = std::io::read_to_string(keys::private_file(path).with_context(doing)?)
        .with_context(doing)?;
    let line = text.lines().next().unwrap_or("").trim();
    if line.chars().count() < PASSPHRASE_MIN {
        refuse!(
            "mật khẩu ở `{file}` có ít hơn {least} ký tự; hãy chọn mật khẩu dài hơn",
            "the passphrase in `{file}` has fewer than {least} characters; choose a longer one",
            file = shown(path),
            least = PASSPHRASE_MIN
        );
    }
    Ok(SecretString::from(line.to_owned()))
}

/// A key pair: one half in a file that only its owner may read, the other on the screen.
fn make_identity(path: &Path, language: Language) -> Result<Outcome> {
    if path.exists() {
        refuse!(
            "đã có {file}; khóa riêng không bao giờ bị ghi đè",
            "{file} is there already; an identity is never replaced",
            file = shown(path)
        );
    }
    let identity = age::x25519::Identity::generate();
    let public = identity.to_public();
    let doing =
        || said!("ghi khóa riêng {file}", "writing the identity {file}", file = shown(path));
    let mut file = private(path).with_context(doing)?;
    writeln!(file, "# public half: {public}").with_context(doing)?;
    writeln!(file, "{}", identity.to_string().expose_secret()).with_context(doing)?;
    file.sync_all().with_context(doing)?;
    output::say(&public.to_string())?;
    let words = words!(
        "hãy mang `{file}` đến nơi tách khỏi máy này và khỏi các bản sao lưu; thiếu nó không mở được bản sao lưu nào làm với --encrypt-to {public}",
        "take `{file}` to a place apart from this machine and from the backups; without it no backup made with --encrypt-to {public} can be opened",
        file = shown(path),
        public = public.to_string()
    );
    output::complain(words.get(language));
    Ok(Outcome::Done)
}
