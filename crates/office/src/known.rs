//! What the store knows that bears on one filing. Rules get it as a value and decide without asking anybody.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hoptac_model::account::Account;
use hoptac_model::check::Checks;
use hoptac_model::filing::Filing;
use hoptac_model::filing::bundle::BundleAccept;
use hoptac_model::ids::{MemberId, OrganisationId, UnitId};
use hoptac_model::law::Law;
use hoptac_model::pack::Pack;
use hoptac_model::search::Alike;
use hoptac_model::support::Programme;
use hoptac_model::task::Task;
use hoptac_model::unit::{Places, Unit};
use hoptac_store::{
    AcceptedReturn, ApplicationOnFile, CertificateOnFile, ImportOnFile, LinkOnFile, Loading,
    OrganisationCard, Paper, RollOnFile, SheetOnFile, Waiver,
};
use jiff::civil::Date;

impl Known {
    /// What the law asks, by the plan in force; without one, what the program carries.
    pub fn law(&self) -> &Law {
        self.plan.as_ref().map_or_else(|| Law::shipped(), |pack| &pack.law)
    }
}

/// What the store knows that bears on one filing; what a kind of filing does not ask for stays empty.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The organisation that the filing is about.
    pub organisation: Option<OrganisationCard>,
    /// Who has the registration code that the filing gives.
    pub code_owner: Option<OrganisationId>,
    /// The units that the filing names.
    pub units: BTreeMap<UnitId, Unit>,
    /// The terms of the contract that the filing names, oldest first.
    pub link: Vec<LinkOnFile>,
    /// The organisation of the register that is the partner which the filing names.
    pub partner: Option<OrganisationCard>,
    /// The certificate that the filing names.
    pub certificate: Option<CertificateOnFile>,
    /// The certificate that the filing's one follows.
    pub renewed: Option<CertificateOnFile>,
    /// The items of the check-list that were confirmed, each with its span.
    pub confirmed: Vec<(String, Date, Option<Date>)>,
    /// The support programmes that were opened by filings.
    pub programmes: Vec<Programme>,
    /// The tasks as everything that was filed has them.
    pub tasks: BTreeMap<String, Task>,
    /// The applications of the organisation, and those in the programme.
    pub applications: Vec<ApplicationOnFile>,
    /// The union that the filing names.
    pub union: Option<OrganisationCard>,
    /// Since when the organisation is a member of that union.
    pub member_since: Option<Date>,
    /// When the organisation was suspended: the first day, and the day on which that ended.
    pub stops: Vec<(Date, Option<Date>)>,
    /// Its sheets of scores of the year, one for each stage.
    pub sheets: Vec<SheetOnFile>,
    /// Its accepted return of the year.
    pub returned: Option<AcceptedReturn>,
    /// Its accepted return of the year before.
    pub returned_before: Option<AcceptedReturn>,
    /// What happened last to its return of the year on its way.
    pub paper: Option<Paper>,
    /// Checks that are waived for its return of the year.
    pub waivers: Vec<Waiver>,
    /// The checks of the yearly return's form, read once for many returns; none where they are to be read from the plan.
    pub checks: Option<Arc<Checks>>,
    /// The other organisations that the filing names.
    pub others: BTreeMap<OrganisationId, OrganisationCard>,
    /// The earlier filing that the filing speaks of.
    pub earlier: Option<Filing>,
    /// What the last correction of that filing says, and from which day; none where it was never corrected.
    pub corrected: Option<(String, Date)>,
    /// The import that the filing speaks of.
    pub import: Option<ImportOnFile>,
    /// Filings about the same subject that rest on the one that is to be struck, and so stand in the way.
    pub resting: Vec<Filing>,
    /// How many of the filings right before this one belong to its import.
    pub of_import: u64,
    /// Organisations that may be the one that is founded.
    pub alike: Vec<(OrganisationCard, Alike)>,
    /// All places, for filings that change them.
    pub places: Option<Arc<Places>>,
    /// How many organisations have their seat in units that end without a certain successor.
    pub seated: u64,
    /// The units in which the organisation ever had its seat.
    pub seats: Vec<UnitId>,
    /// The roll of its members.
    pub roll: RollOnFile,
    /// Its members whose keys are kept.
    pub keyed: BTreeSet<MemberId>,
    /// Which filing issued the edition that the filing names.
    pub issued: Option<u64>,
    /// The position of the last filing, for editions and tasks.
    pub position: u64,
    /// The last bundle that was received from the sender of the one that is to be received.
    pub received: Option<BundleAccept>,
    /// The loadings of outlines that hold, the last one last.
    pub loadings: Vec<Loading>,
    /// The hashes of the files of the edition, bundle or outlines that are kept.
    pub kept: BTreeSet<String>,
    /// All accounts, for filings about one.
    pub accounts: Vec<Account>,
    /// The plan in force.
    pub plan: Option<Arc<Pack>>,
}
