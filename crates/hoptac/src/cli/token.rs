//! The words for tokens of programs.

use clap::{Args, Subcommand};

use super::Lang;

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token and print it; it is never shown again
    Create(CreateArguments),
    /// List tokens: whose, what for, which permissions, last used
    List(ListArguments),
    /// Take a token back, with everything that a client was given for it
    Revoke(RevokeArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CreateArguments {
    /// The account whose authority it carries
    #[arg(long, value_name = "NAME")]
    pub(crate) account: String,
    /// What it is for, as "bảng tổng hợp của phòng"
    #[arg(long)]
    pub(crate) label: String,
    /// What it may do, as `read.*` or `return.submit`; give it several times, or words between blanks
    #[arg(long = "permission", value_name = "WORD", default_value = "read.*")]
    pub(crate) permissions: Vec<String>,
    /// For how many days it works, 366 at most
    #[arg(long, default_value_t = hoptac_office::token::DAYS_USUAL)]
    pub(crate) days: u16,
    /// Make a client for OAuth 2.0, which exchanges its secret for tokens of an hour
    #[arg(long)]
    pub(crate) client: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Only those of this account
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
pub(crate) struct RevokeArguments {
    /// What the list calls it by, as pat-0123456789ab
    pub(crate) id: String,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
