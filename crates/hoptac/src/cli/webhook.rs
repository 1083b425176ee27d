//! The words for webhooks.

use clap::{Args, Subcommand};

use super::Lang;

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Tell an address of what is filed, and print the secret that signs; it is never shown again
    Add(AddArguments),
    /// List webhooks: whose, where, of which kinds, how far they have come
    List(ListArguments),
    /// Tell an address no longer, and forget its deliveries
    Remove(NameArguments),
    /// Send a message that only tries the way, now
    Test(TestArguments),
    /// List deliveries with what became of them
    Deliveries(DeliveriesArguments),
    /// Try a delivery again that was given up or done
    Redeliver(NameArguments),
}

#[derive(Debug, Args)]
pub(crate) struct AddArguments {
    /// Where it is sent: an address that begins with https:// or http://
    pub(crate) url: String,
    /// The account whose authority says what may be told
    #[arg(long, value_name = "NAME")]
    pub(crate) account: String,
    /// Only of this kind of filing; several times for several kinds
    #[arg(long = "kind", value_name = "KIND")]
    pub(crate) kinds: Vec<String>,
    /// From behind this ledger position on; what is filed from now on unless given, everything with 0
    #[arg(long, value_name = "POSITION")]
    pub(crate) after: Option<u64>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
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
pub(crate) struct NameArguments {
    /// What the list calls it by
    pub(crate) id: String,
}

#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// What the list calls it by
    pub(crate) id: String,
    /// Send to this machine and private networks too
    #[arg(long, env = "HOPTAC_PRIVATE_WEBHOOKS")]
    pub(crate) private_webhooks: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DeliveriesArguments {
    /// Only those of this webhook
    #[arg(long, value_name = "ID")]
    pub(crate) webhook: Option<String>,
    /// Only those that were given up
    #[arg(long)]
    pub(crate) dead: bool,
    /// How many
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: u32,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// The language of the output
    #[arg(long, value_enum, default_value_t)]
    pub(crate) lang: Lang,
}
