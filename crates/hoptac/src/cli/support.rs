//! The words for products, practices, support and unions.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::day;
use super::filed::{Days, Filed};

#[derive(Debug, Subcommand)]
pub(crate) enum ProductCommand {
    /// List the certificates that hold on a day
    List(ProductList),
    /// Everything certified of an organisation, with what ended and what was withdrawn
    Show(OfOrganisation),
    /// Certificates that end soon
    Expiring(Expiring),
    /// File a certificate
    Certify(Certify),
    /// File the withdrawal of a certificate
    Withdraw(WithdrawProduct),
}

#[derive(Debug, Args)]
pub(crate) struct ProductList {
    /// Only this kind: ocop, vietgap, …
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Only seats in this unit, by code
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct OfOrganisation {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct Expiring {
    /// That end within so many months
    #[arg(long, value_name = "MONTHS", default_value_t = 6, value_parser = clap::value_parser!(u8).range(1..=60))]
    pub(crate) within: u8,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct Certify {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The certificate's number or name, unique for the organisation
    pub(crate) certificate: String,
    /// The product
    #[arg(long)]
    pub(crate) product: String,
    /// The kind: ocop, vietgap, …
    #[arg(long)]
    pub(crate) kind: String,
    /// Stars, for OCOP
    #[arg(long)]
    pub(crate) stars: Option<u8>,
    /// Points in tenths, for OCOP; the stars follow
    #[arg(long, value_name = "TENTHS")]
    pub(crate) score_tenths: Option<i32>,
    /// The last day; that of OCOP follows
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Option<Date>,
    /// The deciding document or body
    #[arg(long, value_name = "TEXT")]
    pub(crate) decision: Option<String>,
    /// The certificate that it follows
    #[arg(long, value_name = "CERTIFICATE")]
    pub(crate) renews: Option<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct WithdrawProduct {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The certificate
    pub(crate) certificate: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The deciding document
    #[arg(long, value_name = "TEXT")]
    pub(crate) decision: Option<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PracticeCommand {
    /// Who counts by the plan's check-lists on a day
    List(PracticeList),
    /// The check-lists of an organisation, item by item: by whom, until when, whether it counts
    Show(OfOrganisation),
    /// File that items of a check-list were seen
    Confirm(Confirm),
    /// File that they are withdrawn
    Withdraw(WithdrawPractice),
}

#[derive(Debug, Args)]
pub(crate) struct PracticeList {
    /// Only this one: `high_technology`, digital, `direct_export`
    #[arg(long)]
    pub(crate) practice: Option<String>,
    /// Only seats in this unit, by code
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct Confirm {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// What is confirmed: `high_technology`, digital, `direct_export`
    pub(crate) practice: String,
    /// The items that were seen
    #[arg(long, value_name = "ITEMS", value_delimiter = ',')]
    pub(crate) items: Vec<String>,
    /// The agency that confirms
    #[arg(long, value_name = "AGENCY")]
    pub(crate) by: String,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Option<Date>,
    /// What was looked at
    #[arg(long, value_name = "TEXT")]
    pub(crate) evidence: Option<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct WithdrawPractice {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// What was confirmed: `high_technology`, digital, `direct_export`
    pub(crate) practice: String,
    /// Only these items (default: all)
    #[arg(long, value_name = "ITEMS", value_delimiter = ',')]
    pub(crate) items: Vec<String>,
    /// The agency that withdraws
    #[arg(long, value_name = "AGENCY")]
    pub(crate) by: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SupportCommand {
    /// The programmes, with what is granted and paid
    Programmes(Programmes),
    /// Who may get support, each condition with its reason
    Eligible(Eligible),
    /// Who may get support, in the order of the law as far as it is on record
    Rank(Eligible),
    /// Applications
    List(SupportList),
    /// The applications of an organisation with decisions and payments
    Show(OfOrganisation),
    /// How those that were paid stood before and stand after
    Outcome(Eligible),
    /// Open a programme, from a JSON file with its fields
    Open(Open),
    /// File an application
    Apply(Apply),
    /// File a decision
    Decide(Decide),
    /// File a payment
    Pay(Pay),
    /// File a repayment
    Repay(Pay),
    /// File that an application is cancelled
    Cancel(Cancel),
}

#[derive(Debug, Args)]
pub(crate) struct Programmes {
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct Eligible {
    /// The programme
    pub(crate) programme: String,
    /// Only this organisation, by identity or registration code
    #[arg(long, value_name = "ORG")]
    pub(crate) org: Option<String>,
    /// Only seats in this unit, by code
    #[arg(long, value_name = "CODE")]
    pub(crate) unit: Option<String>,
    /// At most this many
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct SupportList {
    /// Only this programme
    #[arg(long)]
    pub(crate) programme: Option<String>,
    #[command(flatten)]
    pub(crate) days: Days,
}

#[derive(Debug, Args)]
pub(crate) struct Open {
    /// The programme as a JSON file
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The programme
    pub(crate) programme: String,
    /// The application's number or name, unique for the organisation
    pub(crate) application: String,
    /// How much is asked for, đồng
    #[arg(long, value_name = "ĐỒNG", allow_negative_numbers = true)]
    pub(crate) amount: i64,
    /// What for
    #[arg(long, value_name = "TEXT")]
    pub(crate) purpose: String,
    /// The applicant declares not to be serving a penalty
    #[arg(long)]
    pub(crate) no_penalty: bool,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct Decide {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The application
    pub(crate) application: String,
    /// How much is granted, đồng; without it the application is refused
    #[arg(long, value_name = "ĐỒNG", allow_negative_numbers = true)]
    pub(crate) grant: Option<i64>,
    /// The number of the document
    #[arg(long, value_name = "TEXT")]
    pub(crate) number: String,
    /// The day of the document
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) date: Date,
    /// Who issued it
    #[arg(long, value_name = "TEXT")]
    pub(crate) issuer: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct Pay {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The application
    pub(crate) application: String,
    /// How much, đồng
    #[arg(long, value_name = "ĐỒNG", allow_negative_numbers = true)]
    pub(crate) amount: i64,
    /// The document
    #[arg(long, value_name = "TEXT")]
    pub(crate) document: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Args)]
pub(crate) struct Cancel {
    /// The organisation, by identity or registration code
    pub(crate) organisation: String,
    /// The application
    pub(crate) application: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) filed: Filed,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UnionCommand {
    /// The unions of a day with how many cooperatives they have and need
    List(Programmes),
    /// The member cooperatives of a union through time
    Show(OfOrganisation),
}
