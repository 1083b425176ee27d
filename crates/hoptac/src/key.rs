//! The instance's key: a file in the data folder, made at the first start, readable by its owner only. It is not in the
//! database, so that a copy of the database alone opens no second factor.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use hoptac_model::filing::Hash;
use hoptac_office::key::Key;

use crate::clock;

/// The name of the key's file in the data folder.
const FILE: &str = "hoptac.key";

/// Reads the key of a data folder, or makes one.
pub(crate) fn read_or_make(dir: &Path) -> Result<Key> {
    let path = dir.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => match Hash::parse(text.trim()) {
            Some(Hash(bytes)) => Ok(Key::new(bytes)),
            None => bail!(
                "`{}` holds no key; put the instance's own key file back, since second factors open with no other",
                path.display()
            ),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(dir, &path),
        Err(error) => Err(error).with_context(|| format!("reading the key `{}`", path.display())),
    }
}

fn make(dir: &Path, path: &Path) -> Result<Key> {
    use std::io::Write as _;
    std::fs::create_dir_all(dir)
        .with_context(|| format!("making the data folder `{}` for the key", dir.display()))?;
    let bytes = clock::bytes::<32>();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).with_context(|| {
        format!("the key `{}` cannot be made; the folder must be writable", path.display())
    })?;
    writeln!(file, "{}", Hash(bytes)).with_context(|| format!("writing `{}`", path.display()))?;
    Ok(Key::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("du-lieu");
        let made = read_or_make(&dir).unwrap();
        let read = read_or_make(&dir).unwrap();
        assert_eq!(made.code("a", "b"), read.code("a", "b"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(dir.join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(dir.join(FILE), "hỏng").unwrap();
        assert!(read_or_make(&dir).unwrap_err().to_string().contains("holds no key"));
    }
}
