//! The words for accounts.

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{Lang, day};

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Invite an account and print the one-time link with which its owner sets a password
    Invite(InviteArguments),
    /// List all accounts
    List(ListArguments),
    /// Show one account: roles, delegations, state, what was filed about it
    Show(ShowArguments),
    /// Give an account a role within a scope
    Grant(GrantArguments),
    /// Take a role from an account
    Revoke(GrantArguments),
    /// Let an account sign for another, for a period
    Delegate(DelegateArguments),
    /// End a delegation before its time
    EndDelegation(EndDelegationArguments),
    /// Lock an account and end its sessions
    Lock(ActArguments),
    /// Open a locked account again
    Unlock(ActArguments),
    /// Close an account for good
    Close(ActArguments),
    /// Print a fresh one-time link, for whoever lost the first one or the password
    Link(LinkArguments),
}

/// A role with its scope.
#[derive(Clone, Debug, Args)]
pub(crate) struct GrantWords {
    /// The role: `operator`, `plan_owner`, `department_officer`, `registrar`, `cooperative`, `leader`, `auditor`
    #[arg(long)]
    pub(crate) role: String,
    /// A unit with everything below it, by code or identity; a registrar needs one
    #[arg(long, value_name = "CODE")]
    pub(crate) territory: Option<String>,
    /// A sector: `agricultural`, `non_agricultural`
    #[arg(long)]
    pub(crate) sector: Option<String>,
    /// An agency, as the plan names it; a department officer needs one
    #[arg(long)]
    pub(crate) agency: Option<String>,
    /// An organisation, by identity or registration code; a cooperative needs one
    #[arg(long)]
    pub(crate) organisation: Option<String>,
}

/// Where the application is reached, for the link that is printed.
#[derive(Clone, Debug, Args)]
pub(crate) struct At {
    /// Where people reach the application
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8115")]
    pub(crate) origin: String,

    /// The language of what is said about the link
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct InviteArguments {
    /// The account's name: an office or post, in small letters and digits, as so-nnmt.01
    pub(crate) name: String,
    /// What is shown for it, as "Phòng Kinh tế xã Tân Văn"
    #[arg(long)]
    pub(crate) title: String,
    #[command(flatten)]
    pub(crate) grant: GrantWords,
    #[command(flatten)]
    pub(crate) at: At,
    #[command(flatten)]
    pub(crate) who: By,
}

#[derive(Debug, Args)]
pub(crate) struct GrantArguments {
    /// The account
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) grant: GrantWords,
    #[command(flatten)]
    pub(crate) who: By,
}

#[derive(Debug, Args)]
pub(crate) struct DelegateArguments {
    /// The account that will sign
    pub(crate) name: String,
    /// The account that is signed for
    #[arg(long, value_name = "NAME")]
    pub(crate) of: String,
    /// How: `tm` (thay mặt), `kt` (ký thay), `tl` (thừa lệnh), `tuq` (thừa ủy quyền)
    #[arg(long)]
    pub(crate) form: String,
    /// The first day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Date,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Date,
    /// The number of the deciding document
    #[arg(long)]
    pub(crate) document: String,
    /// The day of the document
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) document_date: Date,
    /// Who issued it
    #[arg(long)]
    pub(crate) issuer: String,
    #[command(flatten)]
    pub(crate) who: By,
}

#[derive(Debug, Args)]
pub(crate) struct EndDelegationArguments {
    /// The account that signs
    pub(crate) name: String,
    /// The account that is signed for
    #[arg(long, value_name = "NAME")]
    pub(crate) of: String,
    #[command(flatten)]
    pub(crate) who: By,
}

#[derive(Debug, Args)]
pub(crate) struct ActArguments {
    /// The account
    pub(crate) name: String,
    /// Why, in a few words
    #[arg(long, default_value = "")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) who: By,
}

#[derive(Debug, Args)]
pub(crate) struct LinkArguments {
    /// The account
    pub(crate) name: String,
    /// Take the second factor away, for whoever lost it together with the recovery codes
    #[arg(long)]
    pub(crate) drop_second_factor: bool,
    #[command(flatten)]
    pub(crate) at: At,
    #[command(flatten)]
    pub(crate) who: By,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// The account
    pub(crate) name: String,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

/// Who files from the command line: whoever runs the machine.
#[derive(Debug, Args)]
pub(crate) struct By {
    /// The account or office that files, never a person's name
    #[arg(long, default_value = "operator")]
    pub(crate) actor: String,
}
