//! Rolls of members for a ledger: every membership an entry, sealed under its own key as the office seals it, by the office's own
//! means. The keys are drawn anew from the seed whenever they are asked for, as eight million of them are not to lie in memory.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Result, anyhow};
use hoptac_model::filing::member::{MemberLeave, MemberRoll, Membership};
use hoptac_model::filing::{Body, Hash};
use hoptac_model::ids::{MemberId, OrganisationId};
use hoptac_model::member::{
    Entry, HeldKey, Identity, KeyHolder, LeaveCause, Marks, MemberClass, MemberKind, Sealing,
    Tally, pseudonym,
};
use hoptac_model::organisation::Kind;
use hoptac_model::personal_number::Sex;
use hoptac_model::roll::RollSpan;
use hoptac_model::seal::{Key, Nonce};
use hoptac_store::Store;
use jiff::civil::Date;
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use crate::SEED;
use crate::nation::Nation;

/// The identity of the first member of the first organisation.
const FIRST_ID: u128 = 0x0189_0000_0000_7000_9000_0000_0000_0000;
/// Of so many of an organisation who have left the first leaves by a filing of its own. The others stand on the roll still, as they
/// did when it was taken over: to file them all would take hours.
const LEAVES: usize = 400;
/// How many keys are kept at once.
const LOT: usize = 100_000;

/// What rolls are sealed with.
pub(crate) struct Rolls<'n> {
    nation: &'n Nation,
    master: Key,
    pseudonyms: Key,
}

/// A member that an organisation has, with its key.
struct Member {
    id: MemberId,
    key: Key,
    span: RollSpan,
    marks: Marks,
}

impl<'n> Rolls<'n> {
    /// With the master key that a folder has, or one that is put there.
    pub(crate) fn new(nation: &'n Nation, folder: &Path) -> Result<Self> {
        let path = folder.join("master.key");
        let master = if path.exists() {
            let hash = Hash::parse(fs::read_to_string(&path)?.trim());
            Key::new(hash.ok_or_else(|| anyhow!("{} is no key", path.display()))?.0)
        } else {
            let bytes: [u8; 32] = rand::rng().random();
            let mut file =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            writeln!(file, "{}", Hash(bytes))?;
            Key::new(bytes)
        };
        let pseudonyms = key(&mut ChaCha8Rng::seed_from_u64(SEED));
        Ok(Self { nation, master, pseudonyms })
    }

    /// Keeps the keys of everybody.
    pub(crate) async fn keep_keys(&self, store: &Store) -> Result<()> {
        let mut nonces = ChaCha8Rng::from_rng(&mut rand::rng());
        let (master, holder) = (&self.master, KeyHolder::Pseudonyms);
        let mut held = vec![HeldKey::new(holder, &self.pseudonyms, master, nonce(&mut nonces))];
        for (index, organisation) in (0..).zip(&self.nation.register.organisations) {
            let (own, members) = self.members(index);
            let id = organisation.id;
            if !members.is_empty() {
                let holder = KeyHolder::Organisation(id);
                held.push(HeldKey::new(holder, &own, master, nonce(&mut nonces)));
            }
            held.extend(members.iter().map(|member| {
                let holder = KeyHolder::Member(id, member.id);
                HeldKey::new(holder, &member.key, &own, nonce(&mut nonces))
            }));
            if held.len() >= LOT {
                store.keep_keys(&held).await?;
                held.clear();
            }
        }
        Ok(store.keep_keys(&held).await?)
    }

    /// What is filed about the roll of an organisation: all of it as it stood when the organisation was founded, and some who leave.
    pub(crate) fn filings(&self, index: u32, id: OrganisationId, kind: Kind) -> Vec<(Date, Body)> {
        let (_, members) = self.members(index);
        let Some(organisation) = self.nation.register.organisation(index) else {
            return Vec::new();
        };
        if members.is_empty() {
            return Vec::new();
        }
        let kind = match kind {
            Kind::Group | Kind::Cooperative => MemberKind::Person,
            Kind::Union => MemberKind::Organisation,
        };
        let (mut tally, mut nonces) = (Tally::default(), rng(index, 1));
        let entries = members.iter().map(|member| {
            let number = format!("{:012}", 990_000_000_000 + u64::from(member.span.person));
            tally += &Tally::of(&member.marks);
            let sealing = Sealing { organisation: id, member: member.id, key: &member.key };
            let identity = Identity {
                name: format!("Thành viên mô phỏng {}", member.span.person),
                number: Some(number.clone()),
                ..Identity::default()
            };
            Entry {
                member: member.id,
                kind,
                class: MemberClass::Official,
                capital: member.span.capital,
                joined: None,
                foreign: None,
                pseudonym: pseudonym(&self.pseudonyms, kind, Some(&number)),
                identity: sealing.identity(&identity, nonce(&mut nonces)),
                marks: Some(sealing.marks(&member.marks, nonce(&mut nonces))),
            }
        });
        let entries = entries.collect();
        let roll = Membership::Roll(MemberRoll { members: entries, tally });
        let mut filings = vec![(organisation.founded_on, Body::Membership(roll))];
        let left = members.iter().filter_map(|member| Some((member, member.span.until?)));
        filings.extend(left.step_by(LEAVES).map(|(member, on)| {
            let (cause, tally) = (LeaveCause::Resigned, Tally::of(&member.marks).negated());
            let leave = MemberLeave { member: member.id, cause, tally };
            (on, Body::Membership(Membership::Leave(leave)))
        }));
        filings
    }

    /// An organisation's own key, and everybody who was ever on its roll, once.
    fn members(&self, index: u32) -> (Key, Vec<Member>) {
        let mut keys = rng(index, 0);
        let own = key(&mut keys);
        let mut spans: Vec<RollSpan> = self.nation.register.roll_spans.of(index).iter().collect();
        spans.sort_by_key(|span| span.person);
        spans.dedup_by_key(|span| span.person);
        let first = FIRST_ID + (u128::from(index) << 20);
        let members = (first..).zip(spans).map(|(id, span)| {
            let (id, key) = (MemberId(Uuid::from_u128(id)), key(&mut keys));
            let sex = if keys.random_bool(0.42) { Sex::Female } else { Sex::Male };
            Member { id, key, span, marks: Marks { sex: Some(sex), ..Marks::default() } }
        });
        let members = members.collect();
        (own, members)
    }
}

/// Chance for one purpose of an organisation, the same each time.
fn rng(index: u32, purpose: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED ^ (u64::from(index) << 8));
    rng.set_stream(1 + purpose);
    rng
}

fn key(rng: &mut ChaCha8Rng) -> Key {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    Key::new(bytes)
}

fn nonce(rng: &mut ChaCha8Rng) -> Nonce {
    let mut nonce = [0; 24];
    rng.fill_bytes(&mut nonce);
    nonce
}
