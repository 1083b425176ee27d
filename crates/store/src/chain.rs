//! The chain of the ledger: whether each filing fits behind those before it.

use std::collections::HashMap;

use hoptac_model::filing::{Filing, Hash};

/// How far a chain was followed.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    /// The position of the last filing that fits.
    pub(crate) position: u64,
    /// Its hash.
    pub(crate) head: Hash,
    /// How many filings there are about each subject so far.
    versions: HashMap<String, u32>,
}

impl Default for Chain {
    fn default() -> Self {
        Self { position: 0, head: Hash::ZERO, versions: HashMap::new() }
    }
}

impl Chain {
    /// Goes on to a filing; why it does not fit, where it does not.
    pub(crate) fn follow(&mut self, filing: &Filing) -> Result<(), String> {
        let expected = self.position + 1;
        if filing.position != expected {
            return Err(format!(
                "filing {expected} is missing: filing {} follows filing {}",
                filing.position, self.position
            ));
        }
        if filing.previous != self.head {
            return Err("it does not name the hash of the filing before it".to_owned());
        }
        if filing.compute_hash() != filing.hash {
            return Err("its contents do not give its hash: it was changed afterwards".to_owned());
        }
        let version = self.versions.entry(filing.subject.0.clone()).or_default();
        *version += 1;
        if filing.subject_version != *version {
            return Err(format!(
                "it is filing {version} about {} but says it is {}",
                filing.subject.0, filing.subject_version
            ));
        }
        self.position = filing.position;
        self.head = filing.hash;
        Ok(())
    }

    /// Whether anything was filed about a subject.
    pub(crate) fn knows(&self, subject: &str) -> bool {
        self.versions.contains_key(subject)
    }
}
